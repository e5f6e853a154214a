// SPDX-License-Identifier: Apache-2.0
// What stands where data would be: nothing there yet, not there because of an error, or still on its way.
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";
import { Button } from "./Button";

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-1 px-6 py-10 text-center">
      <svg aria-hidden viewBox="0 0 48 32" className="mb-2 w-14 fill-none stroke-line stroke-2" strokeLinecap="round">
        <path d="M6 4v24M42 4v24M6 11h36M9 20c4-4 8-4 12 0s8 4 12 0 4-3 6-3M9 27c4-4 8-4 12 0s8 4 12 0 4-3 6-3" />
      </svg>
      <p className="font-medium">{title}</p>
      {children !== undefined && <div className="max-w-prose text-muted">{children}</div>}
    </div>
  );
}

export function Loading({ rows = 4 }: { rows?: number }) {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t("say.loading")} className="flex animate-pulse flex-col gap-3 p-4">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="h-4 rounded bg-sunken" style={{ width: `${92 - ((row * 17) % 40)}%` }} />
      ))}
    </div>
  );
}

/** One sentence for a failed request, in the reader's language where the code is known. */
export function useErrorText(): (error: unknown) => string {
  const { t } = useTranslation();
  return (error) => {
    if (!(error instanceof ApiError)) return t("error.INTERNAL_ERROR");
    const known = t(`error.${error.code}`, { defaultValue: "" });
    return known === "" || error.code === "VALIDATION_ERROR" ? error.message : known;
  };
}

export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const id = error instanceof ApiError ? error.requestId : null;
  return (
    <div role="alert" className="flex flex-wrap items-center gap-3 rounded-lg bg-bad-soft px-4 py-3 text-bad">
      <p className="min-w-0 flex-1">
        {text(error)}
        {id !== null && <span className="block font-mono text-xs opacity-80">{t("say.request", { id })}</span>}
      </p>
      {retry !== undefined && (
        <Button small onClick={retry}>
          {t("say.again")}
        </Button>
      )}
    </div>
  );
}

export function Note({ tone, children }: { tone: "warn" | "bad" | "accent"; children: ReactNode }) {
  const look = { warn: "bg-warn-soft text-warn", bad: "bg-bad-soft text-bad", accent: "bg-accent-soft text-accent" };
  return (
    <div role="status" className={`rounded-lg px-4 py-2.5 ${look[tone]}`}>
      {children}
    </div>
  );
}
