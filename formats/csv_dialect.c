/* SPDX-License-Identifier: Apache-2.0 */
/* Detection decodes the first rows with each candidate by the very code that will read the list. */
#include "formats/csv_dialect.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "formats/csv_row.h"

#include <string.h>
#include <strings.h>

enum {
    DETECT_ROWS = 200,
    DETECT_ARENA_BYTES = 1 << 20,
    DECIMAL_COMMA_PERCENT = 90, /* of the commas stand between digits */
    GOOD_SHARE_PERCENT = 70,    /* of the rows agree */
};

static const char candidates[] = {',', ';', '\t', '|'};

struct verdict {
    unsigned rows;  /* not blank */
    unsigned agree; /* rows with `width` cells */
    unsigned width; /* the most frequent one above 1 */
};

size_t csv_sep_line(const char *text, size_t n, char *ret_delimiter)
{
    size_t quoted = n > 0 && text[0] == '"';
    size_t length = quoted + 5 + quoted;
    if (n < length || strncasecmp(text + quoted, "sep=", 4) != 0)
        return 0;
    char delimiter = text[quoted + 4];
    if (quoted && text[length - 1] != '"')
        return 0;
    if (delimiter == '\n' || delimiter == '\r' || delimiter == '"' || (unsigned char)delimiter >= 0x80)
        return 0;
    if (n > length && text[length] == '\r')
        length += 1 + (n > length + 1 && text[length + 1] == '\n');
    else if (n > length && text[length] == '\n')
        length++;
    else if (n > length)
        return 0;
    *ret_delimiter = delimiter;
    return length;
}

static bool is_blank_row(const struct sluice_cell *cells, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (!text_is_blank(cells[i]))
            return false;
    return true;
}

static struct verdict verdict_of(const uint32_t *widths, unsigned rows)
{
    unsigned count[CSV_COLUMNS + 2] = {0};
    struct verdict verdict = {.rows = rows};
    for (unsigned i = 0; i < rows; i++)
        count[widths[i]]++;
    for (unsigned width = 2; width < CSV_COLUMNS + 2; width++)
        if (count[width] > 0 && count[width] >= verdict.agree) {
            verdict.agree = count[width];
            verdict.width = width;
        }
    return verdict;
}

static struct verdict try_delimiter(struct csv_scanner *scanner)
{
    static const struct csv_limits limits = {CSV_FIELD_BYTES, CSV_RECORD_BYTES, CSV_COLUMNS, CSV_ROWS};
    struct sluice_cell cells[CSV_COLUMNS + CSV_ROW_MARGIN];
    _cleanup_(arena_free) struct arena arena = ARENA_INIT(DETECT_ARENA_BYTES);
    uint32_t widths[DETECT_ROWS];
    unsigned rows = 0;
    struct csv_row row = {.next = 0};
    csv_scanner_seek(scanner, 0);
    while (rows < DETECT_ROWS) {
        enum csv_row_result result = csv_row_next(scanner, row.next, &limits, &arena, cells, &row);
        if (result != CSV_ROW_OK && result != CSV_ROW_REJECTED)
            break;
        if (result == CSV_ROW_OK && !is_blank_row(cells, row.n_cells))
            widths[rows++] = row.n_cells;
        arena_reset(&arena);
    }
    return verdict_of(widths, rows);
}

/* Whether nearly all commas stand between digits, as in "12,50". */
static bool commas_are_decimal(const char *text, size_t n)
{
    size_t commas = 0, decimal = 0;
    for (const char *at = memchr(text, ',', n); at != NULL;
         at = memchr(at + 1, ',', (size_t)(text + n - at - 1))) {
        commas++;
        decimal +=
            at > text && at + 1 < text + n && at[-1] >= '0' && at[-1] <= '9' && at[1] >= '0' && at[1] <= '9';
    }
    return decimal * 100 >= commas * DECIMAL_COMMA_PERCENT;
}

static unsigned share_percent(const struct verdict *verdict)
{
    return verdict->rows == 0 ? 0 : verdict->agree * 100 / verdict->rows;
}

static bool is_better(const struct verdict *a, const struct verdict *b)
{
    if (share_percent(a) != share_percent(b))
        return share_percent(a) > share_percent(b);
    return a->width > b->width;
}

char csv_detect_delimiter(const char *text, size_t n, enum csv_text_extent extent, int quote,
                          const struct csv_scan_choice *scan)
{
    struct csv_scanner scanner = {.text = text,
                                  .size = n,
                                  .is_final = extent == CSV_TEXT_WHOLE,
                                  .is_quoting = quote >= 0,
                                  .scan = scan};
    struct verdict verdicts[sizeof candidates];
    unsigned best = 0;
    for (unsigned i = 0; i < sizeof candidates; i++) {
        scanner.special = (struct csv_special){.delimiter = candidates[i],
                                               .quote = quote >= 0 ? (char)quote : candidates[i]};
        verdicts[i] = try_delimiter(&scanner);
        if (i > 0 && is_better(&verdicts[i], &verdicts[best]))
            best = i;
    }
    if (best != 0 || !commas_are_decimal(text, n))
        return candidates[best];
    for (unsigned i = 1; i < sizeof candidates; i++)
        if (share_percent(&verdicts[i]) >= GOOD_SHARE_PERCENT &&
            (best == 0 || is_better(&verdicts[i], &verdicts[best])))
            best = i;
    return candidates[best];
}
