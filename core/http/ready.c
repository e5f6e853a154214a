/* SPDX-License-Identifier: Apache-2.0 */
#include "http/ready.h"

#include <inttypes.h>
#include <microhttpd.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>
#include <zlib.h>

struct ready {
    struct MHD_Response *response;
    struct ready_form form;
    char etag[ETAG_SIZE];
    char *bytes; /* freed with the response */
    size_t size;
    atomic_int references;
};

/* Nothing may be loaded, framed or guessed. */
static const char api_content_policy[] = "default-src 'none'; frame-ancestors 'none'";
static const char panel_content_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

void response_protect(struct MHD_Response *response, enum ready_policy policy)
{
    MHD_add_response_header(response, "Content-Security-Policy",
                            policy == READY_PANEL ? panel_content_policy : api_content_policy);
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "X-Frame-Options", "DENY");
    MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
}

static void header(struct MHD_Response *response, const char *name, const char *value)
{
    if (value != NULL)
        MHD_add_response_header(response, name, value);
}

static void add_headers(struct MHD_Response *response, const struct ready_form *form)
{
    char age[16];
    response_protect(response, form->policy);
    header(response, "Content-Type", form->content_type);
    header(response, "ETag", form->etag);
    header(response, "Cache-Control", form->cache_control);
    header(response, "Content-Encoding", form->encoding);
    header(response, "Vary", form->policy == READY_API ? "Accept-Encoding, Origin" : "Accept-Encoding");
    if (form->age_s >= 0) {
        snprintf(age, sizeof age, "%d", form->age_s);
        header(response, "Age", age);
    }
}

struct ready *ready_new(const struct ready_form *form, struct buffer *body)
{
    struct ready *ready = calloc(1, sizeof *ready);
    size_t size = body->size;
    bool whole = !body->failed;
    char *bytes = buffer_steal(body);
    if (ready != NULL && bytes != NULL && whole)
        ready->response = MHD_create_response_from_buffer_with_free_callback(size, bytes, free);
    if (ready == NULL || ready->response == NULL) {
        free(bytes);
        free(ready);
        return NULL;
    }
    ready->form = *form;
    ready->bytes = bytes;
    ready->size = size;
    if (form->etag != NULL) {
        snprintf(ready->etag, sizeof ready->etag, "%s", form->etag);
        ready->form.etag = ready->etag;
    }
    atomic_init(&ready->references, 1);
    add_headers(ready->response, &ready->form);
    return ready;
}

void ready_hold(struct ready *ready)
{
    atomic_fetch_add(&ready->references, 1);
}

void ready_drop(struct ready *ready)
{
    if (ready == NULL || atomic_fetch_sub(&ready->references, 1) > 1)
        return;
    MHD_destroy_response(ready->response);
    free(ready);
}

struct MHD_Response *ready_response(const struct ready *ready)
{
    return ready->response;
}

struct MHD_Response *ready_copied(const struct ready *ready, enum ready_copy copy)
{
    struct ready_form form = ready->form;
    bool whole = copy == READY_WHOLE;
    if (!whole)
        form.content_type = form.encoding = NULL;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(whole ? ready->size : 0, ready->bytes, MHD_RESPMEM_MUST_COPY);
    if (response != NULL)
        add_headers(response, &form);
    return response;
}

unsigned ready_status(const struct ready *ready)
{
    return ready->form.status;
}

bool ready_matches(const struct ready *ready, const char *if_none_match)
{
    return ready->form.status == 200 && ready->etag[0] != '\0' && etag_matches(if_none_match, ready->etag);
}

bool gzip_make(const char *data, size_t size, struct buffer *ret_gzip)
{
    enum { GZIP_WINDOW = 15 + 16, LEVEL = 6, MEMORY = 8 };
    z_stream stream = {0};
    if (size > UINT32_MAX ||
        deflateInit2(&stream, LEVEL, Z_DEFLATED, GZIP_WINDOW, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    size_t bound = deflateBound(&stream, (uLong)size);
    char *room = buffer_reserve(ret_gzip, bound);
    union {
        const char *constant;
        Bytef *bytes;
    } input = {.constant = data};
    stream.next_in = input.bytes;
    stream.avail_in = (uInt)size;
    stream.next_out = (Bytef *)room;
    stream.avail_out = (uInt)bound;
    bool made = room != NULL && deflate(&stream, Z_FINISH) == Z_STREAM_END;
    if (made)
        buffer_grown(ret_gzip, stream.total_out);
    deflateEnd(&stream);
    return made && ret_gzip->size < size;
}

void etag_make(const char *data, size_t size, char ret_etag[ETAG_SIZE])
{
    snprintf(ret_etag, ETAG_SIZE, "W/\"%016" PRIx64 "\"", (uint64_t)XXH3_64bits(data, size));
}

bool etag_matches(const char *if_none_match, const char *etag)
{
    const char *opaque = strchr(etag, '"');
    return if_none_match[0] != '\0' &&
           (strcmp(if_none_match, "*") == 0 || strstr(if_none_match, opaque) != NULL);
}
