/* SPDX-License-Identifier: Apache-2.0 */
/* All sizes in an archive are claims: each is compared with the bytes that are there before it is used. */
#include "formats/xlsx/directory.h"

#include "base/cleanup.h"
#include "base/error.h"

#include <inttypes.h>
#include <string.h>

enum {
    END_BYTES = 22,
    END64_BYTES = 56,
    LOCATOR_BYTES = 20,
    CENTRAL_BYTES = 46,
    LOCAL_BYTES = 30,
    COMMENT_MAX = 65535,
    FLAG_ENCRYPTED = 1,
    FLAG_SIZES_FOLLOW = 8,
    STORED = 0,
    DEFLATED = 8,
    EXTRA_ZIP64 = 1,
    NAME_MAX_BYTES = 1024,
};

#define IN_ZIP64_16 UINT32_C(0xffff)
#define IN_ZIP64_32 UINT32_C(0xffffffff)

/* Where the directory is and what it claims. */
struct claims {
    uint64_t entries, offset, size;
    uint64_t limit; /* where it must have ended */
};

/* One header of the directory. */
struct central {
    uint32_t flags, method, name_bytes, extra_bytes, comment_bytes;
    uint64_t deflated, inflated, offset;
};

static uint32_t number16(const char *at)
{
    const unsigned char *bytes = (const unsigned char *)at;
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8;
}

static uint32_t number32(const char *at)
{
    return number16(at) | number16(at + 2) << 16;
}

static uint64_t number64(const char *at)
{
    return (uint64_t)number32(at) | (uint64_t)number32(at + 4) << 32;
}

static enum sluice_status damaged(struct sluice_error *err, const char *what)
{
    return error_set(err, SLUICE_DATA,
                     "the workbook is damaged or was cut off (%s); save or download it again", what);
}

/* ---- The end of the archive -------------------------------------------------------------------------------
 */

static const char *end_find(const char *data, uint64_t size)
{
    if (size < END_BYTES)
        return NULL;
    uint64_t first = size - END_BYTES > COMMENT_MAX ? size - END_BYTES - COMMENT_MAX : 0;
    for (uint64_t at = size - END_BYTES + 1; at-- > first;)
        if (memcmp(data + at, "PK\5\6", 4) == 0 && at + END_BYTES + number16(data + at + 20) <= size)
            return data + at;
    return NULL;
}

static enum sluice_status end64_read(const char *data, const char *end, struct claims *claims,
                                     struct sluice_error *err)
{
    uint64_t position = (uint64_t)(end - data);
    if (position < LOCATOR_BYTES + END64_BYTES || memcmp(end - LOCATOR_BYTES, "PK\6\7", 4) != 0)
        return damaged(err, "its zip64 directory is not there");
    uint64_t at = number64(end - LOCATOR_BYTES + 8);
    if (at > position - LOCATOR_BYTES - END64_BYTES || memcmp(data + at, "PK\6\6", 4) != 0)
        return damaged(err, "its zip64 directory is not where it should be");
    claims->entries = number64(data + at + 32);
    claims->size = number64(data + at + 40);
    claims->offset = number64(data + at + 48);
    claims->limit = at;
    return SLUICE_OK;
}

static enum sluice_status claims_read(const char *data, uint64_t size, struct claims *ret_claims,
                                      struct sluice_error *err)
{
    const char *end = end_find(data, size);
    if (end == NULL)
        return damaged(err, "the directory at its end is missing");
    struct claims claims = {.entries = number16(end + 10),
                            .size = number32(end + 12),
                            .offset = number32(end + 16),
                            .limit = (uint64_t)(end - data)};
    if (number16(end + 4) != 0 && number16(end + 4) != IN_ZIP64_16)
        return damaged(err, "it is one of several volumes");
    if (claims.entries == IN_ZIP64_16 || claims.size == IN_ZIP64_32 || claims.offset == IN_ZIP64_32) {
        enum sluice_status status = end64_read(data, end, &claims, err);
        if (status != SLUICE_OK)
            return status;
    }
    if (claims.offset > claims.limit || claims.size > claims.limit - claims.offset)
        return damaged(err, "its directory lies outside it");
    if (claims.entries > claims.size / CENTRAL_BYTES)
        return damaged(err, "its directory is shorter than it says");
    *ret_claims = claims;
    return SLUICE_OK;
}

/* ---- Entries ----------------------------------------------------------------------------------------------
 */

static struct central central_of(const char *at)
{
    return (struct central){
        .flags = number16(at + 8),
        .method = number16(at + 10),
        .deflated = number32(at + 20),
        .inflated = number32(at + 24),
        .name_bytes = number16(at + 28),
        .extra_bytes = number16(at + 30),
        .comment_bytes = number16(at + 32),
        .offset = number32(at + 42),
    };
}

/* Takes the values that did not fit 32 bits from the extra field (§4.5.3). False when they are not there. */
static bool zip64_take(struct central *central, const char *extra)
{
    uint64_t *const wanted[] = {central->inflated == IN_ZIP64_32 ? &central->inflated : NULL,
                                central->deflated == IN_ZIP64_32 ? &central->deflated : NULL,
                                central->offset == IN_ZIP64_32 ? &central->offset : NULL};
    if (wanted[0] == NULL && wanted[1] == NULL && wanted[2] == NULL)
        return true;
    uint32_t at = 0, n = central->extra_bytes;
    while (n - at >= 4 && number16(extra + at) != EXTRA_ZIP64 && number16(extra + at + 2) <= n - at - 4)
        at += 4 + number16(extra + at + 2);
    if (n - at < 4 || number16(extra + at) != EXTRA_ZIP64 || number16(extra + at + 2) > n - at - 4)
        return false;
    uint32_t left = number16(extra + at + 2);
    extra += at + 4;
    for (size_t i = 0; i < ELEMENTS(wanted); i++) {
        if (wanted[i] == NULL)
            continue;
        if (left < 8)
            return false;
        *wanted[i] = number64(extra);
        extra += 8;
        left -= 8;
    }
    return true;
}

/* The header before the data must say the same as the directory. */
static enum sluice_status local_check(const char *data, uint64_t limit, const struct central *central,
                                      struct xlsx_entry *entry, struct sluice_error *err)
{
    if (central->offset > limit || limit - central->offset < LOCAL_BYTES)
        return damaged(err, "an entry lies outside it");
    const char *local = data + central->offset;
    if (memcmp(local, "PK\3\4", 4) != 0)
        return damaged(err, "an entry is not where it should be");
    uint64_t head = LOCAL_BYTES + (uint64_t)number16(local + 26) + number16(local + 28);
    if (limit - central->offset < head || limit - central->offset - head < central->deflated)
        return damaged(err, "an entry is longer than the file");
    if (number16(local + 26) != entry->name.len ||
        memcmp(local + LOCAL_BYTES, entry->name.ptr, entry->name.len) != 0)
        return damaged(err, "an entry has two names");
    bool same = number16(local + 8) == central->method;
    uint32_t deflated = number32(local + 18);
    if ((number16(local + 6) & FLAG_SIZES_FOLLOW) == 0 && deflated != IN_ZIP64_32)
        same &= deflated == central->deflated;
    if (!same)
        return damaged(err, "an entry has two sizes");
    entry->begin = central->offset;
    entry->end = central->offset + head + central->deflated;
    entry->deflated = central->deflated;
    entry->claimed = central->inflated;
    return SLUICE_OK;
}

static enum sluice_status entry_read(const char *data, const struct claims *claims, uint64_t *at,
                                     struct xlsx_entry *entry, struct sluice_error *err)
{
    uint64_t end = claims->offset + claims->size;
    if (end - *at < CENTRAL_BYTES || memcmp(data + *at, "PK\1\2", 4) != 0)
        return damaged(err, "its directory is shorter than it says");
    struct central central = central_of(data + *at);
    uint64_t bytes =
        CENTRAL_BYTES + (uint64_t)central.name_bytes + central.extra_bytes + central.comment_bytes;
    if (end - *at < bytes || central.name_bytes > NAME_MAX_BYTES)
        return damaged(err, "its directory is shorter than it says");
    entry->name = (struct sluice_cell){.ptr = data + *at + CENTRAL_BYTES, .len = central.name_bytes};
    if (!zip64_take(&central, entry->name.ptr + central.name_bytes))
        return damaged(err, "an entry has no size");
    if ((central.flags & FLAG_ENCRYPTED) != 0)
        return error_set(err, SLUICE_DATA, "the workbook is encrypted with a password; save it without one");
    if (central.method != STORED && central.method != DEFLATED)
        return error_set(err, SLUICE_DATA,
                         "the workbook is compressed in a way that workbooks are not (method %" PRIu32
                         "); save it with Excel or LibreOffice",
                         central.method);
    *at += bytes;
    return local_check(data, claims->offset, &central, entry, err);
}

static int by_begin(const void *a, const void *b)
{
    const struct xlsx_entry *left = *(const struct xlsx_entry *const *)a;
    const struct xlsx_entry *right = *(const struct xlsx_entry *const *)b;
    return left->begin < right->begin ? -1 : left->begin > right->begin;
}

/* Two entries that share bytes are how a small file becomes a huge one. */
static enum sluice_status overlap_check(const struct xlsx_entry *entries, size_t n, struct sluice_error *err)
{
    _cleanup_free_ const struct xlsx_entry **sorted = calloc(n + 1, sizeof(const struct xlsx_entry *));
    if (sorted == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < n; i++)
        sorted[i] = &entries[i];
    qsort(sorted, n, sizeof(const struct xlsx_entry *), by_begin);
    for (size_t i = 1; i < n; i++)
        if (sorted[i]->begin < sorted[i - 1]->end)
            return error_set(
                err, SLUICE_DATA,
                "the workbook was made to do harm: two of its entries share bytes; do not open it");
    return SLUICE_OK;
}

enum sluice_status xlsx_directory_read(const char *data, uint64_t size, uint32_t most_entries,
                                       struct xlsx_entry **ret_entries, size_t *ret_n,
                                       struct sluice_error *err)
{
    struct claims claims = {0};
    enum sluice_status status = claims_read(data, size, &claims, err);
    if (status != SLUICE_OK)
        return status;
    if (claims.entries > most_entries)
        return error_set(err, SLUICE_DATA,
                         "the workbook has %" PRIu64 " entries, more than %" PRIu32
                         "; save the list as a workbook of its own",
                         claims.entries, most_entries);
    _cleanup_free_ struct xlsx_entry *entries = calloc(claims.entries + 1, sizeof *entries);
    if (entries == NULL)
        return error_no_memory(err);
    uint64_t at = claims.offset;
    for (uint64_t i = 0; i < claims.entries; i++) {
        status = entry_read(data, &claims, &at, &entries[i], err);
        if (status != SLUICE_OK)
            return status;
    }
    status = overlap_check(entries, claims.entries, err);
    if (status != SLUICE_OK)
        return status;
    *ret_n = claims.entries;
    *ret_entries = entries;
    entries = NULL;
    return SLUICE_OK;
}

bool xlsx_name_fold(struct sluice_cell name, char *ret_folded, size_t size)
{
    while (name.len > 0 && (name.ptr[0] == '/' || name.ptr[0] == '\\')) {
        name.ptr++;
        name.len--;
    }
    if (name.len >= size)
        return false;
    for (uint32_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        ret_folded[i] = (char)(c == '\\' ? '/' : c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
    ret_folded[name.len] = '\0';
    return true;
}
