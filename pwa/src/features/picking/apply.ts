import type { MisScanStep, PickLine, ShortReason, TaskOut } from "../../api/types.ts";

/** The deeds of a picker, as they are sent: one kind per endpoint below `/api/picking/tasks/<id>/`. */
export type Deed =
  | { kind: "picks"; body: { line_id: number; slot_no: number; qty: number; location_code: string; sku_barcode: string; lot_code: string | null; serial: string | null; lpn: string | null } }
  | { kind: "totes"; body: { slot_no: number; lpn: string; further?: true } }
  | { kind: "shorts"; body: { line_id: number; qty: number; reason: ShortReason } }
  | { kind: "skips"; body: { line_id: number } }
  | { kind: "undo"; body: { pick_id?: number; command_id?: string } }
  | { kind: "suspend" | "resume" | "finish" | "take-over"; body: Record<string, never> }
  | { kind: "put-backs"; body: { order_id: number; line_id: number; qty: number; location_code: string } }
  | { kind: "mis-scans"; body: { line_id: number; step: MisScanStep; scanned: string; expected: string } };

export type DeedKind = Deed["kind"];
/** A deed with the name it was given before sending. */
export type DoneDeed = Deed & { id: string; at: string; by: number };

const lineWith = (task: TaskOut, id: number, change: (line: PickLine) => PickLine): TaskOut => ({
  ...task,
  lines: task.lines.map((line) => (line.id === id ? change(line) : line)),
});

function takeInto(line: PickLine, slotNo: number, qty: number): PickLine {
  const splits = line.splits.map((split) => (split.slot_no === slotNo ? { ...split, picked_qty: Math.max(0, split.picked_qty + qty) } : split));
  const picked = Math.max(0, line.picked_qty + qty);
  const full = picked + line.short_qty >= line.qty;
  const state = full ? (line.short_qty > 0 ? "short" : "picked") : qty < 0 || line.state === "skipped" ? "open" : line.state;
  return { ...line, splits, picked_qty: picked, state };
}

function pick(task: TaskOut, deed: DoneDeed & { kind: "picks" }): TaskOut {
  if (task.picks.some((one) => one.command_id === deed.id)) return task;
  const { line_id, slot_no, qty } = deed.body;
  const line = task.lines.find((one) => one.id === line_id);
  const picked = lineWith(task, line_id, (one) => takeInto(one, slot_no, qty));
  // Negative: the server has not named it yet. Its command id is what an undo refers to.
  const id = -1 - task.picks.filter((one) => one.id < 0).length;
  const here = line ? { x_mm: line.location.x_mm, y_mm: line.location.y_mm, floor: line.location.floor } : task.here;
  return { ...picked, here, picks: [...task.picks, { id, line_id, slot_no, qty, at: deed.at, undone: false, command_id: deed.id }] };
}

function undo(task: TaskOut, body: { pick_id?: number; command_id?: string }): TaskOut {
  const found = task.picks.find((one) => body.command_id !== undefined ? one.command_id === body.command_id : one.id === body.pick_id);
  if (!found || found.undone) return task;
  const back = lineWith(task, found.line_id, (line) => takeInto(line, found.slot_no, -found.qty));
  return { ...back, picks: task.picks.map((one) => (one === found ? { ...one, undone: true } : one)) };
}

/** The task as it will be once the server has heard of the deed: what the picker sees while a scan is on its way. */
export function applyDeed(task: TaskOut, deed: DoneDeed): TaskOut {
  switch (deed.kind) {
    case "picks":
      return pick(task, deed);
    case "undo":
      return undo(task, deed.body);
    case "totes":
      return { ...task, totes: task.totes.map((tote) => (tote.slot_no === deed.body.slot_no ? { ...tote, lpn: deed.body.lpn } : tote)) };
    case "shorts":
      return lineWith(task, deed.body.line_id, (line) => ({ ...line, state: "short", short_qty: Math.max(line.short_qty, Math.min(deed.body.qty, line.qty - line.picked_qty)) }));
    case "skips":
      return lineWith(task, deed.body.line_id, (line) => (line.state === "open" ? { ...line, state: "skipped" } : line));
    case "suspend":
      return { ...task, state: "suspended" };
    case "resume":
    case "take-over":
      return { ...task, state: "claimed", picker_id: deed.by };
    case "finish":
      return { ...task, state: "done" };
    case "put-backs": {
      const { order_id, line_id, qty } = deed.body;
      const put_backs = task.put_backs
        .map((put) => (put.order_id === order_id && put.line_id === line_id ? { ...put, qty: put.qty - qty } : put))
        .filter((put) => put.qty > 0);
      return { ...task, put_backs };
    }
    case "mis-scans":
      return task;
  }
}
