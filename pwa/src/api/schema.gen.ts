/**
 * Written by `make docs` (`flask describe types`) from the API of the server; do not edit. A test keeps it in step.
 * Lengths are millimetres, weights grams, quantities integer base units, as the names say.
 */

/** An ISO 8601 date and time with its zone. */
export type Instant = string;
/** An ISO 8601 date. */
export type Day = string;
/** A UUID in its usual form. */
export type Uuid = string;

/** A piece of floor work. */
export interface FloorPoolTaskOut {
  id: number;
  kind: string;
  warehouse_id: number;
  ref_id: number;
  state: "open" | "claimed" | "suspended" | "done" | "cancelled";
  priority: number;
  due_at: Instant | null;
  zone_id: number | null;
  claimed_by: number | null;
  claimed_name: string | null;
  claimed_at: Instant | null;
  x_mm: number;
  y_mm: number;
  floor: number;
}

/** Which task, how important; smaller goes first. */
export interface FloorPrioritiseInWithout_task_id {
  priority: number;
}

/** Where a person was last seen. */
export interface FloorSeenOut {
  user_id: number;
  name: string;
  device_id: number | null;
  location_code: string | null;
  x_mm: number | null;
  y_mm: number | null;
  floor: number | null;
  floor_task_id: number | null;
  seen_at: Instant;
  last_scan_at: Instant | null;
}

/** A further code for a SKU. */
export interface MasterCatalogAddBarcodeInWithout_sku_id {
  code: string;
  qty?: number;
  kind?: "own" | "gtin" | "isbn" | "carton" | null;
  shared?: boolean;
}

/** A barcode with its id and kind. */
export interface MasterCatalogBarcodeRowOut {
  code: string;
  qty: number;
  id: number;
  kind: "own" | "gtin" | "isbn" | "carton";
}

/** A barcode to keep; `kind` is told by the code itself when left out. */
export interface MasterCatalogBarcodeSpecIn {
  code: string;
  qty?: number;
  kind?: "own" | "gtin" | "isbn" | "carton" | null;
}

/** A new SKU. */
export interface MasterCatalogCreateSkuIn {
  image_url?: string | null;
  unit?: string;
  weight_g?: number;
  length_mm?: number;
  width_mm?: number;
  height_mm?: number;
  lot_policy?: "none" | "lot" | "lot_expiry";
  serial_policy?: "none" | "weak" | "strong";
  shelf_life_days?: number | null;
  issue_policy?: "fefo" | "fifo";
  velocity?: "A" | "B" | "C";
  fragile?: boolean;
  packs?: MasterCatalogPackSpecIn[];
  code: string;
  name: string;
  barcodes?: MasterCatalogBarcodeSpecIn[];
}

/** What became of the rows of an import. */
export interface MasterCatalogImportReportOut {
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  failed: number;
  errors: MasterCatalogRowErrorOut[];
  warnings: MasterCatalogRowErrorOut[];
}

/** Rows as objects, column names as in the file: a wrong cell becomes an entry of the report. */
export interface MasterCatalogImportSkusIn {
  rows: Record<string, unknown>[];
}

/** A named multiple of the base unit. */
export interface MasterCatalogPackOut {
  name: string;
  qty: number;
  weight_g: number;
  length_mm: number;
  width_mm: number;
  height_mm: number;
}

/** A named multiple of the base unit. */
export interface MasterCatalogPackSpecIn {
  name: string;
  qty: number;
  weight_g?: number;
  length_mm?: number;
  width_mm?: number;
  height_mm?: number;
}

/** A part of a bundle. */
export interface MasterCatalogPartOut {
  sku_id: number;
  code: string;
  name: string;
  qty: number;
}

/** A part of a bundle, by SKU code. */
export interface MasterCatalogPartSpecIn {
  code: string;
  qty?: number;
}

/** Which code goes. */
export type MasterCatalogRemoveBarcodeInWithout_barcode_id_sku_id = Record<string, never>;

/** Why a row was not taken, or a warning about one that was. */
export interface MasterCatalogRowErrorOut {
  row: number;
  field: string;
  code: string;
  facts: Record<string, unknown>;
}

/** The barcode as it is kept, and the other SKUs that carry it. */
export interface MasterCatalogSavedBarcodeOut {
  id: number;
  sku_id: number;
  code: string;
  kind: "own" | "gtin" | "isbn" | "carton";
  qty: number;
  also: string[];
}

/** The SKU that was written. */
export interface MasterCatalogSavedSkuOut {
  id: number;
  code: string;
}

/** A SKU that the scan may mean. */
export interface MasterCatalogScanCandidateOut {
  sku_id: number;
  code: string;
  name: string;
  qty: number;
}

/** What a scanned text means; several candidates are a question to the person. */
export interface MasterCatalogScanOut {
  text: string;
  kind: "sku" | "location" | "lpn" | "sscc" | "unknown";
  candidates: MasterCatalogScanCandidateOut[];
  gtin: string | null;
  lot: string | null;
  expiry_on: Day | null;
  mfg_on: Day | null;
  serial: string | null;
  qty: number | null;
  sscc: string | null;
  unknown_ais: string[];
  wrong_ais: string[];
  misread: boolean;
}

/** What the bundle is made of. */
export interface MasterCatalogSetBundleInWithout_sku_id {
  parts: MasterCatalogPartSpecIn[];
}

/** A SKU as lists and handhelds show it. */
export interface MasterCatalogSkuOut {
  id: number;
  code: string;
  name: string;
  image_url: string | null;
  unit: string;
  weight_g: number;
  volume_mm3: number;
  lot_policy: "none" | "lot" | "lot_expiry";
  serial_policy: "none" | "weak" | "strong";
  issue_policy: "fefo" | "fifo";
  shelf_life_days: number | null;
  velocity: "A" | "B" | "C";
  fragile: boolean;
  is_bundle: boolean;
  active: boolean;
  barcodes: {
    code: string;
    qty: number;
  }[];
}

/** Everything about one SKU. */
export interface MasterCatalogSkuSheetOut {
  card: MasterCatalogSkuOut;
  length_mm: number;
  width_mm: number;
  height_mm: number;
  packs: MasterCatalogPackOut[];
  parts: MasterCatalogPartOut[];
  barcode_rows: MasterCatalogBarcodeRowOut[];
}

/** Changes to a SKU. */
export interface MasterCatalogUpdateSkuInWithout_sku_id {
  image_url?: string | null;
  unit?: string;
  weight_g?: number;
  length_mm?: number;
  width_mm?: number;
  height_mm?: number;
  lot_policy?: "none" | "lot" | "lot_expiry";
  serial_policy?: "none" | "weak" | "strong";
  shelf_life_days?: number | null;
  issue_policy?: "fefo" | "fifo";
  velocity?: "A" | "B" | "C";
  fragile?: boolean;
  packs?: MasterCatalogPackSpecIn[];
  name?: string;
  active?: boolean;
}

/** A device on the list. */
export interface MasterDevicesDeviceOut {
  id: number;
  name: string;
  kind: string;
  warehouse_id: number;
  registered_at: Instant;
  last_seen_at: Instant | null;
  revoked_at: Instant | null;
}

/** A code, scanned or typed, and what the device shall be called. */
export interface MasterDevicesEnrolIn {
  code: string;
  name: string;
}

/** What the code is for. */
export interface MasterDevicesEnrolmentIn {
  warehouse_id: number;
  kind?: "handheld" | "desk" | "wall" | "printer" | "scale";
  minutes?: number;
}

/** An open code: shown once, as text and as a picture. */
export interface MasterDevicesEnrolmentOut {
  id: number;
  warehouse_id: number;
  kind: string;
  expires_at: Instant;
  code: string;
  qr_text: string;
  qr_png: string;
}

/** A device in short. */
export interface MasterDevicesKnownDeviceOut {
  id: number;
  name: string;
  kind: string;
  warehouse_id: number;
}

/** Another name. */
export interface MasterDevicesRenameInWithout_device_id {
  name: string;
}

/** Which device. */
export type MasterDevicesRevokeInWithout_device_id = Record<string, never>;

/** A webhook's data, all of it. */
export interface MasterIntegrationsChangeWebhookInWithout_webhook_id {
  name: string;
  url: string;
  names: string[];
  warehouses?: number[] | null;
  shops?: string[] | null;
  active: boolean;
}

/** A delivery on the list. */
export interface MasterIntegrationsDeliveryOut {
  id: number;
  webhook_id: number;
  message_id: string;
  name: string;
  state: "waiting" | "delivered" | "dead";
  tries: number;
  status: number | null;
  error: string | null;
  created_at: Instant;
  next_at: Instant | null;
  ended_at: Instant | null;
}

/** An event that may be subscribed to. */
export interface MasterIntegrationsEventNameOut {
  name: string;
  about: string;
}

/** Which webhook. */
export type MasterIntegrationsPingWebhookInWithout_webhook_id = Record<string, never>;

/** Which delivery. */
export type MasterIntegrationsRetryDeliveryInWithout_delivery_id = Record<string, never>;

/** A webhook with its signing secret, shown this once. */
export interface MasterIntegrationsSecretOut {
  id: number;
  name: string;
  url: string;
  names: string[];
  warehouses: number[] | null;
  shops: string[] | null;
  active: boolean;
  owner_id: number;
  created_at: Instant;
  paused_until_at: Instant | null;
  secret: string;
}

/** A new webhook: `names` are events, `room.*`, or `*`. */
export interface MasterIntegrationsWebhookIn {
  name: string;
  url: string;
  names: string[];
  warehouses?: number[] | null;
  shops?: string[] | null;
}

/** A webhook on the list. */
export interface MasterIntegrationsWebhookOut {
  id: number;
  name: string;
  url: string;
  names: string[];
  warehouses: number[] | null;
  shops: string[] | null;
  active: boolean;
  owner_id: number;
  created_at: Instant;
  paused_until_at: Instant | null;
}

/** An aisle on the map, with its blocked stretches as pairs of y in mm. */
export interface MasterLayoutAisleOut {
  id: number;
  code: string;
  floor: number;
  number: number;
  x_mm: number;
  y_from_mm: number;
  y_to_mm: number;
  direction: "both" | "up" | "down";
  blocked: boolean;
  stretches: [number, number][];
}

/** The aisle after the command. */
export interface MasterLayoutAisleStateOut {
  id: number;
  code: string;
  blocked: boolean;
}

/** The whole aisle, or the stretch between two points of it. */
export interface MasterLayoutBlockAisleInWithout_aisle_id {
  y_from_mm?: number | null;
  y_to_mm?: number | null;
  reason?: string;
}

/** Which location closes, and why. */
export interface MasterLayoutBlockLocationInWithout_location_id {
  reason?: string;
}

/** A new warehouse. */
export interface MasterLayoutCreateWarehouseIn {
  code: string;
  name: string;
  timezone?: string;
}

/** A cross aisle on the map. */
export interface MasterLayoutCrossAisleOut {
  floor: number;
  y_mm: number;
}

/** A layout as lists of records; columns as in the file format. */
export interface MasterLayoutImportLayoutIn {
  warehouse_id: number;
  retire_missing?: boolean;
  zones?: Record<string, unknown>[];
  aisles?: Record<string, unknown>[];
  cross_aisles?: Record<string, unknown>[];
  lifts?: Record<string, unknown>[];
  points?: Record<string, unknown>[];
  bins?: Record<string, unknown>[];
}

/** A location and the text that its printed label holds. */
export interface MasterLayoutLabelledPlaceOut {
  id: number;
  warehouse_id: number;
  zone_id: number | null;
  kind: "bin" | "staging" | "packing" | "dock" | "shortage" | "picked" | "supplier" | "customer" | "adjustment";
  code: string;
  check_code: string;
  aisle_id: number | null;
  side: "" | "L" | "R";
  x_mm: number;
  y_mm: number;
  floor: number;
  level: number;
  pick_seq: number;
  max_volume_mm3: number | null;
  max_weight_g: number | null;
  blocked: boolean;
  sellable: boolean;
  label: string;
}

/** What the import did. */
export interface MasterLayoutLayoutReportOut {
  warehouse_id: number;
  created: number;
  updated: number;
  unchanged: number;
  retired: string[];
}

/** A lift on the map. */
export interface MasterLayoutLiftOut {
  x_mm: number;
  y_mm: number;
  floor_from: number;
  floor_to: number;
  cost_mm: number;
}

/** A warehouse to draw. `bins` are arrays in the order of `bin_columns`, to keep a large map small. */
export interface MasterLayoutMapOut {
  warehouse: MasterLayoutWarehouseOut;
  floors: number[];
  zones: MasterLayoutZoneOut[];
  aisles: MasterLayoutAisleOut[];
  cross_aisles: MasterLayoutCrossAisleOut[];
  lifts: MasterLayoutLiftOut[];
  points: MasterLayoutPointOut[];
  bin_columns: string[];
  bins: ((string | number | boolean | null)[])[];
}

/** A location; coordinates in mm. */
export interface MasterLayoutPlaceOut {
  id: number;
  warehouse_id: number;
  zone_id: number | null;
  kind: "bin" | "staging" | "packing" | "dock" | "shortage" | "picked" | "supplier" | "customer" | "adjustment";
  code: string;
  check_code: string;
  aisle_id: number | null;
  side: "" | "L" | "R";
  x_mm: number;
  y_mm: number;
  floor: number;
  level: number;
  pick_seq: number;
  max_volume_mm3: number | null;
  max_weight_g: number | null;
  blocked: boolean;
  sellable: boolean;
}

/** Where walks begin or end. */
export interface MasterLayoutPointOut {
  kind: "start" | "end" | "depot";
  aisle_id: number;
  y_mm: number;
}

/** The warehouse that was written. */
export interface MasterLayoutSavedWarehouseOut {
  id: number;
  code: string;
}

/** Which aisle opens. */
export type MasterLayoutUnblockAisleInWithout_aisle_id = Record<string, never>;

/** Which location opens. */
export type MasterLayoutUnblockLocationInWithout_location_id = Record<string, never>;

/** A warehouse. */
export interface MasterLayoutWarehouseOut {
  id: number;
  code: string;
  name: string;
  timezone: string;
}

/** A zone. */
export interface MasterLayoutZoneOut {
  id: number;
  warehouse_id: number;
  code: string;
  name: string;
  kind: "pick" | "reserve" | "staging" | "packing" | "returns" | "defect";
}

/** Whose account. */
export type MasterPeopleActivateUserInWithout_user_id = Record<string, never>;

/** What the key is for. */
export interface MasterPeopleApiKeyIn {
  user_id: number;
  name: string;
  permissions: ("adjust_stock" | "import_orders" | "integrate" | "manage_master" | "manage_people" | "measure" | "pack" | "pick" | "release_waves" | "shelve" | "supervise" | "view_orders" | "view_stock")[];
  days?: number | null;
}

/** A key on the list; `hint` is its beginning. */
export interface MasterPeopleApiKeyOut {
  id: number;
  name: string;
  user_id: number;
  user_name: string;
  hint: string;
  permissions: string[];
  created_at: Instant;
  last_used_at: Instant | null;
  expires_at: Instant | null;
  revoked_at: Instant | null;
}

/** A security event. */
export interface MasterPeopleAuditOut {
  id: number;
  at: Instant;
  actor_id: number | null;
  actor_name: string | null;
  action: string;
  subject: string;
  facts: Record<string, unknown>;
  device_id: number | null;
  address: string;
}

/** What the scanner read and what the person typed. */
export interface MasterPeopleBadgeLoginIn {
  badge: string;
  pin: string;
}

/** A role's name and permissions, all of them. */
export interface MasterPeopleChangeRoleInWithout_role_id {
  name: string;
  permissions: ("adjust_stock" | "import_orders" | "integrate" | "manage_master" | "manage_people" | "measure" | "pack" | "pick" | "release_waves" | "shelve" | "supervise" | "view_orders" | "view_stock")[];
}

/** An account's data, roles and scopes, all of them. */
export interface MasterPeopleChangeUserInWithout_user_id {
  name: string;
  language?: "en" | "zh";
  roles?: string[];
  jobs?: ("count" | "load" | "pack" | "pick" | "receive" | "refill" | "return" | "shelve" | "sort")[];
  warehouses?: number[] | null;
  shops?: string[] | null;
  owners?: string[] | null;
}

/** A new role. */
export interface MasterPeopleCreateRoleIn {
  code: string;
  name: string;
  permissions: ("adjust_stock" | "import_orders" | "integrate" | "manage_master" | "manage_people" | "measure" | "pack" | "pick" | "release_waves" | "shelve" | "supervise" | "view_orders" | "view_stock")[];
}

/** A new account. */
export interface MasterPeopleCreateUserIn {
  name: string;
  language?: "en" | "zh";
  roles?: string[];
  jobs?: ("count" | "load" | "pack" | "pick" | "receive" | "refill" | "return" | "shelve" | "sort")[];
  warehouses?: number[] | null;
  shops?: string[] | null;
  owners?: string[] | null;
  login: string;
  pin?: string | null;
  password?: string | null;
  badge?: boolean;
}

/** Whose account. */
export type MasterPeopleDeactivateUserInWithout_user_id = Record<string, never>;

/** One's own language. */
export interface MasterPeopleLanguageIn {
  language: "en" | "zh";
}

/** An id and what people call it. */
export interface MasterPeopleNamedOut {
  id: number;
  name: string;
}

/** A new key, shown this once. */
export interface MasterPeopleNewApiKeyOut {
  id: number;
  name: string;
  user_id: number;
  user_name: string;
  hint: string;
  permissions: string[];
  created_at: Instant;
  last_used_at: Instant | null;
  expires_at: Instant | null;
  revoked_at: Instant | null;
  token: string;
}

/** Whose badge. */
export type MasterPeopleNewBadgeInWithout_user_id = Record<string, never>;

/** The old PIN or password as proof, and the new one. */
export interface MasterPeopleOwnSecretIn {
  old: string;
  new: string;
}

/** Login and password at a desk. */
export interface MasterPeoplePasswordLoginIn {
  login: string;
  password: string;
}

/** Which key. */
export type MasterPeopleRevokeApiKeyInWithout_api_key_id = Record<string, never>;

/** Which session. */
export type MasterPeopleRevokeSessionInWithout_session_id = Record<string, never>;

/** Whose sessions. */
export type MasterPeopleRevokeUserSessionsInWithout_user_id = Record<string, never>;

/** A role on the list. */
export interface MasterPeopleRoleOut {
  id: number;
  code: string;
  name: string;
  permissions: string[];
  builtin: boolean;
  people: number;
}

/** A role that was written. */
export interface MasterPeopleSavedRoleOut {
  id: number;
  code: string;
  name: string;
  permissions: string[];
}

/** Who is logged in here, what they may, where, until when. */
export interface MasterPeopleSessionOut {
  user: MasterPeopleSessionUserOut;
  permissions: string[];
  warehouses: MasterPeopleWarehouseTagOut[];
  device: MasterPeopleNamedOut | null;
  session_id: number | null;
  expires_at: Instant | null;
}

/** A session on the list. */
export interface MasterPeopleSessionRowOut {
  id: number;
  user_id: number;
  user_name: string;
  login: string;
  kind: string;
  device_id: number | null;
  device_name: string | null;
  address: string;
  agent: string;
  started_at: Instant;
  seen_at: Instant;
  expires_at: Instant;
  ended_at: Instant | null;
  ended_why: string | null;
}

/** The person. */
export interface MasterPeopleSessionUserOut {
  id: number;
  name: string;
  language: "en" | "zh";
  login: string;
  jobs: string[];
}

/** A new password for somebody. */
export interface MasterPeopleSetPasswordInWithout_user_id {
  password: string;
}

/** A new PIN for somebody. */
export interface MasterPeopleSetPinInWithout_user_id {
  pin: string;
}

/** Whose tries. */
export type MasterPeopleUnlockUserInWithout_user_id = Record<string, never>;

/** A user; a scope of null is unlimited. */
export interface MasterPeopleUserOut {
  id: number;
  login: string;
  name: string;
  language: "en" | "zh";
  active: boolean;
  roles: string[];
  jobs: string[];
  warehouses: number[] | null;
  shops: string[] | null;
  owners: string[] | null;
  has_pin: boolean;
  has_password: boolean;
  has_badge: boolean;
  created_at: Instant;
}

/** A warehouse to choose. */
export interface MasterPeopleWarehouseTagOut {
  id: number;
  code: string;
  name: string;
}

/** A numbered fact. */
export interface OperatorFactOut {
  seq: number;
  prev: number;
  channel: string;
  name: string;
  body: Record<string, unknown>;
  at: string;
}

/** A background job. */
export interface OperatorJobOut {
  id: number;
  kind: string;
  state: "waiting" | "done" | "refused" | "dead";
  tries: number;
  last_error: string | null;
  created_at: Instant;
  run_at: Instant;
  ended_at: Instant | null;
}

/** What was missed, and how far it reaches; `resync` says: fetch the snapshot. */
export interface OperatorReplayOut {
  channel: string;
  events: OperatorFactOut[];
  cursor: number;
  resync: boolean;
}

/** Let work begin. */
export type OrdersApproveOrderInWithout_order_id = Record<string, never>;

/** The customer does not want it any more. */
export interface OrdersCancelOrderInWithout_order_id {
  note?: string;
}

/** The order after a decision. */
export interface OrdersDecidedOut {
  order_id: number;
  number: string;
  state: "received" | "approved" | "reserved" | "backordered" | "in_wave" | "picking" | "picked" | "packed" | "shipped" | "cancelled";
  holds: string[];
}

/** Stop the order at the next scan. */
export interface OrdersHoldOrderInWithout_order_id {
  reason: "address_changed" | "approval_rejected" | "cancelled" | "courier_changed" | "delivery_time_changed" | "gift_changed" | "goods_changed" | "invoice_changed" | "manual" | "message_changed" | "note_changed" | "other" | "picked_short" | "refund_requested" | "refunded" | "shipped_elsewhere" | "warehouse_changed";
  note?: string;
}

/** A reason to stop, open or released. */
export interface OrdersHoldOut {
  id: number;
  reason: string;
  detail: Record<string, unknown>;
  since_at: Instant;
  held_by: number | null;
  released_at: Instant | null;
  released_by: number | null;
  release_note: string;
}

/** A delivery of orders. */
export interface OrdersImportOrdersIn {
  warehouse_id: number;
  shop?: string;
  orders: OrdersOrderInSchema[];
  create_skus?: boolean;
}

/** What became of a delivery; `problems` holds the first 200. */
export interface OrdersImportReportOut {
  import_id: number;
  state: "running" | "done";
  rows: number;
  created: number;
  unchanged: number;
  updated: number;
  held: number;
  cancelled: number;
  refused: number;
  lines: number;
  new_skus: number;
  problem_count: number;
  problems: OrdersProblemOut[];
}

/** A delivery in the list. */
export interface OrdersImportRowOut {
  id: number;
  warehouse_id: number;
  shop: string;
  source: string;
  file_name: string;
  state: "running" | "done";
  rows: number;
  created: number;
  unchanged: number;
  updated: number;
  held: number;
  cancelled: number;
  refused: number;
  problems: number;
  lines: number;
  new_skus: number;
  user_id: number | null;
  began_at: Instant;
  ended_at: Instant | null;
}

/** Progress made. */
export interface OrdersMarkOut {
  mark: "checked" | "labelled" | "packed" | "picked" | "sorted" | "weighed";
  at: Instant;
  by: number | null;
}

/** An order as a shop or customer gives it; a cancelled one needs no lines. */
export interface OrdersOrderInSchema {
  external_no: string;
  lines?: OrdersOrderLineIn[];
  status?: "open" | "cancelled" | "refund_requested" | "refunded";
  placed_at?: Instant | null;
  promise_at?: Instant | null;
  carrier?: string;
  priority?: number;
  tags?: string[];
  customer_ref?: string;
  country?: string;
  ship_to?: Record<string, string>;
  note?: string;
  currency?: string;
  zone_tag?: string | null;
}

/** So many of a SKU (or bundle); the price of one in minor units. */
export interface OrdersOrderLineIn {
  code: string;
  qty: number;
  price_minor?: number;
  name?: string;
}

/** A line of an order. */
export interface OrdersOrderLineOut {
  id: number;
  line_no: number;
  sku_id: number;
  sku_code: string;
  sku_name: string;
  qty: number;
  reserved_qty: number;
  picked_qty: number;
  short_qty: number;
  source_code: string;
  bundle_sku_id: number | null;
  price_minor: number;
  currency: string;
}

/** An order as lists show it. */
export interface OrdersOrderOut {
  id: number;
  number: string;
  shop: string;
  external_no: string;
  warehouse_id: number;
  state: "received" | "approved" | "reserved" | "backordered" | "in_wave" | "picking" | "picked" | "packed" | "shipped" | "cancelled";
  priority: number;
  carrier: string;
  zone_tag: string | null;
  placed_at: Instant;
  promise_at: Instant | null;
  cut_off_at: Instant | null;
  tags: string[];
  customer_ref: string;
  country: string;
  line_count: number;
  units: number;
  weight_g: number;
  volume_mm3: number;
  wait_reason: string;
  imported_at: Instant;
  approved_at: Instant | null;
  state_at: Instant;
  holds: string[];
}

/** Everything about one order. */
export interface OrdersOrderSheetOut {
  order: OrdersOrderOut;
  ship_to: Record<string, unknown>;
  note: string;
  lines: OrdersOrderLineOut[];
  holds: OrdersHoldOut[];
  marks: OrdersMarkOut[];
}

/** Larger comes first; 0 is usual. */
export interface OrdersPrioritiseOrderInWithout_order_id {
  priority: number;
}

/** A row that was not taken in as it stands. */
export interface OrdersProblemOut {
  row_no: number;
  external_no: string;
  code: string;
  facts: Record<string, unknown>;
  raw: Record<string, unknown>;
}

/** The reason to stop is gone. */
export interface OrdersReleaseHoldInWithout_order_id {
  reason: "address_changed" | "approval_rejected" | "cancelled" | "courier_changed" | "delivery_time_changed" | "gift_changed" | "goods_changed" | "invoice_changed" | "manual" | "message_changed" | "note_changed" | "other" | "picked_short" | "refund_requested" | "refunded" | "shipped_elsewhere" | "warehouse_changed";
  note?: string;
}

/** When a carrier collects, "HH:MM" local; null takes the rule away. */
export interface OrdersSetCarrierCutOffIn {
  warehouse_id: number;
  carrier: string;
  local_time: string | null;
  weekdays?: number[];
}

/** How a shop's orders are treated; shop '' for every shop without its own policy. */
export interface OrdersSetOrderPolicyIn {
  shop: string;
  auto_approve?: boolean;
  whole_orders?: boolean;
  promise_hours?: number;
  most_units?: number | null;
}

/** Promise goods to the orders that wait, the most urgent first. */
export interface OutboundAllocationReserveIn {
  warehouse_id: number;
}

/** How a warehouse allocates; costs in mm of walking. */
export interface OutboundAllocationSetPolicyIn {
  warehouse_id: number;
  min_days_left?: number;
  min_age_days?: number;
  fifo_days?: number;
  extra_bin_mm?: number;
  empties_bonus_mm?: number;
}

/** How many orders are ready for a wave now, how many wait; `more`: a job goes on. */
export interface OutboundAllocationSweptOut {
  reserved: number;
  backordered: number;
  more: boolean;
}

/** What every picking command answers. `task` is absent where `change` is enough. */
export interface OutboundPickingAnswerOut {
  task: OutboundPickingTaskOut | null;
  tone: "ok" | "warn" | "stop";
  next_line_id: number | null;
  change: OutboundPickingChangeOut | null;
}

/** Which tote stands where. */
export interface OutboundPickingBindToteInWithout_task_id {
  slot_no: number;
  lpn: string;
  further?: boolean;
}

/** What a pick changed in the task. */
export interface OutboundPickingChangeOut {
  version: number;
  line: OutboundPickingChangedLineOut;
  pick: OutboundPickingPickedOut;
}

/** A line after a pick. */
export interface OutboundPickingChangedLineOut {
  id: number;
  state: "open" | "picked" | "short" | "skipped";
  qty: number;
  picked_qty: number;
  short_qty: number;
  splits: OutboundPickingSplitOut[];
}

/** Which task. */
export type OutboundPickingClaimInWithout_task_id = Record<string, never>;

/** Where. */
export interface OutboundPickingClaimNextIn {
  warehouse_id: number;
}

/** The task, or none when there is no work. */
export interface OutboundPickingClaimedOut {
  task: OutboundPickingTaskOut | null;
}

/** What was scanned. `knows_version`: the version of the task that the device holds, for a short answer. */
export interface OutboundPickingConfirmPickInWithout_task_id {
  line_id: number;
  slot_no: number;
  qty: number;
  location_code: string;
  sku_barcode: string;
  lot_code?: string | null;
  serial?: string | null;
  lpn?: string | null;
  knows_version?: number | null;
}

/** Which task. */
export type OutboundPickingFinishInWithout_task_id = Record<string, never>;

/** Where the picker was last seen. */
export interface OutboundPickingHereOut {
  x_mm: number;
  y_mm: number;
  floor: number;
}

/** A code of the SKU, and how many pieces it stands for. */
export interface OutboundPickingLineBarcodeOut {
  code: string;
  qty: number;
}

/** The bin of a line. */
export interface OutboundPickingLineLocationOut {
  id: number;
  code: string;
  check_code: string;
  zone: string | null;
  aisle: string | null;
  side: string;
  level: number;
  x_mm: number;
  y_mm: number;
  floor: number;
}

/** The lot to take. */
export interface OutboundPickingLineLotOut {
  code: string;
  expiry_on: Day | null;
}

/** A stop of the route. */
export interface OutboundPickingLineOut {
  id: number;
  seq: number;
  state: "open" | "picked" | "short" | "skipped";
  location: OutboundPickingLineLocationOut;
  sku: OutboundPickingLineSkuOut;
  lot: OutboundPickingLineLotOut | null;
  qty: number;
  picked_qty: number;
  short_qty: number;
  splits: OutboundPickingSplitOut[];
}

/** The SKU of a line. */
export interface OutboundPickingLineSkuOut {
  id: number;
  code: string;
  name: string;
  image_url: string | null;
  unit: string;
  barcodes: OutboundPickingLineBarcodeOut[];
  lot_policy: "none" | "lot" | "lot_expiry";
  serial_policy: "none" | "weak" | "strong";
  fragile: boolean;
}

/** What was meant, and what was read. */
export interface OutboundPickingMisScanInWithout_task_id {
  line_id?: number | null;
  step: "location" | "sku" | "lot" | "tote";
  scanned: string;
  expected?: string;
}

/** What is missing, and why. */
export interface OutboundPickingPickShortInWithout_task_id {
  line_id: number;
  qty: number;
  reason: "empty" | "not_found" | "damaged" | "blocked";
}

/** A pick that was confirmed. */
export interface OutboundPickingPickedOut {
  id: number;
  command_id: string;
  line_id: number;
  slot_no: number;
  qty: number;
  at: Instant;
  undone: boolean;
}

/** What lies in which bin again. */
export interface OutboundPickingPutBackInWithout_task_id {
  order_id: number;
  line_id: number;
  qty: number;
  location_code: string;
}

/** Goods that must return to a bin. */
export interface OutboundPickingPutBackOut {
  order_id: number;
  order_number: string;
  line_id: number;
  sku_id: number;
  sku: OutboundPickingLineSkuOut;
  qty: number;
  location_code: string;
}

/** Which task. */
export type OutboundPickingResumeInWithout_task_id = Record<string, never>;

/** Which line. */
export interface OutboundPickingSkipLineInWithout_task_id {
  line_id: number;
}

/** How much of a line goes into which slot. */
export interface OutboundPickingSplitOut {
  slot_no: number;
  order_id: number;
  qty: number;
  picked_qty: number;
  short_qty: number;
}

/** Which task. */
export type OutboundPickingSuspendInWithout_task_id = Record<string, never>;

/** Which task. */
export type OutboundPickingTakeOverInWithout_task_id = Record<string, never>;

/** A task with everything a picker needs, also without a network. */
export interface OutboundPickingTaskOut {
  id: number;
  warehouse_id: number;
  state: "open" | "claimed" | "suspended" | "done" | "cancelled";
  mode: "discrete" | "cluster";
  wave: OutboundPickingWaveRefOut | null;
  due_at: Instant | null;
  picker_id: number | null;
  scan_each: boolean;
  route_mm: number;
  route: [number, number, number][];
  here: OutboundPickingHereOut | null;
  totes: OutboundPickingToteOut[];
  lines: OutboundPickingLineOut[];
  picks: OutboundPickingPickedOut[];
  put_backs: OutboundPickingPutBackOut[];
  version: number;
}

/** A task as a list shows it. */
export interface OutboundPickingTaskRowOut {
  id: number;
  warehouse_id: number;
  state: "open" | "claimed" | "suspended" | "done" | "cancelled";
  mode: "discrete" | "cluster";
  wave_id: number | null;
  wave_number: string | null;
  picker_id: number | null;
  picker_name: string | null;
  due_at: Instant | null;
  route_mm: number;
  orders: number;
  lines: number;
  lines_open: number;
  units: number;
  units_picked: number;
  started_at: Instant | null;
  finished_at: Instant | null;
}

/** A slot of the cart. */
export interface OutboundPickingToteOut {
  slot_no: number;
  order_id: number;
  order_number: string;
  lpn: string | null;
  full_lpns: string[];
  holds: string[];
}

/** Which pick, by its id or by the command that made it. */
export interface OutboundPickingUndoPickInWithout_task_id {
  pick_id?: number | null;
  command_id?: Uuid | null;
}

/** The wave of a task. */
export interface OutboundPickingWaveRefOut {
  id: number;
  number: string;
}

/** Which wave. */
export type OutboundWavesCancelWaveInWithout_wave_id = Record<string, never>;

/** By which strategy. */
export interface OutboundWavesComposeWaveIn {
  strategy_id: number;
  auto_release?: boolean;
}

/** The new wave. */
export interface OutboundWavesComposedOut {
  wave_id: number;
  number: string;
  orders: number;
  lines: number;
  units: number;
  dropped: number;
}

/** A new strategy. */
export interface OutboundWavesCreateStrategyIn {
  warehouse_id: number;
  name: string;
  enabled?: boolean;
  priority?: number;
  shops?: string[];
  carriers?: string[];
  zones?: string[];
  tags?: string[];
  lines_min?: number | null;
  lines_max?: number | null;
  units_min?: number | null;
  units_max?: number | null;
  weight_min_g?: number | null;
  weight_max_g?: number | null;
  deadline_within_s?: number | null;
  lanes?: ("single" | "hot" | "multi")[];
  group_by?: ("carrier" | "same_sku" | "same_content" | "zone")[];
  hot_orders?: number | null;
  pick_mode?: "discrete" | "cluster";
  print_timing?: "none" | "on_claim" | "after_pick";
  scan_mode?: "quantity" | "each";
  min_orders?: number | null;
  max_orders?: number | null;
  min_wave_units?: number | null;
  max_wave_units?: number | null;
  min_wave_weight_g?: number | null;
  max_wave_weight_g?: number | null;
  min_wave_volume_mm3?: number | null;
  max_wave_volume_mm3?: number | null;
  cart_totes?: number;
  cart_units?: number | null;
  cart_weight_g?: number | null;
  cart_volume_mm3?: number | null;
  cart_lines?: number | null;
  trigger?: "manual" | "time" | "count" | "both";
  trigger_times?: string[];
  trigger_count?: number | null;
  plan_seconds?: number;
}

/** How long to think, and the seed of the search. */
export interface OutboundWavesPlanWaveInWithout_wave_id {
  seconds?: number | null;
  seed?: number;
}

/** What a strategy would do now. */
export interface OutboundWavesPreviewOut {
  strategy_id: number;
  orders_in: number;
  orders_out: number;
  units: number;
  weight_g: number;
  volume_mm3: number;
  codes: Record<string, number>;
  lanes: Record<string, number>;
  groups: number;
  rows: OutboundWavesPreviewRowOut[];
}

/** Why an order is in or out. */
export interface OutboundWavesPreviewRowOut {
  order_id: number;
  number: string;
  chosen: boolean;
  code: string;
  facts: Record<string, unknown>;
  lane: "single" | "hot" | "multi";
  group_key: string;
  lines: number;
  units: number;
  due_at: Instant | null;
}

/** Which wave. */
export type OutboundWavesReleaseWaveInWithout_wave_id = Record<string, never>;

/** Which wave. */
export type OutboundWavesStopPlanInWithout_wave_id = Record<string, never>;

/** A strategy. */
export interface OutboundWavesStrategyOut {
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
  lanes: ("single" | "hot" | "multi")[];
  group_by: ("carrier" | "same_sku" | "same_content" | "zone")[];
  hot_orders: number | null;
  pick_mode: "discrete" | "cluster";
  print_timing: "none" | "on_claim" | "after_pick";
  scan_mode: "quantity" | "each";
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
  trigger: "manual" | "time" | "count" | "both";
  trigger_times: string[];
  trigger_count: number | null;
  plan_seconds: number;
  last_triggered_at: Instant | null;
}

/** A strategy's new fields. */
export interface OutboundWavesUpdateStrategyInWithout_strategy_id {
  warehouse_id: number;
  name: string;
  enabled?: boolean;
  priority?: number;
  shops?: string[];
  carriers?: string[];
  zones?: string[];
  tags?: string[];
  lines_min?: number | null;
  lines_max?: number | null;
  units_min?: number | null;
  units_max?: number | null;
  weight_min_g?: number | null;
  weight_max_g?: number | null;
  deadline_within_s?: number | null;
  lanes?: ("single" | "hot" | "multi")[];
  group_by?: ("carrier" | "same_sku" | "same_content" | "zone")[];
  hot_orders?: number | null;
  pick_mode?: "discrete" | "cluster";
  print_timing?: "none" | "on_claim" | "after_pick";
  scan_mode?: "quantity" | "each";
  min_orders?: number | null;
  max_orders?: number | null;
  min_wave_units?: number | null;
  max_wave_units?: number | null;
  min_wave_weight_g?: number | null;
  max_wave_weight_g?: number | null;
  min_wave_volume_mm3?: number | null;
  max_wave_volume_mm3?: number | null;
  cart_totes?: number;
  cart_units?: number | null;
  cart_weight_g?: number | null;
  cart_volume_mm3?: number | null;
  cart_lines?: number | null;
  trigger?: "manual" | "time" | "count" | "both";
  trigger_times?: string[];
  trigger_count?: number | null;
  plan_seconds?: number;
}

/** A batch of a plan. */
export interface OutboundWavesWaveBatchOut {
  id: number;
  no: number;
  group_key: string;
  route_mm: number;
  bound_mm: number | null;
  orders: number;
}

/** An order of a wave, or one that fell out. */
export interface OutboundWavesWaveOrderOut {
  order_id: number;
  number: string;
  state: string;
  wave_state: string;
  lane: "single" | "hot" | "multi";
  group_key: string;
  code: string | null;
  facts: Record<string, unknown>;
  batch_no: number | null;
  slot_no: number | null;
}

/** A wave. */
export interface OutboundWavesWaveOut {
  id: number;
  number: string;
  warehouse_id: number;
  strategy_id: number;
  strategy_name: string;
  state: "composed" | "planning" | "planned" | "released" | "done" | "cancelled";
  mode: "discrete" | "cluster";
  priority: number;
  due_at: Instant | null;
  orders: number;
  lines: number;
  units: number;
  weight_g: number;
  volume_mm3: number;
  plan_best_mm: number | null;
  plan_bound_mm: number | null;
  plan_status: string | null;
  plan_elapsed_s: number | null;
  composed_at: Instant;
  planned_at: Instant | null;
  released_at: Instant | null;
  closed_at: Instant | null;
}

/** A wave with its orders and batches. */
export interface OutboundWavesWaveSheetOut {
  wave: OutboundWavesWaveOut;
  orders: OutboundWavesWaveOrderOut[];
  batches: OutboundWavesWaveBatchOut[];
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  facts: Record<string, unknown>;
  errors?: Record<string, unknown>;
  command_id?: string;
}

/** A difference between the books and the floor. */
export interface StockAdjustStockIn {
  location_id: number;
  sku_id: number;
  qty_delta: number;
  note: string;
  lot_code?: string | null;
  quality?: "good" | "defective";
  lpn?: string | null;
  serial?: string | null;
}

/** Goods at one place; `free` pieces are not held for an order. */
export interface StockBalanceOut {
  id: number;
  warehouse_id: number;
  location_id: number;
  location_code: string;
  location_kind: "adjustment" | "bin" | "customer" | "dock" | "packing" | "picked" | "shortage" | "staging" | "supplier";
  zone_id: number | null;
  blocked: boolean;
  sku_id: number;
  sku_code: string;
  sku_name: string;
  lot_id: number | null;
  lot_code: string | null;
  expiry_on: Day | null;
  mfg_on: Day | null;
  quality: "good" | "defective";
  hu_id: number | null;
  lpn: string | null;
  on_hand: number;
  reserved: number;
  free: number;
  fifo_at: Instant | null;
}

/** A document line that lost pieces of its promise. */
export interface StockBumpedOut {
  reservation_id: number;
  doc_kind: string;
  doc_id: number;
  sku_id: number;
  qty: number;
}

/** Good to defective, or back. */
export interface StockChangeQualityIn {
  balance_id: number;
  qty: number;
  note: string;
  serial?: string | null;
}

/** Undo a ledger line by a counter-entry. */
export interface StockCorrectMoveInWithout_move_id {
  note: string;
}

/** ATP taken apart. */
export interface StockExplainedAvailabilityOut {
  figure: StockFigureOut;
  balances: StockBalanceOut[];
  promises: StockPromiseOut[];
}

/** A balance and who holds how much of it. */
export interface StockExplainedBalanceOut {
  balance: StockBalanceOut;
  promises: StockPromiseOut[];
}

/** A figure that is not what the ledger says. */
export interface StockFaultOut {
  check: string;
  subject: string;
  expected: string;
  found: string;
}

/** What may be promised of a SKU. */
export interface StockFigureOut {
  warehouse_id: number;
  sku_id: number;
  sku_code: string;
  sku_name: string;
  sellable: number;
  reserved: number;
  atp: number;
}

/** Carry a handling unit with all that is in it. */
export interface StockMoveHandlingUnitIn {
  lpn: string;
  to_location_id: number;
}

/** A ledger line; `change` and `after` belong to the balance asked about. */
export interface StockMoveOut {
  id: number;
  reason: "RECEIPT" | "PUTAWAY" | "PICK" | "UNPICK" | "SHORT" | "PUTBACK" | "PACK" | "SHIP" | "COUNT" | "ADJUST" | "TRANSFER" | "RETURN" | "QUALITY";
  change: number;
  after: number;
  qty: number;
  sku_code: string;
  from_code: string;
  to_code: string;
  lot_code: string | null;
  serial: string | null;
  quality: "good" | "defective";
  to_quality: "good" | "defective";
  doc_kind: string;
  doc_id: number;
  note: string;
  user_id: number | null;
  user_name: string | null;
  device_id: number | null;
  device_name: string | null;
  command_id: string;
  corrects_id: number | null;
  event_at: Instant;
  recorded_at: Instant;
  seal_seq: number | null;
}

/** Free goods from one balance to another location. */
export interface StockMoveStockIn {
  balance_id: number;
  qty: number;
  to_location_id: number;
  serial?: string | null;
  note?: string;
}

/** Put a handling unit into another one; without a parent, take it out. */
export interface StockNestHandlingUnitIn {
  lpn: string;
  parent_lpn?: string | null;
}

/** The ledger lines that were written. */
export interface StockPostedOut {
  move_ids: number[];
  bumped: StockBumpedOut[];
}

/** Who holds goods. */
export interface StockPromiseOut {
  reservation_id: number;
  doc_kind: string;
  doc_id: number;
  open_qty: number;
  allocated_qty: number;
  created_at: Instant;
}

/** A receipt. */
export interface StockReceiveStockIn {
  warehouse_id: number;
  lines: StockReceivedLineIn[];
  note?: string;
}

/** Goods that came in. */
export interface StockReceivedLineIn {
  sku_id: number;
  qty: number;
  to_location_id?: number | null;
  lot_code?: string | null;
  expiry_on?: Day | null;
  mfg_on?: Day | null;
  quality?: "good" | "defective";
  lpn?: string | null;
  serials?: string[];
}

/** What lay at a balance then; `balance` is as it is now. */
export interface StockStockThenOut {
  balance: StockBalanceOut;
  on_hand_then: number;
}

/** The last verdict on the ledger; `sound` null: never checked. */
export interface StockTruthOut {
  sound: boolean | null;
  checked_at: Instant | null;
  moves: number;
  sealed: number;
  unsealed: number;
  proved_seq: number;
  faults: StockFaultOut[];
}

/** Where a handling unit is now. */
export interface StockUnitPlaceOut {
  id: number;
  lpn: string;
  parent_id: number | null;
  location_id: number | null;
}

/** What a carrier collects, and whether it will be ready. */
export interface WatchBoardBoardCutOffOut {
  cut_off_at: Instant;
  carrier: string | null;
  orders: number;
  orders_done: number;
  lines_open: number;
  risk: "on_time" | "tight" | "late";
  expected_at: Instant | null;
}

/** Something that a person should look at. */
export interface WatchBoardBoardExceptionOut {
  id: string;
  code: string;
  at: Instant;
  facts: Record<string, string | number | null>;
}

/** The board; `cursor` continues in the news on the channel `warehouse:<id>`. */
export interface WatchBoardBoardOut {
  cursor: number;
  now: Instant;
  lights: WatchBoardLightsOut;
  waves: WatchBoardBoardWaveOut[];
  pickers: WatchBoardBoardPickerOut[];
  cut_offs: WatchBoardBoardCutOffOut[];
  exceptions: WatchBoardBoardExceptionOut[];
  rates: WatchBoardRatesOut;
}

/** A person, where, and how fast. */
export interface WatchBoardBoardPickerOut {
  user_id: number;
  name: string;
  task_id: number | null;
  location_code: string | null;
  lines_done: number;
  lines: number;
  lines_per_hour: number;
  last_scan_at: Instant | null;
}

/** A wave and how far it is. */
export interface WatchBoardBoardWaveOut {
  id: number;
  number: string;
  state: string;
  due_at: Instant | null;
  lines: number;
  lines_done: number;
  lines_short: number;
  tasks: number;
  tasks_done: number;
}

/** How the news travel; `sockets` are those of the process that answers. */
export interface WatchBoardConnectionLightOut {
  state: "ok" | "warn" | "stop";
  sockets: number;
}

/** Lines of one hour. */
export interface WatchBoardHourOut {
  hour: Instant;
  lines: number;
}

/** Background work. */
export interface WatchBoardJobsLightOut {
  state: "ok" | "warn" | "stop";
  waiting: number;
  dead: number;
}

/** The signs. */
export interface WatchBoardLightsOut {
  truth: WatchBoardTruthLightOut;
  connection: WatchBoardConnectionLightOut;
  news: WatchBoardNewsLightOut;
  jobs: WatchBoardJobsLightOut;
}

/** Facts not told yet. */
export interface WatchBoardNewsLightOut {
  state: "ok" | "warn" | "stop";
  waiting: number;
  oldest_s: number;
}

/** How fast the floor is. */
export interface WatchBoardRatesOut {
  lines_per_hour: number;
  lines_today: number;
  by_hour: WatchBoardHourOut[];
}

/** The last proof of the ledger. */
export interface WatchBoardTruthLightOut {
  state: "ok" | "warn" | "stop";
  checked_at: Instant | null;
}

/** Method and path → who may, the query, the body and the answer of each operation. */
export interface Operations {
  "PUT /api/allocation/policy": { may: "manage_master"; query: Record<string, never>; body: OutboundAllocationSetPolicyIn; answer: undefined };
  "POST /api/allocation/reserve": { may: "release_waves"; query: Record<string, never>; body: OutboundAllocationReserveIn; answer: OutboundAllocationSweptOut };
  "GET /api/board": { may: "supervise"; query: { warehouse_id: number }; body: undefined; answer: WatchBoardBoardOut };
  "GET /api/catalog/scan": { may: "anyone"; query: { text: string }; body: undefined; answer: MasterCatalogScanOut };
  "GET /api/catalog/skus": { may: "anyone"; query: { search?: string | null; active?: boolean | null; cursor?: string; limit?: number }; body: undefined; answer: { items: MasterCatalogSkuOut[]; next: string | null; } };
  "POST /api/catalog/skus": { may: "manage_master"; query: Record<string, never>; body: MasterCatalogCreateSkuIn; answer: MasterCatalogSavedSkuOut };
  "GET /api/catalog/skus/export": { may: "manage_master"; query: Record<string, never>; body: undefined; answer: Blob };
  "POST /api/catalog/skus/import": { may: "manage_master"; query: Record<string, never>; body: MasterCatalogImportSkusIn; answer: MasterCatalogImportReportOut };
  "POST /api/catalog/skus/import-file": { may: "manage_master"; query: Record<string, never>; body: FormData; answer: MasterCatalogImportReportOut };
  "GET /api/catalog/skus/{sku_id}": { may: "anyone"; query: Record<string, never>; body: undefined; answer: MasterCatalogSkuSheetOut };
  "PATCH /api/catalog/skus/{sku_id}": { may: "manage_master"; query: Record<string, never>; body: MasterCatalogUpdateSkuInWithout_sku_id; answer: MasterCatalogSavedSkuOut };
  "POST /api/catalog/skus/{sku_id}/barcodes": { may: "manage_master"; query: Record<string, never>; body: MasterCatalogAddBarcodeInWithout_sku_id; answer: MasterCatalogSavedBarcodeOut };
  "DELETE /api/catalog/skus/{sku_id}/barcodes/{barcode_id}": { may: "manage_master"; query: Record<string, never>; body: MasterCatalogRemoveBarcodeInWithout_barcode_id_sku_id; answer: MasterCatalogSavedSkuOut };
  "PUT /api/catalog/skus/{sku_id}/parts": { may: "manage_master"; query: Record<string, never>; body: MasterCatalogSetBundleInWithout_sku_id; answer: MasterCatalogSavedSkuOut };
  "GET /api/devices": { may: "supervise"; query: { revoked?: boolean }; body: undefined; answer: MasterDevicesDeviceOut[] };
  "POST /api/devices/enrol": { may: "public"; query: Record<string, never>; body: MasterDevicesEnrolIn; answer: MasterDevicesKnownDeviceOut };
  "POST /api/devices/enrolments": { may: "supervise"; query: Record<string, never>; body: MasterDevicesEnrolmentIn; answer: MasterDevicesEnrolmentOut };
  "POST /api/devices/{device_id}/rename": { may: "supervise"; query: Record<string, never>; body: MasterDevicesRenameInWithout_device_id; answer: MasterDevicesKnownDeviceOut };
  "POST /api/devices/{device_id}/revoke": { may: "supervise"; query: Record<string, never>; body: MasterDevicesRevokeInWithout_device_id; answer: MasterDevicesKnownDeviceOut };
  "GET /api/docs": { may: "public"; query: Record<string, never>; body: undefined; answer: Blob };
  "GET /api/floor/tasks": { may: "supervise"; query: { warehouse_id: number; state?: "open" | "claimed" | "suspended" | "done" | "cancelled" }; body: undefined; answer: FloorPoolTaskOut[] };
  "POST /api/floor/tasks/{task_id}/priority": { may: "supervise"; query: Record<string, never>; body: FloorPrioritiseInWithout_task_id; answer: undefined };
  "GET /api/floor/whereabouts": { may: "supervise"; query: { warehouse_id: number }; body: undefined; answer: FloorSeenOut[] };
  "GET /api/integrations/deliveries": { may: "integrate"; query: { webhook_id?: number | null; state?: "waiting" | "delivered" | "dead" | null; cursor?: string; limit?: number }; body: undefined; answer: { items: MasterIntegrationsDeliveryOut[]; next: string | null; } };
  "POST /api/integrations/deliveries/{delivery_id}/retry": { may: "integrate"; query: Record<string, never>; body: MasterIntegrationsRetryDeliveryInWithout_delivery_id; answer: MasterIntegrationsDeliveryOut };
  "GET /api/integrations/events": { may: "integrate"; query: Record<string, never>; body: undefined; answer: MasterIntegrationsEventNameOut[] };
  "GET /api/integrations/webhooks": { may: "integrate"; query: Record<string, never>; body: undefined; answer: MasterIntegrationsWebhookOut[] };
  "POST /api/integrations/webhooks": { may: "integrate"; query: Record<string, never>; body: MasterIntegrationsWebhookIn; answer: MasterIntegrationsSecretOut };
  "PUT /api/integrations/webhooks/{webhook_id}": { may: "integrate"; query: Record<string, never>; body: MasterIntegrationsChangeWebhookInWithout_webhook_id; answer: MasterIntegrationsWebhookOut };
  "POST /api/integrations/webhooks/{webhook_id}/ping": { may: "integrate"; query: Record<string, never>; body: MasterIntegrationsPingWebhookInWithout_webhook_id; answer: MasterIntegrationsDeliveryOut };
  "POST /api/integrations/webhooks/{webhook_id}/secret": { may: "integrate"; query: Record<string, never>; body: undefined; answer: MasterIntegrationsSecretOut };
  "GET /api/jobs": { may: "supervise"; query: { state?: "waiting" | "done" | "refused" | "dead"; cursor?: string; limit?: number }; body: undefined; answer: { items: OperatorJobOut[]; next: string | null; } };
  "POST /api/layout/aisles/{aisle_id}/block": { may: "supervise"; query: Record<string, never>; body: MasterLayoutBlockAisleInWithout_aisle_id; answer: MasterLayoutAisleStateOut };
  "POST /api/layout/aisles/{aisle_id}/unblock": { may: "supervise"; query: Record<string, never>; body: MasterLayoutUnblockAisleInWithout_aisle_id; answer: MasterLayoutAisleStateOut };
  "POST /api/layout/import": { may: "manage_master"; query: Record<string, never>; body: MasterLayoutImportLayoutIn; answer: MasterLayoutLayoutReportOut };
  "POST /api/layout/locations/{location_id}/block": { may: "supervise"; query: Record<string, never>; body: MasterLayoutBlockLocationInWithout_location_id; answer: MasterLayoutPlaceOut };
  "POST /api/layout/locations/{location_id}/unblock": { may: "supervise"; query: Record<string, never>; body: MasterLayoutUnblockLocationInWithout_location_id; answer: MasterLayoutPlaceOut };
  "GET /api/layout/warehouses": { may: "anyone"; query: Record<string, never>; body: undefined; answer: MasterLayoutWarehouseOut[] };
  "POST /api/layout/warehouses": { may: "manage_master"; query: Record<string, never>; body: MasterLayoutCreateWarehouseIn; answer: MasterLayoutSavedWarehouseOut };
  "POST /api/layout/warehouses/{warehouse_id}/import-file": { may: "manage_master"; query: Record<string, never>; body: FormData; answer: MasterLayoutLayoutReportOut };
  "GET /api/layout/warehouses/{warehouse_id}/locations": { may: "anyone"; query: { search?: string | null; kind?: "bin" | "staging" | "packing" | "dock" | "shortage" | "picked" | "supplier" | "customer" | "adjustment" | null; cursor?: string; limit?: number }; body: undefined; answer: { items: MasterLayoutLabelledPlaceOut[]; next: string | null; } };
  "GET /api/layout/warehouses/{warehouse_id}/map": { may: "anyone"; query: Record<string, never>; body: undefined; answer: MasterLayoutMapOut };
  "GET /api/layout/warehouses/{warehouse_id}/scan": { may: "anyone"; query: { text: string }; body: undefined; answer: MasterLayoutPlaceOut };
  "GET /api/openapi.json": { may: "public"; query: Record<string, never>; body: undefined; answer: unknown };
  "GET /api/orders": { may: "view_orders"; query: { warehouse_id?: number; state?: "received" | "approved" | "reserved" | "backordered" | "in_wave" | "picking" | "picked" | "packed" | "shipped" | "cancelled"; shop?: string; text?: string; held?: boolean; cursor?: string; limit?: number }; body: undefined; answer: { items: OrdersOrderOut[]; next: string | null; } };
  "PUT /api/orders/cut-offs": { may: "manage_master"; query: Record<string, never>; body: OrdersSetCarrierCutOffIn; answer: undefined };
  "POST /api/orders/import": { may: "import_orders"; query: Record<string, never>; body: OrdersImportOrdersIn; answer: OrdersImportReportOut };
  "POST /api/orders/import-file": { may: "import_orders"; query: Record<string, never>; body: FormData; answer: OrdersImportReportOut };
  "GET /api/orders/imports": { may: "import_orders"; query: { cursor?: string; limit?: number }; body: undefined; answer: { items: OrdersImportRowOut[]; next: string | null; } };
  "GET /api/orders/imports/{import_id}": { may: "import_orders"; query: Record<string, never>; body: undefined; answer: OrdersImportRowOut };
  "GET /api/orders/imports/{import_id}/problems": { may: "import_orders"; query: { cursor?: string; limit?: number }; body: undefined; answer: { items: OrdersProblemOut[]; next: string | null; } };
  "PUT /api/orders/policies": { may: "manage_master"; query: Record<string, never>; body: OrdersSetOrderPolicyIn; answer: undefined };
  "GET /api/orders/{order_id}": { may: "view_orders"; query: Record<string, never>; body: undefined; answer: OrdersOrderSheetOut };
  "POST /api/orders/{order_id}/approve": { may: "supervise"; query: Record<string, never>; body: OrdersApproveOrderInWithout_order_id; answer: OrdersDecidedOut };
  "POST /api/orders/{order_id}/cancel": { may: "supervise"; query: Record<string, never>; body: OrdersCancelOrderInWithout_order_id; answer: OrdersDecidedOut };
  "POST /api/orders/{order_id}/hold": { may: "supervise"; query: Record<string, never>; body: OrdersHoldOrderInWithout_order_id; answer: OrdersDecidedOut };
  "POST /api/orders/{order_id}/priority": { may: "supervise"; query: Record<string, never>; body: OrdersPrioritiseOrderInWithout_order_id; answer: OrdersDecidedOut };
  "POST /api/orders/{order_id}/release-hold": { may: "supervise"; query: Record<string, never>; body: OrdersReleaseHoldInWithout_order_id; answer: OrdersDecidedOut };
  "GET /api/people/api-keys": { may: "manage_people"; query: Record<string, never>; body: undefined; answer: MasterPeopleApiKeyOut[] };
  "POST /api/people/api-keys": { may: "manage_people"; query: Record<string, never>; body: MasterPeopleApiKeyIn; answer: MasterPeopleNewApiKeyOut };
  "POST /api/people/api-keys/{api_key_id}/revoke": { may: "manage_people"; query: Record<string, never>; body: MasterPeopleRevokeApiKeyInWithout_api_key_id; answer: MasterPeopleApiKeyOut };
  "GET /api/people/audit": { may: "manage_people"; query: { action?: string | null; subject?: string | null; actor_id?: number | null; since?: Instant | null; until?: Instant | null; cursor?: string; limit?: number }; body: undefined; answer: { items: MasterPeopleAuditOut[]; next: string | null; } };
  "GET /api/people/roles": { may: "manage_people"; query: Record<string, never>; body: undefined; answer: MasterPeopleRoleOut[] };
  "POST /api/people/roles": { may: "manage_people"; query: Record<string, never>; body: MasterPeopleCreateRoleIn; answer: MasterPeopleSavedRoleOut };
  "PUT /api/people/roles/{role_id}": { may: "manage_people"; query: Record<string, never>; body: MasterPeopleChangeRoleInWithout_role_id; answer: MasterPeopleSavedRoleOut };
  "GET /api/people/sessions": { may: "supervise"; query: { user_id?: number | null; ended?: boolean; cursor?: string; limit?: number }; body: undefined; answer: { items: MasterPeopleSessionRowOut[]; next: string | null; } };
  "POST /api/people/sessions/{session_id}/revoke": { may: "supervise"; query: Record<string, never>; body: MasterPeopleRevokeSessionInWithout_session_id; answer: undefined };
  "GET /api/people/users": { may: "manage_people"; query: { q?: string | null; active?: boolean | null; cursor?: string; limit?: number }; body: undefined; answer: { items: MasterPeopleUserOut[]; next: string | null; } };
  "POST /api/people/users": { may: "manage_people"; query: Record<string, never>; body: MasterPeopleCreateUserIn; answer: MasterPeopleUserOut };
  "GET /api/people/users/{user_id}": { may: "manage_people"; query: Record<string, never>; body: undefined; answer: MasterPeopleUserOut };
  "PUT /api/people/users/{user_id}": { may: "manage_people"; query: Record<string, never>; body: MasterPeopleChangeUserInWithout_user_id; answer: MasterPeopleUserOut };
  "POST /api/people/users/{user_id}/activate": { may: "manage_people"; query: Record<string, never>; body: MasterPeopleActivateUserInWithout_user_id; answer: MasterPeopleUserOut };
  "POST /api/people/users/{user_id}/badge": { may: "manage_people"; query: Record<string, never>; body: MasterPeopleNewBadgeInWithout_user_id; answer: undefined };
  "GET /api/people/users/{user_id}/badge.png": { may: "manage_people"; query: Record<string, never>; body: undefined; answer: Blob };
  "POST /api/people/users/{user_id}/deactivate": { may: "manage_people"; query: Record<string, never>; body: MasterPeopleDeactivateUserInWithout_user_id; answer: MasterPeopleUserOut };
  "POST /api/people/users/{user_id}/password": { may: "manage_people"; query: Record<string, never>; body: MasterPeopleSetPasswordInWithout_user_id; answer: undefined };
  "POST /api/people/users/{user_id}/pin": { may: "manage_people"; query: Record<string, never>; body: MasterPeopleSetPinInWithout_user_id; answer: undefined };
  "POST /api/people/users/{user_id}/revoke-sessions": { may: "supervise"; query: Record<string, never>; body: MasterPeopleRevokeUserSessionsInWithout_user_id; answer: undefined };
  "POST /api/people/users/{user_id}/unlock": { may: "supervise"; query: Record<string, never>; body: MasterPeopleUnlockUserInWithout_user_id; answer: undefined };
  "POST /api/picking/claim": { may: "pick"; query: Record<string, never>; body: OutboundPickingClaimNextIn; answer: OutboundPickingClaimedOut };
  "GET /api/picking/tasks": { may: "pick"; query: { warehouse_id?: number | null; state?: "open" | "claimed" | "suspended" | "done" | "cancelled" | null; wave_id?: number | null; mine?: boolean; cursor?: string; limit?: number }; body: undefined; answer: { items: OutboundPickingTaskRowOut[]; next: string | null; } };
  "GET /api/picking/tasks/{task_id}": { may: "pick"; query: Record<string, never>; body: undefined; answer: OutboundPickingTaskOut };
  "POST /api/picking/tasks/{task_id}/claim": { may: "pick"; query: Record<string, never>; body: OutboundPickingClaimInWithout_task_id; answer: OutboundPickingClaimedOut };
  "POST /api/picking/tasks/{task_id}/finish": { may: "pick"; query: Record<string, never>; body: OutboundPickingFinishInWithout_task_id; answer: OutboundPickingAnswerOut };
  "POST /api/picking/tasks/{task_id}/mis-scans": { may: "pick"; query: Record<string, never>; body: OutboundPickingMisScanInWithout_task_id; answer: OutboundPickingAnswerOut };
  "POST /api/picking/tasks/{task_id}/picks": { may: "pick"; query: Record<string, never>; body: OutboundPickingConfirmPickInWithout_task_id; answer: OutboundPickingAnswerOut };
  "POST /api/picking/tasks/{task_id}/put-backs": { may: "pick"; query: Record<string, never>; body: OutboundPickingPutBackInWithout_task_id; answer: OutboundPickingAnswerOut };
  "POST /api/picking/tasks/{task_id}/resume": { may: "pick"; query: Record<string, never>; body: OutboundPickingResumeInWithout_task_id; answer: OutboundPickingAnswerOut };
  "POST /api/picking/tasks/{task_id}/shorts": { may: "pick"; query: Record<string, never>; body: OutboundPickingPickShortInWithout_task_id; answer: OutboundPickingAnswerOut };
  "POST /api/picking/tasks/{task_id}/skips": { may: "pick"; query: Record<string, never>; body: OutboundPickingSkipLineInWithout_task_id; answer: OutboundPickingAnswerOut };
  "POST /api/picking/tasks/{task_id}/suspend": { may: "pick"; query: Record<string, never>; body: OutboundPickingSuspendInWithout_task_id; answer: OutboundPickingAnswerOut };
  "POST /api/picking/tasks/{task_id}/take-over": { may: "pick"; query: Record<string, never>; body: OutboundPickingTakeOverInWithout_task_id; answer: OutboundPickingAnswerOut };
  "POST /api/picking/tasks/{task_id}/totes": { may: "pick"; query: Record<string, never>; body: OutboundPickingBindToteInWithout_task_id; answer: OutboundPickingAnswerOut };
  "POST /api/picking/tasks/{task_id}/undo": { may: "pick"; query: Record<string, never>; body: OutboundPickingUndoPickInWithout_task_id; answer: OutboundPickingAnswerOut };
  "GET /api/realtime/replay": { may: "anyone"; query: { channel: string; after?: number | null }; body: undefined; answer: OperatorReplayOut };
  "DELETE /api/session": { may: "public"; query: Record<string, never>; body: undefined; answer: undefined };
  "GET /api/session": { may: "anyone"; query: Record<string, never>; body: undefined; answer: MasterPeopleSessionOut };
  "POST /api/session/badge": { may: "public"; query: Record<string, never>; body: MasterPeopleBadgeLoginIn; answer: MasterPeopleSessionOut };
  "POST /api/session/language": { may: "anyone"; query: Record<string, never>; body: MasterPeopleLanguageIn; answer: undefined };
  "POST /api/session/own-password": { may: "anyone"; query: Record<string, never>; body: MasterPeopleOwnSecretIn; answer: undefined };
  "POST /api/session/own-pin": { may: "anyone"; query: Record<string, never>; body: MasterPeopleOwnSecretIn; answer: undefined };
  "POST /api/session/password": { may: "public"; query: Record<string, never>; body: MasterPeoplePasswordLoginIn; answer: MasterPeopleSessionOut };
  "POST /api/stock/adjustments": { may: "adjust_stock"; query: Record<string, never>; body: StockAdjustStockIn; answer: StockPostedOut };
  "GET /api/stock/as-of": { may: "view_stock"; query: { warehouse_id: number; at: Instant; by_event?: boolean; sku_id?: number; location_id?: number; cursor?: string; limit?: number }; body: undefined; answer: { items: StockStockThenOut[]; next: string | null; } };
  "GET /api/stock/balances": { may: "view_stock"; query: { warehouse_id: number; sku_id?: number; location_id?: number; lpn?: string; cursor?: string; limit?: number }; body: undefined; answer: { items: StockBalanceOut[]; next: string | null; } };
  "GET /api/stock/balances/{balance_id}": { may: "view_stock"; query: Record<string, never>; body: undefined; answer: StockExplainedBalanceOut };
  "GET /api/stock/balances/{balance_id}/moves": { may: "view_stock"; query: { cursor?: string; limit?: number }; body: undefined; answer: { items: StockMoveOut[]; next: string | null; } };
  "GET /api/stock/explain": { may: "view_stock"; query: { warehouse_id: number; sku_id: number }; body: undefined; answer: StockExplainedAvailabilityOut };
  "GET /api/stock/figures": { may: "view_stock"; query: { warehouse_id: number; text?: string; cursor?: string; limit?: number }; body: undefined; answer: { items: StockFigureOut[]; next: string | null; } };
  "POST /api/stock/handling-units/move": { may: "shelve"; query: Record<string, never>; body: StockMoveHandlingUnitIn; answer: StockUnitPlaceOut };
  "POST /api/stock/handling-units/nest": { may: "shelve"; query: Record<string, never>; body: StockNestHandlingUnitIn; answer: StockUnitPlaceOut };
  "GET /api/stock/moves": { may: "view_stock"; query: { warehouse_id: number; sku_id?: number; doc_kind?: string; doc_id?: number; command_id?: string; cursor?: string; limit?: number }; body: undefined; answer: { items: StockMoveOut[]; next: string | null; } };
  "POST /api/stock/moves/{move_id}/correct": { may: "adjust_stock"; query: Record<string, never>; body: StockCorrectMoveInWithout_move_id; answer: StockPostedOut };
  "POST /api/stock/quality-changes": { may: "adjust_stock"; query: Record<string, never>; body: StockChangeQualityIn; answer: StockPostedOut };
  "POST /api/stock/receipts": { may: "shelve"; query: Record<string, never>; body: StockReceiveStockIn; answer: StockPostedOut };
  "POST /api/stock/transfers": { may: "shelve"; query: Record<string, never>; body: StockMoveStockIn; answer: StockPostedOut };
  "GET /api/stock/truth": { may: "view_stock"; query: Record<string, never>; body: undefined; answer: StockTruthOut };
  "GET /api/waves": { may: "supervise"; query: { warehouse_id?: number | null; state?: "composed" | "planning" | "planned" | "released" | "done" | "cancelled" | null; cursor?: string; limit?: number }; body: undefined; answer: { items: OutboundWavesWaveOut[]; next: string | null; } };
  "POST /api/waves": { may: "release_waves"; query: Record<string, never>; body: OutboundWavesComposeWaveIn; answer: OutboundWavesComposedOut };
  "GET /api/waves/preview": { may: "release_waves"; query: { strategy_id: number }; body: undefined; answer: OutboundWavesPreviewOut };
  "GET /api/waves/strategies": { may: "supervise"; query: { warehouse_id?: number | null }; body: undefined; answer: OutboundWavesStrategyOut[] };
  "POST /api/waves/strategies": { may: "release_waves"; query: Record<string, never>; body: OutboundWavesCreateStrategyIn; answer: OutboundWavesStrategyOut };
  "PUT /api/waves/strategies/{strategy_id}": { may: "release_waves"; query: Record<string, never>; body: OutboundWavesUpdateStrategyInWithout_strategy_id; answer: OutboundWavesStrategyOut };
  "GET /api/waves/{wave_id}": { may: "supervise"; query: Record<string, never>; body: undefined; answer: OutboundWavesWaveSheetOut };
  "POST /api/waves/{wave_id}/cancel": { may: "release_waves"; query: Record<string, never>; body: OutboundWavesCancelWaveInWithout_wave_id; answer: OutboundWavesWaveOut };
  "POST /api/waves/{wave_id}/plan": { may: "release_waves"; query: Record<string, never>; body: OutboundWavesPlanWaveInWithout_wave_id; answer: OutboundWavesWaveOut };
  "POST /api/waves/{wave_id}/release": { may: "release_waves"; query: Record<string, never>; body: OutboundWavesReleaseWaveInWithout_wave_id; answer: OutboundWavesWaveOut };
  "POST /api/waves/{wave_id}/stop": { may: "release_waves"; query: Record<string, never>; body: OutboundWavesStopPlanInWithout_wave_id; answer: OutboundWavesWaveOut };
  "GET /healthz": { may: "public"; query: Record<string, never>; body: undefined; answer: unknown };
  "GET /metrics": { may: "public"; query: Record<string, never>; body: undefined; answer: Blob };
  "GET /readyz": { may: "public"; query: Record<string, never>; body: undefined; answer: unknown };
}

/** Name → body of each fact. */
export interface Facts {
  /** A sweep promised goods: so many orders are ready for a wave, so many wait for stock. */
  "allocation.orders_reserved": {
    warehouse_id: number;
    reserved: number;
    backordered: number;
  };
  /** These orders could not be allocated and wait again; at most 50 ids. */
  "allocation.orders_short": {
    warehouse_id: number;
    reason: string;
    count: number;
    order_ids: number[];
  };
  /** The pick face lacks goods that lie in reserve; `qty` pieces were allocated there instead. */
  "allocation.replenishment_wanted": {
    warehouse_id: number;
    sku_id: number;
    qty: number;
  };
  /** A SKU has one more code; `shared`: other SKUs carry it too, and a scan asks which is meant. */
  "catalog.barcode_added": {
    sku_id: number;
    barcode: string;
    qty: number;
    shared: boolean;
  };
  /** A SKU has lost a code. */
  "catalog.barcode_removed": {
    sku_id: number;
    barcode: string;
  };
  /** What a bundle is made of has changed; `parts` different SKUs. */
  "catalog.bundle_set": {
    sku_id: number;
    parts: number;
  };
  /** `fields` names what changed; devices that keep a copy of the SKU fetch it again. */
  "catalog.sku_changed": {
    sku_id: number;
    code: string;
    fields: string[];
  };
  /** A SKU is new in the catalogue. */
  "catalog.sku_created": {
    sku_id: number;
    code: string;
  };
  /** One fact for a whole file, so that ten thousand rows are not ten thousand messages. */
  "catalog.skus_imported": {
    created: number;
    updated: number;
    failed: number;
  };
  /** A device came in with a code. */
  "devices.device_enrolled": {
    device_id: number;
    warehouse_id: number;
    device_name: string;
    enrolment_id: number;
    by_user_id: number | null;
    address: string;
  };
  /** A device has another name. */
  "devices.device_renamed": {
    device_id: number;
    warehouse_id: number;
    device_name: string;
    by_user_id: number | null;
  };
  /** A device was shut out: lost, stolen, worn out. */
  "devices.device_revoked": {
    device_id: number;
    warehouse_id: number;
    device_name: string;
    by_user_id: number | null;
  };
  /** A supervisor showed a code that lets one device in. */
  "devices.enrolment_offered": {
    enrolment_id: number;
    warehouse_id: number;
    by_user_id: number | null;
  };
  /** Withdrawn before it was done. */
  "floor.task_cancelled": {
    warehouse_id: number;
    kind: string;
    task_id: number;
    ref_id: number;
    user_id: number | null;
  };
  /** One person has the task now; nobody else can get it. */
  "floor.task_claimed": {
    warehouse_id: number;
    kind: string;
    task_id: number;
    ref_id: number;
    user_id: number;
  };
  /** Done. */
  "floor.task_finished": {
    warehouse_id: number;
    kind: string;
    task_id: number;
    ref_id: number;
    user_id: number | null;
  };
  /** Told to the person whose task a colleague has taken over. */
  "floor.task_lost": {
    user_id: number;
    kind: string;
    task_id: number;
    ref_id: number;
    to_user_id: number;
  };
  /** New work is in the pool; one fact for all tasks opened together. */
  "floor.task_opened": {
    warehouse_id: number;
    kind: string;
    task_ids: number[];
  };
  /** A supervisor has moved the task up or down. */
  "floor.task_prioritised": {
    warehouse_id: number;
    kind: string;
    task_id: number;
    ref_id: number;
    priority: number;
  };
  /** Taken up again by the person who put it aside. */
  "floor.task_resumed": {
    warehouse_id: number;
    kind: string;
    task_id: number;
    ref_id: number;
    user_id: number;
  };
  /** Put aside; the same person or a colleague may go on with it. */
  "floor.task_suspended": {
    warehouse_id: number;
    kind: string;
    task_id: number;
    ref_id: number;
    user_id: number | null;
  };
  /** A colleague goes on with somebody's task. */
  "floor.task_taken_over": {
    warehouse_id: number;
    kind: string;
    task_id: number;
    ref_id: number;
    user_id: number;
    from_user_id: number | null;
  };
  /** A delivery was given up; a person has to look. */
  "integrations.delivery_died": {
    delivery_id: number;
    webhook_id: number;
    webhook_name: string;
    event_name: string;
    error: string;
    owner_id: number;
  };
  /** The other side said that the address is gone. */
  "integrations.webhook_stopped": {
    webhook_id: number;
    webhook_name: string;
    owner_id: number;
  };
  /** Routes through this stretch must be computed again. Lengths in mm along the aisle. */
  "layout.aisle_blocked": {
    warehouse_id: number;
    aisle_id: number;
    code: string;
    y_from_mm: number;
    y_to_mm: number;
    whole: boolean;
    reason: string;
  };
  /** An aisle is open again from end to end. */
  "layout.aisle_unblocked": {
    warehouse_id: number;
    aisle_id: number;
    code: string;
  };
  /** Maps and travel graphs that were kept are old now. */
  "layout.imported": {
    warehouse_id: number;
    created: number;
    updated: number;
    retired: number;
  };
  /** Nothing is put into this location or planned from it any more. */
  "layout.location_blocked": {
    warehouse_id: number;
    location_id: number;
    code: string;
    reason: string;
  };
  /** A location is in use again. */
  "layout.location_unblocked": {
    warehouse_id: number;
    location_id: number;
    code: string;
  };
  /** A warehouse was opened. */
  "layout.warehouse_created": {
    warehouse_id: number;
    code: string;
  };
  /** The order may be worked on. */
  "orders.approved": {
    warehouse_id: number;
    order_id: number;
    number: string;
  };
  /** Nothing will be sent. `was` is the state it had; `put_back` that picked goods must return to bins. */
  "orders.cancelled": {
    warehouse_id: number;
    order_id: number;
    number: string;
    was: string;
    put_back: boolean;
  };
  /** The order must stop at the next scan. */
  "orders.held": {
    warehouse_id: number;
    order_id: number;
    number: string;
    reason: string;
    state: string;
  };
  /** A reason to stop is gone; `still_held` says whether another one remains. */
  "orders.hold_released": {
    warehouse_id: number;
    order_id: number;
    number: string;
    reason: string;
    still_held: boolean;
  };
  /** Orders came in; `approved` of them may be worked on at once. */
  "orders.imported": {
    warehouse_id: number;
    import_id: number;
    created: number;
    updated: number;
    approved: number;
  };
  /** Orders came into another state; at most 50 ids, `count` says how many. */
  "orders.moved": {
    warehouse_id: number;
    state: string;
    count: number;
    order_ids: number[];
  };
  /** What a person may do has changed; devices read the session anew. */
  "people.grants_changed": {
    user_id: number;
  };
  /** A session is over; the device that holds it shows the login screen at once. */
  "people.session_ended": {
    user_id: number;
    session_id: number;
    device_id: number | null;
    why: string;
  };
  /** A person logged in. */
  "people.session_opened": {
    user_id: number;
    session_id: number;
    device_id: number | null;
    kind: string;
  };
  /** A person has an account. */
  "people.user_created": {
    user_id: number;
    by_user_id: number | null;
  };
  /** A person's account is closed. */
  "people.user_deactivated": {
    user_id: number;
    by_user_id: number | null;
  };
  /** Left for the end of the route. */
  "picking.line_skipped": {
    warehouse_id: number;
    task_id: number;
    line_id: number;
    user_id: number;
  };
  /** The handheld refused a scan: an error that was caught. */
  "picking.mis_scanned": {
    warehouse_id: number;
    task_id: number;
    line_id: number | null;
    step: string;
    scanned: string;
    expected: string;
    user_id: number | null;
  };
  /** Told to the picker: the hold is released, the order is picked on. */
  "picking.order_goes_on": {
    user_id: number;
    task_id: number;
    order_id: number;
    slot_no: number;
  };
  /** Told to the picker: an order on the cart was held or cancelled; `put_backs` says how many goods must return. */
  "picking.order_stopped": {
    user_id: number;
    task_id: number;
    order_id: number;
    slot_no: number;
    reason: string;
    put_backs: number;
  };
  /** Goods went from a bin into a tote. */
  "picking.pick_confirmed": {
    warehouse_id: number;
    task_id: number;
    wave_id: number | null;
    pick_id: number;
    line_id: number;
    line_done: boolean;
    order_id: number;
    sku_id: number;
    qty: number;
    location_id: number;
    location_code: string;
    user_id: number;
  };
  /** A pick was taken back by a counter-move. */
  "picking.pick_undone": {
    warehouse_id: number;
    task_id: number;
    wave_id: number | null;
    pick_id: number;
    line_id: number;
    order_id: number;
    sku_id: number;
    qty: number;
    user_id: number;
  };
  /** Goods of a stopped order are in a bin again. */
  "picking.put_back": {
    warehouse_id: number;
    task_id: number;
    order_id: number;
    sku_id: number;
    qty: number;
    location_id: number;
    user_id: number;
  };
  /** A picker stood before a bin without the goods; `missing` is what no other bin could give. */
  "picking.replenishment_wanted": {
    warehouse_id: number;
    sku_id: number;
    location_id: number;
    missing: number;
    reason: string;
  };
  /** A bin held less than the book says; `replaced` of the missing quantity comes from other bins. */
  "picking.short_picked": {
    warehouse_id: number;
    task_id: number;
    wave_id: number | null;
    line_id: number;
    sku_id: number;
    location_id: number;
    location_code: string;
    qty: number;
    replaced: number;
    reason: string;
    user_id: number;
  };
  /** The cart is at packing. */
  "picking.task_finished": {
    warehouse_id: number;
    task_id: number;
    wave_id: number | null;
    orders: number;
    units: number;
    user_id: number;
  };
  /** Somebody has claimed the task for the first time. */
  "picking.task_started": {
    warehouse_id: number;
    task_id: number;
    wave_id: number | null;
    user_id: number;
  };
  /** A wave's tasks are written and can be claimed. */
  "picking.tasks_released": {
    warehouse_id: number;
    wave_id: number;
    tasks: number;
    lines: number;
  };
  /** A scanned tote stands in a slot of the cart. */
  "picking.tote_bound": {
    warehouse_id: number;
    task_id: number;
    slot_no: number;
    lpn: string;
    user_id: number;
  };
  /** More can be promised or picked than before: ATP rose, or good stock reached a bin. Waiting orders may go on. */
  "stock.gained": {
    warehouse_id: number;
    sku_ids: number[];
  };
  /** Goods moved. `sku_ids` lists at most 50; `lines` says how many moves there were. */
  "stock.moved": {
    warehouse_id: number;
    reasons: string[];
    lines: number;
    units: number;
    sku_ids: number[];
    first_move_id: number;
    last_move_id: number;
  };
  /** Goods turned out to be gone, and these documents lost their promise. `doc_ids` are of kind `doc_kind`. */
  "stock.reservations_bumped": {
    warehouse_id: number;
    doc_kind: string;
    doc_ids: number[];
    reservation_ids: number[];
    sku_ids: number[];
  };
  /** The ledger was proved again; `sound` False means that a number on some screen cannot be trusted. */
  "stock.truth_checked": {
    warehouse_id: number;
    sound: boolean;
    faults: number;
  };
  /** The optimiser gave up; the wave is as it was composed. `error` is for the person who looks into it. */
  "waves.plan_failed": {
    warehouse_id: number;
    wave_id: number;
    error: string;
  };
  /** A better plan was found: walking length and proven bound in mm, seconds since the start. */
  "waves.plan_progressed": {
    warehouse_id: number;
    wave_id: number;
    best_mm: number;
    bound_mm: number | null;
    seconds: number;
  };
  /** The optimiser has been asked for batches and routes. */
  "waves.plan_started": {
    warehouse_id: number;
    wave_id: number;
    seconds: number;
  };
  /** Nobody had begun: its orders are back in the pool, their bins free. */
  "waves.wave_cancelled": {
    warehouse_id: number;
    wave_id: number;
    orders: number;
  };
  /** Orders were chosen and their stock allocated to bins. */
  "waves.wave_composed": {
    warehouse_id: number;
    wave_id: number;
    number: string;
    orders: number;
    lines: number;
    units: number;
    dropped: number;
  };
  /** Every task of the wave is done. */
  "waves.wave_done": {
    warehouse_id: number;
    wave_id: number;
  };
  /** Batches and routes are settled. */
  "waves.wave_planned": {
    warehouse_id: number;
    wave_id: number;
    batches: number;
    route_mm: number;
    bound_mm: number | null;
    status: string;
  };
  /** The wave goes to the floor; the picking room writes its tasks. */
  "waves.wave_released": {
    warehouse_id: number;
    wave_id: number;
    number: string;
    batches: number;
    orders: number;
  };
}
