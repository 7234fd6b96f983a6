/** What the queue decides, without a browser. */

export type CommandState = "waiting" | "refused" | "blocked";

export interface QueuedCommand {
  /** UUIDv7, made and stored before the first sending: the Idempotency-Key of every attempt. */
  id: string;
  user_id: number;
  /** What it is, e.g. `picking.pick`: names it for a person and chooses who hears the answer. */
  kind: string;
  url: string;
  body: Record<string, unknown>;
  event_at: string;
  state: CommandState;
  /** Attempts that may have reached the server. 0 = it never left this device. */
  tries: number;
  /** What it belongs to, e.g. `task:7`. */
  about: string;
  /** Commands without which this one makes no sense. */
  needs: string[];
  problem: { code: string; facts: Record<string, unknown> } | null;
}

export type Verdict =
  | { kind: "done" }
  | { kind: "retry"; afterMs: number | null }
  | { kind: "login" }
  | { kind: "refused"; code: string; facts: Record<string, unknown> };

export interface Answer { status: number; body: unknown; retryAfter: string | null }

const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

/**
 * Done, again, log in, or no. Only a 4xx that carries our code is a "no": an answer without one comes from something
 * between us and the server (a captive portal, a proxy), and a scan is not thrown away on its word.
 */
export function verdict(answer: Answer | null): Verdict {
  if (answer === null) return { kind: "retry", afterMs: null };
  const { status } = answer;
  const body = record(answer.body);
  const code = typeof body.code === "string" ? body.code : null;
  if (status >= 200 && status < 300) return { kind: "done" };
  if (status === 401) return { kind: "login" };
  if (status === 429 || status === 408 || status === 425 || status >= 500 || code === null || code === "command_in_progress") {
    const seconds = Number(answer.retryAfter);
    return { kind: "retry", afterMs: answer.retryAfter && Number.isFinite(seconds) ? seconds * 1000 : null };
  }
  if (status >= 400) return { kind: "refused", code, facts: { ...record(body.facts), ...(body.errors ? { errors: body.errors } : {}) } };
  return { kind: "retry", afterMs: null };
}

/** Exponential back-off from 0.5 s to 30 s with full jitter on its upper half, so a whole shift does not return at once. */
export function backoffMs(attempt: number, random: number): number {
  const top = Math.min(30_000, 500 * 2 ** Math.min(attempt, 8));
  return Math.round(top / 2 + (top / 2) * random);
}

/** The next command to send: the oldest waiting one of this person. Another person's commands wait for that person. */
export function nextToSend(commands: readonly QueuedCommand[], userId: number): QueuedCommand | null {
  return commands.find((one) => one.state === "waiting" && one.user_id === userId) ?? null;
}

/** Ids of waiting commands that cannot succeed once `refused` was refused, in a chain. */
export function dependants(commands: readonly QueuedCommand[], refused: string): string[] {
  const lost = new Set([refused]);
  for (const one of commands) if (one.state === "waiting" && one.needs.some((id) => lost.has(id))) lost.add(one.id);
  lost.delete(refused);
  return [...lost];
}
