/* SPDX-License-Identifier: Apache-2.0 */
#include "http/head.h"

#include "base/cleanup.h"

#include <string.h>
#include <strings.h>

enum { LINE_REST = 16 /* the method, the version and two blanks */, FIELD_REST = 4 /* ": " and CRLF */ };

static const char *const once[] = {"Content-Length", "Host",          "Authorization",    "Content-Type",
                                   "Origin",         "If-None-Match", "Transfer-Encoding"};

static void fault(struct head *head, enum head_fault what)
{
    if (head->fault == HEAD_FINE)
        head->fault = what;
}

void head_begin(struct head *head, const char *uri)
{
    *head = (struct head){0};
    if (strnlen(uri, HEAD_LINE_MOST) + LINE_REST > HEAD_LINE_MOST)
        fault(head, HEAD_LINE_TOO_LONG);
}

static void take_length(struct head *head, const char *value)
{
    size_t n = strlen(value);
    if (n == 0 || strspn(value, "0123456789") != n)
        fault(head, HEAD_LENGTH_INVALID);
    else if (n > 6)
        fault(head, HEAD_BODY_TOO_LARGE);
    for (size_t i = 0; i < n && i < 7; i++)
        head->body_size = head->body_size * 10 + (uint64_t)(value[i] - '0');
    if (head->body_size > BODY_MOST)
        fault(head, HEAD_BODY_TOO_LARGE);
}

static void take_once(struct head *head, size_t which, const char *value)
{
    uint32_t bit = UINT32_C(1) << which;
    if ((head->seen & bit) != 0 || strcmp(once[which], "Transfer-Encoding") == 0)
        fault(head, HEAD_AMBIGUOUS);
    else if (strcmp(once[which], "Content-Length") == 0)
        take_length(head, value);
    head->seen |= bit;
}

void head_take(struct head *head, const char *name, const char *value)
{
    const char *text = value == NULL ? "" : value;
    head->n_fields++;
    head->n_bytes += strlen(name) + strlen(text) + FIELD_REST;
    if (head->n_fields > HEAD_FIELDS_MOST || head->n_bytes > HEAD_BYTES_MOST)
        fault(head, HEAD_TOO_LARGE);
    for (size_t i = 0; i < ELEMENTS(once); i++)
        if (strcasecmp(name, once[i]) == 0)
            take_once(head, i, text);
}
