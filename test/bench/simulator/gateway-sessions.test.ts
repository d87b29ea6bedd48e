/**
 * Sessions beside each other and after their time, and what a client asks of the gateway.
 * https://discord.com/developers/docs/events/gateway#sharding
 * https://discord.com/developers/docs/events/gateway-events#send-events
 */
import { afterEach, describe, expect, test } from "bun:test";
import { inflateSync } from "node:zlib";
import { GatewayIntentBits as I } from "discord-api-types/v10";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../../bench/simulator/simulator.ts";
import { until } from "../../support/until.ts";
import { ALL_INTENTS, connect, identifyPayload, login } from "./client.ts";

let simulator: Simulator;
const start = (options: SimulatorOptions = {}) => {
  simulator = startSimulator({ identify: { windowMs: 0 }, ...options });
  return simulator.actions.createGuild({ name: "Test" });
};
const token = () => simulator.bots[0]?.token ?? "";

afterEach(() => simulator.stop());

describe("sessions (gateway#sharding, #resuming)", () => {
  test("two of one shard both get every event: nobody but the client keeps a bot from answering twice", async () => {
    const { guild, channel } = start();
    const both = [await login(simulator), await login(simulator)];
    expect(new Set(both.map(({ ready }) => ready.d.session_id)).size).toBe(2);
    simulator.actions.say({ channelId: channel.id, userId: guild.ownerId, content: "hello" });
    for (const { client } of both) expect((await client.event("MESSAGE_CREATE")).d.content).toBe("hello");
  });

  test("of two shard counts each gets its own share", async () => {
    const { guild, channel } = start();
    const whole = await login(simulator);
    const half = await login(simulator, { shard: [Number((BigInt(guild.id) >> 22n) % 2n), 2] });
    simulator.actions.say({ channelId: channel.id, userId: guild.ownerId, content: "hello" });
    for (const { client } of [whole, half]) expect((await client.event("MESSAGE_CREATE")).d.content).toBe("hello");
  });

  test("one that nobody resumed in time is over, and collects no more events", async () => {
    start({ gateway: { resumableMs: 1 } });
    const { client, ready } = await login(simulator);
    client.close(4900);
    await client.closed;
    await until(() => simulator.services.gateway.sessions.size === 0);
    const again = connect(simulator.gatewayUrl);
    await again.op(10);
    again.send(6, { token: token(), session_id: ready.d.session_id, seq: 1 });
    expect((await again.op(9)).d).toBe(false);
  });

  test("a resume from elsewhere takes the session over, and the old connection closes", async () => {
    const { guild, channel } = start();
    const { client, ready } = await login(simulator);
    const create = await client.event("GUILD_CREATE");
    const again = connect(ready.d.resume_gateway_url);
    await again.op(10);
    again.send(6, { token: token(), session_id: ready.d.session_id, seq: create.s });
    await again.event("RESUMED");
    expect(await client.closed).toBe(4000);
    simulator.actions.say({ channelId: channel.id, userId: guild.ownerId, content: "here" });
    expect((await again.event("MESSAGE_CREATE")).d.content).toBe("here");
  });

  test("a resume without a sequence is 4007", async () => {
    start();
    const { client, ready } = await login(simulator);
    client.close(4900);
    await client.closed;
    const again = connect(simulator.gatewayUrl);
    await again.op(10);
    again.send(6, { token: token(), session_id: ready.d.session_id });
    expect(await again.closed).toBe(4007);
  });
});

describe("what a client asks (gateway-events#send-events)", () => {
  test("members come in chunks of 1,000, numbered, with the nonce; all of them need the members intent", async () => {
    const { guild } = start();
    for (let n = 0; n < 1_100; n++) simulator.actions.addMember(guild.id, { username: `member-${n}` });
    const { client } = await login(simulator);
    client.send(8, { guild_id: guild.id, query: "", limit: 0, nonce: "all" });
    const chunks = [await client.event("GUILD_MEMBERS_CHUNK"), await client.event("GUILD_MEMBERS_CHUNK")];
    expect(chunks.map(({ d }) => [d.chunk_index, d.chunk_count, d.members.length, d.nonce])).toEqual([
      [0, 2, 1_000, "all"],
      [1, 2, 102, "all"],
    ]);
    const blind = await login(simulator, { intents: ALL_INTENTS & ~I.GuildMembers });
    blind.client.send(8, { guild_id: guild.id, query: "", limit: 0 });
    blind.client.send(8, { guild_id: guild.id, query: "member-109", limit: 5, nonce: "some" });
    const only = await blind.client.event("GUILD_MEMBERS_CHUNK");
    expect([only.d.nonce, only.d.members.length]).toEqual(["some", 5]);
  });

  test("members are asked for by id, and those who are not there are named", async () => {
    const { guild } = start();
    const { client } = await login(simulator);
    client.send(8, { guild_id: guild.id, user_ids: [guild.ownerId, "1"] });
    const { d } = await client.event("GUILD_MEMBERS_CHUNK");
    expect([d.members.length, d.not_found]).toEqual([1, ["1"]]);
  });

  test("a presence or a voice state is taken without an answer; a heartbeat that is asked for comes at once", async () => {
    const { guild } = start();
    const { client } = await login(simulator);
    await client.event("GUILD_CREATE");
    client.send(3, { since: null, activities: [], status: "online", afk: false });
    client.send(4, { guild_id: guild.id, channel_id: null, self_mute: false, self_deaf: false });
    const before = client.frames.length;
    client.send(1, null);
    await client.op(11);
    expect(client.frames.slice(before).map(({ op }) => op)).toEqual([11]);
    simulator.services.gateway.requestHeartbeat();
    await client.op(1);
  });

  test("payloads of some size are deflated one by one where IDENTIFY asks for it", async () => {
    start();
    const client = connect(simulator.gatewayUrl);
    await client.op(10);
    const ready = new Promise<string>((resolve) => {
      client.socket.onmessage = ({ data }) => {
        if (typeof data !== "string") resolve(inflateSync(Buffer.from(data as ArrayBuffer)).toString());
      };
    });
    client.send(2, identifyPayload(token(), { extra: { compress: true } }));
    expect(JSON.parse(await ready)).toMatchObject({ op: 0, t: expect.stringMatching(/READY|GUILD_CREATE/) });
  });
});
