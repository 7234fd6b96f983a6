/** The board: snapshot, then facts drawn once per animation frame; the snapshot again (throttled) where facts do not suffice. */
import { batch, computed, signal, type Signal } from "@preact/signals";
import { get } from "../../api/client.ts";
import type { BoardOut, BoardPicker, BoardWave, Fact, LightState } from "../../api/types.ts";
import { connected, subscribe } from "../../realtime/socket.ts";
import { warehouse } from "../session/store.ts";
import { patchAll } from "./rules.ts";

export const board = signal<BoardOut | null>(null);
export const problem = signal<unknown>(null);
export const now = signal(Date.now());

/** Rows have a signal each, so that one scan redraws one row and not the board. */
export const waves = signal<Signal<BoardWave>[]>([]);
export const pickers = signal<Signal<BoardPicker>[]>([]);

export const connection = computed<LightState>(() => (connected.value ? "ok" : navigator.onLine && board.value ? "warn" : "stop"));

/** How long after the last snapshot the next may be fetched: for a fact that matters now, and for sums that may lag. */
const REFETCH_MS = { soon: 2_000, later: 10_000 };
let waiting: Fact[] = [];
let framed = false;
let fetchedAt = 0;
let fetching: Promise<void> | null = null;
let again: { timer: ReturnType<typeof setTimeout>; at: number } | null = null;
let leave: (() => void) | null = null;
let clockSkew = 0;

function rows<Row>(into: Signal<Signal<Row>[]>, next: Row[], key: (row: Row) => number): void {
  const known = new Map(into.peek().map((one) => [key(one.peek()), one]));
  const list = next.map((row) => {
    const one = known.get(key(row)) ?? signal(row);
    one.value = row;
    return one;
  });
  const before = into.peek();
  if (list.length !== before.length || list.some((one, at) => one !== before[at])) into.value = list;
}

function show(next: BoardOut): void {
  batch(() => {
    board.value = next;
    rows(waves, next.waves, (row) => row.id);
    rows(pickers, next.pickers, (row) => row.user_id);
  });
}

function frame(): void {
  framed = false;
  const facts = waiting;
  waiting = [];
  const current = board.peek();
  if (!current) return;
  const result = patchAll(current, facts);
  show(result.board);
  if (result.refetch) fetchAgain(result.refetch);
}

function heard(facts: Fact[]): void {
  waiting.push(...facts);
  if (framed) return;
  framed = true;
  // A hidden tab has no frames; its facts must not pile up.
  if (document.visibilityState === "visible") requestAnimationFrame(frame);
  else setTimeout(frame, 1000);
}

function fetchAgain(when: keyof typeof REFETCH_MS): void {
  const at = Math.max(Date.now(), fetchedAt + REFETCH_MS[when]);
  if (again && again.at <= at) return;
  clearTimeout(again?.timer);
  again = { at, timer: setTimeout(() => void fetchBoard(), at - Date.now()) };
}

const fetchSoon = (): void => fetchAgain("soon");

export function fetchBoard(): Promise<void> {
  fetching ??= (async () => {
    fetchedAt = Date.now();
    clearTimeout(again?.timer);
    again = null;
    const id = warehouse.peek()?.id;
    if (id === undefined) return;
    try {
      const snapshot = await get<BoardOut>("/api/board", { warehouse_id: id });
      clockSkew = Date.parse(snapshot.now) - Date.now();
      waiting = waiting.filter((fact) => fact.seq > snapshot.cursor);
      show(snapshot);
      problem.value = null;
      leave ??= subscribe(`warehouse:${id}`, { onFacts: heard, onResync: fetchSoon }, snapshot.cursor);
    } catch (error) {
      problem.value = error;
    }
  })().finally(() => { fetching = null; });
  return fetching;
}

/** Runs while the board is on screen. */
export function watchBoard(): () => void {
  void fetchBoard();
  const tick = setInterval(() => { now.value = Date.now() + clockSkew; }, 1000);
  // Rates and risk move with time even when nothing happens.
  const slow = setInterval(() => void fetchBoard(), 30_000);
  return () => {
    clearInterval(tick);
    clearInterval(slow);
    clearTimeout(again?.timer);
    again = null;
    leave?.();
    leave = null;
  };
}
