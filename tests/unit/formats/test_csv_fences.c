/* SPDX-License-Identifier: Apache-2.0 */
/* Documents whose neighbours in memory may not be touched: the page before and the page behind are fenced. */
#include "formats/rows.h"

#include <sys/mman.h>
#include <unistd.h>

enum { SIZES = 200 };

static const char line[] = "\"a\";\xC3\xA4;12,50\n";

/* Three pages of which only the middle one can be read. */
static char *fenced_page(size_t page)
{
    char *pages = mmap(NULL, 3 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert(pages != MAP_FAILED);
    ck_assert_int_eq(mprotect(pages + page, page, PROT_READ | PROT_WRITE), 0);
    return pages + page;
}

static void fill(char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        text[i] = line[i % (sizeof line - 1)];
}

static void read_at(char *text, size_t size)
{
    fill(text, size);
    _cleanup_(decoded_free) struct decoded decoded = decode_bytes(text, size, (struct csv_options){0});
    ck_assert_msg(decoded.status == SLUICE_END || decoded.status == SLUICE_DATA, "%zu bytes: %s", size,
                  decoded.error.message);
}

START_TEST(a_list_of_any_size_may_begin_at_the_edge_of_readable_memory)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *text = fenced_page(page);
    for (size_t size = 1; size <= SIZES; size++)
        read_at(text, size);
    munmap(text - page, 3 * page);
}
END_TEST

START_TEST(a_list_of_any_size_may_end_at_the_edge_of_readable_memory)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *text = fenced_page(page);
    for (size_t size = 1; size <= SIZES; size++)
        read_at(text + page - size, size);
    munmap(text - page, 3 * page);
}
END_TEST

CHECK_MAIN("formats.csv_fences", a_list_of_any_size_may_begin_at_the_edge_of_readable_memory,
           a_list_of_any_size_may_end_at_the_edge_of_readable_memory)
