/**
 * What goes wrong with a gateway connection on demand, each fault as a client sees it, and that it is over when it is over.
 * https://discord.com/developers/docs/events/gateway#connection-lifecycle
 */
import { afterEach, beforeEach, expect, test } from "bun:test";
import type { FaultRule } from "../../../bench/simulator/faults.ts";
import { type Simulator, startSimulator } from "../../../bench/simulator/simulator.ts";
import type { Channel, Guild } from "../../../bench/simulator/world.ts";
import { connect, identifyPayload, login } from "./client.ts";

let simulator: Simulator;
let guild: Guild;
let channel: Channel;

beforeEach(() => {
  simulator = startSimulator({ identify: { windowMs: 0 } });
  ({ guild, channel } = simulator.actions.createGuild({ name: "Test" }));
});
afterEach(() => simulator.stop());

const token = () => simulator.bots[0]?.token ?? "";
const fault = (kind: FaultRule["kind"], extra: Partial<FaultRule> = {}) =>
  simulator.services.faults.add({ target: "gateway", kind, times: 1, ...extra });
const say = (content: string) => simulator.actions.say({ channelId: channel.id, userId: guild.ownerId, content });

test("refuse: the upgrade is answered with a status, the next one is taken", async () => {
  fault("refuse", { status: 503 });
  expect(await connect(simulator.gatewayUrl).closed).toBe(1006);
  expect((await login(simulator)).ready.t).toBe("READY");
});

test("no-hello: the connection is open and says nothing", async () => {
  fault("no-hello");
  const client = connect(simulator.gatewayUrl);
  await new Promise((resolve) => client.socket.addEventListener("open", resolve));
  client.send(1, null);
  await client.op(11);
  expect(client.frames.some((frame) => frame.op === 10)).toBe(false);
});

test("no-ready: IDENTIFY is never answered, heartbeats are", async () => {
  fault("no-ready");
  const client = connect(simulator.gatewayUrl);
  await client.op(10);
  client.send(2, identifyPayload(token()));
  client.send(1, null);
  await client.op(11);
  expect(client.frames.some((frame) => frame.t === "READY")).toBe(false);
});

test("no-ack: a heartbeat stays without its ack", async () => {
  const { client } = await login(simulator);
  fault("no-ack");
  client.send(1, 1);
  client.send(1, 1);
  await client.op(11);
  expect(client.frames.filter((frame) => frame.op === 11)).toHaveLength(1);
});

test("invalid-session: op 9 in answer to IDENTIFY or RESUME, resumable or not", async () => {
  fault("invalid-session", { on: "identify", resumable: false });
  const client = connect(simulator.gatewayUrl);
  await client.op(10);
  client.send(2, identifyPayload(token()));
  expect((await client.op(9)).d).toBe(false);
  client.send(2, identifyPayload(token()));
  const ready = await client.event("READY");
  client.close(4900);
  await client.closed;
  fault("invalid-session", { on: "resume", resumable: true });
  const again = connect(simulator.gatewayUrl);
  await again.op(10);
  const resume = { token: token(), session_id: ready.d.session_id, seq: 1 };
  again.send(6, resume);
  expect((await again.op(9)).d).toBe(true);
  again.send(6, resume);
  await again.event("RESUMED");
});

test("close: any code in answer to IDENTIFY", async () => {
  for (const code of [4000, 4004, 4013]) {
    fault("close", { on: "identify", code });
    const client = connect(simulator.gatewayUrl);
    await client.op(10);
    client.send(2, identifyPayload(token()));
    expect(await client.closed).toBe(code);
  }
});

test("duplicate and reorder: the same frame twice, two frames the wrong way round", async () => {
  const { client } = await login(simulator);
  const create = await client.event("GUILD_CREATE");
  fault("duplicate");
  say("twice");
  await client.event("MESSAGE_CREATE");
  await client.event("MESSAGE_CREATE");
  fault("reorder");
  say("first");
  say("second");
  const order = [await client.event("MESSAGE_CREATE"), await client.event("MESSAGE_CREATE")];
  expect(order.map((frame) => frame.d.content)).toEqual(["second", "first"]);
  expect(order.map((frame) => (frame.s ?? 0) - (create.s ?? 0))).toEqual([3, 2]);
});

test("latency: one frame comes later than those after it", async () => {
  const { client } = await login(simulator);
  fault("latency", { ms: 60 });
  say("late");
  say("in time");
  expect((await client.event("MESSAGE_CREATE")).d.content).toBe("in time");
  expect((await client.event("MESSAGE_CREATE")).d.content).toBe("late");
});

test("garbage: bytes that are no payload, and what follows is whole", async () => {
  const { client } = await login(simulator);
  const raw = new Promise<Buffer>((resolve) => {
    client.socket.addEventListener("message", ({ data }) => {
      if (typeof data !== "string") resolve(Buffer.from(data as ArrayBuffer));
    });
  });
  client.socket.onmessage = null;
  fault("garbage");
  say("lost");
  expect((await raw).toString("hex")).toStartWith("deadbeef");
});

test("black-hole: nothing comes any more, the connection stays open; what was missed is there to resume", async () => {
  const { client, ready } = await login(simulator);
  const create = await client.event("GUILD_CREATE");
  fault("black-hole");
  say("one");
  say("two");
  expect(client.socket.readyState).toBe(WebSocket.OPEN);
  const again = connect(simulator.gatewayUrl);
  await again.op(10);
  again.send(6, { token: token(), session_id: ready.d.session_id, seq: create.s });
  await again.event("RESUMED");
  const missed = again.frames.filter((frame) => frame.t === "MESSAGE_CREATE").map((frame) => frame.d.content);
  expect(missed).toEqual(["one", "two"]);
});

test("a fault can be held to one application and one shard", async () => {
  const first = await login(simulator, { shard: [0, 2] });
  const second = await login(simulator, { shard: [1, 2] });
  fault("no-ack", { shard: 1 });
  first.client.send(1, null);
  second.client.send(1, null);
  second.client.send(1, null);
  await first.client.op(11);
  await second.client.op(11);
  expect(second.client.frames.filter((frame) => frame.op === 11)).toHaveLength(1);
});

test("cut: the connection is gone without a close frame", async () => {
  const { client } = await login(simulator);
  simulator.services.gateway.cutAll();
  expect(await client.closed).toBe(1006);
});
