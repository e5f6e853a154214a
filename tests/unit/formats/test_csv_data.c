/* SPDX-License-Identifier: Apache-2.0 */
/* Every case of tests/data/csv/expected.jsonl, which is part of each clone. */
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
    snprintf(folder, sizeof folder, "%s/tests/data/csv", SLUICE_SOURCE_DIR);
    cases = cases_load(folder);
    if (cases == NULL) {
        printf("%s has no expected.jsonl\n", folder);
        return EXIT_FAILURE;
    }
    int result =
        run_cases("formats.csv_data", every_file_is_read_as_other_readers_agree, json_array_size(cases));
    json_decref(cases);
    return result;
}
