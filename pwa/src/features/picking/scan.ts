/** What a scanned text means at the step the picker is at. */
import type { MisScanStep, PickLine } from "../../api/types.ts";
import { sameCode } from "../../rules/barcode.ts";
import { counted as countOf, expect, needsTote, type Expect, type LineExpect, type PickState } from "./expect.ts";
import { perform, refocus, say, take, type Context, type Outcome } from "./machine.ts";
import { isLocation, isMisread, isTote, readLot, readSku, type SkuReading } from "./match.ts";
import { workOrder } from "./reorder.ts";

type At = LineExpect;

function wrong(state: PickState, line: PickLine, step: MisScanStep, code: string, scanned: string, expected: string, context: Context, facts: Record<string, unknown> = {}): Outcome {
  const { state: next, done } = perform(state, { kind: "mis-scans", body: { line_id: line.id, step, scanned: scanned.slice(0, 200), expected } }, context);
  return say(next, "stop", code, { scanned, expected, ...facts }, [done]);
}

/** The picker stands at another stop of the list: pick that one now. Nothing can go wrong, it is on the list. */
function jump(state: PickState, text: string): Outcome | null {
  const line = workOrder(state.task).find((one) => isLocation(one.location, text));
  if (!line || line.id === state.focus.line_id) return null;
  const moved = refocus(state, { line_id: line.id, at_location_id: line.location.id, barcode: null, lot: null, serial: null, scans: [], qty: null });
  return say(moved, "warn", "other_line", { location: line.location.code, name: line.sku.name });
}

function atLocation(state: PickState, at: At, text: string, context: Context): Outcome {
  if (isLocation(at.line.location, text)) {
    return say(refocus(state, { line_id: at.line.id, at_location_id: at.line.location.id }), "ok", "location_ok", { name: at.line.sku.name });
  }
  const other = jump(state, text);
  if (other) return other;
  if (isMisread(at.line.location, text)) return say(state, "warn", "misread", { location: at.line.location.code });
  if (readSku(at.line.sku, text) || state.task.totes.some((tote) => isTote(tote, text))) {
    return say(state, "warn", "location_first", { location: at.line.location.code });
  }
  return wrong(state, at.line, "location", "wrong_location", text, at.line.location.code, context);
}

/** Lot and expiry on the label against what the list wants. */
function lotProblem(state: PickState, at: At, read: Pick<SkuReading, "lot" | "expiry_on">, text: string, context: Context): Outcome | null {
  if (read.expiry_on && read.expiry_on < context.today) {
    return wrong(state, at.line, "lot", "expired", text, at.line.lot?.code ?? "", context, { expiry_on: read.expiry_on });
  }
  if (at.line.lot && read.lot && !sameCode(at.line.lot.code, read.lot)) {
    return wrong(state, at.line, "lot", "wrong_lot", read.lot, at.line.lot.code, context);
  }
  return null;
}

/** One more piece (or carton) counted; the last one may already be the pick. */
function count(state: PickState, at: At, text: string, qty: number, context: Context): Outcome {
  const before = countOf(state.focus);
  const counted = before + qty;
  if (counted > at.need) return say(state, "stop", qty > 1 ? "carton_too_big" : "enough", { qty, need: at.need, counted: before });
  const next = refocus(state, { scans: [...state.focus.scans, { text, qty }] });
  if (counted < at.need) return say(next, "ok", "counted", { counted, need: at.need });
  return whole(next, at, context);
}

/** All that is asked is in the picker's hand: to the tote, or done when there is but one tote. */
function whole(state: PickState, at: At, context: Context): Outcome {
  const now = expect(state);
  if (now.step === "tote") return say(state, "ok", "to_tote", { slot_no: at.split.slot_no, qty: at.need });
  if (now.step === "qty" && (state.task.scan_each || at.need === 1)) return take(state, now, context);
  return say(state, "ok", now.step === "qty" ? "take_qty" : `scan_${now.step}`, { qty: at.need });
}

function acceptSku(state: PickState, at: At, read: SkuReading, text: string, context: Context): Outcome {
  const problem = lotProblem(state, at, read, text, context);
  if (problem) return problem;
  const each = state.task.scan_each && at.line.sku.serial_policy !== "strong";
  if (each && countOf(state.focus) + read.qty > at.need) return count(state, at, text, read.qty, context);
  const lot = at.line.sku.lot_policy === "none" ? null : (read.lot ?? state.focus.lot);
  const proven = refocus(state, { line_id: at.line.id, barcode: text, lot, serial: read.serial ?? (at.line.sku.serial_policy === "none" ? null : state.focus.serial) });
  if (each) return count(proven, at, text, read.qty, context);
  if (at.line.sku.serial_policy === "strong") return whole(proven, at, context);
  if (read.qty > at.need) return say(proven, "warn", "carton_open", { carton: read.qty, qty: at.need });
  return whole(proven, at, context);
}

function atSku(state: PickState, at: At, text: string, context: Context): Outcome {
  const read = readSku(at.line.sku, text);
  if (read) return acceptSku(state, at, read, text, context);
  if (isLocation(at.line.location, text)) return say(state, "warn", "already_here", { name: at.line.sku.name });
  const beside = workOrder(state.task).find((one) => one.location.id === at.line.location.id && one.id !== at.line.id && readSku(one.sku, text));
  if (beside && state.focus.scans.length === 0) {
    const moved = refocus(state, { line_id: beside.id, barcode: null, lot: null, serial: null, qty: null });
    return atSku(moved, expect(moved) as At, text, context);
  }
  const other = state.focus.scans.length === 0 ? jump(state, text) : null;
  if (other) return other;
  if (state.task.totes.some((tote) => isTote(tote, text))) return say(state, "warn", "sku_first", { name: at.line.sku.name });
  return wrong(state, at.line, "sku", "wrong_sku", text, at.line.sku.code, context, { name: at.line.sku.name });
}

function atEach(state: PickState, at: At, text: string, context: Context): Outcome {
  const tote = at.tote && isTote(at.tote, text);
  if (tote && state.focus.scans.length > 0) return take(state, at, context);
  return atSku(state, at, text, context);
}

function atLot(state: PickState, at: At, text: string, context: Context): Outcome {
  const sku = readSku(at.line.sku, text);
  const read = sku?.lot ? { lot: sku.lot, expiry_on: sku.expiry_on } : sku ? null : readLot(text);
  if (!read) return say(state, "warn", "scan_lot", { lot: at.line.lot?.code ?? null });
  const problem = lotProblem(state, at, read, text, context);
  if (problem) return problem;
  const proven = refocus(state, { lot: read.lot });
  return expect(proven).step === "each" ? say(proven, "ok", "lot_ok", { lot: read.lot }) : whole(proven, at, context);
}

function atTote(state: PickState, at: At, text: string, context: Context): Outcome {
  if (at.tote && isTote(at.tote, text)) return take(state, at, context);
  const other = state.task.totes.find((tote) => isTote(tote, text));
  const facts = { slot_no: at.split.slot_no, other_slot: other?.slot_no ?? null };
  if (other) return wrong(state, at.line, "tote", "wrong_tote_slot", text, at.tote?.lpn ?? "", context, facts);
  if (readSku(at.line.sku, text)) return say(state, state.task.scan_each ? "stop" : "warn", state.task.scan_each ? "enough" : "tote_now", { ...facts, need: at.need });
  if (isLocation(at.line.location, text)) return say(state, "warn", "tote_now", facts);
  return wrong(state, at.line, "tote", "wrong_tote", text, at.tote?.lpn ?? "", context, facts);
}

function atBind(state: PickState, at: Extract<Expect, { step: "bind" }>, text: string, context: Context): Outcome {
  const lpn = text.trim();
  const taken = state.task.totes.find((tote) => isTote(tote, lpn));
  if (taken) return say(state, "stop", "tote_taken", { slot_no: taken.slot_no, lpn });
  const line = state.task.lines.find((one) => isLocation(one.location, text) || readSku(one.sku, text));
  if (line) return say(state, "warn", "tote_first", { slot_no: at.tote.slot_no });
  const others = state.task.totes.flatMap((tote) => (tote.lpn ? [tote.lpn, ...tote.full_lpns] : []));
  if (others.length > 0 && others.every((one) => lpn.length < one.length) && state.focus.doubt !== lpn) {
    return say(refocus(state, { doubt: lpn }), "warn", "tote_short", { slot_no: at.tote.slot_no, lpn });
  }
  // A full tote stays with its goods; what is picked from now on goes into the further one.
  const hasGoods = state.task.picks.some((pick) => pick.slot_no === at.tote.slot_no && !pick.undone);
  const further = at.tote.lpn !== null && hasGoods ? { further: true as const } : {};
  const { state: next, done } = perform(refocus(state, { rebind_slot: null, doubt: null }), { kind: "totes", body: { slot_no: at.tote.slot_no, lpn, ...further } }, context);
  return say(next, "ok", "tote_bound", { slot_no: at.tote.slot_no, lpn }, [done]);
}

function atPut(state: PickState, at: Extract<Expect, { put: unknown }>, text: string): Outcome {
  const { put } = at;
  const focus = { order_id: put.order_id, line_id: put.line_id, at: false, sku: false, qty: null };
  const location = at.line?.location.code === put.location_code ? at.line.location : { code: put.location_code, check_code: null };
  if (at.step === "put_location") {
    if (!isLocation(location, text)) return say(state, "stop", "wrong_location", { scanned: text, expected: put.location_code });
    return say(refocus(state, { put: { ...focus, at: true }, at_location_id: null }), "ok", "put_location_ok", { qty: put.qty });
  }
  // A list that no longer carries the goods' labels cannot judge: the server will.
  if (at.sku && !readSku(at.sku, text)) return say(state, "stop", "wrong_sku", { scanned: text, expected: at.sku.code, name: at.sku.name });
  return say(refocus(state, { put: { ...focus, at: true, sku: true } }), "ok", "put_sku_ok", { qty: put.qty });
}

export function onScan(state: PickState, text: string, context: Context): Outcome {
  const now = expect(state);
  switch (now.step) {
    case "location":
      return atLocation(state, now, text, context);
    case "sku":
      return atSku(state, now, text, context);
    case "each":
      return atEach(state, now, text, context);
    case "lot":
      return atLot(state, now, text, context);
    case "serial":
      return whole(refocus(state, { serial: text.trim() }), now, context);
    case "tote":
      return atTote(state, now, text, context);
    case "qty":
      // A second scan of the goods or of the only tote says "yes, all of it".
      if (readSku(now.line.sku, text) && !needsTote(state.task)) return say(state, "warn", "take_qty", { qty: now.need });
      if (now.tote && isTote(now.tote, text)) return take(state, now, context);
      return atSku(state, now, text, context);
    case "bind":
      return atBind(state, now, text, context);
    case "put_location":
    case "put_sku":
    case "put_qty":
      return atPut(state, now, text);
    case "finish":
      return say(state, "warn", "all_picked");
    case "suspended":
      return say(state, "warn", "suspended");
    default:
      return say(state, "stop", now.step);
  }
}
