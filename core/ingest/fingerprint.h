/* SPDX-License-Identifier: Apache-2.0 */
/* What of our side shapes a reading: plugin, its options, mapping rules, ingest version. Equal fingerprints
 * and equal bytes give equal items. */
#ifndef INGEST_FINGERPRINT_H
#define INGEST_FINGERPRINT_H

#include "ingest/options.h"

#define FINGERPRINT_SIZE 33

/* `plugin_options` is the filled options struct that the plugin's table describes; secrets do not enter. */
void fingerprint_make(const struct sluice_plugin *plugin, const void *plugin_options,
                      const struct ingest_options *options, char ret_fingerprint[FINGERPRINT_SIZE]);

#endif
