// SPDX-License-Identifier: Apache-2.0
// When runs will start, what became of the last times, and the switch to pause them.
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { apiGet, apiPost } from "@/api/client";
import { useIsAdmin } from "@/api/session";
import { useNow, useRefresh, useStatus } from "@/api/status";
import type { Schedule as Plan } from "@/api/types";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Facts } from "@/ui/Facts";
import { Page } from "@/ui/Page";
import { Empty, Failure, Loading } from "@/ui/Say";
import { ExactTime, RelativeTime } from "@/ui/Time";
import { PauseDialog } from "./PauseDialog";
import { Ticks } from "./Ticks";

const TIMES = 10;

function useSchedule() {
  const status = useStatus().data;
  return useQuery({
    queryKey: ["schedule", status?.schedule.paused, status?.next_scheduled_at],
    queryFn: ({ signal }) => apiGet<Plan>("/schedule", { n: TIMES }, signal),
    placeholderData: keepPreviousData,
  });
}

function Next({ plan, now }: { plan: Plan; now: number }) {
  const { t } = useTranslation();
  return (
    <Card title={t("schedule.next")} flush>
      {plan.next.length === 0 && <Empty title={t("schedule.noNext")} />}
      <ol className="divide-y divide-line border-t border-line">
        {plan.next.map((time) => (
          <li key={time} className={`flex justify-between gap-4 px-4 py-2 ${plan.paused ? "text-muted line-through" : ""}`}>
            <ExactTime time={time} zone={plan.zone} />
            <span className="text-muted">
              <RelativeTime time={time} now={now} />
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

export function Schedule() {
  const { t } = useTranslation();
  const admin = useIsAdmin();
  const now = useNow();
  const refresh = useRefresh();
  const plan = useSchedule();
  const [asking, setAsking] = useState(false);
  const resume = useMutation<unknown, Error>({ mutationFn: () => apiPost("/schedule/resume"), onSettled: refresh });
  const data = plan.data;
  return (
    <Page
      title={t("nav.schedule")}
      lead={t("schedule.lead")}
      actions={
        admin &&
        data !== undefined &&
        (data.paused ? (
          <Button kind="primary" disabled={resume.isPending} onClick={() => resume.mutate()}>
            {t("schedule.resume")}
          </Button>
        ) : (
          <Button onClick={() => setAsking(true)}>{t("schedule.pause")}</Button>
        ))
      }
    >
      {plan.isPending && <Loading />}
      {plan.isError && <Failure error={plan.error} retry={() => void plan.refetch()} />}
      {resume.isError && <Failure error={resume.error} />}
      {data !== undefined && (
        <>
          <Card title={data.name}>
            <Facts
              facts={[
                { name: t("schedule.expression"), value: <code className="font-mono">{data.expression}</code> },
                { name: t("schedule.zone"), value: data.zone },
                { name: t("runs.state"), value: data.paused ? t("state.paused") : t("schedule.active") },
                ...(data.paused
                  ? [
                      { name: t("schedule.reason"), value: data.reason ?? "–" },
                      { name: t("schedule.by"), value: data.paused_by ?? "–" },
                    ]
                  : []),
              ]}
            />
          </Card>
          <Next plan={data} now={now} />
          <Ticks ticks={data.ticks} zone={data.zone} />
        </>
      )}
      {asking && <PauseDialog onClose={() => setAsking(false)} />}
    </Page>
  );
}
