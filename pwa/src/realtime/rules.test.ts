import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hear } from "./rules.ts";

describe("numbered news", () => {
  it("what was heard is dropped", () => assert.equal(hear(5, { seq: 5, prev: 4 }).kind, "drop"));
  it("a gap is seen", () => assert.equal(hear(5, { seq: 8, prev: 7 }).kind, "gap"));
  it("the next one moves the cursor, also over numbers of other channels", () => assert.deepEqual(hear(5, { seq: 9, prev: 5 }), { kind: "take", cursor: 9 }));
  it("the first of all is taken", () => assert.equal(hear(null, { seq: 3, prev: 2 }).kind, "take"));
});
