// SPDX-License-Identifier: Apache-2.0
// screenshots.mjs FOLDER: every screen and state of the panel, in every look, from a real daemon.
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launch, open, signIn } from "./browser.mjs";
import { freePort, Place, poll, VIEWER } from "./place.mjs";
import { api, LOOKS, scene } from "./scene.mjs";

const [, , folder] = process.argv;
mkdirSync(folder, { recursive: true });
const browser = await launch();

/** A page of each look, signed in unless `user` is null. */
async function pages(place, user) {
  const opened = {};
  for (const [look, options] of Object.entries(LOOKS)) {
    opened[look] = await open(browser, place, options);
    if (user !== null) await signIn(opened[look], user);
  }
  return opened;
}

async function picture(opened, name, path) {
  for (const [look, page] of Object.entries(opened)) {
    if (path !== undefined) {
      await page.goto(page.url().replace(/#.*/, `#${path}`));
      await page.reload();
    }
    await page.locator("h1").waitFor();
    await page.waitForLoadState("networkidle");
    await page.mouse.move(0, 0);
    await page.screenshot({ path: join(folder, `${name}-${look}.png`), fullPage: true });
  }
}

async function empty() {
  const place = await Place.make();
  place.master();
  await place.start();
  const opened = await pages(place);
  for (const screen of ["overview", "suppliers", "runs", "rejects", "approvals", "logs"])
    await picture(opened, `empty-${screen}`, screen === "overview" ? "/" : `/${screen}`);
  await place.end();
}

async function full() {
  const { place, screens } = await scene();
  await picture(await pages(place, null), "login");
  const opened = await pages(place);
  for (const [screen, path] of Object.entries(screens)) await picture(opened, screen === "overview" ? "overview-held" : screen, path);
  await picture(await pages(place, VIEWER), "viewer-approvals", "/approvals");

  await api(place, "/schedule/pause", JSON.stringify({ reason: "stocktaking until Monday" }));
  await picture(opened, "schedule-paused", "/schedule");
  const [hold] = (await api(place, "/holds")).items;
  await api(place, `/holds/${hold.id}/discard`, "{}");
  await picture(opened, "overview-paused", "/");
  await api(place, "/schedule/resume", "{}");
  await picture(opened, "overview-idle", "/");
  place.delay = 8000;
  await api(place, "/sync", "{}");
  await picture(opened, "overview-running", "/");
  await place.stop();
  for (const page of Object.values(opened)) await page.getByText("The server does not answer.").first().waitFor({ timeout: 60_000 });
  await picture(opened, "gone");
  await place.end();
}

/** With a Redis of its own that ends under the daemon's feet. */
async function degraded() {
  const port = await freePort();
  const redis = spawn("redis-server", ["--port", String(port), "--bind", "127.0.0.1", "--save", ""], { stdio: "ignore" });
  try {
    const { place } = await scene({ state: `{plugin: state-redis, url: "redis://127.0.0.1:${port}/0"}` });
    const opened = await pages(place);
    redis.kill();
    await poll(async () => (await api(place, "/status")).degraded.length > 0, "Redis is missed");
    await picture(opened, "overview-degraded", "/");
    await place.end();
  } finally {
    redis.kill();
  }
}

try {
  await full();
  await degraded();
  await empty();
} finally {
  await browser.close();
}
