// SPDX-License-Identifier: Apache-2.0
// Rows of anything: a table with sortable heads on a wide screen, a stack of cards on a phone (the same markup, laid
// out by CSS, so that screen readers meet a table everywhere).
import { useTranslation } from "react-i18next";
import type { Column, Sorting } from "./columns";
import { Row } from "./Row";
import { RowsInSight } from "./RowsInSight";

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
      className={`px-3 py-2 font-medium first:pl-4 last:pr-4 ${column.numeric ? "text-right" : "text-left"}`}
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

/** From so many rows on only those in sight are there. */
const MANY = 100;

export function DataTable<Data>({ label, columns, rows, rowKey, sorting, onSort }: Props<Data>) {
  const long = rows.length > MANY;
  const fixed = columns.some((column) => column.width !== undefined);
  return (
    <div className="overflow-x-auto">
      <table
        aria-label={label}
        aria-rowcount={long ? rows.length + 1 : undefined}
        className={`w-full border-collapse max-md:block ${fixed ? "md:min-w-4xl md:table-fixed" : ""}`}
      >
        {fixed && (
          <colgroup className="max-md:hidden">
            {columns.map((column) => (
              <col key={column.id} style={{ width: column.width }} />
            ))}
          </colgroup>
        )}
        <thead className="text-xs text-muted max-md:sr-only">
          <tr>
            {columns.map((column) => (
              <Head key={column.id} column={column} sorting={sorting} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody className="max-md:block">
          {long ? (
            <RowsInSight columns={columns} rows={rows} rowKey={rowKey} />
          ) : (
            rows.map((row) => <Row key={rowKey(row)} columns={columns} row={row} />)
          )}
        </tbody>
      </table>
    </div>
  );
}
