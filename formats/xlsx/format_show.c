/* SPDX-License-Identifier: Apache-2.0 */
/* Showing numbers. The digits of a whole number are laid over the section's marks from the right; what is
 * left over stands before the first mark. */
#include "formats/xlsx/format.h"

#include <string.h>

enum { WHOLE_MAX = 320, DECIMALS_MAX = 30 };

/* The digits that are shown, as text. */
struct shown {
    char whole[WHOLE_MAX];
    int n_whole;
    char decimals[DECIMALS_MAX];
};

static char digit_at(const struct xlsx_number *number, int i)
{
    return (char)(i >= 0 && i < number->n ? number->digits[i] : '0');
}

static void shown_fill(const struct xlsx_number *number, uint32_t decimals, struct shown *shown)
{
    shown->n_whole = number->point > 0 ? number->point : 0;
    for (int i = 0; i < shown->n_whole; i++)
        shown->whole[i] = digit_at(number, i);
    for (uint32_t i = 0; i < decimals; i++)
        shown->decimals[i] = digit_at(number, number->point + (int)i);
}

/* One digit of the whole part; `right` digits follow it. */
static void whole_put(struct buffer *text, char digit, uint32_t right, bool thousands)
{
    buffer_byte(text, digit);
    if (thousands && right > 0 && right % 3 == 0)
        buffer_byte(text, ',');
}

/* The mark that has `right` more marks to its right, and before the first one all digits that are left. */
static void whole_mark(const struct xlsx_format_section *section, const struct shown *shown, uint32_t right,
                       char mark, struct buffer *text)
{
    bool first = right + 1 == section->whole;
    if (first)
        for (int i = 0; i < shown->n_whole - (int)section->whole; i++)
            whole_put(text, shown->whole[i], (uint32_t)(shown->n_whole - 1 - i), section->thousands);
    int at = shown->n_whole - 1 - (int)right;
    if (at >= 0)
        whole_put(text, shown->whole[at], right, section->thousands);
    else if (mark == '0')
        whole_put(text, '0', right, section->thousands);
    else if (mark == '?')
        buffer_byte(text, ' ');
}

/* Whether a decimal and all after it are zeros that '#' does not show. */
static bool is_left_out(const struct xlsx_format_section *section, uint32_t token, const struct shown *shown,
                        uint32_t decimal)
{
    for (uint32_t i = token; i < section->n; i++) {
        if (section->tokens[i].mark != MARK_DIGIT)
            continue;
        if (section->tokens[i].text.ptr[0] == '0' || shown->decimals[decimal] != '0')
            return false;
        decimal++;
    }
    return true;
}

static void section_show(const struct xlsx_format_section *section, const struct shown *shown,
                         struct buffer *text)
{
    uint32_t right = section->whole, decimal = 0;
    bool after_point = false;
    for (uint32_t i = 0; i < section->n; i++) {
        const struct xlsx_format_token *token = &section->tokens[i];
        char mark = token->text.ptr[0];
        if (token->mark == MARK_POINT) {
            if (section->whole == 0)
                buffer_append(text, shown->whole, (size_t)shown->n_whole);
            buffer_byte(text, '.');
            after_point = true;
        } else if (token->mark == MARK_DIGIT && !after_point) {
            whole_mark(section, shown, --right, mark, text);
        } else if (token->mark == MARK_DIGIT) {
            if (!is_left_out(section, i, shown, decimal))
                buffer_byte(text, shown->decimals[decimal]);
            else if (mark == '?')
                buffer_byte(text, ' ');
            decimal++;
        } else {
            buffer_append(text, token->text.ptr, token->text.len);
        }
    }
}

static void general_show(const struct xlsx_number *number, struct buffer *text)
{
    char general[XLSX_NUMBER_TEXT_SIZE];
    buffer_append(text, general, xlsx_number_write(number, general));
}

/* False when the section has no room for the number. */
static bool number_show(const struct xlsx_format_section *section, struct xlsx_number number, bool own_sign,
                        struct buffer *text)
{
    struct shown shown = {.n_whole = 0};
    if (section->decimals > DECIMALS_MAX)
        return false;
    if (number.n > 0)
        number.point += section->shift;
    xlsx_number_round(&number, (int)section->decimals);
    if (number.point >= WHOLE_MAX)
        return false;
    shown_fill(&number, section->decimals, &shown);
    if (number.negative && own_sign)
        buffer_byte(text, '-');
    section_show(section, &shown, text);
    return true;
}

enum xlsx_format_kind xlsx_format_show(const struct xlsx_format *format, const struct xlsx_number *number,
                                       enum xlsx_epoch epoch, struct buffer *text)
{
    uint32_t chosen = number->n == 0 && format->n > 2 ? 2 : number->negative && format->n > 1 ? 1 : 0;
    const struct xlsx_format_section *section = &format->sections[chosen];
    struct xlsx_number shown = *number;
    if (chosen == 1 && section->kind == XLSX_FORMAT_NUMBER)
        shown.negative = false; /* the section says how a negative number looks */
    if (format->n > 0 && section->kind == XLSX_FORMAT_NUMBER && number_show(section, shown, true, text))
        return XLSX_FORMAT_NUMBER;
    if (format->n == 0 || section->kind != XLSX_FORMAT_DATE ||
        !xlsx_format_show_date(section, number, epoch, text))
        general_show(number, text);
    /* A number before the first day is no date, and no price either. */
    bool date = format->n > 0 && format->sections[0].kind == XLSX_FORMAT_DATE;
    return date ? XLSX_FORMAT_DATE : XLSX_FORMAT_GENERAL;
}
