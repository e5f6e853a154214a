// SPDX-License-Identifier: Apache-2.0
// What runs did with suppliers: the suppliers of one run, or the runs of one supplier.
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import { serverNow } from "@/api/client";
import type { RunSupplier } from "@/api/types";
import { useFormat } from "@/i18n/format";
import { StateBadge } from "@/ui/Badge";
import { DataTable, type Column } from "@/ui/DataTable";
import { Empty } from "@/ui/Say";
import { RelativeTime } from "@/ui/Time";

const FIGURES = ["rows_read", "inserted", "updated", "unchanged", "gone", "rejected", "duplicates"] as const;

function nameColumn(named: "supplier" | "run", head: string): Column<RunSupplier> {
  const look = "font-medium text-accent underline-offset-2 hover:underline";
  return {
    id: "name",
    head,
    main: true,
    cell: (row) =>
      named === "supplier" ? (
        <Link to={`/suppliers/${row.supplier_id}`} className={look}>
          {row.supplier}
        </Link>
      ) : (
        <Link to={`/runs/${row.run_id}`} className={look}>
          <RelativeTime time={row.started_at} now={serverNow()} />
        </Link>
      ),
  };
}

export function RunSupplierTable({ rows, named }: { rows: RunSupplier[]; named: "supplier" | "run" }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (rows.length === 0) return <Empty title={t("runs.noSuppliers")} />;
  const columns: Column<RunSupplier>[] = [
    nameColumn(named, t(named === "supplier" ? "suppliers.name" : "runs.one")),
    {
      id: "state",
      head: t("runs.state"),
      cell: (row) => (
        <div className="flex flex-col items-start gap-1 max-md:items-end">
          <StateBadge state={row.outcome ?? row.state} />
          {row.message !== null && row.outcome !== "success" && row.outcome !== "unchanged" && (
            <span className="max-w-64 text-xs text-muted [overflow-wrap:anywhere] max-md:text-right">{row.message}</span>
          )}
        </div>
      ),
    },
    ...FIGURES.map(
      (figure): Column<RunSupplier> => ({
        id: figure,
        head: t(`figures.${figure}`),
        numeric: true,
        cell: (row) => format.number(row[figure]),
      }),
    ),
    {
      id: "elapsed",
      head: t("runs.duration"),
      numeric: true,
      cell: (row) => (row.state === "done" ? format.duration(row.elapsed_ms) : "–"),
    },
  ];
  return (
    <DataTable
      label={t("runs.results")}
      columns={columns}
      rows={rows}
      rowKey={(row) => `${row.run_id}/${row.supplier_id}`}
    />
  );
}
