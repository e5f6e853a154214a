/* SPDX-License-Identifier: Apache-2.0 */
/* One list being read, by whichever way its address allows. A way fills the cursor and gives it its two calls. */
#ifndef GSHEETS_CURSOR_H
#define GSHEETS_CURSOR_H

#include "address.h"
#include "gsheets.h"

struct cursor {
    struct gsheets *self;
    struct address address;
    struct sluice_description description; /* points into what follows, or into the way's own */
    char name[256];                        /* of the spreadsheet in messages: its address */
    char link[256];
    char notice[512];
    char version[1025]; /* of what is read; known once it was opened */
    /* As the source's own calls. */
    enum sluice_status (*next)(struct cursor *cursor, const struct sluice_batch **ret_batch,
                               struct sluice_error *err);
    void (*close)(struct cursor *cursor);
    void *way; /* what the way keeps */
};

/* Each opens what the cursor's address names. `known`: version of the last accepted read, or NULL. OK, UNCHANGED, END
 * (a sheet is a workbook, or the other way round) or an error; `way` is closed by the caller whatever it was. [run] */
enum sluice_status sheet_open(struct cursor *cursor, const char *known, struct sluice_error *err);
enum sluice_status export_open(struct cursor *cursor, const char *known, struct sluice_error *err);
enum sluice_status page_way_open(struct cursor *cursor, const char *known, struct sluice_error *err);
enum sluice_status workbook_open(struct cursor *cursor, const char *known, struct sluice_error *err);

/* Says something in the run's report, behind what was said before. */
void cursor_notice(struct cursor *cursor, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
