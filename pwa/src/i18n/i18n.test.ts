import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, it } from "node:test";
import { format } from "./format.ts";

const src = fileURLToPath(new URL("../../src/", import.meta.url));
const words = (name: string): Record<string, string> => JSON.parse(readFileSync(join(src, `i18n/${name}.json`), "utf8")) as Record<string, string>;
const files = (folder: string): string[] => readdirSync(folder).flatMap((name) => (statSync(join(folder, name)).isDirectory() ? files(join(folder, name)) : [join(folder, name)]));
const named = (pattern: string): string[] => [...pattern.replace(/\b(?:=\d+|zero|one|two|few|many|other)\s*\{/g, "{").matchAll(/\{(\w+)[,}]/g)].map((found) => found[1]!).sort();

describe("patterns", () => {
  it("names are filled in, numbers in the language's way", () => assert.equal(format("{a} of {n}", { a: "x", n: 12345 }, "en"), "x of 12,345"));
  it("plurals choose the language's form", () => {
    const lines = "{n, plural, =0 {no line} one {# line} other {# lines}}";
    assert.deepEqual([0, 1, 2].map((n) => format(lines, { n }, "en")), ["no line", "1 line", "2 lines"]);
    assert.equal(format("{n, plural, one {{name} has #} other {{name} have #}}", { n: 3, name: "We" }, "en"), "We have 3");
  });
  it("what is missing is a dash, not a crash", () => assert.equal(format("{nothing}", {}, "en"), "–"));
});

describe("both languages", () => {
  const zh = words("zh");
  const en = words("en");
  it("have the same keys", () => assert.deepEqual(Object.keys(zh), Object.keys(en)));
  it("have no empty text", () => assert.deepEqual(Object.entries({ ...zh, ...en }).filter(([, text]) => text.trim() === ""), []));
  it("fill in the same facts", () => {
    const differ = Object.keys(en).filter((key) => JSON.stringify([...new Set(named(zh[key]!))]) !== JSON.stringify([...new Set(named(en[key]!))]));
    assert.deepEqual(differ, []);
  });
  it("every key that the screens name exists", () => {
    const missing = new Set<string>();
    for (const path of files(src).filter((one) => /\.tsx?$/.test(one) && !one.includes(".test."))) {
      const code = readFileSync(path, "utf8");
      for (const found of code.matchAll(/\bt\(\s*"([^"]+)"/g)) if (!(found[1]! in en)) missing.add(found[1]!);
      for (const found of code.matchAll(/say\([^;]*?"(?:ok|warn|stop)",\s*"(\w+)"/g)) if (!(`pick.say.${found[1]}` in en)) missing.add(`pick.say.${found[1]}`);
    }
    assert.deepEqual([...missing], []);
  });
});

describe("style sheets", () => {
  it("use logical properties only, so that the page can turn round", () => {
    const physical = /(?:^|[;{\s])(?:margin|padding|border|inset|scroll-margin)-(?:left|right)|(?:^|[;{\s])(?:left|right)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)/;
    const found = files(src).filter((path) => path.endsWith(".css")).flatMap((path) => readFileSync(path, "utf8").split("\n").filter((line) => physical.test(line)));
    assert.deepEqual(found, []);
  });
});
