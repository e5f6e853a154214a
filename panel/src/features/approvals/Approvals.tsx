// SPDX-License-Identifier: Apache-2.0
// What guards stopped: the evidence, and the decision.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { apiGet } from "@/api/client";
import { useIsAdmin } from "@/api/session";
import { useNow, useStatus } from "@/api/status";
import type { Hold, Page as Rows } from "@/api/types";
import { Page } from "@/ui/Page";
import { Empty, Failure, Loading, Note } from "@/ui/Say";
import { Card } from "@/ui/Card";
import { Decide, type Decision } from "./Decide";
import { HoldCard } from "./HoldCard";

const ROWS = 100;

function useHolds() {
  const status = useStatus().data;
  return useQuery({
    queryKey: ["holds", status?.holds, status?.last_run?.id],
    queryFn: ({ signal }) => apiGet<Rows<Hold>>("/holds", { limit: ROWS }, signal),
    placeholderData: keepPreviousData,
  });
}

export function Approvals() {
  const { t } = useTranslation();
  const admin = useIsAdmin();
  const now = useNow();
  const holds = useHolds();
  const [decision, setDecision] = useState<Decision | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const waiting = holds.data?.items.filter((hold) => hold.decision === null) ?? [];
  const decided = holds.data?.items.filter((hold) => hold.decision !== null) ?? [];
  return (
    <Page title={t("nav.approvals")} lead={t("holds.lead")}>
      {holds.isPending && <Loading />}
      {holds.isError && <Failure error={holds.error} retry={() => void holds.refetch()} />}
      {done !== null && <Note tone="accent">{done}</Note>}
      {holds.isSuccess && waiting.length === 0 && (
        <Card>
          <Empty title={t("holds.none")}>{t("holds.noneHint")}</Empty>
        </Card>
      )}
      {waiting.map((hold) => (
        <HoldCard key={hold.id} hold={hold} now={now} onDecide={admin ? setDecision : null} />
      ))}
      {decided.length > 0 && <h2 className="mt-2 font-semibold text-muted">{t("holds.decided")}</h2>}
      {decided.map((hold) => (
        <HoldCard key={hold.id} hold={hold} now={now} onDecide={null} />
      ))}
      {decision !== null && (
        <Decide
          decision={decision}
          onClose={(message) => {
            setDecision(null);
            setDone(message);
          }}
        />
      )}
    </Page>
  );
}
