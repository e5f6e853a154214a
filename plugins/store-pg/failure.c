/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What went wrong at the server, by its SQLSTATE (PostgreSQL manual, appendix A): a status and one sentence
 * that says what to do. The server's own words are quoted where they help; they hold no password.
 */
#include "connection.h"

#include <ctype.h>
#include <string.h>

enum { STATE_SIZE = 6, WORDS_MOST = 300 };

enum sluice_status store_no_memory(struct store *store, struct sluice_error *err)
{
    return store->host->fail(store->host, err, SLUICE_IO,
                             "out of memory; give the process more or lower the limits");
}

static bool is(const char *state, const char *pattern)
{
    return strncmp(state, pattern, strlen(pattern)) == 0; /* a class of two, or all five */
}

/* The first line, without a full stop, of what the server said. */
static int first_line(const char *words)
{
    size_t n = strcspn(words, "\n");
    if (n > 0 && words[n - 1] == '.')
        n--;
    return (int)(n > WORDS_MOST ? WORDS_MOST : n);
}

static enum sluice_status fail_permission(struct store *store, const char *words, struct sluice_error *err)
{
    const char *user = PQuser(store->link);
    return store->host->fail(store->host, err, SLUICE_AUTH, "%s: %.*s; grant role %s the right to it",
                             store->where, first_line(words), words, user == NULL ? "of store.url" : user);
}

/* What passes by itself, or by an operator, without a change to the configuration. */
static enum sluice_status fail_for_now(struct store *store, const char *state, const char *words,
                                       struct sluice_error *err)
{
    const struct sluice_host *host = store->host;
    const char *where = store->where;
    if (is(state, "55P03"))
        return host->retry(host, err, 0,
                           "%s: a lock that another session holds was not free in time; see pg_locks", where);
    if (is(state, "57014"))
        return host->retry(host, err, 0,
                           "%s: a statement was cancelled after store.statement_timeout or by hand", where);
    if (is(state, "23"))
        return host->retry(host, err, 0, "%s was changed by someone else meanwhile (%.*s); run again", where,
                           first_line(words), words);
    return host->retry(host, err, 0, "%s: %.*s; try again", where, first_line(words), words);
}

static enum sluice_status fail_for_good(struct store *store, const char *state, const char *words,
                                        struct sluice_error *err)
{
    const struct sluice_host *host = store->host;
    const char *where = store->where;
    int n = first_line(words);
    if (is(state, "42501"))
        return fail_permission(store, words, err);
    if (is(state, "25006"))
        return host->fail(host, err, SLUICE_CONFIG,
                          "%s is read-only; name the primary server in store.url, or let the role write",
                          where);
    if (is(state, "53100"))
        return host->fail(host, err, SLUICE_IO,
                          "%s: the server's disk is full; free some space and run again", where);
    if (is(state, "22") || is(state, "54"))
        return host->fail(host, err, SLUICE_DATA, "%s does not take a value: %.*s", where, n, words);
    if (is(state, "42P07"))
        return host->fail(host, err, SLUICE_CONFIG,
                          "%s: %.*s and Sluice did not make it; choose another store.schema", where, n,
                          words);
    if (is(state, "42") || is(state, "3F"))
        return host->fail(host, err, SLUICE_CONFIG, "%s: %.*s; its tables are not those that Sluice made",
                          where, n, words);
    return host->fail(host, err, SLUICE_FATAL, "%s: %.*s (SQLSTATE %s)", where, n, words, state);
}

static bool passes_by_itself(const char *state)
{
    static const char *const states[] = {"08",    "23",    "40",    "53200", "53300",
                                         "53400", "55P03", "55006", "57",    "58"};
    for (size_t i = 0; i < ELEMENTS(states); i++)
        if (is(state, states[i]))
            return true;
    return false;
}

static bool ends_the_link(const char *state)
{
    return is(state, "57P") || is(state, "25P03") || is(state, "08");
}

enum sluice_status store_fail(struct store *store, const PGresult *result, struct sluice_error *err)
{
    const struct sluice_host *host = store->host;
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *words = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (state == NULL || ends_the_link(state))
        return link_broken(store, err);
    if (words == NULL)
        words = "it failed";
    if (is(state, "SL001"))
        return host->fail(host, err, SLUICE_LOST, "%.*s; nothing was written", first_line(words), words);
    return passes_by_itself(state) ? fail_for_now(store, state, words, err)
                                   : fail_for_good(store, state, words, err);
}

/* ---- Links that cannot be opened ---- */

/* In all that libpq says of an address that it did try. */
static const char tried[] = "failed: ";

/* Five capitals and digits, at least one digit ("FATAL" is none), and a colon. */
static bool is_state(const char *word)
{
    size_t digits = 0;
    for (size_t i = 0; i < STATE_SIZE - 1; i++) {
        if (!isupper((unsigned char)word[i]) && !isdigit((unsigned char)word[i]))
            return false;
        digits += isdigit((unsigned char)word[i]) != 0;
    }
    return digits > 0 && word[STATE_SIZE - 1] == ':';
}

/* The SQLSTATE in "…FATAL:  28P01: password authentication failed…", which libpq tells nowhere else, and what
 * stands behind it; without one, what it says after "connection to server at … failed: ". */
static const char *state_find(const char *words, char ret_state[STATE_SIZE])
{
    ret_state[0] = '\0';
    for (const char *at = strchr(words, ':'); at != NULL; at = strchr(at + 1, ':')) {
        const char *word = at + 1 + strspn(at + 1, " ");
        if (!is_state(word))
            continue;
        memcpy(ret_state, word, STATE_SIZE - 1);
        ret_state[STATE_SIZE - 1] = '\0';
        return word + STATE_SIZE + strspn(word + STATE_SIZE, " ");
    }
    const char *at = strstr(words, tried);
    return at == NULL ? words : at + strlen(tried);
}

enum sluice_status connect_fail(struct store *store, PGconn *link, struct sluice_error *err)
{
    const struct sluice_host *host = store->host;
    const char *words = PQerrorMessage(link), *user = PQuser(link);
    char state[STATE_SIZE];
    const char *reason = state_find(words, state);
    if (user == NULL)
        user = "of store.url";
    if (is(state, "28P01"))
        return host->fail(host, err, SLUICE_AUTH,
                          "%s refuses the password of role %s; correct it in store.url", store->where, user);
    if (is(state, "28"))
        return host->fail(host, err, SLUICE_AUTH,
                          "%s does not let role %s in; correct store.url or the server's pg_hba.conf",
                          store->where, user);
    if (is(state, "3D000"))
        return host->fail(host, err, SLUICE_CONFIG, "%s does not exist; create it or correct store.url",
                          store->where);
    if (is(state, "42501"))
        return host->fail(host, err, SLUICE_AUTH, "role %s may not connect to %s; GRANT CONNECT to it", user,
                          store->where);
    if (is(state, "53300"))
        return host->retry(host, err, 0,
                           "%s has no connection left; raise its max_connections or lower sync.workers",
                           store->where);
    return host->retry(host, err, 0, "%s cannot be reached: %.*s", store->where, first_line(reason), reason);
}

enum sluice_status start_fail(struct store *store, PGconn *link, struct sluice_error *err)
{
    const char *words = PQerrorMessage(link);
    if (strstr(words, tried) != NULL)
        return connect_fail(store, link, err);
    return store->host->fail(store->host, err, SLUICE_CONFIG, "store.url: %.*s; correct it",
                             first_line(words), words);
}
