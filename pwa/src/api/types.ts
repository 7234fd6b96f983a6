/**
 * What the server sends and takes. Written by hand until the OpenAPI document generates `schema.gen.ts`
 * (`npm run gen-types`); from then on these names are aliases of the generated schemas.
 * Instants are ISO-8601 strings in UTC, lengths millimetres, quantities integer base units.
 */

export type Tone = "ok" | "warn" | "stop";

export interface WarehouseRef { id: number; code: string; name: string }
export interface SessionOut {
  user: { id: number; name: string; language: string };
  permissions: string[];
  warehouses: WarehouseRef[];
  device: { id: number; name: string } | null;
  expires_at: string;
}

/** Lists come in pages; `next` is the cursor of the following one. */
export interface Page<Row> { items: Row[]; next: string | null }

// —— picking ——

export type TaskState = "open" | "claimed" | "suspended" | "done" | "cancelled";
export type LineState = "open" | "picked" | "short" | "skipped";
export type ShortReason = "empty" | "damaged" | "not_found" | "blocked";
export type MisScanStep = "location" | "sku" | "lot" | "tote";

export interface Point { x_mm: number; y_mm: number; floor: number }

export interface PickLocation extends Point {
  id: number;
  code: string;
  check_code: string | null;
  zone: string | null;
  aisle: string | null;
  side: string | null;
  level: number | null;
}

export interface PickSku {
  id: number;
  code: string;
  name: string;
  image_url: string | null;
  unit: string;
  barcodes: { code: string; qty: number }[];
  lot_policy: "none" | "lot" | "lot_expiry";
  serial_policy: "none" | "weak" | "strong";
  fragile: boolean;
}

export interface PickSplit { slot_no: number; order_id: number; qty: number; picked_qty: number; short_qty?: number }

export interface PickLine {
  id: number;
  seq: number;
  state: LineState;
  location: PickLocation;
  sku: PickSku;
  lot: { code: string; expiry_on: string | null } | null;
  qty: number;
  picked_qty: number;
  short_qty: number;
  splits: PickSplit[];
}

export interface Tote { slot_no: number; order_id: number; order_number: string; lpn: string | null; holds: string[] }

export interface PickRecord {
  id: number;
  line_id: number;
  slot_no: number;
  qty: number;
  at: string;
  undone: boolean;
  /** The id of the command that made it: how the device knows its own pick again. */
  command_id?: string | null;
}

export interface PutBack {
  order_id: number;
  order_number: string;
  line_id: number;
  sku_id: number;
  qty: number;
  location_code: string;
  sku?: PickSku;
}

export interface TaskOut {
  id: number;
  warehouse_id: number;
  state: TaskState;
  mode: "discrete" | "cluster";
  wave: { id: number; number: string } | null;
  due_at: string | null;
  picker_id: number | null;
  scan_each: boolean;
  route_mm: number;
  route: [number, number, number][];
  here: Point | null;
  totes: Tote[];
  lines: PickLine[];
  picks: PickRecord[];
  put_backs: PutBack[];
  version: number;
}

export interface TaskAnswer { task: TaskOut | null }
/** `change` instead of `task` when the device said which version it knows (`knows_version`) and it was the current one. */
export interface PickAnswer { task: TaskOut | null; tone: Tone; next_line_id: number | null; change?: PickChange | null }
export interface PickChange {
  version: number;
  line: Pick<PickLine, "id" | "state" | "qty" | "picked_qty" | "short_qty" | "splits">;
  pick: PickRecord;
}

export interface TaskRow {
  id: number;
  state: TaskState;
  mode: string;
  wave_id: number | null;
  wave_number: string | null;
  picker_id: number | null;
  picker_name: string | null;
  due_at: string | null;
  route_mm: number;
  orders: number;
  lines: number;
  lines_open: number;
  units: number;
  units_picked: number;
}

// —— news ——

export interface Fact {
  seq: number;
  prev: number | null;
  channel: string;
  name: string;
  body: Record<string, unknown>;
  at: string;
}
export interface ChannelNews { channel: string; events: Fact[]; cursor: number; resync: boolean }

// —— board ——

export type LightState = "ok" | "warn" | "stop";
export type Risk = "on_time" | "tight" | "late";

export interface BoardWave {
  id: number;
  number: string;
  state: string;
  due_at: string | null;
  lines: number;
  lines_done: number;
  lines_short: number;
  tasks: number;
  tasks_done: number;
}
export interface BoardPicker {
  user_id: number;
  name: string;
  task_id: number | null;
  location_code: string | null;
  lines_done: number;
  lines: number;
  lines_per_hour: number;
  last_scan_at: string | null;
}
export interface BoardCutOff {
  cut_off_at: string;
  carrier: string | null;
  orders: number;
  orders_done: number;
  lines_open: number;
  risk: Risk;
  expected_at: string | null;
}
export interface BoardException {
  id: string;
  code: string;
  at: string;
  facts: Record<string, string | number | null>;
}
export interface BoardOut {
  cursor: number;
  now: string;
  lights: { truth: { state: LightState; checked_at: string | null }; connection: { state: LightState; sockets: number } };
  waves: BoardWave[];
  pickers: BoardPicker[];
  cut_offs: BoardCutOff[];
  exceptions: BoardException[];
  rates: { lines_per_hour: number; lines_today: number; by_hour: { hour: string; lines: number }[] };
}

// —— waves ——

export interface WaveFilter {
  shops: string[];
  carriers: string[];
  zones: string[];
  tags: string[];
  lines_min: number | null;
  lines_max: number | null;
  units_min: number | null;
  units_max: number | null;
  weight_g_max: number | null;
  due_within_min: number | null;
}
export interface WaveStrategy {
  id: number;
  name: string;
  warehouse_id: number;
  enabled: boolean;
  priority: number;
  mode: "discrete" | "cluster";
  filters: WaveFilter;
  group_by: string[];
  print_timing: string;
  scan_each: boolean;
  min_orders: number | null;
  max_orders: number | null;
  max_units: number | null;
  max_weight_g: number | null;
  max_volume_mm3: number | null;
  trigger: "manual" | "time" | "count" | "both";
  trigger_at?: string | null;
  trigger_count?: number | null;
  cart_totes: number;
}
export interface WavePreviewRow { order_id: number; order_number: string; included: boolean; reasons: string[]; group: string | null }
export interface WavePreview { included: number; excluded: number; rows: WavePreviewRow[] }
export interface WaveRow {
  id: number;
  number: string;
  state: "composed" | "planning" | "planned" | "released" | "done" | "cancelled";
  mode: string;
  strategy: { id: number; name: string } | null;
  orders: number;
  lines: number;
  lines_done: number;
  created_at: string;
}
export interface WavePlan {
  batches: number;
  route_mm: number;
  bound_mm: number | null;
  baseline_mm: number | null;
  status: string;
  seconds: number;
}
export interface WaveOut extends WaveRow {
  plan: WavePlan | null;
  batches: { id: number; no: number; orders: number; lines: number; route_mm: number; bound_mm: number | null }[];
}

// —— orders ——

export interface OrderRow {
  id: number;
  number: string;
  shop: string;
  external_no: string;
  state: string;
  priority: number;
  carrier: string | null;
  promise_at: string | null;
  cut_off_at: string | null;
  line_count: number;
  units: number;
  holds: string[];
}
export interface OrderOut extends OrderRow {
  lines: { id: number; line_no: number; sku: { id: number; code: string; name: string }; qty: number; reserved_qty: number; picked_qty: number; short_qty: number }[];
  hold_rows: { id: number; reason: string; detail: string | null; since_at: string; released_at: string | null }[];
  marks: { mark: string; at: string; by: string | null }[];
  tags: string[];
}
export interface ImportRow { row: number; external_no: string | null; result: "created" | "unchanged" | "held" | "error"; code: string | null; facts: Record<string, string | number | null>; order_id: number | null }
export interface ImportReport { created: number; unchanged: number; held: number; errors: number; rows: ImportRow[] }

// —— stock ——

export interface BalanceRow {
  id: number;
  location: { id: number; code: string };
  sku: { id: number; code: string; name: string };
  lot: { code: string; expiry_on: string | null } | null;
  quality: "good" | "defective";
  lpn: string | null;
  on_hand: number;
  reserved: number;
}
export interface MoveRow {
  id: number;
  reason: string;
  qty: number;
  from_location: string;
  to_location: string;
  at: string;
  recorded_at: string;
  user: string | null;
  device: string | null;
  doc_kind: string;
  doc_id: number;
  note: string;
  balance_after?: number | null;
}
export interface TruthOut { ok: boolean; checked_at: string; moves: number; problems: { code: string; facts: Record<string, string | number | null> }[] }

// —— master ——

export interface ScanOut {
  text: string;
  kind: "sku" | "location" | "lpn" | "sscc" | "unknown";
  candidates: { sku_id: number; code: string; name: string; qty: number }[];
  lot: string | null;
  expiry_on: string | null;
  serial: string | null;
  sscc: string | null;
  unknown_ais: string[];
}
export interface MapBin extends Point { id: number; code: string; aisle: string | null; side: string | null; level: number; blocked: boolean; zone: string | null; heat?: number | null }
export interface MapAisle { id: number; code: string; floor: number; x_mm: number; y_from_mm: number; y_to_mm: number; direction: "both" | "up" | "down"; blocked: boolean }
export interface MapOut {
  warehouse: WarehouseRef;
  floors: number[];
  aisles: MapAisle[];
  cross_aisles: { floor: number; y_mm: number }[];
  lifts: { x_mm: number; y_mm: number; floor_from: number; floor_to: number }[];
  points: { kind: string; x_mm: number; y_mm: number; floor: number }[];
  bins: MapBin[];
}
export interface SessionRow { id: number; user: { id: number; name: string }; device: { id: number; name: string } | null; kind: string; created_at: string; last_seen_at: string; expires_at: string; current: boolean }
export interface UserRow { id: number; login: string; name: string; language: string; active: boolean; roles: string[] }

/** RFC 9457 problem details, with our stable `code`. */
export interface ProblemOut {
  title: string;
  status: number;
  code: string;
  facts: Record<string, unknown>;
  command_id?: string | null;
  errors?: Record<string, unknown>;
}
