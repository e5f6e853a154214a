// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { apiGet } from "@/api/client";
import { pollDelay } from "@/api/pace";
import { isRunning, useStatus } from "@/api/status";
import type { Page, Run, RunSupplier } from "@/api/types";

interface Window {
  limit: number;
  offset: number;
}

/** Looks again as often as the status does, for as long as a run is at work. */
function usePace(): (query: { state: { fetchFailureCount: number } }) => number | false {
  const running = isRunning(useStatus().data);
  return (query) => (running ? pollDelay(true, query.state.fetchFailureCount) : false);
}

/** Runs, newest first; asked again when the status names another run or another end. */
export function useRuns(window: Window) {
  const status = useStatus().data;
  return useQuery({
    queryKey: ["runs", window, status?.run_id, status?.last_run?.id],
    queryFn: ({ signal }) => apiGet<Page<Run>>("/runs", { ...window }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: usePace(),
  });
}

export function useRun(id: string) {
  return useQuery({
    queryKey: ["run", id],
    queryFn: ({ signal }) => apiGet<Run>(`/runs/${encodeURIComponent(id)}`, {}, signal),
    refetchInterval: usePace(),
  });
}

export function useRunSuppliers(id: string, window: Window) {
  return useQuery({
    queryKey: ["run", id, "suppliers", window],
    queryFn: ({ signal }) =>
      apiGet<Page<RunSupplier>>(`/runs/${encodeURIComponent(id)}/suppliers`, { ...window }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: usePace(),
  });
}
