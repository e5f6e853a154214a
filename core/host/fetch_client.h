/* SPDX-License-Identifier: Apache-2.0 */
/* An instance's connections, and the loop that moves bytes while it watches cancellation and the deadline. */
#ifndef HOST_FETCH_CLIENT_H
#define HOST_FETCH_CLIENT_H

#include "host/fetch_run.h"

#include <curl/curl.h>

/* OK when curl has ended the transfer, with its result. */
enum sluice_status fetch_client_perform(const struct fetch_context *context, CURL *easy, const char *what,
                                        CURLcode *ret_code, struct sluice_error *err);

#endif
