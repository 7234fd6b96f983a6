import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { grow, isRepeat, isScan, PATIENT, RULE, type Burst } from "./burst.ts";

const typed = (text: string, gap: number | ((at: number) => number), rule = RULE): Burst | null => {
  let burst: Burst | null = null;
  let now = 1000;
  [...text].forEach((char, at) => {
    if (at > 0) now += typeof gap === "number" ? gap : gap(at);
    burst = grow(burst, char, now, rule);
  });
  return burst;
};

describe("scan or typing", () => {
  it("a scanner at 10 ms a key", () => assert.ok(isScan(typed("6901234567892", 10))));
  it("a slow Bluetooth scanner with late keys is still whole", () => {
    const burst = typed("A-01-021-7K", (at) => (at % 6 === 0 ? 120 : 20));
    assert.ok(isScan(burst));
    assert.equal(burst?.text, "A-01-021-7K");
  });
  it("a person at 110 ms a key is not a scanner", () => assert.ok(!isScan(typed("A-01-02", 110))));
  it("two characters are never a scan", () => assert.ok(!isScan(typed("12", 5))));
  it("a pause begins anew", () => assert.equal(typed("AB123456", (at) => (at === 2 ? 400 : 5))?.text, "123456"));
  it("a scan held up by a busy machine is one scan when its Enter is still to come", () => {
    const burst = typed("TOTE-17", (at) => (at === 4 ? 900 : 10), PATIENT);
    assert.ok(isScan(burst, PATIENT));
    assert.equal(burst?.text, "TOTE-17");
  });
  it("a person who stops to think is still a person", () => {
    assert.ok(!isScan(typed("PDA-07", (at) => (at % 3 === 0 ? 700 : 110), PATIENT), PATIENT));
    assert.ok(!isScan(typed("PDA7", 600, PATIENT), PATIENT));
  });
  it("a whole text committed at once", () => assert.ok(isScan(grow(null, "6901234567892", 5))));
});

describe("double trigger", () => {
  it("the same label within the guard counts once", () => {
    assert.ok(isRepeat({ text: "X", at: 1000 }, "X", 1300, 400));
    assert.ok(!isRepeat({ text: "X", at: 1000 }, "X", 1500, 400));
    assert.ok(!isRepeat({ text: "X", at: 1000 }, "Y", 1100, 400));
  });
});
