/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The offending line with a caret, from the position that a message starts with. The line may hold secrets
 * that no table knows of yet (a key with a typo), so what follows an offending key is left out and what looks
 * like a secret is masked.
 */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "config/config.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { LINE_SHOWN = 200, LONG_WORD = 24 };

/* "FILE:LINE:COLUMN: …": the first two numbers between colons end the file's name. */
static bool position_of(const char *message, char *ret_file, size_t size, unsigned *ret_line,
                        unsigned *ret_column)
{
    for (const char *colon = strchr(message, ':'); colon != NULL; colon = strchr(colon + 1, ':')) {
        int used = 0;
        if (!isdigit((unsigned char)colon[1]) ||
            sscanf(colon, ":%9u:%9u:%n", ret_line, ret_column, &used) != 2 || used == 0)
            continue;
        size_t n = (size_t)(colon - message);
        if (n == 0 || n >= size)
            return false;
        memcpy(ret_file, message, n);
        ret_file[n] = '\0';
        return true;
    }
    return false;
}

static bool line_read(const char *file, unsigned number, struct buffer *line)
{
    _cleanup_fclose_ FILE *stream = fopen(file, "re");
    if (stream == NULL)
        return false;
    unsigned at = 1;
    uint64_t total = 0;
    int c = getc(stream);
    for (; c != EOF && total++ < CONFIG_FILE_LIMIT && at <= number; c = getc(stream)) {
        if (c == '\n')
            at++;
        else if (at == number && c != '\r')
            buffer_byte(line, (char)(c >= ' ' || c == '\t' ? c : '?')); /* nothing a terminal would obey */
    }
    return at >= number && !line->failed;
}

/* Words in the name of a key whose value is not shown. */
static bool word_is_telling(const char *word, size_t n)
{
    static const char *const telling[] = {"secr", "pass", "pwd", "token", "cred", "key",
                                          "auth", "dsn",  "jwt", "priv",  "salt", "sig"};
    for (size_t i = 0; i < ELEMENTS(telling); i++)
        for (size_t j = 0; j + strlen(telling[i]) <= n; j++)
            if (strncasecmp(word + j, telling[i], strlen(telling[i])) == 0)
                return true;
    return false;
}

static size_t word_length(const char *text)
{
    return strcspn(text, " \t,{}[]\"'");
}

/* Bytes from the start of the line up to the first secret-looking value; all when there is none. */
static size_t shown_length(const char *line)
{
    const char *at = line;
    while (*at != '\0') {
        size_t n = word_length(at);
        const char *colon = memchr(at, ':', n);
        const char *scheme = n < 3 ? NULL : memmem(at, n, "://", 3);
        if (scheme != NULL && memchr(scheme, '@', (size_t)(at + n - scheme)) != NULL)
            return (size_t)(scheme + 3 - line);
        if (colon != NULL && word_is_telling(at, (size_t)(colon - at)))
            return (size_t)(colon + 1 - line);
        if (n > LONG_WORD && strpbrk(at, "/:.") == NULL)
            return (size_t)(at - line);
        at += n == 0 ? 1 : n;
    }
    return (size_t)(at - line);
}

/* Byte offset of a column; the end of the line when it is shorter. */
static size_t offset_of(const char *line, unsigned column)
{
    size_t i = 0;
    for (unsigned at = 1; line[i] != '\0' && at < column; at++) {
        i++;
        while (((unsigned char)line[i] & 0xc0) == 0x80)
            i++;
    }
    return i;
}

/* Behind the colon when a key stands at the caret, else the whole line. */
static size_t key_end(const char *line, size_t offset)
{
    size_t i = offset;
    while (line[i] != '\0' && strchr(",{}[]", line[i]) == NULL) {
        if (line[i] == ':' && (line[i + 1] == ' ' || line[i + 1] == '\0' || line[i + 1] == '\t'))
            return i + 1;
        i++;
    }
    return strlen(line);
}

static void caret_put(struct buffer *text, const char *line, size_t offset)
{
    for (size_t i = 0; i < offset; i++)
        if (((unsigned char)line[i] & 0xc0) != 0x80)
            buffer_byte(text, line[i] == '\t' ? '\t' : ' ');
    buffer_text(text, "^\n");
}

bool config_error_context(const char *message, char *ret_text, size_t size)
{
    char file[ERROR_MESSAGE_SIZE];
    unsigned number, column;
    _cleanup_(buffer_free) struct buffer line = BUFFER_INIT(CONFIG_FILE_LIMIT * 2);
    _cleanup_(buffer_free) struct buffer text = BUFFER_INIT(4096);
    if (!position_of(message, file, sizeof file, &number, &column) || !line_read(file, number, &line))
        return false;
    buffer_byte(&line, '\0');
    if (line.failed)
        return false;
    size_t offset = offset_of(line.data, column);
    if (offset > LINE_SHOWN || utf8_valid_prefix(line.data, strlen(line.data)) != strlen(line.data))
        return false;
    size_t after_key = key_end(line.data, offset);
    size_t safe = shown_length(line.data);
    size_t shown = safe < after_key ? safe : after_key;
    bool masked = shown < strlen(line.data) && line.data[shown + strspn(line.data + shown, " ")] != '\0';
    shown = utf8_cut(line.data, shown < LINE_SHOWN ? shown : LINE_SHOWN);
    buffer_append(&text, line.data, shown);
    buffer_text(&text, masked ? " \xe2\x80\xa6\n" : "\n");
    caret_put(&text, line.data, offset < shown ? offset : shown);
    if (text.failed || text.size >= size)
        return false;
    memcpy(ret_text, text.data, text.size + 1);
    return true;
}
