/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of options.h: what an operator may set about reading lists and about guards, with the defaults.
 */
#include "ingest/options.h"

#include "base/cleanup.h"

static const char *const decimal_choices[] = {"auto", "point", "comma", NULL};
static const char *const merged_choices[] = {"fill", "top_left", "reject", NULL};
static const char *const hidden_choices[] = {"include", "skip", NULL};

#define INGEST(field, name, default_value, help) \
    SLUICE_OPTION(struct ingest_options, field, name, default_value, help, .flags = 0)
#define INGEST_CHOICE(field, name, default_value, help, all) \
    SLUICE_OPTION(struct ingest_options, field, name, default_value, help, .choices = (all))
#define GUARD(field, default_value, help) \
    SLUICE_OPTION(struct guard_options, field, #field, default_value, help, .flags = 0)

const struct sluice_option ingest_option_table[] = {
    INGEST_CHOICE(decimal, "decimal", "auto",
                  "Which mark separates decimals in prices; auto decides it by evidence.", decimal_choices),
    INGEST_CHOICE(hidden_rows, "hidden_rows", "include", "Whether rows hidden in the sheet are read.",
                  hidden_choices),
    INGEST_CHOICE(
        merged, "merged", "fill",
        "What cells under a merged one hold: its text (fill), nothing (top_left), or their row is rejected.",
        merged_choices),
    INGEST(currency, "currency", NULL, "Currency of prices that name none, as its ISO 4217 code."),
    INGEST(locale, "locale", NULL, "Locale of a list whose source knows none, such as de_DE."),
    INGEST(header_row, "header_row", "0",
           "Row in which the header begins, counted from 1; 0 searches for it."),
    INGEST(header_search_rows, "header_search_rows", "25",
           "How many rows the search for the header looks at."),
    INGEST(stop_after_blank, "stop_after_blank", "0",
           "That many blank rows in a row end the list; 0: never."),
    INGEST(until, "until", NULL, "Regular expression; a row whose first filled cell matches ends the list."),
    INGEST(sku, "sku", NULL, "Headers of the SKU column, tried before the built-in ones."),
    INGEST(name, "name", NULL, "Headers of the name column, tried before the built-in ones."),
    INGEST(price, "price", NULL, "Headers of the price column, tried before the built-in ones."),
    INGEST(currency_column, "currency_column", NULL,
           "Headers of the currency column, tried before the built-in ones."),
    INGEST(ignore, "ignore", NULL, "Headers of columns that become no characteristic."),
};
const size_t ingest_option_count = ELEMENTS(ingest_option_table);

const struct sluice_option guard_option_table[] = {
    GUARD(suppliers_gone, "20",
          "Percent of active suppliers that one master may deactivate; up to 3 always."),
    GUARD(suppliers_shrunk, "50",
          "Percent of valid rows that a master may lose against the last accepted one."),
    GUARD(master_empty, "true", "Hold a master without a valid row."),
    GUARD(master_changed, "true", "Hold a master whose tab or header is another one."),
    GUARD(items_gone, "50", "Percent of its items that a list may lose."),
    GUARD(prices_jumped, "30", "Percent of a list's prices that may change by more than the factor."),
    GUARD(price_jump_factor, "3", "From which factor a changed price counts as a jump."),
    GUARD(rows_rejected, "20", "Percent of a list's rows that may be rejected."),
};
const size_t guard_option_count = ELEMENTS(guard_option_table);
