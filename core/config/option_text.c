/* SPDX-License-Identifier: Apache-2.0 */
/* An option table for readers: the rows of a README's table, and the text of `sluice plugin info`. */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "config/value.h"

#include <string.h>

static void put_escaped(struct buffer *text, const char *cell)
{
    for (; *cell != '\0'; cell++) {
        if (*cell == '|')
            buffer_byte(text, '\\');
        buffer_byte(text, *cell);
    }
}

/* "choice: a, b, c" or the type's name. */
static void put_type(struct buffer *text, const struct sluice_option *option)
{
    buffer_text(text, value_type_name(option));
    for (size_t i = 0; option->type == SLUICE_OPTION_CHOICE && option->choices[i] != NULL; i++)
        buffer_printf(text, "%s%s", i == 0 ? ": " : ", ", option->choices[i]);
}

static void put_default_markdown(struct buffer *text, const struct sluice_option *option)
{
    if (option->default_text != NULL && *option->default_text != '\0') {
        buffer_byte(text, '`');
        put_escaped(text, option->default_text);
        buffer_byte(text, '`');
    } else if ((option->flags & SLUICE_OPTION_REQUIRED) != 0) {
        buffer_text(text, "required");
    }
}

static enum sluice_status text_give(struct buffer *text, char **ret_text, struct sluice_error *err)
{
    char *stolen = buffer_steal(text);
    if (stolen == NULL)
        return error_no_memory(err);
    *ret_text = stolen;
    return SLUICE_OK;
}

enum sluice_status config_option_table_markdown(const struct sluice_option *options, size_t n_options,
                                                char **ret_markdown, struct sluice_error *err)
{
    _cleanup_(buffer_free) struct buffer text = BUFFER_INIT(CONFIG_FILE_LIMIT);
    buffer_text(&text, "| option | type | default | what it does |\n|---|---|---|---|\n");
    for (size_t i = 0; i < n_options; i++) {
        buffer_printf(&text, "| `%s` | ", options[i].name);
        put_type(&text, &options[i]);
        buffer_text(&text, " | ");
        put_default_markdown(&text, &options[i]);
        buffer_text(&text, " | ");
        put_escaped(&text, options[i].help == NULL ? "" : options[i].help);
        buffer_text(&text, " |\n");
    }
    return text_give(&text, ret_markdown, err);
}

enum sluice_status config_option_help(const struct sluice_option *options, size_t n_options, char **ret_text,
                                      struct sluice_error *err)
{
    _cleanup_(buffer_free) struct buffer text = BUFFER_INIT(CONFIG_FILE_LIMIT);
    for (size_t i = 0; i < n_options; i++) {
        const struct sluice_option *option = &options[i];
        buffer_printf(&text, "  %s (", option->name);
        put_type(&text, option);
        if ((option->flags & SLUICE_OPTION_REQUIRED) != 0)
            buffer_text(&text, ", required");
        if (option->default_text != NULL)
            buffer_printf(&text, ", default %s",
                          *option->default_text == '\0' ? "\"\"" : option->default_text);
        buffer_printf(&text, ")\n      %s\n", option->help == NULL ? "" : option->help);
    }
    return text_give(&text, ret_text, err);
}
