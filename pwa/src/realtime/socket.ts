/**
 * News over one websocket, at least once from the server and exactly once from here on: every fact is numbered per channel,
 * the cursor is kept on the device, a gap is filled by a replay, and a replay also runs on a timer and whenever the screen comes
 * back, since the last fact of a burst may be lost with nothing after it to show the gap.
 */
import { signal } from "@preact/signals";
import { io, type Socket } from "socket.io-client";
import { get } from "../api/client.ts";
import type { ChannelNews, Fact } from "../api/types.ts";
import { recall, remember } from "../queue/store.ts";
import { hear } from "./rules.ts";

export interface Subscriber {
  onFacts: (facts: Fact[]) => void;
  /** Too far behind, or the server asks for it: fetch the snapshot again. */
  onResync: () => void;
}

interface Channel { name: string; cursor: number | null; subscribers: Set<Subscriber>; replaying: Promise<void> | null; loaded: Promise<void> }

export const connected = signal(false);
const channels = new Map<string, Channel>();
const onConnect = new Set<() => void>();
const onLoggedOut = new Set<() => void>();
let socket: Socket | null = null;

const REPLAY_MS = 30_000;
/** While the socket cannot connect (a proxy without websockets) news is fetched. */
const POLL_MS = 5_000;

function keep(channel: Channel, cursor: number): void {
  channel.cursor = cursor;
  void remember(`cursor:${channel.name}`, cursor);
}

function take(channel: Channel, facts: Fact[]): boolean {
  const fresh: Fact[] = [];
  let gap = false;
  for (const fact of facts) {
    const heard = hear(channel.cursor, fact);
    if (heard.kind === "gap") { gap = true; break; }
    if (heard.kind === "take") { channel.cursor = heard.cursor; fresh.push(fact); }
  }
  if (fresh.length > 0) {
    keep(channel, channel.cursor!);
    channel.subscribers.forEach((one) => one.onFacts(fresh));
  }
  return !gap;
}

function takeNews(channel: Channel, news: ChannelNews): void {
  if (news.resync) {
    keep(channel, news.cursor);
    channel.subscribers.forEach((one) => one.onResync());
    return;
  }
  // What a replay returns is complete: its first fact follows our cursor whatever its `prev` says.
  take(channel, news.events.map((fact) => ({ ...fact, prev: null })));
  if (channel.cursor === null || news.cursor > channel.cursor) keep(channel, news.cursor);
}

function replay(channel: Channel): Promise<void> {
  channel.replaying ??= (async () => {
    for (let more = true; more;) {
      const before = channel.cursor;
      const news = await get<ChannelNews>("/api/realtime/replay", { channel: channel.name, after: channel.cursor });
      takeNews(channel, news);
      more = news.events.length > 0 && channel.cursor !== before;
    }
  })().catch(() => undefined).finally(() => { channel.replaying = null; });
  return channel.replaying;
}

async function join(which: Channel[]): Promise<void> {
  if (!socket?.connected || which.length === 0) return;
  await Promise.all(which.map((one) => one.loaded));
  const wanted = which.map((one) => ({ channel: one.name, after: one.cursor }));
  const ack = (await socket.timeout(10_000).emitWithAck("join", { channels: wanted }).catch(() => null)) as { ok: boolean; channels: ChannelNews[] } | null;
  for (const news of ack?.channels ?? []) {
    const channel = channels.get(news.channel);
    if (channel) takeNews(channel, news);
  }
}

function onFact(fact: Fact): void {
  const channel = channels.get(fact.channel);
  if (channel && !take(channel, [fact])) void replay(channel);
}

let timed = false;

function startTimers(): void {
  if (timed) return;
  timed = true;
  const all = (): void => { if (document.visibilityState === "visible") channels.forEach((channel) => void replay(channel)); };
  document.addEventListener("visibilitychange", all);
  setInterval(all, REPLAY_MS);
  setInterval(() => { if (!socket?.connected && navigator.onLine) all(); }, POLL_MS);
}

export function connect(): void {
  if (socket) return;
  socket = io({ transports: ["websocket"], forceNew: true, reconnectionDelay: 1000, reconnectionDelayMax: 15_000, randomizationFactor: 0.7, closeOnBeforeunload: true });
  socket.on("connect", () => {
    connected.value = true;
    void join([...channels.values()]);
    onConnect.forEach((listener) => listener());
  });
  socket.on("disconnect", () => { connected.value = false; });
  socket.on("fact", onFact);
  socket.on("logged_out", () => onLoggedOut.forEach((listener) => listener()));
  startTimers();
}

export function disconnect(): void {
  socket?.disconnect();
  socket = null;
  connected.value = false;
}

/** The session was revoked while the socket was open. */
export function whenThrownOut(listener: () => void): () => void {
  onLoggedOut.add(listener);
  return () => onLoggedOut.delete(listener);
}

export function whenConnected(listener: () => void): () => void {
  onConnect.add(listener);
  return () => onConnect.delete(listener);
}

/** `cursor`: where a snapshot stands; null: from now on; without it, where this device stopped listening. */
export function subscribe(name: string, subscriber: Subscriber, cursor?: number | null): () => void {
  let channel = channels.get(name);
  if (!channel) {
    const fresh: Channel = { name, cursor: cursor ?? null, subscribers: new Set(), replaying: null, loaded: Promise.resolve() };
    if (cursor === undefined) fresh.loaded = recall<number>(`cursor:${name}`).then((kept) => { fresh.cursor ??= kept ?? null; });
    channels.set(name, fresh);
    channel = fresh;
    void join([channel]);
  } else if (typeof cursor === "number" && (channel.cursor === null || channel.subscribers.size === 0)) channel.cursor = cursor;
  const mine = channel;
  mine.subscribers.add(subscriber);
  return () => {
    mine.subscribers.delete(subscriber);
    if (mine.subscribers.size === 0) {
      channels.delete(name);
      socket?.emit("leave", { channels: [name] });
    }
  };
}
