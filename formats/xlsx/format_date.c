/* SPDX-License-Identifier: Apache-2.0 */
/* Showing dates and times. */
#include "formats/xlsx/format.h"

#include <string.h>

static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};
static const char *const days[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                   "Thursday", "Friday", "Saturday"};

enum { SHORT_NAME = 3, SECOND_MS = 1000, MINUTE_MS = 60000, HOUR_MS = 3600000 };

/* At least that many digits, at most nine of them zeros. */
static void number_put(struct buffer *text, int64_t number, uint32_t digits)
{
    char written[24];
    size_t at = sizeof written;
    uint32_t wanted = digits > 9 ? 9 : digits;
    do {
        written[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    while (sizeof written - at < wanted)
        written[--at] = '0';
    buffer_append(text, written + at, sizeof written - at);
}

/* d, dd, ddd, dddd and so for months; five letters are the first one. */
static void name_put(struct buffer *text, int number, const char *name, uint32_t letters)
{
    if (letters <= 2)
        number_put(text, number, letters);
    else if (letters == 3)
        buffer_append(text, name, SHORT_NAME);
    else
        buffer_append(text, name, letters == 5 ? 1 : strlen(name));
}

static void elapsed_put(struct buffer *text, const struct xlsx_date *date, struct sluice_cell mark)
{
    char letter = (char)(mark.ptr[0] | 0x20);
    int64_t unit = letter == 'h' ? HOUR_MS : letter == 'm' ? MINUTE_MS : SECOND_MS;
    number_put(text, date->milliseconds / unit, mark.len);
}

static int hour_shown(const struct xlsx_format_section *section, int hour)
{
    if (!section->noon)
        return hour;
    return hour % 12 == 0 ? 12 : hour % 12;
}

static void thousandths_put(struct buffer *text, int thousandth, uint32_t digits)
{
    static const int unit[] = {1000, 100, 10, 1}; /* by the digits that are shown */
    uint32_t shown = digits > 3 ? 3 : digits;
    buffer_byte(text, '.');
    number_put(text, thousandth / unit[shown], shown);
}

static void token_put(const struct xlsx_format_section *section, const struct xlsx_format_token *token,
                      const struct xlsx_date *date, struct buffer *text)
{
    uint32_t n = token->text.len;
    switch (token->mark) {
    case MARK_YEAR:
        number_put(text, n <= 2 ? date->year % 100 : date->year, n <= 2 ? 2 : 4);
        return;
    case MARK_MONTH:
        name_put(text, date->month, months[date->month - 1], n);
        return;
    case MARK_DAY:
        name_put(text, date->day, days[date->weekday], n == 5 ? 4 : n);
        return;
    case MARK_HOUR:
        number_put(text, hour_shown(section, date->hour), n > 2 ? 2 : n);
        return;
    case MARK_MINUTE:
        number_put(text, date->minute, n);
        return;
    case MARK_SECOND:
        number_put(text, date->second, n > 2 ? 2 : n);
        return;
    case MARK_THOUSANDTHS:
        thousandths_put(text, date->thousandth, n);
        return;
    case MARK_ELAPSED:
        elapsed_put(text, date, token->text);
        return;
    case MARK_NOON:
        buffer_text(text, date->hour < 12 ? "A" : "P");
        buffer_text(text, n > 3 ? "M" : "");
        return;
    default:
        buffer_append(text, token->text.ptr, n);
        return;
    }
}

/* The smallest unit that is shown, so that 0.99999 seconds are not cut to nothing. */
static int64_t unit_of(const struct xlsx_format_section *section)
{
    for (uint32_t i = 0; i < section->n; i++)
        if (section->tokens[i].mark == MARK_THOUSANDTHS)
            return section->tokens[i].text.len == 1 ? 100 : section->tokens[i].text.len == 2 ? 10 : 1;
    return SECOND_MS;
}

bool xlsx_format_show_date(const struct xlsx_format_section *section, const struct xlsx_number *number,
                           enum xlsx_epoch epoch, struct buffer *text)
{
    struct xlsx_date date;
    if (!xlsx_date_of(xlsx_number_double(number), epoch, unit_of(section), &date))
        return false;
    for (uint32_t i = 0; i < section->n; i++)
        token_put(section, &section->tokens[i], &date, text);
    return true;
}
