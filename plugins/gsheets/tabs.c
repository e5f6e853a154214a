/* SPDX-License-Identifier: Apache-2.0 */
/* Ids are compared as numbers, titles as Sheets does: without regard to case in ASCII, as a last resort. */
#include "tabs.h"

#include "api.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *tabs_wanted_gid(const struct cursor *cursor)
{
    const struct config *config = cursor->self->config;
    if (config->gid != NULL && *config->gid != '\0')
        return config->gid;
    return config->sheet != NULL && *config->sheet != '\0' ? "" : cursor->address.gid;
}

const char *tabs_wanted_title(const struct cursor *cursor)
{
    const struct config *config = cursor->self->config;
    if (config->sheet != NULL && *config->sheet != '\0')
        return config->sheet;
    return cursor->address.title;
}

static const struct tab *by_gid(const struct metadata *metadata, const char *gid)
{
    int64_t wanted = strtoll(gid, NULL, 10);
    for (size_t i = 0; i < metadata->n_tabs; i++)
        if (metadata->tabs[i].gid == wanted)
            return &metadata->tabs[i];
    return NULL;
}

static const struct tab *by_title(const struct metadata *metadata, const char *title)
{
    for (size_t i = 0; i < metadata->n_tabs; i++)
        if (strcmp(metadata->tabs[i].title, title) == 0)
            return &metadata->tabs[i];
    for (size_t i = 0; i < metadata->n_tabs; i++)
        if (strcasecmp(metadata->tabs[i].title, title) == 0)
            return &metadata->tabs[i];
    return NULL;
}

static const struct tab *first_visible(const struct metadata *metadata, size_t *ret_visible)
{
    const struct tab *first = NULL;
    *ret_visible = 0;
    for (size_t i = 0; i < metadata->n_tabs; i++) {
        const struct tab *tab = &metadata->tabs[i];
        if (tab->hidden || !tab->is_grid)
            continue;
        first = first == NULL ? tab : first;
        ++*ret_visible;
    }
    return first;
}

static enum sluice_status missing(const struct cursor *cursor, const struct metadata *metadata,
                                  const char *what, const char *wanted, struct sluice_error *err)
{
    char list[640] = "";
    size_t used = 0;
    for (size_t i = 0; i < metadata->n_tabs && used + 160 < sizeof list; i++) {
        const struct tab *tab = &metadata->tabs[i];
        used += (size_t)snprintf(list + used, sizeof list - used, "%s'%.100s' (gid %" PRId64 "%s)",
                                 i > 0 ? ", " : "", tab->title, tab->gid, tab->hidden ? ", hidden" : "");
    }
    return cursor->self->host->fail(cursor->self->host, err, SLUICE_CONFIG,
                                    "%s has no %s '%.100s'; its tabs are %s", cursor->name, what, wanted,
                                    list[0] == '\0' ? "none" : list);
}

enum sluice_status tabs_choose(struct cursor *cursor, const struct metadata *metadata,
                               const struct tab **ret_tab, struct sluice_error *err)
{
    const char *gid = tabs_wanted_gid(cursor), *title = tabs_wanted_title(cursor);
    const struct tab *tab = NULL;
    size_t visible = 0;
    if (*gid != '\0') {
        tab = by_gid(metadata, gid);
        if (tab == NULL)
            return missing(cursor, metadata, "tab with gid", gid, err);
    } else if (*title != '\0') {
        tab = by_title(metadata, title);
        if (tab == NULL)
            return missing(cursor, metadata, "tab", title, err);
    } else {
        tab = first_visible(metadata, &visible);
        if (tab == NULL)
            return missing(cursor, metadata, "visible", "tab", err);
        if (visible > 1)
            cursor_notice(cursor, "no tab was named: read the first of %zu visible ones, '%.100s'", visible,
                          tab->title);
    }
    if (!tab->is_grid)
        return cursor->self->host->fail(
            cursor->self->host, err, SLUICE_CONFIG,
            "the tab '%.100s' of %s holds no cells but a chart or the like; name another", tab->title,
            cursor->name);
    *ret_tab = tab;
    return SLUICE_OK;
}

bool tabs_range(const struct tab *tab, uint64_t first, uint64_t last, char *out, size_t size)
{
    char quoted[2 * 1024 + 64];
    size_t used = 0;
    quoted[used++] = '\'';
    for (const char *c = tab->title; *c != '\0' && used + 48 < sizeof quoted; c++) {
        if (*c == '\'')
            quoted[used++] = '\'';
        quoted[used++] = *c;
    }
    quoted[used++] = '\'';
    quoted[used] = '\0';
    if (first > 0)
        snprintf(quoted + used, sizeof quoted - used, "!%" PRIu64 ":%" PRIu64, first, last);
    return api_escape(quoted, out, size);
}
