/* SPDX-License-Identifier: Apache-2.0 */
/* A request to stop that anyone may make and everyone can wait for. Once requested it stays so. */
#ifndef HOST_CANCEL_H
#define HOST_CANCEL_H

#include "base/error.h"

struct cancel;

struct cancel *cancel_new(void); /* NULL without memory or descriptors (errno) */
enum sluice_status cancel_fail(struct sluice_error *err); /* says why cancel_new () just gave NULL */
void cancel_free(struct cancel *cancel);            /* accepts NULL */
void cancel_request(struct cancel *cancel);         /* [any], also in a signal handler */
bool cancel_requested(const struct cancel *cancel); /* [any]; false for NULL */
int cancel_fd(const struct cancel *cancel); /* readable once requested, never read it; -1 for NULL [any] */

#endif
