import type { Fact } from "../api/types.ts";

/** What to do with a numbered fact: at-least-once delivery made exactly-once by the cursor. */
export type Heard = { kind: "drop" } | { kind: "gap" } | { kind: "take"; cursor: number };

export function hear(cursor: number | null, fact: Pick<Fact, "seq" | "prev">): Heard {
  if (cursor === null) return { kind: "take", cursor: fact.seq };
  if (fact.seq <= cursor) return { kind: "drop" };
  if (fact.prev !== null && fact.prev > cursor) return { kind: "gap" };
  return { kind: "take", cursor: fact.seq };
}
