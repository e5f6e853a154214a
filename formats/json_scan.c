/* SPDX-License-Identifier: Apache-2.0 */
/* Strings are looked at eight bytes at a time: most of an answer is strings without escapes. */
#include "formats/json_scan.h"

#include "base/text.h"

#include <string.h>

#define EVERY_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

struct json_scan json_scan_of(const char *text, uint64_t size)
{
    return (struct json_scan){.begin = text, .at = text, .end = text + size};
}

static bool fail(struct json_scan *scan, const char *fault)
{
    if (scan->fault == NULL)
        scan->fault = fault;
    return false;
}

char json_scan_peek(struct json_scan *scan)
{
    while (scan->at < scan->end &&
           (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\r' || *scan->at == '\t'))
        scan->at++;
    return scan->at < scan->end ? *scan->at : '\0';
}

bool json_scan_byte(struct json_scan *scan, char byte, const char *fault)
{
    if (json_scan_peek(scan) != byte || scan->at == scan->end)
        return fail(scan, fault);
    scan->at++;
    return true;
}

bool json_scan_end(struct json_scan *scan)
{
    json_scan_peek(scan);
    return scan->at == scan->end || fail(scan, "text behind the end");
}

/* ---- Strings ---- */

/* The high bit of each byte that is a quote, a backslash or a control; above the first such byte it may be
 * wrong. */
static uint64_t specials(uint64_t eight)
{
    const uint64_t high = EVERY_BYTE(0x80), ones = EVERY_BYTE(1);
    uint64_t quote = eight ^ EVERY_BYTE('"');
    uint64_t backslash = eight ^ EVERY_BYTE('\\');
    return (((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) |
            ((eight - EVERY_BYTE(0x20)) & ~eight)) &
           high;
}

/* The next quote, backslash or control from `at` on, or the end; *high gathers the high bits of what is
 * before. */
static const char *next_special(const char *at, const char *end, uint64_t *high)
{
    while (end - at >= 8) {
        uint64_t eight;
        memcpy(&eight, at, sizeof eight);
        uint64_t found = specials(eight);
        if (found != 0) {
            unsigned n = (unsigned)__builtin_ctzll(found) / 8;
            *high |= n > 0 ? eight << (64 - 8 * n) : 0;
            return at + n;
        }
        *high |= eight;
        at += 8;
    }
    while (at < end && *at != '"' && *at != '\\' && (unsigned char)*at >= 0x20)
        *high |= (unsigned char)*at++;
    return at;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* `at` is behind "\u". -1 when four hexadecimal digits are not there. */
static int32_t hex_four(const char *at, const char *end)
{
    int32_t value = 0;
    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = hex_value(at[i]);
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* Length of the escape at `at`, a backslash; 0 when it is none. */
static size_t escape_length(const char *at, const char *end)
{
    if (end - at < 2 || at[1] == '\0')
        return 0;
    if (at[1] == 'u')
        return hex_four(at + 2, end) < 0 ? 0 : 6;
    return strchr("\"\\/bfnrt", at[1]) != NULL ? 2 : 0;
}

bool json_scan_string(struct json_scan *scan, struct json_span *ret_string)
{
    if (scan->at == scan->end || *scan->at != '"')
        return fail(scan, "a string is missing");
    const char *first = scan->at + 1, *at = first;
    bool escaped = false;
    uint64_t high = 0;
    for (;;) {
        at = next_special(at, scan->end, &high);
        if (at == scan->end || *at != '\\')
            break;
        size_t length = escape_length(at, scan->end);
        scan->at = at;
        if (length == 0)
            return fail(scan, "an escape that JSON does not know");
        escaped = true;
        at += length;
    }
    scan->at = at;
    if (at == scan->end)
        return fail(scan, "a string is not closed");
    if (*at != '"')
        return fail(scan, "a control character inside a string");
    size_t length = (size_t)(at - first);
    if ((high & EVERY_BYTE(0x80)) != 0) {
        size_t valid = utf8_valid_prefix(first, length);
        if (valid < length) {
            scan->at = first + valid;
            return fail(scan, "a byte that is not UTF-8");
        }
    }
    scan->at = at + 1;
    *ret_string = (struct json_span){first, length, escaped};
    return true;
}

bool json_span_is(struct json_span span, const char *text)
{
    return !span.escaped && strlen(text) == span.len && memcmp(text, span.ptr, span.len) == 0;
}

static char *utf8_put(char *out, uint32_t c)
{
    if (c < 0x80) {
        *out++ = (char)c;
        return out;
    }
    if (c < 0x800) {
        *out++ = (char)(0xc0 | c >> 6);
    } else if (c < 0x10000) {
        *out++ = (char)(0xe0 | c >> 12);
        *out++ = (char)(0x80 | (c >> 6 & 0x3f));
    } else {
        *out++ = (char)(0xf0 | c >> 18);
        *out++ = (char)(0x80 | (c >> 12 & 0x3f));
        *out++ = (char)(0x80 | (c >> 6 & 0x3f));
    }
    *out++ = (char)(0x80 | (c & 0x3f));
    return out;
}

/* The character of a "\u" escape, with the second half of a pair; *at moves behind it. */
static enum json_text_fault unicode_escape(const char **at, const char *end, uint32_t *ret_character)
{
    uint32_t c = (uint32_t)hex_four(*at + 2, end);
    *at += 6;
    if (c == 0)
        return JSON_TEXT_NUL;
    if (c >= 0xdc00 && c < 0xe000)
        return JSON_TEXT_SURROGATE;
    if (c >= 0xd800 && c < 0xdc00) {
        int32_t low = end - *at >= 6 && (*at)[0] == '\\' && (*at)[1] == 'u' ? hex_four(*at + 2, end) : -1;
        if (low < 0xdc00 || low >= 0xe000)
            return JSON_TEXT_SURROGATE;
        c = 0x10000 + ((c - 0xd800) << 10) + ((uint32_t)low - 0xdc00);
        *at += 6;
    }
    *ret_character = c;
    return JSON_TEXT_OK;
}

enum json_text_fault json_span_text(struct json_span string, struct arena *arena,
                                    struct sluice_cell *ret_text)
{
    static const char letters[] = "bfnrt", controls[] = "\b\f\n\r\t";
    if (!string.escaped) {
        *ret_text = (struct sluice_cell){.ptr = string.ptr, .len = (uint32_t)string.len};
        return JSON_TEXT_OK;
    }
    char *text = arena_alloc(arena, string.len + 1); /* escapes only get shorter */
    if (text == NULL)
        return JSON_TEXT_NO_MEMORY;
    char *out = text;
    const char *at = string.ptr, *end = string.ptr + string.len;
    while (at < end) {
        uint32_t character = 0;
        if (*at != '\\') {
            *out++ = *at++;
            continue;
        }
        if (at[1] != 'u') {
            const char *letter = strchr(letters, at[1]);
            *out++ = letter != NULL ? controls[letter - letters] : at[1];
            at += 2;
            continue;
        }
        enum json_text_fault fault = unicode_escape(&at, end, &character);
        if (fault != JSON_TEXT_OK)
            return fault;
        out = utf8_put(out, character);
    }
    *ret_text = (struct sluice_cell){.ptr = text, .len = (uint32_t)(out - text)};
    return JSON_TEXT_OK;
}

/* ---- Numbers and literals ---- */

static const char *digits_end(const char *at, const char *end)
{
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return at;
}

bool json_scan_number(struct json_scan *scan, struct json_span *ret_number)
{
    const char *at = scan->at, *end = scan->end;
    at += at < end && *at == '-';
    const char *whole = at;
    at = digits_end(at, end);
    if (at == whole || (*whole == '0' && at - whole > 1))
        return fail(scan, "a value is missing");
    if (at < end && *at == '.') {
        const char *decimals = at + 1;
        at = digits_end(decimals, end);
        if (at == decimals)
            return fail(scan, "a number without digits behind its point");
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        at += at < end && (*at == '+' || *at == '-');
        const char *exponent = at;
        at = digits_end(at, end);
        if (at == exponent)
            return fail(scan, "a number without an exponent");
    }
    *ret_number = (struct json_span){.ptr = scan->at, .len = (size_t)(at - scan->at)};
    scan->at = at;
    return true;
}

bool json_scan_literal(struct json_scan *scan, const char *literal)
{
    size_t n = strlen(literal);
    if ((size_t)(scan->end - scan->at) < n || memcmp(scan->at, literal, n) != 0)
        return fail(scan, "a value is missing");
    scan->at += n;
    return true;
}

/* ---- Structure ---- */

/* Whether one more element follows; passes over what stands before it, or over the closing byte. */
static bool walk(struct json_scan *scan, char open, char close, unsigned *state)
{
    bool first = *state == 0;
    *state = 1;
    if (scan->fault != NULL)
        return false;
    if (first && !json_scan_byte(scan, open, "a list or object is missing"))
        return false;
    if (json_scan_peek(scan) == close) {
        scan->at++;
        return false;
    }
    if (!first && !json_scan_byte(scan, ',', "a comma or closing bracket is missing"))
        return false;
    json_scan_peek(scan);
    return true;
}

bool json_scan_member(struct json_scan *scan, unsigned *state, struct json_span *ret_key)
{
    if (!walk(scan, '{', '}', state) || !json_scan_string(scan, ret_key) ||
        !json_scan_byte(scan, ':', "a colon is missing"))
        return false;
    json_scan_peek(scan);
    return true;
}

bool json_scan_element(struct json_scan *scan, unsigned *state)
{
    return walk(scan, '[', ']', state);
}

static bool skip(struct json_scan *scan, unsigned depth)
{
    struct json_span span;
    unsigned state = 0;
    switch (json_scan_peek(scan)) {
    case '"':
        return json_scan_string(scan, &span);
    case 't':
        return json_scan_literal(scan, "true");
    case 'f':
        return json_scan_literal(scan, "false");
    case 'n':
        return json_scan_literal(scan, "null");
    case '{':
    case '[':
        break;
    default:
        return json_scan_number(scan, &span);
    }
    if (depth == JSON_SCAN_DEPTH)
        return fail(scan, "brackets inside of brackets, too deep");
    if (*scan->at == '[')
        while (json_scan_element(scan, &state))
            skip(scan, depth + 1);
    else
        while (json_scan_member(scan, &state, &span))
            skip(scan, depth + 1);
    return scan->fault == NULL;
}

bool json_scan_skip(struct json_scan *scan)
{
    return skip(scan, 0);
}
