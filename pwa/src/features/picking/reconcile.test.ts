import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aCluster, aTask } from "../../test/sample.ts";
import type { DoneDeed } from "./apply.ts";
import { expect } from "./expect.ts";
import { start, step } from "./machine.ts";
import { changed, newer, reconcile } from "./reconcile.ts";

let ids = 0;
const context = { newId: () => `id-${++ids}`, at: "2026-11-23T08:00:00Z", today: "2026-11-23" };
const scan = (state: ReturnType<typeof start>, text: string): ReturnType<typeof step> => step(state, { type: "scan", text }, context);

describe("server and device", () => {
  it("an old answer does not overwrite a newer one", () => {
    const task = aTask({ version: 5 });
    assert.equal(newer(task, { ...task, version: 4 }).version, 5);
    assert.equal(newer(task, { ...task, version: 6 }).version, 6);
    assert.equal(newer(task, { ...task, id: 1, version: 1 }).id, 1);
  });
  it("deeds on their way stay visible on top of the server's list", () => {
    const task = aTask();
    const deed = { kind: "picks", body: { line_id: 1, slot_no: 1, qty: 2 }, id: "x", at: "", by: 9 } as DoneDeed;
    const { state } = reconcile(start(task, 9), task, [deed]);
    assert.equal(state.task.lines[0]?.state, "picked");
    assert.equal(state.focus.line_id, 2);
  });
  it("a pick whose answer is late is not shown twice", () => {
    const task = aTask();
    const deed = { kind: "picks", body: { line_id: 3, slot_no: 1, qty: 2 }, id: "x", at: "", by: 9 } as DoneDeed;
    const known = { ...task, picks: [{ id: 4, line_id: 3, slot_no: 1, qty: 2, at: "", undone: false, command_id: "x" }], lines: task.lines.map((line) => (line.id === 3 ? { ...line, picked_qty: 2, splits: [{ ...line.splits[0]!, picked_qty: 2 }] } : line)) };
    assert.equal(reconcile(start(task, 9), known, [deed]).state.task.lines[2]?.picked_qty, 2);
  });
  it("what was scanned stays proven while the line is the same", () => {
    const task = aTask();
    const state = scan(scan(start(task, 9), "A-01-1").state, "SKU-1").state;
    const { state: next, message } = reconcile(state, { ...task, version: 2 }, []);
    assert.equal(expect(next).step, "qty");
    assert.equal(message, null);
  });
  it("a line taken away is said aloud", () => {
    const task = aTask();
    const state = scan(start(task, 9), "A-01-1").state;
    const { state: next, message } = reconcile(state, { ...task, version: 2, lines: task.lines.slice(1) }, []);
    assert.equal(message?.code, "list_changed");
    assert.equal(next.focus.line_id, 2);
  });
  it("a hold is said with its order", () => {
    const task = aCluster();
    const held = { ...task, version: 2, totes: [{ ...task.totes[0]!, holds: ["refund_asked"] }, task.totes[1]!] };
    const { message } = reconcile(start(task, 9), held, []);
    assert.deepEqual([message?.code, message?.facts.order], ["order_held", "SO-71"]);
  });
  it("a colleague's take-over is said", () => {
    const task = aTask();
    const { state, message } = reconcile(start(task, 9), { ...task, version: 2, picker_id: 4 }, []);
    assert.equal(message?.code, "taken_over");
    assert.equal(expect(state).step, "not_mine");
  });
  it("a short answer is applied only to the version it follows", () => {
    const task = aTask({ version: 7 });
    const change = { version: 8, line: { id: 1, state: "picked" as const, qty: 2, picked_qty: 2, short_qty: 0, splits: [] }, pick: { id: 1, line_id: 1, slot_no: 1, qty: 2, at: "", undone: false, command_id: "c" } };
    assert.equal(changed(task, change)?.lines[0]?.state, "picked");
    assert.equal(changed({ ...task, version: 6 }, change), null);
  });
});
