/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One XML part of a workbook as a stream of events: libxml2's SAX2 push parser, fed with what is inflated. Names come
 * without their prefix; namespaces do not matter, since transitional and strict files differ in them. A DOCTYPE, deep
 * nesting, and long attributes are refused before anything is made of them.
 */
#ifndef FORMATS_XLSX_XML_H
#define FORMATS_XLSX_XML_H

#include "formats/xlsx/package.h"

struct xlsx_attributes {
    const unsigned char **at; /* libxml2's: name, prefix, namespace, value, end of the value */
    int n;
};

/* The value without a prefix before its name, or absent. Lives until the event's function returns. */
struct sluice_cell xlsx_attribute(const struct xlsx_attributes *attributes, const char *name);
/* The value with a prefix before its name ("r:id"), or absent. */
struct sluice_cell xlsx_attribute_prefixed(const struct xlsx_attributes *attributes, const char *name);
/* The same as text, cut where it does not fit; "" when absent. */
void xlsx_attribute_copy(struct sluice_cell value, char *ret_text, size_t size);
/* A whole number of at most 9 digits; false for anything else. */
bool xlsx_number_of(struct sluice_cell value, uint32_t *ret_number);
/* "1" and "true". */
bool xlsx_is_true(struct sluice_cell value);

struct xlsx_xml;

/* What happens to events. Any of them may call xlsx_xml_fail (), after which none is called. */
struct xlsx_events {
    void (*start)(void *context, const char *name, const struct xlsx_attributes *attributes);
    void (*end)(void *context, const char *name);
    void (*text)(void *context, const char *text, size_t n); /* in pieces; may be NULL */
};

enum sluice_status xlsx_xml_open(struct xlsx_package *package, int part, enum xlsx_trust trust,
                                 const struct xlsx_events *events, void *context, struct xlsx_xml **ret_xml,
                                 struct sluice_error *err);
/* Inflates and parses one piece: OK, END after the last one, or an error. */
enum sluice_status xlsx_xml_step(struct xlsx_xml *xml, struct sluice_error *err);
void xlsx_xml_close(struct xlsx_xml *xml); /* accepts NULL */

/* Ends the parsing with this error. Out of memory when `format` is NULL. */
void xlsx_xml_fail(struct xlsx_xml *xml, enum sluice_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Parses a whole part. `ret_xml` is where the events find their parser, for xlsx_xml_fail (). */
enum sluice_status xlsx_xml_parse(struct xlsx_package *package, int part, enum xlsx_trust trust,
                                  const struct xlsx_events *events, void *context, struct xlsx_xml **ret_xml,
                                  struct sluice_error *err);

/* What is left to be fed, for who looks at the bytes first: OK, END, or an error. At most XLSX_PIECE_BYTES. */
enum { XLSX_PIECE_BYTES = 32 << 10 };
enum sluice_status xlsx_xml_read(struct xlsx_xml *xml, char *bytes, size_t *ret_n, struct sluice_error *err);
/* Whether the document is UTF-8, as far as it says what it is. */
bool xlsx_xml_is_utf8(const struct xlsx_xml *xml);
/* OK, or the error that ended the parsing. */
enum sluice_status xlsx_xml_status(const struct xlsx_xml *xml, struct sluice_error *err);

/* Parses bytes instead of a part, for fuzzing and tests of one kind of part. */
enum sluice_status xlsx_xml_open_bytes(const char *name, const struct xlsx_events *events, void *context,
                                       struct xlsx_xml **ret_xml, struct sluice_error *err);
enum sluice_status xlsx_xml_feed(struct xlsx_xml *xml, const char *bytes, size_t n, struct sluice_error *err);
enum sluice_status xlsx_xml_finish(struct xlsx_xml *xml, struct sluice_error *err);

#endif
