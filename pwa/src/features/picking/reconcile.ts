import type { PickChange, PickLine, TaskOut } from "../../api/types.ts";
import { applyDeed, type DoneDeed } from "./apply.ts";
import { counted, NO_FOCUS, type PickState } from "./expect.ts";
import { settle, type Message } from "./machine.ts";
import { leftOf, openSplits } from "./reorder.ts";

/** Answers may overtake each other (a stored first reply is old by nature): the higher version is the truth. */
export function newer(known: TaskOut | null, heard: TaskOut): TaskOut {
  return known !== null && known.id === heard.id && known.version > heard.version ? known : heard;
}

/** The task after a short answer; `null` when it does not follow on what is known and the whole task must be fetched. */
export function changed(known: TaskOut | null, change: PickChange): TaskOut | null {
  if (!known || change.version !== known.version + 1) return null;
  const lines = known.lines.map((line) => (line.id === change.line.id ? { ...line, ...change.line } : line));
  return { ...known, version: change.version, lines, picks: [...known.picks, change.pick] };
}

function stillProven(before: PickLine | undefined, after: PickLine | undefined): boolean {
  return before !== undefined && after !== undefined && before.location.id === after.location.id && before.sku.id === after.sku.id && before.lot?.code === after.lot?.code;
}

/**
 * The state on the server's task with the deeds it has not heard of yet. What the picker proved for the line at hand is
 * kept when the line is still the same; news that changes what to do is said aloud.
 */
export function reconcile(state: PickState, server: TaskOut, waiting: readonly DoneDeed[]): { state: PickState; message: Message | null } {
  const task = waiting.reduce(applyDeed, server);
  const { focus } = state;
  const before = state.task.lines.find((line) => line.id === focus.line_id);
  const after = task.lines.find((line) => line.id === focus.line_id);
  const keeps = stillProven(before, after) && after !== undefined && openSplits(task, after).length > 0;
  const put = focus.put && task.put_backs.some((one) => one.order_id === focus.put!.order_id && one.line_id === focus.put!.line_id) ? focus.put : null;
  const kept = keeps ? { ...focus, put } : { ...NO_FOCUS, at_location_id: focus.at_location_id, rebind_slot: focus.rebind_slot, put };
  const need = keeps ? leftOf(openSplits(task, after)[0]!) : 0;
  const next = settle({ ...state, task, focus: counted(kept) > need ? { ...kept, scans: [] } : kept });

  const held = task.totes.find((tote) => tote.holds.length > 0 && state.task.totes.some((old) => old.slot_no === tote.slot_no && old.holds.length === 0));
  if (held) return { state: next, message: { code: "order_held", facts: { order: held.order_number, slot_no: held.slot_no, reason: held.holds[0] } } };
  if (task.state === "cancelled" && state.task.state !== "cancelled") return { state: next, message: { code: "over", facts: {} } };
  if (task.picker_id !== state.me && state.task.picker_id === state.me) return { state: next, message: { code: "taken_over", facts: {} } };
  if (focus.line_id !== null && !keeps && next.focus.line_id !== focus.line_id && next.focus.line_id !== null) {
    return { state: next, message: { code: "list_changed", facts: {} } };
  }
  return { state: next, message: null };
}
