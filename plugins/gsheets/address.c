/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The forms are a table over host and path. Before it is asked, what only says who is signed in (/u/0,
 * /a/DOMAIN) is left out of the path. The tab of the fragment wins over the query's: browsers change only the
 * former.
 */
#include "address.h"

#include "base/cleanup.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { PATH_SIZE = 512, BARE_ID_LEAST = 25 };

/* "{}" stands for the id; a form ends where the path ends or goes on with '/'. `parameter`: the id is in the
 * query. */
static const struct form {
    const char *host, *path, *parameter;
    enum address_kind kind;
} forms[] = {
    {"docs.google.com", "/spreadsheets/d/e/{}", NULL, ADDRESS_PUBLISHED},
    {"docs.google.com", "/spreadsheets/d/{}", NULL, ADDRESS_SHEET},
    {"docs.google.com", "/spreadsheets", "key", ADDRESS_SHEET},
    {"docs.google.com", "/spreadsheet/ccc", "key", ADDRESS_SHEET},
    {"docs.google.com", "/spreadsheet/pub", "key", ADDRESS_SHEET},
    {"docs.google.com", "/file/d/{}", NULL, ADDRESS_FILE},
    {"docs.google.com", "/open", "id", ADDRESS_FILE},
    {"docs.google.com", "/uc", "id", ADDRESS_FILE},
    {"spreadsheets.google.com", "/ccc", "key", ADDRESS_SHEET},
    {"spreadsheets.google.com", "/pub", "key", ADDRESS_SHEET},
    {"drive.google.com", "/file/d/{}", NULL, ADDRESS_FILE},
    {"drive.google.com", "/open", "id", ADDRESS_FILE},
    {"drive.google.com", "/uc", "id", ADDRESS_FILE},
};

/* A part of the address. */
struct part {
    const char *ptr;
    size_t len;
};

struct parts {
    char host[64];
    char path[PATH_SIZE];
    struct part query, fragment;
};

static bool is_id_byte(char c)
{
    return isalnum((unsigned char)c) || c == '-' || c == '_';
}

static size_t id_length(const char *text)
{
    size_t n = 0;
    while (is_id_byte(text[n]))
        n++;
    return n;
}

/* ---- Taking apart ---- */

/* Copies the path without `/u/N` and `/a/DOMAIN`. */
static void path_copy(const char *from, size_t n, char *to)
{
    size_t used = 0;
    while (n > 0) {
        size_t segment = 1 + strcspn(from + 1, "/?#");
        segment = segment < n ? segment : n;
        bool signed_in = segment == 2 && (from[1] == 'u' || (from[1] == 'a' && used == 0)) && n > 2;
        if (signed_in) {
            size_t next = 1 + strcspn(from + segment + 1, "/?#");
            segment += next < n - segment ? next : n - segment;
        } else if (used + segment < PATH_SIZE) {
            memcpy(to + used, from, segment);
            used += segment;
        }
        from += segment;
        n -= segment;
    }
    to[used] = '\0';
}

static bool parts_of(const char *text, struct parts *ret_parts)
{
    if (strncasecmp(text, "https://", 8) == 0)
        text += 8;
    else if (strncasecmp(text, "http://", 7) == 0)
        text += 7;
    size_t host = strcspn(text, "/?#");
    size_t path = strcspn(text + host, "?#");
    if (host == 0 || host >= sizeof ret_parts->host || path >= PATH_SIZE)
        return false;
    for (size_t i = 0; i < host; i++)
        ret_parts->host[i] = (char)tolower((unsigned char)text[i]);
    ret_parts->host[host] = '\0';
    path_copy(text + host, path, ret_parts->path);
    text += host + path;
    size_t query = *text == '?' ? strcspn(text, "#") : 0;
    ret_parts->query = (struct part){text + (query > 0), query - (query > 0)};
    text += query;
    ret_parts->fragment = (struct part){text + (*text == '#'), strlen(text) - (*text == '#')};
    return true;
}

/* ---- Parameters ---- */

static struct part parameter_find(struct part list, const char *name)
{
    size_t n = strlen(name);
    while (list.len > 0) {
        const char *end = memchr(list.ptr, '&', list.len);
        size_t length = end == NULL ? list.len : (size_t)(end - list.ptr);
        if (length > n && list.ptr[n] == '=' && memcmp(list.ptr, name, n) == 0)
            return (struct part){list.ptr + n + 1, length - n - 1};
        size_t passed = length + (end != NULL);
        list = (struct part){list.ptr + passed, list.len - passed};
    }
    return (struct part){NULL, 0};
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *digit = c == '\0' ? NULL : strchr(digits, tolower((unsigned char)c));
    return digit == NULL ? -1 : (int)(digit - digits);
}

/* Percent escapes and '+' become what they say. False when it does not fit. */
static bool parameter_decode(struct part value, char *out, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i] == '+' ? ' ' : value.ptr[i];
        if (c == '%' && i + 2 < value.len && hex_digit(value.ptr[i + 1]) >= 0 &&
            hex_digit(value.ptr[i + 2]) >= 0) {
            c = (char)(hex_digit(value.ptr[i + 1]) * 16 + hex_digit(value.ptr[i + 2]));
            i += 2;
        }
        if (c == '\0' || used + 1 == size)
            return false;
        out[used++] = c;
    }
    out[used] = '\0';
    return true;
}

static bool gid_take(struct part gid, char *out)
{
    if (gid.ptr == NULL)
        return false;
    if (gid.len == 0 || gid.len >= ADDRESS_GID_SIZE)
        return false;
    for (size_t i = 0; i < gid.len; i++)
        if (!isdigit((unsigned char)gid.ptr[i]))
            return false;
    memcpy(out, gid.ptr, gid.len);
    out[gid.len] = '\0';
    return true;
}

/* ---- Matching ---- */

/* Where the form's id begins in the path, or the path's rest when it has none; NULL when it is not that form.
 */
static const char *form_match(const struct form *form, const struct parts *parts)
{
    size_t n = strcspn(form->path, "{");
    if (strcmp(form->host, parts->host) != 0 || strncmp(form->path, parts->path, n) != 0)
        return NULL;
    const char *rest = parts->path + n;
    return form->path[n] == '{' || *rest == '\0' || *rest == '/' ? rest : NULL;
}

static bool id_take(const char *text, size_t n, char *out)
{
    if (n == 0 || n >= ADDRESS_ID_SIZE)
        return false;
    memcpy(out, text, n);
    out[n] = '\0';
    return true;
}

static bool form_take(const struct form *form, const struct parts *parts, const char *rest,
                      struct address *address)
{
    address->kind = form->kind;
    if (form->parameter != NULL) {
        struct part id = parameter_find(parts->query, form->parameter);
        return id.ptr != NULL && id_length(id.ptr) >= id.len && id_take(id.ptr, id.len, address->id);
    }
    size_t n = id_length(rest);
    if ((rest[n] != '\0' && rest[n] != '/') || !id_take(rest, n, address->id))
        return false;
    struct part output = parameter_find(parts->query, "output");
    address->as_csv =
        form->kind == ADDRESS_PUBLISHED && output.len == 3 && strncasecmp(output.ptr, "csv", 3) == 0;
    address->was_query = strncmp(rest + n, "/gviz", 5) == 0;
    return true;
}

static bool tab_take(const struct parts *parts, struct address *address, const char **ret_why)
{
    struct part title = parameter_find(parts->query, "sheet");
    if (!gid_take(parameter_find(parts->fragment, "gid"), address->gid))
        gid_take(parameter_find(parts->query, "gid"), address->gid);
    if (address->gid[0] != '\0' || title.ptr == NULL)
        return true;
    *ret_why = "its tab's title is too long; name the tab by gid";
    return parameter_decode(title, address->title, sizeof address->title);
}

bool address_parse(const char *text, struct address *ret_address, const char **ret_why)
{
    struct address address = {0};
    struct parts parts = {0};
    size_t bare = id_length(text);
    if (text[bare] == '\0' && bare >= BARE_ID_LEAST && id_take(text, bare, address.id)) {
        *ret_address = address;
        return true;
    }
    *ret_why = "it is no address of docs.google.com or drive.google.com";
    if (!parts_of(text, &parts))
        return false;
    for (size_t i = 0; i < ELEMENTS(forms); i++) {
        const char *rest = form_match(&forms[i], &parts);
        if (rest == NULL)
            continue;
        *ret_why = "it has no spreadsheet id";
        if (!form_take(&forms[i], &parts, rest, &address))
            continue;
        if (!tab_take(&parts, &address, ret_why))
            return false;
        *ret_address = address;
        return true;
    }
    return false;
}
