// SPDX-License-Identifier: Apache-2.0
// What a table shows, and in which order.
import type { ReactNode } from "react";

export interface Column<Row> {
  id: string;
  head: string;
  cell: (row: Row) => ReactNode;
  /** What the column sorts by; without it the head is no button. */
  sort?: (row: Row) => string | number;
  numeric?: boolean;
  /** On a wide screen, as CSS says it. With widths a table keeps them whatever its rows hold. */
  width?: string;
  /** The cell that names the row: first on a card. */
  main?: boolean;
}

export interface Sorting {
  by: string;
  down: boolean;
}

export function sortRows<Row>(rows: Row[], columns: Column<Row>[], { by, down }: Sorting, language: string): Row[] {
  const value = columns.find((column) => column.id === by)?.sort;
  if (value === undefined) return rows;
  const collator = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  const keyed = rows.map((row) => ({ row, key: value(row) }));
  keyed.sort(({ key: a }, { key: b }) =>
    typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b)),
  );
  const sorted = keyed.map(({ row }) => row);
  return down ? sorted.reverse() : sorted;
}
