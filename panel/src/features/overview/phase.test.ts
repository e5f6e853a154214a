// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import type { Status } from "@/api/types";
import { phaseOf } from "./phase";

const IDLE = {
  sync_state: "idle",
  run_state: null,
  degraded: [],
  holds: 0,
  schedule: { paused: false },
} as unknown as Status;

it.each<[string, Partial<Status>, string]>([
  ["nothing happens", {}, "idle"],
  ["the master sheet is read", { sync_state: "syncing_master", run_state: "master" }, "master"],
  ["suppliers are read", { sync_state: "processing_suppliers", run_state: "suppliers" }, "suppliers"],
  ["a run waits for a worker", { run_state: "queued" }, "queued"],
  ["a run is being stopped", { sync_state: "processing_suppliers", run_state: "cancelling" }, "cancelling"],
  ["its worker is gone", { sync_state: "processing_suppliers", run_state: "orphaned" }, "orphaned"],
  ["a hold waits and nothing runs", { holds: 2 }, "held"],
  ["a run matters more than a hold", { holds: 2, sync_state: "syncing_master" }, "master"],
])("when %s", (_, change, phase) => {
  expect(phaseOf({ ...IDLE, ...change })).toBe(phase);
});
