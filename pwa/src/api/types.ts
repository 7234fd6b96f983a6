/**
 * What the server sends and takes, in the words of the screens. `types.check.ts` lets the compiler compare it with
 * `schema.gen.ts`, which is written from the server's code.
 * Instants are ISO-8601 strings in UTC, lengths millimetres, quantities integer base units.
 */

export type Tone = "ok" | "warn" | "stop";

export interface WarehouseRef { id: number; code: string; name: string }
export interface SessionOut {
  session_id: number | null;
  user: { id: number; name: string; language: string };
  permissions: string[];
  warehouses: WarehouseRef[];
  device: { id: number; name: string } | null;
  expires_at: string | null;
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

export interface PickSplit { slot_no: number; order_id: number; qty: number; picked_qty: number; short_qty: number }

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

export interface Tote { slot_no: number; order_id: number; order_number: string; lpn: string | null; holds: string[]; full_lpns: string[] }

export interface PickRecord {
  id: number;
  line_id: number;
  slot_no: number;
  qty: number;
  at: string;
  undone: boolean;
  /** The id of the command that made it: how the device knows its own pick again. */
  command_id: string | null;
}

export interface PutBack {
  order_id: number;
  order_number: string;
  line_id: number;
  sku_id: number;
  qty: number;
  location_code: string;
  sku: PickSku;
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
export interface PickAnswer { task: TaskOut | null; tone: Tone; next_line_id: number | null; change: PickChange | null }
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

export interface WaveStrategy {
  id: number;
  warehouse_id: number;
  name: string;
  enabled: boolean;
  priority: number;
  shops: string[];
  carriers: string[];
  zones: string[];
  tags: string[];
  lines_min: number | null;
  lines_max: number | null;
  units_min: number | null;
  units_max: number | null;
  weight_min_g: number | null;
  weight_max_g: number | null;
  deadline_within_s: number | null;
  lanes: string[];
  group_by: string[];
  hot_orders: number | null;
  pick_mode: string;
  print_timing: string;
  scan_mode: string;
  min_orders: number | null;
  max_orders: number | null;
  min_wave_units: number | null;
  max_wave_units: number | null;
  min_wave_weight_g: number | null;
  max_wave_weight_g: number | null;
  min_wave_volume_mm3: number | null;
  max_wave_volume_mm3: number | null;
  cart_totes: number;
  cart_units: number | null;
  cart_weight_g: number | null;
  cart_volume_mm3: number | null;
  cart_lines: number | null;
  trigger: string;
  trigger_times: string[];
  trigger_count: number | null;
  plan_seconds: number;
  last_triggered_at: string | null;
}
export interface WavePreviewRow { order_id: number; number: string; chosen: boolean; code: string; facts: Record<string, unknown>; lane: string; group_key: string; lines: number; units: number; due_at: string | null }
export interface WavePreview { strategy_id: number; orders_in: number; orders_out: number; units: number; weight_g: number; volume_mm3: number; codes: Record<string, number>; lanes: Record<string, number>; groups: number; rows: WavePreviewRow[] }
export interface WaveRow {
  id: number;
  number: string;
  warehouse_id: number;
  strategy_id: number;
  strategy_name: string;
  state: string;
  mode: string;
  due_at: string | null;
  orders: number;
  lines: number;
  units: number;
  plan_best_mm: number | null;
  plan_bound_mm: number | null;
  plan_status: string | null;
  plan_elapsed_s: number | null;
  composed_at: string;
  planned_at: string | null;
  released_at: string | null;
}
export interface WaveSheet {
  wave: WaveRow;
  orders: { order_id: number; number: string; state: string; wave_state: string; lane: string; group_key: string; code: string | null; facts: Record<string, unknown>; batch_no: number | null; slot_no: number | null }[];
  batches: { id: number; no: number; group_key: string; route_mm: number; bound_mm: number | null; orders: number }[];
}

// —— orders ——

export interface OrderRow {
  id: number;
  number: string;
  shop: string;
  external_no: string;
  warehouse_id: number;
  state: string;
  priority: number;
  carrier: string;
  promise_at: string | null;
  cut_off_at: string | null;
  line_count: number;
  units: number;
  wait_reason: string;
  holds: string[];
}
export interface OrderSheet {
  order: OrderRow;
  note: string;
  lines: { id: number; line_no: number; sku_id: number; sku_code: string; sku_name: string; qty: number; reserved_qty: number; picked_qty: number; short_qty: number }[];
  holds: { id: number; reason: string; detail: Record<string, unknown>; since_at: string; released_at: string | null; release_note: string }[];
  marks: { mark: string; at: string; by: number | null }[];
}
interface ImportCounts { state: string; rows: number; created: number; unchanged: number; updated: number; held: number; cancelled: number; refused: number; lines: number; new_skus: number }
/** What the upload answers; a large file goes on in the background and is followed by its id. */
export interface ImportReport extends ImportCounts { import_id: number; problem_count: number }
export interface OrderImport extends ImportCounts { id: number; file_name: string; problems: number; began_at: string; ended_at: string | null }
export interface ImportProblem { row_no: number; external_no: string; code: string; facts: Record<string, unknown> }

// —— stock ——

export interface BalanceRow {
  id: number;
  location_id: number;
  location_code: string;
  location_kind: string;
  blocked: boolean;
  sku_id: number;
  sku_code: string;
  sku_name: string;
  lot_code: string | null;
  expiry_on: string | null;
  quality: string;
  lpn: string | null;
  on_hand: number;
  reserved: number;
}
export interface ExplainedBalance { balance: BalanceRow; promises: { reservation_id: number; doc_kind: string; doc_id: number; open_qty: number; allocated_qty: number; created_at: string }[] }
export interface ExplainedMove {
  id: number;
  reason: string;
  change: number;
  after: number;
  qty: number;
  from_code: string;
  to_code: string;
  lot_code: string | null;
  serial: string | null;
  doc_kind: string;
  doc_id: number;
  note: string;
  user_name: string | null;
  device_name: string | null;
  command_id: string;
  event_at: string;
  recorded_at: string;
}
export interface StockThen { balance: BalanceRow; on_hand_then: number }
export interface TruthOut { sound: boolean | null; checked_at: string | null; moves: number; sealed: number; unsealed: number; faults: { check?: string; subject?: string; expected?: string; found?: string }[] }

// —— master ——

export interface ScanOut {
  text: string;
  kind: "sku" | "location" | "lpn" | "sscc" | "unknown";
  candidates: { sku_id: number; code: string; name: string; qty: number }[];
  gtin: string | null;
  lot: string | null;
  expiry_on: string | null;
  serial: string | null;
  qty: number | null;
  sscc: string | null;
  unknown_ais: string[];
  wrong_ais: string[];
  misread: boolean;
}
export interface SkuRow { id: number; code: string; name: string; image_url: string | null; unit: string; barcodes: { code: string; qty: number }[]; active: boolean }
export interface PlaceOut { id: number; code: string; kind: string; blocked: boolean; label?: string }
export interface MapAisle { id: number; code: string; floor: number; number: number; x_mm: number; y_from_mm: number; y_to_mm: number; direction: string; blocked: boolean; stretches: [number, number][] }
/** `bins` are arrays in the order of `bin_columns`: a large map stays small. */
export interface MapOut {
  warehouse: WarehouseRef;
  floors: number[];
  zones: { id: number; code: string; name: string; kind: string }[];
  aisles: MapAisle[];
  cross_aisles: { floor: number; y_mm: number }[];
  lifts: { x_mm: number; y_mm: number; floor_from: number; floor_to: number }[];
  points: { kind: string; aisle_id: number; y_mm: number }[];
  bin_columns: string[];
  bins: (string | number | boolean | null)[][];
}
export interface SessionRow { id: number; user_id: number; user_name: string; login: string; kind: string; device_name: string | null; address: string; started_at: string; seen_at: string; expires_at: string; ended_at: string | null }
export interface UserRow { id: number; login: string; name: string; language: string; active: boolean; roles: string[]; has_pin: boolean; has_password: boolean; has_badge: boolean }
export interface DeviceRow { id: number; name: string; kind: string; warehouse_id: number; registered_at: string; last_seen_at: string | null; revoked_at: string | null }
export interface Enrolment { id: number; code: string; qr_text: string; qr_png: string; expires_at: string }

/** RFC 9457 problem details, with our stable `code`. */
export interface ProblemOut {
  title: string;
  status: number;
  code: string;
  facts: Record<string, unknown>;
  command_id?: string | null;
  errors?: Record<string, unknown>;
}
