// SPDX-License-Identifier: Apache-2.0
// The status is polled: every 3 s while something runs, every 10 s idle, ever more slowly while the server does not
// answer, and not at all in a hidden tab. All screens share the one answer.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { apiGet, serverNow } from "./client";
import { pollDelay } from "./pace";
import type { Status } from "./types";

/** Data that nobody has confirmed for so long is called old. */
export const STALE_MS = 30_000;
const LOGS = 20;

export function isRunning(status: Status | undefined): boolean {
  return status !== undefined && status.run_id !== null;
}

// Answers that failed one after another; a query of its own counts only the retries of one request.
let failures = 0;

async function statusGet(signal: AbortSignal): Promise<Status> {
  failures += 1;
  const status = await apiGet<Status>("/status", { log_limit: LOGS }, signal);
  failures = 0;
  return status;
}

/** For so long after something was asked for, the status is watched as if it ran already. */
const EXPECTED_MS = 15_000;
let expectedUntil = 0;

export function statusExpect(): void {
  expectedUntil = Date.now() + EXPECTED_MS;
}

export function useStatus() {
  return useQuery<Status>({
    queryKey: ["status"],
    queryFn: ({ signal }) => statusGet(signal),
    refetchInterval: (query) => pollDelay(isRunning(query.state.data) || Date.now() < expectedUntil, failures),
    refetchOnWindowFocus: "always",
    retry: false,
  });
}

/** Looks again at once, and at whatever else is on the screen: something was asked for. */
export function useRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries();
}

/** Once the server answers again, what failed meanwhile is asked for again. */
export function useRecovery(gone: boolean): void {
  const client = useQueryClient();
  const wasGone = useRef(gone);
  useEffect(() => {
    if (wasGone.current && !gone)
      void client.invalidateQueries({ predicate: (query) => query.state.status === "error" });
    wasGone.current = gone;
  }, [client, gone]);
}

/** The present on the server's clock, moving on every `step` milliseconds while the tab is visible. */
export function useNow(step = 1000): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setNow(serverNow());
    }, step);
    return () => clearInterval(timer);
  }, [step]);
  return now;
}
