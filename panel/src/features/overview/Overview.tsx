// SPDX-License-Identifier: Apache-2.0
// Ten seconds to know how things stand: what runs, what came of the last run, what waits for someone.
import { useTranslation } from "react-i18next";
import { useIsAdmin } from "@/api/session";
import { useNow, useStatus } from "@/api/status";
import { Page } from "@/ui/Page";
import { Failure, Loading, Note } from "@/ui/Say";
import { useCancel, useSync } from "./actions";
import { LastAndNext } from "./LastAndNext";
import { NowCard } from "./NowCard";
import { RecentRuns } from "./RecentRuns";
import { SyncButtons } from "./SyncButtons";
import { Troubles } from "./Troubles";

export function Overview() {
  const { t } = useTranslation();
  const status = useStatus();
  const now = useNow();
  const admin = useIsAdmin();
  const sync = useSync();
  const cancel = useCancel();
  const data = status.data;
  if (data === undefined)
    return (
      <Page title={t("nav.overview")}>
        {status.isError ? <Failure error={status.error} retry={() => void status.refetch()} /> : <Loading rows={8} />}
      </Page>
    );
  const error = sync.error ?? cancel.error;
  return (
    <Page
      title={t("nav.overview")}
      lead={t("overview.lead", { count: data.suppliers.filter((supplier) => supplier.status !== "inactive").length })}
      actions={admin && <SyncButtons status={data} sync={sync} cancel={cancel} />}
    >
      {error !== null && <Failure error={error} />}
      {sync.isSuccess && data.run_id === null && sync.data.task_id !== data.last_run?.id && (
        <Note tone="accent">{t("overview.queued")}</Note>
      )}
      <NowCard status={data} now={now} />
      <LastAndNext status={data} now={now} />
      <Troubles status={data} now={now} />
      <RecentRuns now={now} />
    </Page>
  );
}
