/* SPDX-License-Identifier: Apache-2.0 */
/* One status body in the forms in which it is asked for; each is made when first wanted. Belongs to one
 * thread at a time; its answers may outlive it. */
#ifndef HTTP_STATUS_PAGE_H
#define HTTP_STATUS_PAGE_H

#include "http/status_body.h"

struct status_page;

struct status_page *status_page_new(const struct status_view *view); /* NULL without memory */
void status_page_free(struct status_page *page);                     /* accepts NULL */

/* Do they say the same, apart from the time at which they were made? */
bool status_page_same(const struct status_page *a, const struct status_page *b);

/* To be dropped; NULL without memory. */
struct ready *status_page_answer(struct status_page *page, unsigned log_limit, enum encoding encoding);

#endif
