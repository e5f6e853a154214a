// SPDX-License-Identifier: Apache-2.0
// English and Russian; the browser's language decides until the user does.
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import en from "./en.json";
import ru from "./ru.json";

const KEY = "sluice.language";
export const LANGUAGES = ["en", "ru"] as const;
export type Language = (typeof LANGUAGES)[number];

function preferred(): Language {
  const chosen = localStorage.getItem(KEY) ?? navigator.language.slice(0, 2);
  return chosen === "ru" ? "ru" : "en";
}

function say(language: string): void {
  document.documentElement.lang = language;
}

export function languageSet(language: Language): void {
  localStorage.setItem(KEY, language);
  void i18next.changeLanguage(language);
}

export async function i18nStart(): Promise<void> {
  i18next.on("languageChanged", say);
  await i18next.use(initReactI18next).init({
    resources: { en: { translation: en }, ru: { translation: ru } },
    lng: preferred(),
    fallbackLng: "en",
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  say(i18next.language);
}
