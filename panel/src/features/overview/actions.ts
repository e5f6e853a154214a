// SPDX-License-Identifier: Apache-2.0
// Starting and stopping runs, from whichever screen.
import { useMutation } from "@tanstack/react-query";
import { apiPost } from "@/api/client";
import { statusExpect, useRefresh } from "@/api/status";
import type { Accepted } from "@/api/types";

/** Starts a run of everything, or of the one supplier whose id is given. */
export function useSync() {
  const refresh = useRefresh();
  return useMutation<Accepted, Error, string | undefined>({
    mutationFn: (supplier) =>
      apiPost<Accepted>(supplier === undefined ? "/sync" : `/suppliers/${encodeURIComponent(supplier)}/sync`),
    onSuccess: statusExpect,
    onSettled: refresh,
  });
}

export function useCancel() {
  const refresh = useRefresh();
  return useMutation<Accepted, Error, string>({
    mutationFn: (run) => apiPost<Accepted>(`/runs/${encodeURIComponent(run)}/cancel`),
    onSettled: refresh,
  });
}
