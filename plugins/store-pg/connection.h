/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One instance of the store: its link to the server, its options and what it last returned. The link is opened by the
 * first call that needs it and again after it broke; what a broken link had begun is rolled back by the server.
 */
#ifndef STORE_PG_CONNECTION_H
#define STORE_PG_CONNECTION_H

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/random.h"
#include "sql.h"

#include <libpq-fe.h>
#include <sluice/store.h>

struct store_options {
    struct sluice_secret url;
    const char *schema;
    struct sluice_duration connect_timeout, lock_timeout, statement_timeout;
    struct sluice_size compare_memory;
};

struct query;
struct snapshot;

enum { PENDING_MOST = 64, WHERE_SIZE = 256 };

/* A call that may take long stops when the host is cancelled. A short one does not, so that the outcome of a cancelled
 * run can still be written; it has little time then. */
enum store_call { STORE_SHORT, STORE_LONG };

/* What the server has still to answer. */
struct pending {
    struct query *asked; /* by whom; NULL: nobody */
    bool *parses;        /* of the kept statement that it only parses, or NULL */
};

struct store {
    const struct sluice_host *host;
    const struct store_options *options;
    struct random_source random;
    PGconn *link;            /* NULL until first needed, and after it broke */
    char where[WHERE_SIZE];  /* server and database for messages, without credentials */
    int64_t n_links;         /* how many there were: the number of the present one */
    char backend_pid[16];    /* of the server's process for this link, and when it began, as the job rows name it */
    char backend_start[64];
    const char *advice;      /* what an operator should know of the address, or NULL */
    int64_t deadline_us;     /* of the exchange that is going on; monotonic */
    enum store_call call;
    struct pending pending[PENDING_MOST]; /* in the order in which they were sent */
    size_t n_pending;
    bool parsed[STATEMENT_COUNT]; /* kept statements, on this link */
    bool send_failed;        /* since the last exchange */
    bool commits;            /* the last of them is a COMMIT */
    int64_t lease_ms;        /* of the last job that was claimed, and on which link */
    int64_t claimed_on;
    bool schema_known;       /* to be ours, on this link */
    bool stage_made;         /* the temporary tables are there, on this link */
    bool stage_used;         /* and perhaps not empty */
    struct snapshot *snapshot; /* the one that is open, or NULL */
    uint64_t beyond_memory;    /* hash of the key whose list is to be compared in the database, or 0 */
    struct arena result;     /* what the last call returned */
    struct arena previous;   /* what the one before returned: it may be an argument of the last */
};

/* Begins a call: forgets what the last but one returned, and sees to it that there is a link and that the schema is
 * ours. A first load that is going on is given up: only the snapshot's own calls go on with it. */
enum sluice_status store_enter(struct store *store, enum store_call call, struct sluice_error *err);
/* The same for the calls of a snapshot, whose stage lives on the link: a link that broke since is not replaced. */
enum sluice_status store_resume(struct store *store, enum store_call call, struct sluice_error *err);
/* The same for store_schema (): without a look at the schema. */
enum sluice_status store_connect(struct store *store, enum store_call call, struct sluice_error *err);
void store_close(struct store *store);

/* ---- connect.c ---- */

/* Opens the link and sets the session up. */
enum sluice_status link_open(struct store *store, struct sluice_error *err);

/* ---- address.c ---- */

struct address {
    PQconninfoOption *parsed;
    const char *keywords[64], *values[64]; /* for PQconnectStartParams; ends with NULL */
    size_t n;
};
/* Takes the option `url` apart. CONFIG when it is no address; no message shows any of it. */
enum sluice_status address_read(const struct store *store, struct address *ret_address, struct sluice_error *err);
/* The one name of a host that is to be looked up, or NULL. */
const char *address_host(const struct address *address);
/* Goes to that numeric address; the host's name still is what a certificate must name. It must outlive the address. */
void address_pin(struct address *address, const char *numeric);
void address_free(struct address *address); /* [cleanup] accepts a zeroed one */
/* "sluice on db.example:5432": database, host and port of a link that was at least begun. */
void address_name(PGconn *link, char ret_where[WHERE_SIZE]);
/* What is unwise about the way to the server, or NULL. */
const char *address_advice(PGconn *link, const struct address *address);

/* ---- failure.c ---- */

/* Turns a failed result into a status and a sentence. */
enum sluice_status store_fail(struct store *store, const PGresult *result, struct sluice_error *err);
/* The same for a link that could not be opened: PostgreSQL's own words, in PQERRORS_VERBOSE. */
enum sluice_status connect_fail(struct store *store, PGconn *link, struct sluice_error *err);
/* The same for one that could not even be begun: most often an option of the address is at fault. */
enum sluice_status start_fail(struct store *store, PGconn *link, struct sluice_error *err);
enum sluice_status store_no_memory(struct store *store, struct sluice_error *err);

/* ---- link.c: every wait polls the cancel descriptor and has a deadline ---- */

void link_begin_wait(struct store *store, int64_t patience_ms);
/* Waits until `link` is ready for poll events. CANCELLED or RETRY when it is not to be waited for any longer. */
enum sluice_status link_wait(struct store *store, PGconn *link, short events, struct sluice_error *err);
/* Sends what is buffered. */
enum sluice_status link_flush(struct store *store, struct sluice_error *err);
/* The next result to free, or NULL between those of two statements. */
enum sluice_status link_result(struct store *store, PGresult **ret_result, struct sluice_error *err);
/* Reads what is left of a failed statement's answer. */
void link_drain(struct store *store);
/* Closes a link that broke; RETRY, or UNKNOWN when a COMMIT was under way. */
enum sluice_status link_broken(struct store *store, struct sluice_error *err);
/* False when the server has closed it since the last exchange. */
bool link_is_alive(struct store *store);

#endif
