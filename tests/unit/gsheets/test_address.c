/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses as people paste them. */
#include "check_main.h"

#include "base/cleanup.h"
#include "plugins/gsheets/address.h"

#include <jansson.h>
#include <string.h>

#define ID  "1aBcDeFgHiJkLmNopQrStUvWxYz1234567890"
#define DOC "https://docs.google.com/spreadsheets"

static const struct wanted {
    const char *text;
    enum address_kind kind;
    const char *id, *gid, *title;
    bool as_csv, was_query;
} wanted[] = {
    {DOC "/d/" ID, ADDRESS_SHEET, ID, "", "", false, false},
    {DOC "/d/" ID "/", ADDRESS_SHEET, ID, "", "", false, false},
    {DOC "/d/" ID "/edit#gid=0", ADDRESS_SHEET, ID, "0", "", false, false},
    {DOC "/d/" ID "/edit?gid=7#gid=1234567890", ADDRESS_SHEET, ID, "1234567890", "", false, false},
    {DOC "/d/" ID "/edit?usp=sharing&gid=42", ADDRESS_SHEET, ID, "42", "", false, false},
    {DOC "/d/" ID "/edit#gid=3&range=D17", ADDRESS_SHEET, ID, "3", "", false, false},
    {DOC "/d/" ID "/edit#range=D17&gid=3", ADDRESS_SHEET, ID, "3", "", false, false},
    {DOC "/u/0/d/" ID "/edit", ADDRESS_SHEET, ID, "", "", false, false},
    {"https://docs.google.com/a/example.com/spreadsheets/d/" ID "/edit", ADDRESS_SHEET, ID, "", "", false,
     false},
    {"https://docs.google.com/a/example.com/spreadsheets/u/12/d/" ID, ADDRESS_SHEET, ID, "", "", false,
     false},
    {"http://docs.google.com/spreadsheets/d/" ID, ADDRESS_SHEET, ID, "", "", false, false},
    {"docs.google.com/spreadsheets/d/" ID "/edit", ADDRESS_SHEET, ID, "", "", false, false},
    {"HTTPS://Docs.Google.com/spreadsheets/d/" ID, ADDRESS_SHEET, ID, "", "", false, false},
    {DOC "/d/" ID "/export?format=csv&gid=5", ADDRESS_SHEET, ID, "5", "", false, false},
    {DOC "/d/" ID "/htmlview", ADDRESS_SHEET, ID, "", "", false, false},
    {DOC "/d/" ID "/pubhtml?gid=1&single=true", ADDRESS_SHEET, ID, "1", "", false, false},
    {DOC "/d/" ID "/gviz/tq?tqx=out:csv&gid=9", ADDRESS_SHEET, ID, "9", "", false, true},
    {DOC "/d/" ID "/gviz/tq?tqx=out:csv&sheet=%D0%A6%D0%B5%D0%BD%D1%8B+2", ADDRESS_SHEET, ID, "", "Цены 2",
     false, true},
    {DOC "?key=" ID, ADDRESS_SHEET, ID, "", "", false, false},
    {DOC "/ccc?hl=en&key=" ID "#gid=2", ADDRESS_SHEET, ID, "2", "", false, false},
    {"https://docs.google.com/spreadsheet/ccc?key=" ID, ADDRESS_SHEET, ID, "", "", false, false},
    {"https://spreadsheets.google.com/ccc?key=" ID, ADDRESS_SHEET, ID, "", "", false, false},
    {"https://drive.google.com/open?id=" ID, ADDRESS_FILE, ID, "", "", false, false},
    {"https://drive.google.com/file/d/" ID "/view?usp=sharing", ADDRESS_FILE, ID, "", "", false, false},
    {"https://drive.google.com/u/1/file/d/" ID "/view", ADDRESS_FILE, ID, "", "", false, false},
    {"https://drive.google.com/uc?export=download&id=" ID, ADDRESS_FILE, ID, "", "", false, false},
    {DOC "/d/e/2PACX-1vAbC_d-9/pub?output=csv", ADDRESS_PUBLISHED, "2PACX-1vAbC_d-9", "", "", true, false},
    {DOC "/d/e/2PACX-1vAbC_d-9/pub?gid=77&single=true&output=csv", ADDRESS_PUBLISHED, "2PACX-1vAbC_d-9", "77",
     "", true, false},
    {DOC "/d/e/2PACX-1vAbC_d-9/pubhtml#gid=3", ADDRESS_PUBLISHED, "2PACX-1vAbC_d-9", "3", "", false, false},
    {DOC "/d/e/2PACX-1vAbC_d-9/pubhtml?gid=4&single=true", ADDRESS_PUBLISHED, "2PACX-1vAbC_d-9", "4", "",
     false, false},
    {ID, ADDRESS_SHEET, ID, "", "", false, false},
};

START_TEST(every_form_names_its_sheet_and_tab)
{
    for (size_t i = 0; i < ELEMENTS(wanted); i++) {
        const struct wanted *want = &wanted[i];
        struct address got = {0};
        const char *why = "";
        ck_assert_msg(address_parse(want->text, &got, &why), "%s: %s", want->text, why);
        ck_assert_msg(got.kind == want->kind && strcmp(got.id, want->id) == 0 &&
                          strcmp(got.gid, want->gid) == 0 && strcmp(got.title, want->title) == 0 &&
                          got.as_csv == want->as_csv && got.was_query == want->was_query,
                      "%s is read as kind %d id '%s' gid '%s' title '%s' csv %d query %d", want->text,
                      (int)got.kind, got.id, got.gid, got.title, got.as_csv, got.was_query);
    }
}
END_TEST

START_TEST(what_is_no_such_address_is_refused_with_a_reason)
{
    static const char *const refused[] = {"",
                                          "x",
                                          "Prices",
                                          "https://docs.google.com/spreadsheets/",
                                          "https://docs.google.com/spreadsheets/d/",
                                          "https://docs.google.com/spreadsheets/d//edit",
                                          "https://docs.google.com/document/d/" ID "/edit",
                                          "https://example.com/spreadsheets/d/" ID,
                                          "https://docs.google.com.example.com/spreadsheets/d/" ID,
                                          "https://docs.google.com@example.com/spreadsheets/d/" ID,
                                          "https://docs.google.com/spreadsheets/d/..%2f..%2fx",
                                          "https://docs.google.com/spreadsheets?key=a%2Fb",
                                          "https://drive.google.com/open",
                                          "https://drive.google.com/drive/folders/" ID,
                                          "file:///etc/passwd",
                                          "https:///spreadsheets/d/" ID,
                                          DOC "/d/" ID "?",
                                          DOC "/d/" ID ".csv"};
    for (size_t i = 0; i < ELEMENTS(refused); i++) {
        struct address got = {0};
        const char *why = "";
        bool taken = address_parse(refused[i], &got, &why);
        if (i == 16) /* an empty query is none */
            ck_assert(taken);
        else
            ck_assert_msg(!taken && why[0] != '\0', "'%s' is taken for id '%s'", refused[i], got.id);
    }
}
END_TEST

START_TEST(an_address_of_any_length_ends_well)
{
    char text[4096];
    struct address got;
    const char *why;
    for (size_t n = 0; n < sizeof text - 1; n += 37) {
        memset(text, 'a', n);
        text[n] = '\0';
        memcpy(text, DOC "/d/", n < sizeof DOC + 2 ? n : sizeof DOC + 2);
        address_parse(text, &got, &why);
    }
}
END_TEST

START_TEST(other_peoples_cases_hold)
{
    const char *shared = getenv("SLUICE_SHARED");
    char path[512];
    snprintf(path, sizeof path, "%s/corpus/gsheets/dlt-url-and-date-cases.json",
             shared != NULL ? shared : SLUICE_SOURCE_DIR "/../shared");
    json_t *cases = json_load_file(path, 0, NULL), *each;
    size_t i;
    json_array_foreach(json_object_get(cases, "url_or_id_to_spreadsheet_id"), i, each)
    {
        struct address got = {0};
        const char *why = "", *input = json_string_value(json_object_get(each, "input"));
        const char *expected = json_string_value(json_object_get(each, "expected"));
        bool taken = address_parse(input, &got, &why);
        ck_assert_msg(taken == (expected != NULL) && strcmp(got.id, expected == NULL ? "" : expected) == 0,
                      "'%s' gives '%s', expected '%s'", input, got.id,
                      expected == NULL ? "a refusal" : expected);
    }
    json_decref(cases);
}
END_TEST

CHECK_MAIN("gsheets.address", every_form_names_its_sheet_and_tab,
           what_is_no_such_address_is_refused_with_a_reason, an_address_of_any_length_ends_well,
           other_peoples_cases_hold)
