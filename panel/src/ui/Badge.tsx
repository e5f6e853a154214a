// SPDX-License-Identifier: Apache-2.0
// A state as word, shape and colour: never by colour alone.
import { useTranslation } from "react-i18next";

export type Tone = "good" | "warn" | "bad" | "accent" | "neutral";

const LOOK: Record<Tone, string> = {
  good: "bg-good-soft text-good",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
  accent: "bg-accent-soft text-accent",
  neutral: "bg-sunken text-muted",
};

const SHAPE: Record<Tone, string> = {
  good: "M3 8.5l3.5 3.5L13 4.5",
  warn: "M8 2.5v7M8 12.5v.6",
  bad: "M4 4l8 8M12 4l-8 8",
  accent: "M8 2.5a5.5 5.5 0 1 1-5.5 5.5",
  neutral: "M4 8h8",
};

export function Badge({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span className={`inline-flex items-center gap-1.5 rounded-full px-2 py-0.5 text-xs font-medium whitespace-nowrap ${LOOK[tone]}`}>
      <svg aria-hidden viewBox="0 0 16 16" className="size-3 fill-none stroke-current stroke-2" strokeLinecap="round">
        <path d={SHAPE[tone]} />
      </svg>
      {children}
    </span>
  );
}

const TONES: Record<string, Tone> = {
  success: "good",
  unchanged: "good",
  ran: "good",
  approved: "good",
  used: "good",
  info: "neutral",
  partial: "warn",
  held: "warn",
  warning: "warn",
  missed: "warn",
  paused: "warn",
  cancelling: "warn",
  orphaned: "bad",
  failed: "bad",
  error: "bad",
  running: "accent",
  master: "accent",
  suppliers: "accent",
};

/** The state of a supplier, run, job, tick or hold; the words are in the texts under `state`. */
export function StateBadge({ state }: { state: string }) {
  const { t } = useTranslation();
  return <Badge tone={TONES[state] ?? "neutral"}>{t(`state.${state}`)}</Badge>;
}
