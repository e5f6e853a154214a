// SPDX-License-Identifier: Apache-2.0
// Numbers, times and durations in the reader's language. An Intl formatter takes longer to make than a hundred numbers
// take to be shown: each is made once.
import type { TFunction } from "i18next";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** The formatter that `make` makes, kept for as long as the page. */
function once<Made>(make: (language: string, variant: string) => Made): (language: string, variant?: string) => Made {
  const made = new Map<string, Made>();
  return (language, variant = "") => {
    const key = `${language} ${variant}`;
    const known = made.get(key) ?? make(language, variant);
    made.set(key, known);
    return known;
  };
}

const spans = once((language) => new Intl.RelativeTimeFormat(language));
const instants = once((language) => new Intl.RelativeTimeFormat(language, { numeric: "auto" })); // 0 seconds are "now"
const numbers = once((language) => new Intl.NumberFormat(language));
const tenths = once((language) => new Intl.NumberFormat(language, { maximumFractionDigits: 1 }));
const shares = once((language) => new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 }));
const moments = once(
  (language, zone) =>
    new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium", ...(zone === "" ? {} : { timeZone: zone }) }),
);

/** "3 minutes ago", "in 2 hours"; `now` and `then` in milliseconds. */
export function relative(language: string, then: number, now: number): string {
  const seconds = Math.round((then - now) / 1000);
  for (const [unit, size] of UNITS)
    if (Math.abs(seconds) >= size) return spans(language).format(Math.trunc(seconds / size), unit);
  return instants(language).format(seconds, "second");
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

/** The reader's own variant of the panel's language: days before months, 24 hours. */
function variant(language: string): string {
  return navigator.languages.find((one) => one.slice(0, 2) === language) ?? language;
}

function formatFor(language: string, t: TFunction): Format {
  return {
    number: (n) => numbers(language).format(n),
    percent: (share) => shares(language).format(share),
    exact: (time, zone) => moments(language, zone).format(new Date(time)),
    duration: (ms) =>
      ms < 1000
        ? t("time.milliseconds", { value: ms })
        : ms < 60_000
          ? t("time.seconds", { value: tenths(language).format(ms / 1000) })
          : clockwise(ms),
    relative: (time, now) => relative(language, Date.parse(time), now),
  };
}

export function useFormat(): Format {
  const { i18n, t } = useTranslation();
  return useMemo(() => formatFor(variant(i18n.language), t), [i18n.language, t]);
}
