/** Tasks to test with. */
import type { PickLine, TaskOut } from "../api/types.ts";

let next = 100;

export function aLine(id: number, bin: string, qty: number, more: Partial<PickLine> = {}): PickLine {
  return {
    id,
    seq: id,
    state: "open",
    location: { id: 1000 + id, code: bin, check_code: "7K", zone: "A", aisle: "A", side: "L", level: 1, x_mm: id * 1000, y_mm: 0, floor: 0 },
    sku: { id: 500 + id, code: `SKU-${id}`, name: `Goods ${id}`, image_url: null, unit: "pcs", barcodes: [{ code: `690000000000${id}`, qty: 1 }, { code: `CARTON-${id}`, qty: 12 }], lot_policy: "none", serial_policy: "none", fragile: false },
    lot: null,
    qty,
    picked_qty: 0,
    short_qty: 0,
    splits: [{ slot_no: 1, order_id: 71, qty, picked_qty: 0, short_qty: 0 }],
    ...more,
  };
}

export function aTask(more: Partial<TaskOut> = {}): TaskOut {
  return {
    id: next++,
    warehouse_id: 1,
    state: "claimed",
    mode: "discrete",
    wave: { id: 1, number: "W-1" },
    due_at: null,
    picker_id: 9,
    scan_each: false,
    route_mm: 1000,
    route: [],
    here: null,
    totes: [{ slot_no: 1, order_id: 71, order_number: "SO-71", lpn: "T-1", holds: [], full_lpns: [] }],
    lines: [aLine(1, "A-01-1", 2), aLine(2, "A-02-1", 1), aLine(3, "B-01-1", 3)],
    picks: [],
    put_backs: [],
    version: 1,
    ...more,
  };
}

/** Two orders on one cart; the first line is wanted by both. */
export function aCluster(more: Partial<TaskOut> = {}): TaskOut {
  return aTask({
    mode: "cluster",
    totes: [
      { slot_no: 1, order_id: 71, order_number: "SO-71", lpn: "T-1", holds: [], full_lpns: [] },
      { slot_no: 2, order_id: 72, order_number: "SO-72", lpn: "T-2", holds: [], full_lpns: [] },
    ],
    lines: [
      aLine(1, "A-01-1", 5, { splits: [{ slot_no: 1, order_id: 71, qty: 2, picked_qty: 0, short_qty: 0 }, { slot_no: 2, order_id: 72, qty: 3, picked_qty: 0, short_qty: 0 }] }),
      aLine(2, "A-02-1", 1, { splits: [{ slot_no: 2, order_id: 72, qty: 1, picked_qty: 0, short_qty: 0 }] }),
    ],
    ...more,
  });
}
