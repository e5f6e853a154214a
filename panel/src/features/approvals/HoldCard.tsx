// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import type { Hold } from "@/api/types";
import { useFormat } from "@/i18n/format";
import { StateBadge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { RelativeTime } from "@/ui/Time";
import type { Decision } from "./Decide";

/** What was measured against what is allowed, as one bar with a mark at the limit. */
function Measure({ figure, limit }: { figure: number; limit: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const full = Math.max(figure, limit, 1);
  return (
    <div className="max-w-sm">
      <div aria-hidden className="relative h-2 rounded-full bg-sunken">
        <div className="h-full rounded-full bg-warn" style={{ width: `${(figure / full) * 100}%` }} />
        <div className="absolute -top-1 h-4 w-0.5 bg-ink" style={{ left: `${(limit / full) * 100}%` }} />
      </div>
      <p className="mt-1 text-xs text-muted">
        {t("holds.measure", { figure: format.percent(figure), limit: format.percent(limit) })}
      </p>
    </div>
  );
}

interface Props {
  hold: Hold;
  now: number;
  onDecide: ((decision: Decision) => void) | null;
}

export function HoldCard({ hold, now, onDecide }: Props) {
  const { t } = useTranslation();
  return (
    <article className="flex flex-col gap-3 rounded-xl border border-line bg-surface p-4 shadow-xs">
      <header className="flex flex-wrap items-center gap-2">
        <h2 className="text-base font-semibold">
          {hold.supplier_id === null ? (
            t("rejects.master")
          ) : (
            <Link to={`/suppliers/${hold.supplier_id}`} className="hover:underline">
              {hold.supplier}
            </Link>
          )}
        </h2>
        <span className="text-muted">{t(`guard.${hold.guard}`, { defaultValue: hold.guard.replaceAll("_", " ") })}</span>
        <span className="ml-auto">
          <StateBadge state={hold.decision ?? "held"} />
        </span>
      </header>
      <p>{hold.message}</p>
      <Measure figure={hold.figure} limit={hold.limit} />
      {hold.examples.length > 0 && (
        <details open={hold.decision === null}>
          <summary className="cursor-pointer text-muted">{t("holds.examples", { count: hold.examples.length })}</summary>
          <ul className="mt-2 grid gap-x-6 gap-y-0.5 font-mono text-xs md:grid-cols-2">
            {hold.examples.map((example, index) => (
              <li key={index} className="[overflow-wrap:anywhere]">
                {example}
              </li>
            ))}
          </ul>
        </details>
      )}
      <footer className="flex flex-wrap items-center gap-x-4 gap-y-2 text-muted">
        <span>
          {t("holds.since")} <RelativeTime time={hold.created_at} now={now} />
        </span>
        {hold.decision === null ? (
          <span>
            {t("holds.expires")} <RelativeTime time={hold.expires_at} now={now} />
          </span>
        ) : (
          hold.decided_by !== null && <span>{t("holds.by", { who: hold.decided_by })}</span>
        )}
        {onDecide !== null && (
          <span className="ml-auto flex gap-2">
            <Button onClick={() => onDecide({ hold, approve: false })}>{t("holds.discard")}</Button>
            <Button kind="primary" onClick={() => onDecide({ hold, approve: true })}>
              {t("holds.approve")}
            </Button>
          </span>
        )}
      </footer>
    </article>
  );
}
