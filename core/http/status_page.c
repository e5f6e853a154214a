/* SPDX-License-Identifier: Apache-2.0 */
#include "http/status_page.h"

#include "base/cleanup.h"

#include <string.h>

enum { PAGE_CEILING = 64 << 20, ENCODINGS = ENCODING_GZIP + 1 };

struct status_page {
    struct buffer head, logs, tail;
    size_t log_ends[FACT_LOGS], n_logs;
    int age_s;
    struct ready *answers[FACT_LOGS + 1][ENCODINGS]; /* by the number of logs; NULL: not made yet */
};

struct status_page *status_page_new(const struct status_view *view)
{
    struct status_page *page = calloc(1, sizeof *page);
    if (page == NULL)
        return NULL;
    page->head = page->logs = page->tail = (struct buffer)BUFFER_INIT(PAGE_CEILING);
    page->age_s = (int)(view->data_age_ms / 1000);
    status_head(&page->head, view);
    status_tail(&page->tail, view);
    if (view->store != NULL) {
        buffer_append(&page->logs, view->store->logs.data, view->store->logs.size);
        page->n_logs = view->store->n_logs;
        memcpy(page->log_ends, view->store->log_ends, sizeof page->log_ends);
    }
    if (!page->head.failed && !page->logs.failed && !page->tail.failed)
        return page;
    status_page_free(page);
    return NULL;
}

void status_page_free(struct status_page *page)
{
    if (page == NULL)
        return;
    for (size_t i = 0; i <= FACT_LOGS; i++)
        for (size_t encoding = 0; encoding < ENCODINGS; encoding++)
            ready_drop(page->answers[i][encoding]);
    buffer_free(&page->head);
    buffer_free(&page->logs);
    buffer_free(&page->tail);
    free(page);
}

static bool same(const struct buffer *a, const struct buffer *b)
{
    return a->size == b->size && (a->size == 0 || memcmp(a->data, b->data, a->size) == 0);
}

bool status_page_same(const struct status_page *a, const struct status_page *b)
{
    return same(&a->head, &b->head) && same(&a->logs, &b->logs);
}

static struct ready *make(const struct status_page *page, unsigned n, enum encoding encoding)
{
    _cleanup_(buffer_free) struct buffer body = BUFFER_INIT(PAGE_CEILING), gzip = BUFFER_INIT(PAGE_CEILING);
    char etag[ETAG_SIZE] = "";
    struct ready_form answer = {.status = 200,
                                .content_type = "application/json",
                                .etag = etag,
                                .cache_control = "private, no-cache",
                                .age_s = page->age_s};
    buffer_append(&body, page->head.data, page->head.size);
    if (n > 0)
        buffer_append(&body, page->logs.data, page->log_ends[n - 1]);
    if (!body.failed)
        etag_make(body.data, body.size, etag); /* of all but the time at the end */
    buffer_append(&body, page->tail.data, page->tail.size);
    if (encoding == ENCODING_PLAIN || body.failed || !gzip_make(body.data, body.size, &gzip))
        return ready_new(&answer, &body);
    answer.encoding = "gzip";
    return ready_new(&answer, &gzip);
}

struct ready *status_page_answer(struct status_page *page, unsigned log_limit, enum encoding encoding)
{
    unsigned n = log_limit < page->n_logs ? log_limit : (unsigned)page->n_logs;
    struct ready **slot = &page->answers[n][encoding];
    if (*slot == NULL)
        *slot = make(page, n, encoding);
    if (*slot != NULL)
        ready_hold(*slot);
    return *slot;
}
