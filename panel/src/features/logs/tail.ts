// SPDX-License-Identifier: Apache-2.0
// A live log: the newest lines first, then what is newer than the newest one seen, asked for again and again.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { apiGet, type Query } from "@/api/client";
import { pollDelay } from "@/api/pace";
import { isRunning, useStatus } from "@/api/status";
import type { Logs, StatusLog } from "@/api/types";
import { logMerge } from "./merge";

const FIRST = 200;

export interface LogFilter {
  supplier?: string | undefined;
  run_id?: string | undefined;
  level?: string | undefined;
}

export function useLogTail(filter: LogFilter, live: boolean) {
  const running = isRunning(useStatus().data);
  const key = JSON.stringify(filter);
  const [kept, setKept] = useState<{ key: string; lines: StatusLog[] }>({ key, lines: [] });
  const lines = kept.key === key ? kept.lines : [];
  const query = useQuery({
    queryKey: ["logs", filter],
    queryFn: async ({ signal }) => {
      const after = lines[0]?.seq;
      const words: Query = { ...filter, limit: FIRST, after };
      const answer = await apiGet<Logs>("/logs", words, signal);
      setKept((now) => ({ key, lines: logMerge(now.key === key ? now.lines : [], answer.items) }));
      return answer.last_seq;
    },
    gcTime: 0,
    refetchInterval: (state) => (live ? pollDelay(running, state.state.fetchFailureCount) : false),
  });
  return { lines, query };
}
