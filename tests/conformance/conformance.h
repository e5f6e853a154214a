/* SPDX-License-Identifier: Apache-2.0 */
/* One suite per kind of plugin: what a plugin must do so that the engine can rely on it. */
#ifndef CONFORMANCE_CONFORMANCE_H
#define CONFORMANCE_CONFORMANCE_H

#include "scene.h"

/* How many cases failed. */
size_t conformance_store(const struct conformance *conformance);
size_t conformance_state(const struct conformance *conformance);
size_t conformance_source(const struct conformance *conformance); /* `location` is set */

#endif
