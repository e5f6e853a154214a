/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/supplier_format.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "ingest/fold.h"

#include <string.h>

enum { GROUP_MAX = 12 };

/* Words of one row mean the same format. */
static const char *const groups[][GROUP_MAX] = {
    {"google sheets", "google sheet", "gsheets", "gsheet", "google", "google spreadsheet", "google таблицы",
     "google таблица", "гугл таблицы", "гугл таблица"},
    {"csv"},
    {"excel", "xlsx", "xls", "ms excel", "эксель"},
};

/* Folded, with '_' and '-' as spaces. */
static void format_fold(struct sluice_cell text, char ret_word[FOLD_WORD_SIZE])
{
    fold_word(text, ret_word);
    for (char *c = ret_word; *c != '\0'; c++)
        if (*c == '_' || *c == '-')
            *c = ' ';
}

/* The row of `groups`, or -1. */
static int group_find(const char *folded)
{
    for (size_t group = 0; group < ELEMENTS(groups); group++)
        for (size_t i = 0; i < GROUP_MAX && groups[group][i] != NULL; i++)
            if (strcmp(groups[group][i], folded) == 0)
                return (int)group;
    return -1;
}

const char *supplier_format_find(struct sluice_cell text, const char *const *formats, size_t n_formats)
{
    char wanted[FOLD_WORD_SIZE], format[FOLD_WORD_SIZE];
    const char *same_group = NULL;
    format_fold(text, wanted);
    for (size_t i = 0; i < n_formats; i++) {
        format_fold(text_of(formats[i]), format);
        if (strcmp(format, wanted) == 0)
            return formats[i];
        int group = group_find(wanted);
        if (same_group == NULL && group >= 0 && group == group_find(format))
            same_group = formats[i];
    }
    return same_group;
}

enum supplier_switch supplier_switch_read(struct sluice_cell text)
{
    static const char *const on[] = {"true",     "yes",     "y",       "1",      "active",
                                     "on",       "enabled", "да",      "истина", "активен",
                                     "активный", "активна", "активно", "вкл",    "включен",
                                     "\u2713",   "\u2714",  "\u2611",  "\u2705", "д"};
    static const char *const off[] = {"false",      "no",        "n",         "0",      "inactive",
                                      "off",        "disabled",  "нет",       "ложь",   "неактивен",
                                      "неактивный", "неактивна", "неактивно", "выкл",   "отключен",
                                      "\u2610",     "\u274c",    "\u2717",    "\u2718", "н"};
    if (text_is_blank(text))
        return SWITCH_ON;
    char folded[FOLD_WORD_SIZE];
    fold_word(text, folded);
    for (size_t i = 0; i < ELEMENTS(on); i++)
        if (strcmp(folded, on[i]) == 0)
            return SWITCH_ON;
    for (size_t i = 0; i < ELEMENTS(off); i++)
        if (strcmp(folded, off[i]) == 0)
            return SWITCH_OFF;
    return SWITCH_UNKNOWN;
}
