/* SPDX-License-Identifier: Apache-2.0 */
/* Answers that are made once and sent many times. They are counted: whoever sends one holds it meanwhile, so
 * that a newer one can take its place at any moment. */
#ifndef HTTP_READY_H
#define HTTP_READY_H

#include "base/buffer.h"

struct MHD_Response;
struct ready;

enum encoding { ENCODING_PLAIN, ENCODING_GZIP };

enum ready_policy {
    READY_API,   /* answers that are data */
    READY_PANEL, /* pages and their parts */
};

/* How an answer is made; texts may be NULL. */
struct ready_form {
    unsigned status;
    enum ready_policy policy;
    const char *content_type, *etag, *cache_control, *encoding;
    int age_s; /* -1: no Age */
};

/* Takes the body (also when it fails); NULL without memory. */
struct ready *ready_new(const struct ready_form *form, struct buffer *body);
void ready_hold(struct ready *ready);
void ready_drop(struct ready *ready); /* accepts NULL */
struct MHD_Response *ready_response(const struct ready *ready);
/* A response of the caller's own, to which it may add headers: the same one, or 304 without a body. */
enum ready_copy { READY_WHOLE, READY_NOT_MODIFIED };
struct MHD_Response *ready_copied(const struct ready *ready, enum ready_copy copy);
unsigned ready_status(const struct ready *ready);
/* Does If-None-Match name it? */
bool ready_matches(const struct ready *ready, const char *if_none_match);

/* The headers that every answer of that policy has. */
void response_protect(struct MHD_Response *response, enum ready_policy policy);

/* The same bytes as gzip (RFC 1952); false when that fails or saves nothing. */
bool gzip_make(const char *data, size_t size, struct buffer *ret_gzip);

#define ETAG_SIZE 32
/* A weak validator (RFC 9110 §8.8.1) of these bytes. */
void etag_make(const char *data, size_t size, char ret_etag[ETAG_SIZE]);
/* Does If-None-Match name it? */
bool etag_matches(const char *if_none_match, const char *etag);

#endif
