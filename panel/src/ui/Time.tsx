// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";

/** A time as "3 minutes ago", exact when hovered; `now` is the server's present. */
export function RelativeTime({ time, now }: { time: string | null; now: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (time === null) return <span className="text-muted">{t("time.never")}</span>;
  return (
    <time dateTime={time} title={format.exact(time)} className="whitespace-nowrap">
      {format.relative(time, now)}
    </time>
  );
}

export function ExactTime({ time, zone }: { time: string | null; zone?: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (time === null) return <span className="text-muted">{t("time.never")}</span>;
  return (
    <time dateTime={time}>
      {format.exact(time, zone)}
    </time>
  );
}
