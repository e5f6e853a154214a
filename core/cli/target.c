/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/target.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/store_reader.h"
#include "ingest/master.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

struct supplier_row {
    struct arena *arena;
    struct target *target;
};

static enum sluice_status take_supplier(void *context, const struct sluice_column *columns,
                                        const struct sluice_cell *cells, size_t n)
{
    struct supplier_row *row = context;
    struct sluice_cell url = column_cell(columns, cells, n, "source_url");
    struct sluice_cell format = column_cell(columns, cells, n, "source_type");
    struct sluice_cell name = column_cell(columns, cells, n, "name");
    row->target->location = arena_copy(row->arena, url.ptr, url.len);
    row->target->format = arena_copy(row->arena, format.ptr, format.len);
    row->target->supplier = arena_copy(row->arena, name.ptr, name.len);
    return SLUICE_OK;
}

static enum sluice_status find_supplier(struct composition *composition, const char *name,
                                        struct target *ret_target, struct sluice_error *err)
{
    _cleanup_(store_reader_close) struct store_reader reader = {0};
    _cleanup_free_ char *key = supplier_key(text_of(name));
    struct target target = {0};
    struct supplier_row row = {&composition->arena, &target};
    const struct sluice_sink sink = {&row, take_supplier};
    const struct sluice_query query = {
        .struct_size = sizeof query, .what = SLUICE_QUERY_SUPPLIERS, .key = key, .limit = 1};
    if (key == NULL)
        return error_no_memory(err);
    enum sluice_status status = store_reader_open(composition, &reader, err);
    if (status == SLUICE_OK)
        status = store_reader_query(&reader, &query, &sink, err);
    if (status == SLUICE_END || (status == SLUICE_OK && target.location == NULL))
        return error_set(
            err, SLUICE_CONFIG,
            "'%s' is no file here and no supplier in the store; check its name, or `sluice suppliers`", name);
    if (status == SLUICE_OK)
        *ret_target = target;
    return status;
}

/* The file that is meant, or NULL: "prices.xlsx#Winter" is a tab of prices.xlsx unless a file is called so.
 */
static const char *file_named(struct arena *arena, const char *named)
{
    const char *hash = strrchr(named, '#');
    if (strstr(named, "://") != NULL)
        return NULL;
    if (access(named, F_OK) == 0 || hash == NULL)
        return access(named, F_OK) == 0 ? named : NULL;
    const char *file = arena_copy(arena, named, (size_t)(hash - named));
    return file != NULL && access(file, F_OK) == 0 ? file : NULL;
}

enum sluice_status target_find(const struct invocation *invocation, struct composition *composition,
                               struct target *ret_target, struct sluice_error *err)
{
    const char *named = invocation->arguments[0];
    const char *format = given_text(invocation, OPTION_FORMAT);
    const char *file = file_named(&composition->arena, named);
    enum sluice_status status = SLUICE_OK;
    struct target target = {named, source_format_of(named), NULL};
    if (strncmp(named, "file://", 7) == 0)
        status = compose_allow_file(composition, named + 7, err);
    else if (file != NULL)
        status = compose_allow_file(composition, file, err);
    else if (strstr(named, "://") == NULL)
        status = find_supplier(composition, named, &target, err);
    if (status != SLUICE_OK)
        return status;
    if (format != NULL)
        target.format = format;
    *ret_target = target;
    return SLUICE_OK;
}

enum sluice_status target_source(const struct invocation *invocation, struct composition *composition,
                                 const struct target *target, struct sync_source *ret_source,
                                 struct sluice_error *err)
{
    struct sync_source source;
    size_t n = 0;
    _cleanup_free_ const char **assignments = given_all(invocation, OPTION_ASSIGN, &n);
    enum sluice_status status =
        source_book_find(composition->book, target->supplier, target->format, &source, err);
    if (status == SLUICE_OK)
        status = source_book_assign(composition->book, &source, assignments, n, ret_source, err);
    return status;
}
