/* SPDX-License-Identifier: Apache-2.0 */
/* Every file of JSONTestSuite, as one member of an answer (right ones are passed over, wrong ones refused)
 * and as the whole of it. */
#include "formats/corpus.h"
#include "formats/values_rows.h"

static bool as_member(const char *json, size_t size)
{
    static const char before[] = "{\"other\":", behind[] = ",\"values\":[[\"a\"]]}";
    _cleanup_(buffer_free) struct buffer answer = BUFFER_INIT((size_t)16 << 20);
    buffer_text(&answer, before);
    buffer_append(&answer, json, size);
    buffer_text(&answer, behind);
    ck_assert(!answer.failed);
    _cleanup_(decoded_free) struct decoded decoded =
        decode_values(answer.data, answer.size, (struct values_options){0});
    return decoded.status == SLUICE_END;
}

static void check_file(const char *name, const char *expected)
{
    char path[512], relative[256];
    size_t size = 0;
    snprintf(relative, sizeof relative, "JSONTestSuite/%s", name);
    corpus_file(path, sizeof path, "json", relative);
    _cleanup_free_ char *json = file_read(path, &size);
    ck_assert_msg(json != NULL, "%s is missing", path);
    bool taken = as_member(json, size);
    if (strncmp(expected, "must", 4) == 0)
        ck_assert_msg(taken == (strcmp(expected, "must be accepted") == 0), "%s: %s, but was %s", name,
                      expected, taken ? "accepted" : "refused");
    _cleanup_(decoded_free) struct decoded whole = decode_values(json, size, (struct values_options){0});
    ck_assert_msg(whole.status == SLUICE_DATA || taken, "%s was taken for an answer", name);
}

START_TEST(json_is_accepted_and_refused_as_the_suite_says)
{
    char path[512];
    size_t size = 0, files = 0;
    corpus_file(path, sizeof path, "json", "expected.tsv");
    _cleanup_free_ char *table = file_read(path, &size);
    ck_assert_ptr_nonnull(table);
    char *rest = NULL;
    for (char *line = strtok_r(table, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        char *fields = NULL;
        const char *name = strtok_r(line, "\t", &fields);
        const char *bytes = strtok_r(NULL, "\t", &fields), *expected = strtok_r(NULL, "\t", &fields);
        if (name == NULL || bytes == NULL || expected == NULL || name[0] == '#')
            continue;
        check_file(name, expected);
        files++;
    }
    ck_assert_uint_gt(files, 100);
}
END_TEST

int main(void)
{
    char path[512];
    corpus_file(path, sizeof path, "json", "expected.tsv");
    if (access(path, R_OK) != 0) {
        printf("skipped: needs shared/corpus/json, which is not beside this clone\n");
        return TEST_SKIPPED;
    }
    const TTest *const tests[] = {json_is_accepted_and_refused_as_the_suite_says};
    return check_main("formats.values_suite", tests, 1);
}
