// SPDX-License-Identifier: Apache-2.0
import type { UseMutationResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Accepted, Status } from "@/api/types";
import { Button } from "@/ui/Button";

interface Props {
  status: Status;
  sync: UseMutationResult<Accepted, Error, string | undefined>;
  cancel: UseMutationResult<Accepted, Error, string>;
}

export function SyncButtons({ status, sync, cancel }: Props) {
  const { t } = useTranslation();
  const run = status.run_id;
  const cancelling = status.run_state === "cancelling" || cancel.isPending;
  return (
    <>
      {run !== null && (
        <Button kind="danger" disabled={cancelling} onClick={() => cancel.mutate(run)}>
          {t(cancelling ? "overview.cancelling" : "overview.cancel")}
        </Button>
      )}
      <Button
        kind="primary"
        disabled={run !== null || sync.isPending}
        title={run !== null ? t("overview.syncRunning") : undefined}
        onClick={() => sync.mutate(undefined)}
      >
        {t("overview.sync")}
      </Button>
    </>
  );
}
