import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { normalise, readBadge, sameCode, scannedBadge, upcA } from "./barcode.ts";
import { readGs1 } from "./gs1.ts";
import { uuid7 } from "./uuid7.ts";

interface Vector { name: string; input: string; expect: Record<string, unknown> | null }
const vectors = JSON.parse(readFileSync(new URL("../../src/rules/gs1-vectors.json", import.meta.url), "utf8")) as Vector[];

describe("GS1", () => {
  for (const vector of vectors) {
    it(vector.name, () => {
      const read = readGs1(vector.input);
      if (vector.expect === null || read === null) return assert.equal(read, vector.expect);
      const found = Object.fromEntries(Object.keys(vector.expect).map((key) => [key, read[key as keyof typeof read]]));
      assert.deepEqual(found, vector.expect);
    });
  }
});

describe("barcodes", () => {
  it("one GTIN in all its lengths is one code", () => {
    assert.ok(sameCode("06901234567892", "6901234567892"));
    assert.ok(sameCode("012345678905", "0012345678905"));
    assert.ok(!sameCode("16901234567899", "6901234567892"));
  });
  it("a valid ISBN-10 becomes its 978 form", () => assert.equal(normalise("0-306-40615-2"), "9780306406157"));
  it("UPC-E is expanded", () => {
    assert.equal(upcA("04252614"), "042100005264");
    assert.equal(upcA("425261"), "042100005264");
    assert.equal(upcA("A-01-1"), null);
  });
  it("blanks, case and full width do not matter", () => assert.ok(sameCode("sku-1 ", "ＳＫＵ-1")));
  it("empty codes are never the same", () => assert.ok(!sameCode("", "")));
  it("a badge is read with and without its mark", () => assert.deepEqual([readBadge("TL1:AB12"), readBadge(" AB12 ")], ["AB12", "AB12"]));
});

describe("command ids", () => {
  it("are UUIDv7 and sort by time", () => {
    const random = new Uint8Array(10).fill(255);
    const first = uuid7(1_700_000_000_000, random);
    assert.match(first, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.ok(first < uuid7(1_700_000_000_001, new Uint8Array(10)));
  });
});

describe("a scanned badge", () => {
  const code = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  it("is one only when it is whole", () => {
    assert.equal(scannedBadge(`TL1:${code}\r`), code);
    assert.equal(scannedBadge(`tl1:${code.toLowerCase()}`), code);
    for (const text of ["6901234567892", code, `TL1:${code.slice(1)}`, `TL1:${code}A`, "TL1:"]) assert.equal(scannedBadge(text), null);
  });
  it("may come in two parts", () => {
    assert.equal(scannedBadge(code.slice(9), `TL1:${code.slice(0, 9)}`), code);
    assert.equal(scannedBadge(code.slice(9), `TL1:${code.slice(0, 8)}`), null);
  });
});
