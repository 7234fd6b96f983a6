/**
 * Commands wait here until the server has answered them: saved before sending, sent in order, one at a time, each under the
 * id it was given when it was made. The server gives the same id the same answer, so sending twice is harmless and not
 * sending is impossible.
 */
import type { Answer, QueuedCommand } from "./rules.ts";
import { backoffMs, dependants, nextToSend, verdict } from "./rules.ts";
import { allCommands, change, save, type Save } from "./store.ts";

export interface QueueWorld {
  /** One attempt; null = no answer. */
  post: (command: QueuedCommand) => Promise<Answer | null>;
  /** The last word on a body before its first sending; afterwards it never changes, since the id stands for it. */
  prepare: (command: QueuedCommand) => QueuedCommand;
  /** Runs `work` only if no other tab is doing so; resolves when done or not ours. */
  alone: (work: () => Promise<void>) => Promise<void>;
  userId: () => number | null;
  random: () => number;
  later: (work: () => void, ms: number) => void;
}

export type QueueEvent =
  | { kind: "changed"; commands: QueuedCommand[] }
  | { kind: "answered"; command: QueuedCommand; body: unknown }
  | { kind: "refused"; command: QueuedCommand }
  | { kind: "login" };

export interface Queue {
  add: (saved: Save) => Promise<void>;
  flush: () => Promise<void>;
  /** Takes a command back if it certainly never left the device. */
  retract: (id: string) => Promise<boolean>;
  /** A person has read why a command was refused. */
  dismiss: (id: string) => Promise<void>;
  /** Try a refused command again, under its old id. */
  again: (id: string) => Promise<void>;
  list: () => Promise<QueuedCommand[]>;
  listen: (listener: (event: QueueEvent) => void) => () => void;
}

export function makeQueue(world: QueueWorld): Queue {
  const listeners = new Set<(event: QueueEvent) => void>();
  let failures = 0;
  let running: Promise<void> | null = null;
  let wanted = false;
  let timer = 0;

  const tell = (event: QueueEvent): void => listeners.forEach((listener) => listener(event));
  const changed = async (): Promise<void> => tell({ kind: "changed", commands: await allCommands() });

  function flushLater(ms: number): void {
    const mine = ++timer;
    world.later(() => { if (mine === timer) void flush(); }, ms);
  }

  async function refuse(command: QueuedCommand, code: string, facts: Record<string, unknown>): Promise<void> {
    const refused = { ...command, state: "refused" as const, problem: { code, facts } };
    const lost = dependants(await allCommands(), command.id);
    await change(command.id, () => refused);
    for (const id of lost) await change(id, (one) => ({ ...one, state: "blocked", problem: { code: "depends_on_refused", facts: { code } } }));
    tell({ kind: "refused", command: refused });
  }

  /** Sends the oldest command; false when there is nothing to do or it must wait. */
  async function sendOne(): Promise<boolean> {
    const userId = world.userId();
    if (userId === null) return false;
    let command = nextToSend(await allCommands(), userId);
    if (!command) return false;
    // Written before the attempt: after a crash we must know that it may have arrived.
    if (command.tries === 0) {
      const ready = { ...world.prepare(command), tries: 1 };
      if (!(await change(command.id, () => ready))) return true;
      command = ready;
    }
    const answer = await world.post(command);
    const result = verdict(answer);
    switch (result.kind) {
      case "done":
        failures = 0;
        await change(command.id, () => null);
        tell({ kind: "answered", command, body: answer?.body });
        break;
      case "refused":
        failures = 0;
        await refuse(command, result.code, result.facts);
        break;
      case "login":
        tell({ kind: "login" });
        return false;
      case "retry":
        flushLater(result.afterMs ?? backoffMs(failures++, world.random()));
        return false;
    }
    await changed();
    return true;
  }

  async function work(): Promise<void> {
    do {
      wanted = false;
      while (await sendOne());
    } while (wanted);
  }

  async function flush(): Promise<void> {
    wanted = true;
    running ??= world.alone(work).finally(() => { running = null; });
    await running;
  }

  return {
    flush,
    list: allCommands,
    async add(saved) {
      await save(saved);
      if (saved.commands.length > 0) await changed();
    },
    async retract(id) {
      let taken = false;
      await change(id, (one) => {
        taken = one.state === "waiting" && one.tries === 0;
        return taken ? null : one;
      });
      if (taken) await changed();
      return taken;
    },
    async dismiss(id) {
      await change(id, (one) => (one.state === "waiting" ? one : null));
      await changed();
    },
    async again(id) {
      await change(id, (one) => ({ ...one, state: "waiting", problem: null }));
      await changed();
      await flush();
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
