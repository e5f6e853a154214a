// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { sessionSet } from "@/api/session";
import type { User } from "@/api/types";
import { LANGUAGES, languageSet, type Language } from "@/i18n";
import { Button } from "@/ui/Button";
import { Select } from "@/ui/Field";
import { THEMES, themeSet, useTheme, type Theme } from "./theme";

/** Language, theme and the way out. */
export function Preferences({ user }: { user: User }) {
  const { t, i18n } = useTranslation();
  const theme = useTheme();
  const client = useQueryClient();
  const leave = () => {
    sessionSet(null);
    client.clear();
  };
  return (
    <div className="flex flex-col gap-2 px-2 text-[13px]">
      <div className="grid grid-cols-2 gap-2 md:grid-cols-1">
        <Select
          label={t("preferences.language")}
          value={i18n.language}
          onChange={(language) => languageSet(language as Language)}
          options={LANGUAGES.map((language) => ({ value: language, text: t(`preferences.${language}`) }))}
        />
        <Select
          label={t("preferences.theme")}
          value={theme}
          onChange={(next) => themeSet(next as Theme)}
          options={THEMES.map((one) => ({ value: one, text: t(`preferences.${one}`) }))}
        />
      </div>
      <div className="flex items-center justify-between gap-2">
        <span className="min-w-0 leading-tight">
          <span className="block truncate font-medium">{user.username}</span>
          <span className="text-xs text-muted">{t(`role.${user.role}`)}</span>
        </span>
        <Button kind="quiet" small onClick={leave}>
          {t("preferences.signOut")}
        </Button>
      </div>
    </div>
  );
}
