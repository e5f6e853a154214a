/* SPDX-License-Identifier: Apache-2.0 */
/* The recorded behaviour of the system that Sluice replaces (shared/corpus/original): each case must come out alike, or
 * stand in the table of deviations of original.c with its reason. */
#ifndef TESTS_INGEST_ORIGINAL_H
#define TESTS_INGEST_ORIGINAL_H

#include "check_main.h"

#include <jansson.h>

/* Runs each case of a topic; every deviation of the topic must be met. */
void original_each(const char *topic, void (*run)(const char *topic, const json_t *each));
void original_check(const char *topic, const char *input, const char *theirs, const char *ours);

/* The input as JSON, so that it can be compared and shown; the caller frees it. */
char *original_input(const json_t *value);
/* An element's text, or "". */
const char *original_text(const json_t *array, size_t i);
/* Appends a line of cells with '|' between them. */
void original_row(char *text, size_t size, const json_t *row);

/* check_main (), or 77 and the reason where the recording is missing. */
int original_main(const char *suite_name, const TTest *const *tests, size_t n);

#define ORIGINAL_MAIN(suite_name, ...)                                           \
    int main(void)                                                               \
    {                                                                            \
        const TTest *const tests[] = {__VA_ARGS__};                              \
        return original_main(suite_name, tests, sizeof tests / sizeof tests[0]); \
    }

#endif
