// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { apiGet } from "@/api/client";
import { useStatus } from "@/api/status";
import type { Page, PriceChange, RunSupplier, Supplier, SupplierDetail } from "@/api/types";

/** All suppliers are shown in one table; a store with more pages through the search. */
const ALL = 1000;

/** What changes when a supplier's list was read: asked again then, and never in between. */
function useMoment(): (string | number | null | undefined)[] {
  const status = useStatus().data;
  return [status?.last_run?.id, status?.progress?.current];
}

export function useSuppliers() {
  const moment = useMoment();
  return useQuery({
    queryKey: ["suppliers", ...moment],
    queryFn: ({ signal }) => apiGet<Page<Supplier>>("/suppliers", { limit: ALL }, signal),
    placeholderData: keepPreviousData,
  });
}

export function useSupplier(id: string) {
  const moment = useMoment();
  return useQuery({
    queryKey: ["supplier", id, ...moment],
    queryFn: ({ signal }) => apiGet<SupplierDetail>(`/suppliers/${encodeURIComponent(id)}`, {}, signal),
    placeholderData: keepPreviousData,
  });
}

export function useSupplierRuns(id: string, limit: number, offset: number) {
  const moment = useMoment();
  return useQuery({
    queryKey: ["supplier", id, "runs", limit, offset, ...moment],
    queryFn: ({ signal }) =>
      apiGet<Page<RunSupplier>>(`/suppliers/${encodeURIComponent(id)}/runs`, { limit, offset }, signal),
    placeholderData: keepPreviousData,
  });
}

/** The prices that one run changed; without a run, the newest changes. */
export function usePrices(id: string, limit: number, offset: number) {
  const moment = useMoment();
  return useQuery({
    queryKey: ["supplier", id, "prices", limit, offset, ...moment],
    queryFn: ({ signal }) =>
      apiGet<Page<PriceChange>>(`/suppliers/${encodeURIComponent(id)}/prices`, { limit, offset }, signal),
    placeholderData: keepPreviousData,
  });
}
