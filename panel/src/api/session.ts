// SPDX-License-Identifier: Apache-2.0
// Who is signed in. The token lives as long as the browser's tab and is never put into an address.
import { useSyncExternalStore } from "react";
import type { Session } from "./types";

const KEY = "sluice.session";
const listeners = new Set<() => void>();

function stored(): Session | null {
  const text = sessionStorage.getItem(KEY);
  if (text === null) return null;
  const session = JSON.parse(text) as Session;
  return Date.parse(session.expires_at) > Date.now() ? session : null;
}

let current = stored();

export function sessionGet(): Session | null {
  return current;
}

export function sessionSet(session: Session | null): void {
  current = session;
  if (session === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, JSON.stringify(session));
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useSession(): Session | null {
  return useSyncExternalStore(subscribe, sessionGet);
}

/** Whether the signed-in user may change things; the server refuses a viewer anyway. */
export function useIsAdmin(): boolean {
  return useSession()?.user.role === "admin";
}
