// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import type { LastRun, Status } from "@/api/types";
import { useFormat } from "@/i18n/format";
import { StateBadge } from "@/ui/Badge";
import { Card } from "@/ui/Card";
import { ExactTime, RelativeTime } from "@/ui/Time";

function Last({ run, now }: { run: LastRun; now: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className="flex flex-col gap-1.5">
      <p className="flex flex-wrap items-center gap-2 text-base font-medium">
        <Link to={`/runs/${run.id}`} className="underline-offset-2 hover:underline">
          <RelativeTime time={run.finished_at} now={now} />
        </Link>
        <StateBadge state={run.outcome} />
      </p>
      <p className="text-muted">
        {t("overview.lastFigures", {
          read: format.number(run.rows_read),
          changed: format.number(run.changed),
          rejected: format.number(run.rejected),
        })}
      </p>
      {run.error !== null && <p className="text-bad">{run.error}</p>}
    </div>
  );
}

export function LastAndNext({ status, now }: { status: Status; now: number }) {
  const { t } = useTranslation();
  const schedule = status.schedule;
  return (
    <div className="grid gap-4 md:grid-cols-2">
      <Card title={t("overview.last")}>
        {status.last_run === null ? <p className="text-muted">{t("overview.noRun")}</p> : <Last run={status.last_run} now={now} />}
      </Card>
      <Card title={t("overview.next")}>
        <p className="text-base font-medium">
          {schedule.paused ? t("overview.paused") : <RelativeTime time={status.next_scheduled_at} now={now} />}
        </p>
        <p className="mt-1.5 text-muted">
          <ExactTime time={status.next_scheduled_at} zone={schedule.zone} /> · {schedule.zone} ·{" "}
          <code className="font-mono text-xs">{schedule.expression}</code>
        </p>
      </Card>
    </div>
  );
}
