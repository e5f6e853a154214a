// SPDX-License-Identifier: Apache-2.0
// The rows of a long table that are in sight or nearly, between two that are as high as all the others: a thousand rows
// cost what forty do.
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useLayoutEffect, useRef, useState } from "react";
import type { Column } from "./columns";
import { Row } from "./Row";

const ROW_PX = 53;
const CARD_PX = 236;
const WIDE = "(min-width: 48rem)";

interface Props<Data> {
  columns: Column<Data>[];
  rows: Data[];
  rowKey: (row: Data) => string;
}

/** Stands for rows that are not there. */
function Gap({ height, columns }: { height: number; columns: number }) {
  return (
    <tr aria-hidden className="max-md:block">
      <td colSpan={columns} className="p-0 max-md:block" style={{ height }} />
    </tr>
  );
}

export function RowsInSight<Data>({ columns, rows, rowKey }: Props<Data>) {
  const start = useRef<HTMLTableRowElement>(null);
  const [above, setAbove] = useState(0);
  useLayoutEffect(() => {
    if (start.current !== null) setAbove(start.current.getBoundingClientRect().top + scrollY);
  }, []);
  const height = matchMedia(WIDE).matches ? ROW_PX : CARD_PX;
  // Where every row lies is worked out anew when one of these two is another function.
  const estimateSize = useCallback(() => height, [height]);
  const getItemKey = useCallback(
    (index: number) => {
      const row = rows[index];
      return row === undefined ? index : rowKey(row);
    },
    [rows, rowKey],
  );
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize,
    getItemKey,
    scrollMargin: above,
    overscan: 8,
  });
  const seen = virtual.getVirtualItems();
  const before = (seen[0]?.start ?? above) - above;
  const after = virtual.getTotalSize() - ((seen.at(-1)?.end ?? above) - above);
  return (
    <>
      <tr ref={start} aria-hidden className="max-md:block" />
      {before > 0 && <Gap height={before} columns={columns.length} />}
      {seen.map(({ index, key }) => {
        const row = rows[index];
        return row !== undefined && <Row key={key} columns={columns} row={row} index={index} measure={virtual.measureElement} />;
      })}
      {after > 0 && <Gap height={after} columns={columns.length} />}
    </>
  );
}
