/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/convention.h"

#include <stdio.h>
#include <unicode/uloc.h>
#include <unicode/unum.h>

static const char *mark_name(enum decimal_mark mark)
{
    return mark == DECIMAL_MARK_POINT ? "point" : "comma";
}

static void decide(struct convention *convention, enum decimal_mark mark)
{
    convention->mark = mark;
    convention->decided = true;
}

/* AUTO for a language that ICU does not know, or a mark that is neither of the two. */
static enum decimal_mark mark_of_locale(const char *locale)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar symbol[8] = {0};
    if (uloc_getISO3Language(locale)[0] == '\0')
        return DECIMAL_MARK_AUTO;
    UNumberFormat *format = unum_open(UNUM_DECIMAL, NULL, 0, locale, NULL, &status);
    if (U_FAILURE(status))
        return DECIMAL_MARK_AUTO;
    int32_t room = (int32_t)(sizeof symbol / sizeof symbol[0]);
    int32_t n = unum_getSymbol(format, UNUM_DECIMAL_SEPARATOR_SYMBOL, symbol, room, &status);
    unum_close(format);
    if (U_FAILURE(status) || n != 1)
        return DECIMAL_MARK_AUTO;
    return symbol[0] == '.' ? DECIMAL_MARK_POINT : symbol[0] == ',' ? DECIMAL_MARK_COMMA : DECIMAL_MARK_AUTO;
}

void convention_begin(struct convention *convention, const struct ingest_options *options,
                      const char *source_locale)
{
    *convention = (struct convention){.mark = DECIMAL_MARK_AUTO};
    if (options->decimal.index != DECIMAL_MARK_AUTO) {
        decide(convention, (enum decimal_mark)options->decimal.index);
        snprintf(convention->reason, sizeof convention->reason, "The option decimal says %s.",
                 mark_name(convention->mark));
        return;
    }
    const char *locale = source_locale != NULL ? source_locale : options->locale;
    enum decimal_mark mark = locale == NULL || locale[0] == '\0' ? DECIMAL_MARK_AUTO : mark_of_locale(locale);
    if (mark == DECIMAL_MARK_AUTO)
        return;
    decide(convention, mark);
    snprintf(convention->reason, sizeof convention->reason, "The locale %.32s of the %s uses the %s.", locale,
             source_locale != NULL ? "sheet" : "configuration", mark_name(mark));
}

void convention_add(struct convention *convention, enum decimal_mark evidence, uint64_t line)
{
    if (convention->decided)
        return;
    convention->seen++;
    if (evidence == DECIMAL_MARK_POINT && convention->points++ == 0)
        convention->point_line = line;
    if (evidence == DECIMAL_MARK_COMMA && convention->commas++ == 0)
        convention->comma_line = line;
    if (convention->seen >= CONVENTION_WINDOW)
        convention_decide(convention);
}

void convention_decide(struct convention *convention)
{
    if (convention->decided)
        return;
    bool none = convention->points == 0 && convention->commas == 0;
    bool both = convention->points > 0 && convention->commas > 0;
    decide(convention, none || both             ? DECIMAL_MARK_AUTO
                       : convention->points > 0 ? DECIMAL_MARK_POINT
                                                : DECIMAL_MARK_COMMA);
    if (none)
        snprintf(convention->reason, sizeof convention->reason,
                 "No price of the list proves a decimal mark.");
    else if (both)
        snprintf(convention->reason, sizeof convention->reason,
                 "The prices contradict each other: row %llu uses the point, row %llu the comma.",
                 (unsigned long long)convention->point_line, (unsigned long long)convention->comma_line);
    else
        snprintf(convention->reason, sizeof convention->reason,
                 "All prices that prove a decimal mark (%llu of %llu) use the %s.",
                 (unsigned long long)(convention->points + convention->commas),
                 (unsigned long long)convention->seen, mark_name(convention->mark));
}
