/* SPDX-License-Identifier: Apache-2.0 */
/* The tree and the paths that lead through it. A list is walked, not indexed: CONFIG_VALUES_LIMIT bounds it.
 */
#include "config/node.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

struct node *node_new(struct config *config, enum node_kind kind, enum node_origin origin)
{
    struct node *node = arena_alloc(&config->arena, sizeof *node);
    if (node == NULL)
        return NULL;
    node->kind = kind;
    node->origin = origin;
    return node;
}

void node_append(struct node *parent, struct node *child)
{
    child->parent = parent;
    if (parent->last == NULL)
        parent->first = child;
    else
        parent->last->next = child;
    parent->last = child;
}

/* FNV-1a, so that a walk compares one word a key. */
static uint32_t key_hash(const char *key)
{
    uint32_t hash = 2166136261u;
    for (; *key != '\0'; key++)
        hash = (hash ^ (unsigned char)*key) * 16777619u;
    return hash;
}

void node_set_key(struct node *node, const char *key)
{
    node->key = key;
    node->key_hash = key_hash(key);
}

struct node *node_child(const struct node *mapping, const char *key)
{
    if (mapping->kind != NODE_MAPPING)
        return NULL;
    uint32_t hash = key_hash(key);
    for (struct node *child = mapping->first; child != NULL; child = child->next)
        if (child->key_hash == hash && strcmp(child->key, key) == 0)
            return child;
    return NULL;
}

/* ---- Paths ----------------------------------------------------------------------------------------- */

/* After the opening quote. NULL when the closing one is missing or something other than '.' follows it. */
static const char *quoted_key(const char *text, char key[NODE_PATH_LIMIT])
{
    size_t n = 0;
    for (; *text != '"'; text++) {
        if (*text == '\\')
            text++;
        if (*text == '\0' || n == NODE_PATH_LIMIT - 1)
            return NULL;
        key[n++] = *text;
    }
    key[n] = '\0';
    text++;
    return *text == '.' || *text == '\0' ? text : NULL;
}

static const char *bare_key(const char *text, char key[NODE_PATH_LIMIT])
{
    size_t n = strcspn(text, ".\"");
    if (n == 0 || n >= NODE_PATH_LIMIT || text[n] == '"')
        return NULL;
    memcpy(key, text, n);
    key[n] = '\0';
    return text + n;
}

const char *path_next(const char **cursor, char key[NODE_PATH_LIMIT])
{
    const char *text = *cursor;
    if (text == NULL || *text == '\0')
        return NULL;
    const char *end = *text == '"' ? quoted_key(text + 1, key) : bare_key(text, key);
    if (end != NULL && *end == '.') {
        end++;
        if (*end == '\0')
            end = NULL; /* a dot promises another key */
    }
    *cursor = end;
    return end == NULL ? NULL : key;
}

const char *path_join(struct config *config, const char *path, const char *key)
{
    _cleanup_(buffer_free) struct buffer text = BUFFER_INIT(CONFIG_FILE_LIMIT * 4);
    buffer_text(&text, path);
    if (*path != '\0')
        buffer_byte(&text, '.');
    if (*key != '\0' && key[strcspn(key, ".\"\\")] == '\0') {
        buffer_text(&text, key);
    } else {
        buffer_byte(&text, '"');
        for (const char *c = key; *c != '\0'; c++) {
            if (*c == '"' || *c == '\\')
                buffer_byte(&text, '\\');
            buffer_byte(&text, *c);
        }
        buffer_byte(&text, '"');
    }
    return text.failed ? NULL : arena_copy(&config->arena, text.data, text.size);
}

const char *node_path(struct config *config, const struct node *node)
{
    const struct node *chain[CONFIG_DEPTH_LIMIT + 2];
    size_t n = 0;
    for (; node != NULL && node->parent != NULL && n < ELEMENTS(chain); node = node->parent)
        if (node->key != NULL)
            chain[n++] = node;
    const char *path = "";
    while (n > 0 && path != NULL)
        path = path_join(config, path, chain[--n]->key);
    return path;
}

struct node *node_find(const struct config *config, const char *path)
{
    char key[NODE_PATH_LIMIT];
    const struct node *node = &config->root;
    const char *cursor = path;
    while (node != NULL && path_next(&cursor, key) != NULL)
        node = node_child(node, key);
    if (cursor == NULL || node == NULL)
        return NULL;
    return (struct node *)(uintptr_t)node; /* as const as the caller's config */
}

/* ---- Writing --------------------------------------------------------------------------------------- */

static struct node *child_make(struct config *config, struct node *parent, const char *key,
                               enum node_origin origin, const char *from)
{
    struct node *child = node_new(config, NODE_MAPPING, origin);
    char *copy = arena_text(&config->arena, key);
    if (child == NULL || copy == NULL)
        return NULL;
    child->from = from;
    node_set_key(child, copy);
    node_append(parent, child);
    return child;
}

static enum sluice_status path_is_wrong(const char *path, struct sluice_error *err)
{
    return error_set(err, SLUICE_CONFIG,
                     "\"%.200s\" is no path: write section.key, with quotes around a key that holds a dot "
                     "(suppliers.\"Acme Inc.\".currency)",
                     path);
}

/* Turns a node into a scalar of a new origin; what it held is forgotten. */
static void scalar_put(struct node *node, const char *text, enum node_origin origin, const char *from)
{
    node->kind = NODE_SCALAR;
    node->origin = origin;
    node->from = from;
    node->text = node->written = text;
    node->open_file = NULL;
    node->empty = false;
    node->first = node->last = NULL;
}

enum sluice_status node_set(struct config *config, const char *path, const char *text,
                            enum node_origin origin, const char *from, enum node_set_rule rule,
                            struct sluice_error *err)
{
    char key[NODE_PATH_LIMIT];
    const char *cursor = path;
    struct node *node = &config->root;
    bool made = false;
    unsigned depth = 0;
    const char *copy = arena_text(&config->arena, text);
    while (path_next(&cursor, key) != NULL) {
        if (++depth > CONFIG_DEPTH_LIMIT)
            return path_is_wrong(path, err);
        if (node->kind == NODE_SCALAR && node->empty)
            node->kind = NODE_MAPPING; /* `store:` with nothing behind it */
        if (node->kind != NODE_MAPPING && rule == NODE_KEEP)
            return SLUICE_OK;
        if (node->kind != NODE_MAPPING)
            return error_set(err, SLUICE_CONFIG,
                             "%.200s: \"%.100s\" is a value, so nothing can be set below it", path,
                             node->key);
        struct node *child = node_child(node, key);
        made = child == NULL;
        node = made ? child_make(config, node, key, origin, from) : child;
        if (node == NULL)
            return error_no_memory(err);
    }
    if (cursor == NULL || node == &config->root)
        return path_is_wrong(path, err);
    if (copy == NULL)
        return error_no_memory(err);
    if (made || rule == NODE_REPLACE)
        scalar_put(node, copy, origin, from);
    return SLUICE_OK;
}

/* ---- Where a node stands --------------------------------------------------------------------------- */

int text_shown(const char *text, size_t limit)
{
    return (int)utf8_cut(text, strnlen(text, limit));
}

/* What stands before the path: "FILE:3:10:", "environment NAME:", "--set". */
static void origin_text(const struct config *config, const struct node *node, struct node_place place,
                        char *ret_text, size_t size)
{
    switch (node->origin) {
    case NODE_FILE:
        snprintf(ret_text, size, "%.*s:%u:%u:", TEXT_SHOWN(config->file, NODE_FILE_SHOWN), place.line,
                 place.column);
        return;
    case NODE_ENVIRONMENT:
    case NODE_WELL_KNOWN:
        snprintf(ret_text, size, "environment %.*s:", TEXT_SHOWN(node->from, NODE_PATH_SHOWN));
        return;
    case NODE_SET:
        snprintf(ret_text, size, "--set");
        return;
    case NODE_OPTION:
        snprintf(ret_text, size, "-o");
        return;
    case NODE_DEFAULT:
        snprintf(ret_text, size, "default");
        return;
    }
}

static void prefix_at(const struct config *config, const struct node *node, struct node_place place,
                      const char *path, char ret_prefix[NODE_PREFIX_SIZE])
{
    char origin[NODE_FILE_SHOWN + 40] = "";
    origin_text(config, node, place, origin, sizeof origin);
    size_t n = strlen(origin);
    if (*path != '\0')
        snprintf(ret_prefix, NODE_PREFIX_SIZE, "%s %.*s: ", origin, TEXT_SHOWN(path, NODE_PATH_SHOWN));
    else
        snprintf(ret_prefix, NODE_PREFIX_SIZE, "%s%s", origin, n > 0 && origin[n - 1] == ':' ? " " : ": ");
}

void node_prefix(const struct config *config, const struct node *node, const char *path,
                 char ret_prefix[NODE_PREFIX_SIZE])
{
    prefix_at(config, node, node->place, path, ret_prefix);
}

void node_key_prefix(const struct config *config, const struct node *node, const char *path,
                     char ret_prefix[NODE_PREFIX_SIZE])
{
    prefix_at(config, node, node->key == NULL ? node->place : node->key_place, path, ret_prefix);
}
