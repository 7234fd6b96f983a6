import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { TaskOut } from "../api/types.ts";
import type { QueuedCommand } from "./rules.ts";

interface Tideline extends DBSchema {
  /** Key: growing number, so the order of the deeds is the order of the rows. */
  commands: { key: number; value: QueuedCommand & { n?: number }; indexes: { id: string } };
  /** The last task the server told us, by id. */
  tasks: { key: number; value: TaskOut };
  /** Where the picker stands in a task: written in the same transaction as the deed. */
  focus: { key: number; value: { task_id: number; user_id: number; focus: unknown } };
  kv: { key: string; value: unknown };
}

export type Store = IDBPDatabase<Tideline>;

let opened: Promise<Store> | null = null;

export function store(): Promise<Store> {
  opened ??= openDB<Tideline>("tideline", 1, {
    upgrade(db) {
      db.createObjectStore("commands", { keyPath: "n", autoIncrement: true }).createIndex("id", "id", { unique: true });
      db.createObjectStore("tasks", { keyPath: "id" });
      db.createObjectStore("focus", { keyPath: "task_id" });
      db.createObjectStore("kv");
    },
    // A newer version of the app in another tab wants to upgrade: let it, we are reloaded by the worker.
    blocking: (_old, _new, event) => (event.target as IDBDatabase).close(),
    terminated: () => { opened = null; },
  });
  return opened;
}

export async function recall<Value>(key: string): Promise<Value | undefined> {
  return (await (await store()).get("kv", key)) as Value | undefined;
}

export async function remember(key: string, value: unknown): Promise<void> {
  await (await store()).put("kv", value, key);
}

export async function forget(key: string): Promise<void> {
  await (await store()).delete("kv", key);
}

export async function allCommands(): Promise<QueuedCommand[]> {
  return (await store()).getAll("commands");
}

export interface Save { commands: QueuedCommand[]; task?: TaskOut; focus?: { task_id: number; user_id: number; focus: unknown } }

/**
 * The deed and where it leaves the picker, in one transaction that is on the disk when this returns: a battery pulled
 * a moment later loses neither. The tone of a scan sounds after this.
 */
export async function save({ commands, task, focus }: Save): Promise<void> {
  const tx = (await store()).transaction(["commands", "tasks", "focus"], "readwrite", { durability: "strict" });
  for (const command of commands) void tx.objectStore("commands").add(command);
  if (task) void tx.objectStore("tasks").put(task);
  if (focus) void tx.objectStore("focus").put(focus);
  await tx.done;
}

/** Changes one command in place; a missing one (already done in another tab) stays missing. */
export async function change(id: string, to: (command: QueuedCommand) => QueuedCommand | null): Promise<boolean> {
  const tx = (await store()).transaction("commands", "readwrite", { durability: "strict" });
  const cursor = await tx.store.index("id").openCursor(id);
  if (!cursor) return false;
  const changed = to(cursor.value);
  if (changed === null) await cursor.delete();
  else if (changed !== cursor.value) await cursor.update({ ...changed, n: cursor.value.n });
  await tx.done;
  return changed !== cursor.value;
}
