// SPDX-License-Identifier: Apache-2.0
// One supplier: how its list is read, how each run went, what was rejected, and which prices moved.
import { useTranslation } from "react-i18next";
import { useParams } from "react-router-dom";
import { useIsAdmin } from "@/api/session";
import { isRunning, useNow, useStatus } from "@/api/status";
import type { SupplierDetail as Detail } from "@/api/types";
import { useSync } from "@/features/overview/actions";
import { RejectList } from "@/features/rejects/RejectList";
import { useFormat } from "@/i18n/format";
import { StateBadge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Facts } from "@/ui/Facts";
import { Page } from "@/ui/Page";
import { Failure, Loading, Note } from "@/ui/Say";
import { RelativeTime } from "@/ui/Time";
import { SupplierHistory } from "./History";
import { MappingCard } from "./MappingCard";
import { Prices } from "./Prices";
import { useSupplier } from "./queries";

function Summary({ detail, now }: { detail: Detail; now: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const supplier = detail.supplier;
  return (
    <Card title={t("runs.summary")}>
      {supplier.last_error !== null && (
        <div className="mb-4">
          <Note tone="bad">{supplier.last_error}</Note>
        </div>
      )}
      <Facts
        facts={[
          { name: t("suppliers.status"), value: <StateBadge state={supplier.status} /> },
          { name: t("suppliers.format"), value: t(`format.${supplier.source_type}`) },
          { name: t("suppliers.items"), value: format.number(supplier.items_count) },
          { name: t("suppliers.rejects"), value: format.number(supplier.rejects_count) },
          { name: t("suppliers.lastSuccess"), value: <RelativeTime time={supplier.last_sync_at} now={now} /> },
          { name: t("suppliers.lastChange"), value: <RelativeTime time={supplier.last_changed_at} now={now} /> },
          { name: t("suppliers.address"), value: <span className="font-mono text-xs">{supplier.source_url}</span> },
          { name: t("suppliers.notes"), value: supplier.notes ?? "–" },
        ]}
      />
    </Card>
  );
}

export function SupplierDetail() {
  const { t } = useTranslation();
  const { id = "" } = useParams();
  const admin = useIsAdmin();
  const now = useNow();
  const running = isRunning(useStatus().data);
  const detail = useSupplier(id);
  const sync = useSync();
  const supplier = detail.data?.supplier;
  return (
    <Page
      title={supplier?.name ?? t("suppliers.one")}
      actions={
        supplier !== undefined && (
          <>
            {supplier.link !== null && (
              <a href={supplier.link} target="_blank" rel="noreferrer" className="inline-flex min-h-10 items-center rounded-lg border border-line bg-surface px-4 font-medium hover:bg-sunken">
                {t("suppliers.open")}
              </a>
            )}
            {admin && supplier.is_active && (
              <Button kind="primary" disabled={running || sync.isPending} onClick={() => sync.mutate(id)}>
                {t("suppliers.sync")}
              </Button>
            )}
          </>
        )
      }
    >
      {detail.isPending && <Loading />}
      {detail.isError && <Failure error={detail.error} retry={() => void detail.refetch()} />}
      {sync.isError && <Failure error={sync.error} />}
      {detail.data !== undefined && (
        <>
          <Summary detail={detail.data} now={now} />
          <Card title={t("rejects.ofLastRead")} flush>
            <RejectList filter={{ supplier: id }} rows={20} />
          </Card>
          <MappingCard mapping={detail.data.reading?.mapping ?? null} />
          <Prices id={id} />
          <SupplierHistory id={id} />
        </>
      )}
    </Page>
  );
}
