/** News for the person on this device: their own channel, and the queue's chance to send when the line is back. */
import { effect } from "@preact/signals";
import type { Fact } from "../api/types.ts";
import { current, loadTasks, refresh } from "../features/picking/store.ts";
import { restore, session } from "../features/session/store.ts";
import { queue } from "../queue/index.ts";
import { connect, disconnect, subscribe, whenConnected, whenThrownOut } from "./socket.ts";

function heard(facts: Fact[]): void {
  const mine = current.peek()?.task.id;
  if (facts.some((fact) => fact.name === "people.session_ended")) void restore();
  if (facts.some((fact) => fact.body.task_id === mine || fact.name.startsWith("picking.") || fact.name === "floor.task_lost")) void refresh().catch(() => undefined);
  if (facts.some((fact) => fact.name.startsWith("floor."))) void loadTasks().catch(() => undefined);
}

export function startNews(): void {
  whenConnected(() => void queue.flush());
  whenThrownOut(() => void restore());
  let leave: (() => void) | null = null;
  let who: number | null = null;
  effect(() => {
    const id = session.value?.user.id ?? null;
    if (id === who) return;
    who = id;
    leave?.();
    leave = null;
    if (id === null) return disconnect();
    connect();
    leave = subscribe(`user:${id}`, { onFacts: heard, onResync: () => void refresh().catch(() => undefined) });
  });
}
