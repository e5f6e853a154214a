// SPDX-License-Identifier: Apache-2.0
// A place for one test: a folder with a configuration, a server that hands out its lists (slowly, when asked to), and
// the daemon, killed at the end by its process id.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const SOURCE = fileURLToPath(new URL("../..", import.meta.url));
const BUILD = resolve(process.env.SLUICE_BUILD ?? join(SOURCE, "build/dev"));
const PROGRAM = join(BUILD, "bin/sluice");
const DEADLINE_MS = 60_000;

export const ADMIN = { name: "admin", password: "correct horse" };
export const VIEWER = { name: "watcher", password: "battery staple" };

/** Waits until `condition ()` gives something true, and gives that. */
export async function poll(condition, what) {
  const end = Date.now() + DEADLINE_MS;
  for (;;) {
    const answer = await condition();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`never happened: ${what}`);
    await pause(20);
  }
}

export function freePort() {
  return new Promise((done) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

function hashOf(password) {
  const done = spawnSync(PROGRAM, ["user", "hash"], { input: `${password}\n`, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`sluice user hash: ${done.stderr}`);
  return done.stdout.trim();
}

const USERS = `users:
  ${ADMIN.name}: {role: admin, password_hash: "${hashOf(ADMIN.password)}"}
  ${VIEWER.name}: {role: viewer, password_hash: "${hashOf(VIEWER.password)}"}
`;

export class Place {
  static async make(options = {}) {
    const place = new Place();
    place.folder = mkdtempSync(join(tmpdir(), "sluice-panel."));
    place.lists = new Map();
    place.delay = 0;
    place.feed = http.createServer((request, response) => place.#serve(request, response)).listen(0, "127.0.0.1");
    await new Promise((done) => place.feed.once("listening", done));
    place.port = await freePort();
    place.address = `http://127.0.0.1:${place.port}`;
    place.configure(options);
    return place;
  }

  async #serve(request, response) {
    if (this.delay > 0) await pause(this.delay);
    const text = this.lists.get(request.url.slice(1));
    response.writeHead(text === undefined ? 404 : 200, { "content-type": "text/csv" }).end(text);
  }

  configure({ store = "{plugin: store-sqlite, path: sluice.db}", state = "{plugin: state-local, path: state}", extra = "", users = true }) {
    this.write(
      "sluice.yaml",
      `master: {plugin: csv-stub, url: suppliers.csv}
store: ${store}
state: ${state}
sync: {workers: 1, lease: 5s}
fetch: {allow_http: ["127.0.0.1:${this.feed.address().port}"], allow_private: ["127.0.0.1:${this.feed.address().port}"]}
schedule: {every: 8h, timezone: Europe/Kyiv}
http: {listen: "127.0.0.1:${this.port}", panel: "${join(SOURCE, "panel/dist")}", secret_file: sluice.secret}
${users ? USERS : ""}${extra}`,
    );
  }

  write(name, text) {
    writeFileSync(join(this.folder, name), text);
  }

  /** suppliers.csv: each is a name, whose list is NAME.csv at the feed's server. */
  master(...names) {
    const rows = names.map((name) => `${name},http://127.0.0.1:${this.feed.address().port}/${encodeURIComponent(name)}.csv,csv,yes`);
    this.write("suppliers.csv", `Supplier,Price list,Format,Active\n${rows.join("\n")}\n`);
  }

  /** A clean list of n items. */
  list(name, n = 20, price = (i) => `${i}.50`) {
    const rows = Array.from({ length: n }, (_, i) => `${name}-${i + 1},Thing ${i + 1},${price(i + 1)}`);
    this.lists.set(`${encodeURIComponent(name)}.csv`, `SKU,Name,Price\n${rows.join("\n")}\n`);
  }

  sluice(...words) {
    return spawnSync(PROGRAM, words, { cwd: this.folder, encoding: "utf8", timeout: DEADLINE_MS });
  }

  async start() {
    this.said = "";
    this.daemon = spawn(PROGRAM, ["run"], { cwd: this.folder, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.daemon.stdout, this.daemon.stderr]) stream.on("data", (text) => (this.said += text));
    await poll(async () => {
      if (this.daemon.exitCode !== null) throw new Error(`sluice run ended by itself:\n${this.said}`);
      return fetch(`${this.address}/healthz`).then((answer) => answer.ok, () => false);
    }, "the daemon answers");
  }

  async stop() {
    if (this.daemon === undefined || this.daemon.exitCode !== null || this.daemon.signalCode !== null) return;
    const ended = new Promise((done) => this.daemon.once("exit", done));
    this.daemon.kill("SIGTERM");
    await ended;
  }

  async end() {
    await this.stop();
    this.feed.closeAllConnections();
    this.feed.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
