/**
 * Checked by the compiler alone, never loaded: what the server sends (`schema.gen.ts`, generated) fits what the screens
 * expect (`types.ts`, written by hand). A line that does not compile names the field in which the two differ.
 */
import type * as here from "./types.ts";
import type * as sent from "./schema.gen.ts";
import type { Deed } from "../features/picking/apply.ts";

/** What is sent may be more, never less, than what is expected. */
type Fits<Sent extends Expected, Expected> = [Sent, Expected];
type Answer<Name extends keyof sent.Operations> = sent.Operations[Name]["answer"];
type Body<Name extends keyof sent.Operations> = sent.Operations[Name]["body"];
/** A person's session always ends; only an API key, which no browser shows, has none to end. */
type OfAPerson<Session> = Session & { expires_at: string };
/** What the queue of a handheld holds and the server takes, by kind of deed. */
type DeedBodies = { [Each in Deed as Each["kind"]]: Each["body"] };
type TakenBodies = { [Kind in Deed["kind"]]: Body<`POST /api/picking/tasks/{task_id}/${Kind}`> };
/** Where a deed's type says less than the machine does: it always names the goods, and a mis-scan one of four steps. */
type Loose = { picks: { sku_barcode: string }; "mis-scans": { step: here.MisScanStep } };
/** Fields that the server would refuse as unknown. */
type Unknown = { [Kind in Deed["kind"]]: Exclude<keyof DeedBodies[Kind], keyof TakenBodies[Kind]> }[Deed["kind"]];

export type Checks = [
  Fits<sent.Problem, here.ProblemOut>,
  Fits<OfAPerson<Answer<"POST /api/session/badge">>, here.SessionOut>,
  Fits<OfAPerson<Answer<"POST /api/session/password">>, here.SessionOut>,
  Fits<OfAPerson<Answer<"GET /api/session">>, here.SessionOut>,

  Fits<Answer<"POST /api/picking/claim">, here.TaskAnswer>,
  Fits<Answer<"POST /api/picking/tasks/{task_id}/claim">, here.TaskAnswer>,
  Fits<Answer<"GET /api/picking/tasks/{task_id}">, here.TaskOut>,
  Fits<Answer<"GET /api/picking/tasks">, here.Page<here.TaskRow>>,
  Fits<Answer<"POST /api/picking/tasks/{task_id}/totes">, here.PickAnswer>,
  Fits<Answer<"POST /api/picking/tasks/{task_id}/picks">, here.PickAnswer>,
  Fits<Answer<"POST /api/picking/tasks/{task_id}/shorts">, here.PickAnswer>,
  Fits<Answer<"POST /api/picking/tasks/{task_id}/skips">, here.PickAnswer>,
  Fits<Answer<"POST /api/picking/tasks/{task_id}/undo">, here.PickAnswer>,
  Fits<Answer<"POST /api/picking/tasks/{task_id}/suspend">, here.PickAnswer>,
  Fits<Answer<"POST /api/picking/tasks/{task_id}/resume">, here.PickAnswer>,
  Fits<Answer<"POST /api/picking/tasks/{task_id}/take-over">, here.PickAnswer>,
  Fits<Answer<"POST /api/picking/tasks/{task_id}/put-backs">, here.PickAnswer>,
  Fits<Answer<"POST /api/picking/tasks/{task_id}/mis-scans">, here.PickAnswer>,
  Fits<Answer<"POST /api/picking/tasks/{task_id}/finish">, here.PickAnswer>,
  Fits<DeedBodies & Loose, TakenBodies>,
  Fits<Unknown, never>,
  Fits<here.ShortReason, Body<"POST /api/picking/tasks/{task_id}/shorts">["reason"]>,
  Fits<here.MisScanStep, Body<"POST /api/picking/tasks/{task_id}/mis-scans">["step"]>,

  Fits<Answer<"GET /api/realtime/replay">, here.ChannelNews>,
  Fits<Answer<"GET /api/board">, here.BoardOut>,

  Fits<Answer<"GET /api/waves/strategies">, here.WaveStrategy[]>,
  Fits<Answer<"GET /api/waves/preview">, here.WavePreview>,
  Fits<Answer<"GET /api/waves">, here.Page<here.WaveRow>>,
  Fits<Answer<"GET /api/waves/{wave_id}">, here.WaveSheet>,

  Fits<Answer<"GET /api/orders">, here.Page<here.OrderRow>>,
  Fits<Answer<"GET /api/orders/{order_id}">, here.OrderSheet>,
  Fits<Answer<"POST /api/orders/import-file">, here.ImportReport>,
  Fits<Answer<"GET /api/orders/imports/{import_id}">, here.OrderImport>,
  Fits<Answer<"GET /api/orders/imports/{import_id}/problems">, here.Page<here.ImportProblem>>,

  Fits<Answer<"GET /api/stock/balances">, here.Page<here.BalanceRow>>,
  Fits<Answer<"GET /api/stock/balances/{balance_id}">, here.ExplainedBalance>,
  Fits<Answer<"GET /api/stock/balances/{balance_id}/moves">, here.Page<here.ExplainedMove>>,
  Fits<Answer<"GET /api/stock/as-of">, here.Page<here.StockThen>>,
  Fits<Answer<"GET /api/stock/truth">, here.TruthOut>,

  Fits<Answer<"GET /api/catalog/scan">, here.ScanOut>,
  Fits<Answer<"GET /api/catalog/skus">, here.Page<here.SkuRow>>,
  Fits<Answer<"GET /api/layout/warehouses">, here.WarehouseRef[]>,
  Fits<Answer<"GET /api/layout/warehouses/{warehouse_id}/map">, here.MapOut>,
  Fits<Answer<"GET /api/layout/warehouses/{warehouse_id}/locations">, here.Page<here.PlaceOut>>,
  Fits<Answer<"GET /api/layout/warehouses/{warehouse_id}/scan">, here.PlaceOut>,

  Fits<Answer<"GET /api/people/sessions">, here.Page<here.SessionRow>>,
  Fits<Answer<"GET /api/people/users">, here.Page<here.UserRow>>,
  Fits<Answer<"GET /api/devices">, here.DeviceRow[]>,
  Fits<Answer<"POST /api/devices/enrolments">, here.Enrolment>,
];
