/* SPDX-License-Identifier: Apache-2.0 */
/* Calls are counted in the process, over all instances: a fault strikes whichever worker makes the n-th call.
 */
#include "script.h"

#include "base/cleanup.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { MOST_CALLS = 64, FOREVER_MS = 3600000 };

#define ANY_CALL "*"

/* The one registry that a mock may keep. */
static struct {
    pthread_mutex_t mutex;
    struct {
        const char *call;
        uint64_t n;
    } counts[MOST_CALLS];
} registry = {.mutex = PTHREAD_MUTEX_INITIALIZER};

/* Which call of that name this is, from 1; names are literals of the mocks. */
static uint64_t count_call(const char *call)
{
    uint64_t n = 0;
    pthread_mutex_lock(&registry.mutex);
    for (size_t i = 0; i < MOST_CALLS; i++) {
        if (registry.counts[i].call == NULL)
            registry.counts[i].call = call;
        if (strcmp(registry.counts[i].call, call) != 0)
            continue;
        n = ++registry.counts[i].n;
        break;
    }
    pthread_mutex_unlock(&registry.mutex);
    return n;
}

/* What the fault says befalls the n-th call of that name, or NULL. */
static const char *fate_of(const char *fault, const char *call, uint64_t n)
{
    size_t length = strlen(call);
    if (strncmp(fault, call, length) != 0)
        return NULL;
    const char *at = fault + length;
    if (*at == '=')
        return at + 1;
    if (*at != ':')
        return NULL;
    char *end;
    uint64_t wanted = strtoull(at + 1, &end, 10);
    bool later_too = *end == '+';
    end += later_too;
    return *end == '=' && (n == wanted || (later_too && n > wanted)) ? end + 1 : NULL;
}

static enum sluice_status status_of(const char *fate)
{
    static const struct {
        const char *name;
        enum sluice_status status;
    } names[] = {{"retry", SLUICE_RETRY},    {"config", SLUICE_CONFIG}, {"auth", SLUICE_AUTH},
                 {"data", SLUICE_DATA},      {"lost", SLUICE_LOST},     {"io", SLUICE_IO},
                 {"busy", SLUICE_BUSY},      {"end", SLUICE_END},       {"fatal", SLUICE_FATAL},
                 {"unknown", SLUICE_UNKNOWN}};
    for (size_t i = 0; i < ELEMENTS(names); i++)
        if (strcmp(fate, names[i].name) == 0)
            return names[i].status;
    return SLUICE_OK;
}

/* Says where, for the test that counts the places. */
static void die(const char *when, const char *call)
{
    dprintf(STDERR_FILENO, "killed %s %s\n", when, call);
    raise(SIGKILL);
}

static void befall(struct script *script, const char *fate, struct sluice_error *err)
{
    const struct sluice_host *host = script->host;
    const char *call = script->fault.call;
    enum sluice_status status = status_of(fate);
    script->fault.reply_lost = strcmp(fate, "unknown-done") == 0;
    script->fault.dies_after = strcmp(fate, "kill-done") == 0;
    if (status != SLUICE_OK && status != SLUICE_END)
        host->fail(host, err, status, "the mock's %s fails as its script says", call);
    else if (strcmp(fate, "kill") == 0)
        die("before", call);
    else if (strcmp(fate, "hang") == 0)
        status = host->sleep(host, err, FOREVER_MS);
    else if (strncmp(fate, "delay-", strlen("delay-")) == 0)
        status = host->sleep(host, err, strtoll(fate + strlen("delay-"), NULL, 10));
    else if (status == SLUICE_OK && !script->fault.reply_lost && !script->fault.dies_after)
        status = host->fail(host, err, SLUICE_CONFIG, "the mock does not know the fault '%s'", fate);
    script->fault.status = status;
}

enum sluice_status script_before(struct script *script, const char *call, struct sluice_error *err)
{
    const uint64_t n = count_call(call), of_all = count_call(ANY_CALL);
    script->fault.call = call;
    script->fault.status = SLUICE_OK;
    script->fault.reply_lost = script->fault.dies_after = false;
    for (size_t i = 0; i < script->faults.n_items && script->fault.status == SLUICE_OK; i++) {
        const char *fate = fate_of(script->faults.items[i], call, n);
        if (fate == NULL)
            fate = fate_of(script->faults.items[i], ANY_CALL, of_all);
        if (fate != NULL)
            befall(script, fate, err);
    }
    return script->fault.status;
}

enum sluice_status script_after(const struct script *script, enum sluice_status status,
                                struct sluice_error *err)
{
    if (script->fault.dies_after)
        die("after", script->fault.call);
    if (!script->fault.reply_lost || status != SLUICE_OK)
        return status;
    return script->host->fail(script->host, err, SLUICE_UNKNOWN, "the reply of %s was lost",
                              script->fault.call);
}
