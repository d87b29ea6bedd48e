/**
 * The gateway's protocol, frame by frame.
 * https://discord.com/developers/docs/events/gateway
 */
import { afterEach, describe, expect, test } from "bun:test";
import { GatewayIntentBits as I } from "discord-api-types/v10";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../../bench/simulator/simulator.ts";
import { shardOf } from "../../../bench/simulator/snowflake.ts";
import { ALL_INTENTS, connect, identifyPayload, login, rest } from "./client.ts";

let simulator: Simulator;
const start = (options: SimulatorOptions = {}) => {
  simulator = startSimulator({ identify: { windowMs: 0 }, ...options });
  return simulator;
};
const token = () => simulator.bots[0]?.token ?? "";

afterEach(() => simulator.stop());

describe("connecting (gateway#connection-lifecycle)", () => {
  test("HELLO comes first, with the heartbeat interval", async () => {
    start({ gateway: { heartbeatMs: 12_345 } });
    const hello = await connect(simulator.gatewayUrl).op(10);
    expect(hello.d.heartbeat_interval).toBe(12_345);
    expect(hello.s).toBeNull();
  });

  test("READY names the session, the resume URL, the application and the guilds, which then come whole", async () => {
    start();
    const { guild, channel } = simulator.actions.createGuild({ name: "Test" });
    const { client, ready } = await login(simulator, { shard: [0, 1], intents: ALL_INTENTS });
    expect(ready.s).toBe(1);
    expect(ready.d).toMatchObject({
      v: 10,
      session_id: expect.any(String),
      resume_gateway_url: expect.stringContaining("ws://127.0.0.1"),
      guilds: [{ id: guild.id, unavailable: true }],
      application: { id: simulator.bots[0]?.applicationId },
      shard: [0, 1],
      user: { id: simulator.bots[0]?.userId, bot: true },
    });
    const create = await client.event("GUILD_CREATE");
    expect(create.d).toMatchObject({ id: guild.id, member_count: 2, unavailable: false, large: false });
    expect(create.d.channels.map((c: { id: string }) => c.id)).toEqual([channel.id]);
    expect(create.d.roles.map((r: { name: string }) => r.name)).toContain("@everyone");
    expect(create.d.members).toHaveLength(2);
  });

  test("without the presences intent GUILD_CREATE has only the bot's own member", async () => {
    start();
    simulator.actions.createGuild({ name: "Test" });
    const { client } = await login(simulator, { intents: I.Guilds | I.GuildMembers });
    const create = await client.event("GUILD_CREATE");
    expect(create.d.members.map((m: { user: { id: string } }) => m.user.id)).toEqual([simulator.bots[0]?.userId]);
  });

  test("a heartbeat is acked, before and after IDENTIFY", async () => {
    start();
    const { client } = await login(simulator);
    client.send(1, 1);
    expect(await client.op(11)).toMatchObject({ op: 11 });
  });

  test("a bot that joins a guild gets GUILD_CREATE, one that leaves GUILD_DELETE, an outage says unavailable", async () => {
    start();
    const { client } = await login(simulator);
    const { guild } = simulator.actions.createGuild({ name: "Later" });
    expect((await client.event("GUILD_CREATE")).d.id).toBe(guild.id);
    const { setUnavailable } = await import("../../../bench/simulator/world/guilds.ts");
    setUnavailable(simulator.world, guild, true);
    expect((await client.event("GUILD_DELETE")).d).toEqual({ id: guild.id, unavailable: true });
    setUnavailable(simulator.world, guild, false);
    expect((await client.event("GUILD_CREATE")).d.id).toBe(guild.id);
    simulator.actions.removeBot(guild.id, simulator.bots[0]?.applicationId ?? "");
    expect((await client.event("GUILD_DELETE")).d).toEqual({ id: guild.id });
  });
});

describe("close codes (opcodes-and-status-codes#gateway-gateway-close-event-codes)", () => {
  const cases: readonly [code: number, why: string, act: (client: ReturnType<typeof connect>) => void][] = [
    [4001, "an unknown opcode", (c) => c.send(99, null)],
    [4002, "what is no JSON", (c) => c.socket.send("{")],
    [4002, "a payload over 4,096 bytes", (c) => c.send(1, "x".repeat(5000))],
    [4003, "a payload before IDENTIFY", (c) => c.send(3, { status: "online" })],
    [4004, "a wrong token", (c) => c.send(2, identifyPayload("wrong"))],
    [4010, "a shard that cannot be", (c) => c.send(2, identifyPayload(token(), { shard: [2, 2] }))],
    [4013, "intents that do not exist", (c) => c.send(2, identifyPayload(token(), { intents: 1 << 30 }))],
  ];
  for (const [code, why, act] of cases) {
    test(`${code} for ${why}`, async () => {
      start();
      const client = connect(simulator.gatewayUrl);
      await client.op(10);
      act(client);
      expect(await client.closed).toBe(code);
    });
  }

  test("4005 for a second IDENTIFY", async () => {
    start();
    const { client } = await login(simulator);
    client.send(2, identifyPayload(token()));
    expect(await client.closed).toBe(4005);
  });

  test("4007 for a sequence that was never sent", async () => {
    start();
    const { client, ready } = await login(simulator);
    client.close(4900);
    await client.closed;
    const again = connect(simulator.gatewayUrl);
    await again.op(10);
    again.send(6, { token: token(), session_id: ready.d.session_id, seq: 999 });
    expect(await again.closed).toBe(4007);
  });

  test("4008 for more payloads a minute than allowed", async () => {
    start();
    const { client } = await login(simulator);
    for (let count = 0; count < 120; count += 1) client.send(1, null);
    expect(await client.closed).toBe(4008);
  });

  test("4009 when heartbeats stop", async () => {
    start({ gateway: { heartbeatMs: 40 } });
    const { client } = await login(simulator);
    expect(await client.closed).toBe(4009);
  });

  test("4011 when a shard would have too many guilds", async () => {
    start({ gateway: { guildsPerShardMax: 1 } });
    simulator.actions.createGuild({ name: "One" });
    simulator.actions.createGuild({ name: "Two" });
    const client = connect(simulator.gatewayUrl);
    await client.op(10);
    client.send(2, identifyPayload(token()));
    expect(await client.closed).toBe(4011);
  });

  test("4012 for another API version", async () => {
    start();
    expect(await connect(simulator.gatewayUrl, "v=5&encoding=json").closed).toBe(4012);
  });

  test("4014 for a privileged intent that is not switched on", async () => {
    start();
    const application = simulator.world.applications.get(simulator.bots[0]?.applicationId ?? "");
    if (application) application.privileged.messageContent = false;
    const client = connect(simulator.gatewayUrl);
    await client.op(10);
    client.send(2, identifyPayload(token()));
    expect(await client.closed).toBe(4014);
  });
});

describe("resuming (gateway#resuming)", () => {
  test("what was missed comes again in order, then RESUMED", async () => {
    start();
    const { guild, channel } = simulator.actions.createGuild({ name: "Test" });
    const { client, ready } = await login(simulator);
    const create = await client.event("GUILD_CREATE");
    client.close(4900);
    await client.closed;
    for (const content of ["one", "two", "three"]) {
      simulator.actions.say({ channelId: channel.id, userId: guild.ownerId, content });
    }
    const again = connect(ready.d.resume_gateway_url);
    await again.op(10);
    again.send(6, { token: token(), session_id: ready.d.session_id, seq: create.s });
    const resumed = await again.event("RESUMED");
    const missed = again.frames.filter((frame) => frame.t === "MESSAGE_CREATE");
    expect(missed.map((frame) => frame.d.content)).toEqual(["one", "two", "three"]);
    expect(missed.map((frame) => frame.s)).toEqual([1, 2, 3].map((n) => (create.s ?? 0) + n));
    expect(resumed.s).toBe((create.s ?? 0) + 4);
  });

  test("op 9 false where the session is unknown, ended by close 1000, or the buffer no longer reaches back", async () => {
    start({ gateway: { bufferMax: 2 } });
    const { guild, channel } = simulator.actions.createGuild({ name: "Test" });
    const { client, ready } = await login(simulator);
    client.close(4900);
    await client.closed;
    for (let n = 0; n < 5; n += 1)
      simulator.actions.say({ channelId: channel.id, userId: guild.ownerId, content: `${n}` });
    for (const session_id of [ready.d.session_id, "unknown"]) {
      const again = connect(simulator.gatewayUrl);
      await again.op(10);
      again.send(6, { token: token(), session_id, seq: 1 });
      expect((await again.op(9)).d).toBe(false);
    }
    const second = await login(simulator);
    second.client.close(1000);
    await second.client.closed;
    const third = connect(simulator.gatewayUrl);
    await third.op(10);
    third.send(6, { token: token(), session_id: second.ready.d.session_id, seq: 1 });
    expect((await third.op(9)).d).toBe(false);
  });

  test("op 7 asks for a reconnect; op 9 true leaves the session to be resumed, op 9 false does not", async () => {
    start();
    const { client, ready } = await login(simulator);
    simulator.services.gateway.reconnect();
    expect((await client.op(7)).d).toBeNull();
    simulator.services.gateway.invalidate(true);
    expect((await client.op(9)).d).toBe(true);
    expect(simulator.services.gateway.sessions.has(ready.d.session_id)).toBe(true);
    const second = await login(simulator);
    simulator.services.gateway.invalidate(false);
    expect((await second.client.op(9)).d).toBe(false);
    expect(simulator.services.gateway.sessions.has(second.ready.d.session_id)).toBe(false);
  });
});

describe("identifying (gateway#sharding-max-concurrency, #rate-limiting)", () => {
  test("too fast for max_concurrency is op 9; another bucket is free", async () => {
    start({ identify: { windowMs: 60_000, maxConcurrency: 2 } });
    await login(simulator, { shard: [0, 4] });
    await login(simulator, { shard: [1, 4] });
    const client = connect(simulator.gatewayUrl);
    await client.op(10);
    client.send(2, identifyPayload(token(), { shard: [2, 4] }));
    expect((await client.op(9)).d).toBe(false);
  });

  test("when session_start_limit is used up, the token is reset and everything closes with 4004", async () => {
    start();
    const application = simulator.world.applications.get(simulator.bots[0]?.applicationId ?? "");
    if (application) simulator.services.identifies.setRemaining(application, 1);
    const { client } = await login(simulator);
    expect((await rest(simulator, "GET", "/gateway/bot")).body.session_start_limit.remaining).toBe(0);
    const second = connect(simulator.gatewayUrl);
    await second.op(10);
    second.send(2, identifyPayload(token()));
    expect(await second.closed).toBe(4004);
    expect(await client.closed).toBe(4004);
    expect((await rest(simulator, "GET", "/users/@me")).status).toBe(401);
  });

  test("a guild's events go to shard (id >> 22) % n, direct messages to shard 0", async () => {
    start();
    const shards = await Promise.all([login(simulator, { shard: [0, 2] }), login(simulator, { shard: [1, 2] })]);
    const made = [0, 1].map((wanted) => {
      for (;;) {
        const id = ((BigInt(Date.now() - 1_420_070_400_000 - Math.floor(Math.random() * 1e9)) << 22n) | 7n).toString();
        if (shardOf(id, 2) === wanted) return simulator.actions.createGuild({ name: `Guild ${wanted}`, id });
      }
    });
    for (const [index, shard] of shards.entries()) {
      expect((await shard.client.event("GUILD_CREATE")).d.id).toBe(made[index]?.guild.id);
    }
    simulator.actions.direct({ userId: made[1]?.guild.ownerId ?? "", content: "psst" });
    expect((await shards[0].client.event("MESSAGE_CREATE")).d.content).toBe("psst");
    expect(shards[1].client.frames.some((frame) => frame.t === "MESSAGE_CREATE")).toBe(false);
  });
});

describe("intents (gateway#gateway-intents, #message-content-intent)", () => {
  test("without Message Content only mentions, own messages and direct messages carry content", async () => {
    start();
    const { guild, channel } = simulator.actions.createGuild({ name: "Test" });
    const intents = I.Guilds | I.GuildMessages | I.DirectMessages;
    const { client } = await login(simulator, { intents });
    const say = (content: string) => simulator.actions.say({ channelId: channel.id, userId: guild.ownerId, content });
    say("not for the bot");
    say("{bot} for the bot");
    await rest(simulator, "POST", `/channels/${channel.id}/messages`, { content: "its own" });
    simulator.actions.direct({ userId: guild.ownerId, content: "in private" });
    const contents: string[] = [];
    for (let n = 0; n < 4; n += 1) contents.push((await client.event("MESSAGE_CREATE")).d.content);
    expect(contents).toEqual(["", `<@${simulator.bots[0]?.userId}> for the bot`, "its own", "in private"]);
  });

  test("an event without its intent does not come, and takes no sequence number", async () => {
    start();
    const { guild, channel } = simulator.actions.createGuild({ name: "Test" });
    const { client } = await login(simulator, { intents: I.Guilds });
    const create = await client.event("GUILD_CREATE");
    simulator.actions.say({ channelId: channel.id, userId: guild.ownerId, content: "unheard" });
    simulator.actions.createChannel(guild.id, { name: "seen" });
    expect((await client.event("CHANNEL_CREATE")).s).toBe((create.s ?? 0) + 1);
  });

  test("messages of a channel that the bot cannot see do not come", async () => {
    start();
    const { guild } = simulator.actions.createGuild({ name: "Test" });
    const hidden = simulator.actions.createChannel(guild.id, {
      name: "hidden",
      overwrites: [{ id: guild.id, type: 0, allow: 0n, deny: 1024n }],
    });
    const open = simulator.actions.createChannel(guild.id, { name: "open" });
    // The default bot role grants View Channel, but the overwrite on @everyone takes it away in the channel.
    const { client } = await login(simulator);
    simulator.actions.say({ channelId: hidden.id, userId: guild.ownerId, content: "secret" });
    simulator.actions.say({ channelId: open.id, userId: guild.ownerId, content: "public" });
    expect((await client.event("MESSAGE_CREATE")).d.content).toBe("public");
  });
});

describe("compression (gateway#transport-compression)", () => {
  for (const kind of ["zlib-stream", "zstd-stream"]) {
    test(`${kind} shares one context over the connection`, async () => {
      start();
      const { guild, channel } = simulator.actions.createGuild({ name: "Test" });
      const { client } = await login(simulator, { query: `v=10&encoding=json&compress=${kind}` });
      for (let n = 0; n < 50; n += 1) {
        simulator.actions.say({ channelId: channel.id, userId: guild.ownerId, content: `message ${n} ✓` });
      }
      for (let n = 0; n < 50; n += 1) expect((await client.event("MESSAGE_CREATE")).d.content).toBe(`message ${n} ✓`);
    });
  }
});

describe("faults of a connection", () => {
  test("a zombie acks no heartbeat; a black hole neither reads nor writes", async () => {
    start();
    const { client } = await login(simulator);
    simulator.services.gateway.setZombie(true);
    client.send(1, 1);
    simulator.services.gateway.requestHeartbeat();
    await client.op(1);
    expect(client.frames.some((frame) => frame.op === 11)).toBe(false);
    simulator.services.gateway.setBlackHole(true);
    const before = client.frames.length;
    simulator.services.gateway.requestHeartbeat();
    simulator.services.gateway.setBlackHole(false);
    simulator.services.gateway.reconnect();
    await client.op(7);
    expect(client.frames.length).toBe(before + 1);
  });

  test("a resume can stay unanswered while heartbeats are acked", async () => {
    start();
    const { client, ready } = await login(simulator);
    client.close(4900);
    await client.closed;
    simulator.services.faults.add({ target: "gateway", kind: "no-resumed", times: 1 });
    const again = connect(simulator.gatewayUrl);
    await again.op(10);
    again.send(6, { token: token(), session_id: ready.d.session_id, seq: 1 });
    again.send(1, 1);
    await again.op(11);
    expect(again.frames.some((frame) => frame.t === "RESUMED")).toBe(false);
  });
});
