// SPDX-License-Identifier: Apache-2.0
// A row of a table; drawn again only when the row or its columns have changed.
import { memo, type Ref } from "react";
import type { Column } from "./columns";

interface Props<Data> {
  columns: Column<Data>[];
  row: Data;
  /** Its place among all rows, where not all of them are there. */
  index?: number;
  measure?: Ref<HTMLTableRowElement>;
}

function Cells<Data>({ columns, row, index, measure }: Props<Data>) {
  return (
    <tr
      ref={measure}
      data-index={index}
      aria-rowindex={index === undefined ? undefined : index + 2}
      className="border-t border-line hover:bg-sunken/60 max-md:block max-md:px-4 max-md:py-3"
    >
      {columns.map((column) => (
        <td
          key={column.id}
          data-head={column.head}
          className={
            `px-3 py-2.5 md:align-baseline md:first:pl-4 md:last:pr-4 max-md:flex max-md:justify-between max-md:gap-4 max-md:px-0 max-md:py-0.5 ` +
            (column.numeric ? "text-right tabular-nums " : "") +
            (column.main
              ? "break-words max-md:text-base max-md:font-medium"
              : "max-md:before:text-muted max-md:before:content-[attr(data-head)]")
          }
        >
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

export const Row = memo(Cells) as typeof Cells;
