/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses as plugins give them: which way they are fetched, and how messages may show them. */
#ifndef HOST_LOCATION_H
#define HOST_LOCATION_H

#include "base/error.h"

#include <sluice/plugin.h>

enum location_kind {
    LOCATION_PATH,    /* a path of this machine */
    LOCATION_FILE,    /* file: */
    LOCATION_HTTP,    /* http: or https: */
    LOCATION_UNKNOWN, /* another scheme, or a character that no address has */
};

enum location_kind location_kind(const char *location);

#define LOCATION_NAME_SIZE 512
/* Without user name, password, query and fragment, which may hold secrets; cut with "…" when it is long.
 * [any] */
void location_name(const char *location, char ret_name[LOCATION_NAME_SIZE]);

/* The path of a file: URL or of a path as it is; the caller frees it. CONFIG when it names another machine or
 * its percent escapes are wrong; `name` is the location's for the message. */
enum sluice_status location_path(const char *location, const char *name, char **ret_path,
                                 struct sluice_error *err);

#endif
