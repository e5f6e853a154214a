/* SPDX-License-Identifier: Apache-2.0 */
#include "host/document.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <openssl/evp.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct kept {
    struct sluice_document document;
    atomic_uint references;
    char *name, *content_type;
    char version[VERSION_SIZE];
};

static struct kept *kept_of(const struct sluice_document *document)
{
    return (struct kept *)((uintptr_t)document - offsetof(struct kept, document));
}

static void document_retain(const struct sluice_document *document)
{
    atomic_fetch_add_explicit(&kept_of(document)->references, 1, memory_order_relaxed);
}

static void document_release(const struct sluice_document *document)
{
    struct kept *kept = kept_of(document);
    if (atomic_fetch_sub_explicit(&kept->references, 1, memory_order_acq_rel) != 1)
        return;
    spool_unmap(document->data, document->size);
    free(kept->name);
    free(kept->content_type);
    free(kept);
}

/* The first 16 hexadecimal digits of the SHA-256; "" when OpenSSL has no memory. */
static void location_hash(const char *location, char ret_hash[LOCATION_HASH_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    ret_hash[0] = '\0';
    if (EVP_Digest(location, strlen(location), digest, NULL, EVP_sha256(), NULL) != 1)
        return;
    for (size_t i = 0; i + 1 < LOCATION_HASH_SIZE; i += 2)
        snprintf(ret_hash + i, 3, "%02x", digest[i / 2]);
}

/* May it stand in a header and in a version? */
static bool is_clean(const char *text, size_t n, size_t size)
{
    if (n >= size)
        return false;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return false;
    return true;
}

static bool is_sha256(const char *text, size_t n)
{
    return n == SHA256_TEXT_SIZE - 1 && strspn(text, "0123456789abcdef") >= n;
}

static void copy_clean(char *ret_copy, size_t size, const char *text, size_t n)
{
    if (is_clean(text, n, size)) {
        memcpy(ret_copy, text, n);
        ret_copy[n] = '\0';
    }
}

struct version version_read(const char *text, const char *location)
{
    struct version version = {.sha256 = ""};
    char hash[LOCATION_HASH_SIZE];
    if (text == NULL || !is_sha256(text, strcspn(text, "|")))
        return version;
    copy_clean(version.sha256, sizeof version.sha256, text, SHA256_TEXT_SIZE - 1);
    text += SHA256_TEXT_SIZE - 1;
    location_hash(location, hash);
    size_t n = strlen(hash);
    if (n == 0 || text[0] != '|' || strncmp(text + 1, hash, n) != 0 || text[n + 1] != '|')
        return version;
    text += n + 2;
    size_t modified = strcspn(text, "|");
    copy_clean(version.modified, sizeof version.modified, text, modified);
    if (text[modified] == '|')
        copy_clean(version.tag, sizeof version.tag, text + modified + 1, strlen(text + modified + 1));
    return version;
}

static void version_write(char ret_text[VERSION_SIZE], const char *sha256, const struct document_facts *facts)
{
    char hash[LOCATION_HASH_SIZE];
    struct version version = {.sha256 = ""};
    if (facts->modified != NULL && strchr(facts->modified, '|') == NULL)
        copy_clean(version.modified, sizeof version.modified, facts->modified, strlen(facts->modified));
    if (facts->tag != NULL)
        copy_clean(version.tag, sizeof version.tag, facts->tag, strlen(facts->tag));
    location_hash(facts->location, hash);
    snprintf(ret_text, VERSION_SIZE, "%s|%s|%s|%s", sha256, hash, version.modified, version.tag);
}

static bool kept_fill(struct kept *kept, const struct spool_content *content,
                      const struct document_facts *facts)
{
    if (!text_copy(facts->name, &kept->name) || !text_copy(facts->content_type, &kept->content_type))
        return false;
    version_write(kept->version, content->sha256, facts);
    atomic_init(&kept->references, 1);
    kept->document = (struct sluice_document){
        .struct_size = sizeof kept->document,
        .http_status = facts->http_status,
        .data = content->data,
        .size = content->size,
        .name = kept->name,
        .content_type = kept->content_type,
        .version = kept->version,
        .server_time_us = facts->server_time_us,
        .retain = document_retain,
        .release = document_release,
    };
    memcpy(kept->document.sha256, content->sha256, sizeof content->sha256);
    return true;
}

static struct kept *kept_new(const struct spool_content *content, const struct document_facts *facts)
{
    struct kept *kept = calloc(1, sizeof *kept);
    if (kept == NULL || kept_fill(kept, content, facts))
        return kept;
    free(kept->name);
    free(kept->content_type);
    free(kept);
    return NULL;
}

enum sluice_status document_create(struct spool *spool, const struct stop *stop,
                                   const struct document_facts *facts, const char *known_sha256,
                                   const struct sluice_document **ret_document, struct sluice_error *err)
{
    struct spool_content content;
    enum sluice_status status = spool_map(spool, &content, err);
    if (status != SLUICE_OK)
        return status;
    if (known_sha256 != NULL && strcmp(content.sha256, known_sha256) == 0)
        status = SLUICE_UNCHANGED;
    if (status == SLUICE_OK)
        status = spool_populate(&content, stop, facts->name, err);
    struct kept *kept = status == SLUICE_OK ? kept_new(&content, facts) : NULL;
    if (kept == NULL) {
        spool_unmap(content.data, content.size);
        return status == SLUICE_OK ? error_no_memory(err) : status;
    }
    *ret_document = &kept->document;
    return SLUICE_OK;
}
