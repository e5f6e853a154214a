// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router-dom";
import { useStatus } from "@/api/status";
import { Card } from "@/ui/Card";
import { Select } from "@/ui/Field";
import { Page } from "@/ui/Page";
import { LogView } from "./LogView";

const LEVELS = ["info", "warning", "error"] as const;

export function Logs() {
  const { t } = useTranslation();
  const [words, setWords] = useSearchParams();
  const suppliers = useStatus().data?.suppliers ?? [];
  const [level, supplier] = [words.get("level") ?? "", words.get("supplier") ?? ""];
  const choose = (name: string) => (value: string) => {
    const next = new URLSearchParams(words);
    if (value === "") next.delete(name);
    else next.set(name, value);
    setWords(next, { replace: true });
  };
  return (
    <Page title={t("nav.logs")} lead={t("logs.lead")}>
      <div className="grid gap-3 sm:grid-cols-[14rem_18rem]">
        <Select
          label={t("logs.level")}
          value={level}
          onChange={choose("level")}
          options={[{ value: "", text: t("suppliers.any") }, ...LEVELS.map((value) => ({ value, text: t(`level.${value}`) }))]}
        />
        <Select
          label={t("suppliers.one")}
          value={supplier}
          onChange={choose("supplier")}
          options={[{ value: "", text: t("suppliers.any") }, ...suppliers.map(({ id, name }) => ({ value: id, text: name }))]}
        />
      </div>
      <Card flush>
        <LogView key={`${level} ${supplier}`} level={level || undefined} supplier={supplier || undefined} live />
      </Card>
    </Page>
  );
}
