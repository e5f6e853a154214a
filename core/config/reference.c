/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ${env:NAME}, ${env:NAME:-default} and ${file:PATH} inside the scalars of the file. What comes in is never
 * looked at again, so a value can bring neither keys nor further references.
 */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "config/node.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

struct replace {
    struct config *config;
    const char *const *environment;
    struct node *node;
    struct buffer text;
    struct sluice_error *err;
};

static enum sluice_status refuse(struct replace *replace, const char *reference, size_t n, const char *what)
{
    char excerpt[200], prefix[NODE_PREFIX_SIZE];
    const struct sluice_cell span = {.ptr = reference, .len = (uint32_t)(n < 160 ? n : 160)};
    text_excerpt(span, excerpt, sizeof excerpt);
    node_prefix(replace->config, replace->node, "", prefix);
    return error_set(replace->err, SLUICE_CONFIG, "%s%s: %s", prefix, excerpt, what);
}

const char *environment_find(const char *const *environment, const char *name, size_t length)
{
    if (environment == NULL)
        return NULL;
    for (; *environment != NULL; environment++)
        if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=')
            return *environment + length + 1;
    return NULL;
}

/* `body` is NAME or NAME:-default. */
static enum sluice_status put_environment(struct replace *replace, const char *body, size_t n)
{
    const char *separator = memmem(body, n, ":-", 2);
    size_t name_length = separator == NULL ? n : (size_t)(separator - body);
    if (name_length == 0)
        return refuse(replace, body, n, "names no variable; write ${env:NAME}");
    const char *value = environment_find(replace->environment, body, name_length);
    if (separator != NULL && (value == NULL || *value == '\0')) {
        buffer_append(&replace->text, separator + 2, n - name_length - 2);
        return SLUICE_OK;
    }
    if (value == NULL)
        return refuse(replace, body, n,
                      "this environment variable is not set; set it or write ${env:NAME:-default}");
    if (utf8_valid_prefix(value, strlen(value)) != strlen(value))
        return refuse(replace, body, n, "this environment variable holds something that is no UTF-8 text");
    buffer_text(&replace->text, value);
    return SLUICE_OK;
}

/* At most CONFIG_REFERENCE_LIMIT bytes; one more is a failure with EFBIG. */
static int file_append(int fd, struct buffer *text)
{
    char bytes[4096];
    size_t total = 0;
    for (;;) {
        ssize_t n = read(fd, bytes, sizeof bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? errno : 0;
        total += (size_t)n;
        if (total > CONFIG_REFERENCE_LIMIT)
            return EFBIG;
        buffer_append(text, bytes, (size_t)n);
    }
}

static enum sluice_status file_failed(struct replace *replace, const char *body, size_t n, int number)
{
    char reason[64], what[160];
    snprintf(what, sizeof what, "this file cannot be read (%s); check the path and its permissions",
             strerror_r(number, reason, sizeof reason));
    return refuse(replace, body, n, what);
}

static enum sluice_status put_file(struct replace *replace, const char *body, size_t n)
{
    if (n == 0)
        return refuse(replace, body, n, "names no file; write ${file:PATH}");
    const char *path = arena_printf(&replace->config->arena, "%s%.*s",
                                    *body == '/' ? "" : replace->config->folder, (int)n, body);
    if (path == NULL)
        return error_no_memory(replace->err);
    _cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0)
        return file_failed(replace, body, n, errno);
    if (!S_ISREG(status.st_mode))
        return refuse(replace, body, n, "this is no plain file");
    size_t before = replace->text.size;
    int failure = file_append(fd, &replace->text);
    if (failure != 0)
        return file_failed(replace, body, n, failure);
    size_t size = replace->text.size - before;
    const char *added = size == 0 ? "" : replace->text.data + before;
    if (memchr(added, '\0', size) != NULL || utf8_valid_prefix(added, size) != size)
        return refuse(replace, body, n, "this file holds something that is no UTF-8 text");
    if (size > 0 && added[size - 1] == '\n')
        replace->text.data[--replace->text.size] = '\0';
    if ((status.st_mode & 077) != 0) {
        replace->node->open_file = path;
        replace->node->open_mode = status.st_mode & 07777;
    }
    return SLUICE_OK;
}

/* `reference` stands at "${"; *ret_length is that of the whole. */
static enum sluice_status put_reference(struct replace *replace, const char *reference, size_t *ret_length)
{
    static const char env[] = "env:", file[] = "file:";
    const char *body = reference + 2;
    const char *end = strchr(body, '}');
    if (end == NULL)
        return refuse(replace, reference, strlen(reference),
                      "the closing } is missing; write $${ for a plain ${");
    *ret_length = (size_t)(end - reference) + 1;
    if (strncmp(body, env, strlen(env)) == 0)
        return put_environment(replace, body + strlen(env), (size_t)(end - body) - strlen(env));
    if (strncmp(body, file, strlen(file)) == 0)
        return put_file(replace, body + strlen(file), (size_t)(end - body) - strlen(file));
    return refuse(replace, reference, *ret_length,
                  "write ${env:NAME}, ${env:NAME:-default} or ${file:PATH}, and $${ for a plain ${");
}

static enum sluice_status scalar_replace(struct replace *replace)
{
    const char *text = replace->node->written;
    if (text == NULL || strstr(text, "${") == NULL)
        return SLUICE_OK;
    buffer_clear(&replace->text);
    while (*text != '\0') {
        size_t length = 1;
        enum sluice_status status = SLUICE_OK;
        if (strncmp(text, "$${", 3) == 0) {
            buffer_text(&replace->text, "${");
            length = 3;
        } else if (strncmp(text, "${", 2) == 0) {
            status = put_reference(replace, text, &length);
        } else {
            buffer_byte(&replace->text, *text);
        }
        if (status != SLUICE_OK)
            return status;
        text += length;
    }
    if (replace->text.failed)
        return refuse(replace, replace->node->written, strlen(replace->node->written), "becomes too large");
    replace->node->text = arena_copy(&replace->config->arena, replace->text.data, replace->text.size);
    return replace->node->text == NULL ? error_no_memory(replace->err) : SLUICE_OK;
}

/* The next node in the order of the file, or NULL after the last. */
static struct node *node_after(struct node *node)
{
    if (node->first != NULL)
        return node->first;
    while (node != NULL && node->next == NULL)
        node = node->parent;
    return node == NULL ? NULL : node->next;
}

enum sluice_status references_replace(struct config *config, const char *const *environment,
                                      struct sluice_error *err)
{
    struct replace replace = {
        .config = config, .environment = environment, .text = BUFFER_INIT(CONFIG_FILE_LIMIT), .err = err};
    enum sluice_status status = SLUICE_OK;
    for (struct node *node = &config->root; node != NULL && status == SLUICE_OK; node = node_after(node)) {
        replace.node = node;
        status = scalar_replace(&replace);
    }
    buffer_free(&replace.text);
    return status;
}
