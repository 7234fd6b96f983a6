import type { PickLine, Point, TaskOut } from "../../api/types.ts";

/** Changing floors costs about this walk; only used on the device, when the server cannot be asked for a better route. */
const FLOOR_MM = 50_000;

export function walkMm(a: Point, b: Point): number {
  return Math.abs(a.x_mm - b.x_mm) + Math.abs(a.y_mm - b.y_mm) + Math.abs(a.floor - b.floor) * FLOOR_MM;
}

export function isHeld(task: TaskOut, slotNo: number): boolean {
  return (task.totes.find((tote) => tote.slot_no === slotNo)?.holds.length ?? 0) > 0;
}

export const leftOf = (split: PickLine["splits"][number]): number => split.qty - split.picked_qty - (split.short_qty ?? 0);

/** What of a line can still be picked: parts whose order is not held. */
export function openSplits(task: TaskOut, line: PickLine): PickLine["splits"] {
  if (line.state !== "open" && line.state !== "skipped") return [];
  return line.splits.filter((split) => leftOf(split) > 0 && !isHeld(task, split.slot_no));
}

/**
 * Lines still to pick, in walking order: the server's order for open lines (dropping a stop leaves a good route
 * good), then what was skipped, nearest first from where the walk then ends.
 */
export function workOrder(task: TaskOut): PickLine[] {
  const left = task.lines.filter((line) => openSplits(task, line).length > 0).sort((a, b) => a.seq - b.seq);
  const order = left.filter((line) => line.state === "open");
  const skipped = left.filter((line) => line.state === "skipped");
  let here: Point | null = order.at(-1)?.location ?? task.here;
  while (skipped.length > 0) {
    let best = 0;
    const from = here;
    if (from) skipped.forEach((line, at) => { if (walkMm(from, line.location) < walkMm(from, skipped[best]!.location)) best = at; });
    const [next] = skipped.splice(best, 1);
    order.push(next!);
    here = next!.location;
  }
  return order;
}
