/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Number formats (ECMA-376 part 1 §18.8.30 and §18.8.31): a format code is compiled once and then shows numbers. What
 * is not shown by its format, because it takes a program to (fractions, exponents, conditions), is shown as `General`.
 */
#ifndef FORMATS_XLSX_FORMAT_H
#define FORMATS_XLSX_FORMAT_H

#include "base/arena.h"
#include "base/buffer.h"
#include "formats/xlsx/date.h"
#include "formats/xlsx/number.h"

enum { XLSX_FORMAT_SECTIONS = 3 };

enum xlsx_format_kind {
    XLSX_FORMAT_GENERAL, /* also text ("@") and what cannot be shown */
    XLSX_FORMAT_NUMBER,
    XLSX_FORMAT_DATE,
};

enum xlsx_format_mark {
    MARK_TEXT,      /* quoted or escaped: text stands for itself */
    MARK_CHARACTER, /* so does this one, unless it is a comma or a percent sign among digits */
    MARK_DIGIT,   /* text[0] is 0, # or ? */
    MARK_POINT,
    MARK_YEAR, MARK_MONTH, MARK_DAY, MARK_HOUR, MARK_MINUTE, MARK_SECOND,
    MARK_ELAPSED, /* text[0] is h, m or s */
    MARK_THOUSANDTHS,
    MARK_NOON, /* AM/PM; text is it */
};

struct xlsx_format_token {
    enum xlsx_format_mark mark;
    struct sluice_cell text; /* its length is how often the letter stands there */
};

/* One of the parts between ';'. */
struct xlsx_format_section {
    enum xlsx_format_kind kind;
    struct xlsx_format_token *tokens;
    uint32_t n;
    uint32_t whole, decimals; /* digit marks before and after the point */
    int shift;                /* 2 for each % sign, -3 for each comma at the end */
    bool thousands, noon;     /* commas between thousands; hours count to 12 */
};

struct xlsx_format {
    struct xlsx_format_section sections[XLSX_FORMAT_SECTIONS]; /* positive, negative, zero */
    uint32_t n;                                                /* 0: General */
};

/* Compiles a code into memory of the arena; NULL without memory. */
const struct xlsx_format *xlsx_format_compile(struct sluice_cell code, struct arena *arena);
/* The code of a built-in id, or NULL. */
const char *xlsx_format_builtin(uint32_t id);

/* Appends the text of the number; what it answers is the kind that was used for it. */
enum xlsx_format_kind xlsx_format_show(const struct xlsx_format *format, const struct xlsx_number *number,
                                       enum xlsx_epoch epoch, struct buffer *text);

/* Date sections, format_date.c. False when the number is no date. */
bool xlsx_format_show_date(const struct xlsx_format_section *section, const struct xlsx_number *number,
                           enum xlsx_epoch epoch, struct buffer *text);

#endif
