/* SPDX-License-Identifier: Apache-2.0 */
/* Pages are told from lists by their type or their beginning. */
#include "check_main.h"
#include "formats/html.h"

#include <string.h>

static bool is_page(const char *type, const char *text)
{
    return html_is_page(type, text, strlen(text));
}

START_TEST(a_page_is_known_by_its_type)
{
    ck_assert(is_page("text/html; charset=utf-8", "sku,name\n"));
    ck_assert(!is_page("text/csv", "sku,name\n"));
}
END_TEST

START_TEST(a_page_is_known_by_its_beginning)
{
    ck_assert(is_page(NULL, "\xef\xbb\xbf \r\n<!DOCTYPE html><p>"));
    ck_assert(is_page("text/csv", "<HTML>"));
    ck_assert(!is_page(NULL, ""));
    ck_assert(!is_page(NULL, "<htm"));
}
END_TEST

START_TEST(html_in_a_cell_makes_no_page)
{
    ck_assert(!is_page(NULL, "sku,text\n1,<html>\n"));
}
END_TEST

CHECK_MAIN("formats.html", a_page_is_known_by_its_type, a_page_is_known_by_its_beginning,
           html_in_a_cell_makes_no_page)
