/* SPDX-License-Identifier: Apache-2.0 */
/* A scanner that knows little and gives up at once: whatever is not exactly what it expects is OTHER. */
#include "formats/xlsx/plain.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { CELLS_MAX = 4096 };

/* Where the scanner is; `fault` once it met what it does not know. */
struct scan {
    const char *at, *end;
    enum plain_result fault; /* PLAIN_ROW: none so far */
};

static bool fail(struct scan *scan, enum plain_result fault)
{
    scan->fault = fault;
    return false;
}

/* Takes these bytes if they come next. Inline, so that a word of known length is compared as a number. */
static inline bool take(struct scan *scan, const char *word, size_t n)
{
    size_t left = (size_t)(scan->end - scan->at);
    if (left < n)
        return memcmp(scan->at, word, left) == 0 ? fail(scan, PLAIN_CUT) : false;
    if (memcmp(scan->at, word, n) != 0)
        return false;
    scan->at += n;
    return true;
}

#define TAKE(scan, word) take(scan, word, sizeof(word) - 1)

static void skip_blanks(struct scan *scan)
{
    while (scan->at < scan->end &&
           (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\r' || *scan->at == '\t'))
        scan->at++;
}

/* Whether bytes beyond ASCII are text to XML, too: UTF-8 without the two characters that are none. */
static bool is_text(const char *bytes, size_t n)
{
    return utf8_valid_prefix(bytes, n) == n && memmem(bytes, n, "\xef\xbf", 2) == NULL;
}

/* Characters up to `stop`, none of which means anything to XML. Beyond ASCII they must be UTF-8. */
static bool take_text(struct scan *scan, char stop, struct sluice_cell *ret_text)
{
    const char *first = scan->at;
    unsigned char all = 0;
    for (; scan->at < scan->end && *scan->at != stop; scan->at++) {
        unsigned char c = (unsigned char)*scan->at;
        if (c < ' ' || c == '&' || c == '<' || c == '>')
            return fail(scan, PLAIN_OTHER);
        all |= c;
    }
    if (scan->at == scan->end)
        return fail(scan, PLAIN_CUT);
    size_t n = (size_t)(scan->at - first);
    if (n > XLSX_ATTRIBUTE || (all >= 0x80 && !is_text(first, n)))
        return fail(scan, PLAIN_OTHER);
    *ret_text = (struct sluice_cell){.ptr = first, .len = (uint32_t)n};
    return true;
}

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ':';
}

/* One attribute with its blank before it; false at the end of the tag, or with a fault. */
static bool take_attribute(struct scan *scan, struct sluice_cell *ret_name, struct sluice_cell *ret_value)
{
    if (scan->at == scan->end)
        return fail(scan, PLAIN_CUT);
    if (*scan->at != ' ')
        return false;
    const char *first = ++scan->at;
    while (scan->at < scan->end && is_name(*scan->at))
        scan->at++;
    *ret_name = (struct sluice_cell){.ptr = first, .len = (uint32_t)(scan->at - first)};
    if (!TAKE(scan, "=\"")) /* other quotes, blanks */
        return fail(scan, scan->fault == PLAIN_CUT ? PLAIN_CUT : PLAIN_OTHER);
    if (!take_text(scan, '"', ret_value))
        return false;
    scan->at++;
    return true;
}

/* Takes the attributes of a tag. `names` ends with NULL; what others there are, and one that comes twice, is
 * OTHER. The first `n` names have their values kept. */
static bool take_attributes(struct scan *scan, const char *const *names, struct sluice_cell *const *values,
                            size_t n)
{
    struct sluice_cell name, value;
    uint32_t seen = 0;
    while (take_attribute(scan, &name, &value)) {
        size_t i = 0;
        while (names[i] != NULL && (name.ptr[0] != names[i][0] || !text_is(name, names[i])))
            i++;
        if (names[i] == NULL || (seen & 1U << i) != 0)
            return fail(scan, PLAIN_OTHER);
        seen |= 1U << i;
        if (i < n)
            *values[i] = value;
    }
    return scan->fault == PLAIN_ROW;
}

/* <c r="A1" s="1" t="s"><v>0</v></c>; what follows "<c" */
static bool take_cell(struct scan *scan, struct plain_cell *cell)
{
    static const char *const names[] = {"r", "s", "t", NULL};
    *cell = (struct plain_cell){.text = {.ptr = NULL}};
    if (!take_attributes(scan, names,
                         (struct sluice_cell *const[]){&cell->reference, &cell->style, &cell->type}, 3))
        return false;
    if (TAKE(scan, "/>"))
        return true;
    if (scan->fault != PLAIN_ROW || !TAKE(scan, "><"))
        return false;
    if (TAKE(scan, "v>"))
        return take_text(scan, '<', &cell->text) && TAKE(scan, "</v></c>");
    return scan->fault == PLAIN_ROW && TAKE(scan, "is><t>") && take_text(scan, '<', &cell->text) &&
           TAKE(scan, "</t></is></c>");
}

static bool cells_reserve(struct plain_row *row)
{
    if (row->n < row->capacity)
        return true;
    uint32_t capacity = row->capacity * 2 + 32;
    struct plain_cell *cells = realloc(row->cells, capacity * sizeof *cells);
    if (cells == NULL || row->n >= CELLS_MAX)
        return false;
    row->cells = cells;
    row->capacity = capacity;
    return true;
}

static bool take_row_start(struct scan *scan, struct plain_row *row)
{
    static const char *const names[] = {"r",
                                        "hidden",
                                        "spans",
                                        "ht",
                                        "customHeight",
                                        "x14ac:dyDescent",
                                        "s",
                                        "customFormat",
                                        "outlineLevel",
                                        "collapsed",
                                        NULL};
    return take_attributes(scan, names, (struct sluice_cell *const[]){&row->reference, &row->hidden}, 2) &&
           TAKE(scan, ">");
}

static bool take_row(struct scan *scan, struct plain_row *row)
{
    skip_blanks(scan);
    row->reference = row->hidden = (struct sluice_cell){.ptr = NULL};
    row->n = 0;
    if (!TAKE(scan, "<row") || !take_row_start(scan, row))
        return false;
    while (TAKE(scan, "<c")) {
        if (!cells_reserve(row))
            return fail(scan, PLAIN_OTHER);
        if (!take_cell(scan, &row->cells[row->n++]))
            return false;
    }
    return scan->fault == PLAIN_ROW && TAKE(scan, "</row>");
}

static void row_give(const struct plain_row *row, struct xlsx_sheet *sheet)
{
    xlsx_row_open(sheet, row->reference, row->hidden);
    for (uint32_t i = 0; i < row->n && sheet->in_row; i++) {
        const struct plain_cell *cell = &row->cells[i];
        sheet->in_cell = false;
        xlsx_cell_open(sheet, cell->reference, cell->style, cell->type);
        if (!sheet->in_cell)
            return;
        xlsx_cell_text(sheet, cell->text.ptr, cell->text.len);
        xlsx_cell_close(sheet);
    }
    if (sheet->in_row)
        xlsx_row_close(sheet);
}

enum plain_result xlsx_plain_row(struct plain_row *row, struct xlsx_sheet *sheet, const char *bytes, size_t n,
                                 size_t *ret_used)
{
    struct scan scan = {.at = bytes, .end = bytes + n, .fault = PLAIN_ROW};
    if (!take_row(&scan, row))
        return scan.fault == PLAIN_CUT ? PLAIN_CUT : PLAIN_OTHER;
    row_give(row, sheet);
    *ret_used = (size_t)(scan.at - bytes);
    return PLAIN_ROW;
}

void xlsx_plain_free(struct plain_row *row)
{
    free(row->cells);
    *row = (struct plain_row){.cells = NULL};
}
