// SPDX-License-Identifier: Apache-2.0
// The question before a hold is decided: what will happen, once more in words.
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { apiPost } from "@/api/client";
import { statusExpect, useRefresh } from "@/api/status";
import type { Hold, HoldDecided } from "@/api/types";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Failure } from "@/ui/Say";

export interface Decision {
  hold: Hold;
  approve: boolean;
}

interface Props {
  decision: Decision;
  /** With what came of it, or null when it was left open. */
  onClose: (message: string | null) => void;
}

export function Decide({ decision, onClose }: Props) {
  const { t } = useTranslation();
  const refresh = useRefresh();
  const word = decision.approve ? "approve" : "discard";
  const decide = useMutation<HoldDecided, Error>({
    mutationFn: () => apiPost<HoldDecided>(`/holds/${encodeURIComponent(decision.hold.id)}/${word}`),
    onSuccess: () => {
      statusExpect();
      onClose(t(`holds.done.${word}`));
    },
    onSettled: refresh,
  });
  return (
    <Dialog title={t(`holds.ask.${word}`, { name: decision.hold.supplier ?? t("rejects.master") })} onClose={() => onClose(null)}>
      <p className="text-muted">{t(`holds.meaning.${word}`)}</p>
      <p className="mt-3 rounded-lg bg-sunken px-3 py-2">{decision.hold.message}</p>
      {decide.isError && (
        <div className="mt-3">
          <Failure error={decide.error} />
        </div>
      )}
      <div className="mt-5 flex justify-end gap-2">
        <Button onClick={() => onClose(null)}>{t("say.back")}</Button>
        <Button kind="primary" disabled={decide.isPending} onClick={() => decide.mutate()}>
          {t(`holds.${word}`)}
        </Button>
      </div>
    </Dialog>
  );
}
