// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import { serverNow } from "@/api/client";
import type { Run } from "@/api/types";
import { useFormat } from "@/i18n/format";
import { StateBadge } from "@/ui/Badge";
import { DataTable, type Column } from "@/ui/DataTable";
import { Empty } from "@/ui/Say";
import { RelativeTime } from "@/ui/Time";

/** The word for how a run stands: its outcome once it has one. */
export function runState(run: Run): string {
  if (run.outcome !== null) return run.outcome;
  if (run.orphaned) return "orphaned";
  return run.cancel_requested ? "cancelling" : run.state;
}

/** How long the run took, or has taken so far, in milliseconds. */
export function runElapsed(run: Run, now: number): number | null {
  if (run.started_at === null) return null;
  return (run.finished_at === null ? now : Date.parse(run.finished_at)) - Date.parse(run.started_at);
}

export function RunTable({ runs, now = serverNow() }: { runs: Run[]; now?: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (runs.length === 0) return <Empty title={t("runs.none")}>{t("runs.noneHint")}</Empty>;
  const columns: Column<Run>[] = [
    {
      id: "started",
      head: t("runs.started"),
      main: true,
      cell: (run) => (
        <Link to={`/runs/${run.id}`} className="font-medium text-accent underline-offset-2 hover:underline">
          <RelativeTime time={run.started_at ?? run.created_at} now={now} />
        </Link>
      ),
    },
    { id: "state", head: t("runs.state"), cell: (run) => <StateBadge state={runState(run)} /> },
    { id: "trigger", head: t("runs.trigger"), cell: (run) => t(`trigger.${run.trigger}`) },
    {
      id: "jobs",
      head: t("runs.suppliers"),
      numeric: true,
      cell: (run) => `${format.number(run.jobs_done)} / ${format.number(run.jobs_total)}`,
    },
    {
      id: "elapsed",
      head: t("runs.duration"),
      numeric: true,
      cell: (run) => {
        const elapsed = runElapsed(run, now);
        return elapsed === null ? "–" : format.duration(elapsed);
      },
    },
    { id: "changed", head: t("runs.changed"), numeric: true, cell: (run) => format.number(run.changed) },
    { id: "rejected", head: t("runs.rejected"), numeric: true, cell: (run) => format.number(run.rejected) },
  ];
  return <DataTable label={t("nav.runs")} columns={columns} rows={runs} rowKey={(run) => run.id} />;
}
