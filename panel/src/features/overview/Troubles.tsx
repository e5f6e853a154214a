// SPDX-License-Identifier: Apache-2.0
// Whatever needs a person: holds that wait, suppliers that fail.
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import type { Status } from "@/api/types";
import { Card } from "@/ui/Card";
import { RelativeTime } from "@/ui/Time";

const SHOWN = 5;

export function Troubles({ status, now }: { status: Status; now: number }) {
  const { t } = useTranslation();
  const failing = status.suppliers.filter((supplier) => supplier.status === "error");
  if (failing.length === 0 && status.holds === 0) return null;
  return (
    <Card title={t("overview.attention")} flush>
      <ul className="divide-y divide-line border-t border-line">
        {status.holds > 0 && (
          <li>
            <Link to="/approvals" className="flex flex-wrap items-center gap-x-3 px-4 py-2.5 hover:bg-sunken">
              <span className="font-medium text-warn">{t("overview.holds", { count: status.holds })}</span>
              <span className="text-muted">{t("overview.holdsHint")}</span>
            </Link>
          </li>
        )}
        {failing.slice(0, SHOWN).map((supplier) => (
          <li key={supplier.id}>
            <Link to={`/suppliers/${supplier.id}`} className="grid gap-x-4 px-4 py-2.5 hover:bg-sunken md:grid-cols-[14rem_1fr_auto]">
              <span className="truncate font-medium text-bad">{supplier.name}</span>
              <span className="min-w-0 [overflow-wrap:anywhere] text-muted">{supplier.last_error}</span>
              <span className="text-muted">
                {t("overview.lastGood")} <RelativeTime time={supplier.last_sync_at} now={now} />
              </span>
            </Link>
          </li>
        ))}
        {failing.length > SHOWN && (
          <li>
            <Link to="/suppliers?status=error" className="block px-4 py-2.5 text-accent hover:bg-sunken">
              {t("overview.moreFailing", { count: failing.length - SHOWN })}
            </Link>
          </li>
        )}
      </ul>
    </Card>
  );
}
