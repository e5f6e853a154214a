/* SPDX-License-Identifier: Apache-2.0 */
/* hiredis speaks the protocol over a socket that never blocks; waiting is done here, in one place. */
#include "connection.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/resolve.h"
#include "reply.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#define UNPARSED_LIMIT   (1u << 20) /* bytes of a reply: everything that we ask for is far smaller */
#define FIRST_PAUSE_MS   250
#define LAST_PAUSE_MS    8000
#define LOOK_UP_PAUSE_MS 2

enum ending { DONE, CLOSED, TIMED_OUT, CANCELLED, BROKEN };

void command_add(struct command *command, const char *word)
{
    command->words[command->n] = word;
    command->sizes[command->n] = strlen(word);
    command->n++;
}

struct command command_of(const char *const *words)
{
    struct command command = {0};
    for (size_t i = 0; words[i] != NULL; i++)
        command_add(&command, words[i]);
    return command;
}

void connection_close(struct connection *connection)
{
    if (connection->context != NULL)
        redisFree(connection->context);
    connection->context = NULL;
}

/* ---- Waiting ---- */

static enum ending wait_for(const struct connection *connection, short events, int64_t until_us)
{
    const struct sluice_host *host = connection->host;
    struct pollfd fds[] = {{.fd = connection->context->fd, .events = events},
                           {.fd = host->cancel_fd(host), .events = POLLIN}};
    for (;;) {
        if (host->cancelled(host))
            return CANCELLED;
        int64_t left_ms = (until_us - host->monotonic_us(host) + US_PER_MS - 1) / US_PER_MS;
        if (left_ms <= 0)
            return TIMED_OUT;
        if (poll(fds, ELEMENTS(fds), left_ms > INT32_MAX ? INT32_MAX : (int)left_ms) < 0 && errno != EINTR)
            return BROKEN;
        if (fds[0].revents != 0)
            return DONE;
    }
}

static void free_replies(redisReply **replies, size_t n)
{
    for (size_t i = 0; i < n; i++)
        freeReplyObject(replies[i]);
}

/* Writes what there is to write and reads until n replies are there; on any other ending there are none. One
 * reply too many would be taken for the next question's. */
static enum ending exchange(const struct connection *connection, size_t n, int64_t until_us,
                            redisReply **ret_replies)
{
    redisContext *context = connection->context;
    enum ending ending = DONE;
    size_t got = 0;
    int written = 0;
    while (ending == DONE) {
        void *reply = NULL;
        if (!written && redisBufferWrite(context, &written) != REDIS_OK)
            ending = CLOSED;
        else if (redisGetReplyFromReader(context, &reply) != REDIS_OK ||
                 context->reader->len > UNPARSED_LIMIT)
            ending = BROKEN;
        else if (reply != NULL)
            ret_replies[got++] = reply;
        else if (got < n)
            ending = wait_for(connection, written ? POLLIN : POLLIN | POLLOUT, until_us);
        if (got == n && context->reader->pos == context->reader->len)
            return DONE;
        if (got == n)
            ending = BROKEN;
        if (ending == DONE && reply == NULL && redisBufferRead(context) != REDIS_OK)
            ending = CLOSED;
    }
    free_replies(ret_replies, got);
    return ending;
}

static enum ending send_all(const struct connection *connection, const struct command *commands, size_t n,
                            int64_t until_us, redisReply **ret_replies)
{
    for (size_t i = 0; i < n; i++) {
        struct command command = commands[i];
        if (redisAppendCommandArgv(connection->context, command.n, command.words, command.sizes) != REDIS_OK)
            return BROKEN;
    }
    return exchange(connection, n, until_us, ret_replies);
}

/* ---- Failing ---- */

/* Without a connection and with a pause before the next one; jitter keeps many processes from coming
 * together. */
static void step_back(struct connection *connection)
{
    const struct sluice_host *host = connection->host;
    uint32_t chance = 0;
    host->random(host, &chance, sizeof chance);
    int64_t pause_ms = FIRST_PAUSE_MS;
    for (int i = 0; i < connection->failures && pause_ms < LAST_PAUSE_MS; i++)
        pause_ms *= 2;
    connection->failures++;
    connection->retry_at_us = host->monotonic_us(host) + pause_ms * (500 + chance % 501);
    connection_close(connection);
}

static enum sluice_status fail_call(struct connection *connection, enum ending ending,
                                    struct sluice_error *err)
{
    const struct sluice_host *host = connection->host;
    if (ending == CANCELLED) { /* a reply may still come: it must not be taken for another one's */
        connection_close(connection);
        return host->fail(host, err, SLUICE_CANCELLED, "cancelled while waiting for redis");
    }
    const char *detail = connection->context->err != 0 ? connection->context->errstr : "no more is known";
    if (ending == TIMED_OUT)
        snprintf(connection->reason, sizeof connection->reason,
                 "does not answer within %lld ms; see whether it hangs or the network drops it",
                 (long long)connection->timeout_ms);
    else if (ending == BROKEN)
        snprintf(connection->reason, sizeof connection->reason, "answers what is no Redis protocol (%s)",
                 detail);
    else
        snprintf(connection->reason, sizeof connection->reason, "closed the connection (%s)", detail);
    step_back(connection);
    return host->retry(host, err, 0, "redis at %s %s", connection->address.name, connection->reason);
}

/* ---- Connecting ---- */

static enum sluice_status fail_connect(struct connection *connection, const char *what,
                                       struct sluice_error *err)
{
    const struct sluice_host *host = connection->host;
    snprintf(connection->reason, sizeof connection->reason,
             "cannot be reached (%s); start it or correct the url of section state", what);
    step_back(connection);
    return host->retry(host, err, 0, "redis at %s %s", connection->address.name, connection->reason);
}

/* The host's numeric address, so that hiredis has nothing to look up. */
static enum sluice_status look_up(struct connection *connection, int64_t until_us,
                                  char ret_numeric[INET6_ADDRSTRLEN], struct sluice_error *err)
{
    const struct sluice_host *host = connection->host;
    const char *why = "the lookup of its name takes too long";
    struct resolve *resolve = resolve_begin(connection->address.host);
    if (resolve == NULL)
        return fail_connect(connection, strerror(errno), err);
    enum sluice_status status = SLUICE_OK;
    enum resolve_state state = resolve_look(resolve, ret_numeric, &why);
    while (state == RESOLVE_RUNNING && status == SLUICE_OK && host->monotonic_us(host) < until_us) {
        status = host->sleep(host, err, LOOK_UP_PAUSE_MS);
        state = resolve_look(resolve, ret_numeric, &why);
    }
    resolve_free(resolve);
    if (status != SLUICE_OK)
        return status;
    return state == RESOLVE_DONE ? SLUICE_OK : fail_connect(connection, why, err);
}

/* A login is never repeated in a message: some servers put the words of a command into their errors. */
static enum sluice_status judge_login(struct connection *connection, const redisReply *reply,
                                      struct sluice_error *err)
{
    const struct sluice_host *host = connection->host;
    if (reply->type != REDIS_REPLY_ERROR)
        return SLUICE_OK;
    return host->fail(
        host, err, SLUICE_AUTH,
        "redis at %s refuses the user and password in the url of section state, or has none itself",
        connection->address.name);
}

/* Login and database, in one message. */
static enum sluice_status introduce(struct connection *connection, int64_t until_us, struct sluice_error *err)
{
    const struct address *address = &connection->address;
    struct command commands[2];
    redisReply *replies[2];
    char database[16];
    size_t n = 0;
    snprintf(database, sizeof database, "%d", address->database);
    if (address->password != NULL)
        commands[n++] = command_of(
            address->user == NULL ? (const char *const[]){"AUTH", address->password, NULL}
                                  : (const char *const[]){"AUTH", address->user, address->password, NULL});
    if (address->database != 0)
        commands[n++] = command_of((const char *const[]){"SELECT", database, NULL});
    enum ending ending = send_all(connection, commands, n, until_us, replies);
    if (ending != DONE)
        return fail_call(connection, ending, err);
    enum sluice_status status = SLUICE_OK;
    if (address->password != NULL)
        status = judge_login(connection, replies[0], err);
    if (status == SLUICE_OK && address->database != 0)
        status = reply_check(connection->host, address->name, replies[n - 1], err);
    free_replies(replies, n);
    if (status != SLUICE_OK)
        connection_close(connection);
    return status;
}

static enum sluice_status open_connection(struct connection *connection, struct sluice_error *err)
{
    const struct sluice_host *host = connection->host;
    const struct address *address = &connection->address;
    int64_t now_us = host->monotonic_us(host), until_us = now_us + connection->timeout_ms * US_PER_MS;
    if (now_us < connection->retry_at_us)
        return host->retry(host, err, (connection->retry_at_us - now_us) / US_PER_MS + 1,
                           "redis at %s %s; it is asked again soon", address->name, connection->reason);
    char numeric[INET6_ADDRSTRLEN];
    enum sluice_status status =
        address->path != NULL ? SLUICE_OK : look_up(connection, until_us, numeric, err);
    if (status != SLUICE_OK)
        return status;
    connection->context = address->path != NULL ? redisConnectUnixNonBlock(address->path)
                                                : redisConnectNonBlock(numeric, address->port);
    if (connection->context == NULL)
        return fail_connect(connection, "out of memory", err);
    if (connection->context->err != 0)
        return fail_connect(connection, connection->context->errstr, err);
    fcntl(connection->context->fd, F_SETFD, FD_CLOEXEC);
    enum ending ending = wait_for(connection, POLLOUT, until_us);
    if (ending != DONE)
        return fail_call(connection, ending, err);
    int number = 0;
    socklen_t size = sizeof number;
    if (getsockopt(connection->context->fd, SOL_SOCKET, SO_ERROR, &number, &size) != 0)
        number = errno;
    if (number != 0)
        return fail_connect(connection, strerror(number), err);
    status = introduce(connection, until_us, err);
    if (status == SLUICE_OK && connection->failures > 0)
        host->log(host, SLUICE_INFO, "redis at %s answers again", address->name);
    if (status == SLUICE_OK)
        connection->failures = 0;
    return status;
}

/* ---- Calling ---- */

static int64_t deadline(const struct connection *connection, int64_t wait_ms)
{
    return connection->host->monotonic_us(connection->host) + (connection->timeout_ms + wait_ms) * US_PER_MS;
}

enum sluice_status connection_call(struct connection *connection, const struct command *commands, size_t n,
                                   int64_t wait_ms, redisReply **ret_replies, struct sluice_error *err)
{
    bool kept = connection->context != NULL;
    enum ending ending = CLOSED;
    if (kept)
        ending = send_all(connection, commands, n, deadline(connection, wait_ms), ret_replies);
    if (ending == CLOSED) { /* while we did not look: a restart, an idle time-out, CLIENT KILL */
        connection_close(connection);
        enum sluice_status status = open_connection(connection, err);
        if (status != SLUICE_OK)
            return status;
        ending = send_all(connection, commands, n, deadline(connection, wait_ms), ret_replies);
    }
    return ending == DONE ? SLUICE_OK : fail_call(connection, ending, err);
}
