// SPDX-License-Identifier: Apache-2.0
import type { StatusLog } from "@/api/types";

/** Older lines go once there are more than these. */
export const KEPT = 1000;

/** Newest first, none twice, at most KEPT. */
export function logMerge(seen: StatusLog[], fresh: StatusLog[]): StatusLog[] {
  const known = new Set(seen.map((line) => line.seq));
  const added = fresh.filter((line) => !known.has(line.seq));
  if (added.length === 0) return seen;
  return [...added, ...seen].sort((a, b) => b.seq - a.seq).slice(0, KEPT);
}
