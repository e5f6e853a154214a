// SPDX-License-Identifier: Apache-2.0
// What happens at this moment.
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import type { Status } from "@/api/types";
import { clockwise, useFormat } from "@/i18n/format";
import { Card } from "@/ui/Card";
import { Progress } from "@/ui/Progress";
import { phaseOf } from "./phase";

function Figures({ status }: { status: Status }) {
  const { t } = useTranslation();
  const format = useFormat();
  const figures = [
    ["rowsRead", status.rows_read],
    ["rowsWritten", status.rows_written],
    ["rowsRejected", status.rows_rejected],
  ] as const;
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-1 text-muted">
      {figures.map(([name, value]) => (
        <div key={name} className="flex gap-1.5">
          <dt>{t(`figures.${name}`)}</dt>
          <dd className="font-medium text-ink tabular-nums">{format.number(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Running({ status, now }: { status: Status; now: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const progress = status.progress;
  const names = status.current_suppliers.map((supplier) => supplier.name);
  const waiting = status.waiting_for;
  return (
    <div className="flex flex-col gap-3">
      <Progress label={t("overview.progress")} current={progress?.current ?? 0} total={progress?.total ?? null} />
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <Figures status={status} />
        {status.run_started_at !== null && (
          <span className="text-muted tabular-nums">
            {t("overview.elapsed", { time: clockwise(now - Date.parse(status.run_started_at)) })}
          </span>
        )}
      </div>
      {names.length > 0 && <p className="text-muted">{t("overview.reading", { names: names.join(", ") })}</p>}
      {waiting !== null && (
        <p className="text-warn">
          {waiting.until === null || Date.parse(waiting.until) <= now
            ? t("overview.waiting", { what: waiting.what })
            : t("overview.waitingUntil", { what: waiting.what, time: format.relative(waiting.until, now) })}
        </p>
      )}
      {status.run_id !== null && (
        <Link to={`/runs/${status.run_id}`} className="self-start text-accent underline-offset-2 hover:underline">
          {t("overview.openRun")}
        </Link>
      )}
    </div>
  );
}

export function NowCard({ status, now }: { status: Status; now: number }) {
  const { t } = useTranslation();
  const phase = phaseOf(status);
  const counts = { current: status.progress?.current ?? 0, total: status.progress?.total ?? 0, count: status.holds };
  return (
    <Card title={t("overview.now")}>
      <div aria-live="polite" className="mb-3 text-2xl font-semibold tracking-tight">
        {t(`phase.${phase}`, counts)}
      </div>
      {status.run_id !== null ? (
        <Running status={status} now={now} />
      ) : (
        <p className="text-muted">{t(`phaseHint.${phase}`, { defaultValue: t("phaseHint.idle") })}</p>
      )}
    </Card>
  );
}
