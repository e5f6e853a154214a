// SPDX-License-Identifier: Apache-2.0
// How the panel behaves when nobody looks, when the session ends, and when the server goes and comes back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { launch, open, signIn } from "./browser.mjs";
import { Place, poll } from "./place.mjs";

let browser, place, page;

before(async () => {
  browser = await launch();
  place = await Place.make();
  place.master("Acme");
  place.list("Acme");
  await place.start();
  page = await open(browser, place);
  await signIn(page);
});

after(async () => {
  await browser?.close();
  await place?.end();
});

/** How many status requests the page has sent so far. */
function counter() {
  const seen = { count: 0 };
  page.on("request", (request) => {
    if (request.url().includes("/ingestion/status")) seen.count += 1;
  });
  return seen;
}

/** Moves the page's clock on, in steps between which an answer can arrive. */
async function pass(ms) {
  for (let past = 0; past < ms; past += 1000) {
    await page.clock.runFor(1000);
    await pause(10);
  }
}

function setHidden(hidden) {
  return page.evaluate((value) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => value });
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => (value ? "hidden" : "visible") });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  }, hidden);
}

test("the status is polled every ten seconds while idle, and not at all in a hidden tab", async () => {
  await page.clock.install();
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  const seen = counter();
  await pass(60_000);
  assert.ok(seen.count >= 5 && seen.count <= 8, `${seen.count} requests in a minute`);
  await setHidden(true);
  const before = seen.count;
  await pass(60_000);
  assert.equal(seen.count, before, "requests of a hidden tab");
  await setHidden(false);
  await poll(() => seen.count > before, "it looks again as soon as it is seen");
});

test("when the server is gone the panel says so and keeps what it knows; it recovers by itself", async () => {
  const fresh = await open(browser, place);
  await signIn(fresh);
  await fresh.getByText("Last run", { exact: true }).waitFor();
  await place.stop();
  await fresh.getByText("The server does not answer.").first().waitFor({ timeout: 60_000 });
  assert.ok(await fresh.getByText("Last run", { exact: true }).isVisible());
  await place.start();
  await poll(async () => (await fresh.getByText("The server does not answer.").count()) === 0, "all of the page recovers");
  await fresh.context().close();
});

test("when the session has ended the panel asks to sign in, and returns to the same screen", async () => {
  const fresh = await open(browser, place);
  await signIn(fresh);
  await fresh.goto(`${place.address}/#/schedule`);
  await fresh.getByRole("heading", { level: 1, name: "Schedule" }).waitFor();
  await fresh.evaluate(() => {
    const session = JSON.parse(sessionStorage.getItem("sluice.session"));
    sessionStorage.setItem("sluice.session", JSON.stringify({ ...session, token: `${session.token}x` }));
  });
  await fresh.reload();
  await fresh.getByRole("heading", { name: "Sign in to Sluice" }).waitFor();
  await fresh.getByLabel("User name").fill("admin");
  await fresh.getByLabel("Password").fill("correct horse");
  await fresh.getByRole("button", { name: "Sign in" }).click();
  await fresh.getByRole("heading", { level: 1, name: "Schedule" }).waitFor();
  await fresh.context().close();
});

test("what is behind the API's limits is said: a second start answers that one is in progress", async () => {
  const fresh = await open(browser, place);
  await signIn(fresh);
  await fresh.route("**/ingestion/sync", (route) =>
    route.fulfill({ status: 409, contentType: "application/json", body: JSON.stringify({ error: { code: "SYNC_IN_PROGRESS", message: "x", current_task_id: "y" } }) }),
  );
  await fresh.getByRole("button", { name: "Sync now" }).click();
  await fresh.getByText("A run is already in progress.").waitFor();
  await fresh.context().close();
});

test("the one-time link of a first start signs in once", async () => {
  const first = await Place.make({ users: false });
  first.master("Acme");
  first.list("Acme");
  await first.start();
  const link = await poll(() => /Panel\s+(http\S+)/.exec(first.said)?.[1], "the daemon prints its link");
  const guest = await browser.newPage();
  await guest.goto(link);
  await guest.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  const second = await (await browser.newContext()).newPage();
  await second.goto(link);
  await second.getByRole("alert").waitFor();
  assert.equal(await second.getByRole("heading", { level: 1, name: "Overview" }).count(), 0);
  await first.end();
});
