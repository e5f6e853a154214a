/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libxml2's HTML parser tells us what begins and ends; where we are in the page is told by a few flags,
 * because tags may be missing. Text gathers in one buffer, which the end of a cell, header or title takes.
 */
#include "parse.h"

#include "attribute.h"
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "page.h"

#include <libxml/HTMLparser.h>
#include <string.h>

#define ARENA_CEILING ((size_t)64 << 20)
#define SPANNED_LIMIT 20000000

enum {
    TEXT_CEILING = 1 << 20,
    CHUNK_BYTES = 64 << 10,
    ID_SIZE = 32,
    MOST_ROWS_SPANNED = 65534,
    MOST_COLUMNS_SPANNED = 1000
};

/* libxml2 wants to be called once before there are threads, which is when a plugin is loaded. */
__attribute__((constructor)) static void parser_begin(void)
{
    xmlInitParser();
}

enum gathering { GATHER_NOTHING, GATHER_CELL, GATHER_LINE, GATHER_TITLE, GATHER_TAB_TITLE };

struct menu_entry {
    const char *gid, *title;
    struct menu_entry *next;
};

struct parsing {
    struct page *page;
    struct buffer text;
    enum gathering gathering;
    unsigned tables;         /* how deep: one inside of a cell is that cell's text */
    bool in_head, in_script; /* of a table; <script> and <style> */
    bool is_shim;            /* the row is the freeze bar's */
    char gid[ID_SIZE];       /* of the last <div> that looks like a tab's */
    char menu_gid[ID_SIZE];  /* of the menu's entry at hand */
    struct menu_entry *menu, *menu_last;
    struct page_row *row;
    struct page_cell *cell;
    uint64_t spanned; /* cells under those that span several */
    bool failed;      /* no memory, or beyond a ceiling */
};

/* ---- Building ---- */

static void id_keep(char id[ID_SIZE], const char *text)
{
    if (text != NULL && attribute_is_number(text) && strlen(text) < ID_SIZE)
        memcpy(id, text, strlen(text) + 1);
}

static void *make(struct parsing *parsing, size_t n)
{
    void *made = arena_alloc(&parsing->page->arena, n);
    parsing->failed = parsing->failed || made == NULL;
    return made;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Without white space at the ends and around line ends, which is the layout of the page. */
static void text_tidy(struct buffer *text)
{
    size_t used = 0;
    for (size_t i = 0; i < text->size; i++) {
        char c = text->data[i];
        bool begins_line = used == 0 || text->data[used - 1] == '\n';
        if (begins_line && is_space(c) && (used == 0 || c != '\n'))
            continue;
        while (c == '\n' && used > 0 && text->data[used - 1] != '\n' && is_space(text->data[used - 1]))
            used--;
        text->data[used++] = c;
    }
    while (used > 0 && is_space(text->data[used - 1]))
        used--;
    text->size = used;
}

static const char *text_take(struct parsing *parsing, uint32_t *ret_len)
{
    text_tidy(&parsing->text);
    const char *data = parsing->text.data == NULL ? "" : parsing->text.data;
    const char *text = arena_copy(&parsing->page->arena, data, parsing->text.size);
    parsing->failed = parsing->failed || text == NULL || parsing->text.failed;
    *ret_len = text == NULL ? 0 : (uint32_t)parsing->text.size;
    buffer_clear(&parsing->text);
    parsing->gathering = GATHER_NOTHING;
    return text == NULL ? "" : text;
}

static void table_begin(struct parsing *parsing)
{
    parsing->tables++;
    if (parsing->tables > 1)
        return;
    struct page_tab *tab = make(parsing, sizeof *tab);
    if (tab == NULL)
        return;
    tab->gid = parsing->gid[0] == '\0' ? NULL : arena_text(&parsing->page->arena, parsing->gid);
    parsing->gid[0] = '\0';
    if (parsing->page->last == NULL)
        parsing->page->tabs = tab;
    else
        parsing->page->last->next = tab;
    parsing->page->last = tab;
    parsing->page->n_tabs++;
}

static void cell_end(struct parsing *parsing)
{
    if (parsing->gathering == GATHER_CELL && parsing->cell != NULL)
        parsing->cell->text = text_take(parsing, &parsing->cell->len);
    parsing->cell = NULL;
    parsing->gathering = GATHER_NOTHING;
}

static void row_end(struct parsing *parsing)
{
    struct page_tab *tab = parsing->page->last;
    cell_end(parsing);
    struct page_row *row = parsing->row;
    parsing->row = NULL;
    if (row == NULL || parsing->is_shim || tab == NULL)
        return;
    if (tab->last == NULL)
        tab->rows = row;
    else
        tab->last->next = row;
    tab->last = row;
    tab->n_rows++;
    uint32_t n = 0;
    for (const struct page_cell *cell = row->cells; cell != NULL; cell = cell->next)
        n += cell->columns;
    tab->n_columns = n > tab->n_columns ? n : tab->n_columns;
}

static void row_begin(struct parsing *parsing, const xmlChar **attributes)
{
    row_end(parsing);
    parsing->is_shim = false;
    parsing->row = make(parsing, sizeof *parsing->row);
    if (parsing->row != NULL)
        parsing->row->hidden = attribute_has(attributes, "style", "display:none") ||
                               attribute_has(attributes, "style", "display: none");
}

static void cell_begin(struct parsing *parsing, const xmlChar **attributes)
{
    cell_end(parsing);
    if (attribute_has(attributes, "class", "freezebar")) /* the bar beside frozen columns */
        return;
    if (parsing->row == NULL)
        row_begin(parsing, NULL);
    struct page_cell *cell = make(parsing, sizeof *cell);
    struct page_row *row = parsing->row;
    if (cell == NULL || row == NULL)
        return;
    *cell = (struct page_cell){.text = "",
                               .columns = attribute_span(attributes, "colspan", MOST_COLUMNS_SPANNED),
                               .rows = attribute_span(attributes, "rowspan", MOST_ROWS_SPANNED)};
    if (cell->columns > 1 || cell->rows > 1)
        parsing->spanned += (uint64_t)cell->columns * cell->rows;
    parsing->failed = parsing->failed || parsing->spanned > SPANNED_LIMIT;
    if (row->last == NULL)
        row->cells = cell;
    else
        row->last->next = cell;
    row->last = cell;
    parsing->cell = cell;
    parsing->gathering = GATHER_CELL;
    buffer_clear(&parsing->text);
}

/* The number of a row, the freeze bar's handle, or an ordinary header cell. */
static void header_begin(struct parsing *parsing, const xmlChar **attributes)
{
    if (attribute_has(attributes, "class", "freezebar")) {
        parsing->is_shim = true;
        return;
    }
    uint64_t line = attribute_line(attribute_find(attributes, "id"));
    if (line == 0 && !attribute_has(attributes, "class", "row-header")) {
        cell_begin(parsing, attributes);
        return;
    }
    cell_end(parsing);
    if (parsing->row != NULL)
        parsing->row->line = line;
    parsing->gathering = GATHER_LINE;
    buffer_clear(&parsing->text);
}

static void line_end(struct parsing *parsing)
{
    uint32_t n;
    const char *text = text_take(parsing, &n);
    if (parsing->row != NULL && attribute_is_line(text))
        parsing->row->line = strtoull(text, NULL, 10);
}

/* ---- Outside of tables ---- */

static void menu_add(struct parsing *parsing)
{
    uint32_t n;
    struct menu_entry *entry = make(parsing, sizeof *entry);
    const char *title = text_take(parsing, &n);
    if (entry == NULL)
        return;
    entry->gid = arena_text(&parsing->page->arena, parsing->menu_gid);
    entry->title = title;
    parsing->menu_gid[0] = '\0';
    if (parsing->menu_last == NULL)
        parsing->menu = entry;
    else
        parsing->menu_last->next = entry;
    parsing->menu_last = entry;
}

static void outside_begin(struct parsing *parsing, const char *name, const xmlChar **attributes)
{
    const char *id = attribute_find(attributes, "id");
    if (strcmp(name, "div") == 0) {
        id_keep(parsing->gid, id);
    } else if (strcmp(name, "title") == 0 && parsing->page->title == NULL) {
        buffer_clear(&parsing->text);
        parsing->gathering = GATHER_TITLE;
    } else if (strcmp(name, "li") == 0 && id != NULL && strncmp(id, "sheet-button-", 13) == 0) {
        id_keep(parsing->menu_gid, id + 13);
        buffer_clear(&parsing->text);
        parsing->gathering = GATHER_TAB_TITLE;
    }
}

static void outside_end(struct parsing *parsing, const char *name)
{
    uint32_t n;
    if (strcmp(name, "title") == 0 && parsing->gathering == GATHER_TITLE)
        parsing->page->title = text_take(parsing, &n);
    else if (strcmp(name, "li") == 0 && parsing->gathering == GATHER_TAB_TITLE)
        menu_add(parsing);
}

/* ---- What libxml2 calls ---- */

static void element_begin(void *context, const xmlChar *element, const xmlChar **attributes)
{
    struct parsing *parsing = context;
    const char *name = (const char *)element;
    if (parsing->failed)
        return;
    parsing->in_script = parsing->in_script || strcmp(name, "script") == 0 || strcmp(name, "style") == 0;
    if (strcmp(name, "table") == 0)
        table_begin(parsing);
    else if (parsing->tables == 0)
        outside_begin(parsing, name, attributes);
    else if (strcmp(name, "br") == 0)
        buffer_byte(&parsing->text, '\n');
    else if (parsing->tables > 1 || parsing->in_head)
        return;
    else if (strcmp(name, "thead") == 0)
        parsing->in_head = true;
    else if (strcmp(name, "tr") == 0)
        row_begin(parsing, attributes);
    else if (strcmp(name, "td") == 0)
        cell_begin(parsing, attributes);
    else if (strcmp(name, "th") == 0)
        header_begin(parsing, attributes);
}

static void table_end(struct parsing *parsing)
{
    if (parsing->tables == 1)
        row_end(parsing);
    if (parsing->tables > 0)
        parsing->tables--;
    parsing->in_head = parsing->tables > 0 && parsing->in_head;
}

static void element_end(void *context, const xmlChar *element)
{
    struct parsing *parsing = context;
    const char *name = (const char *)element;
    if (parsing->failed)
        return;
    if (strcmp(name, "script") == 0 || strcmp(name, "style") == 0)
        parsing->in_script = false;
    if (strcmp(name, "table") == 0)
        table_end(parsing);
    else if (parsing->tables == 0)
        outside_end(parsing, name);
    else if (parsing->tables > 1)
        return;
    else if (strcmp(name, "thead") == 0)
        parsing->in_head = false;
    else if (strcmp(name, "tr") == 0)
        row_end(parsing);
    else if (strcmp(name, "th") == 0 && parsing->gathering == GATHER_LINE)
        line_end(parsing);
    else if (strcmp(name, "td") == 0 || strcmp(name, "th") == 0)
        cell_end(parsing);
}

static void text_add(void *context, const xmlChar *text, int n)
{
    struct parsing *parsing = context;
    if (parsing->gathering != GATHER_NOTHING && !parsing->in_script && n > 0)
        buffer_append(&parsing->text, text, (size_t)n);
}

/* ---- The whole ---- */

static void titles_give(struct parsing *parsing)
{
    for (struct page_tab *tab = parsing->page->tabs; tab != NULL; tab = tab->next)
        for (const struct menu_entry *entry = parsing->menu; entry != NULL && tab->title == NULL;
             entry = entry->next)
            if (tab->gid != NULL && entry->gid != NULL && strcmp(tab->gid, entry->gid) == 0)
                tab->title = entry->title;
}

/* A document's title without what Google puts behind it. */
static void title_cut(struct page *page)
{
    static const char *const behind[] = {" - Google Drive", " - Google Sheets"};
    for (size_t i = 0; page->title != NULL && i < ELEMENTS(behind); i++) {
        size_t n = strlen(page->title), tail = strlen(behind[i]);
        if (n > tail && strcmp(page->title + n - tail, behind[i]) == 0)
            page->title = arena_copy(&page->arena, page->title, n - tail);
    }
}

static void run(struct parsing *parsing, htmlParserCtxtPtr parser, const char *text, uint64_t size)
{
    for (uint64_t at = 0; at < size && !parsing->failed; at += CHUNK_BYTES) {
        int n = size - at < CHUNK_BYTES ? (int)(size - at) : CHUNK_BYTES;
        htmlParseChunk(parser, text + at, n, 0);
    }
    htmlParseChunk(parser, NULL, 0, 1);
    row_end(parsing);
}

enum sluice_status page_parse(const char *text, uint64_t size, struct page *ret_page,
                              struct sluice_error *err)
{
    struct page page = {.arena = ARENA_INIT(ARENA_CEILING)};
    struct parsing parsing = {.page = &page, .text = BUFFER_INIT(TEXT_CEILING)};
    static const htmlSAXHandler handler = {.startElement = element_begin,
                                           .endElement = element_end,
                                           .characters = text_add,
                                           .cdataBlock = text_add};
    htmlSAXHandler own = handler;
    if (size > PAGE_BYTES)
        return error_set(err, SLUICE_DATA,
                         "the page is larger than 64 MiB; read the sheet through the API instead");
    /* Google sends UTF-8 and says so in a header only; what is no UTF-8 says itself what it is */
    xmlCharEncoding encoding =
        utf8_valid_prefix(text, (size_t)size) == size ? XML_CHAR_ENCODING_UTF8 : XML_CHAR_ENCODING_NONE;
    htmlParserCtxtPtr parser = htmlCreatePushParserCtxt(&own, &parsing, NULL, 0, NULL, encoding);
    if (parser == NULL)
        return error_no_memory(err);
    htmlCtxtUseOptions(parser,
                       HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_RECOVER);
    run(&parsing, parser, text, size);
    htmlFreeParserCtxt(parser);
    buffer_free(&parsing.text);
    if (parsing.failed) {
        page_free(&page);
        return error_set(err, SLUICE_DATA,
                         "the page holds more than can be read; read the sheet through the API "
                         "instead");
    }
    titles_give(&parsing);
    title_cut(&page);
    *ret_page = page;
    return SLUICE_OK;
}

void page_free(struct page *page)
{
    arena_free(&page->arena);
    *page = (struct page){0};
}
