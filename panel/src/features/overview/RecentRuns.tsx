// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import { useRuns } from "@/features/runs/queries";
import { RunTable } from "@/features/runs/RunTable";
import { Card } from "@/ui/Card";
import { Failure, Loading } from "@/ui/Say";

const SHOWN = 6;

export function RecentRuns({ now }: { now: number }) {
  const { t } = useTranslation();
  const runs = useRuns({ limit: SHOWN, offset: 0 });
  return (
    <Card
      title={t("overview.recent")}
      flush
      actions={
        <Link to="/runs" className="text-[13px] text-accent hover:underline">
          {t("overview.allRuns")}
        </Link>
      }
    >
      {runs.isPending && <Loading rows={3} />}
      {runs.isError && <Failure error={runs.error} retry={() => void runs.refetch()} />}
      {runs.isSuccess && <RunTable runs={runs.data.items} now={now} />}
    </Card>
  );
}
