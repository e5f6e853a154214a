// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { serverNow } from "@/api/client";
import type { PriceChange } from "@/api/types";
import { useFormat } from "@/i18n/format";
import { Card } from "@/ui/Card";
import { DataTable, type Column } from "@/ui/DataTable";
import { Pager } from "@/ui/Pager";
import { Empty, Failure, Loading } from "@/ui/Say";
import { RelativeTime } from "@/ui/Time";
import { usePrices } from "./queries";

const ROWS = 20;

/** By which share the price moved; null where that says nothing (another currency, from nothing). */
export function priceShift(change: PriceChange): number | null {
  const [before, after] = [Number(change.old_price), Number(change.price)];
  if (change.old_currency !== change.currency || before === 0) return null;
  return after / before - 1;
}

/** A price without the zeros that say nothing: two decimals at least, and the currency where there is one. */
function priceText(price: string, currency: string | null): string {
  return `${price.replace(/(\.\d\d)(\d*?)0+$/, "$1$2")} ${currency ?? ""}`.trim();
}

export function Prices({ id }: { id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [offset, setOffset] = useState(0);
  const prices = usePrices(id, ROWS, offset);
  const columns: Column<PriceChange>[] = [
    { id: "sku", head: t("prices.sku"), main: true, cell: (row) => <span className="font-mono">{row.sku}</span> },
    { id: "name", head: t("prices.name"), cell: (row) => row.name },
    { id: "before", head: t("prices.before"), numeric: true, cell: (row) => priceText(row.old_price, row.old_currency) },
    { id: "after", head: t("prices.after"), numeric: true, cell: (row) => priceText(row.price, row.currency) },
    {
      id: "shift",
      head: t("prices.shift"),
      numeric: true,
      cell: (row) => {
        const shift = priceShift(row);
        return shift === null ? "–" : `${shift > 0 ? "+" : ""}${format.percent(shift)}`;
      },
    },
    { id: "at", head: t("prices.at"), cell: (row) => <RelativeTime time={row.changed_at} now={serverNow()} /> },
  ];
  return (
    <Card title={t("prices.title")} flush>
      {prices.isPending && <Loading />}
      {prices.isError && <Failure error={prices.error} retry={() => void prices.refetch()} />}
      {prices.data?.items.length === 0 && <Empty title={t("prices.none")} />}
      {prices.data !== undefined && prices.data.items.length > 0 && (
        <>
          <DataTable label={t("prices.title")} columns={columns} rows={prices.data.items} rowKey={(row) => `${row.sku} ${row.changed_at}`} />
          <Pager page={prices.data} onOffset={setOffset} />
        </>
      )}
    </Card>
  );
}
