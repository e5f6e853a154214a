// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import type { Tick } from "@/api/types";
import { StateBadge } from "@/ui/Badge";
import { Card } from "@/ui/Card";
import { DataTable, type Column } from "@/ui/DataTable";
import { Empty } from "@/ui/Say";
import { ExactTime } from "@/ui/Time";

/** What became of the times that are past. */
export function Ticks({ ticks, zone }: { ticks: Tick[]; zone: string }) {
  const { t } = useTranslation();
  const columns: Column<Tick>[] = [
    { id: "time", head: t("schedule.time"), main: true, cell: (tick) => <ExactTime time={tick.nominal_at} zone={zone} /> },
    { id: "state", head: t("runs.state"), cell: (tick) => <StateBadge state={tick.state} /> },
    {
      id: "count",
      head: t("schedule.times"),
      numeric: true,
      cell: (tick) => (tick.count > 1 ? t("schedule.count", { count: tick.count }) : "1"),
    },
    {
      id: "run",
      head: t("runs.one"),
      cell: (tick) =>
        tick.run_id === null ? (
          "–"
        ) : (
          <Link to={`/runs/${tick.run_id}`} className="text-accent underline-offset-2 hover:underline">
            {t("schedule.openRun")}
          </Link>
        ),
    },
  ];
  return (
    <Card title={t("schedule.past")} flush>
      {ticks.length === 0 ? (
        <Empty title={t("schedule.noPast")} />
      ) : (
        <DataTable label={t("schedule.past")} columns={columns} rows={ticks} rowKey={(tick) => tick.nominal_at} />
      )}
    </Card>
  );
}
