// SPDX-License-Identifier: Apache-2.0
export const RUNNING_MS = 3_000;
export const IDLE_MS = 10_000;
const SLOWEST_MS = 60_000;

/** How long to wait before the next look, after that many failures one after another. */
export function pollDelay(running: boolean, failures: number): number {
  const pace = running ? RUNNING_MS : IDLE_MS;
  return failures === 0 ? pace : Math.min(pace * 2 ** failures, SLOWEST_MS);
}
