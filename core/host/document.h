/* SPDX-License-Identifier: Apache-2.0 */
/* Fetched documents and their versions: which bytes, and how to ask whether they are still the same. */
#ifndef HOST_DOCUMENT_H
#define HOST_DOCUMENT_H

#include "host/spool.h"

#include <sluice/plugin.h>

/*
 * A version is "SHA256|LOCATION|MODIFIED|TAG": the hash of the bytes, the start of the location's hash
 * (validators of one address mean nothing at another), Last-Modified and ETag as sent, or what stat () said
 * of a file. What plugins hand back may be anything: a text that is no version has no parts.
 */
#define VERSION_SIZE       1024
#define LOCATION_HASH_SIZE 17

struct version {
    char sha256[SHA256_TEXT_SIZE]; /* "" when unknown */
    char modified[64];             /* "" when unknown or of another location */
    char tag[512];                 /* the same */
};

struct version version_read(const char *text, const char *location);

/* What a fetch learnt beside the bytes; NULL: nothing. */
struct document_facts {
    const char *name;
    const char *location;
    const char *content_type;
    const char *modified;
    const char *tag;
    uint32_t http_status;
    int64_t server_time_us;
};

/* Maps the spool's content. UNCHANGED when it hashes to `known_sha256` ("" or NULL: none); or as stop_check (). */
enum sluice_status document_create(struct spool *spool, const struct stop *stop,
                                   const struct document_facts *facts, const char *known_sha256,
                                   const struct sluice_document **ret_document, struct sluice_error *err);

#endif
