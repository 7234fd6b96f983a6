import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TaskOut } from "../../api/types.ts";
import { aCluster, aLine, aTask } from "../../test/sample.ts";
import type { DoneDeed } from "./apply.ts";
import { counted, expect, nextLine, type PickState, type Step } from "./expect.ts";
import { start, step, type Input, type Outcome } from "./machine.ts";
import { workOrder } from "./reorder.ts";

let ids = 0;
const context = { newId: () => `id-${++ids}`, at: "2026-11-23T08:00:00Z", today: "2026-11-23" };

/** A picker with a scanner: remembers every deed and the last word. */
class Hand {
  state: PickState;
  deeds: DoneDeed[] = [];
  last: Outcome | null = null;

  constructor(task: TaskOut, me = 9) {
    this.state = start(task, me);
  }
  does(input: Input): this {
    this.last = step(this.state, input, context);
    this.state = this.last.state;
    this.deeds.push(...this.last.deeds);
    return this;
  }
  scans(...texts: string[]): this {
    for (const text of texts) this.does({ type: "scan", text });
    return this;
  }
  at(wanted: Step): this {
    assert.equal(expect(this.state).step, wanted);
    return this;
  }
  heard(tone: string, code: string): this {
    assert.equal(`${this.last?.tone} ${this.last?.message?.code}`, `${tone} ${code}`);
    return this;
  }
  kinds(): string[] {
    return this.deeds.map((deed) => deed.kind);
  }
}

describe("one order in one tote", () => {
  it("goes bin, goods, quantity, and takes the next bin", () => {
    const hand = new Hand(aTask()).at("location").scans("A-01-1").heard("ok", "location_ok").at("sku");
    hand.scans("6900000000001").at("qty").does({ type: "confirm" }).heard("ok", "picked").at("location");
    assert.deepEqual(hand.deeds[0]?.body, { line_id: 1, slot_no: 1, qty: 2, location_code: "A-01-1", sku_barcode: "6900000000001", lot_code: null, serial: null, lpn: "T-1" });
    assert.equal(hand.state.focus.line_id, 2);
  });
  it("a single piece needs no confirmation", () => {
    const hand = new Hand(aTask({ lines: [aLine(2, "A-02-1", 1)] })).scans("A-02-1", "SKU-2").heard("ok", "all_picked").at("finish");
    hand.does({ type: "confirm" }).heard("ok", "finished").at("over");
    assert.deepEqual(hand.kinds(), ["picks", "finish"]);
  });
  it("the tote's scan confirms the quantity too", () => {
    new Hand(aTask()).scans("A-01-1", "SKU-1", "T-1").heard("ok", "picked");
  });
  it("takes bin labels with their check, in either order, and refuses a misread", () => {
    new Hand(aTask()).scans("7K.A-01-1").at("sku");
    new Hand(aTask()).scans("a-01-1.7k").at("sku");
    new Hand(aTask()).scans("7K.A-01-").heard("warn", "misread").at("location");
    new Hand(aTask()).scans("K.A-01-1").heard("warn", "misread").at("location");
  });
});

describe("binding totes", () => {
  const unbound = (): TaskOut => aCluster({ totes: aCluster().totes.map((tote) => ({ ...tote, lpn: null })) });
  it("a label shorter than the others may be cut: it is taken when it reads the same again", () => {
    const hand = new Hand(unbound()).scans("TOTE-1017").heard("ok", "tote_bound").scans("-1018").heard("warn", "tote_short").at("bind");
    assert.deepEqual(hand.kinds(), ["totes"]);
    hand.scans("TOTE-1018").heard("ok", "tote_bound").at("location");
    new Hand(unbound()).scans("TOTE-1017", "T-18").heard("warn", "tote_short").scans("T-18").heard("ok", "tote_bound");
  });
});

describe("wrong scans", () => {
  it("wrong bin stops, is reported, and changes nothing", () => {
    const hand = new Hand(aTask()).scans("Z-99-9").heard("stop", "wrong_location").at("location");
    assert.deepEqual(hand.deeds[0]?.body, { line_id: 1, step: "location", scanned: "Z-99-9", expected: "A-01-1" });
  });
  it("goods before the bin are a warning, not an error", () => {
    const hand = new Hand(aTask()).scans("6900000000001").heard("warn", "location_first");
    assert.equal(hand.deeds.length, 0);
  });
  it("wrong goods stop", () => {
    const hand = new Hand(aTask()).scans("A-01-1", "4006381333931").heard("stop", "wrong_sku").at("sku");
    assert.equal(hand.deeds[0]?.kind, "mis-scans");
  });
  it("a later stop of the list is picked now", () => {
    const hand = new Hand(aTask()).scans("B-01-1").heard("warn", "other_line").at("sku");
    assert.equal(hand.state.focus.line_id, 3);
  });
  it("the bin again is only a reminder", () => {
    new Hand(aTask()).scans("A-01-1", "A-01-1").heard("warn", "already_here").at("sku");
  });
  it("a tote before the goods is only a reminder", () => {
    new Hand(aTask()).scans("A-01-1", "T-1").heard("warn", "sku_first");
  });
  it("confirming what was not scanned is not possible", () => {
    new Hand(aTask()).does({ type: "confirm" }).heard("warn", "scan_location").scans("A-01-1").does({ type: "confirm" }).heard("warn", "scan_sku");
  });
});

describe("quantities", () => {
  it("less may be taken, the rest stays asked at the same bin", () => {
    const hand = new Hand(aTask()).scans("A-01-1", "SKU-1").does({ type: "qty", qty: 1 }).does({ type: "confirm" }).heard("ok", "picked_more").at("qty");
    assert.equal((hand.deeds[0]?.body as { qty: number }).qty, 1);
  });
  it("never more than asked", () => {
    new Hand(aTask()).scans("A-01-1", "SKU-1").does({ type: "qty", qty: 3 }).heard("stop", "too_many").at("qty");
    new Hand(aTask()).scans("A-01-1", "SKU-1").does({ type: "qty", qty: 0 }).heard("warn", "use_short");
  });
  it("a carton larger than asked must be opened", () => {
    new Hand(aTask()).scans("A-01-1", "CARTON-1").heard("warn", "carton_open").at("qty");
  });
  it("a second scan of the goods does not count them twice", () => {
    const hand = new Hand(aTask()).scans("A-01-1", "SKU-1", "SKU-1").heard("warn", "take_qty").at("qty");
    assert.equal(hand.deeds.length, 0);
  });
});

describe("each piece scanned", () => {
  const task = (): TaskOut => aTask({ scan_each: true });
  it("counts pieces and sends one pick for each scan", () => {
    const hand = new Hand(task()).scans("A-01-1").at("sku").scans("SKU-1").heard("ok", "counted").at("each").scans("6900000000001").heard("ok", "picked");
    assert.deepEqual(hand.deeds.map((deed) => (deed.body as { qty: number; sku_barcode: string }).sku_barcode), ["SKU-1", "6900000000001"]);
    assert.equal(hand.state.focus.line_id, 2);
  });
  it("a carton counts its content, but never beyond what is asked", () => {
    const big = aTask({ scan_each: true, lines: [aLine(1, "A-01-1", 13)] });
    const hand = new Hand(big).scans("A-01-1", "CARTON-1").heard("ok", "counted");
    assert.equal(counted(hand.state.focus), 12);
    hand.scans("CARTON-1").heard("stop", "carton_too_big").scans("SKU-1").heard("ok", "all_picked");
    assert.deepEqual(hand.deeds.map((deed) => (deed.body as { qty: number }).qty), [12, 1]);
  });
  it("a number cannot be typed", () => {
    new Hand(task()).scans("A-01-1", "SKU-1").does({ type: "qty", qty: 2 }).heard("warn", "not_now");
  });
  it("undo takes back one piece, then the goods", () => {
    const hand = new Hand(aTask({ scan_each: true, lines: [aLine(3, "B-01-1", 3)] })).scans("B-01-1", "SKU-3", "SKU-3").does({ type: "undo" }).heard("warn", "count_less");
    assert.equal(counted(hand.state.focus), 1);
    hand.does({ type: "undo" }).heard("warn", "count_cleared").at("sku");
    assert.equal(hand.deeds.length, 0);
  });
  it("pieces in the hand go to the tote before the rest is short", () => {
    const hand = new Hand(aTask({ scan_each: true, lines: [aLine(3, "B-01-1", 3)] })).scans("B-01-1", "SKU-3").does({ type: "short", reason: "empty" }).heard("warn", "short_noted");
    assert.deepEqual(hand.kinds(), ["picks", "shorts"]);
    assert.deepEqual(hand.deeds[1]?.body, { line_id: 3, qty: 2, reason: "empty" });
  });
  it("no skipping with counted pieces in the hand", () => {
    new Hand(task()).scans("A-01-1", "SKU-1").does({ type: "skip" }).heard("stop", "counted_first");
  });
  it("the tote takes what is counted so far", () => {
    const hand = new Hand(aCluster({ scan_each: true })).scans("A-01-1", "SKU-1", "T-1").heard("ok", "picked_more").at("each");
    assert.equal((hand.deeds[0]?.body as { lpn: string }).lpn, "T-1");
    hand.scans("SKU-1").heard("ok", "to_tote").at("tote").scans("SKU-1").heard("stop", "enough");
  });
});

describe("several orders on one cart", () => {
  it("asks for each tote and fills one after the other", () => {
    const hand = new Hand(aCluster()).scans("A-01-1", "SKU-1").heard("ok", "to_tote").at("tote").scans("T-1").heard("ok", "picked_more").at("tote");
    hand.scans("T-2").heard("ok", "picked").at("location");
    assert.deepEqual(hand.deeds.map((deed) => [(deed.body as { slot_no: number }).slot_no, (deed.body as { qty: number }).qty]), [[1, 2], [2, 3]]);
  });
  it("a wrong tote of the cart says which it is and which is meant", () => {
    const hand = new Hand(aCluster()).scans("A-01-1", "SKU-1", "T-2").heard("stop", "wrong_tote_slot");
    assert.deepEqual([hand.last?.message?.facts.other_slot, hand.last?.message?.facts.slot_no], [2, 1]);
    assert.equal((hand.deeds[0]?.body as { step: string }).step, "tote");
  });
  it("a strange tote stops", () => {
    new Hand(aCluster()).scans("A-01-1", "SKU-1", "T-77").heard("stop", "wrong_tote").at("tote");
  });
  it("goods or bin scanned instead of the tote are reminders", () => {
    new Hand(aCluster()).scans("A-01-1", "SKU-1", "SKU-1").heard("warn", "tote_now").scans("A-01-1").heard("warn", "tote_now").at("tote");
  });
  it("a screen tap cannot replace the tote's scan", () => {
    new Hand(aCluster()).scans("A-01-1", "SKU-1").does({ type: "confirm" }).heard("warn", "scan_tote").at("tote");
  });
  it("the next line in the same bin needs no second bin scan", () => {
    const lines = [aLine(1, "A-01-1", 1), aLine(2, "A-01-1", 1)];
    lines[1]!.location = lines[0]!.location;
    new Hand(aTask({ lines })).scans("A-01-1", "SKU-1").heard("ok", "picked").at("sku").scans("SKU-2").at("finish");
  });
  it("in a mixed bin the other goods of the list are taken in the order they are scanned", () => {
    const lines = [aLine(1, "A-01-1", 1), aLine(2, "A-01-1", 1)];
    lines[1]!.location = lines[0]!.location;
    const hand = new Hand(aTask({ lines })).scans("A-01-1", "SKU-2").heard("ok", "picked");
    assert.equal((hand.deeds[0]?.body as { line_id: number }).line_id, 2);
  });
});

describe("totes", () => {
  const unbound = (): TaskOut => aCluster({ totes: aCluster().totes.map((tote) => ({ ...tote, lpn: null })) });
  it("are bound before anything else", () => {
    const hand = new Hand(unbound()).at("bind").scans("T-9").heard("ok", "tote_bound").at("bind").scans("T-9").heard("stop", "tote_taken").scans("T-8").at("location");
    assert.deepEqual(hand.deeds.map((deed) => deed.body), [{ slot_no: 1, lpn: "T-9" }, { slot_no: 2, lpn: "T-8" }]);
  });
  it("a bin or goods is no tote", () => {
    new Hand(unbound()).scans("A-01-1").heard("warn", "tote_first").scans("SKU-1").heard("warn", "tote_first").at("bind");
  });
  it("an empty tote is exchanged; a full one stays and gets a further one", () => {
    const hand = new Hand(aCluster()).does({ type: "rebind", slot_no: 2 }).at("bind").scans("T-5").heard("ok", "tote_bound").at("location");
    assert.equal(hand.state.task.totes[1]?.lpn, "T-5");
    hand.scans("A-01-1", "SKU-1", "T-1").does({ type: "rebind", slot_no: 1 }).at("bind").scans("T-6").at("tote");
    assert.deepEqual(hand.deeds.at(-1)?.body, { slot_no: 1, lpn: "T-6", further: true });
  });
});

describe("lots, expiry, serials", () => {
  const withLot = (): TaskOut => {
    const line = aLine(1, "A-01-1", 2, { lot: { code: "L7", expiry_on: "2027-12-31" } });
    line.sku = { ...line.sku, lot_policy: "lot_expiry", barcodes: [{ code: "06901234567892", qty: 1 }] };
    return aTask({ lines: [line] });
  };
  it("a GS1 code with the lot says it all at once", () => {
    const hand = new Hand(withLot()).scans("A-01-1", "]C101069012345678921727123110L7").at("qty").does({ type: "confirm" });
    assert.equal((hand.deeds[0]?.body as { lot_code: string }).lot_code, "L7");
  });
  it("another lot stops, an expired label stops", () => {
    new Hand(withLot()).scans("A-01-1", "]C1010690123456789210L8").heard("stop", "wrong_lot").at("sku");
    new Hand(withLot()).scans("A-01-1", "]C101069012345678921726010110L7").heard("stop", "expired").at("sku");
  });
  it("without lot on the label it is scanned, or compared and confirmed", () => {
    new Hand(withLot()).scans("A-01-1", "6901234567892").at("lot").scans("L8").heard("stop", "wrong_lot").scans("l7").at("qty");
    new Hand(withLot()).scans("A-01-1", "6901234567892").does({ type: "confirm" }).heard("ok", "lot_ok").at("qty");
  });
  it("a strong serial is asked for each piece", () => {
    const line = aLine(1, "A-01-1", 2);
    line.sku = { ...line.sku, serial_policy: "strong" };
    const hand = new Hand(aTask({ lines: [line] })).scans("A-01-1", "SKU-1").at("serial").scans("SN-1").heard("ok", "picked_more").at("sku").scans("SKU-1", "SN-2").heard("ok", "all_picked");
    assert.deepEqual(hand.deeds.map((deed) => (deed.body as { serial: string }).serial), ["SN-1", "SN-2"]);
  });
});

describe("what does not go to plan", () => {
  it("short: reason and quantity are sent, the walk goes on", () => {
    const hand = new Hand(aTask()).does({ type: "short", reason: "empty" }).heard("warn", "short_noted").at("location");
    assert.deepEqual(hand.deeds[0]?.body, { line_id: 1, qty: 2, reason: "empty" });
    assert.equal(hand.state.focus.line_id, 2);
  });
  it("short at the tote counts both orders", () => {
    const hand = new Hand(aCluster()).scans("A-01-1").does({ type: "short", reason: "damaged" });
    assert.deepEqual(hand.deeds[0]?.body, { line_id: 1, qty: 5, reason: "damaged" });
  });
  it("skip: comes again at the end, nearest first", () => {
    const hand = new Hand(aTask()).does({ type: "skip" }).heard("warn", "skipped");
    assert.deepEqual(workOrder(hand.state.task).map((line) => line.id), [2, 3, 1]);
    assert.equal(nextLine(hand.state)?.id, 3);
  });
  it("the last line cannot be skipped", () => {
    new Hand(aTask({ lines: [aLine(1, "A-01-1", 1)] })).does({ type: "skip" }).heard("warn", "last_line");
  });
  it("undo first clears the goods' scan, then takes the last pick back", () => {
    const hand = new Hand(aTask()).scans("A-01-1", "SKU-1").does({ type: "undo" }).heard("warn", "sku_cleared").at("sku");
    hand.scans("SKU-1").does({ type: "confirm" }).does({ type: "undo" }).heard("warn", "undone").at("location");
    assert.deepEqual(hand.deeds[1]?.body, { command_id: hand.deeds[0]?.id });
    assert.equal(hand.state.focus.line_id, 1);
    assert.equal(hand.state.task.lines[0]?.picked_qty, 0);
    hand.does({ type: "undo" }).heard("warn", "nothing_to_undo");
  });
  it("undo names the server's pick when it has no command id", () => {
    const task = aTask({ picks: [{ id: 5, line_id: 1, slot_no: 1, qty: 2, at: "", undone: false, command_id: null }] });
    task.lines[0] = { ...task.lines[0]!, state: "picked", picked_qty: 2, splits: [{ slot_no: 1, order_id: 71, qty: 2, picked_qty: 2, short_qty: 0 }] };
    const hand = new Hand(task).does({ type: "undo" });
    assert.deepEqual(hand.deeds[0]?.body, { pick_id: 5 });
    assert.equal(hand.state.task.lines[0]?.state, "open");
  });
  it("suspend and resume ask for the bin again", () => {
    const hand = new Hand(aTask()).scans("A-01-1").does({ type: "suspend" }).heard("warn", "suspended").at("suspended").scans("A-01-1").heard("warn", "suspended");
    hand.does({ type: "resume" }).heard("ok", "resumed").at("location");
    assert.deepEqual(hand.kinds(), ["suspend", "resume"]);
  });
  it("a colleague's task cannot be worked on", () => {
    new Hand(aTask({ picker_id: 4 })).at("not_mine").scans("A-01-1").heard("stop", "not_mine").does({ type: "confirm" }).heard("stop", "not_mine");
  });
  it("a finished task takes nothing more", () => {
    new Hand(aTask({ state: "done" })).at("over").does({ type: "undo" }).heard("stop", "over");
  });
  it("a line can be chosen from the list", () => {
    const hand = new Hand(aTask()).does({ type: "go", line_id: 3 }).at("location");
    assert.equal(hand.state.focus.line_id, 3);
  });
});

describe("an order held in mid-pick", () => {
  const held = (): TaskOut => {
    const task = aCluster({ put_backs: [{ order_id: 71, order_number: "SO-71", line_id: 1, sku_id: 501, qty: 2, location_code: "A-01-1", sku: aLine(1, "A-01-1", 2).sku }] });
    task.totes[0] = { ...task.totes[0]!, holds: ["refund_asked"] };
    return task;
  };
  it("is not picked any more, the other orders are", () => {
    const hand = new Hand(held()).at("location").scans("A-01-1", "SKU-1");
    const now = expect(hand.state);
    assert.equal("split" in now && now.split.slot_no, 2);
  });
  it("says where the goods go back, at the end or at once", () => {
    const hand = new Hand(held()).does({ type: "put_back", order_id: 71, line_id: 1 }).at("put_location").scans("X-1").heard("stop", "wrong_location");
    hand.scans("A-01-1").heard("ok", "put_location_ok").at("put_sku").scans("SKU-2").heard("stop", "wrong_sku").scans("SKU-1").at("put_qty");
    hand.does({ type: "qty", qty: 3 }).heard("stop", "too_many").does({ type: "confirm" }).heard("ok", "put_back_done");
    assert.deepEqual(hand.deeds.at(-1)?.body, { order_id: 71, line_id: 1, qty: 2, location_code: "A-01-1" });
    assert.equal(hand.state.task.put_backs.length, 0);
  });
  it("comes up by itself when nothing is left to pick", () => {
    const task = held();
    task.lines = [];
    new Hand(task).at("put_location").scans("A-01-1", "anything").heard("stop", "wrong_sku").scans("SKU-1").heard("ok", "put_sku_ok");
  });
});
