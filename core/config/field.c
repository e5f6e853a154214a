/* SPDX-License-Identifier: Apache-2.0 */
/* An option's field from a node or from its default, and what to write instead when that fails. A message
 * quotes what stands in the file, never what a reference brought in, and nothing of a secret. */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "config/nearest.h"
#include "config/value.h"

#include <ctype.h>
#include <string.h>

struct field {
    struct config *config;
    const struct node *node; /* NULL: the default */
    const char *path;
    const struct sluice_option *option;
    struct sluice_error *err;
};

static const char *what_to_write(const struct sluice_option *option)
{
    switch ((enum sluice_option_type)option->type) {
    case SLUICE_OPTION_INT:
        return "write a whole number";
    case SLUICE_OPTION_BOOL:
        return "write true or false";
    case SLUICE_OPTION_DURATION:
        return "write a number and its unit, like 500ms, 90s, 5m, 8h or 7d";
    case SLUICE_OPTION_SIZE:
        return "write a number and its unit, like 512B, 64KiB, 256MiB or 1GB";
    case SLUICE_OPTION_LIST:
        return "write a list like [a, b] or one value";
    default:
        return "write one value behind the colon";
    }
}

static void field_prefix(const struct field *field, char ret_prefix[NODE_PREFIX_SIZE])
{
    static const struct node of_default = {.origin = NODE_DEFAULT};
    if (field->node == NULL)
        node_prefix(field->config, &of_default, field->path, ret_prefix);
    else if (field->option->type == SLUICE_OPTION_SECRET)
        node_key_prefix(field->config, field->node, field->path, ret_prefix);
    else
        node_prefix(field->config, field->node, field->path, ret_prefix);
}

static enum sluice_status refuse(const struct field *field, const char *what)
{
    char prefix[NODE_PREFIX_SIZE];
    field_prefix(field, prefix);
    return error_set(field->err, SLUICE_CONFIG, "%s%s; %s", prefix, what, what_to_write(field->option));
}

/* "a, b or c" of a choice and the nearest one. */
static void choices_text(const struct sluice_option *option, const char *text, struct buffer *ret_text)
{
    struct nearest nearest = nearest_to(text);
    for (size_t i = 0; option->choices[i] != NULL; i++)
        nearest_offer(&nearest, option->choices[i]);
    if (nearest.word != NULL)
        buffer_printf(ret_text, "did you mean \"%s\"? ", nearest.word);
    buffer_text(ret_text, "write ");
    for (size_t i = 0; option->choices[i] != NULL; i++) {
        const char *separator = i == 0 ? "" : option->choices[i + 1] == NULL ? " or " : ", ";
        buffer_printf(ret_text, "%s%s", separator, option->choices[i]);
    }
}

static enum sluice_status refuse_value(const struct field *field, const char *written)
{
    char excerpt[100], prefix[NODE_PREFIX_SIZE];
    const char *masked = value_masked(field->config, written);
    if (masked == NULL)
        return error_no_memory(field->err);
    field_prefix(field, prefix);
    text_excerpt(text_of(masked), excerpt, sizeof excerpt);
    if (field->option->type != SLUICE_OPTION_CHOICE)
        return error_set(field->err, SLUICE_CONFIG, "%s\"%s\" is no %s; %s", prefix, excerpt,
                         value_type_name(field->option), what_to_write(field->option));
    _cleanup_(buffer_free) struct buffer choices = BUFFER_INIT(4096);
    choices_text(field->option, written, &choices);
    return error_set(field->err, SLUICE_CONFIG, "%s\"%s\" is not possible here; %s", prefix, excerpt,
                     choices.data == NULL ? "" : choices.data);
}

/* ---- Paths ----------------------------------------------------------------------------------------- */

/* RFC 3986 §3.1: a letter, then letters, digits, '+', '-', '.', then ':'. */
static bool has_scheme(const char *text)
{
    if (!isalpha((unsigned char)*text))
        return false;
    while (isalnum((unsigned char)*text) || *text == '+' || *text == '-' || *text == '.')
        text++;
    return *text == ':';
}

/* Relative to the file's folder when the file or the default names it; the shell's otherwise. */
static const char *path_resolve(const struct field *field, const char *text)
{
    bool beside_file =
        field->node == NULL || field->node->origin == NODE_FILE || field->node->origin == NODE_DEFAULT;
    if (!beside_file || *text == '\0' || *text == '/' || has_scheme(text))
        return text;
    while (strncmp(text, "./", 2) == 0 && field->config->folder[0] != '\0')
        text += 2;
    return arena_printf(&field->config->arena, "%s%s", field->config->folder, text);
}

static const char *text_for(const struct field *field, const char *text)
{
    if ((field->option->flags & SLUICE_OPTION_PATH) != 0)
        return path_resolve(field, text);
    return text;
}

/* ---- Lists ----------------------------------------------------------------------------------------- */

static enum sluice_status list_of_nodes(const struct field *field, struct sluice_list *ret_list)
{
    size_t n = 0;
    for (const struct node *item = field->node->first; item != NULL; item = item->next)
        n++;
    const char **items = arena_alloc(&field->config->arena, (n + 1) * sizeof *items);
    if (items == NULL)
        return error_no_memory(field->err);
    n = 0;
    for (const struct node *item = field->node->first; item != NULL; item = item->next) {
        if (item->kind != NODE_SCALAR || item->empty) {
            struct field at = *field;
            at.node = item;
            return refuse(&at, "an element of this list is no text");
        }
        items[n] = text_for(field, item->text);
        if (items[n++] == NULL)
            return error_no_memory(field->err);
    }
    *ret_list = (struct sluice_list){.items = items, .n_items = n};
    return SLUICE_OK;
}

/* "a, b" or "[a, b]". */
static enum sluice_status list_of_text(const struct field *field, const char *text,
                                       struct sluice_list *ret_list)
{
    struct sluice_cell rest = text_trim(text_of(text));
    if (rest.len >= 2 && rest.ptr[0] == '[' && rest.ptr[rest.len - 1] == ']')
        rest = text_trim((struct sluice_cell){.ptr = rest.ptr + 1, .len = rest.len - 2});
    size_t room = 1;
    for (uint32_t i = 0; i < rest.len; i++)
        room += rest.ptr[i] == ',';
    const char **items = arena_alloc(&field->config->arena, (room + 1) * sizeof *items);
    size_t n = 0;
    while (items != NULL && rest.len > 0) {
        const char *comma = memchr(rest.ptr, ',', rest.len);
        uint32_t length = comma == NULL ? rest.len : (uint32_t)(comma - rest.ptr);
        struct sluice_cell item = text_trim((struct sluice_cell){.ptr = rest.ptr, .len = length});
        const char *copy = arena_copy(&field->config->arena, item.ptr, item.len);
        items[n] = copy == NULL ? NULL : text_for(field, copy);
        if (items[n++] == NULL)
            return error_no_memory(field->err);
        uint32_t used = length + (comma != NULL);
        rest = (struct sluice_cell){.ptr = rest.ptr + used, .len = rest.len - used};
    }
    if (items == NULL)
        return error_no_memory(field->err);
    *ret_list = (struct sluice_list){.items = items, .n_items = n};
    return SLUICE_OK;
}

/* One scalar of the file is one element; elsewhere commas separate them. */
static enum sluice_status list_read(const struct field *field, const char *text, struct sluice_list *ret_list)
{
    if (field->node == NULL || field->node->origin != NODE_FILE)
        return list_of_text(field, text, ret_list);
    const char **items = arena_alloc(&field->config->arena, 2 * sizeof *items);
    if (items == NULL)
        return error_no_memory(field->err);
    items[0] = text_for(field, text);
    if (items[0] == NULL)
        return error_no_memory(field->err);
    *ret_list = (struct sluice_list){.items = items, .n_items = 1};
    return SLUICE_OK;
}

/* ---- Fields ---------------------------------------------------------------------------------------- */

static enum sluice_status string_read(const struct field *field, const char *text, const char **ret_field)
{
    const char *value = text_for(field, text);
    if (value == NULL)
        return error_no_memory(field->err);
    *ret_field = value;
    return SLUICE_OK;
}

static enum sluice_status text_read(const struct field *field, const char *text, const char *written,
                                    void *ret_field)
{
    bool good = false;
    switch ((enum sluice_option_type)field->option->type) {
    case SLUICE_OPTION_STRING:
        return string_read(field, text, ret_field);
    case SLUICE_OPTION_SECRET:
        return string_read(field, text, &((struct sluice_secret *)ret_field)->text);
    case SLUICE_OPTION_LIST:
        return list_read(field, text, ret_field);
    case SLUICE_OPTION_INT:
        good = value_int(text, ret_field);
        break;
    case SLUICE_OPTION_BOOL:
        good = value_bool(text, ret_field);
        break;
    case SLUICE_OPTION_DURATION:
        good = value_duration(text, ret_field);
        break;
    case SLUICE_OPTION_SIZE:
        good = value_size(text, ret_field);
        break;
    case SLUICE_OPTION_CHOICE:
        good = value_choice(text, field->option->choices, ret_field);
        break;
    }
    return good ? SLUICE_OK : refuse_value(field, written);
}

/* A secret that others can read is none. */
static enum sluice_status secret_check(const struct field *field)
{
    char prefix[NODE_PREFIX_SIZE];
    if (field->option->type != SLUICE_OPTION_SECRET || field->node->open_file == NULL)
        return SLUICE_OK;
    field_prefix(field, prefix);
    return error_set(field->err, SLUICE_CONFIG,
                     "%sthe file %.200s has mode %04o, so others may read this secret; "
                     "chmod 600 it",
                     prefix, field->node->open_file, field->node->open_mode);
}

enum sluice_status value_read(struct config *config, const struct node *node, const char *path,
                              const struct sluice_option *option, void *ret_field, struct sluice_error *err)
{
    const struct field field = {.config = config, .node = node, .path = path, .option = option, .err = err};
    if (node->kind == NODE_LIST && option->type == SLUICE_OPTION_LIST)
        return list_of_nodes(&field, ret_field);
    if (node->kind == NODE_LIST)
        return refuse(&field, "this is a list");
    if (node->kind == NODE_MAPPING)
        return refuse(&field, "this is a section");
    if (node->empty)
        return refuse(&field, "there is no value");
    if (*node->text == '\0' && (option->flags & SLUICE_OPTION_REQUIRED) != 0)
        return refuse(&field, "this is required and must not be empty");
    enum sluice_status status = secret_check(&field);
    return status != SLUICE_OK ? status : text_read(&field, node->text, node->written, ret_field);
}

/* Bytes of a field, for one that has neither value nor default. */
static size_t field_size(const struct sluice_option *option)
{
    static const size_t sizes[] = {
        [SLUICE_OPTION_STRING] = sizeof(char *),
        [SLUICE_OPTION_SECRET] = sizeof(struct sluice_secret),
        [SLUICE_OPTION_INT] = sizeof(int64_t),
        [SLUICE_OPTION_BOOL] = sizeof(bool),
        [SLUICE_OPTION_DURATION] = sizeof(struct sluice_duration),
        [SLUICE_OPTION_SIZE] = sizeof(struct sluice_size),
        [SLUICE_OPTION_CHOICE] = sizeof(struct sluice_choice),
        [SLUICE_OPTION_LIST] = sizeof(struct sluice_list),
    };
    return sizes[option->type];
}

enum sluice_status value_default(struct config *config, const char *path, const struct sluice_option *option,
                                 void *ret_field, struct sluice_error *err)
{
    const struct field field = {.config = config, .path = path, .option = option, .err = err};
    if (option->default_text == NULL) {
        memset(ret_field, 0, field_size(option));
        return SLUICE_OK;
    }
    return text_read(&field, option->default_text, option->default_text, ret_field);
}
