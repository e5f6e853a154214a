// SPDX-License-Identifier: Apache-2.0
// Light, dark, or as the system says; remembered by the browser.
import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";
export const THEMES: readonly Theme[] = ["system", "light", "dark"];

const KEY = "sluice.theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();
let theme = (localStorage.getItem(KEY) as Theme | null) ?? "system";

function apply(): void {
  const dark = theme === "dark" || (theme === "system" && system.matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

export function themeSet(next: Theme): void {
  theme = next;
  localStorage.setItem(KEY, next);
  apply();
  listeners.forEach((listener) => listener());
}

export function themeStart(): void {
  apply();
  system.addEventListener("change", apply);
}

export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => theme,
  );
}
