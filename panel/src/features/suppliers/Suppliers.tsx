// SPDX-License-Identifier: Apache-2.0
// Every supplier: searchable, filterable by status and format, sortable. Filters live in the address.
import { useDeferredValue, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router-dom";
import { useIsAdmin } from "@/api/session";
import { isRunning, useNow, useStatus } from "@/api/status";
import type { Supplier } from "@/api/types";
import { useSync } from "@/features/overview/actions";
import { Card } from "@/ui/Card";
import { sortRows, type Sorting } from "@/ui/columns";
import { DataTable } from "@/ui/DataTable";
import { Field, Select } from "@/ui/Field";
import { Page } from "@/ui/Page";
import { Empty, Failure, Loading } from "@/ui/Say";
import { useSupplierColumns } from "./columns";
import { useSuppliers } from "./queries";

const STATUSES = ["success", "error", "pending", "inactive"] as const;
const FORMATS = ["google_sheets", "csv", "excel"] as const;

export function supplierMatches(supplier: Supplier, search: string, status: string, format: string): boolean {
  const wanted = search.trim().toLocaleLowerCase();
  return (
    (status === "" || supplier.status === status) &&
    (format === "" || supplier.source_type === format) &&
    (wanted === "" || supplier.name.toLocaleLowerCase().includes(wanted))
  );
}

export function Suppliers() {
  const { t, i18n } = useTranslation();
  const admin = useIsAdmin();
  const now = useNow(10_000); // relative times of a thousand rows need no second hand
  const suppliers = useSuppliers();
  const running = isRunning(useStatus().data);
  const sync = useSync();
  const [words, setWords] = useSearchParams();
  const [sorting, setSorting] = useState<Sorting>({ by: "name", down: false });
  const search = useDeferredValue(words.get("search") ?? "");
  const [status, format] = [words.get("status") ?? "", words.get("format") ?? ""];
  const columns = useSupplierColumns(now, admin ? { running, start: sync.mutate } : null);
  const items = suppliers.data?.items;
  const rows = useMemo(
    () =>
      sortRows(
        (items ?? []).filter((supplier) => supplierMatches(supplier, search, status, format)),
        columns,
        sorting,
        i18n.language,
      ),
    [items, search, status, format, columns, sorting, i18n.language],
  );
  const choose = (name: string) => (value: string) =>
    setWords((now_) => {
      const next = new URLSearchParams(now_);
      if (value === "") next.delete(name);
      else next.set(name, value);
      return next;
    }, { replace: true });
  const any = { value: "", text: t("suppliers.any") };
  return (
    <Page title={t("nav.suppliers")} lead={items && t("suppliers.shown", { count: rows.length, total: items.length })}>
      {suppliers.isError && <Failure error={suppliers.error} retry={() => void suppliers.refetch()} />}
      {sync.isError && <Failure error={sync.error} />}
      <div className="grid gap-3 sm:grid-cols-[1fr_11rem_11rem]">
        <Field label={t("suppliers.search")} type="search" value={words.get("search") ?? ""} onChange={(event) => choose("search")(event.target.value)} />
        <Select label={t("suppliers.status")} value={status} onChange={choose("status")} options={[any, ...STATUSES.map((value) => ({ value, text: t(`state.${value}`) }))]} />
        <Select label={t("suppliers.format")} value={format} onChange={choose("format")} options={[any, ...FORMATS.map((value) => ({ value, text: t(`format.${value}`) }))]} />
      </div>
      <Card flush>
        {suppliers.isPending && <Loading rows={8} />}
        {items?.length === 0 && <Empty title={t("suppliers.none")}>{t("suppliers.noneHint")}</Empty>}
        {items !== undefined && items.length > 0 && rows.length === 0 && <Empty title={t("suppliers.noMatch")} />}
        {rows.length > 0 && (
          <DataTable label={t("nav.suppliers")} columns={columns} rows={rows} rowKey={(row) => row.id} sorting={sorting} onSort={setSorting} />
        )}
      </Card>
    </Page>
  );
}
