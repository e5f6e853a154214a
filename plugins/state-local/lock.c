/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lock is the kernel's: an open-file-description lock on the file `lock`, kept by the instance that took
 * it. The file says for whom. A record without a lock is therefore that of a holder that ended without
 * releasing, and proof of its death when it was of this machine. A living holder keeps the lock whatever its
 * time to live: that stands in the record for readers only.
 */
#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

static const char file_name[] = "lock";
enum { RECORD_TRIES = 5, RECORD_PAUSE_MS = 2, NAME_SIZE = 128 };

static void host_name(char name[NAME_SIZE])
{
    if (gethostname(name, NAME_SIZE) != 0)
        snprintf(name, NAME_SIZE, "unknown");
    name[NAME_SIZE - 1] = '\0';
}

static enum sluice_status record_write(const struct state *state, int fd, const char *run_id, int64_t ttl_ms,
                                       struct sluice_error *err)
{
    char host[NAME_SIZE];
    host_name(host);
    _cleanup_(json_drop) json_t *record =
        json_pack("{s:s, s:s, s:i, s:I}", "run_id", run_id, "host", host, "pid", (int)getpid(),
                  "renewed_until_us", (json_int_t)(state->host->now_us(state->host) + ttl_ms * 1000));
    if (record == NULL)
        return fail_memory(state, err);
    return folder_write(state, fd, file_name, record, err);
}

/* The holder that a record names, in the instance's result; with an empty run_id when the record is not ours.
 */
static struct sluice_lock_holder *holder_of(struct state *state, const json_t *record)
{
    struct sluice_lock_holder *holder = arena_alloc(&state->result, sizeof *holder);
    if (holder == NULL)
        return NULL;
    const char *run_id = json_member_text(record, "run_id"), *host = json_member_text(record, "host");
    holder->struct_size = sizeof *holder;
    holder->run_id = run_id == NULL ? "" : arena_text(&state->result, run_id);
    if (host != NULL)
        holder->who =
            arena_printf(&state->result, "%s, pid %lld", host, (long long)json_member_number(record, "pid"));
    return holder->run_id == NULL ? NULL : holder;
}

static bool of_this_machine(const json_t *record)
{
    char own[NAME_SIZE];
    host_name(own);
    const char *host = json_member_text(record, "host");
    return host != NULL && strcmp(host, own) == 0;
}

/* The record of a living holder; it may be writing it just now. */
static json_t *record_of_living(const struct state *state, int fd)
{
    json_t *record = folder_read(fd);
    for (int i = 0; record == NULL && i < RECORD_TRIES; i++) {
        state->host->sleep(state->host, NULL, RECORD_PAUSE_MS);
        record = folder_read(fd);
    }
    return record;
}

static enum sluice_status fail_held(struct state *state, int fd, const struct sluice_lock_holder **ret_holder,
                                    struct sluice_error *err)
{
    _cleanup_(json_drop) json_t *record = record_of_living(state, fd);
    struct sluice_lock_holder *holder = holder_of(state, record);
    if (holder == NULL)
        return fail_memory(state, err);
    *ret_holder = holder;
    return state->host->fail(state->host, err, SLUICE_BUSY, "run %s has the lock (%s)", holder->run_id,
                             holder->who == NULL ? "by nobody known" : holder->who);
}

static bool holds(const struct state *state, const char *run_id)
{
    return state->lock_fd >= 0 && strcmp(state->locked_run, run_id) == 0;
}

/* The lock is ours by the kernel; says so in the file, and who died if someone did. */
static enum sluice_status take_over(struct state *state, int fd, const char *run_id, int64_t ttl_ms,
                                    const struct sluice_lock_holder **ret_holder, struct sluice_error *err)
{
    _cleanup_(json_drop) json_t *record = folder_read(fd);
    struct sluice_lock_holder *dead = NULL;
    if (record != NULL && of_this_machine(record)) {
        dead = holder_of(state, record);
        if (dead == NULL)
            return fail_memory(state, err);
        dead->provably_dead = 1;
    }
    enum sluice_status status = record_write(state, fd, run_id, ttl_ms, err);
    if (status == SLUICE_OK && dead != NULL)
        *ret_holder = dead;
    return status;
}

enum sluice_status state_lock(void *instance, const char *run_id, int64_t ttl_ms,
                              const struct sluice_lock_holder **ret_holder, struct sluice_error *err)
{
    struct state *state = instance;
    arena_reset(&state->result);
    if (holds(state, run_id))
        return record_write(state, state->lock_fd, run_id, ttl_ms, err);
    if (strlen(run_id) >= sizeof state->locked_run)
        return state->host->fail(state->host, err, SLUICE_DATA, "a run's id is longer than %zu bytes",
                                 sizeof state->locked_run - 1);
    _cleanup_close_ int fd = -1;
    enum sluice_status status = folder_open(state, file_name, O_RDWR | O_CREAT, &fd, err);
    if (status != SLUICE_OK)
        return status;
    int number = file_lock(fd);
    if (number == EAGAIN)
        return fail_held(state, fd, ret_holder, err);
    if (number != 0)
        return fail_errno(state, err, number, file_name);
    status = take_over(state, fd, run_id, ttl_ms, ret_holder, err);
    if (status != SLUICE_OK)
        return status;
    snprintf(state->locked_run, sizeof state->locked_run, "%s", run_id);
    state->lock_fd = fd;
    fd = -1;
    return SLUICE_OK;
}

/* OK with the record (NULL for junk), its holder alive or not; END when there is no file. */
static enum sluice_status look(const struct state *state, json_t **ret_record, bool *ret_alive,
                               struct sluice_error *err)
{
    _cleanup_close_ int fd = -1;
    enum sluice_status status = folder_open(state, file_name, O_RDONLY, &fd, err);
    if (status != SLUICE_OK)
        return status;
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, F_OFD_GETLK, &lock) != 0)
        return fail_errno(state, err, errno, file_name);
    *ret_alive = lock.l_type != F_UNLCK;
    *ret_record = *ret_alive ? record_of_living(state, fd) : folder_read(fd);
    return SLUICE_OK;
}

/* The instance that renews need not be the one that locked; it is enough that the run's holder lives. */
enum sluice_status state_renew(void *instance, const char *run_id, int64_t ttl_ms, struct sluice_error *err)
{
    struct state *state = instance;
    arena_reset(&state->result);
    if (holds(state, run_id))
        return record_write(state, state->lock_fd, run_id, ttl_ms, err);
    _cleanup_(json_drop) json_t *record = NULL;
    bool alive = false;
    enum sluice_status status = look(state, &record, &alive, err);
    if (status != SLUICE_OK && status != SLUICE_END)
        return status;
    const char *holder = json_member_text(record, "run_id");
    if (alive && holder != NULL && strcmp(holder, run_id) == 0)
        return SLUICE_OK;
    return state->host->fail(state->host, err, SLUICE_LOST, "run %s does not have the lock any more", run_id);
}

enum sluice_status state_release(void *instance, const char *run_id, struct sluice_error *err)
{
    struct state *state = instance;
    arena_reset(&state->result);
    if (!holds(state, run_id))
        return state->host->fail(state->host, err, SLUICE_LOST, "run %s does not have the lock here", run_id);
    int number = ftruncate(state->lock_fd, 0) == 0 ? 0 : errno;
    close(state->lock_fd);
    state->lock_fd = -1;
    return number == 0 ? SLUICE_OK : fail_errno(state, err, number, file_name);
}

enum sluice_status state_holder(void *instance, const struct sluice_lock_holder **ret_holder,
                                struct sluice_error *err)
{
    struct state *state = instance;
    arena_reset(&state->result);
    _cleanup_(json_drop) json_t *record = NULL;
    bool alive = false;
    enum sluice_status status = look(state, &record, &alive, err);
    if (status != SLUICE_OK)
        return status;
    if (!alive && (record == NULL || !of_this_machine(record)))
        return SLUICE_END;
    struct sluice_lock_holder *holder = holder_of(state, record);
    if (holder == NULL)
        return fail_memory(state, err);
    holder->provably_dead = !alive;
    *ret_holder = holder;
    return SLUICE_OK;
}
