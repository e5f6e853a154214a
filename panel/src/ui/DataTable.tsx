// SPDX-License-Identifier: Apache-2.0
// Rows of anything: a table with sortable heads on a wide screen, a stack of cards on a phone (the same markup, laid
// out by CSS, so that screen readers meet a table everywhere). A thousand rows stay quick: rows out of sight are skipped.
import { useTranslation } from "react-i18next";
import type { Column, Sorting } from "./columns";

export type { Column, Sorting };

interface Props<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  sorting?: Sorting;
  onSort?: (sorting: Sorting) => void;
}

function Head<Row>({ column, sorting, onSort }: { column: Column<Row> } & Pick<Props<Row>, "sorting" | "onSort">) {
  const { t } = useTranslation();
  const mine = sorting?.by === column.id;
  const sortable = column.sort !== undefined && onSort !== undefined;
  return (
    <th
      scope="col"
      aria-sort={mine ? (sorting.down ? "descending" : "ascending") : undefined}
      className={`px-4 py-2 font-medium ${column.numeric ? "text-right" : "text-left"}`}
    >
      {sortable ? (
        <button
          type="button"
          title={t("table.sort", { column: column.head })}
          className="inline-flex items-center gap-1 font-medium hover:text-ink"
          onClick={() => onSort({ by: column.id, down: mine ? !sorting.down : column.numeric === true })}
        >
          {column.head}
          <span aria-hidden className={mine ? "text-accent" : "opacity-30"}>
            {mine && sorting.down ? "↓" : "↑"}
          </span>
        </button>
      ) : (
        column.head
      )}
    </th>
  );
}

/** From so many rows on, those out of sight are not laid out. */
const MANY = 100;
const SKIPPED = "[contain-intrinsic-size:auto_3rem] [content-visibility:auto]";

function Row<Data>({ columns, row, look }: { columns: Column<Data>[]; row: Data; look: string }) {
  return (
    <tr className={`border-t border-line hover:bg-sunken/60 max-md:block max-md:px-4 max-md:py-3 ${look}`}>
      {columns.map((column) => (
        <td
          key={column.id}
          data-head={column.head}
          className={
            `px-4 py-2.5 align-top max-md:flex max-md:justify-between max-md:gap-4 max-md:px-0 max-md:py-0.5 ` +
            (column.numeric ? "text-right tabular-nums " : "") +
            (column.main
              ? "max-md:text-base max-md:font-medium"
              : "max-md:before:text-muted max-md:before:content-[attr(data-head)]")
          }
        >
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

export function DataTable<Data>({ label, columns, rows, rowKey, sorting, onSort }: Props<Data>) {
  return (
    <div className="overflow-x-auto">
      <table aria-label={label} className="w-full border-collapse max-md:block">
        <thead className="text-xs text-muted max-md:sr-only">
          <tr>
            {columns.map((column) => (
              <Head key={column.id} column={column} sorting={sorting} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody className="max-md:block">
          {rows.map((row) => (
            <Row key={rowKey(row)} columns={columns} row={row} look={rows.length > MANY ? SKIPPED : ""} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
