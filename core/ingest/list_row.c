/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One row after the header becomes an item, a reject, or is skipped. Skipped is only what cannot be an item:
 * blank and hidden rows, the header repeated, totals, and rows without SKU and price. The first problem, in
 * the order SKU, name, price, names the reject.
 */
#include "ingest/list_reader.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "ingest/cell_text.h"
#include "ingest/formula_error.h"
#include "ingest/price.h"

#include <stdio.h>
#include <string.h>

enum { SKU_MAX = 255, NAME_MAX_CHARACTERS = 500 };

/* The cells of one row that make an item. */
struct row_fields {
    struct sluice_cell sku, name, price;
};

static int column_of(const struct list_reader *reader, enum field field)
{
    return reader->sheet.mapping->field_column[field];
}

static enum sluice_status reject(struct list_reader *reader, const struct sheet_row *row, enum reason reason,
                                 enum field field, struct sluice_error *err)
{
    char detail[64] = "";
    struct sluice_cell cell = cell_trim(sheet_row_cell(row, column_of(reader, field)));
    if (reason == REASON_FORMULA_ERROR)
        snprintf(detail, sizeof detail, "%.*s:", (int)cell.len, cell.ptr);
    struct reject_note note = {.reason = reason,
                               .field = field_name(field),
                               .column = column_of(reader, field),
                               .excerpt = cell,
                               .detail = detail[0] == '\0' ? NULL : detail};
    if (!rejects_add(&reader->sheet.rejects, row, &note))
        return error_no_memory(err);
    reader->report.figures.rejected++;
    return list_rejects_flush(reader, LIST_REJECTS_AT_ONCE, err);
}

/* ---- Which rows are none ------------------------------------------------------------------------------- */

static bool repeats_header(const struct list_reader *reader, const struct row_fields *fields)
{
    const struct sluice_cell cells[LIST_KEY_FIELDS] = {fields->sku, fields->name, fields->price};
    for (uint32_t row = 0; row < reader->n_header_rows; row++) {
        uint32_t equal = 0, filled = 0;
        for (uint32_t i = 0; i < LIST_KEY_FIELDS; i++) {
            equal += text_equal(cells[i], reader->header_cells[row][i]);
            filled += cells[i].len > 0;
        }
        if (equal == LIST_KEY_FIELDS && filled > 0)
            return true;
    }
    return false;
}

/* A code has a digit and no space. A failed formula hides what stood there. */
static bool looks_like_words(struct sluice_cell text)
{
    bool digit = formula_error(text);
    for (uint32_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == ' ')
            return true;
        digit |= text.ptr[i] >= '0' && text.ptr[i] <= '9';
    }
    return !digit;
}

/* Called for rows that lack one of the three fields. */
static bool is_no_item(const struct sheet_row *row, const struct row_fields *fields)
{
    uint32_t column;
    if (fields->sku.len == 0 && fields->price.len == 0)
        return true; /* a title, a section's heading, a footer */
    if ((fields->sku.len == 0 || fields->name.len == 0) &&
        sheet_text_is_total(sheet_row_first_filled(row, &column)))
        return true;
    /* A heading in the SKU's column stands alone in its row. */
    return fields->name.len == 0 && fields->price.len == 0 && sheet_row_filled(row) == 1 &&
           looks_like_words(fields->sku);
}

/* ---- The fields -----------------------------------------------------------------------------------------
 */

static bool digits_until(struct sluice_cell text, uint32_t *i)
{
    uint32_t from = *i;
    while (*i < text.len && text.ptr[*i] >= '0' && text.ptr[*i] <= '9')
        (*i)++;
    return *i > from;
}

/* "4.00638E+12", "4E+12", "4,00638E12": what a spreadsheet makes of a long number. "12E3" may be a code. */
static bool is_scientific(struct sluice_cell text)
{
    uint32_t i = 0;
    if (text.len < 4 || (text.ptr[text.len - 1] < '0' || text.ptr[text.len - 1] > '9') ||
        !digits_until(text, &i))
        return false;
    bool point = i < text.len && (text.ptr[i] == '.' || text.ptr[i] == ',');
    i += point;
    if (point && !digits_until(text, &i))
        return false;
    if (i >= text.len || (text.ptr[i] | 0x20) != 'e')
        return false;
    i++;
    bool plus = i < text.len && text.ptr[i] == '+';
    i += plus;
    return digits_until(text, &i) && i == text.len && (plus || point);
}

/* All digits of a number that is only displayed in short. */
static bool is_whole_number(struct sluice_cell raw)
{
    enum { EXACT_DIGITS = 15 };
    uint32_t i = 0;
    return raw.len <= EXACT_DIGITS && digits_until(raw, &i) && i == raw.len && raw.ptr[0] != '0';
}

static enum reason text_reason(struct sluice_cell text)
{
    switch (text_fault(text)) {
    case TEXT_NUL:
        return REASON_NUL_BYTE;
    case TEXT_NOT_UTF8:
        return REASON_BAD_TEXT;
    default:
        return text.ptr[0] == '#' && formula_error(text) ? REASON_FORMULA_ERROR : REASON_COUNT;
    }
}

/* REASON_COUNT when all is well. A SKU displayed in short is taken from the number behind it. */
static enum reason sku_check(struct list_reader *reader, const struct sheet_row *row, struct sluice_cell *sku)
{
    if (sku->len == 0)
        return REASON_SKU_MISSING;
    if (text_is_longer(*sku, SKU_MAX))
        return REASON_SKU_TOO_LONG;
    if (!is_scientific(*sku))
        return text_reason(*sku);
    struct sluice_cell raw = sheet_row_raw(row, column_of(reader, FIELD_SKU));
    if (!is_whole_number(raw))
        return REASON_SKU_SCIENTIFIC;
    *sku = raw;
    return REASON_COUNT;
}

static enum reason name_check(struct sluice_cell name)
{
    if (name.len == 0)
        return REASON_NAME_MISSING;
    if (text_is_longer(name, NAME_MAX_CHARACTERS))
        return REASON_NAME_TOO_LONG;
    return text_reason(name);
}

static enum reason price_reason(enum price_status status)
{
    switch (status) {
    case PRICE_OK:
        return REASON_COUNT;
    case PRICE_AMBIGUOUS:
        return REASON_PRICE_AMBIGUOUS;
    case PRICE_MISSING:
        return REASON_PRICE_MISSING;
    case PRICE_NEGATIVE:
        return REASON_PRICE_NEGATIVE;
    case PRICE_RANGE:
        return REASON_PRICE_RANGE;
    case PRICE_FORMULA_ERROR:
        return REASON_FORMULA_ERROR;
    default:
        return REASON_PRICE_NOT_A_NUMBER;
    }
}

/* Named beside the price, else in the currency's column, else by header or option. False when it is no
 * currency. */
static bool currency_choose(const struct list_reader *reader, const struct sheet_row *row,
                            struct price *price)
{
    struct sluice_cell cell = cell_trim(sheet_row_cell(row, column_of(reader, FIELD_CURRENCY)));
    if (price->currency[0] != '\0')
        return true;
    if (cell.len > 0)
        return currency_find(cell, price->currency);
    memcpy(price->currency, reader->currency, CURRENCY_SIZE);
    return true;
}

/* ---- The item --------------------------------------------------------------------------------------------
 */

/* Puts the row's characteristics into the open item. A fault rejects the row: *ret_rejected. */
static enum sluice_status characteristics_add(struct list_reader *reader, const struct sheet_row *row,
                                              bool *ret_rejected, struct sluice_error *err)
{
    enum text_fault fault;
    uint32_t column = 0;
    *ret_rejected = true;
    struct reject_note note = {.reason = REASON_ROW_TOO_LARGE, .column = -1};
    switch (characteristics_write(&reader->characteristics, row, &reader->items.text, &fault, &column)) {
    case CHARACTERISTICS_OK:
        *ret_rejected = false;
        return SLUICE_OK;
    case CHARACTERISTICS_FAULT:
        note.reason = fault == TEXT_NUL ? REASON_NUL_BYTE : REASON_BAD_TEXT;
        note.column = (int)column;
        note.field = reader->sheet.mapping->columns[column].key;
        note.excerpt = row->cells[column];
        break;
    case CHARACTERISTICS_TOO_LARGE:
        break;
    default:
        return error_no_memory(err);
    }
    item_batch_drop(&reader->items);
    if (!rejects_add(&reader->sheet.rejects, row, &note))
        return error_no_memory(err);
    reader->report.figures.rejected++;
    return list_rejects_flush(reader, LIST_REJECTS_AT_ONCE, err);
}

/* Takes the open item's characteristics and sets the row aside. Beyond the ceiling what waits is decided
 * first. */
static enum sluice_status set_aside(struct list_reader *reader, const struct sheet_row *row,
                                    const struct row_fields *fields, const struct price *price,
                                    struct sluice_error *err)
{
    struct waiting_row waiting = {
        .line = row->line, .sku = fields->sku, .name = fields->name, .price = fields->price};
    waiting.characteristics = item_batch_characteristics(&reader->items);
    memcpy(waiting.currency, price->currency, CURRENCY_SIZE);
    bool kept = waiting_add(&reader->waiting, &waiting);
    item_batch_drop(&reader->items);
    if (kept)
        return SLUICE_OK;
    convention_decide(&reader->convention);
    enum sluice_status status = list_waiting_release(reader, err);
    return status == SLUICE_OK ? list_row_read(reader, row, err) : status;
}

static enum sluice_status item_add(struct list_reader *reader, const struct sheet_row *row,
                                   const struct row_fields *fields, enum price_status priced,
                                   const struct price *price, struct sluice_error *err)
{
    bool rejected;
    item_batch_open(&reader->items, fields->name, price->value, price->currency);
    enum sluice_status status = characteristics_add(reader, row, &rejected, err);
    if (status != SLUICE_OK || rejected)
        return status;
    if (priced == PRICE_AMBIGUOUS)
        return set_aside(reader, row, fields, price, err);
    reader->report.figures.rounded += price->rounded;
    return item_batch_close(&reader->items, fields->sku, fields->name, price->value, row->line, err);
}

static enum sluice_status fields_read(struct list_reader *reader, const struct sheet_row *row,
                                      struct row_fields *fields, struct sluice_error *err)
{
    enum reason reason = sku_check(reader, row, &fields->sku);
    if (reason != REASON_COUNT)
        return reject(reader, row, reason, FIELD_SKU, err);
    reason = name_check(fields->name);
    if (reason != REASON_COUNT)
        return reject(reader, row, reason, FIELD_NAME, err);
    struct price price;
    enum price_status priced = price_parse(fields->price, sheet_row_raw(row, column_of(reader, FIELD_PRICE)),
                                           reader->convention.mark, &price);
    bool undecided = priced == PRICE_AMBIGUOUS && !reader->convention.decided;
    if (priced != PRICE_OK && !undecided)
        return reject(reader, row, price_reason(priced), FIELD_PRICE, err);
    if (!currency_choose(reader, row, &price))
        return reject(reader, row, REASON_CURRENCY_UNKNOWN, FIELD_CURRENCY, err);
    enum sluice_status status = item_add(reader, row, fields, priced, &price, err);
    if (status != SLUICE_OK || reader->convention.decided)
        return status;
    convention_add(&reader->convention, price.evidence, row->line);
    return reader->convention.decided ? list_waiting_release(reader, err) : SLUICE_OK;
}

static struct row_fields fields_of(const struct list_reader *reader, const struct sheet_row *row)
{
    return (struct row_fields){
        .sku = cell_trim(sheet_row_cell(row, column_of(reader, FIELD_SKU))),
        .name = cell_trim(sheet_row_cell(row, column_of(reader, FIELD_NAME))),
        .price = cell_trim(sheet_row_cell(row, column_of(reader, FIELD_PRICE))),
    };
}

static bool is_skipped(const struct list_reader *reader, const struct sheet_row *row,
                       const struct row_fields *fields)
{
    bool lacks = fields->sku.len == 0 || fields->name.len == 0 || fields->price.len == 0;
    return (lacks && is_no_item(row, fields)) || repeats_header(reader, fields);
}

bool list_row_is_no_item(const struct list_reader *reader, const struct sheet_row *row)
{
    const struct row_fields fields = fields_of(reader, row);
    return is_skipped(reader, row, &fields);
}

enum sluice_status list_row_read(struct list_reader *reader, const struct sheet_row *row,
                                 struct sluice_error *err)
{
    struct row_fields fields = fields_of(reader, row);
    if (is_skipped(reader, row, &fields))
        return sheet_reader_skip(&reader->sheet);
    return fields_read(reader, row, &fields, err);
}

/* ---- What waited ------------------------------------------------------------------------------------------
 */

static enum sluice_status waiting_decide(struct list_reader *reader, const struct waiting_row *waiting,
                                         struct sluice_error *err)
{
    struct price price;
    struct sluice_cell none = {.ptr = NULL};
    enum price_status priced = price_parse(waiting->price, none, reader->convention.mark, &price);
    if (priced == PRICE_OK) {
        struct buffer *text = &reader->items.text;
        item_batch_open(&reader->items, waiting->name, price.value, waiting->currency);
        buffer_append(text, waiting->characteristics.ptr, waiting->characteristics.len);
        reader->report.figures.rounded += price.rounded;
        return item_batch_close(&reader->items, waiting->sku, waiting->name, price.value, waiting->line, err);
    }
    struct sheet_row row = {.line = waiting->line};
    struct reject_note note = {.reason = price_reason(priced),
                               .field = field_name(FIELD_PRICE),
                               .column = column_of(reader, FIELD_PRICE),
                               .excerpt = waiting->price};
    if (!rejects_add(&reader->sheet.rejects, &row, &note))
        return error_no_memory(err);
    reader->report.figures.rejected++;
    return list_rejects_flush(reader, LIST_REJECTS_AT_ONCE, err);
}

enum sluice_status list_waiting_release(struct list_reader *reader, struct sluice_error *err)
{
    for (size_t i = 0; i < reader->waiting.n; i++) {
        enum sluice_status status = waiting_decide(reader, &reader->waiting.rows[i], err);
        if (status != SLUICE_OK)
            return status;
    }
    enum sluice_status status = item_batch_flush(&reader->items, err);
    waiting_clear(&reader->waiting);
    return status;
}

enum sluice_status list_rejects_flush(struct list_reader *reader, size_t at_least, struct sluice_error *err)
{
    if (reader->sheet.rejects.n == 0 || reader->sheet.rejects.n < at_least)
        return SLUICE_OK;
    enum sluice_status status = reader->sink->rejects(reader->sink->context, reader->sheet.rejects.items,
                                                      reader->sheet.rejects.n, err);
    rejects_clear(&reader->sheet.rejects);
    return status;
}
