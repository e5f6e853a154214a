/* SPDX-License-Identifier: Apache-2.0 */
/* libxml2 is told to load nothing, to print nothing, and to build no tree: only the callbacks below are set.
 */
#include "formats/xlsx/xml.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"

#include <libxml/parser.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
    SILENT_BYTES = 1 << 20, /* without one event: a tag or comment that long belongs to no workbook */
};

struct xlsx_xml {
    xmlParserCtxt *parser;
    const struct xlsx_events *events;
    void *context;
    char name[256]; /* of the part, for messages */
    struct xlsx_part part;
    uint32_t depth;
    size_t silent; /* bytes since the last event */
    enum sluice_status status;
    struct sluice_error error;
    char piece[XLSX_PIECE_BYTES];
};

/* libxml2 wants to be called once before there are threads, which is when a plugin is loaded. */
__attribute__((constructor)) static void xml_begin(void)
{
    xmlInitParser();
}

void xlsx_xml_fail(struct xlsx_xml *xml, enum sluice_status status, const char *format, ...)
{
    if (xml->status != SLUICE_OK)
        return;
    va_list args;
    va_start(args, format);
    if (format == NULL)
        error_no_memory(&xml->error);
    else
        error_setv(&xml->error, status, format, args);
    va_end(args);
    xml->status = xml->error.status;
    xmlStopParser(xml->parser);
}

/* ---- Callbacks of libxml2 ---------------------------------------------------------------------------------
 */

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *space,
                     int n_namespaces, const xmlChar **namespaces, int n_attributes, int n_defaulted,
                     const xmlChar **attributes)
{
    (void)prefix, (void)space, (void)n_namespaces, (void)namespaces, (void)n_defaulted;
    struct xlsx_xml *xml = context;
    if (xml->status != SLUICE_OK)
        return;
    xml->silent = 0;
    if (++xml->depth > XLSX_DEPTH) {
        xlsx_xml_fail(xml, SLUICE_DATA, "%s has more than %d elements in each other, as no workbook has",
                      xml->name, XLSX_DEPTH);
        return;
    }
    for (int i = 0; i < n_attributes; i++)
        if (attributes[5 * i + 4] - attributes[5 * i + 3] > (ptrdiff_t)XLSX_ATTRIBUTE) {
            xlsx_xml_fail(xml, SLUICE_DATA, "%s has an attribute of more than %u bytes, as no workbook has",
                          xml->name, XLSX_ATTRIBUTE);
            return;
        }
    const struct xlsx_attributes all = {.at = attributes, .n = n_attributes};
    xml->events->start(xml->context, (const char *)name, &all);
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *space)
{
    (void)prefix, (void)space;
    struct xlsx_xml *xml = context;
    if (xml->status != SLUICE_OK)
        return;
    xml->silent = 0;
    xml->depth--;
    xml->events->end(xml->context, (const char *)name);
}

static void on_text(void *context, const xmlChar *text, int n)
{
    struct xlsx_xml *xml = context;
    if (xml->status != SLUICE_OK)
        return;
    xml->silent = 0;
    if (xml->events->text != NULL)
        xml->events->text(xml->context, (const char *)text, (size_t)n);
}

static void on_doctype(void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    (void)name, (void)external, (void)system;
    struct xlsx_xml *xml = context;
    xlsx_xml_fail(xml, SLUICE_DATA, "%s has a DOCTYPE, which no workbook has; do not trust this file",
                  xml->name);
}

/* Only what makes the document unreadable counts: workbooks with odd namespaces are common. */
static void on_error(void *context, xmlError *error)
{
    struct xlsx_xml *xml = context;
    if (error->level != XML_ERR_FATAL || xml->status != SLUICE_OK)
        return;
    if (error->code == XML_ERR_NO_MEMORY) {
        xlsx_xml_fail(xml, SLUICE_IO, NULL);
        return;
    }
    int n = error->message == NULL ? 0 : (int)strcspn(error->message, "\n");
    xlsx_xml_fail(xml, SLUICE_DATA, "%s is no well-formed XML (line %d: %.*s); save the workbook again",
                  xml->name, error->line, n, error->message == NULL ? "" : error->message);
}

static enum sluice_status parser_make(struct xlsx_xml *xml, struct sluice_error *err)
{
    xmlSAXHandler calls = {.initialized = XML_SAX2_MAGIC,
                           .startElementNs = on_start,
                           .endElementNs = on_end,
                           .characters = on_text,
                           .ignorableWhitespace = on_text,
                           .cdataBlock = on_text,
                           .internalSubset = on_doctype,
                           .serror = (xmlStructuredErrorFunc)(void (*)(void))on_error};
    xml->parser = xmlCreatePushParserCtxt(&calls, xml, NULL, 0, NULL);
    if (xml->parser == NULL)
        return error_no_memory(err);
    /* NOENT: "&amp;" in attributes is given as "&". There are no other entities, since a DOCTYPE ends the
     * parsing. */
    xmlCtxtUseOptions(xml->parser, XML_PARSE_NONET | XML_PARSE_NOENT);
    return SLUICE_OK;
}

/* ---- The stream -------------------------------------------------------------------------------------------
 */

static struct xlsx_xml *xml_new(const char *name, const struct xlsx_events *events, void *context)
{
    struct xlsx_xml *xml = calloc(1, sizeof *xml);
    if (xml == NULL)
        return NULL;
    xml->events = events;
    xml->context = context;
    snprintf(xml->name, sizeof xml->name, "%s", name);
    return xml;
}

enum sluice_status xlsx_xml_status(const struct xlsx_xml *xml, struct sluice_error *err)
{
    if (xml->status != SLUICE_OK && err != NULL)
        *err = xml->error;
    return xml->status;
}

static void on_nothing(void *context, xmlError *error)
{
    (void)context, (void)error;
}

/* Errors of conversion know no parser: libxml2 would print them, so for this long they go nowhere. The
 * thread's own function comes back, since it may be another's who also uses libxml2. */
static void chunk_parse(struct xlsx_xml *xml, const char *bytes, size_t n, int is_last)
{
    xmlStructuredErrorFunc function = xmlStructuredError;
    void *context = xmlStructuredErrorContext;
    xmlSetStructuredErrorFunc(NULL, (xmlStructuredErrorFunc)(void (*)(void))on_nothing);
    xmlParseChunk(xml->parser, bytes, (int)n, is_last);
    xmlSetStructuredErrorFunc(context, function);
}

enum sluice_status xlsx_xml_feed(struct xlsx_xml *xml, const char *bytes, size_t n, struct sluice_error *err)
{
    xml->silent += n;
    chunk_parse(xml, bytes, n, 0);
    if (xml->silent > SILENT_BYTES)
        xlsx_xml_fail(xml, SLUICE_DATA, "%s has a tag, comment or text section of more than %d bytes",
                      xml->name, SILENT_BYTES);
    return xlsx_xml_status(xml, err);
}

enum sluice_status xlsx_xml_finish(struct xlsx_xml *xml, struct sluice_error *err)
{
    chunk_parse(xml, NULL, 0, 1);
    return xlsx_xml_status(xml, err);
}

enum sluice_status xlsx_xml_read(struct xlsx_xml *xml, char *bytes, size_t *ret_n, struct sluice_error *err)
{
    return xlsx_part_read(&xml->part, bytes, XLSX_PIECE_BYTES, ret_n, err);
}

bool xlsx_xml_is_utf8(const struct xlsx_xml *xml)
{
    return xml->parser->encoding == NULL || strcasecmp((const char *)xml->parser->encoding, "UTF-8") == 0;
}

enum sluice_status xlsx_xml_step(struct xlsx_xml *xml, struct sluice_error *err)
{
    size_t n = 0;
    enum sluice_status status = xlsx_xml_read(xml, xml->piece, &n, err);
    if (status == SLUICE_OK)
        return xlsx_xml_feed(xml, xml->piece, n, err);
    if (status != SLUICE_END)
        return status;
    status = xlsx_xml_finish(xml, err);
    return status == SLUICE_OK ? SLUICE_END : status;
}

enum sluice_status xlsx_xml_open_bytes(const char *name, const struct xlsx_events *events, void *context,
                                       struct xlsx_xml **ret_xml, struct sluice_error *err)
{
    struct xlsx_xml *xml = xml_new(name, events, context);
    enum sluice_status status = xml == NULL ? error_no_memory(err) : parser_make(xml, err);
    if (status != SLUICE_OK) {
        xlsx_xml_close(xml);
        return status;
    }
    *ret_xml = xml;
    return SLUICE_OK;
}

enum sluice_status xlsx_xml_open(struct xlsx_package *package, int part, enum xlsx_trust trust,
                                 const struct xlsx_events *events, void *context, struct xlsx_xml **ret_xml,
                                 struct sluice_error *err)
{
    struct xlsx_xml *xml = NULL;
    enum sluice_status status = xlsx_xml_open_bytes(package->entries[part].name, events, context, &xml, err);
    if (status != SLUICE_OK)
        return status;
    status = xlsx_part_open(package, part, trust, &xml->part, err);
    if (status != SLUICE_OK) {
        xlsx_xml_close(xml);
        return status;
    }
    *ret_xml = xml;
    return SLUICE_OK;
}

void xlsx_xml_close(struct xlsx_xml *xml)
{
    if (xml == NULL)
        return;
    xlsx_part_close(&xml->part);
    if (xml->parser != NULL)
        xmlFreeParserCtxt(xml->parser);
    free(xml);
}

enum sluice_status xlsx_xml_parse(struct xlsx_package *package, int part, enum xlsx_trust trust,
                                  const struct xlsx_events *events, void *context, struct xlsx_xml **ret_xml,
                                  struct sluice_error *err)
{
    enum sluice_status status = xlsx_xml_open(package, part, trust, events, context, ret_xml, err);
    if (status != SLUICE_OK)
        return status;
    while (status == SLUICE_OK)
        status = xlsx_xml_step(*ret_xml, err);
    xlsx_xml_close(*ret_xml);
    *ret_xml = NULL;
    return status == SLUICE_END ? SLUICE_OK : status;
}

/* ---- Attributes -------------------------------------------------------------------------------------------
 */

static struct sluice_cell attribute_value(const xmlChar *const *attribute)
{
    return (struct sluice_cell){.ptr = (const char *)attribute[3],
                                .len = (uint32_t)(attribute[4] - attribute[3])};
}

struct sluice_cell xlsx_attribute(const struct xlsx_attributes *attributes, const char *name)
{
    for (int i = 0; i < attributes->n; i++) {
        const xmlChar **attribute = attributes->at + (ptrdiff_t)5 * i;
        if (attribute[1] == NULL && strcmp((const char *)attribute[0], name) == 0)
            return attribute_value(attribute);
    }
    return (struct sluice_cell){.ptr = NULL};
}

struct sluice_cell xlsx_attribute_prefixed(const struct xlsx_attributes *attributes, const char *name)
{
    for (int i = 0; i < attributes->n; i++) {
        const xmlChar **attribute = attributes->at + (ptrdiff_t)5 * i;
        if (attribute[1] != NULL && strcmp((const char *)attribute[0], name) == 0)
            return attribute_value(attribute);
    }
    return (struct sluice_cell){.ptr = NULL};
}

void xlsx_attribute_copy(struct sluice_cell value, char *ret_text, size_t size)
{
    size_t n = value.len < size ? value.len : utf8_cut(value.ptr, size - 1);
    if (n > 0)
        memcpy(ret_text, value.ptr, n);
    ret_text[n] = '\0';
}

bool xlsx_number_of(struct sluice_cell value, uint32_t *ret_number)
{
    enum { DIGITS_MAX = 9 };
    uint32_t number = 0;
    if (value.len == 0 || value.len > DIGITS_MAX)
        return false;
    for (uint32_t i = 0; i < value.len; i++) {
        if (value.ptr[i] < '0' || value.ptr[i] > '9')
            return false;
        number = number * 10 + (uint32_t)(value.ptr[i] - '0');
    }
    *ret_number = number;
    return true;
}

bool xlsx_is_true(struct sluice_cell value)
{
    return text_is(value, "1") || text_is(value, "true");
}
