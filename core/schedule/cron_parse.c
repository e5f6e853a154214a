/* SPDX-License-Identifier: Apache-2.0 */
/* Text to sets of values. A range may run backwards only where its values have names: Fri-Mon, Nov-Feb. */
#include "base/cleanup.h"
#include "base/text.h"
#include "schedule/civil.h"
#include "schedule/cron.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { FIELDS = 6, MOST_TEXT = 1000 };

static const char *const month_names[] = {"january",   "february", "march",    "april",
                                          "may",       "june",     "july",     "august",
                                          "september", "october",  "november", "december"};
static const char *const weekday_names[] = {"sunday",   "monday", "tuesday", "wednesday",
                                            "thursday", "friday", "saturday"};

static const struct field {
    const char *name;
    int least, most;
    int cycle; /* how many different values there are: 7 is Sunday again */
    const char *const *names;
} fields[FIELDS] = {
    {"second", 0, 59, 60, NULL},       {"minute", 0, 59, 60, NULL},
    {"hour", 0, 23, 24, NULL},         {"day of the month", 1, 31, 31, NULL},
    {"month", 1, 12, 12, month_names}, {"day of the week", 0, 7, 7, weekday_names},
};
enum { SECOND, MINUTE, HOUR, DAY, MONTH, WEEKDAY };

static const struct {
    const char *name, *expression;
} macros[] = {
    {"@hourly", "0 * * * *"},  {"@daily", "0 0 * * *"},  {"@midnight", "0 0 * * *"}, {"@weekly", "0 0 * * 0"},
    {"@monthly", "0 0 1 * *"}, {"@yearly", "0 0 1 1 *"}, {"@annually", "0 0 1 1 *"},
};

static enum sluice_status refuse(const struct field *field, struct sluice_cell part, const char *what,
                                 struct sluice_error *err)
{
    char excerpt[64];
    text_excerpt(part, excerpt, sizeof excerpt);
    return error_set(err, SLUICE_CONFIG, "%s \"%s\" %s", field->name, excerpt, what);
}

/* A whole number of at most four digits, or -1. */
static int number_of(struct sluice_cell text)
{
    int value = 0;
    if (text.len == 0 || text.len > 4)
        return -1;
    for (uint32_t i = 0; i < text.len; i++) {
        if (!isdigit((unsigned char)text.ptr[i]))
            return -1;
        value = value * 10 + (text.ptr[i] - '0');
    }
    return value;
}

/* A name in full or its first three letters, in any case; or -1. */
static int name_of(const struct field *field, struct sluice_cell text)
{
    for (int i = 0; field->names != NULL && i < field->cycle; i++) {
        const char *name = field->names[i];
        if ((text.len == 3 || text.len == strlen(name)) && strncasecmp(text.ptr, name, text.len) == 0)
            return field->least + i;
    }
    return -1;
}

static enum sluice_status value_parse(const struct field *field, struct sluice_cell part,
                                      struct sluice_cell text, int *ret_value, struct sluice_error *err)
{
    char what[80];
    int value = name_of(field, text);
    if (value < 0)
        value = number_of(text);
    if (value >= field->least && value <= field->most) {
        *ret_value = value;
        return SLUICE_OK;
    }
    snprintf(what, sizeof what, "is out of range; write %d to %d%s", field->least, field->most,
             field->names != NULL ? " or a name such as " : "");
    size_t used = strlen(what);
    if (field->names != NULL)
        snprintf(what + used, sizeof what - used, "%.3s", field->names[0]);
    return refuse(field, part, what, err);
}

/* Cuts `text` at the first `mark`: what is before it; *ret_rest behind it, absent when there is no mark. */
static struct sluice_cell cut(struct sluice_cell text, char mark, struct sluice_cell *ret_rest)
{
    const char *at = text.len == 0 ? NULL : memchr(text.ptr, mark, text.len);
    *ret_rest = (struct sluice_cell){0};
    if (at == NULL)
        return text;
    uint32_t before = (uint32_t)(at - text.ptr);
    *ret_rest = (struct sluice_cell){.ptr = at + 1, .len = text.len - before - 1};
    return (struct sluice_cell){.ptr = text.ptr, .len = before};
}

struct range {
    int first, last; /* last may lie beyond the field's most: it has come round */
    int step;
};

static enum sluice_status step_parse(const struct field *field, struct sluice_cell part,
                                     struct sluice_cell text, int *ret_step, struct sluice_error *err)
{
    int step = text.ptr == NULL ? 1 : number_of(text);
    if (step < 1 || step > field->cycle)
        return refuse(field, part, "has no step that fits; write one of 1 or more that the field can hold",
                      err);
    *ret_step = step;
    return SLUICE_OK;
}

/* "5", "5-9", "fri-mon", with "/2" cut off before. */
static enum sluice_status bounds_parse(const struct field *field, struct sluice_cell part,
                                       struct sluice_cell text, bool has_step, struct range *range,
                                       struct sluice_error *err)
{
    struct sluice_cell end;
    struct sluice_cell begin = cut(text, '-', &end);
    enum sluice_status status = value_parse(field, part, begin, &range->first, err);
    if (status != SLUICE_OK)
        return status;
    range->last = has_step ? field->most : range->first;
    if (end.ptr != NULL)
        status = value_parse(field, part, end, &range->last, err);
    if (status != SLUICE_OK || range->last >= range->first)
        return status;
    if (field->names == NULL)
        return refuse(field, part, "runs backwards; write the smaller value first", err);
    range->last += field->cycle;
    return SLUICE_OK;
}

static enum sluice_status range_parse(const struct field *field, struct sluice_cell part,
                                      struct range *ret_range, struct sluice_error *err)
{
    struct sluice_cell step;
    struct sluice_cell bounds = cut(part, '/', &step);
    struct range range = {.first = field->least, .last = field->least + field->cycle - 1};
    enum sluice_status status = step_parse(field, part, step, &range.step, err);
    if (status == SLUICE_OK && !text_is(bounds, "*"))
        status = bounds_parse(field, part, bounds, step.ptr != NULL, &range, err);
    if (status == SLUICE_OK)
        *ret_range = range;
    return status;
}

static enum sluice_status field_parse(const struct field *field, struct sluice_cell text, uint64_t *ret_set,
                                      struct sluice_error *err)
{
    uint64_t set = 0;
    while (text.ptr != NULL) {
        struct range range;
        struct sluice_cell part = cut(text, ',', &text);
        enum sluice_status status = range_parse(field, part, &range, err);
        if (status != SLUICE_OK)
            return status;
        for (int value = range.first; value <= range.last; value += range.step)
            set |= UINT64_C(1) << ((value - field->least) % field->cycle + field->least);
    }
    *ret_set = set;
    return SLUICE_OK;
}

/* Written as * or ?, the latter only where Quartz has it: in the two day fields. */
static bool is_any(size_t field, struct sluice_cell text)
{
    return text_is(text, "*") || ((field == DAY || field == WEEKDAY) && text_is(text, "?"));
}

/* The words between blanks, at most `most` of them; their number, or most + 1. */
static size_t words_of(const char *text, struct sluice_cell *ret_words, size_t most)
{
    size_t n = 0;
    for (text += strspn(text, " \t"); *text != '\0'; text += strspn(text, " \t")) {
        size_t length = strcspn(text, " \t");
        if (n == most)
            return most + 1;
        ret_words[n++] = (struct sluice_cell){.ptr = text, .len = (uint32_t)length};
        text += length;
    }
    return n;
}

static enum sluice_status fields_parse(const struct sluice_cell *words, struct cron *ret_cron,
                                       struct sluice_error *err)
{
    static const struct sluice_cell star = {.ptr = "*", .len = 1};
    uint64_t sets[FIELDS];
    for (size_t i = 0; i < FIELDS; i++) {
        enum sluice_status status =
            field_parse(&fields[i], is_any(i, words[i]) ? star : words[i], &sets[i], err);
        if (status != SLUICE_OK)
            return status;
    }
    *ret_cron = (struct cron){
        .seconds = sets[SECOND],
        .minutes = sets[MINUTE],
        .hours = (uint32_t)sets[HOUR],
        .days = (uint32_t)sets[DAY],
        .months = (uint16_t)sets[MONTH],
        .weekdays = (uint8_t)sets[WEEKDAY],
        .any_day = is_any(DAY, words[DAY]),
        .any_weekday = is_any(WEEKDAY, words[WEEKDAY]),
    };
    return SLUICE_OK;
}

static enum sluice_status macro_expand(const char **text, struct sluice_error *err)
{
    for (size_t i = 0; i < ELEMENTS(macros); i++) {
        if (strcasecmp(*text, macros[i].name) == 0) {
            *text = macros[i].expression;
            return SLUICE_OK;
        }
    }
    return error_set(err, SLUICE_CONFIG,
                     "there is no \"%.32s\"; write @hourly, @daily, @weekly, @monthly or @yearly", *text);
}

enum sluice_status cron_parse(const char *text, struct cron *ret_cron, struct sluice_error *err)
{
    struct sluice_cell words[FIELDS] = {[SECOND] = {.ptr = "0", .len = 1}};
    struct cron cron;
    int64_t unused;
    if (strlen(text) > MOST_TEXT)
        return error_set(err, SLUICE_CONFIG, "a cron expression has at most %d bytes", MOST_TEXT);
    if (text[0] == '@' && macro_expand(&text, err) != SLUICE_OK)
        return SLUICE_CONFIG;
    size_t n = words_of(text, words, FIELDS);
    if (n == FIELDS - 1) {
        words[SECOND] = (struct sluice_cell){.ptr = "0", .len = 1};
        n = words_of(text, words + MINUTE, FIELDS - 1) + 1;
    }
    if (n != FIELDS)
        return error_set(
            err, SLUICE_CONFIG,
            "\"%.64s\" has not five or six fields; write minute, hour, day of the month, month and "
            "day of the week, such as \"0 6 * * *\"",
            text);
    enum sluice_status status = fields_parse(words, &cron, err);
    if (status == SLUICE_OK && !cron_match(&cron, 0, &unused))
        return error_set(err, SLUICE_CONFIG, "\"%.64s\" never fires: no such day comes in any year", text);
    if (status == SLUICE_OK)
        *ret_cron = cron;
    return status;
}
