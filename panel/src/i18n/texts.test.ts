// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import en from "./en.json";
import ru from "./ru.json";

const PLURAL = /_(zero|one|two|few|many|other)$/;
type Texts = { [key: string]: string | Texts };

function flat(texts: Texts, prefix = ""): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(texts))
    if (typeof value === "string") all.set(prefix + key, value);
    else flat(value, `${prefix}${key}.`).forEach((text, name) => all.set(name, text));
  return all;
}

const texts = { en: flat(en), ru: flat(ru) };
const bare = (all: Map<string, string>) => new Set([...all.keys()].map((key) => key.replace(PLURAL, "")));

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? sources(join(folder, entry.name)) : /(?<!\.test|\.d)\.tsx?$/.test(entry.name) ? [join(folder, entry.name)] : [],
  );
}

describe("the texts", () => {
  it("have the same keys in both languages", () => {
    expect([...bare(texts.ru)].sort()).toEqual([...bare(texts.en)].sort());
  });

  it("have every plural form of their language", () => {
    for (const language of ["en", "ru"] as const) {
      const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      const counted = [...texts[language].keys()].filter((key) => PLURAL.test(key)).map((key) => key.replace(PLURAL, ""));
      for (const key of new Set(counted))
        expect(wanted.filter((form) => !texts[language].has(`${key}_${form}`)), `${language} ${key}`).toEqual([]);
    }
  });

  it("use the same values in both languages", () => {
    const values = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map((match) => match[1]).sort();
    for (const [key, text] of texts.en) {
      const other = texts.ru.get(key) ?? texts.ru.get(key.replace(PLURAL, "_other"));
      if (other !== undefined) expect(values(other), key).toEqual(values(text));
    }
  });

  it("are there for every key that the code asks for, and for no other", () => {
    const code = sources(join(__dirname, "..")).map((file) => readFileSync(file, "utf8")).join("\n");
    const asked = [...code.matchAll(/["'`]([a-z]\w+(?:\.\w+)+)["'`]/g)].map((match) => match[1] ?? "");
    const groups = [...code.matchAll(/t\(\s*`(\w+(?:\.\w+)*)\.\$\{/g)].map((match) => `${match[1]}.`);
    const known = bare(texts.en);
    const roots = new Set([...known].map((key) => key.split(".")[0]));
    const missing = asked.filter((key) => roots.has(key.split(".")[0]) && key.split(".").length > 1 && !known.has(key));
    expect(missing.filter((key) => !/\.(json|css|svg|tsx?)$/.test(key))).toEqual([]);
    const unused = [...known].filter((key) => !asked.includes(key) && !groups.some((group) => key.startsWith(group)));
    expect(unused.filter((key) => !code.includes(`"${key.split(".").at(-1)}"`))).toEqual([]);
  });
});
