// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { IDLE_MS, pollDelay, RUNNING_MS } from "./pace";

it("looks every 3 s while something runs and every 10 s idle", () => {
  expect([pollDelay(true, 0), pollDelay(false, 0)]).toEqual([RUNNING_MS, IDLE_MS]);
});

it("backs off on errors, to a minute at most", () => {
  const delays = [1, 2, 3, 4, 5, 6].map((failures) => pollDelay(true, failures));
  expect(delays).toEqual([6_000, 12_000, 24_000, 48_000, 60_000, 60_000]);
});
