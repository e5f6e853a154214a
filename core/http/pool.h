/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Workers with a desk each, and the calls that wait for one. Every call is answered by its deadline: one that
 * is late is abandoned, its worker's waiting calls are cancelled, and its reply, if it comes, is for nobody.
 */
#ifndef HTTP_POOL_H
#define HTTP_POOL_H

#include "http/call.h"
#include "http/desk.h"

struct pool;

struct pool_duty {
    const char *who;                                    /* for the log; a literal */
    void (*work)(struct call *call, struct desk *desk); /* on a worker */
    void (*resume)(struct call *call);                  /* once per call, when it is answered or abandoned */
};

enum sluice_status pool_new(const struct http_setup *setup, const struct pool_duty *duty, unsigned n_workers,
                            struct pool **ret_pool, struct sluice_error *err);
/* Abandons every call, also those that are still handed over, and joins the workers. Accepts NULL. */
void pool_stop(struct pool *pool);
void pool_free(struct pool *pool); /* stops it first; accepts NULL */

/* Hands a call over; the pool holds a reference until it is done with it. [any] */
void pool_submit(struct pool *pool, struct call *call, int64_t deadline_us);
/* Abandons what is late; to be called a few times a second. [any] */
void pool_look(struct pool *pool);
/* How a call that was handed over stands. [any] */
enum call_stage pool_stage(struct pool *pool, const struct call *call);
/* Calls that wait for a worker. [any] */
size_t pool_waiting(struct pool *pool);

#endif
