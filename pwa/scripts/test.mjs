// Compiles the tests with tsc (no bundler, no test library) and runs them with Node's own runner.
import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = join(root, ".test-build");
rmSync(out, { recursive: true, force: true });
const run = (args) => spawnSync(process.execPath, args, { stdio: "inherit", cwd: root }).status ?? 1;

const compiled = run([join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.test.json", "--noEmit", "false"]);
if (compiled !== 0) process.exit(compiled);
cpSync(join(root, "src/i18n"), join(out, "i18n"), { recursive: true, filter: (path) => !/\.tsx?$/.test(path) });

const files = [];
(function walk(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) walk(path);
    else if (name.endsWith(".test.js")) files.push(path);
  }
})(out);
const only = process.argv[2];
process.exit(run(["--enable-source-maps", "--test", ...files.filter((file) => !only || file.includes(only))]));
