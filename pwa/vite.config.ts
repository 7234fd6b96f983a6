import { createHash } from "node:crypto";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { defineConfig, type Plugin } from "vite";

const require = createRequire(import.meta.url);

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesUnder(path) : [path];
  });
}

/**
 * Fills the service worker's list of files to keep, each with the hash of its content, and copies the
 * barcode reader's wasm. The wasm is served by us (no CDN on a warehouse network) and is kept by the worker only
 * after the camera was used once: most handhelds have a scan engine and never need its 1 MB.
 */
function offlineShell(): Plugin {
  const hash = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex").slice(0, 12);
  return {
    name: "tideline-offline-shell",
    apply: "build",
    // After Vite's own plugin has written index.html.
    enforce: "post",
    generateBundle(_options, bundle) {
      const reader = require.resolve("zxing-wasm/reader/zxing_reader.wasm");
      this.emitFile({ type: "asset", fileName: "assets/zxing_reader.wasm", source: readFileSync(reader) });
      const list: [string, string][] = [];
      for (const [name, item] of Object.entries(bundle)) {
        if (name === "sw.js" || name.endsWith(".map") || name.endsWith(".wasm")) continue;
        list.push([name === "index.html" ? "/" : `/${name}`, hash(item.type === "chunk" ? item.code : item.source)]);
      }
      const folder = join(import.meta.dirname, "public");
      for (const path of filesUnder(folder)) {
        list.push([`/${relative(folder, path).replaceAll("\\", "/")}`, hash(readFileSync(path))]);
      }
      list.sort();
      if (!list.some(([address]) => address === "/")) throw new Error("index.html is missing from the list of files to keep");
      const worker = bundle["sw.js"];
      if (worker?.type !== "chunk") throw new Error("the service worker was not built as sw.js");
      if (worker.imports.length > 0) throw new Error("sw.js must stand alone: it may not import shared chunks");
      worker.code = worker.code.replace(/["'`]__SHELL__["'`]/, JSON.stringify(list));
    },
  };
}

export default defineConfig({
  plugins: [offlineShell()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      input: { index: "index.html", sw: "src/sw/sw.ts" },
      output: {
        entryFileNames: (chunk) => (chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8000", "/socket.io": { target: "ws://127.0.0.1:8000", ws: true } } },
});
