/* SPDX-License-Identifier: Apache-2.0 */
/* Every case of shared/corpus/csv/expected.jsonl. */
#include "formats/corpus_cases.h"

static json_t *cases;
static char folder[4096];

START_TEST(every_file_is_read_as_other_readers_agree)
{
    expect_case(folder, json_array_get(cases, (size_t)_i));
}
END_TEST

int main(void)
{
    corpus_path(folder, sizeof folder, "");
    cases = cases_load(folder);
    if (cases == NULL) {
        printf("skipped: shared/corpus/csv is not here (set SLUICE_SHARED)\n");
        return TEST_SKIPPED;
    }
    int result =
        run_cases("formats.csv_corpus", every_file_is_read_as_other_readers_agree, json_array_size(cases));
    json_decref(cases);
    return result;
}
