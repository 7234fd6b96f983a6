// Prints the weight of the build and fails when the picker's first screen is heavier than promised (60 KB of JavaScript, gzipped).
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url).pathname;
const LIMIT_KB = 60;
const size = (path) => gzipSync(readFileSync(path), { level: 9 }).length;

/** What index.html loads, and what those files import at once (not what they import later). */
function firstScreen() {
  const wanted = [...readFileSync(join(dist, "index.html"), "utf8").matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((found) => found[1]);
  const seen = new Set();
  while (wanted.length > 0) {
    const path = wanted.pop();
    if (seen.has(path)) continue;
    seen.add(path);
    for (const found of readFileSync(join(dist, path), "utf8").matchAll(/(?:^|[;\s}])(?:import|export)[^"'()]*["']\.\/([^"']+\.js)["']/g)) wanted.push(`assets/${found[1]}`);
  }
  return [...seen];
}

const first = firstScreen();
const total = first.reduce((sum, path) => sum + size(join(dist, path)), 0);
const kb = (bytes) => (bytes / 1024).toFixed(1).padStart(7);
for (const name of readdirSync(join(dist, "assets")).sort()) {
  const path = join(dist, "assets", name);
  console.log(`${kb(size(path))} KB gz  assets/${name}${first.includes(`assets/${name}`) ? "  (first screen)" : ""}`);
}
console.log(`${kb(size(join(dist, "sw.js")))} KB gz  sw.js`);
console.log(`picker's first screen: ${(total / 1024).toFixed(1)} KB of JavaScript gzipped (limit ${LIMIT_KB})`);
if (total > LIMIT_KB * 1024) process.exit(1);
