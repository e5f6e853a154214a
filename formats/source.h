/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What sources that decode documents have in common, so that all of them say it in the same words. Decoders know no
 * host: their errors and rejects come to the engine through here.
 */
#ifndef FORMATS_SOURCE_H
#define FORMATS_SOURCE_H

#include "base/error.h"

/* IO: an allocation of the source's own failed. [any] */
enum sluice_status source_no_memory(const struct sluice_host *host, struct sluice_error *err);

/* Hands the decoder's error on as the source's, with the document's name before its message. [any] */
enum sluice_status source_fail(const struct sluice_host *host, const struct sluice_document *document,
                               const struct sluice_error *why, struct sluice_error *err);

/* AUTH when the document is a web page: a list that must be signed in for answers so, with status 200. [any] */
enum sluice_status source_refuse_page(const struct sluice_host *host, const struct sluice_document *document,
                                      struct sluice_error *err);

/* A decoder's reject callback; its context is the host, which counts and keeps the row. [run] */
void source_reject(void *host, const struct sluice_source_reject *reject);

#endif
