// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import { Empty } from "@/ui/Say";

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Empty title={t("notFound.title")}>
      <Link to="/" className="text-accent underline">
        {t("notFound.home")}
      </Link>
    </Empty>
  );
}
