/* SPDX-License-Identifier: Apache-2.0 */
/* In the order of the SELECT of the same name in each store's sql/queries.sql. */
#include "plugins/stores/columns.h"

#include "base/cleanup.h"

#define JOB_COLUMNS                                                                                     \
    TEXT("run_id"), TEXT("supplier_id"), TEXT("supplier"), TEXT("state"), TEXT("outcome"),              \
        TEXT("error_type"), TEXT("message"), NUMBER("attempt"), NUMBER("rows_read"), NUMBER("skipped"), \
        NUMBER("inserted"), NUMBER("updated"), NUMBER("unchanged"), NUMBER("gone"), NUMBER("rejected"), \
        NUMBER("duplicates"), NUMBER("elapsed_ms"), TIME("started_at"), TIME("finished_at")

#define TEXT(column)                                \
    {                                               \
        .name = (column), .type = SLUICE_VALUE_TEXT \
    }
#define NUMBER(column)                                \
    {                                                 \
        .name = (column), .type = SLUICE_VALUE_NUMBER \
    }
#define BOOL(column)                                \
    {                                               \
        .name = (column), .type = SLUICE_VALUE_BOOL \
    }
#define TIME(column)                                \
    {                                               \
        .name = (column), .type = SLUICE_VALUE_TIME \
    }
#define JSON(column)                                \
    {                                               \
        .name = (column), .type = SLUICE_VALUE_JSON \
    }

static const struct sluice_column columns[][COLUMNS_MOST] = {
    [SLUICE_QUERY_SUPPLIERS] = {TEXT("id"), TEXT("name"), TEXT("source_type"), TEXT("source_url"),
                                BOOL("is_active"), TEXT("status"), NUMBER("items_count"),
                                NUMBER("rejects_count"), TIME("last_sync_at"), TEXT("last_error"),
                                TEXT("key"), TEXT("notes"), TIME("last_changed_at")},
    [SLUICE_QUERY_RUNS] = {TEXT("id"),
                           TEXT("state"),
                           TEXT("outcome"),
                           TEXT("trigger"),
                           NUMBER("epoch"),
                           TIME("started_at"),
                           TIME("finished_at"),
                           NUMBER("jobs_total"),
                           NUMBER("jobs_done"),
                           TEXT("message"),
                           TEXT("requested_by"),
                           JSON("scope"),
                           TIME("created_at"),
                           BOOL("cancel_requested"),
                           TEXT("holder"),
                           TIME("lease_until"),
                           NUMBER("jobs_failed"),
                           NUMBER("jobs_held"),
                           NUMBER("rows_read"),
                           NUMBER("changed"),
                           NUMBER("rejected")},
    [SLUICE_QUERY_JOBS] = {JOB_COLUMNS},
    [SLUICE_QUERY_ITEMS] = {TEXT("sku"), TEXT("name"), NUMBER("price"), TEXT("currency"),
                            JSON("characteristics"), TIME("gone_at"), TIME("updated_at")},
    [SLUICE_QUERY_REJECTS] = {TEXT("supplier"), NUMBER("row_number"), NUMBER("column"), TEXT("field"),
                              TEXT("code"), TEXT("message"), TEXT("address"), TEXT("raw"), TEXT("run_id"),
                              TIME("created_at"), NUMBER("id"), TEXT("supplier_id")},
    [SLUICE_QUERY_LOGS] = {NUMBER("id"), TEXT("task_id"), TEXT("supplier_id"), TEXT("supplier_name"),
                           TEXT("error_type"), TEXT("error_message"), NUMBER("row_number"),
                           TIME("created_at"), TEXT("level"), TEXT("address")},
    [SLUICE_QUERY_HOLDS] = {TEXT("id"), TEXT("supplier"), TEXT("guard"), NUMBER("figure"), NUMBER("limit"),
                            TEXT("message"), JSON("examples"), TEXT("content_hash"), TEXT("decision"),
                            TIME("created_at"), TIME("expires_at"), TEXT("run_id"), TEXT("supplier_id"),
                            TEXT("decided_by"), TIME("decided_at")},
    [SLUICE_QUERY_TICKS] = {TEXT("schedule"), TIME("nominal_at"), TEXT("state"), TEXT("run_id"),
                            NUMBER("count"), TIME("created_at")},
    [SLUICE_QUERY_AUDIT] = {NUMBER("id"), TEXT("who"), TEXT("what"), TEXT("detail"), TEXT("from"),
                            TIME("created_at")},
    [SLUICE_QUERY_HISTORY] = {JOB_COLUMNS},
    [SLUICE_QUERY_PRICES] = {TEXT("sku"), TEXT("name"), NUMBER("old_price"), NUMBER("price"),
                             TEXT("old_currency"), TEXT("currency"), TIME("changed_at")},
    [SLUICE_QUERY_REJECT_COUNTS] = {TEXT("code"), NUMBER("count"), NUMBER("suppliers"), TEXT("example")},
    [SLUICE_QUERY_MAPPINGS] = {TEXT("supplier_id"), TEXT("supplier"), JSON("mapping"), TEXT("run_id"),
                               TIME("accepted_at")},
};

const struct sluice_column *columns_of(uint32_t what)
{
    return what < ELEMENTS(columns) ? columns[what] : NULL;
}
