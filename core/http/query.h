/* SPDX-License-Identifier: Apache-2.0 */
/* Query parameters: which there are, what each may be, and what a request said. A route names the ones it
 * takes; any other, and any that is given twice, is an error. */
#ifndef HTTP_QUERY_H
#define HTTP_QUERY_H

#include <sluice/store.h>

enum query_parameter {
    QUERY_LIMIT,
    QUERY_OFFSET,
    QUERY_SUPPLIER,
    QUERY_RUN_ID,
    QUERY_SEARCH,
    QUERY_CODE,
    QUERY_FORMAT,
    QUERY_LEVEL,
    QUERY_AFTER,
    QUERY_BEFORE,
    QUERY_STATE,
    QUERY_N,
    QUERY_LOG_LIMIT,
    QUERY_PARAMETERS,
};

enum { SEARCH_SIZE = 201, CODE_SIZE = 65 };

/* Copies: they outlive the request's memory. */
struct query_values {
    uint32_t given; /* bits of enum query_parameter */
    int64_t limit, offset, after, before, n, log_limit;
    char supplier[SLUICE_ID_SIZE], run_id[SLUICE_ID_SIZE];
    char search[SEARCH_SIZE], code[CODE_SIZE];
    enum sluice_level level;
    bool csv, open;
};

#define QUERY_BIT(parameter) (UINT32_C(1) << (parameter))

void query_begin(struct query_values *values); /* with the defaults */
/* Takes one parameter; value NULL: "name" without "=". false: it is not among `taken`, was given before, or
 * is not what it may be. [any] */
bool query_take(struct query_values *values, uint32_t taken, const char *name, const char *value);

const char *query_name(enum query_parameter parameter);

/* Is that how ids are spelt: a UUID, in lower case? [any] */
bool id_is_spelt_well(const char *text);

static inline bool query_has(const struct query_values *values, enum query_parameter parameter)
{
    return (values->given & QUERY_BIT(parameter)) != 0;
}

#endif
