import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { makeQueue, type Queue, type QueueEvent } from "./queue.ts";
import { backoffMs, dependants, nextToSend, verdict, type Answer, type QueuedCommand } from "./rules.ts";
import { allCommands, store } from "./store.ts";

let made = 0;
const command = (more: Partial<QueuedCommand> = {}): QueuedCommand => ({ id: `c${++made}`, user_id: 9, kind: "picking.picks", url: "/api/x", body: { n: made }, event_at: "2026-11-23T08:00:00Z", state: "waiting", tries: 0, about: "task:1", needs: [], problem: null, ...more });
const ok: Answer = { status: 200, body: { task: null }, retryAfter: null };
const no = (code: string): Answer => ({ status: 409, body: { code, facts: {} }, retryAfter: null });

/** A server that remembers what it was sent and answers as told; `null` = the network is gone. */
class Server {
  sent: QueuedCommand[] = [];
  answers: (Answer | null)[] = [];
  later: (() => void)[] = [];
  user: number | null = 9;
  events: QueueEvent[] = [];
  queue: Queue;

  constructor() {
    let busy = false;
    this.queue = makeQueue({
      post: (one) => { this.sent.push(structuredClone(one)); return Promise.resolve(this.answers.length > 0 ? this.answers.shift()! : ok); },
      prepare: (one) => one,
      alone: async (work) => { assert.ok(!busy, "two flushes at once"); busy = true; await work(); busy = false; },
      userId: () => this.user,
      random: () => 0,
      later: (work) => this.later.push(work),
    });
    this.queue.listen((event) => this.events.push(event));
  }
  async comesBack(): Promise<void> {
    this.later.at(-1)?.();
    await this.queue.flush();
  }
}

beforeEach(async () => { await (await store()).clear("commands"); });

describe("what an answer means", () => {
  const of = (status: number, body: unknown = {}): string => verdict({ status, body, retryAfter: null }).kind;
  it("only a 4xx with our code is a no", () => {
    assert.equal(of(409, { code: "wrong_bin" }), "refused");
    assert.equal(of(422, { code: "invalid" }), "refused");
    assert.equal(of(403), "retry", "a captive portal must not eat a scan");
    assert.equal(of(404), "retry");
  });
  it("no answer, 5xx and 429 are sent again", () => {
    assert.equal(verdict(null).kind, "retry");
    assert.equal(of(500), "retry");
    assert.equal(of(503, { code: "busy" }), "retry");
    assert.deepEqual(verdict({ status: 429, body: { code: "too_many" }, retryAfter: "3" }), { kind: "retry", afterMs: 3000 });
  });
  it("401 asks for a login", () => assert.equal(of(401, { code: "login_needed" }), "login"));
  it("a command in progress is asked again", () => assert.equal(of(409, { code: "command_in_progress" }), "retry"));
});

describe("rules", () => {
  it("back-off grows, has a ceiling and jitter", () => {
    assert.deepEqual([backoffMs(0, 0), backoffMs(1, 0), backoffMs(20, 0), backoffMs(20, 1)], [250, 500, 15000, 30000]);
  });
  it("somebody else's commands wait for their owner", () => {
    assert.equal(nextToSend([command({ user_id: 4 }), command({ id: "mine" })], 9)?.id, "mine");
  });
  it("what builds on a refused step is found in a chain", () => {
    const list = [command({ id: "a" }), command({ id: "b", needs: ["a"] }), command({ id: "c", needs: ["b"] }), command({ id: "d" })];
    assert.deepEqual(dependants(list, "a"), ["b", "c"]);
  });
});

describe("the queue", () => {
  it("sends in order and keeps nothing that was answered", async () => {
    const server = new Server();
    await server.queue.add({ commands: [command({ id: "a" }), command({ id: "b" })] });
    await server.queue.add({ commands: [command({ id: "c" })] });
    await server.queue.flush();
    assert.deepEqual(server.sent.map((one) => one.id), ["a", "b", "c"]);
    assert.equal((await allCommands()).length, 0);
  });
  it("without network nothing overtakes, and the same id goes again", async () => {
    const server = new Server();
    server.answers = [null, null];
    await server.queue.add({ commands: [command({ id: "a" }), command({ id: "b" })] });
    await server.queue.flush();
    assert.deepEqual(server.sent.map((one) => one.id), ["a"]);
    await server.comesBack();
    await server.comesBack();
    assert.deepEqual(server.sent.map((one) => one.id), ["a", "a", "a", "b"]);
  });
  it("survives a crash between answer and note: the stored command is sent again under its id", async () => {
    const first = new Server();
    first.answers = [null];
    await first.queue.add({ commands: [command({ id: "a" })] });
    await first.queue.flush();
    const second = new Server();
    await second.queue.flush();
    assert.deepEqual(second.sent.map((one) => one.id), ["a"]);
  });
  it("a refusal is kept for a person, the rest goes on", async () => {
    const server = new Server();
    server.answers = [no("wrong_bin")];
    await server.queue.add({ commands: [command({ id: "a" }), command({ id: "b" })] });
    await server.queue.flush();
    const left = await allCommands();
    assert.deepEqual(left.map((one) => [one.id, one.state, one.problem?.code]), [["a", "refused", "wrong_bin"]]);
    await server.queue.dismiss("a");
    assert.equal((await allCommands()).length, 0);
  });
  it("what depends on a refused step is not sent", async () => {
    const server = new Server();
    server.answers = [no("tote_in_use")];
    await server.queue.add({ commands: [command({ id: "a" }), command({ id: "b", needs: ["a"] }), command({ id: "c" })] });
    await server.queue.flush();
    assert.deepEqual(server.sent.map((one) => one.id), ["a", "c"]);
    assert.deepEqual((await allCommands()).map((one) => one.state), ["refused", "blocked"]);
  });
  it("a logged-out session keeps everything and goes on after the login", async () => {
    const server = new Server();
    server.answers = [{ status: 401, body: { code: "login_needed" }, retryAfter: null }];
    await server.queue.add({ commands: [command({ id: "a" })] });
    await server.queue.flush();
    assert.ok(server.events.some((event) => event.kind === "login"));
    server.user = null;
    await server.queue.flush();
    server.user = 9;
    await server.queue.flush();
    assert.deepEqual(server.sent.map((one) => one.id), ["a", "a"]);
  });
  it("only what certainly never left can be taken back", async () => {
    const server = new Server();
    server.answers = [null];
    await server.queue.add({ commands: [command({ id: "a" }), command({ id: "b" })] });
    await server.queue.flush();
    assert.equal(await server.queue.retract("a"), false);
    assert.equal(await server.queue.retract("b"), true);
    assert.deepEqual((await allCommands()).map((one) => one.id), ["a"]);
  });
  it("a body is settled before its first sending and never changes after", async () => {
    const server = new Server();
    let version = 0;
    const queue = makeQueue({ post: (one) => { server.sent.push(structuredClone(one)); return Promise.resolve(version < 2 ? null : ok); }, prepare: (one) => ({ ...one, body: { knows: ++version } }), alone: (work) => work(), userId: () => 9, random: () => 0, later: () => undefined });
    await queue.add({ commands: [command({ id: "a" })] });
    await queue.flush();
    version = 5;
    await queue.flush();
    assert.deepEqual(server.sent.map((one) => one.body), [{ knows: 1 }, { knows: 1 }]);
  });
  it("a refused command can be tried again under its old id", async () => {
    const server = new Server();
    server.answers = [no("order_held")];
    await server.queue.add({ commands: [command({ id: "a" })] });
    await server.queue.flush();
    await server.queue.again("a");
    assert.deepEqual(server.sent.map((one) => one.id), ["a", "a"]);
    assert.equal((await allCommands()).length, 0);
  });
});
