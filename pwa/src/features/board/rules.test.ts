import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { BoardOut, Fact } from "../../api/types.ts";
import { patch, patchAll } from "./rules.ts";

const board: BoardOut = {
  cursor: 1,
  now: "2026-11-23T08:00:00Z",
  lights: { truth: { state: "ok", checked_at: null }, connection: { state: "ok", sockets: 1 } },
  waves: [{ id: 3, number: "W-3", state: "released", due_at: null, lines: 10, lines_done: 4, lines_short: 0, tasks: 2, tasks_done: 0 }],
  pickers: [{ user_id: 9, name: "Li", task_id: 1, location_code: "A-01-1", lines_done: 4, lines: 10, lines_per_hour: 80, last_scan_at: null }],
  cut_offs: [],
  exceptions: [],
  rates: { lines_per_hour: 80, lines_today: 4, by_hour: [] },
};
const fact = (name: string, body: Record<string, unknown>, seq = 2): Fact => ({ seq, prev: seq - 1, channel: "warehouse:1", name, body, at: "2026-11-23T08:01:00Z" });

describe("the board", () => {
  it("a finished line moves wave, picker and count", () => {
    const next = patch(board, fact("picking.pick_confirmed", { wave_id: 3, user_id: 9, line_done: true, location_code: "B-07-2" }));
    assert.deepEqual([next?.waves[0]?.lines_done, next?.pickers[0]?.lines_done, next?.pickers[0]?.location_code, next?.rates.lines_today], [5, 5, "B-07-2", 5]);
  });
  it("a part of a line moves only the picker", () => {
    const next = patch(board, fact("picking.pick_confirmed", { wave_id: 3, user_id: 9, line_done: false, location_code: "B-07-2" }));
    assert.deepEqual([next?.waves[0]?.lines_done, next?.pickers[0]?.last_scan_at], [4, "2026-11-23T08:01:00Z"]);
  });
  it("an unknown picker, wave or kind of fact asks for the snapshot", () => {
    assert.equal(patch(board, fact("picking.pick_confirmed", { wave_id: 3, user_id: 77, line_done: true })), null);
    assert.equal(patch(board, fact("waves.wave_released", { wave_id: 4 })), null);
  });
  it("facts that mean nothing here are quiet", () => assert.equal(patch(board, fact("catalog.sku_created", {})), board));
  it("one that cannot be drawn does not stop the others", () => {
    const result = patchAll(board, [fact("nobody.knows", {}), fact("picking.pick_confirmed", { wave_id: 3, user_id: 9, line_done: true }, 3)]);
    assert.equal(result.refetch, "soon");
    assert.equal(result.board.waves[0]?.lines_done, 5);
  });
  it("what comes with every pick asks for nothing, crowds of orders for a snapshot in a while", () => {
    assert.equal(patchAll(board, [fact("stock.moved", {}), fact("picking.tote_bound", {}), fact("stock.truth_checked", { sound: true, faults: 0 })]).refetch, null);
    assert.equal(patchAll(board, [fact("orders.approved", {}), fact("orders.imported", {})]).refetch, "later");
    assert.equal(patchAll(board, [fact("orders.approved", {}), fact("orders.held", {}), fact("orders.moved", {})]).refetch, "soon");
  });
  it("a wrong scan is drawn at once", () => {
    const { board: next, refetch } = patchAll(board, [fact("picking.mis_scanned", { step: "sku", scanned: "X", expected: "Y", user_id: 9, task_id: 1 })]);
    assert.deepEqual([refetch, next.exceptions[0]?.code, next.exceptions[0]?.facts.picker], [null, "mis_scan", "Li"]);
  });
  it("the snapshot it starts from is not changed", () => assert.equal(board.waves[0]?.lines_done, 4));
});
