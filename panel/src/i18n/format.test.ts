// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { clockwise, relative } from "./format";

const NOW = Date.parse("2026-03-01T08:00:00Z");

it.each([
  ["en", 0, "now"],
  ["en", -5_000, "5 seconds ago"],
  ["en", -90_000, "1 minute ago"],
  ["en", 2 * 3_600_000, "in 2 hours"],
  ["en", 47 * 3_600_000, "in 1 day"],
  ["ru", -3 * 86_400_000, "3 дня назад"],
])("in %s, %d ms from now is '%s'", (language, offset, text) => {
  expect(relative(language, NOW + offset, NOW)).toBe(text);
});

it.each([
  [7_400, "0:07"],
  [3_723_000, "1:02:03"],
  [-1, "0:00"],
])("%d ms on a clock is %s", (ms, text) => {
  expect(clockwise(ms)).toBe(text);
});
