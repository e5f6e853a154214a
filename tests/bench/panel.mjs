// SPDX-License-Identifier: Apache-2.0
// panel.mjs ADDRESS TOKEN: opens the suppliers in a fresh browser, then sorts, filters, searches and scrolls as a person
// would. Prints {load, task, during}: milliseconds until data is on the screen, the longest task after that, and in what.
import { setTimeout as pause } from "node:timers/promises";
import { launch } from "../panel/browser.mjs";
import { poll } from "../panel/place.mjs";

const [, , address, token] = process.argv;
const SETTLED_MS = 150;

/** Runs in the page before its own code: signs in, and watches for the first row and for long tasks. */
function prepare(session) {
  sessionStorage.setItem("sluice.session", JSON.stringify(session));
  globalThis.watched = { tasks: [] };
  new PerformanceObserver((list) => {
    globalThis.watched.tasks.push(...list.getEntries().map((task) => task.duration));
  }).observe({ type: "longtask" });
  const rows = new MutationObserver(() => {
    if (document.querySelector("tbody td") === null) return;
    rows.disconnect();
    // The frame after the one that draws it: then it has been seen.
    requestAnimationFrame(() => requestAnimationFrame(() => (globalThis.watched.load = performance.now())));
  });
  rows.observe(document, { childList: true, subtree: true });
}

const browser = await launch();
const page = await (await browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 900 } })).newPage();
const longest = { task: 0, during: "nothing" };

/** Does something, lets it settle, and keeps its longest task. */
async function measure(during, act) {
  await page.evaluate(() => (globalThis.watched.tasks.length = 0));
  await act();
  await pause(SETTLED_MS);
  const task = await page.evaluate(() => Math.max(0, ...globalThis.watched.tasks));
  if (task > longest.task) Object.assign(longest, { task, during });
}

/** Turns the wheel over what is under the pointer until nothing moves any more. */
async function wheelToTheEnd(position) {
  for (let before = -1, now = 0; now !== before; ) {
    before = now;
    for (let turn = 0; turn < 10; turn += 1) await page.mouse.wheel(0, 700);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    now = await page.evaluate(position);
  }
}

try {
  const expires = new Date(Date.now() + 3_600_000).toISOString();
  await page.addInitScript(prepare, { token, expires_at: expires, user: { name: "bench", role: "admin" } });
  await page.goto(`${address}/#/suppliers`);
  const load = await poll(() => page.evaluate(() => globalThis.watched.load), "a supplier is shown");
  await page.waitForLoadState("networkidle");

  await measure("nothing is done", () => pause(2500));
  await measure("the status is asked for", () => page.evaluate(() => dispatchEvent(new Event("visibilitychange"))));
  const heads = page.locator("thead button");
  for (let head = 0; head < (await heads.count()); head += 1)
    for (const way of ["once", "again"]) await measure(`column ${head + 1} is sorted ${way}`, () => heads.nth(head).click());
  for (const [label, value] of [["Status", "error"], ["Status", ""], ["Format", "excel"], ["Format", ""]])
    await measure(`${label} is filtered by '${value}'`, () => page.getByLabel(label, { exact: true }).selectOption(value));
  const search = page.getByRole("searchbox");
  await measure("a name is typed", () => search.pressSequentially("number 77", { delay: 40 }));
  await measure("the search is cleared", () => search.fill(""));
  await page.mouse.move(700, 600);
  await measure("the suppliers are scrolled", () => wheelToTheEnd(() => scrollY));

  await page.goto(`${address}/#/logs`);
  await page.getByRole("log").waitFor();
  await page.waitForLoadState("networkidle");
  await page.mouse.move(700, 600);
  await measure("the log is scrolled", () => wheelToTheEnd(() => document.querySelector("[role=log]").scrollTop));
  console.log(JSON.stringify({ load, ...longest }));
} finally {
  await browser.close();
}
