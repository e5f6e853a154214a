/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plugin contract, common part and sources. A plugin is a shared object that exports one symbol,
 * `const struct sluice_plugin sluice_plugin`, and calls nothing but libc, its own libraries and the
 * functions of `struct sluice_host`.
 *
 * Life cycle, each call on one instance at a time:
 *
 *     create -> { open -> next ... next -> close } ... -> destroy          (a source)
 *
 * Rules that hold for every struct and call here:
 *  - A struct that begins with `struct_size` may grow: its filler sets struct_size = sizeof, fields are
 *    only appended, the reader copies the smaller size and takes the rest as zero.
 *  - Whoever fills a struct allocates it. What a call returns through `ret_…` is untouched on failure.
 *  - Elements of arrays (cell, option, header, budget) never grow; they carry spare `flags`, zero today. Nor does a
 *    struct that is a member of another (figures).
 *  - Text is UTF-8. `const char *` is NUL-terminated; a cell is not.
 *  - Thread tags: [run] one thread at a time per instance, [any] any thread at any time.
 *  - No call waits without watching host->cancel_fd () and a deadline.
 *  - A call that fails returns `host->fail (…)` and logs nothing: the engine logs each error once.
 */
#ifndef SLUICE_PLUGIN_H
#define SLUICE_PLUGIN_H

#include <sluice/option.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An object built for another ABI is refused by name. Structs grow without a new number, as said above; tests/abi keeps
 * plugins of each number that must go on working. */
#define SLUICE_ABI 1

/* What the engine does next. What happened is said by the error's message. */
enum sluice_status {
    SLUICE_OK = 0,
    SLUICE_END,       /* nothing more to give: end of rows, no job to claim */
    SLUICE_UNCHANGED, /* what would be read is what was accepted last time */
    SLUICE_BUSY,      /* someone else holds it; the answer says who */
    SLUICE_RETRY,     /* may succeed later: host->retry () names the delay */
    SLUICE_CONFIG,    /* an operator must change an address, an option or the set-up */
    SLUICE_AUTH,      /* a credential, a share or a file permission is missing */
    SLUICE_DATA,      /* the content is wrong or beyond a limit */
    SLUICE_LOST,      /* the lease, lock or epoch is no longer ours: drop the work, write nothing */
    SLUICE_UNKNOWN,   /* a commit was sent and its reply lost: look it up before anything else */
    SLUICE_CANCELLED, /* host->cancelled () became true while waiting */
    SLUICE_IO,        /* this machine failed: disk full, read-only, no descriptors left */
    SLUICE_FATAL,     /* a bug or a broken library: the instance is of no more use */
};

enum sluice_kind { SLUICE_SOURCE = 1, SLUICE_STORE = 2, SLUICE_STATE = 3 };
enum sluice_level { SLUICE_DEBUG, SLUICE_INFO, SLUICE_WARNING, SLUICE_ERROR };

struct sluice_error; /* the engine's; a plugin only hands it to fail () and retry () */
struct sluice_store; /* store.h */
struct sluice_state; /* state.h */

/* ---- Cells and batches -------------------------------------------------------------------------- */

enum sluice_cell_flag {
    /* Lies under a merged cell without being its first; ptr is the first one's text. What that means for the
     * row is decided by ingest. */
    SLUICE_CELL_COVERED = 1,
};

/* One cell as displayed. ptr NULL means that there is no cell (a short row); len 0 an empty one. */
struct sluice_cell {
    const char *ptr;
    uint32_t len;   /* bytes */
    uint32_t flags; /* enum sluice_cell_flag */
};

enum sluice_row_flag {
    SLUICE_ROW_BLANK = 1,  /* no cell of the row holds anything but white space */
    SLUICE_ROW_HIDDEN = 2, /* hidden or filtered out in the sheet */
};

/*
 * Rows as the source has them: titles, headers and blanks too. The cells point into the batch's own
 * memory or into a document that the batch keeps alive; all of it lives until release (), also past
 * the following next () and past close (). Any thread may release.
 */
struct sluice_batch {
    uint32_t struct_size;
    uint32_t n_rows;
    uint32_t n_columns; /* of this batch; shorter rows are padded with ptr NULL */
    uint32_t reserved;
    const struct sluice_cell *cells; /* n_rows * n_columns, row by row */
    const struct sluice_cell *raw;   /* NULL, or the same shape: the decimal number behind a cell */
    const uint64_t *lines;           /* n_rows: the row's 1-based number as a person sees it */
    const uint32_t *row_flags;       /* n_rows of enum sluice_row_flag */
    void (*release)(const struct sluice_batch *batch); /* [any] */
};

/* ---- Fetching (the host does it) ------------------------------------------------------------------ */

/*
 * What was fetched: whole, checked, read-only, and kept while anyone retains it. The bytes may be far
 * larger than memory; touch them in order where you can.
 */
struct sluice_document {
    uint32_t struct_size;
    uint32_t http_status;     /* 0 for a file */
    const char *data;         /* never NULL */
    uint64_t size;            /* bytes */
    const char *name;         /* its address for messages, without credentials, query and fragment */
    const char *content_type; /* as sent, or NULL */
    const char *version;      /* hand it to the next fetch; SHA-256 and validators */
    char sha256[65];          /* lower-case hexadecimal */
    int64_t server_time_us;   /* the answer's Date, microseconds since 1970 UTC, or 0 */
    void (*retain)(const struct sluice_document *document);  /* [any] */
    void (*release)(const struct sluice_document *document); /* [any] */
};

struct sluice_header {
    const char *name;
    const char *value;
    uint32_t flags;
};

/* A token bucket that every process shares; the host takes `cost` from it before each attempt. */
struct sluice_budget {
    const char *name;
    uint32_t per_minute, burst, cost, flags;
};

enum sluice_fetch_flag {
    SLUICE_FETCH_ERRORS = 1, /* hand over the body of a final 4xx answer as a document, too */
};

struct sluice_fetch_request {
    uint32_t struct_size;
    uint32_t flags;
    const char *location; /* https:, http: or file: URL, or a path */
    const char *method;   /* NULL: GET */
    const struct sluice_header *headers;
    size_t n_headers;
    struct sluice_header secret; /* sent to the API hosts that the configuration names, and to no other */
    const char *body;
    size_t body_size;
    const char *version; /* of an earlier document, or NULL: the same bytes answer UNCHANGED */
    const struct sluice_budget *budgets;
    size_t n_budgets;
    uint64_t max_bytes; /* 0: the configured limit, which it can only lower */
};

/* ---- The host -------------------------------------------------------------------------------------- */

/* A row that the source itself cannot decode. It counts as read and as rejected, and is kept. */
struct sluice_source_reject {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t line;              /* 1-based row */
    uint32_t column;            /* 1-based, or 0 when it is the whole row */
    const char *code;           /* a reason code: lower case, words joined by '_' */
    const char *message;        /* what is wrong and what to do */
    struct sluice_cell excerpt; /* the raw bytes; the engine cuts and escapes them */
};

struct sluice_host {
    uint32_t struct_size;
    uint32_t abi;

    /* Sets the error and returns the status: `return host->fail (host, err, SLUICE_DATA, …)`. [any] */
    enum sluice_status (*fail)(const struct sluice_host *host, struct sluice_error *err,
                               enum sluice_status status, const char *format, ...)
        __attribute__((format(printf, 4, 5)));
    /* The same with SLUICE_RETRY and a delay in milliseconds (0: the engine's own back-off). [any] */
    enum sluice_status (*retry)(const struct sluice_host *host, struct sluice_error *err, int64_t delay_ms,
                                const char *format, ...) __attribute__((format(printf, 4, 5)));
    /* For what no status can say; never for an error that is also returned. [any] */
    void (*log)(const struct sluice_host *host, enum sluice_level level, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
    /* Between open and close of a cursor. [run] */
    void (*reject)(const struct sluice_host *host, const struct sluice_source_reject *reject);

    int64_t (*now_us)(const struct sluice_host *host);       /* microseconds since 1970 UTC [any] */
    int64_t (*monotonic_us)(const struct sluice_host *host); /* for measuring [any] */
    void (*random)(const struct sluice_host *host, void *bytes, size_t n); /* unpredictable [any] */

    bool (*cancelled)(const struct sluice_host *host); /* [any] */
    int (*cancel_fd)(const struct sluice_host *host);  /* readable once cancelled; do not read it [any] */
    /* OK after that time, CANCELLED earlier. [any] */
    enum sluice_status (*sleep)(const struct sluice_host *host, struct sluice_error *err, int64_t ms);

    /* OK with a document to release, UNCHANGED, or an error. [run] */
    enum sluice_status (*fetch)(const struct sluice_host *host, const struct sluice_fetch_request *request,
                                const struct sluice_document **ret_document, struct sluice_error *err);

    /*
     * What must outlive one instance, shared by the instances of one plugin in this process. get copies
     * at most `size` bytes with the NUL and returns the length, or -1 when absent or past its end. [any]
     */
    int64_t (*memo_get)(const struct sluice_host *host, const char *key, char *value, size_t size);
    void (*memo_put)(const struct sluice_host *host, const char *key, const char *value, int64_t ttl_ms);

    /* As retry (), when what is used up is a quota: it is waited for as long as the run may last, and no failure of
     * the list. [any] */
    enum sluice_status (*quota)(const struct sluice_host *host, struct sluice_error *err, int64_t delay_ms,
                                const char *format, ...) __attribute__((format(printf, 4, 5)));
};

/* ---- Sources ---------------------------------------------------------------------------------------- */

struct sluice_open_request {
    uint32_t struct_size;
    uint32_t reserved;
    const char *location; /* address of the list, as the master sheet or the user gave it */
    const char *version;  /* of the last accepted read when its reading was the same as ours, or NULL */
};

/* Lives until close (). Absent things are NULL. */
struct sluice_description {
    uint32_t struct_size;
    uint32_t reserved;
    const char *title;
    const char *sheet;         /* the tab that is read */
    const char *locale;        /* of the sheet: "de_DE" decides how numbers were displayed */
    const char *link_template; /* address of a cell, with {row}, {column} (A1 letters) and {column_number} */
    const char *notice;        /* for the run report: what was chosen without being asked for */
};

/* A tab or table that discover () found. */
struct sluice_discovery {
    uint32_t struct_size;
    uint32_t hidden; /* 1 when hidden */
    const char *title;
    const char *id; /* what an option or address names it by */
    uint64_t n_rows, n_columns;
};

struct sluice_source {
    uint32_t struct_size;
    uint32_t reserved;
    /* OK with a cursor; UNCHANGED without one. [run] */
    enum sluice_status (*open)(void *instance, const struct sluice_open_request *request, void **ret_cursor,
                               const struct sluice_description **ret_description, struct sluice_error *err);
    /* OK with a batch of at least one row to release; END with the version of what was read, which
     * lives until close (). A version says which bytes, in the source's own words, at most 1 KiB; versions of the
     * same content agree up to their first '|', what follows may help to ask again. [run] */
    enum sluice_status (*next)(void *instance, void *cursor, const struct sluice_batch **ret_batch,
                               const char **ret_version, struct sluice_error *err);
    void (*close)(void *instance, void *cursor); /* [run] */
    /* Optional. Calls found () for each tab; its pointers live until found () returns. [run] */
    enum sluice_status (*discover)(void *instance, const char *location,
                                   void (*found)(void *context, const struct sluice_discovery *discovery),
                                   void *context, struct sluice_error *err);
};

/* ---- The plugin ------------------------------------------------------------------------------------- */

struct sluice_plugin {
    uint32_t struct_size;
    uint32_t abi;  /* SLUICE_ABI */
    uint32_t kind; /* enum sluice_kind */
    uint32_t n_options;
    const char *name;    /* lower case, digits and '-' */
    const char *version; /* of the plugin */
    const char *summary; /* one line */
    const struct sluice_option *options;
    uint64_t config_size; /* bytes of the options struct */

    /* `config` is the filled options struct; it and the host outlive the instance. [any] */
    enum sluice_status (*create)(const struct sluice_host *host, const void *config, void **ret_instance,
                                 struct sluice_error *err);
    void (*destroy)(void *instance); /* accepts what create returned, at most once [run] */

    const struct sluice_source *source; /* exactly the one of `kind`, the others NULL */
    const struct sluice_store *store;
    const struct sluice_state *state;

    /* Optional: the struct of an extension by its id, or NULL. [any] */
    const void *(*extension)(const char *id);
};

extern __attribute__((visibility("default"))) const struct sluice_plugin sluice_plugin;

#ifdef __cplusplus
}
#endif
#endif
