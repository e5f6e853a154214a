/* SPDX-License-Identifier: Apache-2.0 */
/* What a guard stops changes nothing, and an approval lets it through once. */
#include "check_main.h"
#include "house.h"

#include "base/cleanup.h"

#include <string.h>

static const char *const names[] = {"A", "B", "C", "D", "E", "F", "G", "H"};

/* A list of ten items, of which four remain. */
static struct house *house_with_shrunken_list(void)
{
    struct house *house = house_new(names, 1);
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    house_script(house, "A")->rows = 4;
    return house;
}

START_TEST(a_held_list_keeps_the_former_snapshot)
{
    struct house *house = house_with_shrunken_list();
    _cleanup_free_ char *before = house_items(house);
    struct sync_report report = house_expect(house, SLUICE_OUTCOME_HELD);
    ck_assert_uint_eq(report.held, 1);
    const struct house_event *event = house_event(house, SYNC_EVENT_FINISHED, "A");
    ck_assert_str_eq(event->error_type, "HELD");
    ck_assert_uint_eq(event->figures.gone, 6);
    ck_assert_uint_eq(strlen(event->hold_id), SLUICE_ID_SIZE - 1);
    _cleanup_free_ char *after = house_items(house);
    ck_assert_str_eq(before, after);
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_HOLDS, NULL), 1);
    house_free(house);
}
END_TEST

START_TEST(an_approval_lets_a_held_list_through_once)
{
    struct house *house = house_with_shrunken_list();
    house_expect(house, SLUICE_OUTCOME_HELD);
    house_decide(house, house_event(house, SYNC_EVENT_FINISHED, "A")->hold_id, SLUICE_HOLD_APPROVE);
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    ck_assert_uint_eq(house_event(house, SYNC_EVENT_FINISHED, "A")->figures.gone, 6);
    house_script(house, "A")->rows = 1;
    house_expect(house, SLUICE_OUTCOME_HELD);
    house_free(house);
}
END_TEST

START_TEST(a_guard_that_is_off_lets_the_damage_through)
{
    struct house *house = house_with_shrunken_list();
    house->guards.items_gone = 100;
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    ck_assert_uint_eq(house_event(house, SYNC_EVENT_FINISHED, "A")->figures.gone, 6);
    house_free(house);
}
END_TEST

START_TEST(a_dry_run_says_what_would_be_held_and_keeps_no_hold)
{
    struct house *house = house_with_shrunken_list();
    struct sync_request request = {.dry = 1};
    struct sync_report report;
    struct sluice_error err = {0};
    ck_assert_int_eq(house_request(house, &request, &report, &err), SLUICE_OK);
    ck_assert_int_eq(report.outcome, SLUICE_OUTCOME_HELD);
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_HOLDS, NULL), 0);
    house_free(house);
}
END_TEST

START_TEST(a_held_master_changes_no_supplier)
{
    struct house *house = house_new(names, 8);
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    house_master(house, names, 2);
    house_script(house, "A")->rows = 12;
    struct sync_report report = house_expect(house, SLUICE_OUTCOME_HELD);
    ck_assert_uint_eq(report.jobs, 0);
    ck_assert_uint_eq(house_count(house, SLUICE_QUERY_ITEMS, "a"), 10);
    for (size_t i = 0; i < 8; i++) {
        char active[8];
        house_cell(house, SLUICE_QUERY_SUPPLIERS, NULL, i, "is_active", active, sizeof active);
        ck_assert_msg(strcmp(active, "true") == 0 || strcmp(active, "1") == 0, "supplier %zu: %s", i, active);
    }
    house_free(house);
}
END_TEST

START_TEST(an_approval_lets_a_held_master_through)
{
    struct house *house = house_new(names, 8);
    house_expect(house, SLUICE_OUTCOME_SUCCESS);
    house_master(house, names, 2);
    house_expect(house, SLUICE_OUTCOME_HELD);
    house_decide(house, house_event(house, SYNC_EVENT_MASTER, NULL)->hold_id, SLUICE_HOLD_APPROVE);
    struct sync_report report = house_expect(house, SLUICE_OUTCOME_SUCCESS);
    ck_assert_uint_eq(report.jobs, 2);
    house_free(house);
}
END_TEST

CHECK_MAIN("sync.guards", a_held_list_keeps_the_former_snapshot, an_approval_lets_a_held_list_through_once,
           a_guard_that_is_off_lets_the_damage_through, a_dry_run_says_what_would_be_held_and_keeps_no_hold,
           a_held_master_changes_no_supplier, an_approval_lets_a_held_master_through)
