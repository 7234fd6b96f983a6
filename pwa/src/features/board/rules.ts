/** How one fact changes the board. Pure. `null` = the fact cannot be drawn from what is known: fetch the snapshot. */
import type { BoardException, BoardOut, BoardPicker, BoardWave, Fact } from "../../api/types.ts";

const num = (value: unknown): number | null => (typeof value === "number" ? value : null);
const text = (value: unknown): string | null => (typeof value === "string" ? value : null);

function changeOne<Row>(rows: Row[], found: (row: Row) => boolean, change: (row: Row) => Row): Row[] | null {
  const at = rows.findIndex(found);
  if (at < 0) return null;
  const next = rows.slice();
  next[at] = change(rows[at]!);
  return next;
}

/** Goods went into a tote; `lines` is 1 when that finished the line. */
function linesDone(board: BoardOut, fact: Fact, lines: number): BoardOut | null {
  const { body } = fact;
  const userId = num(body.user_id ?? body.picker_id);
  const waveId = num(body.wave_id);
  let { waves, pickers, rates } = board;
  if (waveId !== null) {
    const changed = changeOne<BoardWave>(waves, (row) => row.id === waveId, (row) => ({ ...row, lines_done: row.lines_done + lines }));
    if (!changed) return null;
    waves = changed;
  }
  if (userId !== null) {
    const changed = changeOne<BoardPicker>(pickers, (row) => row.user_id === userId, (row) => ({
      ...row,
      location_code: text(body.location_code) ?? row.location_code,
      lines_done: row.lines_done + lines,
      last_scan_at: fact.at,
    }));
    if (!changed) return null;
    pickers = changed;
  }
  if (lines !== 0) rates = { ...rates, lines_today: rates.lines_today + lines };
  return { ...board, waves, pickers, rates };
}

/** Facts that change nothing on the board, or nothing that the fact of the pick itself does not say. */
const QUIET = /^(?:(?:catalog|layout|devices|people|integrations|channels)\.|stock\.(?:moved|gained)$|picking\.(?:tote_bound|line_skipped|replenishment_wanted)$)/;
/** They come in crowds and move sums only: the snapshot can wait. Shorts and undone picks are rare and do not wait. */
const UNHURRIED = /^(?:orders\.(?:imported|approved|moved)|stock\.reservations_bumped|allocation\.\w+|floor\.task_opened)$/;

/** A wrong scan is a row of its own; the snapshot later gives it the server's name. */
function misScanned(board: BoardOut, fact: Fact): BoardOut {
  const { step, scanned, expected, user_id, task_id } = fact.body;
  const picker = board.pickers.find((row) => row.user_id === user_id)?.name ?? null;
  const row: BoardException = { id: `fact:${fact.seq}`, code: "mis_scan", at: fact.at, facts: { step: text(step), scanned: text(scanned), expected: text(expected), picker, task_id: num(task_id) } };
  return { ...board, exceptions: [row, ...board.exceptions] };
}

function truthChecked(board: BoardOut, fact: Fact): BoardOut | null {
  // Books that do not agree are an exception too, with words from the server.
  if (fact.body.sound !== true || board.lights.truth.state === "stop") return null;
  return { ...board, lights: { ...board.lights, truth: { ...board.lights.truth, state: "ok", checked_at: fact.at } } };
}

export function patch(board: BoardOut, fact: Fact): BoardOut | null {
  const { body } = fact;
  // A pick may fill a line or only a part of it; the server says whether the line is now finished.
  const finished = body.line_done === true ? 1 : 0;
  switch (fact.name) {
    case "picking.pick_confirmed":
      return linesDone(board, fact, finished);
    case "floor.whereabouts":
    case "floor.whereabouts_noted": {
      const userId = num(body.user_id);
      const pickers = changeOne<BoardPicker>(board.pickers, (row) => row.user_id === userId, (row) => ({ ...row, location_code: text(body.location_code) ?? row.location_code, last_scan_at: text(body.last_scan_at) ?? fact.at }));
      return pickers && { ...board, pickers };
    }
    case "picking.mis_scanned":
      return misScanned(board, fact);
    case "stock.truth_checked":
      return truthChecked(board, fact);
    default:
      return QUIET.test(fact.name) ? board : null;
  }
}

/** All facts of one frame; `refetch` when at least one could not be drawn, and how soon. */
export function patchAll(board: BoardOut, facts: readonly Fact[]): { board: BoardOut; refetch: "soon" | "later" | null } {
  let refetch: "soon" | "later" | null = null;
  let next = board;
  for (const fact of facts) {
    const changed = patch(next, fact);
    if (changed) next = changed;
    else if (refetch !== "soon") refetch = UNHURRIED.test(fact.name) ? "later" : "soon";
  }
  return { board: next, refetch };
}
