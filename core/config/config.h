/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The configuration: one YAML file (YAML 1.2, block or flow style), the environment and --set, as values that
 * know where they come from, and the way from there into a plugin's options struct. Nothing here knows a
 * section by name except the table of well-known environment variables.
 *
 * Precedence, the later wins: defaults, file, environment, --set.
 *
 * A path names a value: keys joined by dots, as in `store.path`. A key with a dot or a quote is written
 * `suppliers."Acme Inc.".currency`, with \" and \\ inside the quotes.
 *
 * An error's message starts with where the value stands: "FILE:LINE:COLUMN: ", "environment NAME: ", "--set
 * PATH: " or "default PATH: "; lines and columns count from 1, columns in characters. No message contains the
 * value of a secret or what a ${reference} was replaced by.
 *
 * [run] everywhere: a config belongs to one thread at a time.
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "base/error.h"

#include <sluice/plugin.h>

struct config;

/* ---- Loading --------------------------------------------------------------------------------------- */

#define CONFIG_FILE_LIMIT      (UINT64_C(1) << 20) /* bytes */
#define CONFIG_DEPTH_LIMIT     16                  /* mappings and lists inside each other */
#define CONFIG_VALUES_LIMIT    10000               /* keys and list elements of one file */
#define CONFIG_REFERENCE_LIMIT 65536               /* bytes of a referenced file */

/* Nothing of it is kept. */
struct config_input {
    const char *file;            /* NULL: none */
    const char *const *defaults; /* "path=value": what holds when nobody says otherwise */
    size_t n_defaults;
    const char *const *set; /* "path=value", as --set has it */
    size_t n_set;
    const char *const
        *environment; /* "NAME=value", ends with NULL; NULL: none. Also what ${env:NAME} reads */
};

/*
 * Values of the file may hold ${env:NAME}, ${env:NAME:-default} and ${file:PATH} (relative to the file's
 * folder, one trailing newline dropped); $${ stands for ${. They are replaced after parsing, so that no value
 * can add keys. SLUICE__SECTION__KEY=value sets section.key, lower-cased.
 */
enum sluice_status config_load(const struct config_input *input, struct config **ret_config,
                               struct sluice_error *err);
void config_free(struct config *config); /* accepts NULL */
static inline void config_freep(struct config **config)
{
    config_free(*config);
}

/*
 * For a message that starts with "FILE:LINE:COLUMN: ": that line of the file and a caret below, in two lines
 * that end with newlines. What looks like a secret is shown as ***. false, with ret_text untouched, when the
 * message has no position or the file can no longer be read.
 */
bool config_error_context(const char *message, char *ret_text, size_t size);

/* ---- Reading values -------------------------------------------------------------------------------- */

/* A key of a section and the path that leads to it. */
struct config_key {
    const char *key, *path;
};

/* The keys of a map such as `sources`, in the order of the file, then defaults; none when it is absent. Lives
 * as long as the config. CONFIG when it is no map. */
enum sluice_status config_keys(struct config *config, const char *path, const struct config_key **ret_keys,
                               size_t *ret_n, struct sluice_error *err);

/* The text of a value, or NULL when it is absent or no scalar. Lives as long as the config. */
const char *config_text(const struct config *config, const char *path);

/* The plugin that a section names. CONFIG when it names none. Lives as long as the config. */
enum sluice_status config_plugin(struct config *config, const char *section, const char **ret_name,
                                 struct sluice_error *err);

/* Fills every field that the table names from the section: its value, else the option's default. Keys that
 * are not in the table are left to others (config_check knows them all). On failure the struct may be half
 * filled. Texts and lists live as long as the config. */
enum sluice_status config_fill(struct config *config, const char *section,
                               const struct sluice_option *options, size_t n_options, void *ret_struct,
                               struct sluice_error *err);

/* The same for a section that only overrides: a field whose key is absent keeps what it has. */
enum sluice_status config_override(struct config *config, const char *section,
                                   const struct sluice_option *options, size_t n_options, void *ret_struct,
                                   struct sluice_error *err);

/* For a check that only the value's user can make (ranges, combinations): CONFIG with the value's place
 * before the message; the place of its section when the value itself is absent. The message may be made of *err's. */
enum sluice_status config_value_error(const struct config *config, const char *path, struct sluice_error *err,
                                      const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Parses one "name=value" as `preview -o` has it into the field of a struct that was filled before. */
enum sluice_status config_assign(struct config *config, const char *assignment,
                                 const struct sluice_option *options, size_t n_options, void *ret_struct,
                                 struct sluice_error *err);

/* ---- Sections -------------------------------------------------------------------------------------- */

struct config_table {
    const struct sluice_option *options;
    size_t n_options;
};

/* A plugin that a section may name. */
struct config_plugin {
    const char *name, *summary;
    struct config_table table;
};

enum config_section_kind {
    CONFIG_SECTION,        /* log: {level: info} */
    CONFIG_PLUGIN_SECTION, /* store: {plugin: sqlite, path: sluice.db} */
    CONFIG_PLUGIN_MAP,     /* sources: {csv: {plugin: csv-stub}} */
    CONFIG_OVERRIDE_MAP, /* suppliers: {Acme Ltd: {currency: EUR}}: nothing is required, nothing has a default
                          */
};

struct config_section {
    const char *name, *help;
    enum config_section_kind kind;
    const struct config_table *tables; /* of the section itself, or of every entry of the map */
    size_t n_tables;
    const struct config_plugin *plugins; /* what `plugin:` may name, for the two plugin kinds */
    size_t n_plugins;
};

enum config_severity { CONFIG_NOTE, CONFIG_ERROR };

struct config_report {
    /* `message` is one line; config_error_context () may add to it. */
    void (*say)(void *context, enum config_severity severity, const char *message);
    void *context;
};

/*
 * Checks the whole configuration against all sections: unknown sections and keys (with the nearest known
 * one), types, required options. Reports each error and returns how many there were. A well-known environment
 * variable that nothing here uses is a note.
 */
size_t config_check(struct config *config, const struct config_section *sections, size_t n_sections,
                    const struct config_report *report);

/* ---- Describing ------------------------------------------------------------------------------------ */

enum config_show_style { CONFIG_SHOW_PLAIN, CONFIG_SHOW_ORIGIN };

/* The effective configuration as YAML, defaults included, secrets as ***; with CONFIG_SHOW_ORIGIN each value
 * has
 * "# where it comes from". The caller frees it. */
enum sluice_status config_show(struct config *config, const struct config_section *sections,
                               size_t n_sections, enum config_show_style style, char **ret_yaml,
                               struct sluice_error *err);

/* A JSON Schema (draft 2020-12) of the configuration file. The caller frees it. */
enum sluice_status config_schema(const struct config_section *sections, size_t n_sections, char **ret_json,
                                 struct sluice_error *err);

/* The option table of a README: "| option | type | default | what it does |" and its rows. The caller frees
 * it. */
enum sluice_status config_option_table_markdown(const struct sluice_option *options, size_t n_options,
                                                char **ret_markdown, struct sluice_error *err);

/* The same for a terminal, two lines an option. The caller frees it. */
enum sluice_status config_option_help(const struct sluice_option *options, size_t n_options, char **ret_text,
                                      struct sluice_error *err);

#endif
