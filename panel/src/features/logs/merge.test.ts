// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import type { StatusLog } from "@/api/types";
import { KEPT, logMerge } from "./merge";

const line = (seq: number) => ({ seq }) as StatusLog;
const seqs = (lines: StatusLog[]) => lines.map(({ seq }) => seq);

it("puts new lines on top and keeps each once", () => {
  expect(seqs(logMerge([line(3), line(2)], [line(5), line(4), line(3)]))).toEqual([5, 4, 3, 2]);
});

it("stays the same array when nothing is new", () => {
  const seen = [line(2)];
  expect(logMerge(seen, [line(2)])).toBe(seen);
});

it("forgets the oldest beyond its bound", () => {
  const many = Array.from({ length: KEPT }, (_, index) => line(KEPT - index));
  const merged = logMerge(many, [line(KEPT + 1)]);
  expect([merged.length, merged[0]?.seq, merged.at(-1)?.seq]).toEqual([KEPT, KEPT + 1, 2]);
});
