/* SPDX-License-Identifier: Apache-2.0 */
#include "check_main.h"

#include "base/error.h"
#include "sync/batch.h"

#include <string.h>

static void keep(const struct sluice_batch *batch)
{
    (void)batch;
}

/* Two rows of one cell. */
struct fixture {
    struct sluice_cell cells[2];
    uint64_t lines[2];
    uint32_t row_flags[2];
    struct sluice_batch batch;
    uint64_t last;
    struct sluice_error err;
};

static struct fixture *fixture(void)
{
    static struct fixture made;
    made = (struct fixture){.cells = {{.ptr = "a", .len = 1}, {0}}, .lines = {4, 9}, .last = 3};
    made.batch = (struct sluice_batch){
        .struct_size = sizeof made.batch,
        .n_rows = 2,
        .n_columns = 1,
        .cells = made.cells,
        .lines = made.lines,
        .row_flags = made.row_flags,
        .release = keep,
    };
    return &made;
}

static enum sluice_status check(struct fixture *made)
{
    return batch_check("mock", &made->batch, &made->last, &made->err);
}

START_TEST(a_sound_batch_passes_and_moves_the_line_on)
{
    struct fixture *made = fixture();
    ck_assert_int_eq(check(made), SLUICE_OK);
    ck_assert_uint_eq(made->last, 9);
}
END_TEST

START_TEST(a_line_that_does_not_follow_is_refused)
{
    struct fixture *made = fixture();
    made->last = 4;
    ck_assert_int_eq(check(made), SLUICE_DATA);
    ck_assert_ptr_nonnull(strstr(made->err.message, "line 4 follows line 4"));
}
END_TEST

START_TEST(a_cell_with_a_length_and_no_text_is_refused)
{
    struct fixture *made = fixture();
    made->cells[1].len = 7;
    ck_assert_int_eq(check(made), SLUICE_DATA);
    ck_assert_ptr_nonnull(strstr(made->err.message, "line 9, column 1"));
}
END_TEST

START_TEST(raw_numbers_are_checked_too)
{
    struct fixture *made = fixture();
    const struct sluice_cell raw[2] = {{.ptr = "1", .len = 1}, {.len = 1}};
    made->batch.raw = raw;
    ck_assert_int_eq(check(made), SLUICE_DATA);
}
END_TEST

START_TEST(a_batch_of_nothing_is_refused)
{
    struct fixture *made = fixture();
    made->batch.n_rows = 0;
    ck_assert_int_eq(check(made), SLUICE_DATA);
    ck_assert_int_eq(batch_check("mock", NULL, &made->last, &made->err), SLUICE_DATA);
}
END_TEST

CHECK_MAIN("sync.batch", a_sound_batch_passes_and_moves_the_line_on, a_line_that_does_not_follow_is_refused,
           a_cell_with_a_length_and_no_text_is_refused, raw_numbers_are_checked_too,
           a_batch_of_nothing_is_refused)
