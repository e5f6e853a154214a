/* SPDX-License-Identifier: Apache-2.0 */
/* Lines that repeat themselves, and lines about a run. */
#include "check_main.h"

#include "base/log.h"

#include <stdio.h>
#include <string.h>

/* A log into memory whose clock the test moves. */
struct book {
    struct log log;
    struct clock clock;
    int64_t now_us;
    unsigned lines;
    char last[256];
};

static int64_t book_now(const struct clock *clock)
{
    return ((const struct book *)clock->context)->now_us;
}

static void keep(void *context, const char *line, size_t n)
{
    struct book *book = context;
    book->lines++;
    snprintf(book->last, sizeof book->last, "%.*s", (int)n - 1, line);
}

static void book_open(struct book *book)
{
    *book = (struct book){.now_us = 100 * US_PER_SECOND};
    book->clock = (struct clock){.wall_us = book_now, .monotonic_us = book_now, .context = book};
    book->log = (struct log){.level = SLUICE_INFO,
                             .clock = &book->clock,
                             .repeats = log_repeats_new(),
                             .write = keep,
                             .context = book};
}

static void say(struct book *book, const char *who, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        log_line(&book->log, SLUICE_WARNING, who, "connection %u of the server is lost", i);
}

START_TEST(ten_lines_a_minute_say_the_same_and_the_next_one_counts_the_rest)
{
    struct book book;
    book_open(&book);
    say(&book, "store", 25);
    ck_assert_uint_eq(book.lines, 10);
    book.now_us += 61 * US_PER_SECOND;
    say(&book, "store", 1);
    ck_assert_uint_eq(book.lines, 11);
    ck_assert_msg(strstr(book.last, "is lost (and 15 more like it)") != NULL, "it says: %s", book.last);
    log_repeats_free(book.log.repeats);
}
END_TEST

START_TEST(another_speaker_another_message_and_another_run_are_no_repetition)
{
    struct book book;
    book_open(&book);
    say(&book, "store", 25);
    say(&book, "state", 1);
    ck_assert_uint_eq(book.lines, 11);
    log_line(&book.log, SLUICE_WARNING, "store", "the disk is full");
    ck_assert_uint_eq(book.lines, 12);
    book.log.run_id = "018f0000-0000-7000-8000-000000000001";
    say(&book, "store", 1);
    ck_assert_uint_eq(book.lines, 13);
    log_repeats_free(book.log.repeats);
}
END_TEST

START_TEST(a_line_about_a_run_names_it_in_text_and_in_json)
{
    struct book book;
    book_open(&book);
    book.log.run_id = "018f0000-0000-7000-8000-000000000001";
    log_line(&book.log, SLUICE_INFO, "Acme", "done");
    ck_assert_msg(strstr(book.last, "info    [018f0000-0000-7000-8000-000000000001] Acme: done") != NULL,
                  "it says: %s", book.last);
    book.log.format = LOG_JSON;
    log_line(&book.log, SLUICE_INFO, "Acme", "done");
    ck_assert_msg(strstr(book.last, "\"run_id\":\"018f0000-0000-7000-8000-000000000001\"") != NULL,
                  "it says: %s", book.last);
    log_repeats_free(book.log.repeats);
}
END_TEST

CHECK_MAIN("base.log", ten_lines_a_minute_say_the_same_and_the_next_one_counts_the_rest,
           another_speaker_another_message_and_another_run_are_no_repetition,
           a_line_about_a_run_names_it_in_text_and_in_json)
