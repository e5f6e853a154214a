// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { RunSupplierTable } from "@/features/runs/RunSupplierTable";
import { Card } from "@/ui/Card";
import { Pager } from "@/ui/Pager";
import { Failure, Loading } from "@/ui/Say";
import { useSupplierRuns } from "./queries";

const ROWS = 10;

export function SupplierHistory({ id }: { id: string }) {
  const { t } = useTranslation();
  const [offset, setOffset] = useState(0);
  const runs = useSupplierRuns(id, ROWS, offset);
  return (
    <Card title={t("suppliers.history")} flush>
      {runs.isPending && <Loading />}
      {runs.isError && <Failure error={runs.error} retry={() => void runs.refetch()} />}
      {runs.data !== undefined && (
        <>
          <RunSupplierTable rows={runs.data.items} named="run" />
          <Pager page={runs.data} onOffset={setOffset} />
        </>
      )}
    </Card>
  );
}
