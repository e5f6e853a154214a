// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from "react-i18next";
import type { Mapping, MappingColumn } from "@/api/types";
import { useFormat } from "@/i18n/format";
import { Card } from "@/ui/Card";
import { DataTable, type Column } from "@/ui/DataTable";
import { Empty } from "@/ui/Say";

function Score({ score }: { score: number }) {
  const format = useFormat();
  return (
    <span className="inline-flex items-center gap-2 tabular-nums">
      <span aria-hidden className="h-1.5 w-14 overflow-hidden rounded-full bg-sunken">
        <span className="block h-full bg-accent" style={{ width: `${score * 100}%` }} />
      </span>
      {format.percent(score)}
    </span>
  );
}

/** Which column of the list was taken for which field, and how sure that is. */
export function MappingCard({ mapping }: { mapping: Mapping | null }) {
  const { t } = useTranslation();
  const columns: Column<MappingColumn>[] = [
    { id: "column", head: t("mapping.column"), cell: (row) => <span className="font-mono">{row.column}</span> },
    { id: "header", head: t("mapping.header"), main: true, cell: (row) => row.header ?? "–" },
    {
      id: "field",
      head: t("mapping.field"),
      cell: (row) => (row.field === null ? <span className="text-muted">{t("mapping.characteristic")}</span> : t(`field.${row.field}`, { defaultValue: row.field })),
    },
    { id: "score", head: t("mapping.score"), cell: (row) => (row.field === null ? "–" : <Score score={row.score} />) },
    { id: "reason", head: t("mapping.reason"), cell: (row) => <span className="text-muted">{row.reason ?? ""}</span> },
  ];
  return (
    <Card title={t("mapping.title")} flush>
      {mapping === null ? (
        <Empty title={t("mapping.none")} />
      ) : (
        <DataTable label={t("mapping.title")} columns={columns} rows={mapping.columns} rowKey={(row) => row.column} />
      )}
    </Card>
  );
}
