/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comma-separated values (RFC 4180) and what is really out there, from bytes to batches of rows.
 *
 *  - Every row is yielded: titles, headers, blank lines (SLUICE_ROW_BLANK). A row's number is the physical
 * line that it begins on, so it is the one an editor shows, also after quoted line breaks.
 *  - A line ends with LF, CR LF or a lone CR. A field is quoted only if its first byte is the quote;
 * elsewhere quotes are plain text. Text between a closing quote and the delimiter is kept as part of the
 * cell.
 *  - A quote that is never closed, or that closes in the middle of a word on a later line, is a reject
 *    `unclosed_quote`; reading goes on at the line after the one with the opening quote, so no later row is
 * lost.
 *  - A first line `sep=X` names the delimiter and is no row, though it counts as a line.
 *  - A row that cannot be decoded goes to the reject callback and the rows around it are yielded: codes
 *    field_too_large, record_too_large, too_many_columns, nul_byte, bad_encoding, unclosed_quote.
 *
 * Cells point into the document wherever nothing must change.
 */
#ifndef FORMATS_CSV_H
#define FORMATS_CSV_H

#include <sluice/plugin.h>

#define CSV_QUOTE_NONE (-1)

#define CSV_FIELD_BYTES  (UINT32_C(64) << 10)
#define CSV_RECORD_BYTES (UINT32_C(1) << 20)
#define CSV_COLUMNS      1024
#define CSV_ROWS         UINT64_C(20000000)

/* The largest that is still accepted; 0 takes the default above. */
struct csv_limits {
    uint32_t field_bytes;  /* of one cell, as UTF-8 */
    uint32_t record_bytes; /* of one row, as UTF-8 with its quotes, without its line end */
    uint32_t columns;      /* at most CSV_COLUMNS */
    uint64_t rows;         /* of the list, rejected and blank ones too; one more is an error of the list */
};

struct csv_options {
    char delimiter; /* one ASCII character; 0: detect among , ; TAB and | */
    int quote;      /* one ASCII character; 0: '"'; CSV_QUOTE_NONE: quotes are plain text */
    const char
        *encoding; /* an ICU name; NULL: byte order mark, then UTF-8, then detection (formats/charset.h) */
    struct csv_limits limits;
    /* Gets each row that is not yielded, inside csv_next (); the pointers live until it returns. May be NULL.
     */
    void (*reject)(void *context, const struct sluice_source_reject *reject);
    void *reject_context;
};

struct csv_reader;

/*
 * Reads `size` bytes at `data`. With a document its bytes stay retained until the reader and all its batches
 * are gone; without one (NULL) the caller keeps them that long. Options are copied. Errors: CONFIG for a
 * delimiter, quote or encoding that cannot be, DATA for bytes in no known encoding. [run]
 */
enum sluice_status csv_open(const char *data, uint64_t size, const struct sluice_document *document,
                            const struct csv_options *options, struct csv_reader **ret_reader,
                            struct sluice_error *err);

/* OK with a batch to release, END, or DATA when the list has too many rows. [run] */
enum sluice_status csv_next(struct csv_reader *reader, const struct sluice_batch **ret_batch,
                            struct sluice_error *err);

void csv_close(struct csv_reader *reader); /* accepts NULL; batches live on [run] */

/* What was chosen or detected; lives as long as the reader. */
const char *csv_encoding(const struct csv_reader *reader);
char csv_delimiter(const struct csv_reader *reader);
const char *csv_notice(const struct csv_reader *reader); /* both in a sentence, for a source's description */

#endif
