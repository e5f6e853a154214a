/* SPDX-License-Identifier: Apache-2.0 */
/* What an address copied from a browser means. Pure: no request is made to find out. */
#ifndef GSHEETS_ADDRESS_H
#define GSHEETS_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

enum { ADDRESS_ID_SIZE = 128, ADDRESS_TITLE_SIZE = 256, ADDRESS_GID_SIZE = 16 };

enum address_kind {
    ADDRESS_SHEET,     /* `id` is one of the Sheets API */
    ADDRESS_FILE,      /* `id` is a file on Drive: a sheet or an uploaded workbook */
    ADDRESS_PUBLISHED, /* `id` names what was published to the web (2PACX-…): the API does not know it */
};

struct address {
    enum address_kind kind;
    char id[ADDRESS_ID_SIZE];
    char gid[ADDRESS_GID_SIZE];     /* of the tab, or "" */
    char title[ADDRESS_TITLE_SIZE]; /* of the tab, from ?sheet=, or "" */
    bool as_csv;                    /* a published one that is given out as CSV, not as a page */
    bool was_query;                 /* gviz/tq: it guesses types and blanks what does not fit, so it is not used */
};

/* False, with a sentence's end such as "it has no spreadsheet id", when it is none that can be read. [any] */
bool address_parse(const char *text, struct address *ret_address, const char **ret_why);

#endif
