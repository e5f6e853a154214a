/* SPDX-License-Identifier: Apache-2.0 */
/* A URL is taken apart from left to right: scheme, login, place, database. No message shows any of it before
 * the login is out of the way. */
#include "address.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_PORT = 6379, LAST_PORT = 65535, LAST_DATABASE = 9999 };

struct parser {
    const struct sluice_host *host;
    struct arena *arena;
    struct address address;
    struct sluice_error *err;
};

static enum sluice_status wrong(const struct parser *parser, const char *what)
{
    return parser->host->fail(
        parser->host, parser->err, SLUICE_CONFIG,
        "the url of section state: %s; give it as redis://user:password@host:port/database or "
        "unix:///path/to/socket?db=database",
        what);
}

static int hex(char digit)
{
    if (!isxdigit((unsigned char)digit))
        return -1;
    return isdigit((unsigned char)digit) ? digit - '0' : tolower((unsigned char)digit) - 'a' + 10;
}

/* NULL for a wrong escape, a NUL or no memory. */
static const char *decode(struct parser *parser, const char *text, size_t n)
{
    char *decoded = arena_copy(parser->arena, text, n);
    size_t length = 0;
    for (size_t i = 0; decoded != NULL && i < n; i++) {
        char byte = text[i];
        if (byte == '%') {
            int high = i + 2 < n ? hex(text[i + 1]) : -1, low = i + 2 < n ? hex(text[i + 2]) : -1;
            if (high < 0 || low < 0 || high + low == 0)
                return NULL;
            byte = (char)(high * 16 + low);
            i += 2;
        }
        decoded[length++] = byte;
    }
    if (decoded != NULL)
        decoded[length] = '\0';
    return decoded;
}

/* A whole number of the n bytes, from 0 to `most`. */
static bool number(const char *text, size_t n, long most, int *ret_number)
{
    char digits[8];
    if (n == 0 || n >= sizeof digits || strspn(text, "0123456789") < n)
        return false;
    memcpy(digits, text, n);
    digits[n] = '\0';
    long value = strtol(digits, NULL, 10);
    if (value > most)
        return false;
    *ret_number = (int)value;
    return true;
}

/* Moves *at behind the '@' when there is one. */
static enum sluice_status take_login(struct parser *parser, const char **at)
{
    size_t authority = strcspn(*at, "/?#");
    const char *end = memrchr(*at, '@', authority);
    if (end == NULL)
        return SLUICE_OK;
    const char *colon = memchr(*at, ':', (size_t)(end - *at));
    if (colon == NULL)
        return wrong(parser, "its login has no password (a password alone is written :password@)");
    parser->address.password = decode(parser, colon + 1, (size_t)(end - colon - 1));
    parser->address.user = colon == *at ? NULL : decode(parser, *at, (size_t)(colon - *at));
    if (parser->address.password == NULL || (colon != *at && parser->address.user == NULL))
        return wrong(parser,
                     "user and password have a '%' that begins no escape (%25 is the character itself)");
    *at = end + 1;
    return SLUICE_OK;
}

/* "?db=1", and nothing else. */
static enum sluice_status take_query(struct parser *parser, const char *at)
{
    if (*at == '\0')
        return SLUICE_OK;
    if (strncmp(at, "?db=", 4) != 0 ||
        !number(at + 4, strlen(at + 4), LAST_DATABASE, &parser->address.database))
        return wrong(parser, "behind the address stands something else than a database's number");
    return SLUICE_OK;
}

static enum sluice_status take_socket(struct parser *parser, const char *at)
{
    size_t n = strcspn(at, "?");
    if (at[0] != '/' || n < 2)
        return wrong(parser, "a socket's path begins with '/'");
    parser->address.path = decode(parser, at, n);
    if (parser->address.path == NULL)
        return wrong(parser, "the socket's path has a '%' that begins no escape");
    enum sluice_status status = take_query(parser, at + n);
    parser->address.name =
        arena_printf(parser->arena, "%s database %d", parser->address.path, parser->address.database);
    return status;
}

static enum sluice_status take_server(struct parser *parser, const char *at)
{
    bool bracketed = at[0] == '[';
    size_t n = bracketed ? strcspn(++at, "]/?#") : strcspn(at, ":/?#");
    if (n == 0 || (bracketed && at[n] != ']'))
        return wrong(parser, "it names no host");
    parser->address.host = arena_copy(parser->arena, at, n);
    at += n + bracketed;
    if (*at == ':') {
        size_t digits = strcspn(at + 1, "/?#");
        if (!number(at + 1, digits, LAST_PORT, &parser->address.port) || parser->address.port == 0)
            return wrong(parser, "the port is no number from 1 to 65535");
        at += 1 + digits;
    }
    if (at[0] == '/' && at[1] != '\0' && at[1] != '?') {
        size_t digits = strcspn(at + 1, "?");
        if (!number(at + 1, digits, LAST_DATABASE, &parser->address.database))
            return wrong(parser, "the database is no number (redis://host:port/0)");
        at += 1 + digits;
    } else if (at[0] == '/') {
        at++;
    }
    enum sluice_status status = take_query(parser, at);
    if (status == SLUICE_OK)
        parser->address.name =
            arena_printf(parser->arena, bracketed ? "[%s]:%d/%d" : "%s:%d/%d", parser->address.host,
                         parser->address.port, parser->address.database);
    return status;
}

enum sluice_status address_parse(const struct sluice_host *host, const char *url, struct arena *arena,
                                 struct address *ret_address, struct sluice_error *err)
{
    static const char tcp[] = "redis://", tls[] = "rediss://", local[] = "unix://";
    struct parser parser = {.host = host, .arena = arena, .address = {.port = DEFAULT_PORT}, .err = err};
    if (strncmp(url, tls, strlen(tls)) == 0)
        return host->fail(
            host, err, SLUICE_CONFIG,
            "the url of section state: rediss:// needs a hiredis with TLS, and this one (0.14) has none; use "
            "redis:// inside a private network or tunnel, or unix:///path/to/socket");
    bool is_local = strncmp(url, local, strlen(local)) == 0;
    if (!is_local && strncmp(url, tcp, strlen(tcp)) != 0)
        return wrong(&parser, "it begins neither with redis:// nor with unix://");
    const char *at = url + (is_local ? strlen(local) : strlen(tcp));
    enum sluice_status status = take_login(&parser, &at);
    if (status == SLUICE_OK)
        status = is_local ? take_socket(&parser, at) : take_server(&parser, at);
    if (status != SLUICE_OK)
        return status;
    if (parser.address.name == NULL || (!is_local && parser.address.host == NULL))
        return host->fail(host, err, SLUICE_IO, "out of memory; give the process more or lower the limits");
    *ret_address = parser.address;
    return SLUICE_OK;
}
