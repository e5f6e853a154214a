// SPDX-License-Identifier: Apache-2.0
// A place with something to see on every screen: suppliers that are fine, one that fails, one whose list is held, and
// rejected rows.
import { ADMIN, Place, poll } from "./place.mjs";

export const LOOKS = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  phone: { colorScheme: "light", viewport: { width: 390, height: 844 } },
  "phone-dark": { colorScheme: "dark", viewport: { width: 390, height: 844 } },
};

const THINGS = ["Claw hammer", "Hand saw", "Wood chisel", "Spirit level", "Folding rule", "Cable drum", "Socket, double", "Anchor bolt M8"];

/** Asks the API of a place as its administrator. */
export async function api(place, path, body) {
  const json = { "Content-Type": "application/json" };
  if (place.token === undefined) {
    const words = JSON.stringify({ username: ADMIN.name, password: ADMIN.password });
    const login = await fetch(`${place.address}/api/v1/auth/login`, { method: "POST", headers: json, body: words });
    place.token = (await login.json()).token;
  }
  const headers = { ...json, Authorization: `Bearer ${place.token}` };
  const answer = await fetch(`${place.address}/api/v1/admin/ingestion${path}`, { method: body ? "POST" : "GET", headers, body });
  return answer.json();
}

export async function syncOnce(place) {
  const { task_id: id } = await api(place, "/sync", "{}");
  await poll(async () => (await api(place, `/runs/${id}`)).state === "done", "the run ends");
  await poll(async () => (await api(place, "/status")).last_run?.id === id, "the status knows the run");
  return id;
}

function list(place, name, rows, price) {
  const short = name.slice(0, 2).toUpperCase();
  const lines = Array.from({ length: rows }, (_, i) => `${short}-${1000 + i},"${THINGS[i % THINGS.length]}, size ${i + 1}",${price(i + 1)},EUR`);
  place.lists.set(`${encodeURIComponent(name)}.csv`, `SKU,Name,Price,Currency\n${lines.join("\n")}\n`);
}

/** The place, its daemon started and two runs done, and the address of each screen. `options` as Place.make takes them. */
export async function scene(options) {
  const place = await Place.make(options);
  const names = ["Nordkabel GmbH", "Big Bolt Ltd", "Электрон", "Garden & Co", "Hansen AS", "Lumière SARL"];
  place.master(...names);
  for (const [index, name] of names.entries())
    list(place, name, 30 + index * 17, (i) => (i % 23 === 9 ? "on request" : `${i}.50`));
  await place.start();
  await syncOnce(place);
  list(place, "Hansen AS", 12, (i) => `${i}.50`);
  list(place, "Big Bolt Ltd", 47, (i) => `${i}.75`);
  place.lists.delete(`${encodeURIComponent("Garden & Co")}.csv`);
  const run = await syncOnce(place);
  const { items } = await api(place, "/suppliers");
  const supplier = items.find(({ name }) => name === "Big Bolt Ltd").id;
  const screens = { overview: "/", suppliers: "/suppliers", supplier: `/suppliers/${supplier}`, runs: "/runs", run: `/runs/${run}`,
    rejects: "/rejects", approvals: "/approvals", logs: "/logs", schedule: "/schedule" };
  return { place, screens };
}
