/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What may be fetched, and how much of it: the section `fetch`. Plugins fetch through host->fetch () only; a
 * document is whole, hashed, spooled to a file without a name and mapped read-only.
 */
#ifndef HOST_FETCH_H
#define HOST_FETCH_H

#include "base/error.h"

#include <sluice/option.h>

/* Hosts in lists are `host` or `host:port`, an IPv6 address in brackets; without a port the scheme's own is
 * meant. */
struct fetch_options {
    struct sluice_list roots; /* folders that files may come from; a root that is a file allows that one */
    struct sluice_list allow_private; /* hosts that may lie in private networks; "all": any */
    struct sluice_list allow_http;    /* hosts that are spoken to without TLS */
    struct sluice_list ports;         /* beside 443 and 80 */
    struct sluice_list api_hosts;     /* the only ones that receive credentials */
    const char *ca_file;              /* NULL: the system's */
    struct sluice_duration connect_timeout;
    struct sluice_duration timeout; /* of one fetch with its attempts */
    struct sluice_duration
        retry_delay;                /* the least wait between two attempts; it grows up to 60 times as long */
    struct sluice_size max_body;    /* on the wire */
    struct sluice_size max_decoded; /* after content decoding; of a file its size */
    int64_t max_ratio;              /* decoded to wire bytes, after the first 8 MiB */
    int64_t attempts;
    int64_t per_host;      /* transfers at once to one host, in this process */
    const char *spool_dir; /* NULL: $TMPDIR, else /var/tmp */
    const char *user_agent;
};

extern const struct sluice_option fetch_option_table[];
extern const size_t fetch_option_count;

/* CONFIG when a value is out of its range or a list's entry is no host or port. */
enum sluice_status fetch_options_check(const struct fetch_options *options, struct sluice_error *err);

/* The absolute path of a file that the user named on the command line, to be put among the roots: it allows
 * that file alone. The caller frees it. */
enum sluice_status fetch_file_root(const char *path, char **ret_root, struct sluice_error *err);

/* Counts transfers per host across all instances of a process. */
struct fetch_slots;
struct fetch_slots *fetch_slots_new(int64_t per_host); /* NULL without memory */
void fetch_slots_free(struct fetch_slots *slots);      /* accepts NULL; nobody waits any more */

#endif
