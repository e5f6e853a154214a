/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses as plugins give them: which way they are fetched, and how messages may show them. */
#ifndef HOST_LOCATION_H
#define HOST_LOCATION_H

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

/* The path of a file: URL or of a path as it is; the caller frees it. NULL when it names another machine,
 * when its percent escapes are wrong, or without memory. */
char *location_path(const char *location);

#endif
