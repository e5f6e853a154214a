/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML to nodes, from libfyaml's events. Anchors, aliases and tags are refused: a file that says everything
 * where it stands cannot grow while it is read, and each value has one place.
 */
#include "base/cleanup.h"
#include "base/text.h"
#include "config/node.h"

#include <libfyaml.h>
#include <string.h>

struct parse {
    struct config *config;
    struct fy_parser *parser;
    struct fy_diag *diag;
    struct node *stack[CONFIG_DEPTH_LIMIT];
    size_t depth;
    struct node *pending;    /* has its key and waits for its value */
    struct node_place place; /* of the event at hand */
    unsigned n_documents;
    struct sluice_error *err;
};

static void parse_close(struct parse *parse)
{
    if (parse->parser != NULL)
        fy_parser_destroy(parse->parser);
    if (parse->diag != NULL)
        fy_diag_destroy(parse->diag);
}

static enum sluice_status refuse_at(struct parse *parse, struct node_place place, const char *what)
{
    return error_set(parse->err, SLUICE_CONFIG, "%.500s:%u:%u: %s", parse->config->file, place.line,
                     place.column, what);
}

static enum sluice_status refuse(struct parse *parse, const char *what)
{
    return refuse_at(parse, parse->place, what);
}

/* The first thing that libfyaml found wrong. */
static enum sluice_status syntax_error(struct parse *parse)
{
    void *cursor = NULL;
    const struct fy_diag_error *error = fy_diag_errors_iterate(parse->diag, &cursor);
    if (error == NULL)
        return refuse(parse, "this is no valid YAML");
    struct node_place place = {(uint32_t)(error->line > 0 ? error->line : 1),
                               (uint32_t)(error->column > 0 ? error->column : 1)};
    return error_set(parse->err, SLUICE_CONFIG,
                     "%.500s:%u:%u: no valid YAML: %.200s; check the indentation (spaces, "
                     "no tabs), quotes and brackets here and on the line before",
                     parse->config->file, place.line, place.column, error->msg);
}

/* ---- Nodes ----------------------------------------------------------------------------------------- */

static struct node *parse_top(const struct parse *parse)
{
    return parse->depth == 0 ? NULL : parse->stack[parse->depth - 1];
}

static enum sluice_status key_duplicate(struct parse *parse, const struct node *before)
{
    char excerpt[96];
    text_excerpt(text_of(before->key), excerpt, sizeof excerpt);
    return error_set(parse->err, SLUICE_CONFIG,
                     "%.500s:%u:%u: \"%s\" stands here twice, first in line %u; keep one of them",
                     parse->config->file, parse->place.line, parse->place.column, excerpt,
                     before->key_place.line);
}

static enum sluice_status key_begin(struct parse *parse, struct node *mapping, const char *key)
{
    if (strlen(key) >= NODE_PATH_LIMIT / 4)
        return refuse(parse, "this key is too long; a key has at most 127 bytes");
    const struct node *before = node_child(mapping, key);
    if (before != NULL)
        return key_duplicate(parse, before);
    struct node *node = node_new(parse->config, NODE_SCALAR, NODE_FILE);
    if (node == NULL)
        return error_no_memory(parse->err);
    node_set_key(node, key);
    node->key_place = parse->place;
    node_append(mapping, node);
    parse->pending = node;
    return SLUICE_OK;
}

/* The node that the event at hand is the value of; NULL after refusing. */
static struct node *value_begin(struct parse *parse)
{
    struct node *node = parse->pending;
    struct node *top = parse_top(parse);
    parse->pending = NULL;
    if (++parse->config->n_nodes > CONFIG_VALUES_LIMIT) {
        refuse(parse, "the file holds more than 10000 values; a configuration does not");
        return NULL;
    }
    if (node == NULL && top == NULL) {
        node = &parse->config->root;
        node->origin = NODE_FILE;
    } else if (node == NULL) {
        node = node_new(parse->config, NODE_SCALAR, NODE_FILE);
        if (node == NULL) {
            error_no_memory(parse->err);
            return NULL;
        }
        node_append(top, node);
    }
    node->place = parse->place;
    return node;
}

/* ---- Events ---------------------------------------------------------------------------------------- */

static bool awaits_key(const struct parse *parse)
{
    const struct node *top = parse_top(parse);
    return top != NULL && top->kind == NODE_MAPPING && parse->pending == NULL;
}

static enum sluice_status on_collection(struct parse *parse, enum node_kind kind)
{
    if (awaits_key(parse))
        return refuse(parse, "a key must be plain text; put quotes around it if it begins with a bracket");
    if (parse->depth == CONFIG_DEPTH_LIMIT)
        return refuse(parse, "more than 16 levels inside each other; a configuration has no more");
    if (parse->depth == 0 && kind != NODE_MAPPING)
        return refuse(parse, "a configuration is made of sections: write `store:`, not a list");
    struct node *node = value_begin(parse);
    if (node == NULL)
        return parse->err == NULL ? SLUICE_CONFIG : parse->err->status;
    node->kind = kind;
    parse->stack[parse->depth++] = node;
    return SLUICE_OK;
}

static bool is_null(const char *text, enum fy_scalar_style style)
{
    return style == FYSS_PLAIN && (*text == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0);
}

static enum sluice_status on_scalar(struct parse *parse, struct fy_token *token)
{
    size_t size = 0;
    const char *text = token == NULL ? "" : fy_token_get_text(token, &size);
    if (text == NULL)
        return error_no_memory(parse->err);
    if (memchr(text, '\0', size) != NULL || utf8_valid_prefix(text, size) != size)
        return refuse(parse, "this text holds a NUL or something that is no character; remove the escape");
    const char *copy = arena_copy(&parse->config->arena, text, size);
    if (copy == NULL)
        return error_no_memory(parse->err);
    if (awaits_key(parse))
        return key_begin(parse, parse_top(parse), copy);
    bool empty = is_null(copy, fy_token_scalar_style(token));
    if (parse->depth == 0)
        return empty ? SLUICE_OK : refuse(parse, "a configuration is made of sections: write `store: …`");
    struct node *node = value_begin(parse);
    if (node == NULL)
        return parse->err == NULL ? SLUICE_CONFIG : parse->err->status;
    node->text = node->written = copy;
    node->empty = empty;
    return SLUICE_OK;
}

static enum sluice_status tag_check(struct parse *parse, const struct fy_token *anchor,
                                    const struct fy_token *tag)
{
    if (anchor != NULL)
        return refuse(parse, "anchors (&name) are not used here; write the value where it is needed");
    if (tag != NULL)
        return refuse(parse, "tags (!name) are not used here; leave it out, or put quotes around a text");
    return SLUICE_OK;
}

static bool is_quoted(const struct fy_event *event)
{
    if (event->type != FYET_SCALAR)
        return false;
    enum fy_scalar_style style = fy_token_scalar_style(event->scalar.value);
    return style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED;
}

/* An event without a mark of its own keeps the place of the one before it. libfyaml marks a quoted text
 * behind its quote; people look for the quote. */
static void place_take(struct parse *parse, struct fy_event *event)
{
    const struct fy_mark *mark = fy_event_start_mark(event);
    if (mark == NULL)
        return;
    parse->place.line = (uint32_t)mark->line + 1;
    parse->place.column = (uint32_t)mark->column + 1;
    if (is_quoted(event) && mark->column > 0)
        parse->place.column--;
}

static enum sluice_status on_event(struct parse *parse, struct fy_event *event)
{
    enum sluice_status status;
    place_take(parse, event);
    switch (event->type) {
    case FYET_DOCUMENT_START:
        if (++parse->n_documents > 1)
            return refuse(parse,
                          "a second document begins here; a configuration is one, so remove the `---`");
        return SLUICE_OK;
    case FYET_ALIAS:
        return refuse(parse, "aliases (*name) are not used here; write the value again");
    case FYET_SCALAR:
        status = tag_check(parse, event->scalar.anchor, event->scalar.tag);
        return status != SLUICE_OK ? status : on_scalar(parse, event->scalar.value);
    case FYET_MAPPING_START:
        status = tag_check(parse, event->mapping_start.anchor, event->mapping_start.tag);
        return status != SLUICE_OK ? status : on_collection(parse, NODE_MAPPING);
    case FYET_SEQUENCE_START:
        status = tag_check(parse, event->sequence_start.anchor, event->sequence_start.tag);
        return status != SLUICE_OK ? status : on_collection(parse, NODE_LIST);
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        parse->depth--;
        return SLUICE_OK;
    default:
        return SLUICE_OK;
    }
}

static enum sluice_status parser_open(struct parse *parse, const char *text, size_t size)
{
    struct fy_diag_cfg diag_config;
    fy_diag_cfg_default(&diag_config);
    diag_config.fp = NULL;
    parse->diag = fy_diag_create(&diag_config);
    if (parse->diag == NULL)
        return error_no_memory(parse->err);
    fy_diag_set_collect_errors(parse->diag, true);
    const struct fy_parse_cfg parse_config = {
        .flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE, .diag = parse->diag};
    parse->parser = fy_parser_create(&parse_config);
    if (parse->parser == NULL || fy_parser_set_string(parse->parser, text, size) != 0)
        return error_no_memory(parse->err);
    return SLUICE_OK;
}

enum sluice_status parse_file(struct config *config, const char *text, size_t size, struct sluice_error *err)
{
    _cleanup_(parse_close) struct parse parse = {.config = config, .place = {1, 1}, .err = err};
    enum sluice_status status = parser_open(&parse, text, size);
    bool ended = false;
    while (status == SLUICE_OK && !ended) {
        struct fy_event *event = fy_parser_parse(parse.parser);
        if (event == NULL)
            return fy_diag_got_error(parse.diag) ? syntax_error(&parse) : SLUICE_OK;
        ended = event->type == FYET_STREAM_END;
        status = on_event(&parse, event);
        fy_parser_event_free(parse.parser, event);
    }
    return status;
}
