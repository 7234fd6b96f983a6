import type { ProblemOut } from "./types.ts";
import { newId } from "./ids.ts";

/** The server said no (or nothing): `code` is stable and translated, `status` 0 means no answer at all. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly facts: Record<string, unknown>;
  readonly errors: Record<string, unknown> | null;

  constructor(status: number, code: string, facts: Record<string, unknown> = {}, errors: Record<string, unknown> | null = null) {
    super(code);
    this.status = status;
    this.code = code;
    this.facts = facts;
    this.errors = errors;
  }
}

export type Query = Record<string, string | number | boolean | null | undefined>;

export function withQuery(path: string, query: Query = {}): string {
  const parts = Object.entries(query)
    .filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`);
  return parts.length ? `${path}?${parts.join("&")}` : path;
}

/** Called when the server no longer knows who we are. */
let onLoggedOut: () => void = () => undefined;
export function whenLoggedOut(listener: () => void): void {
  onLoggedOut = listener;
}

interface Options { method?: string; body?: unknown; headers?: Record<string, string>; timeoutMs?: number; quiet401?: boolean }

/** One request; the raw answer, or null when none came (no network, time-out). */
export async function exchange(url: string, options: Options = {}): Promise<{ status: number; body: unknown; retryAfter: string | null } | null> {
  const { method = "GET", body, headers = {}, timeoutMs = 15_000 } = options;
  const form = body instanceof FormData;
  try {
    const response = await fetch(url, {
      method,
      credentials: "same-origin",
      headers: { Accept: "application/json", ...(body !== undefined && !form ? { "Content-Type": "application/json" } : {}), ...headers },
      body: body === undefined ? undefined : form ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const json = response.headers.get("content-type")?.includes("json") ?? false;
    const answer: unknown = json ? await response.json() : null;
    return { status: response.status, body: answer, retryAfter: response.headers.get("retry-after") };
  } catch {
    return null;
  }
}

export async function ask<Out>(url: string, options: Options = {}): Promise<Out> {
  const answer = await exchange(url, options);
  if (answer === null) throw new Problem(0, "no_connection");
  if (answer.status >= 200 && answer.status < 300) return answer.body as Out;
  const problem = (answer.body ?? {}) as Partial<ProblemOut>;
  const code = problem.code ?? (answer.status === 401 ? "not_logged_in" : answer.status === 404 ? "not_found" : "server_error");
  if (answer.status === 401 && !options.quiet401) onLoggedOut();
  throw new Problem(answer.status, code, problem.facts ?? {}, problem.errors ?? null);
}

export const get = <Out>(path: string, query?: Query): Promise<Out> => ask<Out>(withQuery(path, query));

/** A write that waits for its answer (desk screens). Scans go through the queue instead. */
export const send = <Out>(path: string, body: unknown = {}, method = "POST", id: string = newId()): Promise<Out> =>
  ask<Out>(path, { method, body, headers: { "Idempotency-Key": id }, timeoutMs: 60_000 });
