/* SPDX-License-Identifier: Apache-2.0 */
/* libzip inflates and compares checksums. It opens an archive only after its directory was checked, and both
 * must have found the same entries. */
#include "formats/xlsx/package.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "formats/xlsx/directory.h"

#include <inttypes.h>
#include <string.h>

static void package_clear(struct xlsx_package **package)
{
    xlsx_package_close(*package);
}

static enum sluice_status zip_problem(struct sluice_error *err, const char *name, zip_error_t *error)
{
    if (zip_error_code_zip(error) == ZIP_ER_MEMORY)
        return error_no_memory(err);
    return error_set(err, SLUICE_DATA, "the workbook is damaged at %s (%s); save or download it again", name,
                     zip_error_strerror(error));
}

/* ---- The archive ------------------------------------------------------------------------------------------
 */

static enum sluice_status zip_take(struct xlsx_package *package, const char *data, uint64_t size,
                                   struct sluice_error *err)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(data, size, 0, &error);
    if (source != NULL)
        package->zip = zip_open_from_source(source, ZIP_RDONLY, &error);
    enum sluice_status status = package->zip == NULL ? zip_problem(err, "its directory", &error) : SLUICE_OK;
    if (package->zip == NULL && source != NULL)
        zip_source_free(source);
    zip_error_fini(&error);
    return status;
}

/* Whether libzip read the same directory as we did. */
static bool is_same(struct xlsx_package *package, const struct xlsx_entry *entries, size_t n)
{
    if (zip_get_num_entries(package->zip, 0) != (zip_int64_t)n)
        return false;
    for (size_t i = 0; i < n; i++) {
        zip_stat_t stat;
        if (zip_stat_index(package->zip, i, ZIP_FL_ENC_RAW, &stat) != 0 ||
            (stat.valid & ZIP_STAT_COMP_SIZE) == 0 || stat.comp_size != entries[i].deflated)
            return false;
        if (strlen(stat.name) != entries[i].name.len ||
            memcmp(stat.name, entries[i].name.ptr, entries[i].name.len) != 0)
            return false;
    }
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum sluice_status duplicates_check(const struct xlsx_package *package, struct sluice_error *err)
{
    _cleanup_free_ const char **names = calloc(package->n + 1, sizeof(const char *));
    if (names == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < package->n; i++)
        names[i] = package->entries[i].name;
    qsort(names, package->n, sizeof(const char *), by_name);
    for (size_t i = 1; i < package->n; i++)
        if (strcmp(names[i - 1], names[i]) == 0)
            return error_set(
                err, SLUICE_DATA,
                "the workbook has two entries named %.200s; save it again with Excel or LibreOffice",
                names[i]);
    return SLUICE_OK;
}

static enum sluice_status entries_take(struct xlsx_package *package, const struct xlsx_entry *entries,
                                       size_t n, struct sluice_error *err)
{
    package->entries = calloc(n + 1, sizeof *package->entries);
    if (package->entries == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < n; i++) {
        char folded[XLSX_NAME_SIZE];
        if (!xlsx_name_fold(entries[i].name, folded, sizeof folded))
            folded[0] = '\0';
        package->entries[i].name = strdup(folded);
        if (package->entries[i].name == NULL)
            return error_no_memory(err);
        package->entries[i].deflated = entries[i].deflated;
        package->entries[i].claimed = entries[i].claimed;
        package->n++;
    }
    return duplicates_check(package, err);
}

enum sluice_status xlsx_package_open(const char *data, uint64_t size, const struct xlsx_options *options,
                                     struct xlsx_package **ret_package, struct sluice_error *err)
{
    _cleanup_(package_clear) struct xlsx_package *package = calloc(1, sizeof *package);
    _cleanup_free_ struct xlsx_entry *entries = NULL;
    size_t n = 0;
    if (package == NULL)
        return error_no_memory(err);
    package->options = *options;
    enum sluice_status status = xlsx_directory_read(data, size, options->limits.entries, &entries, &n, err);
    if (status == SLUICE_OK)
        status = zip_take(package, data, size, err);
    if (status != SLUICE_OK)
        return status;
    if (!is_same(package, entries, n))
        return error_set(err, SLUICE_DATA,
                         "the workbook's zip directory can be read in two ways; save it again with Excel or "
                         "LibreOffice");
    status = entries_take(package, entries, n, err);
    if (status != SLUICE_OK)
        return status;
    *ret_package = package;
    package = NULL;
    return SLUICE_OK;
}

void xlsx_package_close(struct xlsx_package *package)
{
    if (package == NULL)
        return;
    if (package->zip != NULL)
        zip_discard(package->zip);
    for (size_t i = 0; i < package->n; i++)
        free(package->entries[i].name);
    free(package->entries);
    free(package);
}

int xlsx_package_find(const struct xlsx_package *package, const char *name)
{
    char folded[XLSX_NAME_SIZE];
    struct sluice_cell text = {.ptr = name, .len = (uint32_t)strnlen(name, XLSX_NAME_SIZE)};
    if (!xlsx_name_fold(text, folded, sizeof folded))
        return XLSX_NO_PART;
    for (size_t i = 0; i < package->n; i++)
        if (strcmp(package->entries[i].name, folded) == 0)
            return (int)i;
    return XLSX_NO_PART;
}

/* ---- Parts ------------------------------------------------------------------------------------------------
 */

enum sluice_status xlsx_part_open(struct xlsx_package *package, int index, enum xlsx_trust trust,
                                  struct xlsx_part *ret_part, struct sluice_error *err)
{
    zip_file_t *file = zip_fopen_index(package->zip, (zip_uint64_t)index, 0);
    if (file == NULL)
        return zip_problem(err, package->entries[index].name, zip_get_error(package->zip));
    *ret_part = (struct xlsx_part){.package = package, .file = file, .index = index, .trust = trust};
    return SLUICE_OK;
}

/* A part that is read again counts once. */
static enum sluice_status count(struct xlsx_part *part, size_t n, struct sluice_error *err)
{
    struct xlsx_package *package = part->package;
    struct xlsx_package_entry *entry = &package->entries[part->index];
    const struct xlsx_limits *limits = &package->options.limits;
    part->read += n;
    if (part->read <= entry->inflated)
        return SLUICE_OK;
    package->inflated += part->read - entry->inflated;
    entry->inflated = part->read;
    if (entry->inflated > entry->deflated * limits->ratio)
        return error_set(
            err, SLUICE_DATA,
            "%.200s in the workbook is packed more than %" PRIu32
            " times smaller than it is, as lists never are; save it again with Excel or LibreOffice",
            entry->name, limits->ratio);
    if (package->inflated > limits->total_bytes)
        return error_set(err, SLUICE_DATA,
                         "the workbook holds more than %" PRIu64 " bytes unpacked; split it into several",
                         limits->total_bytes);
    return SLUICE_OK;
}

enum sluice_status xlsx_part_read(struct xlsx_part *part, char *bytes, size_t size, size_t *ret_n,
                                  struct sluice_error *err)
{
    const struct xlsx_options *options = &part->package->options;
    if (options->cancelled != NULL && options->cancelled(options->context))
        return error_set(err, SLUICE_CANCELLED, "reading was stopped");
    zip_int64_t n = zip_fread(part->file, bytes, size);
    if (n < 0) {
        zip_error_t *error = zip_file_get_error(part->file);
        if (zip_error_code_zip(error) == ZIP_ER_CRC && part->trust == XLSX_USE_DECIDES)
            return SLUICE_END;
        return zip_problem(err, part->package->entries[part->index].name, error);
    }
    const struct xlsx_package_entry *entry = &part->package->entries[part->index];
    if (n == 0 && part->read != entry->claimed && part->trust == XLSX_MUST_BE_WHOLE)
        return error_set(err, SLUICE_DATA,
                         "the workbook is damaged at %.200s (it has %" PRIu64
                         " bytes and should have %" PRIu64 "); save or download it again",
                         entry->name, part->read, entry->claimed);
    if (n == 0)
        return SLUICE_END;
    *ret_n = (size_t)n;
    return count(part, (size_t)n, err);
}

void xlsx_part_close(struct xlsx_part *part)
{
    if (part->file != NULL)
        zip_fclose(part->file);
    part->file = NULL;
}
