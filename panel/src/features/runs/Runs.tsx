// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "@/api/status";
import { Card } from "@/ui/Card";
import { Page } from "@/ui/Page";
import { Pager } from "@/ui/Pager";
import { Failure, Loading } from "@/ui/Say";
import { useRuns } from "./queries";
import { RunTable } from "./RunTable";

const ROWS = 50;

export function Runs() {
  const { t } = useTranslation();
  const [offset, setOffset] = useState(0);
  const now = useNow();
  const runs = useRuns({ limit: ROWS, offset });
  return (
    <Page title={t("nav.runs")} lead={t("runs.lead")}>
      {runs.isError && <Failure error={runs.error} retry={() => void runs.refetch()} />}
      <Card flush>
        {runs.isPending && <Loading />}
        {runs.data !== undefined && (
          <>
            <RunTable runs={runs.data.items} now={now} />
            <Pager page={runs.data} onOffset={setOffset} />
          </>
        )}
      </Card>
    </Page>
  );
}
