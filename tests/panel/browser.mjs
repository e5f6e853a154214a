// SPDX-License-Identifier: Apache-2.0
// Debian's Chromium, driven by playwright-core from the panel's own packages.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { ADMIN } from "./place.mjs";

const PANEL = new URL("../../panel/", import.meta.url);
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const require = createRequire(new URL("package.json", PANEL));

function skip(why) {
  console.log(why);
  process.exit(77);
}

if (!existsSync(CHROMIUM)) skip("needs Debian's package chromium");
if (!existsSync(new URL("node_modules/playwright-core", PANEL)) || !existsSync(new URL("dist/index.html", PANEL)))
  skip("needs the panel, which scripts/panel builds");

const { chromium } = require("playwright-core");
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

// Without these Chromium looks for hosts of the internet at every start.
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

export const DIST = fileURLToPath(new URL("dist", PANEL));

export function launch() {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

/** A page of its own profile. Errors of the page are kept in page.faults. */
export async function open(browser, place, options = {}) {
  const context = await browser.newContext({ locale: "en-GB", colorScheme: "light", viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) page.faults.push(message.text());
  });
  await page.goto(place.address);
  return page;
}

export async function signIn(page, user = ADMIN) {
  await page.getByLabel("User name").fill(user.name);
  await page.getByLabel("Password").fill(user.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
}

export async function go(page, screen) {
  await page.getByRole("navigation", { name: "Screens" }).getByRole("link", { name: screen }).click();
  await page.getByRole("heading", { level: 1, name: screen }).waitFor();
}

/** What axe finds, one line a violation. */
export async function violations(page) {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { violations: found } = await globalThis.axe.run();
    return found.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
  });
}
