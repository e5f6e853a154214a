// SPDX-License-Identifier: Apache-2.0
// Every screen in both themes and languages and on a phone: axe finds nothing, nothing is cut off.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { DIST, launch, open, signIn, violations } from "./browser.mjs";
import { Place, poll } from "./place.mjs";
import { LOOKS, scene, syncOnce } from "./scene.mjs";

let browser, place, screens;

before(async () => {
  browser = await launch();
  ({ place, screens } = await scene());
});

after(async () => {
  await browser?.close();
  await place?.end();
});

/** What is wider than the window or than what it stands in, so that a part of it cannot be read. */
function cutOff() {
  const box = (element) => element.getBoundingClientRect();
  // What is only read aloud stands in a pixel.
  const forEyes = (element) => element === null || (box(element).width > 1 && forEyes(element.parentElement));
  return [...document.querySelectorAll("#root *:not(svg *)")]
    .filter((element) => box(element).right > Math.min(box(element.parentElement).right, innerWidth) + 1 && forEyes(element))
    .map((element) => `${element.tagName} "${element.textContent}" in ${box(element.parentElement).width} px`);
}

async function fits(page, name) {
  await page.waitForLoadState("networkidle");
  assert.deepEqual(await page.evaluate(cutOff), [], `${name}: cut off`);
}

async function look(page, name) {
  await fits(page, name);
  assert.deepEqual(await violations(page), [], name);
}

for (const [name, options] of Object.entries(LOOKS))
  test(`every screen is accessible and fits: ${name}`, async () => {
    const page = await open(browser, place, options);
    await look(page, `login, ${name}`);
    await signIn(page);
    const walk = async (language, check) => {
      await page.evaluate((chosen) => localStorage.setItem("sluice.language", chosen), language);
      await page.reload();
      for (const [screen, path] of Object.entries(screens)) {
        await page.goto(`${place.address}/#${path}`);
        await page.locator("h1").waitFor();
        await check(page, `${screen}, ${name}, ${language}`);
      }
    };
    await walk("en", look);
    if (options.colorScheme === "light") await walk("ru", fits);
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
