/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a reader: package, workbook, strings and styles are read when it is opened, the tab piece by
 * piece as batches are asked for. */
#include "formats/xlsx/xlsx.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "formats/xlsx/foreign.h"
#include "formats/xlsx/stream.h"
#include "formats/xlsx/workbook.h"

#include <stdio.h>
#include <string.h>

enum {
    FILLED_COLUMNS = 64 /* a title that is merged over the whole width fills no more where nothing else is */,
    NOTICE_CEILING = 2048
};

struct xlsx_reader {
    struct xlsx_package *package;
    struct xlsx_workbook workbook;
    struct xlsx_strings strings;
    struct xlsx_styles styles;
    struct xlsx_sheet_book book;
    struct xlsx_sheet sheet;
    struct xlsx_stream stream;
    bool at_end; /* of the part */
    struct xlsx_layout layout;
    char *notice, *link_template;
};

static struct xlsx_limits limits_of(const struct xlsx_limits *given)
{
    struct xlsx_limits limits = *given;
    limits.total_bytes = limits.total_bytes != 0 ? limits.total_bytes : XLSX_TOTAL_BYTES;
    limits.strings_bytes = limits.strings_bytes != 0 ? limits.strings_bytes : XLSX_STRINGS_BYTES;
    limits.cells = limits.cells != 0 ? limits.cells : XLSX_CELLS;
    limits.text_bytes = limits.text_bytes != 0 ? limits.text_bytes : XLSX_TEXT_BYTES;
    limits.grid_cells = limits.grid_cells != 0 ? limits.grid_cells : XLSX_GRID_CELLS;
    limits.entries = limits.entries != 0 ? limits.entries : XLSX_ENTRIES;
    limits.ratio = limits.ratio != 0 ? limits.ratio : XLSX_RATIO;
    limits.strings = limits.strings != 0 ? limits.strings : XLSX_STRINGS;
    limits.sheets = limits.sheets != 0 ? limits.sheets : XLSX_SHEETS;
    limits.field_bytes = limits.field_bytes != 0 ? limits.field_bytes : XLSX_FIELD_BYTES;
    limits.record_bytes = limits.record_bytes != 0 ? limits.record_bytes : XLSX_RECORD_BYTES;
    return limits;
}

static enum sluice_status package_take(const char *data, uint64_t size, const struct xlsx_options *given,
                                       struct xlsx_package **ret_package, struct sluice_error *err)
{
    struct xlsx_options options = *given;
    options.limits = limits_of(&given->limits);
    options.sheet = NULL;
    enum sluice_status status = xlsx_foreign_bytes(data, size, err);
    return status == SLUICE_OK ? xlsx_package_open(data, size, &options, ret_package, err) : status;
}

/* What was chosen without being asked for. */
static enum sluice_status tab_describe(struct xlsx_reader *reader, const struct xlsx_tab *tab,
                                       const char *asked, struct sluice_error *err)
{
    _cleanup_(buffer_free) struct buffer notice = BUFFER_INIT(NOTICE_CEILING);
    if (asprintf(&reader->link_template, "%s!{column}{row}", tab->title) < 0) {
        reader->link_template = NULL;
        return error_no_memory(err);
    }
    if (asked != NULL && !reader->workbook.is_guessed)
        return SLUICE_OK;
    buffer_printf(&notice, "read the tab '%s'", tab->title);
    if (reader->workbook.is_guessed)
        buffer_text(&notice, ", the only one; the workbook's list of its parts is damaged, save it again");
    if (reader->workbook.n > 1) {
        buffer_printf(&notice, ", the first visible one of %zu: ", reader->workbook.n);
        xlsx_tabs_list(&reader->workbook, &notice);
    }
    reader->notice = buffer_steal(&notice);
    return reader->notice == NULL ? error_no_memory(err) : SLUICE_OK;
}

static enum sluice_status book_read(struct xlsx_reader *reader, struct sluice_error *err)
{
    const struct xlsx_workbook *workbook = &reader->workbook;
    enum sluice_status status = SLUICE_OK;
    if (workbook->strings != XLSX_NO_PART)
        status = xlsx_strings_read(reader->package, workbook->strings, &reader->strings, err);
    if (status == SLUICE_OK && workbook->styles != XLSX_NO_PART)
        status = xlsx_styles_read(reader->package, workbook->styles, &reader->styles, err);
    return status;
}

static enum sluice_status tab_open(struct xlsx_reader *reader, const struct xlsx_tab *tab,
                                   struct sluice_error *err)
{
    uint32_t width = 0;
    enum sluice_status status =
        xlsx_merges_read(reader->package, tab->part, &reader->layout.merges, &width, err);
    if (status != SLUICE_OK)
        return status;
    reader->layout.merged_width = width < FILLED_COLUMNS ? width : FILLED_COLUMNS;
    reader->book = (struct xlsx_sheet_book){.options = &reader->package->options,
                                            .strings = &reader->strings,
                                            .styles = &reader->styles,
                                            .epoch = reader->workbook.epoch,
                                            .title = tab->title};
    xlsx_sheet_begin(&reader->sheet, &reader->book);
    status = xlsx_xml_open(reader->package, tab->part, XLSX_MUST_BE_WHOLE, &xlsx_sheet_events, &reader->sheet,
                           &reader->stream.xml, err);
    reader->sheet.xml = reader->stream.xml;
    reader->stream.sheet = &reader->sheet;
    return status;
}

static enum sluice_status reader_fill(struct xlsx_reader *reader, const struct sluice_document *document,
                                      const char *asked, struct sluice_error *err)
{
    const struct xlsx_tab *tab = NULL;
    reader->layout.limits = &reader->package->options.limits;
    reader->layout.pool = batch_pool_new(BATCH_CELLS);
    reader->layout.text = batch_text_of(document);
    if (reader->layout.pool == NULL || reader->layout.text == NULL)
        return error_no_memory(err);
    enum sluice_status status = xlsx_workbook_read(reader->package, &reader->workbook, err);
    if (status == SLUICE_OK)
        status = xlsx_tab_choose(&reader->workbook, asked, &tab, err);
    if (status == SLUICE_OK)
        status = tab_describe(reader, tab, asked, err);
    if (status == SLUICE_OK)
        status = book_read(reader, err);
    return status == SLUICE_OK ? tab_open(reader, tab, err) : status;
}

enum sluice_status xlsx_open(const char *data, uint64_t size, const struct sluice_document *document,
                             const struct xlsx_options *options, struct xlsx_reader **ret_reader,
                             struct sluice_error *err)
{
    struct xlsx_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return error_no_memory(err);
    enum sluice_status status = package_take(data, size, options, &reader->package, err);
    if (status == SLUICE_OK)
        status = reader_fill(reader, document, options->sheet, err);
    if (status != SLUICE_OK) {
        xlsx_close(reader);
        return status;
    }
    *ret_reader = reader;
    return SLUICE_OK;
}

enum sluice_status xlsx_next(struct xlsx_reader *reader, const struct sluice_batch **ret_batch,
                             struct sluice_error *err)
{
    while (!reader->at_end && !xlsx_rows_are_many(&reader->sheet.rows)) {
        enum sluice_status status = xlsx_stream_step(&reader->stream, err);
        reader->at_end = status == SLUICE_END;
        if (status != SLUICE_OK && status != SLUICE_END)
            return status;
    }
    return xlsx_rows_give(&reader->sheet.rows, &reader->layout, ret_batch, err);
}

void xlsx_close(struct xlsx_reader *reader)
{
    if (reader == NULL)
        return;
    xlsx_xml_close(reader->stream.xml);
    xlsx_stream_free(&reader->stream);
    xlsx_sheet_free(&reader->sheet);
    merges_free(reader->layout.merges);
    batch_text_release(reader->layout.text);
    batch_pool_release(reader->layout.pool);
    xlsx_styles_free(&reader->styles);
    xlsx_strings_free(&reader->strings);
    xlsx_workbook_free(&reader->workbook);
    xlsx_package_close(reader->package);
    free(reader->notice);
    free(reader->link_template);
    free(reader);
}

const char *xlsx_sheet(const struct xlsx_reader *reader)
{
    return reader->book.title;
}

const char *xlsx_notice(const struct xlsx_reader *reader)
{
    return reader->notice;
}

const char *xlsx_link_template(const struct xlsx_reader *reader)
{
    return reader->link_template;
}

uint64_t xlsx_uncalculated(const struct xlsx_reader *reader)
{
    return reader->sheet.n_uncalculated;
}

static enum sluice_status tabs_discover(struct xlsx_package *package, const struct xlsx_workbook *workbook,
                                        void (*found)(void *context,
                                                      const struct sluice_discovery *discovery),
                                        void *context, struct sluice_error *err)
{
    for (size_t i = 0; i < workbook->n; i++) {
        const struct xlsx_tab *tab = &workbook->tabs[i];
        struct sluice_discovery discovery = {
            .struct_size = sizeof discovery, .hidden = tab->hidden, .title = tab->title, .id = tab->title};
        if (tab->part == XLSX_NO_PART)
            continue;
        enum sluice_status status =
            xlsx_dimension_read(package, tab->part, &discovery.n_rows, &discovery.n_columns, err);
        if (status != SLUICE_OK)
            return status;
        found(context, &discovery);
    }
    return SLUICE_OK;
}

enum sluice_status xlsx_discover(const char *data, uint64_t size, const struct xlsx_options *options,
                                 void (*found)(void *context, const struct sluice_discovery *discovery),
                                 void *context, struct sluice_error *err)
{
    struct xlsx_package *package = NULL;
    struct xlsx_workbook workbook = {.n = 0};
    enum sluice_status status = package_take(data, size, options, &package, err);
    if (status == SLUICE_OK)
        status = xlsx_workbook_read(package, &workbook, err);
    if (status == SLUICE_OK)
        status = tabs_discover(package, &workbook, found, context, err);
    xlsx_workbook_free(&workbook);
    xlsx_package_close(package);
    return status;
}
