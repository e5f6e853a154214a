/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state show, state unlock: what the state backend says, and taking the lock from a run that will not give it
 * back. The lock is a hint: taking it away stops nobody and allows nothing that the store does not allow.
 */
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/text.h"
#include "cli/compose.h"

#include <inttypes.h>
#include <jansson.h>
#include <sluice/state.h>
#include <stdio.h>
#include <string.h>

enum { UNLOCK_TTL_MS = 1000 };

static enum exit_code open_state(const struct invocation *invocation, struct composition *composition,
                                 struct instance **ret_instance)
{
    struct sluice_error err = {0};
    enum exit_code code = compose_open(invocation, composition);
    if (code != EXIT_DONE)
        return code;
    enum sluice_status status = compose_instance(composition, SLUICE_STATE, ret_instance, &err);
    return status == SLUICE_OK ? EXIT_DONE : output_error(&err);
}

/* ---- show ---- */

/* NULL without a holder. The caller owns it. */
static json_t *holder_json(const struct sluice_lock_holder *holder)
{
    if (holder == NULL)
        return json_null();
    return json_pack("{s:s, s:s?, s:b}", "run_id", holder->run_id, "who", holder->who, "dead",
                     (int)holder->provably_dead);
}

static json_t *time_json(int64_t us)
{
    char text[TIME_TEXT_SIZE];
    time_format(us, text);
    return text[0] == '\0' ? json_null() : json_string(text);
}

static json_t *progress_json(const struct sluice_progress *progress)
{
    if (progress == NULL)
        return json_null();
    return json_pack("{s:s, s:s?, s:I, s:I, s:I, s:o, s:o, s:s?, s:o}", "state", progress->status, "run_id",
                     progress->run_id, "epoch", (json_int_t)progress->epoch, "current",
                     (json_int_t)progress->current, "total", (json_int_t)progress->total, "started_at",
                     time_json(progress->started_us), "last_run_at", time_json(progress->last_run_us),
                     "waiting_for", progress->waiting_for, "waiting_until",
                     time_json(progress->waiting_until_us));
}

static void line(const char *title, const char *text)
{
    printf("%-10s", title);
    output_text(stdout, text_of(text));
    putchar('\n');
}

static void time_line(const char *title, int64_t us)
{
    char text[TIME_TEXT_SIZE];
    time_format(us, text);
    if (text[0] != '\0')
        line(title, text);
}

static void print_holder(const struct sluice_lock_holder *holder)
{
    if (holder == NULL) {
        line("Lock", "free");
        return;
    }
    printf("Lock      run ");
    output_text(stdout, text_of(holder->run_id[0] == '\0' ? "unknown" : holder->run_id));
    printf(", held by ");
    output_text(stdout, text_of(holder->who == NULL ? "nobody known" : holder->who));
    puts(holder->provably_dead ? ", which is gone" : "");
}

static void print_progress(const struct sluice_progress *progress)
{
    if (progress == NULL) {
        line("State", "nothing is known");
        return;
    }
    line("State", progress->status);
    if (progress->run_id != NULL)
        line("Run", progress->run_id);
    if (progress->total > 0)
        printf("Progress  %" PRIu32 " of %" PRIu32 " suppliers done\n", progress->current, progress->total);
    time_line("Begun", progress->started_us);
    if (progress->waiting_for != NULL)
        line("Waits for", progress->waiting_for);
    time_line("Until", progress->waiting_until_us);
    time_line("Last run", progress->last_run_us);
}

/* Prints one of the two and answers its JSON, which the caller owns; NULL with an error. */
static enum sluice_status show_holder(const struct instance *instance, json_t **ret_json,
                                      struct sluice_error *err)
{
    const struct sluice_lock_holder *holder = NULL;
    enum sluice_status status = instance->plugin->state->holder(instance->self, &holder, err);
    if (status != SLUICE_OK && status != SLUICE_END)
        return status;
    if (ret_json == NULL)
        print_holder(holder);
    else
        *ret_json = holder_json(holder);
    return SLUICE_OK;
}

static enum sluice_status show_progress(const struct instance *instance, json_t **ret_json,
                                        struct sluice_error *err)
{
    const struct sluice_progress *progress = NULL;
    enum sluice_status status = instance->plugin->state->observe(instance->self, &progress, err);
    if (status != SLUICE_OK && status != SLUICE_END)
        return status;
    if (ret_json == NULL)
        print_progress(progress);
    else
        *ret_json = progress_json(progress);
    return SLUICE_OK;
}

static enum sluice_status show_json(const struct instance *instance, struct sluice_error *err)
{
    json_t *holder = NULL, *progress = NULL;
    enum sluice_status status = show_holder(instance, &holder, err);
    if (status == SLUICE_OK)
        status = show_progress(instance, &progress, err);
    json_t *json = json_pack("{s:o?, s:o?}", "lock", holder, "progress", progress);
    if (status == SLUICE_OK) {
        json_dumpf(json, stdout, JSON_INDENT(2));
        putchar('\n');
    }
    json_decref(json);
    return status;
}

enum exit_code verb_state_show(const struct invocation *invocation)
{
    _cleanup_(compose_close) struct composition composition = {0};
    struct instance *instance = NULL;
    struct sluice_error err = {0};
    enum exit_code code = open_state(invocation, &composition, &instance);
    if (code != EXIT_DONE)
        return code;
    enum sluice_status status = SLUICE_OK;
    if (given_flag(invocation, OPTION_JSON)) {
        status = show_json(instance, &err);
    } else {
        status = show_holder(instance, NULL, &err);
        if (status == SLUICE_OK)
            status = show_progress(instance, NULL, &err);
    }
    instance_destroy(instance);
    return status == SLUICE_OK ? EXIT_DONE : output_error(&err);
}

/* ---- unlock ---- */

static enum sluice_status refuse(const struct sluice_lock_holder *holder, struct sluice_error *err)
{
    return error_set(
        err, SLUICE_BUSY,
        "run %s has the lock (%s) and may be at work: `sluice runs` tells. The store keeps a second run "
        "from working beside it, with or without this lock; --force takes the lock away all the same",
        holder->run_id[0] == '\0' ? "unknown" : holder->run_id,
        holder->who == NULL ? "by nobody known" : holder->who);
}

/* A dead holder's lock may have to be taken before it can be given back. */
static enum sluice_status take_away(const struct instance *instance, const char *run_id, bool dead,
                                    struct sluice_error *err)
{
    const struct sluice_state *calls = instance->plugin->state;
    const struct sluice_lock_holder *holder = NULL;
    enum sluice_status status = calls->release(instance->self, run_id, err);
    if (status != SLUICE_LOST)
        return status;
    if (dead)
        status = calls->lock(instance->self, run_id, UNLOCK_TTL_MS, &holder, err);
    if (dead && status == SLUICE_OK)
        return calls->release(instance->self, run_id, err);
    return error_set(
        err, SLUICE_BUSY,
        "the lock cannot be taken from its holder: either another run has it by now (ask again), or a "
        "process that lives keeps it, and ending that process frees it");
}

static enum sluice_status unlock(const struct instance *instance, const struct invocation *invocation,
                                 char ret_run_id[SLUICE_ID_SIZE], struct sluice_error *err)
{
    const struct sluice_lock_holder *holder = NULL;
    enum sluice_status status = instance->plugin->state->holder(instance->self, &holder, err);
    ret_run_id[0] = '\0';
    if (status != SLUICE_OK)
        return status == SLUICE_END ? SLUICE_OK : status;
    bool dead = holder->provably_dead != 0;
    if (!dead && !given_flag(invocation, OPTION_FORCE))
        return refuse(holder, err);
    char run_id[SLUICE_ID_SIZE];
    snprintf(run_id, sizeof run_id, "%s", holder->run_id);
    status = take_away(instance, run_id, dead, err);
    if (status == SLUICE_OK)
        memcpy(ret_run_id, run_id, sizeof run_id);
    return status;
}

static void say_unlocked(const struct invocation *invocation, const char *run_id)
{
    if (given_flag(invocation, OPTION_JSON))
        printf(run_id[0] == '\0' ? "{\"released\": null}\n" : "{\"released\": \"%s\"}\n", run_id);
    else if (run_id[0] == '\0')
        puts("Nobody has the lock.");
    else
        printf("The lock of run %s is free. If that run still works it goes on, and the store lets no second "
               "one "
               "begin before it has given no sign of life for sync.lease.\n",
               run_id);
}

enum exit_code verb_state_unlock(const struct invocation *invocation)
{
    _cleanup_(compose_close) struct composition composition = {0};
    struct instance *instance = NULL;
    struct sluice_error err = {0};
    char run_id[SLUICE_ID_SIZE];
    enum exit_code code = open_state(invocation, &composition, &instance);
    if (code != EXIT_DONE)
        return code;
    enum sluice_status status = unlock(instance, invocation, run_id, &err);
    instance_destroy(instance);
    if (status != SLUICE_OK)
        return output_error(&err);
    say_unlocked(invocation, run_id);
    return EXIT_DONE;
}
