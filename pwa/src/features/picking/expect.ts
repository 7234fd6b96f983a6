import type { PickLine, PickSku, PickSplit, PutBack, TaskOut, Tote } from "../../api/types.ts";
import { leftOf, openSplits, workOrder } from "./reorder.ts";

/** What was already proven by scans for the line at hand. Everything else is worked out from the task. */
export interface Focus {
  line_id: number | null;
  at_location_id: number | null;
  /** The label that proved the SKU; null = not proven yet. */
  barcode: string | null;
  lot: string | null;
  serial: string | null;
  /** Labels scanned for the split at hand, when each piece is scanned; each becomes a pick of its own. */
  scans: { text: string; qty: number }[];
  /** Smaller quantity chosen by the picker; null = all that is asked. */
  qty: number | null;
  /** Slot whose tote is being exchanged because it is full. */
  rebind_slot: number | null;
  /** A tote label that looked cut, and is taken when it reads the same again. */
  doubt: string | null;
  put: { order_id: number; line_id: number; at: boolean; sku: boolean; qty: number | null } | null;
}

export const NO_FOCUS: Focus = { line_id: null, at_location_id: null, barcode: null, lot: null, serial: null, scans: [], qty: null, rebind_slot: null, doubt: null, put: null };

export interface PickState { task: TaskOut; me: number; focus: Focus }

interface AtLine { line: PickLine; split: PickSplit; tote: Tote | null; need: number }

/** The one thing asked of the picker now. */
export type Expect =
  | { step: "not_mine" | "suspended" | "over" | "finish" }
  | { step: "bind"; tote: Tote }
  | ({ step: "location" | "sku" | "lot" | "serial" | "each" | "qty" | "tote" } & AtLine)
  | { step: "put_location" | "put_sku" | "put_qty"; put: PutBack; line: PickLine | null; sku: PickSku | null };

export type Step = Expect["step"];
export type LineExpect = Extract<Expect, { line: PickLine; split: PickSplit }>;

export const counted = (focus: Focus): number => focus.scans.reduce((sum, scan) => sum + scan.qty, 0);

/** One order in one tote needs no tote scan at every line: there is nowhere else to put it. */
export function needsTote(task: TaskOut): boolean {
  return task.mode === "cluster" || task.totes.length > 1;
}

function currentLine(state: PickState): PickLine | null {
  const order = workOrder(state.task);
  return order.find((line) => line.id === state.focus.line_id) ?? order[0] ?? null;
}

function expectPut(state: PickState, hasLines: boolean): Expect | null {
  const { task, focus } = state;
  const chosen = focus.put && task.put_backs.find((put) => put.order_id === focus.put!.order_id && put.line_id === focus.put!.line_id);
  const put = chosen ?? (hasLines ? null : task.put_backs[0]);
  if (!put) return null;
  const line = task.lines.find((one) => one.id === put.line_id) ?? task.lines.find((one) => one.sku.id === put.sku_id) ?? null;
  const sku = put.sku ?? line?.sku ?? null;
  const step = !chosen || !focus.put!.at ? "put_location" : !focus.put!.sku ? "put_sku" : "put_qty";
  return { step, put, line, sku };
}

function lineStep(state: PickState, at: AtLine): LineExpect["step"] {
  const { task, focus } = state;
  const { sku } = at.line;
  if (focus.at_location_id !== at.line.location.id) return "location";
  if (focus.barcode === null) return "sku";
  if (sku.lot_policy !== "none" && at.line.lot !== null && focus.lot === null) return "lot";
  if (sku.serial_policy === "strong" && focus.serial === null) return "serial";
  if (task.scan_each && counted(focus) < at.need) return "each";
  if (needsTote(task)) return "tote";
  return "qty";
}

export function expect(state: PickState): Expect {
  const { task, focus } = state;
  if (task.state === "done" || task.state === "cancelled") return { step: "over" };
  if (task.state === "suspended") return { step: "suspended" };
  if (task.picker_id !== state.me) return { step: "not_mine" };
  const rebind = task.totes.find((tote) => tote.slot_no === focus.rebind_slot);
  if (rebind) return { step: "bind", tote: rebind };
  const unbound = task.totes.find((tote) => tote.lpn === null && tote.holds.length === 0);
  if (unbound) return { step: "bind", tote: unbound };
  const line = currentLine(state);
  const put = expectPut(state, line !== null);
  if (put) return put;
  if (!line) return { step: "finish" };
  const split = openSplits(task, line)[0]!;
  const tote = task.totes.find((one) => one.slot_no === split.slot_no) ?? null;
  const whole = leftOf(split);
  const need = line.sku.serial_policy === "strong" ? 1 : whole;
  const at = { line, split, tote, need };
  return { step: lineStep(state, at), ...at };
}

/** The line after the one at hand, so that the picker can already walk. */
export function nextLine(state: PickState): PickLine | null {
  const order = workOrder(state.task);
  const at = order.findIndex((line) => line.id === state.focus.line_id);
  return order[at < 0 ? 1 : at + 1] ?? (at > 0 ? order[0]! : null);
}

export function progress(task: TaskOut): { done: number; all: number; units: number; unitsAll: number } {
  const closed = task.lines.filter((line) => line.state === "picked" || line.state === "short");
  const sum = (of: (line: PickLine) => number): number => task.lines.reduce((total, line) => total + of(line), 0);
  return { done: closed.length, all: task.lines.length, units: sum((line) => line.picked_qty), unitsAll: sum((line) => line.qty) };
}
