// SPDX-License-Identifier: Apache-2.0
// Numbers, times and durations in the reader's language.
import { useTranslation } from "react-i18next";

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "3 minutes ago", "in 2 hours"; `now` and `then` in milliseconds. */
export function relative(language: string, then: number, now: number): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const seconds = Math.round((then - now) / 1000);
  for (const [unit, size] of UNITS)
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  return format.format(seconds, "second");
}

/** "1:02:03" or "0:07". */
export function clockwise(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export interface Format {
  number: (n: number) => string;
  percent: (share: number) => string;
  exact: (time: string, zone?: string) => string;
  duration: (ms: number) => string;
  relative: (time: string, now: number) => string;
}

export function useFormat(): Format {
  const { i18n, t } = useTranslation();
  const language = i18n.language;
  return {
    number: (n) => new Intl.NumberFormat(language).format(n),
    percent: (share) => new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 }).format(share),
    exact: (time, zone) =>
      new Intl.DateTimeFormat(language, {
        dateStyle: "medium",
        timeStyle: "medium",
        ...(zone === undefined ? {} : { timeZone: zone }),
      }).format(new Date(time)),
    duration: (ms) =>
      ms < 1000
        ? t("time.milliseconds", { value: ms })
        : ms < 60_000
          ? t("time.seconds", { value: new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(ms / 1000) })
          : clockwise(ms),
    relative: (time, now) => relative(language, Date.parse(time), now),
  };
}
