/* SPDX-License-Identifier: Apache-2.0 */
/* What the section `fetch` allows: asked for every hop of a fetch and for every address that is connected to.
 */
#ifndef HOST_POLICY_H
#define HOST_POLICY_H

#include "host/address.h"
#include "host/fetch.h"
#include "host/url.h"

/* Scheme and port. CONFIG with what to add where. */
enum sluice_status policy_url(const struct fetch_options *options, const struct url *url,
                              struct sluice_error *err);

bool policy_address(const struct fetch_options *options, const struct url *url,
                    const struct sockaddr *address);

/* May a credential go there? Over plain http only to a loopback address that both lists name. */
bool policy_secret(const struct fetch_options *options, const struct url *url);

#endif
