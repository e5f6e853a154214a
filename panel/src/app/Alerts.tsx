// SPDX-License-Identifier: Apache-2.0
// What must be known on every screen: the server is gone, its data is old, a part of it is down, the schedule is paused.
import type { UseQueryResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { serverNow } from "@/api/client";
import { STALE_MS, useNow } from "@/api/status";
import type { Status } from "@/api/types";
import { useFormat } from "@/i18n/format";
import { Note } from "@/ui/Say";

/** For how long the data on the screen has not been confirmed, in milliseconds. */
export function dataAge(status: Status, answeredAt: number, now: number): number {
  return Math.max(0, now - answeredAt) + status.data_age_ms;
}

export function Alerts({ status }: { status: UseQueryResult<Status> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const data = status.data;
  const skew = serverNow() - Date.now();
  const age = data === undefined ? 0 : dataAge(data, status.dataUpdatedAt + skew, now);
  const gone = status.isError && data !== undefined;
  const down = data?.degraded ?? [];
  const paused = data?.schedule.paused === true;
  if (!gone && age < STALE_MS && down.length === 0 && !paused) return null;
  return (
    <div className="mx-auto flex w-full max-w-6xl flex-col gap-2 px-4 pt-4 md:px-6">
      {gone && <Note tone="bad">{t("alert.gone")}</Note>}
      {age >= STALE_MS && <Note tone="warn">{t("alert.old", { count: Math.round(age / 1000) })}</Note>}
      {down.map((part) => (
        <Note key={part.what} tone="bad">
          {t(`alert.${part.what}.${part.state}`, { since: format.relative(part.since, now) })} {part.message}
        </Note>
      ))}
      {paused && data !== undefined && (
        <Note tone="warn">{t("alert.paused", { reason: data.schedule.reason ?? t("alert.noReason") })}</Note>
      )}
    </div>
  );
}
