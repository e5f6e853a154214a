// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { apiGet } from "@/api/client";
import { useStatus } from "@/api/status";
import type { Page, Reject, RejectCount } from "@/api/types";

export interface RejectFilter {
  supplier?: string | undefined;
  code?: string | undefined;
}

function useMoment() {
  const status = useStatus().data;
  return [status?.last_run?.id, status?.progress?.current];
}

export function useRejects(filter: RejectFilter, limit: number, offset: number) {
  const moment = useMoment();
  return useQuery({
    queryKey: ["rejects", filter, limit, offset, ...moment],
    queryFn: ({ signal }) => apiGet<Page<Reject>>("/rejects", { ...filter, limit, offset }, signal),
    placeholderData: keepPreviousData,
  });
}

export function useRejectCounts(supplier?: string) {
  const moment = useMoment();
  return useQuery({
    queryKey: ["rejects", "counts", supplier, ...moment],
    queryFn: ({ signal }) => apiGet<{ items: RejectCount[] }>("/rejects/counts", { supplier }, signal),
    placeholderData: keepPreviousData,
  });
}
