/**
 * REST v10 as a raw client sees it: messages, reactions, permissions, errors.
 * https://discord.com/developers/docs/resources/message
 * https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
 */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { type Simulator, startSimulator } from "../../../bench/simulator/simulator.ts";
import type { Channel, Guild } from "../../../bench/simulator/world.ts";
import { login, rest } from "./client.ts";

let simulator: Simulator;
let guild: Guild;
let channel: Channel;
let userId: string;

beforeEach(() => {
  simulator = startSimulator({ limits: { enforced: false }, identify: { windowMs: 0 } });
  ({ guild, channel } = simulator.actions.createGuild({ name: "Test" }));
  userId = simulator.actions.addMember(guild.id, { username: "ada" }).userId;
});
afterEach(() => simulator.stop());

const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  rest(simulator, method, path, body, headers);
const post = (body: unknown) => call("POST", `/channels/${channel.id}/messages`, body);
const say = (content: string) => simulator.actions.say({ channelId: channel.id, userId, content });
const deny = (bits: bigint) => {
  channel.overwrites = [{ id: simulator.bots[0]?.userId ?? "", type: 1, allow: 0n, deny: bits }];
};

describe("create message (resources/message#create-message)", () => {
  test("a message is in the channel and dispatched to the gateway", async () => {
    const { client } = await login(simulator);
    const { status, body } = await post({ content: "hello" });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      channel_id: channel.id,
      content: "hello",
      author: { bot: true },
      type: 0,
      embeds: [],
    });
    expect((await client.event("MESSAGE_CREATE")).d).toMatchObject({ id: body.id, guild_id: guild.id });
  });

  test("content over 2,000 characters is 50035 with the field's error; emoji count as one", async () => {
    const { status, body } = await post({ content: "x".repeat(2001) });
    expect(status).toBe(400);
    expect(body).toEqual({
      code: 50035,
      message: "Invalid Form Body",
      errors: { content: { _errors: [{ code: "BASE_TYPE_MAX_LENGTH", message: "Must be 2000 or fewer in length." }] } },
    });
    expect((await post({ content: "😀".repeat(2000) })).status).toBe(200);
  });

  test("a body that is not said to be JSON is not read", async () => {
    const answer = await call(
      "POST",
      `/channels/${channel.id}/messages`,
      { content: "hi" },
      { "content-type": "text/plain" },
    );
    expect(answer.body).toMatchObject({ code: 50035, errors: { _errors: [{ code: "CONTENT_TYPE_INVALID" }] } });
  });

  test("nothing at all is 50006, broken JSON 50109", async () => {
    expect((await post({})).body.code).toBe(50006);
    expect((await post({ content: "  " })).body.code).toBe(50006);
    const response = await fetch(`${simulator.api}/v10/channels/${channel.id}/messages`, {
      method: "POST",
      body: "{",
      headers: { authorization: `Bot ${simulator.bots[0]?.token}`, "content-type": "application/json" },
    });
    expect(await response.json()).toMatchObject({ code: 50109 });
  });

  test("enforce_nonce gives the first message again; without it there are two", async () => {
    const first = await post({ content: "once", nonce: "n-1", enforce_nonce: true });
    const again = await post({ content: "twice", nonce: "n-1", enforce_nonce: true });
    expect(again.body).toMatchObject({ id: first.body.id, content: "once", nonce: "n-1" });
    await post({ content: "twice", nonce: "n-1" });
    expect(channel.messages.size).toBe(2);
    expect((await post({ content: "x", nonce: "n".repeat(26) })).body.code).toBe(50035);
  });

  test("a reply names what it replies to; an unknown one is refused unless fail_if_not_exists is false", async () => {
    const asked = say("a question");
    const reply = await post({ content: "an answer", message_reference: { message_id: asked.id } });
    expect(reply.body).toMatchObject({
      type: 19,
      message_reference: { message_id: asked.id },
      referenced_message: { content: "a question" },
    });
    const unknown = { content: "x", message_reference: { message_id: "1" } };
    expect((await post(unknown)).body.errors.message_reference._errors[0].code).toBe(
      "MESSAGE_REFERENCE_UNKNOWN_MESSAGE",
    );
    const lenient = { content: "x", message_reference: { message_id: "1", fail_if_not_exists: false } };
    expect((await post(lenient)).status).toBe(200);
  });

  test("allowed_mentions decide whom a message would ping", async () => {
    const asked = say("?");
    const role = simulator.actions.createRole(guild.id, { name: "loud", mentionable: true });
    const content = `<@${userId}> <@&${role.id}> @everyone \`<@${guild.ownerId}>\``;
    const pinged = async (extra: object) => {
      const { body } = await post({ content, ...extra });
      return channel.messages.get(body.id)?.pinged;
    };
    // Left out, everything is parsed; @everyone needs the permission, which this bot does not have.
    expect(await pinged({})).toEqual({ everyone: false, roles: [role.id], users: [userId] });
    expect(await pinged({ allowed_mentions: { parse: [] } })).toEqual({ everyone: false, roles: [], users: [] });
    expect(await pinged({ allowed_mentions: { users: [userId] } })).toEqual({
      everyone: false,
      roles: [],
      users: [userId],
    });
    const reply = { content: "x", message_reference: { message_id: asked.id } };
    expect(await pinged({ ...reply, allowed_mentions: { parse: [] } })).toMatchObject({ users: [] });
    expect(await pinged({ ...reply, allowed_mentions: { parse: [], replied_user: true } })).toMatchObject({
      users: [userId],
    });
    expect((await post({ content, allowed_mentions: { parse: ["users"], users: [userId] } })).body.code).toBe(50035);
  });

  test("embeds and components have their limits", async () => {
    expect((await post({ embeds: [{ title: "x".repeat(257) }] })).body.errors.embeds["0"].title._errors[0].code).toBe(
      "BASE_TYPE_MAX_LENGTH",
    );
    const long = { description: "x".repeat(3100) };
    expect((await post({ embeds: [long, long] })).body.errors.embeds._errors[0].code).toBe("MAX_EMBED_SIZE_EXCEEDED");
    const button = { type: 2, style: 1, label: "👍", custom_id: "up" };
    expect((await post({ content: "x", components: [{ type: 1, components: [button] }] })).status).toBe(200);
    expect(
      (await post({ content: "x", components: [{ type: 1, components: [button, button] }] })).body.errors.components[
        "0"
      ],
    ).toBeDefined();
    expect((await post({ content: "x", components: [button] })).body.code).toBe(50035);
  });

  test("a file comes as multipart and can be fetched again", async () => {
    channel.overwrites = [{ id: guild.id, type: 0, allow: 32768n, deny: 0n }];
    const form = new FormData();
    form.set("payload_json", JSON.stringify({ content: "see", attachments: [{ id: 0, description: "notes" }] }));
    form.set("files[0]", new File(["some text"], "notes.txt", { type: "text/plain" }));
    const { body } = await post(form);
    expect(body.attachments[0]).toMatchObject({ filename: "notes.txt", size: 9, description: "notes" });
    expect(await (await fetch(body.attachments[0].url)).text()).toBe("some text");
  });
});

describe("reading, editing, deleting (resources/message)", () => {
  test("a list is newest first, with before, after and around", async () => {
    const ids = ["1", "2", "3", "4", "5"].map((content) => say(content).id);
    const contents = async (query: string) =>
      (await call("GET", `/channels/${channel.id}/messages?${query}`)).body.map((m: { content: string }) => m.content);
    expect(await contents("limit=2")).toEqual(["5", "4"]);
    expect(await contents(`before=${ids[2]}`)).toEqual(["2", "1"]);
    expect(await contents(`after=${ids[2]}&limit=1`)).toEqual(["4"]);
    expect(await contents(`around=${ids[2]}&limit=3`)).toEqual(["4", "3", "2"]);
    expect((await call("GET", `/channels/${channel.id}/messages?limit=101`)).body.code).toBe(50035);
  });

  test("only own messages can be edited", async () => {
    const own = (await post({ content: "v1" })).body;
    const edited = await call("PATCH", `/channels/${channel.id}/messages/${own.id}`, { content: "v2" });
    expect(edited.body).toMatchObject({ content: "v2", edited_timestamp: expect.any(String) });
    const other = say("theirs");
    expect((await call("PATCH", `/channels/${channel.id}/messages/${other.id}`, { content: "x" })).body.code).toBe(
      50005,
    );
  });

  test("another's message needs Manage Messages and leaves the reason in the audit log", async () => {
    const message = say("bad");
    expect((await call("DELETE", `/channels/${channel.id}/messages/${message.id}`)).body.code).toBe(50013);
    channel.overwrites = [{ id: simulator.bots[0]?.userId ?? "", type: 1, allow: 8192n, deny: 0n }];
    const { status } = await call("DELETE", `/channels/${channel.id}/messages/${message.id}`, undefined, {
      "x-audit-log-reason": encodeURIComponent("kötü söz"),
    });
    expect(status).toBe(204);
    expect(guild.auditLog[0]).toMatchObject({ actionType: 72, targetId: userId, reason: "kötü söz" });
    expect((await call("GET", `/channels/${channel.id}/messages/${message.id}`)).body.code).toBe(10008);
  });

  test("bulk delete takes 2 to 100 messages younger than 14 days", async () => {
    channel.overwrites = [{ id: simulator.bots[0]?.userId ?? "", type: 1, allow: 8192n, deny: 0n }];
    const { client } = await login(simulator);
    const ids = ["a", "b", "c"].map((content) => say(content).id);
    const bulk = (messages: string[]) => call("POST", `/channels/${channel.id}/messages/bulk-delete`, { messages });
    expect((await bulk(ids.slice(0, 1))).body.code).toBe(50016);
    const hundred = Array.from({ length: 100 }, (_, n) => String(BigInt(ids[0] ?? 0) + BigInt(n + 1)));
    expect((await bulk([...ids.slice(0, 1), ...hundred])).body.code).toBe(50016);
    expect((await bulk([...ids, "175928847299117063"])).body.code).toBe(50034);
    expect((await bulk(ids)).status).toBe(204);
    expect((await client.event("MESSAGE_DELETE_BULK")).d.ids).toEqual(ids);
    expect(channel.messages.size).toBe(0);
  });

  test("a bot without the Message Content intent reads empty content", async () => {
    const application = simulator.world.applications.get(simulator.bots[0]?.applicationId ?? "");
    if (application) application.privileged.messageContent = false;
    say("secret");
    say("{bot} open");
    const { body } = await call("GET", `/channels/${channel.id}/messages`);
    expect(body.map((m: { content: string }) => m.content)).toEqual([`<@${simulator.bots[0]?.userId}> open`, ""]);
  });

  test("reactions are counted and dispatched; unknown emoji are 10014", async () => {
    const { client } = await login(simulator);
    channel.overwrites = [{ id: guild.id, type: 0, allow: 64n, deny: 0n }];
    const message = say("like me");
    const path = `/channels/${channel.id}/messages/${message.id}/reactions`;
    expect((await call("PUT", `${path}/${encodeURIComponent("👍")}/@me`)).status).toBe(204);
    expect((await client.event("MESSAGE_REACTION_ADD")).d).toMatchObject({
      emoji: { name: "👍" },
      message_id: message.id,
    });
    expect((await call("PUT", `${path}/nonsense/@me`)).body.code).toBe(10014);
    expect((await call("GET", `/channels/${channel.id}/messages/${message.id}`)).body.reactions[0].count).toBe(1);
  });

  test("typing is dispatched", async () => {
    const { client } = await login(simulator);
    expect((await call("POST", `/channels/${channel.id}/typing`)).status).toBe(204);
    expect((await client.event("TYPING_START")).d).toMatchObject({
      channel_id: channel.id,
      user_id: simulator.bots[0]?.userId,
    });
  });
});

describe("access (topics/permissions, topics/opcodes-and-status-codes)", () => {
  test("a wrong token is 401 with code 0", async () => {
    const { status, body } = await call("GET", "/users/@me", undefined, { authorization: "Bot wrong" });
    expect([status, body]).toEqual([401, { message: "401: Unauthorized", code: 0 }]);
  });

  test("a path that is there, asked another way, is 405; one that is not, 404", async () => {
    expect((await rest(simulator, "PUT", "/users/@me", {})).body).toEqual({
      message: "405: Method Not Allowed",
      code: 0,
    });
    expect((await rest(simulator, "GET", "/nothing/here")).body).toEqual({ message: "404: Not Found", code: 0 });
  });

  test("unknown things have their own codes", async () => {
    expect((await call("GET", "/channels/1")).body.code).toBe(10003);
    expect((await call("GET", "/guilds/1")).body.code).toBe(10004);
    expect((await call("GET", `/guilds/${guild.id}/members/1`)).body.code).toBe(10007);
    expect((await call("GET", "/users/1")).body.code).toBe(10013);
    expect((await call("GET", "/nonsense")).status).toBe(404);
  });

  test("where it cannot look it is 50001, where it may not act 50013", async () => {
    deny(1024n);
    expect((await post({ content: "x" })).body).toEqual({ message: "Missing Access", code: 50001 });
    deny(2048n);
    expect((await post({ content: "x" })).body).toEqual({ message: "Missing Permissions", code: 50013 });
    deny(16384n);
    expect((await post({ embeds: [{ title: "x" }] })).body.code).toBe(50013);
    deny(65536n);
    const asked = say("?");
    expect((await post({ content: "x", message_reference: { message_id: asked.id } })).body.code).toBe(160002);
    expect((await call("GET", `/channels/${channel.id}/messages`)).body).toEqual([]);
  });

  test("a direct message reaches who shares a guild, and nobody else", async () => {
    const open = await call("POST", "/users/@me/channels", { recipient_id: userId });
    expect(open.body).toMatchObject({ type: 1, recipients: [{ id: userId }] });
    expect((await call("POST", `/channels/${open.body.id}/messages`, { content: "hi" })).status).toBe(200);
    const stranger = simulator.actions.createUser({ username: "stranger" });
    const closed = await call("POST", "/users/@me/channels", { recipient_id: stranger.id });
    expect((await call("POST", `/channels/${closed.body.id}/messages`, { content: "hi" })).body.code).toBe(50007);
  });
});
