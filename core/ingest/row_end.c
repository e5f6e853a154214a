/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/row_end.h"

#include "base/error.h"

#include <unicode/uregex.h>
#include <unicode/ustring.h>

/* An expression that goes round in circles gives up after about this many milliseconds, and then matches
 * nothing. */
enum { MATCH_LIMIT_MS = 50, CELL_MAX = 1024 };

enum sluice_status row_end_begin(struct row_end *end, const struct ingest_options *options,
                                 struct sluice_error *err)
{
    *end = (struct row_end){.blank_limit =
                                options->stop_after_blank < 0 ? 0 : (uint64_t)options->stop_after_blank};
    if (options->until == NULL || options->until[0] == '\0')
        return SLUICE_OK;
    UErrorCode status = U_ZERO_ERROR;
    UChar pattern[CELL_MAX];
    int32_t n = 0;
    u_strFromUTF8(pattern, CELL_MAX, &n, options->until, -1, &status);
    if (U_SUCCESS(status))
        end->until = uregex_open(pattern, n, UREGEX_CASE_INSENSITIVE, NULL, &status);
    if (U_SUCCESS(status))
        uregex_setTimeLimit(end->until, MATCH_LIMIT_MS, &status);
    if (U_SUCCESS(status))
        return SLUICE_OK;
    return error_set(err, SLUICE_CONFIG, "the option until is no regular expression: \"%.200s\" (%s)",
                     options->until, u_errorName(status));
}

static bool until_matches(struct row_end *end, const struct sheet_row *row)
{
    uint32_t column;
    struct sluice_cell cell = sheet_row_first_filled(row, &column);
    if (cell.len == 0)
        return false;
    UErrorCode status = U_ZERO_ERROR;
    UChar text[CELL_MAX];
    int32_t n = 0;
    size_t length = cell.len < CELL_MAX ? cell.len : utf8_cut(cell.ptr, CELL_MAX);
    u_strFromUTF8WithSub(text, CELL_MAX, &n, cell.ptr, (int32_t)length, 0xfffd, NULL, &status);
    uregex_setText(end->until, text, n, &status);
    bool found = uregex_find(end->until, -1, &status);
    return U_SUCCESS(status) && found;
}

bool row_end_is_here(struct row_end *end, const struct sheet_row *row, uint32_t blank)
{
    end->blank_rows = blank != 0 ? end->blank_rows + 1 : 0;
    if (end->blank_limit > 0 && end->blank_rows >= end->blank_limit)
        return true;
    return end->until != NULL && blank == 0 && until_matches(end, row);
}

void row_end_free(struct row_end *end)
{
    if (end->until != NULL)
        uregex_close(end->until);
    end->until = NULL;
}
