/* SPDX-License-Identifier: Apache-2.0 */
/* Files of shared/corpus, where that folder is. */
#ifndef TESTS_FORMATS_CORPUS_H
#define TESTS_FORMATS_CORPUS_H

#include "formats/rows.h"

enum { TEST_SKIPPED = 77 };

/* The path of a file in shared/corpus. */
static inline void corpus_file(char *path, size_t size, const char *folder, const char *name)
{
    const char *shared = getenv("SLUICE_SHARED");
    snprintf(path, size, "%s/corpus/%s/%s", shared != NULL ? shared : SLUICE_SOURCE_DIR "/../shared", folder, name);
}

/* The path of a file in shared/corpus/csv. */
static inline void corpus_path(char *path, size_t size, const char *name)
{
    corpus_file(path, size, "csv", name);
}

/* The whole file, NUL-terminated; the caller frees it. NULL when there is none. */
static inline char *file_read(const char *path, size_t *ret_size)
{
    _cleanup_fclose_ FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    rewind(file);
    char *text = malloc((size_t)size + 1);
    ck_assert_ptr_nonnull(text);
    ck_assert_uint_eq(fread(text, 1, (size_t)size, file), (size_t)size);
    text[size] = '\0';
    *ret_size = (size_t)size;
    return text;
}

#endif
