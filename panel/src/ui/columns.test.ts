// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { sortRows, type Column } from "./columns";

interface Row {
  name: string;
  items: number;
}
const columns: Column<Row>[] = [
  { id: "name", head: "Name", sort: (row) => row.name, cell: () => null },
  { id: "items", head: "Items", sort: (row) => row.items, cell: () => null },
  { id: "plain", head: "Plain", cell: () => null },
];
const rows: Row[] = [
  { name: "item 10", items: 2 },
  { name: "Item 9", items: 30 },
  { name: "Ёлка", items: 1 },
];
const names = (by: string, down: boolean) => sortRows(rows, columns, { by, down }, "en").map((row) => row.name);

it("sorts words as people do: numbers by value, case apart", () => {
  expect(names("name", false)).toEqual(["Item 9", "item 10", "Ёлка"]);
});

it("sorts numbers as numbers, downwards too", () => {
  expect(names("items", true)).toEqual(["Item 9", "item 10", "Ёлка"]);
});

it("leaves rows as they are for a column that has no order", () => {
  expect(names("plain", false)).toEqual(["item 10", "Item 9", "Ёлка"]);
});
