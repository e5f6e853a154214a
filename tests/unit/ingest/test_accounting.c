/* SPDX-License-Identifier: Apache-2.0 */
/* Random lists, whose cells come from pools that say what each means, against a reference that looks at the
 * whole list at once: every row is an item, a reject or skipped, and what becomes of it depends on no other
 * row but through the decimal mark. */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "check_main.h"
#include "ingest/convention.h"
#include "ingest/sheet.h"

enum { ROUNDS = 400, ROWS_MAX = 60 };

struct pool_cell {
    const char *text, *code; /* code: NULL when it is fine */
};

static const struct pool_cell skus[] = {{"A-1", NULL},
                                        {"007", NULL},
                                        {"", "sku_missing"},
                                        {"4.1E+12", "sku_scientific"},
                                        {"#REF!", "formula_error"}};
static const struct pool_cell names[] = {
    {"Bolt", NULL}, {"Мост", NULL}, {"", "name_missing"}, {"#N/A", "formula_error"}};
static const struct pool_price {
    const char *text, *code;
    const char *plain, *by_point, *by_comma; /* plain: read alike by all; else by convention */
    enum decimal_mark evidence;
} prices[] = {
    {.text = "15", .plain = "15.0000"},
    {.text = "1 299", .plain = "1299.0000"},
    {.text = "2,345", .by_point = "2345.0000", .by_comma = "2.3450"},
    {.text = "2.345", .by_point = "2.3450", .by_comma = "2345.0000"},
    {.text = "1.5", .plain = "1.5000", .evidence = DECIMAL_MARK_POINT},
    {.text = "1,5", .plain = "1.5000", .evidence = DECIMAL_MARK_COMMA},
    {.text = "1.234,5", .plain = "1234.5000", .evidence = DECIMAL_MARK_COMMA},
    {.text = "", .code = "price_missing"},
    {.text = "-3", .code = "price_negative"},
    {.text = "call", .code = "price_not_a_number"},
};

struct row_plan {
    size_t sku, name, price;
};

static uint32_t next(uint64_t *seed, uint32_t bound)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33) % bound;
}

/* Rarely a price that proves a mark, so that all three outcomes of the convention happen. */
static size_t price_pick(uint64_t *seed)
{
    size_t pick = next(seed, ELEMENTS(prices));
    return prices[pick].evidence != DECIMAL_MARK_AUTO && next(seed, 8) > 0 ? 0 : pick;
}

static bool is_skipped(const struct row_plan *row)
{
    return skus[row->sku].text[0] == '\0' && prices[row->price].text[0] == '\0';
}

/* The first problem, or NULL; that of the price without regard to the convention. */
static const char *code_of(const struct row_plan *row)
{
    if (skus[row->sku].code != NULL)
        return skus[row->sku].code;
    return names[row->name].code != NULL ? names[row->name].code : prices[row->price].code;
}

static enum decimal_mark mark_of(const struct row_plan *rows, size_t n)
{
    bool point = false, comma = false;
    for (size_t i = 0; i < n; i++) {
        if (is_skipped(&rows[i]) || code_of(&rows[i]) != NULL)
            continue;
        point |= prices[rows[i].price].evidence == DECIMAL_MARK_POINT;
        comma |= prices[rows[i].price].evidence == DECIMAL_MARK_COMMA;
    }
    return point == comma ? DECIMAL_MARK_AUTO : point ? DECIMAL_MARK_POINT : DECIMAL_MARK_COMMA;
}

/* "line code" or "line price", or "" for a skipped row. */
static void outcome_expected(const struct row_plan *row, size_t line, enum decimal_mark mark,
                             char ret_outcome[64])
{
    const struct pool_price *price = &prices[row->price];
    const char *what = code_of(row);
    if (what == NULL && price->plain != NULL)
        what = price->plain;
    if (what == NULL)
        what = mark == DECIMAL_MARK_POINT   ? price->by_point
               : mark == DECIMAL_MARK_COMMA ? price->by_comma
                                            : "price_ambiguous";
    ret_outcome[0] = '\0';
    if (!is_skipped(row))
        snprintf(ret_outcome, 64, "%zu %s", line, what);
}

static void outcomes_found(const struct reading *reading, char (*outcomes)[64], size_t n)
{
    memset(outcomes, 0, n * sizeof outcomes[0]);
    for (size_t i = 0; i < reading->n_items; i++) {
        size_t line = strtoul(reading->items[i], NULL, 10);
        ck_assert_msg(line < n && outcomes[line][0] == '\0', "row %zu twice", line);
        const char *price = strstr(reading->items[i], "price=") + strlen("price=");
        snprintf(outcomes[line], 64, "%zu %.*s", line, (int)strcspn(price, " "), price);
    }
    for (size_t i = 0; i < reading->n_rejects; i++) {
        size_t line = strtoul(strchr(reading->rejects[i], ':') + 1, NULL, 10);
        ck_assert_msg(line < n && outcomes[line][0] == '\0', "row %zu twice", line);
        const char *code = strchr(reading->rejects[i], ' ') + 1;
        snprintf(outcomes[line], 64, "%zu %.*s", line, (int)strcspn(code, " "), code);
    }
}

static void round_run(uint64_t seed)
{
    struct row_plan rows[ROWS_MAX];
    size_t n = next(&seed, ROWS_MAX) + 1;
    char text[ROWS_MAX * 64] = "sku|name|price\n";
    for (size_t i = 0; i < n; i++) {
        rows[i] =
            (struct row_plan){.sku = next(&seed, 10) > 0 ? next(&seed, 2) : next(&seed, ELEMENTS(skus)),
                              .name = next(&seed, 10) > 0 ? next(&seed, 2) : next(&seed, ELEMENTS(names)),
                              .price = price_pick(&seed)};
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s|%s|%s\n", skus[rows[i].sku].text,
                 names[rows[i].name].text, prices[rows[i].price].text);
    }
    struct ingest_options options = ingest_defaults();
    struct reading *reading = calloc(1, sizeof *reading);
    struct sheet sheet = sheet_of(text);
    reading_run(reading, &sheet, next(&seed, 20) + 1, &options, &sheet_description);
    ck_assert_msg(reading->status == SLUICE_OK, "%s\n%s", text, reading->err.message);
    char found[ROWS_MAX + 3][64], expected[64];
    outcomes_found(reading, found, n + 2);
    enum decimal_mark mark = mark_of(rows, n);
    uint64_t skipped = 1;
    for (size_t i = 0; i < n; i++) {
        skipped += is_skipped(&rows[i]);
        outcome_expected(&rows[i], i + 2, mark, expected);
        ck_assert_msg(strcmp(found[i + 2], expected) == 0, "%s-- found \"%s\", expected \"%s\"", text,
                      found[i + 2], expected);
    }
    const struct sluice_figures *figures = &reading->report->figures;
    ck_assert_uint_eq(figures->rows_read, n + 1);
    ck_assert_uint_eq(figures->skipped, skipped);
    ck_assert_uint_eq(figures->rows_read, figures->skipped + figures->rejected + reading->report->items);
    reading_free(reading);
    sheet_free(&sheet);
}

START_TEST(every_row_of_random_lists_is_what_the_reference_says)
{
    for (uint64_t seed = 1; seed <= ROUNDS; seed++)
        round_run(seed);
}
END_TEST

/* ---- The bounds of what waits ------------------------------------------------------------------------- */

/* `first` rows with a price, then one that proves the comma, then one more ambiguous one. */
static struct reading *long_list(size_t first, const char *price, const char *filler)
{
    _cleanup_(buffer_free) struct buffer text = BUFFER_INIT(64 << 20);
    buffer_text(&text, "sku|name|price|c\n");
    for (size_t i = 0; i < first; i++)
        buffer_printf(&text, "s%zu|n|%s|%s\n", i, price, filler);
    buffer_text(&text, "comma|n|12,50|\nlast|n|1,234|\n");
    return list_read(text.data, NULL);
}

START_TEST(evidence_counts_up_to_the_end_of_the_window)
{
    struct reading *reading = long_list(CONVENTION_WINDOW - 1, "1,234", "");
    ck_assert_uint_eq(reading->n_items, CONVENTION_WINDOW + 1);
    ck_assert_uint_eq(reading->n_rejects, 0);
    reading_free(reading);
    reading = long_list(CONVENTION_WINDOW, "1,234", "");
    ck_assert_uint_eq(reading->n_items, 1);
    ck_assert_uint_eq(reading->n_rejects, CONVENTION_WINDOW + 1);
    ck_assert_str_eq(reading->report->decimal_reason, "No price of the list proves a decimal mark.");
    reading_free(reading);
}
END_TEST

START_TEST(what_waits_is_decided_at_the_ceiling_of_its_memory)
{
    char filler[2001];
    memset(filler, 'x', sizeof filler - 1);
    filler[sizeof filler - 1] = '\0';
    struct reading *reading = long_list(6000, "1,234", filler); /* 12 MB would wait */
    ck_assert_uint_eq(reading->n_items, 1);
    ck_assert_uint_eq(reading->n_rejects, 6001);
    reading_free(reading);
}
END_TEST

CHECK_MAIN("ingest.accounting", every_row_of_random_lists_is_what_the_reference_says,
           evidence_counts_up_to_the_end_of_the_window, what_waits_is_decided_at_the_ceiling_of_its_memory)
