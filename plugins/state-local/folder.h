/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One instance and the folder that all instances share. Files that are read without a lock are replaced as a
 * whole; files that are changed in place are so under the folder's mutex. What is found in a file is never
 * trusted: what does not read as ours counts as absent.
 */
#ifndef STATE_LOCAL_FOLDER_H
#define STATE_LOCAL_FOLDER_H

#include "base/arena.h"
#include "base/cleanup.h"

#include <jansson.h>
#include <sluice/state.h>

struct state_options {
    const char *path;
};

struct state {
    const struct sluice_host *host;
    const char *path;
    struct arena result; /* what the last call returned */
    int lock_fd;         /* holds the run's lock, or -1 */
    int watch_fd;        /* inotify on the folder, or -1 until the first wait () */
    char locked_run[64]; /* the run that lock_fd holds it for */
};

enum { FILE_LIMIT = 64 << 10 };

/* What a failed call says about `name` in the folder. */
enum sluice_status fail_errno(const struct state *state, struct sluice_error *err, int number,
                              const char *name);
enum sluice_status fail_memory(const struct state *state, struct sluice_error *err);

/* Opens a file of the folder, which is made when the flags have O_CREAT. *ret_fd is the caller's. END when it
 * does not exist and is not to be created. */
enum sluice_status folder_open(const struct state *state, const char *name, int flags, int *ret_fd,
                               struct sluice_error *err);
/* The JSON object in an open file; NULL for junk, nothing, or more than FILE_LIMIT. The caller decrefs it. */
json_t *folder_read(int fd);
/* Makes the object the whole content of an open file. */
enum sluice_status folder_write(const struct state *state, int fd, const char *name, const json_t *object,
                                struct sluice_error *err);
/* The same, but a reader sees the former content or the new one, never a mix. */
enum sluice_status folder_replace(const struct state *state, const char *name, const json_t *object,
                                  struct sluice_error *err);

/* The folder's mutex, across processes: held until *ret_fd is closed. RETRY when someone sits on it. */
enum sluice_status folder_enter(const struct state *state, int *ret_fd, struct sluice_error *err);

/* One try for the exclusive lock on an open file: 0, or an errno (EAGAIN: somebody else has it). It belongs
 * to this open file alone and the kernel gives it back when its process ends, however it ends. */
int file_lock(int fd);

static inline void json_drop(json_t **object)
{
    json_decref(*object);
}
/* Members of an object that is not trusted. */
const char *json_member_text(const json_t *object, const char *name); /* NULL unless a text */
int64_t json_member_number(const json_t *object, const char *name);   /* 0 unless a whole number >= 0 */

#endif
