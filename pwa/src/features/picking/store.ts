/** The picker's screen state: machine + server + queue. Inputs and answers go through one chain, so none overtakes another. */
import { computed, effect, signal } from "@preact/signals";
import { newId } from "../../api/ids.ts";
import { get, Problem, send } from "../../api/client.ts";
import type { Page, PickAnswer, TaskAnswer, TaskOut, TaskRow, Tone } from "../../api/types.ts";
import { beforeFirstSending, commands, listen, queue } from "../../queue/index.ts";
import type { QueuedCommand } from "../../queue/rules.ts";
import { forget, recall, remember, save, store } from "../../queue/store.ts";
import { sound } from "../../ui/tones.ts";
import { session, warehouse } from "../session/store.ts";
import type { DoneDeed } from "./apply.ts";
import { expect, NO_FOCUS, type Focus, type PickState } from "./expect.ts";
import { start, step, type Input, type Message } from "./machine.ts";
import { changed, newer, reconcile } from "./reconcile.ts";

export const current = signal<PickState | null>(null);
export const asked = computed(() => (current.value ? expect(current.value) : null));
/** The last word to the picker; `n` grows so that the same word twice is announced twice. `refused` = the code is a refusal. */
export const told = signal<{ tone: Tone; message: Message; refused: boolean; n: number } | null>(null);
export const tasks = signal<TaskRow[]>([]);
/** The task of this person that lies on this device, shown on the list also without network. */
export const kept = signal<TaskOut | null>(null);

let base: TaskOut | null = null;
let chain: Promise<unknown> = Promise.resolve();
let count = 0;

function inTurn(work: () => Promise<void>): Promise<void> {
  const turn = chain.then(work);
  chain = turn.catch((error: unknown) => console.error(error));
  return turn;
}

function tell(tone: Tone, message: Message, refused = false): void {
  told.value = { tone, message, refused, n: ++count };
  sound(tone);
}

const about = (taskId: number): string => `task:${taskId}`;
const waitingFor = (taskId: number): QueuedCommand[] => commands.value.filter((one) => one.about === about(taskId) && one.state === "waiting");
const asDeed = (one: QueuedCommand): DoneDeed => ({ kind: one.kind.replace("picking.", ""), body: one.body, id: one.id, at: one.event_at, by: one.user_id }) as unknown as DoneDeed;

function asCommand(taskId: number, deed: DoneDeed): QueuedCommand {
  const waiting = waitingFor(taskId);
  const needs: string[] = [];
  if (deed.kind === "picks") needs.push(...waiting.filter((one) => one.kind === "picking.totes" && one.body.slot_no === deed.body.slot_no).map((one) => one.id));
  if (deed.kind === "undo" && deed.body.command_id && waiting.some((one) => one.id === deed.body.command_id)) needs.push(deed.body.command_id);
  return {
    id: deed.id,
    user_id: deed.by,
    kind: `picking.${deed.kind}`,
    url: `/api/picking/tasks/${taskId}/${deed.kind}`,
    body: deed.body,
    event_at: deed.at,
    state: "waiting",
    tries: 0,
    about: about(taskId),
    needs,
    problem: null,
  };
}

const today = (): string => {
  const now = new Date();
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
};

/** An undo of a pick that never left this device simply takes the pick out of the queue. */
async function withoutRetracted(deeds: DoneDeed[]): Promise<{ deeds: DoneDeed[]; retracted: boolean }> {
  const kept: DoneDeed[] = [];
  for (const deed of deeds) {
    const taken = deed.kind === "undo" && deed.body.command_id !== undefined && (await queue.retract(deed.body.command_id));
    if (!taken) kept.push(deed);
  }
  return { deeds: kept, retracted: kept.length < deeds.length };
}

async function perform(input: Input): Promise<void> {
  const before = current.value;
  if (!before) return;
  const outcome = step(before, input, { newId, at: new Date().toISOString(), today: today() });
  const { deeds, retracted } = await withoutRetracted(outcome.deeds);
  const taskId = before.task.id;
  await queue.add({ commands: deeds.map((deed) => asCommand(taskId, deed)), focus: { task_id: taskId, user_id: before.me, focus: outcome.state.focus } });
  current.value = retracted && base ? reconcile(outcome.state, base, waitingFor(taskId).map(asDeed)).state : outcome.state;
  if (outcome.message && outcome.tone) tell(outcome.tone, outcome.message);
  if (deeds.length > 0) void queue.flush();
}

export const act = (input: Input): Promise<void> => inTurn(() => perform(input));

/** News of the task at hand, from an answer or a fetch. */
async function heard(task: TaskOut): Promise<void> {
  base = newer(base, task);
  await save({ commands: [], task: base });
  const state = current.value;
  if (!state || state.task.id !== base.id) return;
  const { state: next, message } = reconcile(state, base, waitingFor(base.id).map(asDeed));
  current.value = next;
  if (message) tell(message.code === "list_changed" ? "warn" : "stop", message);
}

async function open(task: TaskOut): Promise<void> {
  const me = session.value?.user.id;
  if (me === undefined) return;
  if (base?.id !== task.id) base = null;
  base = newer(base, task);
  await save({ commands: [], task: base });
  await remember("current_task", base.id);
  const stood = await (await store()).get("focus", base.id);
  const focus = stood?.user_id === me ? { ...NO_FOCUS, ...(stood.focus as Focus) } : NO_FOCUS;
  current.value = reconcile(start(base, me, focus), base, waitingFor(base.id).map(asDeed)).state;
  prefetch(base);
}

/** Pictures are fetched while there is a network; the service worker keeps them. */
function prefetch(task: TaskOut): void {
  for (const url of new Set(task.lines.map((line) => line.sku.image_url))) if (url) new Image().src = url;
}

export async function refresh(): Promise<void> {
  const id = current.value?.task.id;
  if (id === undefined) return;
  const task = await get<TaskOut>(`/api/picking/tasks/${id}`);
  await inTurn(() => heard(task));
}

/** After a reload, a dead battery or a change of device: what is on this device first, then what the server knows. */
export async function resumeWork(): Promise<void> {
  const me = session.value?.user.id;
  if (me === undefined || current.value) return;
  const task = await keptTask();
  if (task) await inTurn(() => open(task));
  if (current.value) return void refresh().catch(() => undefined);
  const mine = await listTasks(true, "claimed");
  const first = mine[0];
  if (first) await openTask(first.id);
}

export async function openTask(id: number): Promise<void> {
  const task = await get<TaskOut>(`/api/picking/tasks/${id}`);
  await inTurn(() => open(task));
}

async function listTasks(mine: boolean, state: string): Promise<TaskRow[]> {
  return (await get<Page<TaskRow>>("/api/picking/tasks", { warehouse_id: warehouse.value?.id, mine: mine || undefined, state })).items;
}

export async function loadTasks(): Promise<void> {
  const all = await Promise.all([listTasks(true, "claimed"), listTasks(false, "suspended"), listTasks(false, "open"), listTasks(false, "claimed")]);
  tasks.value = [...new Map(all.flat().map((row) => [row.id, row])).values()];
}

/** The id of a claim is kept until it is answered: a claim whose answer was lost gives the same task again, not a second one. */
async function claimWith(key: string, url: string, body: unknown): Promise<TaskOut | null> {
  const id = (await recall<string>(key)) ?? newId();
  await remember(key, id);
  try {
    const { task } = await send<TaskAnswer>(url, body, "POST", id);
    await forget(key);
    if (task) await inTurn(() => open(task));
    return task;
  } catch (error) {
    if (error instanceof Problem && error.status >= 400 && error.status < 500 && error.status !== 429) await forget(key);
    throw error;
  }
}

export const claimNext = (): Promise<TaskOut | null> => claimWith("claim_id", "/api/picking/claim", { warehouse_id: warehouse.value?.id });
export const claimTask = (id: number, how: "claim" | "take-over" | "resume"): Promise<TaskOut | null> => claimWith(`claim_id_${id}`, `/api/picking/tasks/${id}/${how}`, {});

/** To the list of tasks. The task stays on the device, so that one can go on with it without network. */
export function close(): void {
  const task = current.value?.task;
  kept.value = task && task.state === "claimed" && task.picker_id === current.value?.me ? task : null;
  current.value = null;
  told.value = null;
}

async function keptTask(): Promise<TaskOut | null> {
  const id = await recall<number>("current_task");
  const task = id === undefined ? undefined : await (await store()).get("tasks", id);
  return task && task.picker_id === session.value?.user.id && task.state === "claimed" ? task : null;
}

export async function goOn(): Promise<void> {
  const task = await keptTask();
  if (task) await inTurn(() => open(task));
  else kept.value = null;
  void refresh().catch(() => undefined);
}

/** The first sending of a pick says which version of the task we hold: the server then answers with the change alone. */
function withVersion(command: QueuedCommand): QueuedCommand {
  if (command.kind !== "picking.picks" || !base || command.about !== about(base.id)) return command;
  return { ...command, body: { ...command.body, knows_version: base.version } };
}

export function startPicking(): void {
  beforeFirstSending(withVersion);
  let who: number | null = null;
  effect(() => {
    const id = session.value?.user.id ?? null;
    // Another person on the same handheld does not see, or work on, the last one's task.
    if (who !== null && id !== who) { current.value = null; told.value = null; kept.value = null; tasks.value = []; base = null; }
    who = id;
  });
  listen((event) => {
    if (event.kind === "answered" && event.command.kind.startsWith("picking.")) {
      const answer = event.body as Partial<PickAnswer> | null;
      const taskId = Number(event.command.about.slice(5));
      void inTurn(async () => {
        const task = answer?.task ?? (answer?.change && base?.id === taskId ? changed(base, answer.change) : null);
        if (task) await heard(task);
        else if (answer?.change && current.value?.task.id === taskId) void refresh().catch(() => undefined);
      });
    }
    if (event.kind === "refused" && event.command.kind.startsWith("picking.") && event.command.problem) {
      const problem = event.command.problem;
      void inTurn(() => {
        // The refused deed never happened: show the list without it, then as the server sees it now.
        if (current.value && base && event.command.about === about(base.id)) current.value = reconcile(current.value, base, waitingFor(base.id).map(asDeed)).state;
        tell("stop", problem, true);
        return Promise.resolve();
      }).then(() => refresh().catch(() => undefined));
    }
  });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") void refresh().catch(() => undefined); });
}
