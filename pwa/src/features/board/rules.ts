/** How one fact changes the board. Pure. `null` = the fact cannot be drawn from what is known: fetch the snapshot. */
import type { BoardOut, BoardPicker, BoardWave, Fact } from "../../api/types.ts";

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

/** Facts that change nothing on the board. Shorts, undone picks and wrong scans are rare and touch many numbers: snapshot. */
const QUIET = /^(?:(?:catalog|layout|devices|people|integrations|channels)\.|picking\.(?:tote_bound|line_skipped)$)/;

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
    default:
      return QUIET.test(fact.name) ? board : null;
  }
}

/** All facts of one frame; `refetch` when at least one could not be drawn. */
export function patchAll(board: BoardOut, facts: readonly Fact[]): { board: BoardOut; refetch: boolean } {
  let refetch = false;
  let next = board;
  for (const fact of facts) {
    const changed = patch(next, fact);
    if (changed) next = changed;
    else refetch = true;
  }
  return { board: next, refetch };
}
