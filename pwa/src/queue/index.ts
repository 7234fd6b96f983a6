/** The queue in the browser: when it flushes, and what the lights show. */
import { signal } from "@preact/signals";
import { exchange } from "../api/client.ts";
import { newId } from "../api/ids.ts";
import type { QueuedCommand } from "./rules.ts";
import { makeQueue, type QueueEvent } from "./queue.ts";
import { allCommands, store } from "./store.ts";

export const commands = signal<QueuedCommand[]>([]);
export const online = signal(navigator.onLine);
/** The session ended while deeds were waiting: the queue is kept, the person is asked to log in again. */
export const loginWanted = signal(false);

let prepare: (command: QueuedCommand) => QueuedCommand = (command) => command;
export function beforeFirstSending(last: typeof prepare): void {
  prepare = last;
}

let userId: () => number | null = () => null;
const me = newId();
const LEASE_MS = 40_000;

/** Without Web Locks (plain HTTP on a local network) a lease in the database keeps two tabs apart. */
async function withLease(work: () => Promise<void>): Promise<void> {
  const tx = (await store()).transaction("kv", "readwrite");
  const lease = (await tx.store.get("flush_lease")) as { owner: string; until: number } | undefined;
  const free = !lease || lease.owner === me || lease.until < Date.now();
  if (free) await tx.store.put({ owner: me, until: Date.now() + LEASE_MS }, "flush_lease");
  await tx.done;
  if (!free) return;
  const renew = setInterval(() => void store().then((db) => db.put("kv", { owner: me, until: Date.now() + LEASE_MS }, "flush_lease")), LEASE_MS / 4);
  try {
    await work();
  } finally {
    clearInterval(renew);
    await (await store()).put("kv", { owner: me, until: 0 }, "flush_lease");
  }
}

async function alone(work: () => Promise<void>): Promise<void> {
  if (!navigator.locks) return withLease(work);
  await navigator.locks.request("tideline-queue", { ifAvailable: true }, async (lock) => {
    if (lock) await work();
  });
}

export const queue = makeQueue({
  post: async (command) => {
    const headers = { "Idempotency-Key": command.id, "Event-At": command.event_at };
    const answer = await exchange(command.url, { method: "POST", body: command.body, headers });
    online.value = answer !== null;
    return answer;
  },
  prepare: (command) => prepare(command),
  alone,
  userId: () => userId(),
  random: Math.random,
  later: (work, ms) => setTimeout(work, ms),
});

/** Answers that arrived in another tab matter here too. */
const tabs = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("tideline-queue");
const heard = new Set<(event: QueueEvent) => void>();

/** What happens to commands, in whichever tab it happened. */
export function listen(listener: (event: QueueEvent) => void): () => void {
  heard.add(listener);
  return () => heard.delete(listener);
}

function take(event: QueueEvent): void {
  if (event.kind === "changed") commands.value = event.commands;
  if (event.kind === "login") loginWanted.value = true;
  heard.forEach((listener) => listener(event));
}

export function startQueue(currentUser: () => number | null): void {
  userId = currentUser;
  queue.listen((event) => {
    take(event);
    tabs?.postMessage(event);
  });
  tabs?.addEventListener("message", (message: MessageEvent<QueueEvent>) => take(message.data));
  void allCommands().then((rows) => { commands.value = rows; });
  const flush = (): void => void queue.flush();
  addEventListener("online", () => { online.value = true; flush(); });
  addEventListener("offline", () => { online.value = false; });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") flush(); });
  setInterval(flush, 20_000);
  flush();
  // Asks the browser not to throw our scans away when the disk is full.
  void navigator.storage?.persist?.();
}
