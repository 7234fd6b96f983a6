import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { grow, isRepeat, isScan, type Burst } from "./burst.ts";

const typed = (text: string, gap: number | ((at: number) => number)): Burst | null => {
  let burst: Burst | null = null;
  let now = 1000;
  [...text].forEach((char, at) => {
    if (at > 0) now += typeof gap === "number" ? gap : gap(at);
    burst = grow(burst, char, now);
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
  it("a whole text committed at once", () => assert.ok(isScan(grow(null, "6901234567892", 5))));
});

describe("double trigger", () => {
  it("the same label within the guard counts once", () => {
    assert.ok(isRepeat({ text: "X", at: 1000 }, "X", 1300, 400));
    assert.ok(!isRepeat({ text: "X", at: 1000 }, "X", 1500, 400));
    assert.ok(!isRepeat({ text: "X", at: 1000 }, "Y", 1100, 400));
  });
});
