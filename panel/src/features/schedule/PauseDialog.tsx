// SPDX-License-Identifier: Apache-2.0
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { apiPost } from "@/api/client";
import { useRefresh } from "@/api/status";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { Failure } from "@/ui/Say";

export function PauseDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const refresh = useRefresh();
  const [reason, setReason] = useState("");
  const pause = useMutation<unknown, Error>({
    mutationFn: () => apiPost("/schedule/pause", { reason: reason.trim() }),
    onSuccess: onClose,
    onSettled: refresh,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    pause.mutate();
  };
  return (
    <Dialog title={t("schedule.pauseTitle")} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <p className="text-muted">{t("schedule.pauseHint")}</p>
        <Field label={t("schedule.reason")} value={reason} required maxLength={200} autoFocus onChange={(event) => setReason(event.target.value)} />
        {pause.isError && <Failure error={pause.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("say.back")}</Button>
          <Button kind="primary" type="submit" disabled={reason.trim() === "" || pause.isPending}>
            {t("schedule.pause")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
