/* SPDX-License-Identifier: Apache-2.0 */
/* Whole runs without misfortune, or with a supplier's own. */
#include "check_main.h"
#include "house.h"

#include "base/cleanup.h"
#include "base/error.h"

#include <string.h>

static const char *const three[] = {"Acme", "Bolt", "Crane"};

static uint64_t sum(const struct sluice_figures *figures)
{
    return figures->skipped + figures->inserted + figures->updated + figures->unchanged + figures->rejected +
           figures->duplicates;
}

START_TEST(a_run_brings_every_supplier_in)
{
    struct house *house = house_new(three, 3);
    struct sync_report report = house_expect(house, SLUICE_OUTCOME_SUCCESS);
    ck_assert_uint_eq(report.jobs, 3);
    ck_assert_uint_eq(report.succeeded, 3);
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_SUPPLIERS, NULL), 3);
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_ITEMS, "acme"), 10);
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_ITEMS, "crane"), 10);
    ck_assert_int_gt(report.epoch, 0);
    ck_assert_str_eq(house->state.status, "idle");
    ck_assert_uint_eq(house->state.locks, 1);
    ck_assert_uint_eq(house->state.releases, 1);
    house_free(house);
}
END_TEST

START_TEST(a_failing_supplier_does_not_stop_the_others)
{
    struct house *house = house_new(three, 3);
    house_script(house, "Bolt")->fail_at = 5;
    struct sync_report report = house_expect(house, SLUICE_OUTCOME_PARTIAL);
    ck_assert_uint_eq(report.failed, 1);
    ck_assert_uint_eq(report.succeeded, 2);
    const struct house_event *event = house_event(house, SYNC_EVENT_FINISHED, "Bolt");
    ck_assert_ptr_nonnull(event);
    ck_assert_str_eq(event->error_type, "data");
    ck_assert_str_eq(event->message, "the mock fails at line 5 as its options say");
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_ITEMS, "acme"), 10);
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_ITEMS, "bolt"), 0);
    house_free(house);
}
END_TEST

START_TEST(a_failing_list_keeps_the_former_snapshot)
{
    struct house *house = house_new(three, 1);
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    _cleanup_free_ char *before = house_items(house);
    house_script(house, "Acme")->seed = 77;
    house_script(house, "Acme")->batch_rows = 4;
    house_script(house, "Acme")->fail_at = 9;
    house_expect(house, SLUICE_OUTCOME_FAILED);
    _cleanup_free_ char *after = house_items(house);
    ck_assert_str_eq(before, after);
    house_free(house);
}
END_TEST

START_TEST(an_unchanged_list_costs_no_parsing)
{
    struct house *house = house_new(three, 3);
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    _cleanup_free_ char *before = house_items(house);
    struct sync_report report = house_expect(house, SLUICE_OUTCOME_SUCCESS);
    ck_assert_uint_eq(report.unchanged, 3);
    ck_assert_int_eq(house_event(house, SYNC_EVENT_MASTER, NULL)->outcome, SLUICE_OUTCOME_UNCHANGED);
    for (int i = 0; i < 3; i++) {
        const struct house_event *event = house_event(house, SYNC_EVENT_FINISHED, three[i]);
        ck_assert_int_eq(event->outcome, SLUICE_OUTCOME_UNCHANGED);
        ck_assert_uint_eq(event->rows, 0);
    }
    _cleanup_free_ char *after = house_items(house);
    ck_assert_str_eq(before, after);
    house_free(house);
}
END_TEST

START_TEST(a_full_request_reads_what_is_unchanged_and_writes_nothing)
{
    struct house *house = house_new(three, 1);
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    struct sync_request request = {.flags = SLUICE_REQUEST_FULL};
    struct sync_report report;
    struct sluice_error err = {0};
    ck_assert_int_eq(house_request(house, &request, &report, &err), SLUICE_OK);
    const struct house_event *event = house_event(house, SYNC_EVENT_FINISHED, "Acme");
    ck_assert_uint_eq(event->rows, 11);
    ck_assert_uint_eq(event->figures.unchanged, 10);
    ck_assert_uint_eq(event->figures.updated, 0);
    house_free(house);
}
END_TEST

START_TEST(every_nth_read_is_made_in_full)
{
    struct house *house = house_new(three, 1);
    house->options.full_every = 1;
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    ck_assert_uint_eq(house_event(house, SYNC_EVENT_FINISHED, "Acme")->rows, 11);
    house_free(house);
}
END_TEST

START_TEST(another_reading_reads_again)
{
    struct house *house = house_new(three, 1);
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    house->ingest.currency = "EUR";
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    const struct house_event *event = house_event(house, SYNC_EVENT_FINISHED, "Acme");
    ck_assert_int_eq(event->outcome, SLUICE_OUTCOME_SUCCESS);
    ck_assert_uint_eq(event->figures.updated, 10);
    house_free(house);
}
END_TEST

START_TEST(every_row_is_accounted_for)
{
    struct house *house = house_new(three, 1);
    house_script(house, "Acme")->text = "Price list of Acme\n"
                                        "\n"
                                        "SKU|Name|Price\n"
                                        "A-1|Bolt|1.50\n"
                                        "A-2|Nut|call us\n"
                                        "A-1|Bolt, long|1.75\n"
                                        "|Washer|0.10\n"
                                        "A-4|Screw|2.00\n";
    house->guards.rows_rejected = 100;
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    const struct sluice_figures *figures = &house_event(house, SYNC_EVENT_FINISHED, "Acme")->figures;
    ck_assert_uint_eq(figures->rows_read, 8);
    ck_assert_uint_eq(figures->inserted, 2);
    ck_assert_uint_eq(figures->rejected, 2);
    ck_assert_uint_eq(figures->duplicates, 1);
    ck_assert_uint_eq(sum(figures), figures->rows_read);
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_REJECTS, "acme"), 2);
    house_free(house);
}
END_TEST

START_TEST(a_row_that_the_source_rejects_is_kept)
{
    struct house *house = house_new(three, 1);
    house_script(house, "Acme")->reject_every = 6;
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    const struct sluice_figures *figures = &house_event(house, SYNC_EVENT_FINISHED, "Acme")->figures;
    ck_assert_uint_eq(figures->rejected, 1);
    ck_assert_uint_eq(figures->inserted, 9);
    ck_assert_uint_eq(sum(figures), figures->rows_read);
    char code[32];
    house_cell(house, SLUICE_QUERY_REJECTS, "acme", 0, "code", code, sizeof code);
    ck_assert_str_eq(code, "mock_reject");
    house_free(house);
}
END_TEST

START_TEST(rejects_of_a_failed_list_are_kept)
{
    struct house *house = house_new(three, 1);
    struct source_mock_options *script = house_script(house, "Acme");
    script->reject_every = 2;
    script->batch_rows = 4;
    script->fail_at = 10;
    house_expect(house, SLUICE_OUTCOME_FAILED);
    ck_assert_uint_gt(house_count(house, SLUICE_QUERY_REJECTS, "acme"), 0);
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_ITEMS, "acme"), 0);
    house_free(house);
}
END_TEST

START_TEST(progress_never_goes_back)
{
    static const char *const many[] = {"A", "B", "C", "D", "E", "F", "G", "H"};
    struct house *house = house_new(many, 8);
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    uint32_t last = 0;
    for (size_t i = 0; i < house->n_events; i++) {
        const struct house_event *event = &house->events[i];
        ck_assert_msg(event->current >= last, "event %zu: %u after %u", i, event->current, last);
        ck_assert_uint_le(event->current, event->total);
        last = event->current;
    }
    ck_assert_uint_eq(last, 8);
    house_free(house);
}
END_TEST

START_TEST(one_supplier_can_be_asked_for)
{
    static const char *const scope[] = {"bolt"};
    struct house *house = house_new(three, 3);
    struct sync_request request = {.scope = scope, .n_scope = 1};
    struct sync_report report;
    struct sluice_error err = {0};
    ck_assert_msg(house_request(house, &request, &report, &err) == SLUICE_OK, "%s", err.message);
    ck_assert_uint_eq(report.jobs, 1);
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_ITEMS, "bolt"), 10);
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_ITEMS, "acme"), 0);
    house_free(house);
}
END_TEST

START_TEST(an_unknown_supplier_names_the_nearest)
{
    static const char *const scope[] = {"botl"};
    struct house *house = house_new(three, 3);
    struct sync_request request = {.scope = scope, .n_scope = 1};
    struct sync_report report;
    struct sluice_error err = {0};
    ck_assert_int_eq(house_request(house, &request, &report, &err), SLUICE_CONFIG);
    ck_assert_str_eq(err.message, "no supplier is called \"botl\"; did you mean \"Bolt\"?");
    request.dry = 1;
    ck_assert_int_eq(house_request(house, &request, &report, &err), SLUICE_CONFIG);
    ck_assert_str_eq(err.message, "no supplier is called \"botl\"; did you mean \"Bolt\"?");
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    house_free(house);
}
END_TEST

START_TEST(a_dry_run_shows_all_and_leaves_nothing)
{
    struct house *house = house_new(three, 3);
    house_script(house, "Crane")->reject_every = 6;
    struct sync_request request = {.dry = 1};
    struct sync_report report;
    struct sluice_error err = {0};
    ck_assert_msg(house_request(house, &request, &report, &err) == SLUICE_OK, "%s", err.message);
    ck_assert_int_eq(report.outcome, SLUICE_OUTCOME_SUCCESS);
    ck_assert_uint_eq(report.succeeded, 3);
    ck_assert_uint_eq(house_event(house, SYNC_EVENT_FINISHED, "Acme")->figures.inserted, 10);
    ck_assert_uint_eq(house_event(house, SYNC_EVENT_FINISHED, "Crane")->figures.rejected, 1);
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_SUPPLIERS, NULL), 0);
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_RUNS, NULL), 0);
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_LOGS, NULL), 0);
    ck_assert_uint_eq(house->state.locks, 0);
    house_free(house);
}
END_TEST

START_TEST(a_dry_run_compares_with_what_is_there)
{
    struct house *house = house_new(three, 1);
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    house_script(house, "Acme")->rows = 12;
    _cleanup_free_ char *before = house_items(house);
    struct sync_request request = {.dry = 1};
    struct sync_report report;
    struct sluice_error err = {0};
    ck_assert_int_eq(house_request(house, &request, &report, &err), SLUICE_OK);
    const struct sluice_figures *figures = &house_event(house, SYNC_EVENT_FINISHED, "Acme")->figures;
    ck_assert_uint_eq(figures->inserted, 2);
    ck_assert_uint_eq(figures->unchanged, 10);
    _cleanup_free_ char *after = house_items(house);
    ck_assert_str_eq(before, after);
    house_free(house);
}
END_TEST

START_TEST(a_supplier_that_left_the_sheet_is_not_read)
{
    struct house *house = house_new(three, 3);
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    house_master(house, three, 2);
    struct sync_report report = house_expect(house, SLUICE_OUTCOME_SUCCESS);
    ck_assert_uint_eq(report.jobs, 2);
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_ITEMS, "crane"), 10);
    house_free(house);
}
END_TEST

CHECK_MAIN("sync.run", a_run_brings_every_supplier_in, a_failing_supplier_does_not_stop_the_others,
           a_failing_list_keeps_the_former_snapshot, an_unchanged_list_costs_no_parsing,
           a_full_request_reads_what_is_unchanged_and_writes_nothing, every_nth_read_is_made_in_full,
           another_reading_reads_again, every_row_is_accounted_for, a_row_that_the_source_rejects_is_kept,
           rejects_of_a_failed_list_are_kept, progress_never_goes_back, one_supplier_can_be_asked_for,
           an_unknown_supplier_names_the_nearest, a_dry_run_shows_all_and_leaves_nothing,
           a_dry_run_compares_with_what_is_there, a_supplier_that_left_the_sheet_is_not_read)
