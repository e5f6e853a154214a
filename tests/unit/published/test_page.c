/* SPDX-License-Identifier: Apache-2.0 */
/* Published pages: our own small ones, and those of shared/corpus/html where that folder is. */
#include "../formats/corpus.h"
#include "formats/published/page.h"

static struct decoded decode_page(const char *text, size_t size, struct page_options options)
{
    struct decoded decoded = decoded_new();
    struct page_reader *reader = NULL;
    options.reject = decoded_reject;
    options.reject_context = &decoded;
    decoded.status = page_open(text, size, &options, &reader, &decoded.error);
    const struct sluice_batch *batch;
    while (decoded.status == SLUICE_OK) {
        decoded.status = page_next(reader, &batch, &decoded.error);
        if (decoded.status != SLUICE_OK)
            break;
        decoded_batch(&decoded, batch);
        batch->release(batch);
    }
    page_close(reader);
    return decoded;
}

static void expect_page(const char *text, const char *rows)
{
    _cleanup_(decoded_free) struct decoded decoded =
        decode_page(text, strlen(text), (struct page_options){0});
    ck_assert_msg(decoded.status == SLUICE_END, "<%s>: %s", text, decoded.error.message);
    expect_json(text, "rows", decoded.rows, rows);
}

#define ROW(number, cells)                                                                                 \
    "<tr><th id=\"7R" #number "\" class=\"row-headers-background\"><div>" #number "</div></th>" cells "</" \
    "tr>"

START_TEST(mark_up_inside_a_cell_is_left_out_and_br_ends_a_line)
{
    expect_page("<table><tr><td><b>A</b>-1</td><td><a href=x>12,<i>50</i></a></td><td>one<br>two</td><td>a "
                "&amp; b</td></tr></table>",
                "[[\"A-1\",\"12,50\",\"one\\ntwo\",\"a & b\"]]");
}
END_TEST

START_TEST(rows_have_the_numbers_that_the_page_says_and_the_freeze_bar_is_none)
{
    static const char text[] = "<table class=waffle><thead><tr><th></th><th>A</th></tr></thead><tbody>" ROW(
        1, "<td>x</td>") "<tr><th class=\"freezebar-cell\"></th><td "
                         "class=\"freezebar-cell\"></td></tr>" ROW(5, "<td>y</td>") "</tbody></table>";
    _cleanup_(decoded_free) struct decoded decoded =
        decode_page(text, strlen(text), (struct page_options){0});
    expect_json(text, "rows", decoded.rows, "[[\"x\"],[\"y\"]]");
    expect_json(text, "lines", decoded.lines, "[1,5]");
}
END_TEST

START_TEST(what_is_too_large_for_the_number_of_a_row_is_none)
{
    static const char text[] = "<table>" ROW(18446744073709551615, "<td>x</td>") ROW(999999999, "<td>y</td>")
        ROW(1000000000, "<td>z</td>") "</table>";
    _cleanup_(decoded_free) struct decoded decoded =
        decode_page(text, strlen(text), (struct page_options){0});
    expect_json(text, "lines", decoded.lines, "[1,999999999,1000000000]");
}
END_TEST

START_TEST(merged_cells_cover_others_and_a_row_that_is_wholly_covered_is_blank)
{
    static const char text[] =
        "<table>" ROW(1, "<td colspan=3>Title</td>") ROW(2, "<td rowspan=2>Saws</td><td>A-1</td><td>1</td>")
            ROW(3, "<td>A-2</td><td>2</td>") ROW(4, "<td colspan=3 rowspan=2>end</td>") ROW(5, "") "</table>";
    _cleanup_(decoded_free) struct decoded decoded =
        decode_page(text, strlen(text), (struct page_options){0});
    expect_json(text, "rows", decoded.rows,
                "[[\"Title\",\"Title\",\"Title\"],[\"Saws\",\"A-1\",\"1\"],[\"Saws\",\"A-2\",\"2\"],[\"end\","
                "\"end\",\"end\"],"
                "[\"end\",\"end\",\"end\"]]");
    expect_json(text, "covered", decoded.covered, "[[1,2],[1,3],[3,1],[4,2],[4,3],[5,1],[5,2],[5,3]]");
    expect_json(text, "blank", decoded.blank, "[5]");
}
END_TEST

START_TEST(rows_that_are_not_displayed_are_hidden)
{
    static const char text[] = "<table><tr><td>a</td></tr><tr style=\"display:none\"><td>b</td></tr></table>";
    _cleanup_(decoded_free) struct decoded decoded =
        decode_page(text, strlen(text), (struct page_options){0});
    expect_json(text, "hidden", decoded.hidden, "[2]");
}
END_TEST

static const char two_tabs[] =
    "<title>Prices - Google Drive</title><ul><li id=\"sheet-button-0\"><a>Cover</a></li><li "
    "id=\"sheet-button-7\"><a>Цены</a></li></ul>"
    "<div id=\"0\"><table><tr><td>hello</td></tr></table></div><div "
    "id=\"7\"><table><tr><td>SKU</td></tr></table></div>";

START_TEST(a_tab_is_found_by_its_gid_or_title)
{
    const struct page_options by_gid = {.gid = "7"}, by_title = {.title = "Цены"}, none = {.gid = "8"};
    _cleanup_(decoded_free) struct decoded first = decode_page(two_tabs, strlen(two_tabs), by_gid);
    expect_json(two_tabs, "rows by gid", first.rows, "[[\"SKU\"]]");
    _cleanup_(decoded_free) struct decoded second = decode_page(two_tabs, strlen(two_tabs), by_title);
    expect_json(two_tabs, "rows by title", second.rows, "[[\"SKU\"]]");
    _cleanup_(decoded_free) struct decoded missing = decode_page(two_tabs, strlen(two_tabs), none);
    ck_assert_int_eq(missing.status, SLUICE_CONFIG);
    ck_assert_msg(strstr(missing.error.message, "'Цены' (gid 7)") != NULL, "%s", missing.error.message);
}
END_TEST

START_TEST(a_page_without_a_table_is_no_list)
{
    static const char text[] = "<!DOCTYPE html><html><body>Sorry</body></html>";
    _cleanup_(decoded_free) struct decoded decoded =
        decode_page(text, strlen(text), (struct page_options){0});
    ck_assert_int_eq(decoded.status, SLUICE_DATA);
}
END_TEST

START_TEST(spans_are_bounded)
{
    static const char text[] =
        "<table><tr><td colspan=99999999 rowspan=99999999>x</td></tr><tr><td>y</td></tr></table>";
    _cleanup_(decoded_free) struct decoded decoded =
        decode_page(text, strlen(text), (struct page_options){0});
    ck_assert_int_eq(decoded.status, SLUICE_DATA);
    _cleanup_(buffer_free) struct buffer wide = BUFFER_INIT((size_t)1 << 20);
    buffer_text(&wide, "<table><tr>");
    for (int i = 0; i < 1100; i++)
        buffer_text(&wide, "<td>x");
    buffer_text(&wide, "<tr><td>y</table>");
    _cleanup_(decoded_free) struct decoded rejected =
        decode_page(wide.data, wide.size, (struct page_options){0});
    expect_json("1,100 columns", "rejects", rejected.rejects, "[[1,\"too_many_columns\"]]");
    expect_json("1,100 columns", "rows", rejected.rows, "[[\"y\"]]");
}
END_TEST

/* As the corpus writes rows: a covered cell is "", rows are trimmed of nothing. */
static json_t *as_corpus(const struct decoded *decoded)
{
    json_t *rows = json_deep_copy(decoded->rows), *each;
    size_t i;
    json_array_foreach(decoded->covered, i, each)
    {
        json_int_t line = json_integer_value(json_array_get(each, 0)),
                   column = json_integer_value(json_array_get(each, 1));
        for (size_t row = 0; row < json_array_size(decoded->lines); row++)
            if (json_integer_value(json_array_get(decoded->lines, row)) == line)
                json_array_set_new(json_array_get(rows, row), (size_t)column - 1, json_string(""));
    }
    return rows;
}

static void check_corpus_page(const char *name, const json_t *about)
{
    char path[512];
    size_t size = 0;
    corpus_file(path, sizeof path, "html", name);
    _cleanup_free_ char *text = file_read(path, &size);
    ck_assert_msg(text != NULL, "%s is missing", path);
    const json_t *tables = json_object_get(about, "rows");
    _cleanup_(decoded_free) struct decoded decoded = decode_page(text, size, (struct page_options){0});
    if (json_array_size(tables) == 0) {
        ck_assert_msg(decoded.status == SLUICE_DATA, "%s gave rows", name);
        return;
    }
    ck_assert_msg(decoded.status == SLUICE_END, "%s: %s", name, decoded.error.message);
    json_t *rows = as_corpus(&decoded);
    const json_t *wanted = json_array_get(tables, 0);
    for (size_t i = 0; i < json_array_size(wanted); i++) {
        _cleanup_free_ char *row = json_dumps(json_array_get(wanted, i), JSON_COMPACT);
        expect_json(name, "a row", json_array_get(rows, i), row);
    }
    ck_assert_uint_eq(json_array_size(rows), json_array_size(wanted));
    json_decref(rows);
}

START_TEST(pages_of_the_corpus_read_as_two_other_readers_read_them)
{
    char path[512];
    size_t size = 0;
    corpus_file(path, sizeof path, "html", "expected.json");
    _cleanup_free_ char *text = file_read(path, &size);
    if (text == NULL)
        return;
    json_t *expected = json_loads(text, 0, NULL), *about;
    const char *name;
    ck_assert_uint_gt(json_object_size(expected), 5);
    json_object_foreach(expected, name, about) check_corpus_page(name, about);
    json_decref(expected);
}
END_TEST

CHECK_MAIN("published.page", mark_up_inside_a_cell_is_left_out_and_br_ends_a_line,
           rows_have_the_numbers_that_the_page_says_and_the_freeze_bar_is_none,
           what_is_too_large_for_the_number_of_a_row_is_none,
           merged_cells_cover_others_and_a_row_that_is_wholly_covered_is_blank,
           rows_that_are_not_displayed_are_hidden, a_tab_is_found_by_its_gid_or_title,
           a_page_without_a_table_is_no_list, spans_are_bounded,
           pages_of_the_corpus_read_as_two_other_readers_read_them)
