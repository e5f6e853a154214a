// SPDX-License-Identifier: Apache-2.0
// Rows that could not become items: where they stand, what they say, what to do.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import type { Reject } from "@/api/types";
import { DataTable, type Column } from "@/ui/DataTable";
import { Pager } from "@/ui/Pager";
import { Empty, Failure, Loading } from "@/ui/Say";
import { useRejects, type RejectFilter } from "./queries";

/** The address of a row: a link where it opens the very cell, else text. */
export function RowAddress({ address, row }: { address: string | null; row: number }) {
  const { t } = useTranslation();
  const text = t("rejects.row", { row });
  if (address === null) return text;
  if (!/^https?:\/\//.test(address)) return <span className="inline-block min-w-36 font-mono text-xs break-all">{address}</span>;
  return (
    <a href={address} target="_blank" rel="noreferrer" className="text-accent underline underline-offset-2">
      {text}
    </a>
  );
}

export function RejectList({ filter, rows }: { filter: RejectFilter; rows: number }) {
  const { t } = useTranslation();
  const [offset, setOffset] = useState(0);
  const rejects = useRejects(filter, rows, offset);
  if (rejects.isPending) return <Loading />;
  if (rejects.isError) return <Failure error={rejects.error} retry={() => void rejects.refetch()} />;
  if (rejects.data.items.length === 0) return <Empty title={t("rejects.none")}>{t("rejects.noneHint")}</Empty>;
  const columns: Column<Reject>[] = [
    { id: "where", head: t("rejects.where"), main: true, cell: (row) => <RowAddress address={row.address} row={row.row_number} /> },
    {
      id: "supplier",
      head: t("suppliers.one"),
      cell: (row) =>
        row.supplier_id === null ? (
          t("rejects.master")
        ) : (
          <Link to={`/suppliers/${row.supplier_id}`} className="text-accent hover:underline">
            {row.supplier}
          </Link>
        ),
    },
    { id: "what", head: t("rejects.what"), cell: (row) => row.message },
    { id: "raw", head: t("rejects.raw"), cell: (row) => <code className="font-mono text-xs break-all text-muted">{row.raw}</code> },
  ];
  return (
    <>
      <DataTable
        label={t("nav.rejects")}
        columns={filter.supplier === undefined ? columns : columns.filter((column) => column.id !== "supplier")}
        rows={rejects.data.items}
        rowKey={(row) => String(row.seq)}
      />
      <Pager page={rejects.data} onOffset={setOffset} />
    </>
  );
}
