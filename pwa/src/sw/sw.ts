/// <reference lib="webworker" />
/**
 * Keeps the app's files by the hash of their content, so that it starts without network from the first minute.
 * Data is not kept here: the released list and the queue are in IndexedDB. Pictures of goods are kept as they are seen.
 */
declare const self: ServiceWorkerGlobalScope;
export {};

/** Filled by the build: [address, hash of the content]. */
const SHELL = "__SHELL__" as unknown as [string, string][];
const FILES = "tideline-files";
const PICTURES = "tideline-pictures";
const READER = "/assets/zxing_reader.wasm";
const MOST_PICTURES = 600;

const keyOf = (address: string, hash: string): string => `${address}?sw=${hash}`;

async function install(): Promise<void> {
  const cache = await caches.open(FILES);
  const kept = new Set((await cache.keys()).map((request) => new URL(request.url).pathname + new URL(request.url).search));
  // Only what changed is fetched: an update over a weak network costs the changed files, not the app.
  await Promise.all(SHELL.filter(([address, hash]) => !kept.has(keyOf(address, hash))).map(async ([address, hash]) => {
    const answer = await fetch(address, { cache: "no-cache" });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    await cache.put(keyOf(address, hash), answer);
  }));
  await self.skipWaiting();
}

async function activate(): Promise<void> {
  const cache = await caches.open(FILES);
  const wanted = new Set(SHELL.map(([address, hash]) => keyOf(address, hash)));
  for (const request of await cache.keys()) {
    const url = new URL(request.url);
    // Files of the version before stay until the next update: an open page may still ask for its own chunks.
    if (!wanted.has(url.pathname + url.search) && url.pathname !== READER && !url.pathname.startsWith("/assets/")) await cache.delete(request);
  }
  await forgetOldAssets(cache, wanted);
  await self.clients.claim();
}

/** Keeps the assets of one version back. */
async function forgetOldAssets(cache: Cache, wanted: Set<string>): Promise<void> {
  const old = (await cache.keys()).filter((request) => {
    const url = new URL(request.url);
    return url.pathname.startsWith("/assets/") && url.pathname !== READER && !wanted.has(url.pathname + url.search);
  });
  for (const request of old.slice(0, Math.max(0, old.length - SHELL.length))) await cache.delete(request);
}

async function fromShell(address: string, request: Request): Promise<Response> {
  const file = SHELL.find(([path]) => path === address);
  const cache = await caches.open(FILES);
  const kept = file ? await cache.match(keyOf(...file)) : await cache.match(request, { ignoreSearch: true });
  return kept ?? fetch(request);
}

async function wasm(request: Request): Promise<Response> {
  const cache = await caches.open(FILES);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

async function picture(request: Request): Promise<Response> {
  const cache = await caches.open(PICTURES);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok || answer.type === "opaque") {
    await cache.put(request, answer.clone());
    const keys = await cache.keys();
    for (const old of keys.slice(0, Math.max(0, keys.length - MOST_PICTURES))) await cache.delete(old);
  }
  return answer;
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET") return;
  if (request.destination === "image" && !url.pathname.startsWith("/icons/")) return event.respondWith(picture(request));
  if (url.origin !== self.location.origin || /^\/(api|socket\.io|docs|openapi|health|metrics)/.test(url.pathname)) return;
  if (request.mode === "navigate") return event.respondWith(fromShell("/", request));
  if (url.pathname === READER) return event.respondWith(wasm(request));
  event.respondWith(fromShell(url.pathname, request));
});
