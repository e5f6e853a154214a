// SPDX-License-Identifier: Apache-2.0
// Every screen in both themes and on a phone: axe finds nothing, nothing is wider than the screen. With
// SLUICE_SCREENSHOTS=FOLDER each is also kept as a picture.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { DIST, launch, open, signIn, violations } from "./browser.mjs";
import { ADMIN, Place, poll } from "./place.mjs";

const PICTURES = process.env.SLUICE_SCREENSHOTS;
const LOOKS = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  phone: { colorScheme: "light", viewport: { width: 390, height: 844 } },
};

let browser, place, screens;

async function api(at, path, body) {
  at.token ??= (await (await fetch(`${at.address}/api/v1/auth/login`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ username: ADMIN.name, password: ADMIN.password }) })).json()).token;
  const answer = await fetch(`${at.address}/api/v1/admin/ingestion${path}`, { method: body ? "POST" : "GET", headers: { Authorization: `Bearer ${at.token}`, "Content-Type": "application/json" }, body });
  return answer.json();
}

async function syncOnce(at) {
  const { task_id: id } = await api(at, "/sync", "{}");
  await poll(async () => (await api(at, `/runs/${id}`)).state === "done", "the run ends");
  return id;
}

before(async () => {
  browser = await launch();
  place = await Place.make();
  const names = ["Nordkabel GmbH", "Big Bolt Ltd", "Электрон", "Garden & Co", "Hansen AS", "Lumière SARL"];
  place.master(...names);
  for (const [index, name] of names.entries()) place.list(name, 30 + index * 17, (i) => (i % 23 === 9 ? "on request" : `${i}.50`));
  await place.start();
  await syncOnce(place);
  place.list("Hansen AS", 12);
  place.list("Big Bolt Ltd", 47, (i) => `${i}.75`);
  place.lists.delete(`${encodeURIComponent("Garden & Co")}.csv`);
  const run = await syncOnce(place);
  const { items } = await api(place, "/suppliers");
  const supplier = items.find(({ name }) => name === "Big Bolt Ltd").id;
  screens = { overview: "/", suppliers: "/suppliers", supplier: `/suppliers/${supplier}`, runs: "/runs", run: `/runs/${run}`,
    rejects: "/rejects", approvals: "/approvals", logs: "/logs", schedule: "/schedule" };
});

after(async () => {
  await browser?.close();
  await place?.end();
});

async function look(page, look_, name) {
  await page.waitForLoadState("networkidle");
  if (PICTURES !== undefined) {
    mkdirSync(PICTURES, { recursive: true });
    await page.screenshot({ path: join(PICTURES, `${name}-${look_}.png`), fullPage: true });
  }
  const wider = await page.evaluate(() =>
    document.documentElement.scrollWidth <= innerWidth
      ? []
      : [...document.querySelectorAll("body *")]
          .filter((element) => element.getBoundingClientRect().right > innerWidth)
          .map((element) => element.outerHTML.slice(0, 120)),
  );
  assert.deepEqual(wider, [], `${name}, ${look_}: wider than the screen`);
  assert.deepEqual(await violations(page), [], `${name}, ${look_}`);
}

for (const [name, options] of Object.entries(LOOKS))
  test(`every screen is accessible and fits: ${name}`, async () => {
    const page = await open(browser, place, options);
    await look(page, name, "login");
    await signIn(page);
    for (const [screen, path] of Object.entries(screens)) {
      await page.goto(`${place.address}/#${path}`);
      await page.locator("h1").waitFor();
      await look(page, name, screen);
    }
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

test("of many suppliers those in sight are in the page, and the last is found by scrolling and by its name", async (t) => {
  const many = await Place.make();
  t.after(() => many.end());
  const names = Array.from({ length: 300 }, (_, i) => `Supplier ${i + 1}`);
  many.master(...names);
  for (const name of names) many.list(name, 2);
  await many.start();
  await syncOnce(many);
  for (const options of Object.values(LOOKS)) {
    const page = await open(browser, many, options);
    await signIn(page);
    await page.goto(`${many.address}/#/suppliers`);
    await page.getByRole("link", { name: "Supplier 1", exact: true }).waitFor();
    assert.ok((await page.getByRole("row").count()) < 100, "only those in sight");
    assert.equal(await page.getByRole("table").getAttribute("aria-rowcount"), "301");
    assert.deepEqual(await violations(page), []);
    const last = page.getByRole("link", { name: "Supplier 300", exact: true });
    await poll(async () => {
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
      return last.isVisible();
    }, "the last supplier comes into sight");
    await page.getByLabel("Search by name").fill("300");
    await poll(async () => (await page.getByRole("row").count()) === 2, "only the one that was searched for");
    await page.context().close();
  }
});

test("the keyboard alone reaches the content and the navigation", async () => {
  const page = await open(browser, place);
  await signIn(page);
  await page.keyboard.press("Tab");
  const first = await page.evaluate(() => document.activeElement.textContent);
  assert.equal(first, "Skip to content");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "content");
  await page.context().close();
});

test("a production build stays below 150 kB, compressed", () => {
  const files = readdirSync(DIST, { recursive: true }).map((name) => join(DIST, name)).filter((file) => statSync(file).isFile() && !file.endsWith(".gz"));
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(file), { level: 9 }).length, 0);
  assert.ok(bytes < 150_000, `${bytes} bytes`);
});
