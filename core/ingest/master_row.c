/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One row of the master sheet. A row that names a supplier is present, whatever else is wrong with it: it
 * becomes a supplier marked invalid, and a reject that says why. The first problem counts.
 */
#include "ingest/master_reader.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "ingest/cell_text.h"
#include "ingest/formula_error.h"
#include "ingest/supplier_format.h"

#include <stdio.h>
#include <string.h>

enum { SUPPLIER_NAME_MAX = 255, URL_MAX = 2048 };

static struct sluice_cell field_cell(const struct master_reader *reader, const struct sheet_row *row,
                                     enum master_field field)
{
    return text_trim(sheet_row_cell(row, reader->sheet.mapping->field_column[field]));
}

static enum sluice_status reject(struct master_reader *reader, const struct sheet_row *row,
                                 enum reason reason, enum master_field field, const char *detail,
                                 struct sluice_error *err)
{
    struct reject_note note = {.reason = reason,
                               .field = reader->sheet.mapping->rules[field].name,
                               .column = reader->sheet.mapping->field_column[field],
                               .excerpt = field_cell(reader, row, field),
                               .detail = detail};
    return rejects_add(&reader->sheet.rejects, row, &note) ? SLUICE_OK : error_no_memory(err);
}

/* ---- What may be wrong --------------------------------------------------------------------------------- */

static enum reason text_reason(struct sluice_cell text)
{
    enum text_fault fault = text_fault(text);
    if (fault != TEXT_FINE)
        return fault == TEXT_NUL ? REASON_NUL_BYTE : REASON_BAD_TEXT;
    return formula_error(text) ? REASON_FORMULA_ERROR : REASON_COUNT;
}

static enum reason name_check(struct sluice_cell name)
{
    if (name.len == 0)
        return REASON_SUPPLIER_NAME_MISSING;
    return text_is_longer(name, SUPPLIER_NAME_MAX) ? REASON_SUPPLIER_NAME_TOO_LONG : text_reason(name);
}

static enum reason url_check(struct sluice_cell url)
{
    if (url.len == 0)
        return REASON_URL_MISSING;
    if (text_reason(url) != REASON_COUNT)
        return text_reason(url);
    for (uint32_t i = 0; i < url.len; i++)
        if ((unsigned char)url.ptr[i] < ' ' || url.ptr[i] == 0x7f)
            return REASON_URL_INVALID;
    return url.len > URL_MAX ? REASON_URL_INVALID : REASON_COUNT;
}

/* REASON_COUNT, or the first problem after the name's, with its field. */
static enum reason supplier_check(const struct master_reader *reader, const struct sheet_row *row,
                                  enum master_field *ret_field)
{
    *ret_field = MASTER_URL;
    enum reason reason = url_check(field_cell(reader, row, MASTER_URL));
    if (reason != REASON_COUNT)
        return reason;
    *ret_field = MASTER_FORMAT;
    struct sluice_cell format = field_cell(reader, row, MASTER_FORMAT);
    if (format.len == 0)
        return REASON_FORMAT_MISSING;
    if (supplier_format_find(format, reader->formats, reader->n_formats) == NULL)
        return REASON_FORMAT_UNKNOWN;
    *ret_field = MASTER_ACTIVE;
    if (supplier_switch_read(field_cell(reader, row, MASTER_ACTIVE)) == SWITCH_UNKNOWN)
        return REASON_ACTIVE_UNKNOWN;
    *ret_field = MASTER_NOTES;
    return text_fault(field_cell(reader, row, MASTER_NOTES)) == TEXT_FINE
               ? REASON_COUNT
               : text_reason(field_cell(reader, row, MASTER_NOTES));
}

static enum sluice_status reject_invalid(struct master_reader *reader, const struct sheet_row *row,
                                         enum reason reason, enum master_field field,
                                         struct sluice_error *err)
{
    char detail[256];
    struct sluice_cell cell = field_cell(reader, row, field);
    if (reason == REASON_FORMAT_UNKNOWN)
        snprintf(detail, sizeof detail, "Supported are %s.", reader->formats_text);
    else if (reason == REASON_FORMULA_ERROR)
        snprintf(detail, sizeof detail, "%.*s:", (int)cell.len, cell.ptr);
    bool detailed = reason == REASON_FORMAT_UNKNOWN || reason == REASON_FORMULA_ERROR;
    return reject(reader, row, reason, field, detailed ? detail : NULL, err);
}

/* ---- The supplier ----------------------------------------------------------------------------------------
 */

static const char *cell_text(struct master_reader *reader, const struct sheet_row *row,
                             enum master_field field)
{
    struct sluice_cell cell = field_cell(reader, row, field);
    return arena_copy(&reader->arena, cell.len == 0 ? "" : cell.ptr, cell.len);
}

static enum sluice_status supplier_add(struct master_reader *reader, const struct sheet_row *row,
                                       const char *key, uint32_t flags, struct sluice_error *err)
{
    struct sluice_cell format = field_cell(reader, row, MASTER_FORMAT);
    const char *source_type = supplier_format_find(format, reader->formats, reader->n_formats);
    struct sluice_supplier supplier = {
        .struct_size = sizeof supplier,
        .flags = flags,
        .key = arena_text(&reader->arena, key),
        .name = cell_text(reader, row, MASTER_NAME),
        .source_type = source_type != NULL ? source_type : cell_text(reader, row, MASTER_FORMAT),
        .source_url = cell_text(reader, row, MASTER_URL),
        .line = row->line,
    };
    bool notes = text_fault(field_cell(reader, row, MASTER_NOTES)) == TEXT_FINE &&
                 field_cell(reader, row, MASTER_NOTES).len > 0;
    if (notes)
        supplier.notes = cell_text(reader, row, MASTER_NOTES);
    bool complete = supplier.key != NULL && supplier.name != NULL && supplier.source_type != NULL &&
                    supplier.source_url != NULL && (!notes || supplier.notes != NULL);
    if (!complete || !supplier_set_add(&reader->suppliers, &supplier))
        return error_no_memory(err);
    reader->report.n_valid += (flags & SLUICE_SUPPLIER_INVALID) == 0;
    return SLUICE_OK;
}

/* The first of two rows counts; the other says where that one is. */
static enum sluice_status reject_duplicate(struct master_reader *reader, const struct sheet_row *row,
                                           const struct sluice_supplier *first, struct sluice_error *err)
{
    char detail[96];
    snprintf(detail, sizeof detail, "Row %llu repeats the supplier of row %llu, which counts.",
             (unsigned long long)row->line, (unsigned long long)first->line);
    return reject(reader, row, REASON_DUPLICATE_SUPPLIER, MASTER_NAME, detail, err);
}

/* A row with only one filled cell that is not the name, or the header once more. */
static bool is_no_supplier(const struct master_reader *reader, const struct sheet_row *row)
{
    if (field_cell(reader, row, MASTER_NAME).len == 0 && field_cell(reader, row, MASTER_URL).len == 0)
        return true;
    for (size_t i = 0; i < reader->sheet.search.n_rows; i++) {
        const struct sheet_row *header = &reader->sheet.search.rows[i];
        bool equal = header->line >= reader->sheet.mapping->header_first_line &&
                     header->line <= reader->sheet.mapping->header_last_line;
        for (int field = MASTER_NAME; field <= MASTER_FORMAT && equal; field++)
            equal = text_equal(field_cell(reader, header, (enum master_field)field),
                               field_cell(reader, row, (enum master_field)field));
        if (equal)
            return true;
    }
    return false;
}

enum sluice_status master_row_read(struct master_reader *reader, const struct sheet_row *row,
                                   struct sluice_error *err)
{
    if (is_no_supplier(reader, row))
        return sheet_reader_skip(&reader->sheet);
    struct sluice_cell name = field_cell(reader, row, MASTER_NAME);
    enum reason reason = name_check(name);
    if (reason != REASON_COUNT)
        return reject_invalid(reader, row, reason, MASTER_NAME, err);
    _cleanup_free_ char *key = supplier_key(name);
    if (key == NULL)
        return error_no_memory(err);
    if (key[0] == '\0')
        return reject_invalid(reader, row, REASON_SUPPLIER_NAME_MISSING, MASTER_NAME, err);
    const struct sluice_supplier *first = supplier_set_find(&reader->suppliers, key);
    if (first != NULL)
        return reject_duplicate(reader, row, first, err);
    enum master_field field;
    reason = supplier_check(reader, row, &field);
    bool active = supplier_switch_read(field_cell(reader, row, MASTER_ACTIVE)) == SWITCH_ON;
    if (reason == REASON_COUNT)
        return supplier_add(reader, row, key, active ? SLUICE_SUPPLIER_ACTIVE : 0, err);
    enum sluice_status status = supplier_add(reader, row, key, SLUICE_SUPPLIER_INVALID, err);
    return status == SLUICE_OK ? reject_invalid(reader, row, reason, field, err) : status;
}
