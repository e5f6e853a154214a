// SPDX-License-Identifier: Apache-2.0
// test_work.mjs [PG_URL REDIS_URL]: what an administrator does on a normal day, on the embedded default or on these.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { go, launch, open, signIn } from "./browser.mjs";
import { Place, poll, VIEWER } from "./place.mjs";

let browser, place, page;

before(async () => {
  browser = await launch();
  const [, , pg, redis] = process.argv;
  const servers = { store: `{plugin: store-pg, url: "${pg}"}`, state: `{plugin: state-redis, url: "${redis}"}` };
  place = await Place.make(pg === undefined ? {} : servers);
  place.master("Acme", "Bolt", "Cable", "Dowel");
  for (const name of ["Acme", "Bolt", "Cable", "Dowel"]) place.list(name, 40);
  await place.start();
  page = await open(browser, place);
});

after(async () => {
  await browser?.close();
  await place?.end();
});

const syncNow = () => page.getByRole("button", { name: "Sync now" });

async function syncToTheEnd() {
  await go(page, "Overview");
  await syncNow().click();
  await page.getByText("Idle", { exact: true }).or(page.getByText(/wait(s)? for approval/)).waitFor({ state: "hidden" }).catch(() => {});
  await poll(async () => (await syncNow().isEnabled()) && !(await page.getByRole("button", { name: /^Cancel/ }).isVisible()), "the run ends");
}

test("a wrong password is refused with a sentence, the right one opens the overview", async () => {
  await page.getByLabel("User name").fill("admin");
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").getByText(/user name or password is wrong/).waitFor();
  await signIn(page);
});

test("a run that is started shows progress that moves, and its figures at the end", async () => {
  place.delay = 2500; // of each list: the panel looks every three seconds
  await syncNow().click();
  const bar = page.getByRole("progressbar", { name: "Suppliers finished" });
  const seen = new Set();
  await poll(async () => {
    const value = await bar.getAttribute("aria-valuenow", { timeout: 100 }).catch(() => null);
    if (value !== null) seen.add(value);
    return seen.size >= 2;
  }, "two different values of the progress bar");
  assert.equal(await syncNow().isDisabled(), true);
  await poll(() => syncNow().isEnabled(), "the run ends");
  place.delay = 0;
  await page.getByText(/160 rows read|164 rows read/).first().waitFor();
});

test("a supplier that fails is found on the overview and explained on its page", async () => {
  place.lists.delete("Bolt.csv");
  await syncToTheEnd();
  await page.getByRole("link", { name: /Bolt/ }).click();
  await page.getByRole("heading", { level: 1, name: "Bolt" }).waitFor();
  await page.getByText("404").first().waitFor();
  assert.ok(await page.getByText("Error", { exact: true }).first().isVisible());
  place.list("Bolt", 40);
});

test("a list that lost most of its items is held, shown with evidence, and let through once approved", async () => {
  place.list("Cable", 8);
  await syncToTheEnd();
  await go(page, "Approvals");
  await page.getByRole("heading", { name: "Cable" }).waitFor();
  await page.getByRole("listitem").getByText(/Cable-\d+ Thing/).first().waitFor();
  await page.getByRole("button", { name: "Approve" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Approve" }).click();
  await page.getByText(/Approved\. The supplier is being read again/).waitFor();
  await go(page, "Suppliers");
  await poll(async () => /\b8\b/.test(await page.getByRole("row", { name: /Cable/ }).innerText()), "Cable has 8 items");
});

test("rows that were rejected are grouped by reason and can be saved as CSV", async () => {
  place.lists.set("Dowel.csv", "SKU,Name,Price\n" + Array.from({ length: 30 }, (_, i) => `D-${i},Thing,${i < 2 ? "on request" : "4.50"}`).join("\n"));
  await syncToTheEnd();
  await go(page, "Rejected rows");
  await page.getByRole("button", { name: /Price is no number/ }).click();
  await page.getByText("on request").first().waitFor();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as CSV" }).click();
  const text = await (await (await download).createReadStream()).toArray();
  assert.match(Buffer.concat(text).toString(), /on request/);
});

test("the schedule is paused with a reason, says so everywhere, and is resumed", async () => {
  await go(page, "Schedule");
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByLabel("Reason").fill("stocktaking");
  await page.getByRole("dialog").getByRole("button", { name: "Pause" }).click();
  await page.getByText("The schedule is paused: stocktaking").waitFor();
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByText("The schedule is paused: stocktaking").waitFor({ state: "hidden" });
});

test("a run's page tells what it did with each supplier, and its log", async () => {
  await go(page, "Runs");
  await page.getByRole("table", { name: "Runs" }).getByRole("link").first().click();
  await page.getByRole("heading", { level: 1, name: "Run" }).waitFor();
  await page.getByRole("table", { name: "Suppliers in this run" }).getByRole("link", { name: "Acme" }).waitFor();
  await page.getByRole("log").getByText("Acme").first().waitFor();
});

test("language and theme change at once and are remembered", async () => {
  await page.getByLabel("Language").selectOption("ru");
  await page.getByRole("navigation").getByText("Поставщики").waitFor();
  await page.getByLabel("Тема").selectOption("dark");
  await page.reload();
  await page.getByRole("navigation").getByText("Поставщики").waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  assert.equal(await page.evaluate(() => document.documentElement.lang), "ru");
  await page.getByLabel("Язык").selectOption("en");
});

test("a viewer sees everything and no button that changes anything; the server refuses anyway", async () => {
  const other = await open(browser, place);
  await signIn(other, VIEWER);
  for (const name of ["Sync now", "Approve", "Pause"]) assert.equal(await other.getByRole("button", { name }).count(), 0, name);
  await go(other, "Schedule");
  assert.equal(await other.getByRole("button", { name: "Pause" }).count(), 0);
  const status = await other.evaluate(async () => {
    const { token } = JSON.parse(sessionStorage.getItem("sluice.session"));
    const answer = await fetch("/api/v1/admin/ingestion/sync", { method: "POST", headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" }, body: "{}" });
    return answer.status;
  });
  assert.equal(status, 403);
  await other.context().close();
});

test("nothing broke the content policy or threw", () => {
  assert.deepEqual(page.faults, []);
});
