/* SPDX-License-Identifier: Apache-2.0 */
/* Asking for a run: durable in the store first, then whoever waits is woken. */
#ifndef HTTP_TRIGGER_H
#define HTTP_TRIGGER_H

#include "http/call.h"
#include "http/desk.h"

struct trigger {
    const char *const *scope; /* supplier keys; none: all */
    size_t n_scope;
    uint32_t flags; /* enum sluice_request_flag */
};

/* OK: the run call->task_id is queued. BUSY: ret_current is the run that is there instead. */
enum sluice_status trigger_put(struct call *call, struct desk *desk, const struct trigger *trigger,
                               char ret_current[SLUICE_ID_SIZE], struct sluice_error *err);

#endif
