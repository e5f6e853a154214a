// SPDX-License-Identifier: Apache-2.0
import type { Status } from "@/api/types";

export type Phase = "idle" | "queued" | "master" | "suppliers" | "cancelling" | "orphaned" | "held" | "paused" | "degraded";

/** The one word for how things stand; what needs a person comes before what is merely so. */
export function phaseOf(status: Status): Phase {
  if (status.run_state === "orphaned" || status.run_state === "cancelling") return status.run_state;
  if (status.sync_state === "syncing_master") return "master";
  if (status.sync_state === "processing_suppliers") return "suppliers";
  if (status.run_state === "queued") return "queued";
  if (status.degraded.length > 0) return "degraded";
  if (status.holds > 0) return "held";
  return status.schedule.paused ? "paused" : "idle";
}
