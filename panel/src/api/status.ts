// SPDX-License-Identifier: Apache-2.0
// The status is polled: every 3 s while something runs, every 10 s idle, ever more slowly while the server does not
// answer, and not at all in a hidden tab. All screens share the one answer.
import { useQuery, useQueryClient, type Query } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { apiGet, serverNow } from "./client";
import { pollDelay } from "./pace";
import type { Status } from "./types";

/** Data that nobody has confirmed for so long is called old. */
export const STALE_MS = 30_000;
const LOGS = 20;

export function isRunning(status: Status | undefined): boolean {
  return status !== undefined && status.run_id !== null;
}

export function pollAfter(query: Query<Status>): number {
  return pollDelay(isRunning(query.state.data), query.state.fetchFailureCount);
}

export function useStatus() {
  return useQuery<Status>({
    queryKey: ["status"],
    queryFn: ({ signal }) => apiGet<Status>("/status", { log_limit: LOGS }, signal),
    refetchInterval: pollAfter,
    refetchOnWindowFocus: "always",
    retry: false,
  });
}

/** Looks again at once, and at whatever else is on the screen: something was asked for. */
export function useRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries();
}

/** The present on the server's clock, moving on every second while the tab is visible. */
export function useNow(): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setNow(serverNow());
    }, 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
