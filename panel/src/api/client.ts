// SPDX-License-Identifier: Apache-2.0
// The one way to the API: adds the token, turns every failure into an ApiError, and learns the server's clock from the
// Date header, because the browser's own may be wrong.
import { sessionGet, sessionSet } from "./session";
import type { ErrorCode } from "./types";

const ADMIN = "/api/v1/admin/ingestion";
const TIMEOUT_MS = 15_000;

/** A refusal of the server, or `OFFLINE` when no answer came. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: ErrorCode | "OFFLINE",
    message: string,
    readonly requestId: string | null = null,
    readonly currentTaskId: string | null = null,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

let clockSkewMs = 0;

/** The present on the server's clock, in milliseconds since 1970. */
export function serverNow(): number {
  return Date.now() + clockSkewMs;
}

function learnClock(response: Response): void {
  const date = response.headers.get("Date");
  const age = Number(response.headers.get("Age") ?? 0);
  // A body that came from the cache has an old Date; one that the server could not confirm has an Age.
  if (date === null || age > 0) return;
  const skew = Date.parse(date) - Date.now();
  if (Math.abs(skew - clockSkewMs) > 1500) clockSkewMs = skew;
}

interface ErrorBody {
  error?: { code?: ErrorCode; message?: string; request_id?: string; current_task_id?: string };
}

async function refusal(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as ErrorBody;
  return new ApiError(
    response.status,
    body.error?.code ?? "INTERNAL_ERROR",
    body.error?.message ?? response.statusText,
    body.error?.request_id ?? response.headers.get("X-Request-Id"),
    body.error?.current_task_id ?? null,
  );
}

async function send(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const headers = new Headers({ Accept: "application/json" });
  const session = sessionGet();
  if (session !== null) headers.set("Authorization", `Bearer ${session.token}`);
  if (body !== undefined) headers.set("Content-Type", "application/json");
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  const how: RequestInit = { method, headers, signal: signal ? AbortSignal.any([signal, limit]) : limit };
  if (body !== undefined) how.body = JSON.stringify(body);
  const response = await fetch(path, how).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new ApiError(0, "OFFLINE", "no answer from the server");
  });
  learnClock(response);
  if (response.ok) return response;
  const error = await refusal(response);
  if (response.status === 401 && session !== null) sessionSet(null);
  throw error;
}

export type Query = Record<string, string | number | null | undefined>;

function address(path: string, query: Query = {}): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== null && value !== undefined && value !== "") words.set(name, String(value));
  const text = words.toString();
  return ADMIN + path + (text === "" ? "" : `?${text}`);
}

export async function apiGet<Answer>(path: string, query?: Query, signal?: AbortSignal): Promise<Answer> {
  return (await send("GET", address(path, query), undefined, signal)).json() as Promise<Answer>;
}

export async function apiPost<Answer>(path: string, body: unknown = {}): Promise<Answer> {
  return (await send("POST", address(path), body)).json() as Promise<Answer>;
}

/** A file of the API, for the browser to save. */
export async function apiDownload(path: string, query: Query, name: string): Promise<void> {
  const blob = await (await send("GET", address(path, query), undefined)).blob();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Requests below /api/v1/auth. */
export async function authPost<Answer>(path: string, body: unknown): Promise<Answer> {
  return (await send("POST", `/api/v1/auth${path}`, body)).json() as Promise<Answer>;
}
