/* SPDX-License-Identifier: Apache-2.0 */
#include "host/fetch.h"

#include "base/cleanup.h"

#include <string.h>

#define OPTION(field, default_text, ...) \
    SLUICE_OPTION(struct fetch_options, field, #field, default_text, __VA_ARGS__)

const struct sluice_option fetch_option_table[] = {
    OPTION(roots, NULL, "Folders that lists may be read from; a file allows itself alone.",
           .flags = SLUICE_OPTION_PATH),
    OPTION(allow_private, NULL,
           "Hosts (host or host:port) that may lie in private networks; `all` allows any."),
    OPTION(allow_http, NULL, "Hosts (host or host:port) that may be fetched from without TLS."),
    OPTION(ports, NULL, "Ports that may be connected to, beside 443 and 80."),
    OPTION(api_hosts, "sheets.googleapis.com,www.googleapis.com,oauth2.googleapis.com",
           "The only hosts that receive credentials."),
    OPTION(ca_file, NULL, "Certificates to trust instead of the system's, in PEM form.",
           .flags = SLUICE_OPTION_PATH),
    OPTION(connect_timeout, "10s", "Time to connect, with TLS."),
    OPTION(timeout, "300s", "Time of one fetch with all its attempts."),
    OPTION(retry_delay, "500ms", "The least wait between two attempts; it grows up to 60 times as long."),
    OPTION(max_body, "256MiB", "Largest body on the wire."),
    OPTION(max_decoded, "1GiB", "Largest body after content decoding, and largest file."),
    OPTION(max_ratio, "100", "Largest ratio of decoded to received bytes, after the first 8 MiB."),
    OPTION(attempts, "5", "How often a fetch is tried when the failure may pass."),
    OPTION(per_host, "4", "Transfers at once to one host."),
    OPTION(spool_dir, NULL,
           "Folder for files without a name that hold what was fetched; else $TMPDIR or /var/tmp.",
           .flags = SLUICE_OPTION_PATH),
    OPTION(user_agent, "sluice/0.1", "How Sluice names itself to servers."),
};
const size_t fetch_option_count = ELEMENTS(fetch_option_table);

struct range {
    const char *name;
    int64_t value, least, most;
};

static enum sluice_status list_check(const char *name, struct sluice_list list, struct sluice_error *err)
{
    for (size_t i = 0; i < list.n_items; i++)
        if (list.items[i][0] == '\0' || strpbrk(list.items[i], "/@?# \t") != NULL)
            return error_set(err, SLUICE_CONFIG,
                             "fetch.%s: '%s' is no host; write it as example.com or example.com:8443", name,
                             list.items[i]);
    return SLUICE_OK;
}

static enum sluice_status ports_check(struct sluice_list ports, struct sluice_error *err)
{
    for (size_t i = 0; i < ports.n_items; i++) {
        char *end;
        long port = strtol(ports.items[i], &end, 10);
        if (*end != '\0' || port < 1 || port > 65535)
            return error_set(err, SLUICE_CONFIG,
                             "fetch.ports: '%s' is no port; write a number from 1 to 65535", ports.items[i]);
    }
    return SLUICE_OK;
}

enum sluice_status fetch_options_check(const struct fetch_options *options, struct sluice_error *err)
{
    const int64_t hour_ms = 3600000;
    const int64_t tebibyte = INT64_C(1) << 40;
    const struct range ranges[] = {
        {"connect_timeout", options->connect_timeout.ms, 1, hour_ms},
        {"timeout", options->timeout.ms, 1, 24 * hour_ms},
        {"retry_delay", options->retry_delay.ms, 1, hour_ms},
        {"max_body", (int64_t)options->max_body.bytes, 1, tebibyte},
        {"max_decoded", (int64_t)options->max_decoded.bytes, 1, tebibyte},
        {"max_ratio", options->max_ratio, 1, 100000},
        {"attempts", options->attempts, 1, 100},
        {"per_host", options->per_host, 1, 1000},
    };
    for (size_t i = 0; i < ELEMENTS(ranges); i++)
        if (ranges[i].value < ranges[i].least || ranges[i].value > ranges[i].most)
            return error_set(err, SLUICE_CONFIG, "fetch.%s: it must lie between %lld and %lld%s",
                             ranges[i].name, (long long)ranges[i].least, (long long)ranges[i].most,
                             i < 3 ? " ms" : "");
    enum sluice_status status = list_check("allow_private", options->allow_private, err);
    if (status == SLUICE_OK)
        status = list_check("allow_http", options->allow_http, err);
    if (status == SLUICE_OK)
        status = list_check("api_hosts", options->api_hosts, err);
    return status != SLUICE_OK ? status : ports_check(options->ports, err);
}
