// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from "react-i18next";
import type { Page } from "@/api/types";
import { Button } from "./Button";

/** Steps through the pages of a list; says nothing where one page holds it all. */
export function Pager({ page, onOffset }: { page: Page<unknown>; onOffset: (offset: number) => void }) {
  const { t } = useTranslation();
  if (page.offset === 0 && !page.has_more) return null;
  return (
    <nav aria-label={t("table.pages")} className="flex items-center justify-end gap-2 border-t border-line px-4 py-2.5">
      <span className="mr-auto text-muted">
        {t("table.range", { first: page.offset + 1, last: page.offset + page.items.length })}
      </span>
      <Button small disabled={page.offset === 0} onClick={() => onOffset(Math.max(0, page.offset - page.limit))}>
        {t("table.previous")}
      </Button>
      <Button small disabled={!page.has_more} onClick={() => onOffset(page.offset + page.limit)}>
        {t("table.next")}
      </Button>
    </nav>
  );
}
