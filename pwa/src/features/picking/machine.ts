/**
 * The picker's machine: (state, input) → (state, deeds, tone, message). Pure; it works off-line on the released list.
 *
 *   bind totes → [ location → SKU (lot, serial as the SKU asks) → each piece | quantity → tote ]* → put back → finish
 *
 * Everything a scan can mean is decided by `expect`: what is asked now follows from the task and what was proven.
 * The machine only says what the list expects; the server judges. Never more than asked is taken.
 */
import type { ShortReason, Tone } from "../../api/types.ts";
import { applyDeed, type Deed, type DoneDeed } from "./apply.ts";
import { counted, expect, NO_FOCUS, type Focus, type LineExpect, type PickState } from "./expect.ts";
import { onScan } from "./scan.ts";
import { leftOf, openSplits, workOrder } from "./reorder.ts";

export type Input =
  | { type: "scan"; text: string }
  | { type: "confirm" }
  | { type: "qty"; qty: number }
  | { type: "short"; reason: ShortReason }
  | { type: "skip" | "undo" | "suspend" | "resume" }
  | { type: "rebind"; slot_no: number }
  | { type: "go"; line_id: number }
  | { type: "put_back"; order_id: number; line_id: number };

export interface Message { code: string; facts: Record<string, unknown> }
export interface Context { newId: () => string; at: string; today: string }
export interface Outcome { state: PickState; deeds: DoneDeed[]; tone: Tone | null; message: Message | null }

export const say = (state: PickState, tone: Tone | null, code: string, facts: Record<string, unknown> = {}, deeds: DoneDeed[] = []): Outcome => ({
  state,
  deeds,
  tone,
  message: { code, facts },
});

export function refocus(state: PickState, change: Partial<Focus>): PickState {
  return { ...state, focus: { ...state.focus, ...change } };
}

/** Does the deed here and now: names it, applies it, moves on to the next line when this one is finished. */
export function perform(state: PickState, deed: Deed, context: Context): { state: PickState; done: DoneDeed } {
  const done = { ...deed, id: context.newId(), at: context.at, by: state.me };
  return { state: settle({ ...state, task: applyDeed(state.task, done) }), done };
}

/**
 * Brings the focus in line with the task. The bin stays proven when the next line lies in the same bin. Goods stay proven
 * only for another tote of the same line: they are in the picker's hand.
 */
export function settle(state: PickState): PickState {
  const { task, focus } = state;
  const order = workOrder(task);
  const line = order.find((one) => one.id === focus.line_id);
  if (line) return state;
  const next = order[0];
  const at = next && next.location.id === focus.at_location_id ? focus.at_location_id : null;
  return { ...state, focus: { ...NO_FOCUS, put: focus.put, rebind_slot: focus.rebind_slot, line_id: next?.id ?? null, at_location_id: at } };
}

export function start(task: PickState["task"], me: number, focus: Focus = NO_FOCUS): PickState {
  return settle({ task, me, focus });
}

/** The quantity that a confirmation now stands for. */
export function chosenQty(state: PickState, at: LineExpect): number {
  return state.task.scan_each && at.line.sku.serial_policy !== "strong" ? counted(state.focus) : Math.min(state.focus.qty ?? at.need, at.need);
}

/** Goods into the tote: the pick itself. */
export function take(state: PickState, at: LineExpect, context: Context): Outcome {
  const qty = chosenQty(state, at);
  if (qty <= 0) return say(state, "warn", "scan_each_piece", { name: at.line.sku.name });
  const { focus } = state;
  const line_id = at.line.id;
  const common = { line_id, slot_no: at.split.slot_no, location_code: at.line.location.code, lot_code: focus.lot, serial: focus.serial, lpn: at.tote?.lpn ?? null };
  // Where each piece is scanned, each scan is a pick: the ledger shows what was really held under the reader.
  const parts = focus.scans.length > 0 ? focus.scans : [{ text: focus.barcode ?? at.line.sku.code, qty }];
  let next = state;
  const deeds: DoneDeed[] = [];
  for (const part of parts) {
    const taken = perform(next, { kind: "picks", body: { ...common, qty: part.qty, sku_barcode: part.text } }, context);
    next = taken.state;
    deeds.push(taken.done);
  }
  const line = next.task.lines.find((one) => one.id === at.line.id)!;
  const left = openSplits(next.task, line);
  const strong = at.line.sku.serial_policy === "strong";
  if (left.length > 0) {
    const kept = refocus(next, { scans: [], qty: null, serial: null, barcode: strong ? null : focus.barcode });
    return say(kept, "ok", "picked_more", { qty, slot_no: at.split.slot_no, left: line.qty - line.picked_qty }, deeds);
  }
  return say(next, "ok", workOrder(next.task).length > 0 ? "picked" : "all_picked", { qty, name: line.sku.name, slot_no: at.split.slot_no }, deeds);
}

function onConfirm(state: PickState, context: Context): Outcome {
  const now = expect(state);
  switch (now.step) {
    case "qty":
    case "each":
      return take(state, now, context);
    case "lot":
      // The picker compared the label with the screen; goods without a lot barcode exist.
      if (now.line.lot) return say(refocus(state, { lot: now.line.lot.code }), "ok", "lot_ok", { lot: now.line.lot.code });
      return say(state, "warn", "scan_lot");
    case "put_qty": {
      const qty = Math.min(state.focus.put?.qty ?? now.put.qty, now.put.qty);
      const { order_id, line_id, location_code } = now.put;
      const { state: next, done } = perform(state, { kind: "put-backs", body: { order_id, line_id, qty, location_code } }, context);
      return say(refocus(next, { put: null }), "ok", "put_back_done", { qty, location: location_code }, [done]);
    }
    case "finish": {
      const { state: next, done } = perform(state, { kind: "finish", body: {} }, context);
      return say(next, "ok", "finished", {}, [done]);
    }
    default:
      return say(state, "warn", `scan_${now.step}`);
  }
}

function onQty(state: PickState, qty: number): Outcome {
  const now = expect(state);
  if (now.step === "put_qty" && state.focus.put) {
    if (qty < 1 || qty > now.put.qty) return say(state, "stop", "too_many", { qty, need: now.put.qty });
    return { state: refocus(state, { put: { ...state.focus.put, qty } }), deeds: [], tone: null, message: null };
  }
  if (now.step !== "qty" && now.step !== "tote") return say(state, "warn", "not_now");
  if (state.task.scan_each) return say(state, "warn", "scan_each_piece", { name: now.line.sku.name });
  if (qty > now.need) return say(state, "stop", "too_many", { qty, need: now.need });
  if (qty < 1) return say(state, "warn", "use_short");
  return { state: refocus(state, { qty }), deeds: [], tone: null, message: null };
}

function onShort(state: PickState, reason: ShortReason, context: Context): Outcome {
  const now = expect(state);
  if (!("split" in now)) return say(state, "warn", "not_now");
  const deeds: DoneDeed[] = [];
  let at = state;
  // Pieces already counted into the hand are goods found: into the tote first, then the rest is short.
  if (state.focus.scans.length > 0 && now.line.sku.serial_policy !== "strong") {
    const taken = take(state, now, context);
    at = taken.state;
    deeds.push(...taken.deeds);
  }
  const line = at.task.lines.find((one) => one.id === now.line.id)!;
  const qty = openSplits(at.task, line).reduce((sum, split) => sum + leftOf(split), 0);
  if (qty === 0) return { state: at, deeds, tone: "ok", message: { code: "picked", facts: { qty: 0, name: line.sku.name } } };
  const { state: next, done } = perform(at, { kind: "shorts", body: { line_id: line.id, qty, reason } }, context);
  return say(next, "warn", "short_noted", { qty, name: line.sku.name }, [...deeds, done]);
}

function onSkip(state: PickState, context: Context): Outcome {
  const now = expect(state);
  if (!("split" in now)) return say(state, "warn", "not_now");
  if (state.focus.scans.length > 0) return say(state, "stop", "counted_first", { counted: counted(state.focus) });
  if (workOrder(state.task).length < 2) return say(state, "warn", "last_line");
  const { state: skipped, done } = perform(state, { kind: "skips", body: { line_id: now.line.id } }, context);
  const order = workOrder(skipped.task);
  const next = order.find((line) => line.id !== now.line.id)!;
  const moved = settle(refocus(skipped, { ...NO_FOCUS, line_id: next.id, at_location_id: next.location.id === state.focus.at_location_id ? next.location.id : null }));
  return say(moved, "warn", "skipped", { location: now.line.location.code }, [done]);
}

function onUndo(state: PickState, context: Context): Outcome {
  if (state.focus.scans.length > 1) return say(refocus(state, { scans: state.focus.scans.slice(0, -1) }), "warn", "count_less", { counted: counted({ ...state.focus, scans: state.focus.scans.slice(0, -1) }) });
  if (state.focus.scans.length > 0) return say(refocus(state, { scans: [], barcode: null }), "warn", "count_cleared");
  if (state.focus.barcode !== null && expect(state).step !== "location") return say(refocus(state, { barcode: null, lot: null, serial: null, qty: null }), "warn", "sku_cleared");
  const last = state.task.picks.filter((pick) => !pick.undone).at(-1);
  if (!last) return say(state, "warn", "nothing_to_undo");
  const body = last.command_id ? { command_id: last.command_id } : { pick_id: last.id };
  const { state: next, done } = perform(state, { kind: "undo", body }, context);
  const line = next.task.lines.find((one) => one.id === last.line_id);
  const tote = next.task.totes.find((one) => one.slot_no === last.slot_no);
  const at = line && line.location.id === state.focus.at_location_id ? line.location.id : null;
  const back = settle(refocus(next, { ...NO_FOCUS, line_id: last.line_id, at_location_id: at }));
  return say(back, "warn", "undone", { qty: last.qty, name: line?.sku.name ?? "", location: line?.location.code ?? "", tote: tote?.lpn ?? "", slot_no: last.slot_no }, [done]);
}

export function step(state: PickState, input: Input, context: Context): Outcome {
  const now = expect(state);
  if ((now.step === "over" || now.step === "not_mine") && input.type !== "scan") return say(state, "stop", now.step);
  switch (input.type) {
    case "scan":
      return onScan(state, input.text, context);
    case "confirm":
      return onConfirm(state, context);
    case "qty":
      return onQty(state, input.qty);
    case "short":
      return onShort(state, input.reason, context);
    case "skip":
      return onSkip(state, context);
    case "undo":
      return onUndo(state, context);
    case "suspend": {
      const { state: next, done } = perform(state, { kind: "suspend", body: {} }, context);
      return say(next, "warn", "suspended", {}, [done]);
    }
    case "resume": {
      if (now.step !== "suspended") return say(state, "warn", "not_now");
      const { state: next, done } = perform(state, { kind: "resume", body: {} }, context);
      return say(refocus(next, { ...NO_FOCUS, line_id: next.focus.line_id }), "ok", "resumed", {}, [done]);
    }
    case "rebind":
      return say(refocus(state, { rebind_slot: input.slot_no }), "warn", "scan_new_tote", { slot_no: input.slot_no });
    case "go": {
      const line = workOrder(state.task).find((one) => one.id === input.line_id);
      if (!line || state.focus.scans.length > 0) return say(state, "warn", "not_now");
      return { state: refocus(state, { ...NO_FOCUS, line_id: line.id, at_location_id: line.location.id === state.focus.at_location_id ? line.location.id : null }), deeds: [], tone: null, message: null };
    }
    case "put_back":
      return { state: refocus(state, { put: { order_id: input.order_id, line_id: input.line_id, at: false, sku: false, qty: null } }), deeds: [], tone: null, message: null };
  }
}
