/* SPDX-License-Identifier: Apache-2.0 */
/* Each character of the text becomes one of a few signs, so that all scripts' digits, spaces and minuses look
 * alike; then the order of the signs decides. */
#include "ingest/number_text.h"

#include "base/text.h"

#include <string.h>
#include <unicode/uchar.h>

/* Signs: a digit is itself, '.' and ',' are themselves. */
enum sign {
    SIGN_DECIMAL = '|',
    SIGN_SPACE = ' ',
    SIGN_QUOTE = '\'',
    SIGN_MINUS = '-',
    SIGN_EXPONENT = 'e',
    SIGN_OTHER = 'x'
};

struct signs {
    char sign[NUMBER_TEXT_SIZE];
    uint32_t offset[NUMBER_TEXT_SIZE + 1]; /* of the character in the text, and the text's end */
    size_t n;
    size_t first, last; /* of the number within: [first, last) */
};

static char sign_of_ascii(uint32_t c)
{
    if ((c >= '0' && c <= '9') || c == '.' || c == ',' || c == '-' || c == '+' || c == '(' || c == ')' ||
        c == '\'')
        return (char)c;
    if (c == 'e' || c == 'E')
        return SIGN_EXPONENT;
    if (c == ' ' || c == '\t')
        return SIGN_SPACE;
    return c == '_' || c == '`' ? SIGN_QUOTE : SIGN_OTHER;
}

static char sign_of(uint32_t c)
{
    if (c < 0x80)
        return sign_of_ascii(c);
    switch (c) {
    case 0x066b: /* Arabic decimal separator */
        return SIGN_DECIMAL;
    case 0x066c: /* Arabic thousands separator */
    case 0x2019:
    case 0x02bc:
    case 0x00b4:
        return SIGN_QUOTE;
    case 0x2212: /* minus sign, en dash, em dash */
    case 0x2013:
    case 0x2014:
        return SIGN_MINUS;
    case 0xff0e:
        return '.';
    case 0xff0c:
        return ',';
    default:
        break;
    }
    int32_t digit = u_charDigitValue((UChar32)c);
    if (digit >= 0)
        return (char)('0' + digit);
    return u_isUWhiteSpace((UChar32)c) ? SIGN_SPACE : SIGN_OTHER;
}

static bool is_digit(char sign)
{
    return sign >= '0' && sign <= '9';
}

static bool is_mark(char sign)
{
    return sign == '.' || sign == ',' || sign == SIGN_DECIMAL;
}

/* False when the text is longer than any number. */
static bool signs_read(struct sluice_cell text, struct signs *signs)
{
    signs->n = 0;
    for (uint32_t i = 0; i < text.len;) {
        if (signs->n == NUMBER_TEXT_SIZE)
            return false;
        uint32_t c;
        size_t length = utf8_decode(text.ptr + i, text.len - i, &c);
        if (!u_hasBinaryProperty((UChar32)c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) {
            signs->offset[signs->n] = i;
            signs->sign[signs->n++] = sign_of(c);
        }
        i += (uint32_t)length;
    }
    signs->offset[signs->n] = text.len;
    return true;
}

/* The number reaches from the first digit to the last one; a mark before belongs to it unless it ends a word.
 */
static bool number_find(struct signs *signs)
{
    size_t first = 0, last = signs->n;
    while (first < signs->n && !is_digit(signs->sign[first]))
        first++;
    while (last > first && !is_digit(signs->sign[last - 1]))
        last--;
    if (first == last)
        return false;
    bool mark = first > 0 && is_mark(signs->sign[first - 1]);
    if (mark &&
        (first == 1 || (signs->sign[first - 2] != SIGN_OTHER && signs->sign[first - 2] != SIGN_EXPONENT)))
        first--;
    signs->first = first;
    signs->last = last;
    return true;
}

/* The text of the signs [from, to), trimmed. */
static struct sluice_cell span(struct sluice_cell text, const struct signs *signs, size_t from, size_t to)
{
    struct sluice_cell part = {.ptr = text.ptr + signs->offset[from],
                               .len = signs->offset[to] - signs->offset[from]};
    return text_trim(part);
}

/* Takes sign and bracket off the text before and after: "-$5", "$ -5", "5-", "(5)", "5,-" (no cents). */
static void surroundings(struct sluice_cell text, const struct signs *signs, struct number_text *number)
{
    size_t from = 0, to = signs->first;
    while (from < to && (signs->sign[from] == SIGN_SPACE || strchr("-+(", signs->sign[from]) != NULL)) {
        number->negative |= signs->sign[from] == SIGN_MINUS || signs->sign[from] == '(';
        from++;
    }
    while (to > from && (signs->sign[to - 1] == SIGN_SPACE || strchr("-+(", signs->sign[to - 1]) != NULL)) {
        to--;
        number->negative |= signs->sign[to] == SIGN_MINUS || signs->sign[to] == '(';
    }
    number->before = span(text, signs, from, to);

    from = signs->last;
    to = signs->n;
    bool cut = from < to && (signs->sign[from] == '.' || signs->sign[from] == ',');
    from += cut;
    while (from < to && signs->sign[from] == SIGN_MINUS) {
        number->negative |= !cut;
        from++;
    }
    to -= to > from && signs->sign[to - 1] == ')';
    number->after = span(text, signs, from, to);
}

/* Digit groups of the integer part [from, to), each begun by `mark`: three digits each, or, as in India, two
 * and at last three. */
static bool groups_valid(const char *sign, size_t from, size_t to, char mark)
{
    size_t length = 0, groups = 0;
    bool threes = true, twos = true;
    for (size_t i = from; i < to; i++) {
        if (is_digit(sign[i])) {
            length++;
            continue;
        }
        if (sign[i] != mark)
            return false;
        threes &= groups == 0 ? length >= 1 && length <= 3 : length == 3;
        twos &= groups == 0 ? length >= 1 && length <= 2 : length == 2;
        groups++;
        length = 0;
    }
    if (groups == 0)
        return true;
    return length == 3 && (threes || (twos && groups > 1));
}

/* What stands between the digits: one kind of group mark, one decimal mark, each found or '\0'. */
struct marks {
    char group, decimal;
    size_t decimal_at;
    bool ambiguous;
};

static size_t count(const struct signs *signs, char sign)
{
    size_t n = 0;
    for (size_t i = signs->first; i < signs->last; i++)
        n += signs->sign[i] == sign;
    return n;
}

static size_t position(const struct signs *signs, char sign)
{
    size_t i = signs->last;
    while (i > signs->first && signs->sign[i - 1] != sign)
        i--;
    return i - 1;
}

/* A single point or comma: could it begin a group of three? */
static bool could_group(const struct signs *signs, size_t at, char group)
{
    size_t before = at - signs->first, after = signs->last - at - 1;
    return group == '\0' && after == 3 && before >= 1 && before <= 3 && signs->sign[signs->first] != '0';
}

/* Decides which sign is the decimal mark and which one parts groups. False when no number looks like this. */
static bool marks_find(const struct signs *signs, struct marks *marks)
{
    size_t points = count(signs, '.'), commas = count(signs, ','), decimals = count(signs, SIGN_DECIMAL);
    size_t spaces = count(signs, SIGN_SPACE), quotes = count(signs, SIGN_QUOTE);
    *marks = (struct marks){.group = spaces > 0 ? SIGN_SPACE : quotes > 0 ? SIGN_QUOTE : '\0'};
    if ((spaces > 0 && quotes > 0) || decimals > 1 || (decimals == 1 && points + commas > 0))
        return false;
    if (decimals == 1)
        marks->decimal = SIGN_DECIMAL;
    else if (points > 0 && commas > 0)
        marks->decimal = position(signs, '.') > position(signs, ',') ? '.' : ',';
    else if (points == 1 || commas == 1)
        marks->decimal = points == 1 ? '.' : ',';
    char other = points > 0 && commas > 0 ? (marks->decimal == '.' ? ',' : '.') : '\0';
    if (marks->decimal == '\0' && points + commas > 0)
        other = points > 0 ? '.' : ',';
    if (other != '\0' && marks->group != '\0')
        return false;
    if (other != '\0')
        marks->group = other;
    if (marks->decimal == '\0')
        return true;
    marks->decimal_at = position(signs, marks->decimal);
    marks->ambiguous = marks->decimal != SIGN_DECIMAL && could_group(signs, marks->decimal_at, marks->group);
    return count(signs, marks->decimal) == 1;
}

static enum decimal_mark mark_of(char sign)
{
    return sign == '.' ? DECIMAL_MARK_POINT : sign == ',' ? DECIMAL_MARK_COMMA : DECIMAL_MARK_AUTO;
}

static enum decimal_mark other_mark(enum decimal_mark mark)
{
    return mark == DECIMAL_MARK_AUTO    ? mark
           : mark == DECIMAL_MARK_POINT ? DECIMAL_MARK_COMMA
                                        : DECIMAL_MARK_POINT;
}

/* Writes the digits with a point for the decimal mark. */
static void decimal_write(const struct signs *signs, const struct marks *marks, struct number_text *number)
{
    size_t n = 0;
    if (number->negative)
        number->decimal[n++] = '-';
    for (size_t i = signs->first; i < signs->last && n + 1 < sizeof number->decimal; i++) {
        if (is_digit(signs->sign[i]))
            number->decimal[n++] = signs->sign[i];
        else if (marks->decimal != '\0' && i == marks->decimal_at)
            number->decimal[n++] = '.';
    }
    number->decimal[n] = '\0';
}

static enum number_status marks_read(const struct signs *signs, enum decimal_mark mark,
                                     struct number_text *number)
{
    struct marks marks;
    if (!marks_find(signs, &marks))
        return NUMBER_MALFORMED;
    if (marks.ambiguous && mark == DECIMAL_MARK_AUTO)
        return NUMBER_AMBIGUOUS;
    if (marks.ambiguous && mark != mark_of(marks.decimal))
        marks = (struct marks){.group = marks.decimal};
    size_t whole_end = marks.decimal == '\0' ? signs->last : marks.decimal_at;
    if (!groups_valid(signs->sign, signs->first, whole_end, marks.group))
        return NUMBER_MALFORMED;
    for (size_t i = whole_end + 1; i < signs->last; i++)
        if (!is_digit(signs->sign[i]))
            return NUMBER_MALFORMED;
    if (!marks.ambiguous)
        number->evidence = marks.decimal != '\0' ? mark_of(marks.decimal) : other_mark(mark_of(marks.group));
    decimal_write(signs, &marks, number);
    return NUMBER_OK;
}

/* "1.5E+05": one mark at most, which is the decimal one, and no groups. */
static enum number_status exponent_read(const struct signs *signs, struct number_text *number)
{
    size_t n = 0, marks = 0;
    bool exponent = false;
    if (number->negative)
        number->decimal[n++] = '-';
    for (size_t i = signs->first; i < signs->last && n + 1 < sizeof number->decimal; i++) {
        char sign = signs->sign[i];
        bool after_e = i > signs->first && signs->sign[i - 1] == SIGN_EXPONENT;
        bool signed_here = after_e && (sign == '+' || sign == SIGN_MINUS);
        bool mark = is_mark(sign) && !exponent;
        if (!is_digit(sign) && !signed_here && !mark && (sign != SIGN_EXPONENT || exponent))
            return NUMBER_NONE;
        marks += mark;
        exponent |= sign == SIGN_EXPONENT;
        number->decimal[n++] = mark ? '.' : sign;
    }
    number->decimal[n] = '\0';
    return marks > 1 ? NUMBER_MALFORMED : NUMBER_OK;
}

static enum number_status signs_decide(const struct signs *signs, enum decimal_mark mark,
                                       struct number_text *number)
{
    bool exponent = false;
    for (size_t i = signs->first; i < signs->last; i++) {
        char sign = signs->sign[i];
        bool follows_exponent = i > signs->first && signs->sign[i - 1] == SIGN_EXPONENT;
        bool stray_sign = (sign == SIGN_MINUS || sign == '+') && !follows_exponent;
        if (stray_sign || sign == SIGN_OTHER || sign == '(' || sign == ')')
            return NUMBER_NONE;
        exponent |= sign == SIGN_EXPONENT;
    }
    return exponent ? exponent_read(signs, number) : marks_read(signs, mark, number);
}

void number_text_read(struct sluice_cell text, enum decimal_mark mark, struct number_text *ret_number)
{
    *ret_number = (struct number_text){.status = NUMBER_NONE, .before = {.ptr = ""}, .after = {.ptr = ""}};
    struct signs signs;
    if (!signs_read(text, &signs) || !number_find(&signs))
        return;
    surroundings(text, &signs, ret_number);
    ret_number->status = signs_decide(&signs, mark, ret_number);
}
