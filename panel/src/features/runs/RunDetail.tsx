// SPDX-License-Identifier: Apache-2.0
// One run: how it went, what it did with each supplier, and its log.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router-dom";
import { useIsAdmin } from "@/api/session";
import { useNow } from "@/api/status";
import type { Run } from "@/api/types";
import { LogView } from "@/features/logs/LogView";
import { useCancel } from "@/features/overview/actions";
import { useFormat } from "@/i18n/format";
import { StateBadge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Page } from "@/ui/Page";
import { Pager } from "@/ui/Pager";
import { Progress } from "@/ui/Progress";
import { Facts, type Fact } from "@/ui/Facts";
import { Failure, Loading } from "@/ui/Say";
import { ExactTime } from "@/ui/Time";
import { useRun, useRunSuppliers } from "./queries";
import { RunSupplierTable } from "./RunSupplierTable";
import { runElapsed, runState } from "./RunTable";

const ROWS = 100;

function Summary({ run, now }: { run: Run; now: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const elapsed = runElapsed(run, now);
  const facts: Fact[] = [
    { name: t("runs.state"), value: <StateBadge state={runState(run)} /> },
    { name: t("runs.trigger"), value: t(`trigger.${run.trigger}`) },
    { name: t("runs.by"), value: run.requested_by ?? "–" },
    { name: t("runs.started"), value: <ExactTime time={run.started_at} /> },
    { name: t("runs.duration"), value: elapsed === null ? "–" : format.duration(elapsed) },
    { name: t("runs.scope"), value: run.scope.length === 0 ? t("runs.all") : run.scope.join(", ") },
    { name: t("figures.rowsRead"), value: format.number(run.rows_read) },
    { name: t("runs.changed"), value: format.number(run.changed) },
    { name: t("runs.rejected"), value: format.number(run.rejected) },
  ];
  return (
    <Card title={t("runs.summary")}>
      {run.outcome === null && (
        <div className="mb-4">
          <Progress label={t("overview.progress")} current={run.jobs_done} total={run.jobs_total} />
        </div>
      )}
      <Facts facts={facts} />
      {run.message !== null && <p className="mt-4 rounded-lg bg-sunken px-3 py-2">{run.message}</p>}
    </Card>
  );
}

function Results({ id }: { id: string }) {
  const { t } = useTranslation();
  const [offset, setOffset] = useState(0);
  const results = useRunSuppliers(id, { limit: ROWS, offset });
  return (
    <Card title={t("runs.results")} flush>
      {results.isPending && <Loading />}
      {results.isError && <Failure error={results.error} retry={() => void results.refetch()} />}
      {results.data !== undefined && (
        <>
          <RunSupplierTable rows={results.data.items} named="supplier" />
          <Pager page={results.data} onOffset={setOffset} />
        </>
      )}
    </Card>
  );
}

export function RunDetail() {
  const { t } = useTranslation();
  const { id = "" } = useParams();
  const admin = useIsAdmin();
  const now = useNow();
  const run = useRun(id);
  const cancel = useCancel();
  const unfinished = run.data !== undefined && run.data.outcome === null;
  return (
    <Page
      title={t("runs.one")}
      lead={<code className="font-mono text-xs">{id}</code>}
      actions={
        admin &&
        unfinished && (
          <Button kind="danger" disabled={run.data.cancel_requested || cancel.isPending} onClick={() => cancel.mutate(id)}>
            {t("overview.cancel")}
          </Button>
        )
      }
    >
      {run.isPending && <Loading />}
      {run.isError && <Failure error={run.error} retry={() => void run.refetch()} />}
      {cancel.isError && <Failure error={cancel.error} />}
      {run.data !== undefined && <Summary run={run.data} now={now} />}
      <Results id={id} />
      <Card title={t("runs.log")} flush>
        <LogView run={id} live={unfinished} />
      </Card>
    </Page>
  );
}
