/* SPDX-License-Identifier: Apache-2.0 */
/* The handlers of the table in route.c, and what several of them do. */
#ifndef HTTP_HANDLERS_H
#define HTTP_HANDLERS_H

#include "http/call.h"
#include "http/desk.h"
#include "http/rows.h"

/* ---- From memory: memory.c ---- */
void handle_status(struct call *call, struct desk *desk);
void handle_health(struct call *call, struct desk *desk);
void handle_ready(struct call *call, struct desk *desk);
void handle_metrics(struct call *call, struct desk *desk);
void handle_openapi(struct call *call, struct desk *desk);
void handle_me(struct call *call, struct desk *desk);

/* ---- Signing in: login.c ---- */
void handle_login(struct call *call, struct desk *desk);
void handle_link(struct call *call, struct desk *desk);

/* ---- Reading: runs.c, suppliers.c, rejects.c, holds.c, logs.c, schedules.c ---- */
void handle_runs(struct call *call, struct desk *desk);
void handle_run(struct call *call, struct desk *desk);
void handle_run_suppliers(struct call *call, struct desk *desk);
void handle_suppliers(struct call *call, struct desk *desk);
void handle_supplier(struct call *call, struct desk *desk);
void handle_supplier_runs(struct call *call, struct desk *desk);
void handle_items(struct call *call, struct desk *desk);
void handle_prices(struct call *call, struct desk *desk);
void handle_rejects(struct call *call, struct desk *desk);
void handle_reject_counts(struct call *call, struct desk *desk);
void handle_holds(struct call *call, struct desk *desk);
void handle_hold(struct call *call, struct desk *desk);
void handle_logs(struct call *call, struct desk *desk);
void handle_schedule(struct call *call, struct desk *desk);
void handle_audit(struct call *call, struct desk *desk);

/* ---- Acting: triggers.c, holds.c, schedules.c ---- */
void handle_sync(struct call *call, struct desk *desk);
void handle_supplier_sync(struct call *call, struct desk *desk);
void handle_cancel(struct call *call, struct desk *desk);
void handle_approve(struct call *call, struct desk *desk);
void handle_discard(struct call *call, struct desk *desk);
void handle_pause(struct call *call, struct desk *desk);
void handle_resume(struct call *call, struct desk *desk);

/* ---- What they share: page.c ---- */

/* Answers one page of a query as {"items": […], "limit", "offset", "has_more"}, or the failure. */
void page_answer(struct call *call, struct desk *desk, struct sluice_query query,
                 const struct row_field *fields, size_t n_fields);
/* Answers the query's one row as an object, or 404 saying that there is no such `what`. */
void one_answer(struct call *call, struct desk *desk, struct sluice_query query,
                const struct row_field *fields, size_t n_fields, const char *what);

/* The text of a column of the query's first row, which the caller frees; OK and NULL when there is no row. */
enum sluice_status one_text(struct desk *desk, struct sluice_query query, const char *column, char **ret_text,
                            struct sluice_error *err);

/* The key of a supplier by its id, which the caller frees; NULL: the reply says why. */
char *supplier_key_of(struct call *call, struct desk *desk, const char *id);
/* The key that ?supplier= names; NULL and true when it names none. false: the reply says why. */
bool supplier_filter(struct call *call, struct desk *desk, char **ret_key);

/* Leaves a row in the audit trail; a failure is only logged. detail NULL: none. */
void audit(struct call *call, struct desk *desk, const char *who, const char *what, const char *detail);

/* false: too often, and the reply says so. */
bool within_limit(struct call *call, struct desk *desk);

#endif
