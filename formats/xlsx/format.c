/* SPDX-License-Identifier: Apache-2.0 */
/* Compiling: a code is cut into tokens, and the tokens say what kind of section it is. */
#include "formats/xlsx/format.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

enum { CODE_MAX = 1024, TOKENS_MAX = 256 };

/* How a section is read. */
struct scan {
    const char *code;
    uint32_t n, at;
    struct arena *arena;
    struct xlsx_format_token tokens[TOKENS_MAX];
    uint32_t n_tokens;
    bool general, is_text, needs_a_program, full;
};

/* Dates that Excel shows as the reader's own machine likes them are shown so that nobody misreads them. */
#define ISO_DATE "yyyy\\-mm\\-dd"
#define ISO_TIME "h:mm:ss"

const char *xlsx_format_builtin(uint32_t id)
{
    static const char *const codes[] = {
        [1] = "0",
        [2] = "0.00",
        [3] = "#,##0",
        [4] = "#,##0.00",
        [5] = "#,##0;\\-#,##0",
        [6] = "#,##0;\\-#,##0",
        [7] = "#,##0.00;\\-#,##0.00",
        [8] = "#,##0.00;\\-#,##0.00",
        [9] = "0%",
        [10] = "0.00%",
        [14] = ISO_DATE,
        [15] = "d\\-mmm\\-yy",
        [16] = "d\\-mmm",
        [17] = "mmm\\-yy",
        [18] = "h:mm AM/PM",
        [19] = "h:mm:ss AM/PM",
        [20] = "h:mm",
        [21] = "h:mm:ss",
        [22] = "yyyy\\-mm\\-dd h:mm",
        [27] = ISO_DATE,
        [28] = ISO_DATE,
        [29] = ISO_DATE,
        [30] = ISO_DATE,
        [31] = ISO_DATE,
        [32] = "h:mm",
        [33] = "h:mm:ss",
        [34] = "h:mm",
        [35] = "h:mm:ss",
        [36] = ISO_DATE,
        [37] = "#,##0;\\-#,##0",
        [38] = "#,##0;\\-#,##0",
        [39] = "#,##0.00;\\-#,##0.00",
        [40] = "#,##0.00;\\-#,##0.00",
        [41] = "#,##0;\\-#,##0",
        [42] = "#,##0;\\-#,##0",
        [43] = "#,##0.00;\\-#,##0.00",
        [44] = "#,##0.00;\\-#,##0.00",
        [45] = "mm:ss",
        [46] = "[h]:mm:ss",
        [47] = "mm:ss.0",
        [50] = ISO_DATE,
        [51] = ISO_DATE,
        [52] = ISO_DATE,
        [53] = ISO_DATE,
        [54] = ISO_DATE,
        [55] = ISO_DATE,
        [56] = ISO_DATE,
        [57] = ISO_DATE,
        [58] = ISO_DATE,
    };
    return id < ELEMENTS(codes) ? codes[id] : NULL;
}

/* ---- Tokens -----------------------------------------------------------------------------------------------
 */

static void token_add(struct scan *scan, enum xlsx_format_mark mark, const char *text, uint32_t n)
{
    if (scan->n_tokens == TOKENS_MAX)
        scan->full = true;
    else
        scan->tokens[scan->n_tokens++] =
            (struct xlsx_format_token){.mark = mark, .text = {.ptr = text, .len = n}};
}

/* Of the character that comes next; 0 at the end. */
static uint32_t character_bytes(const struct scan *scan)
{
    uint32_t character;
    return scan->at < scan->n ? (uint32_t)utf8_decode(scan->code + scan->at, scan->n - scan->at, &character)
                              : 0;
}

static void quoted_read(struct scan *scan)
{
    uint32_t first = ++scan->at;
    while (scan->at < scan->n && scan->code[scan->at] != '"')
        scan->at++;
    token_add(scan, MARK_TEXT, scan->code + first, scan->at - first);
    scan->at += scan->at < scan->n;
}

/* [Red], [$€-407], [h], [<100] */
static void bracket_read(struct scan *scan)
{
    const char *text = scan->code + scan->at + 1;
    const char *end = memchr(text, ']', scan->n - scan->at - 1);
    if (end == NULL) {
        scan->needs_a_program = true;
        scan->at = scan->n;
        return;
    }
    uint32_t n = (uint32_t)(end - text);
    scan->at += n + 2;
    char letter = (char)(n == 0 ? 0 : text[0] | 0x20);
    bool same = n > 0;
    for (uint32_t i = 1; i < n; i++)
        same &= (text[i] | 0x20) == letter;
    if (same && (letter == 'h' || letter == 'm' || letter == 's')) {
        token_add(scan, MARK_ELAPSED, text, n);
    } else if (n > 0 && text[0] == '$') {
        const char *dash = memchr(text, '-', n);
        uint32_t symbol = dash == NULL ? n - 1 : (uint32_t)(dash - text) - 1;
        if (symbol > 0)
            token_add(scan, MARK_TEXT, text + 1, symbol);
    } else if (n > 0 && (text[0] == '<' || text[0] == '>' || text[0] == '=')) {
        scan->needs_a_program = true;
    }
}

static bool word_read(struct scan *scan, const char *word, enum xlsx_format_mark mark)
{
    uint32_t n = (uint32_t)strlen(word);
    if (scan->n - scan->at < n || strncasecmp(scan->code + scan->at, word, n) != 0)
        return false;
    token_add(scan, mark, scan->code + scan->at, n);
    scan->at += n;
    return true;
}

static void letters_read(struct scan *scan, enum xlsx_format_mark mark)
{
    uint32_t first = scan->at;
    char letter = (char)(scan->code[first] | 0x20);
    while (scan->at < scan->n && (scan->code[scan->at] | 0x20) == letter)
        scan->at++;
    token_add(scan, mark, scan->code + first, scan->at - first);
}

static bool is_seconds_part(const struct scan *scan)
{
    return scan->n_tokens > 0 && scan->tokens[scan->n_tokens - 1].mark == MARK_SECOND &&
           scan->at + 1 < scan->n && scan->code[scan->at + 1] == '0';
}

static void point_read(struct scan *scan)
{
    if (!is_seconds_part(scan)) {
        token_add(scan, MARK_POINT, scan->code + scan->at++, 1);
        return;
    }
    scan->at++;
    letters_read(scan, MARK_THOUSANDTHS);
}

/* One character, with what belongs to it. */
static void token_read(struct scan *scan)
{
    char c = scan->code[scan->at];
    switch (c) {
    case '"':
        quoted_read(scan);
        return;
    case '\\':
    case '!':
        scan->at++;
        token_add(scan, MARK_TEXT, scan->code + scan->at, character_bytes(scan));
        scan->at += character_bytes(scan);
        return;
    case '_': /* a blank as wide as the next character */
        token_add(scan, MARK_TEXT, " ", 1);
        scan->at++;
        scan->at += character_bytes(scan);
        return;
    case '*': /* the next character fills the cell */
        scan->at++;
        scan->at += character_bytes(scan);
        return;
    case '[':
        bracket_read(scan);
        return;
    case '0':
    case '#':
    case '?':
        token_add(scan, MARK_DIGIT, scan->code + scan->at++, 1);
        return;
    case '.':
        point_read(scan);
        return;
    case '@':
        scan->is_text = true;
        scan->at++;
        return;
    case '/': /* a fraction, unless it stands between dates */
        scan->needs_a_program |= scan->n_tokens > 0 && scan->tokens[scan->n_tokens - 1].mark == MARK_DIGIT;
        token_add(scan, MARK_CHARACTER, scan->code + scan->at++, 1);
        return;
    default:
        break;
    }
    if (word_read(scan, "AM/PM", MARK_NOON) || word_read(scan, "A/P", MARK_NOON))
        return;
    if (scan->n - scan->at >= 7 && strncasecmp(scan->code + scan->at, "General", 7) == 0) {
        scan->general = true;
        scan->at += 7;
        return;
    }
    switch (c | 0x20) {
    case 'y':
        letters_read(scan, MARK_YEAR);
        return;
    case 'm':
        letters_read(scan, MARK_MONTH);
        return;
    case 'd':
        letters_read(scan, MARK_DAY);
        return;
    case 'h':
        letters_read(scan, MARK_HOUR);
        return;
    case 's':
        letters_read(scan, MARK_SECOND);
        return;
    case 'e':
        scan->needs_a_program |=
            scan->at + 1 < scan->n && (scan->code[scan->at + 1] == '+' || scan->code[scan->at + 1] == '-');
        break;
    default:
        break;
    }
    token_add(scan, MARK_CHARACTER, scan->code + scan->at++, 1);
}

/* ---- Sections ---------------------------------------------------------------------------------------------
 */

static bool is_date_mark(enum xlsx_format_mark mark)
{
    return mark >= MARK_YEAR;
}

static bool is_time(const struct xlsx_format_token *token)
{
    return token->mark == MARK_HOUR || (token->mark == MARK_ELAPSED && (token->text.ptr[0] | 0x20) == 'h');
}

static bool is_seconds(const struct xlsx_format_token *token)
{
    return token->mark == MARK_SECOND || (token->mark == MARK_ELAPSED && (token->text.ptr[0] | 0x20) == 's');
}

/* An m after hours or before seconds counts minutes. */
static void minutes_find(struct xlsx_format_section *section)
{
    for (uint32_t i = 0; i < section->n; i++) {
        if (section->tokens[i].mark != MARK_MONTH || section->tokens[i].text.len > 2)
            continue;
        uint32_t before = i, after = i + 1;
        while (before > 0 && !is_date_mark(section->tokens[before - 1].mark))
            before--;
        while (after < section->n && !is_date_mark(section->tokens[after].mark))
            after++;
        if ((before > 0 && is_time(&section->tokens[before - 1])) ||
            (after < section->n && is_seconds(&section->tokens[after])))
            section->tokens[i].mark = MARK_MINUTE;
    }
}

/* Commas between digit marks group thousands; those after the last one divide by a thousand. */
static void commas_take(struct xlsx_format_section *section)
{
    uint32_t last_digit = 0, kept = 0;
    bool any = false;
    for (uint32_t i = 0; i < section->n; i++)
        if (section->tokens[i].mark == MARK_DIGIT || section->tokens[i].mark == MARK_POINT) {
            last_digit = i;
            any = true;
        }
    bool before_digit = false;
    for (uint32_t i = 0; i < section->n; i++) {
        const struct xlsx_format_token token = section->tokens[i];
        bool comma = token.mark == MARK_CHARACTER && token.text.ptr[0] == ',';
        if (any && comma && before_digit && i < last_digit) {
            section->thousands = true;
            continue;
        }
        if (any && comma && before_digit) {
            section->shift -= 3;
            continue;
        }
        before_digit = token.mark == MARK_DIGIT || (before_digit && comma);
        section->tokens[kept++] = token;
    }
    section->n = kept;
}

static void number_take(struct xlsx_format_section *section)
{
    bool after_point = false;
    commas_take(section);
    for (uint32_t i = 0; i < section->n; i++) {
        const struct xlsx_format_token *token = &section->tokens[i];
        if (token->mark == MARK_POINT)
            after_point = true;
        else if (token->mark == MARK_DIGIT && after_point)
            section->decimals++;
        else if (token->mark == MARK_DIGIT)
            section->whole++;
        else if (token->mark == MARK_CHARACTER && token->text.ptr[0] == '%')
            section->shift += 2;
    }
}

static bool section_compile(struct scan *scan, struct xlsx_format_section *ret_section)
{
    struct xlsx_format_section section = {.kind = XLSX_FORMAT_NUMBER, .n = scan->n_tokens};
    bool date = false;
    for (uint32_t i = 0; i < scan->n_tokens; i++) {
        date |= is_date_mark(scan->tokens[i].mark);
        section.noon |= scan->tokens[i].mark == MARK_NOON;
    }
    if (date)
        section.kind = XLSX_FORMAT_DATE;
    if (scan->general || scan->is_text || scan->full || (scan->needs_a_program && !date)) {
        ret_section->kind = XLSX_FORMAT_GENERAL;
        return true;
    }
    section.tokens = arena_alloc(scan->arena, (scan->n_tokens + 1) * sizeof section.tokens[0]);
    if (section.tokens == NULL)
        return false;
    memcpy(section.tokens, scan->tokens, scan->n_tokens * sizeof section.tokens[0]);
    if (date)
        minutes_find(&section);
    else
        number_take(&section);
    *ret_section = section;
    return true;
}

const struct xlsx_format *xlsx_format_compile(struct sluice_cell code, struct arena *arena)
{
    struct xlsx_format *format = arena_alloc(arena, sizeof *format);
    char *copy = arena_copy(arena, code.ptr, code.len);
    _cleanup_free_ struct scan *scan = calloc(1, sizeof *scan);
    if (format == NULL || copy == NULL || scan == NULL)
        return NULL;
    *scan = (struct scan){.code = copy, .n = code.len, .arena = arena};
    bool conditions = false;
    if (strcasestr(copy, "[$-F800]") != NULL)
        *scan = (struct scan){.code = ISO_DATE, .n = sizeof ISO_DATE - 1, .arena = arena};
    if (strcasestr(copy, "[$-F400]") != NULL)
        *scan = (struct scan){.code = ISO_TIME, .n = sizeof ISO_TIME - 1, .arena = arena};
    while (format->n < XLSX_FORMAT_SECTIONS && code.len <= CODE_MAX) {
        while (scan->at < scan->n && scan->code[scan->at] != ';')
            token_read(scan);
        conditions |= scan->needs_a_program;
        if (!section_compile(scan, &format->sections[format->n++]))
            return NULL;
        scan->n_tokens = 0;
        scan->general = scan->is_text = scan->needs_a_program = scan->full = false;
        if (scan->at >= scan->n)
            break;
        scan->at++;
    }
    if (conditions && format->n > 1)
        format->n = 0;
    return format;
}
