/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memo holds, for a minute or some, what all workers would ask alike: where the list of changes stands,
 * which files the account sees changes of, and which have changed since a token. A list of ids is a text of
 * lines.
 */
#include "hints.h"

#include "api.h"
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/error.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PAGES = 10,
    PAGE_BYTES = 8 << 20,
    LIST_BYTES = 1 << 20,
    TOKEN_KEPT_MS = 300000,
    CHANGES_KEPT_MS = 60000,
    OFF_KEPT_MS = 3600000,
    PATH_SIZE = 512,
    PAGE_TOKEN_SIZE = 1024, /* escaped */
};

static const char off_key[] = "hints off", start_key[] = "hints start", covered_key[] = "hints covered";
static const char files_path[] =
    "/drive/v3/"
    "files?pageSize=1000&fields=nextPageToken,files(id)&spaces=drive&q=sharedWithMe%20or%20%27me%27%20in%20"
    "owners";

/* ---- Asking Drive ---- */

static bool is_off(const struct gsheets *self)
{
    char off[4];
    return !self->config->drive_hints || access_kind(self->access) != ACCESS_ACCOUNT ||
           self->host->memo_get(self->host, off_key, off, sizeof off) > 0;
}

/* Drive is not asked again for an hour when it refuses. */
static void turn_off(const struct gsheets *self, const struct sluice_error *why)
{
    if (why->status == SLUICE_CANCELLED || why->status == SLUICE_RETRY)
        return;
    self->host->memo_put(self->host, off_key, "1", OFF_KEPT_MS);
    self->host->log(self->host, SLUICE_INFO, "Drive gives no hints, so every sheet is read: %s",
                    why->message);
}

/* The answer's object, which the caller drops; NULL when Drive does not say. */
static json_t *ask(struct gsheets *self, const char *path)
{
    const struct sluice_document *document = NULL;
    struct sluice_error why = {0};
    enum sluice_status status = api_get(self, API_HINTS, path, "Drive's list of changes", &document, &why);
    if (status != SLUICE_OK) {
        why.status = status;
        turn_off(self, &why);
        return NULL;
    }
    json_t *answer =
        document->size > PAGE_BYTES ? NULL : json_loadb(document->data, (size_t)document->size, 0, NULL);
    document->release(document);
    return answer;
}

static const char *member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text == NULL ? "" : text;
}

/* ---- Lists of ids ---- */

static void ids_add(struct buffer *list, const json_t *entries, const char *name)
{
    size_t i;
    json_t *entry;
    json_array_foreach(entries, i, entry)
    {
        buffer_text(list, member(entry, name));
        buffer_byte(list, '\n');
    }
}

static bool ids_have(const char *list, const char *id)
{
    size_t n = strlen(id);
    for (const char *at = list; (at = strstr(at, id)) != NULL; at += n)
        if ((at == list || at[-1] == '\n') && at[n] == '\n')
            return true;
    return false;
}

/* All pages of `path`, the first one at `token` ("": the beginning). False when they cannot be had whole. */
static bool ids_fetch(struct gsheets *self, const char *path, const char *token, const char *array,
                      const char *name, struct buffer *list)
{
    char page_token[PAGE_TOKEN_SIZE] = "", url[PATH_SIZE + PAGE_TOKEN_SIZE + 16];
    if (!api_escape(token, page_token, sizeof page_token))
        return false;
    for (int i = 0; i < PAGES; i++) {
        snprintf(url, sizeof url, "%s%s%s", path, page_token[0] == '\0' ? "" : "&pageToken=", page_token);
        json_t *page = ask(self, url);
        if (page == NULL)
            return false;
        ids_add(list, json_object_get(page, array), name);
        page_token[0] = '\0';
        bool fits = api_escape(member(page, "nextPageToken"), page_token, sizeof page_token);
        json_decref(page);
        if (!fits || page_token[0] == '\0')
            return fits && !list->failed;
    }
    return false;
}

/* The list under that key of the memo, or NULL; the caller frees it. */
static char *memo_list(const struct gsheets *self, const char *key)
{
    const struct sluice_host *host = self->host;
    char *list = malloc(LIST_BYTES);
    if (list == NULL || host->memo_get(host, key, list, LIST_BYTES) >= 0)
        return list;
    free(list);
    return NULL;
}

/* ---- What is covered, and since when ---- */

static bool is_covered(struct gsheets *self, const char *id)
{
    _cleanup_free_ char *list = memo_list(self, covered_key);
    if (list != NULL)
        return ids_have(list, id);
    _cleanup_(buffer_free) struct buffer fresh = BUFFER_INIT(LIST_BYTES - 1);
    buffer_text(&fresh, "\n");
    if (!ids_fetch(self, files_path, "", "files", "id", &fresh))
        return false;
    self->host->memo_put(self->host, covered_key, fresh.data, TOKEN_KEPT_MS);
    return ids_have(fresh.data, id);
}

void hints_token(struct gsheets *self, const char *id, char token[HINTS_TEXT_SIZE])
{
    const struct sluice_host *host = self->host;
    token[0] = '\0';
    if (is_off(self) || !is_covered(self, id))
        return;
    int64_t n = host->memo_get(host, start_key, token, HINTS_TEXT_SIZE);
    if (n > 0 && n < HINTS_TEXT_SIZE)
        return;
    token[0] = '\0';
    json_t *answer = ask(self, "/drive/v3/changes/startPageToken");
    const char *start = member(answer, "startPageToken");
    if (strlen(start) < HINTS_TEXT_SIZE && strpbrk(start, "|%\r\n") == NULL)
        snprintf(token, HINTS_TEXT_SIZE, "%s", start);
    json_decref(answer);
    host->memo_put(host, start_key, token[0] == '\0' ? NULL : token, TOKEN_KEPT_MS);
}

bool hints_unchanged(struct gsheets *self, const char *id, const char *token)
{
    static const char path[] =
        "/drive/v3/changes?pageSize=1000&fields=nextPageToken,newStartPageToken,changes(fileId)";
    char key[HINTS_TEXT_SIZE + 32];
    if (*token == '\0' || is_off(self))
        return false;
    snprintf(key, sizeof key, "hints since %.*s", HINTS_TEXT_SIZE - 1, token);
    _cleanup_free_ char *list = memo_list(self, key);
    if (list != NULL)
        return !ids_have(list, id);
    _cleanup_(buffer_free) struct buffer fresh = BUFFER_INIT(LIST_BYTES - 1);
    buffer_text(&fresh, "\n");
    if (!ids_fetch(self, path, token, "changes", "fileId", &fresh))
        return false;
    self->host->memo_put(self->host, key, fresh.data, CHANGES_KEPT_MS);
    return !ids_have(fresh.data, id);
}

void hints_version(struct gsheets *self, const char *id, char version[HINTS_TEXT_SIZE])
{
    char path[PATH_SIZE];
    version[0] = '\0';
    if (is_off(self))
        return;
    snprintf(path, sizeof path, "/drive/v3/files/%s?fields=version&supportsAllDrives=true", id);
    json_t *answer = ask(self, path);
    snprintf(version, HINTS_TEXT_SIZE, "%s", member(answer, "version"));
    json_decref(answer);
}
