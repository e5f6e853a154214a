// SPDX-License-Identifier: Apache-2.0
// All rejected rows, grouped by reason; the groups are the filter.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router-dom";
import { apiDownload } from "@/api/client";
import type { RejectCount } from "@/api/types";
import { useFormat } from "@/i18n/format";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Page } from "@/ui/Page";
import { Failure, Loading } from "@/ui/Say";
import { useRejectCounts } from "./queries";
import { RejectList } from "./RejectList";

interface GroupsProps {
  counts: RejectCount[];
  code: string | undefined;
  onCode: (code: string | undefined) => void;
}

function Groups({ counts, code, onCode }: GroupsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <ul className="grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
      {counts.map((group) => (
        <li key={group.code}>
          <button
            type="button"
            aria-pressed={group.code === code}
            onClick={() => onCode(group.code === code ? undefined : group.code)}
            className={`flex size-full flex-col items-start gap-0.5 rounded-xl border p-3 text-left transition ${group.code === code ? "border-accent bg-accent-soft" : "border-line bg-surface hover:bg-sunken"}`}
          >
            <span className="flex w-full items-baseline justify-between gap-2">
              <span className="font-medium">{t(`reason.${group.code}`, { defaultValue: group.code.replaceAll("_", " ") })}</span>
              <span className="text-base font-semibold tabular-nums">{format.number(group.count)}</span>
            </span>
            <span className="line-clamp-2 text-muted">{group.example}</span>
            <span className="text-xs text-muted">{t("rejects.ofSuppliers", { count: group.suppliers })}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

export function Rejects() {
  const { t } = useTranslation();
  const [words, setWords] = useSearchParams();
  const [failed, setFailed] = useState<unknown>(null);
  const supplier = words.get("supplier") ?? undefined;
  const code = words.get("code") ?? undefined;
  const counts = useRejectCounts(supplier);
  const choose = (next: string | undefined) => {
    const now = new URLSearchParams(words);
    if (next === undefined) now.delete("code");
    else now.set("code", next);
    setWords(now, { replace: true });
  };
  const save = () => apiDownload("/rejects", { supplier, code, format: "csv" }, "rejects.csv").then(() => setFailed(null), setFailed);
  return (
    <Page
      title={t("nav.rejects")}
      lead={t("rejects.lead")}
      actions={
        <>
          {(supplier !== undefined || code !== undefined) && (
            <Button kind="quiet" onClick={() => setWords({}, { replace: true })}>
              {t("rejects.showAll")}
            </Button>
          )}
          <Button onClick={() => void save()}>{t("rejects.csv")}</Button>
        </>
      }
    >
      {failed !== null && <Failure error={failed} />}
      {counts.isPending && <Loading rows={2} />}
      {counts.isError && <Failure error={counts.error} retry={() => void counts.refetch()} />}
      {counts.data !== undefined && counts.data.items.length > 0 && <Groups counts={counts.data.items} code={code} onCode={choose} />}
      <Card flush>
        <RejectList key={`${supplier} ${code}`} filter={{ supplier, code }} rows={50} />
      </Card>
    </Page>
  );
}
