// SPDX-License-Identifier: Apache-2.0
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import type { Supplier } from "@/api/types";
import { useFormat } from "@/i18n/format";
import { StateBadge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import type { Column } from "@/ui/DataTable";
import { RelativeTime } from "@/ui/Time";

const ORDER: Record<string, number> = { error: 0, pending: 1, success: 2, inactive: 3 };

interface Actions {
  running: boolean;
  start: (supplier: string) => void;
}

function since(time: string | null): number {
  return time === null ? 0 : Date.parse(time);
}

/** `now` in milliseconds; `actions` null: the reader may only look. */
export function useSupplierColumns(now: number, actions: Actions | null): Column<Supplier>[] {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const running = actions?.running ?? false;
  const start = actions?.start;
  return useMemo(() => {
    const columns: Column<Supplier>[] = [
      {
        id: "name",
        head: t("suppliers.name"),
        main: true,
        sort: (row) => row.name,
        cell: (row) => (
          <Link to={`/suppliers/${row.id}`} className="font-medium text-accent underline-offset-2 hover:underline">
            {row.name}
          </Link>
        ),
      },
      { id: "format", width: "6.75rem", head: t("suppliers.format"), sort: (row) => row.source_type, cell: (row) => t(`format.${row.source_type}`) },
      {
        id: "status",
        head: t("suppliers.status"),
        width: "7.5rem",
        sort: (row) => ORDER[row.status] ?? 9,
        cell: (row) => (
          <span title={row.last_error ?? undefined}>
            <StateBadge state={row.status} />
          </span>
        ),
      },
      {
        id: "success",
        head: t("suppliers.lastSuccess"),
        width: "9.5rem",
        sort: (row) => since(row.last_sync_at),
        cell: (row) => <RelativeTime time={row.last_sync_at} now={now} />,
      },
      {
        id: "changed",
        head: t("suppliers.lastChange"),
        width: "9.5rem",
        sort: (row) => since(row.last_changed_at),
        cell: (row) => <RelativeTime time={row.last_changed_at} now={now} />,
      },
      { id: "items", width: "5.25rem", head: t("suppliers.items"), numeric: true, sort: (row) => row.items_count, cell: (row) => format.number(row.items_count) },
      {
        id: "rejects",
        head: t("suppliers.rejects"),
        width: "6.5rem",
        numeric: true,
        sort: (row) => row.rejects_count,
        cell: (row) =>
          row.rejects_count === 0 ? (
            "0"
          ) : (
            <Link to={`/rejects?supplier=${row.id}`} className="text-warn underline underline-offset-2">
              {format.number(row.rejects_count)}
            </Link>
          ),
      },
      {
        id: "actions",
        head: t("suppliers.actions"),
        width: "8.5rem",
        cell: (row) => (
          <span className="flex gap-1.5">
            {row.link !== null && (
              <a
                href={row.link}
                target="_blank"
                rel="noreferrer"
                title={t("suppliers.open")}
                aria-label={t("suppliers.openOne", { name: row.name })}
                className="inline-flex size-8 items-center justify-center rounded-lg text-muted hover:bg-sunken hover:text-ink"
              >
                ↗
              </a>
            )}
            {start !== undefined && row.is_active && (
              <Button small disabled={running} aria-label={t("suppliers.syncOne", { name: row.name })} onClick={() => start(row.id)}>
                {t("suppliers.sync")}
              </Button>
            )}
          </span>
        ),
      },
    ];
    return columns;
  }, [i18n.language, now, running, start, t]);
}
