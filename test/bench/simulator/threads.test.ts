/**
 * Threads, private ones and a forum's posts.
 * https://discord.com/developers/docs/topics/threads
 */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { ChannelType, PermissionFlagsBits as P } from "discord-api-types/v10";
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

const call = (method: string, path: string, body?: unknown) => rest(simulator, method, path, body);

test("a thread from a message has the message's id, and there is only one", async () => {
  const { client } = await login(simulator);
  const message = simulator.actions.say({ channelId: channel.id, userId, content: "long story" });
  const path = `/channels/${channel.id}/messages/${message.id}/threads`;
  const { status, body } = await call("POST", path, { name: "Story", auto_archive_duration: 1440 });
  expect([status, body.id, body.type]).toEqual([201, message.id, ChannelType.PublicThread]);
  expect(body.thread_metadata).toMatchObject({ archived: false, auto_archive_duration: 1440 });
  expect((await client.event("THREAD_CREATE")).d).toMatchObject({
    id: message.id,
    newly_created: true,
    parent_id: channel.id,
  });
  expect((await call("POST", path, { name: "Again" })).body.code).toBe(160004);
  expect((await call("GET", `/channels/${channel.id}/messages/${message.id}`)).body.thread.id).toBe(message.id);
});

test("what is written in a thread comes over the gateway; writing unarchives it, a lock does not let go", async () => {
  const { client } = await login(simulator);
  const thread = simulator.actions.openThread({ channelId: channel.id, userId, name: "Talk" });
  simulator.actions.say({ channelId: thread.id, userId, content: "in here" });
  const seen = await client.next((frame) => frame.t === "MESSAGE_CREATE" && frame.d.channel_id === thread.id);
  expect(seen.d.content).toBe("in here");
  const meta = thread.thread;
  if (!meta) throw new Error("no thread");
  meta.archived = true;
  expect((await call("POST", `/channels/${thread.id}/messages`, { content: "back" })).status).toBe(200);
  expect(meta.archived).toBe(false);
  meta.locked = true;
  expect((await call("POST", `/channels/${thread.id}/messages`, { content: "no" })).body.code).toBe(50083);
});

test("a private thread is its members' only, and those' who manage threads", async () => {
  const thread = simulator.actions.openThread({ channelId: channel.id, userId, name: "Secret", private: true });
  expect((await call("GET", `/channels/${thread.id}`)).body.code).toBe(50001);
  thread.thread?.members.set(simulator.bots[0]?.userId ?? "", { joinedAtMs: 0 });
  expect((await call("GET", `/channels/${thread.id}`)).body.type).toBe(ChannelType.PrivateThread);
});

test("a forum's post is a thread with its first message; tags must exist", async () => {
  const forum = simulator.actions.createChannel(guild.id, {
    name: "ideas",
    type: ChannelType.GuildForum,
    availableTags: [{ name: "bug" }],
  });
  const tag = forum.availableTags[0]?.id;
  const path = `/channels/${forum.id}/threads`;
  const { status, body } = await call("POST", path, {
    name: "Dark mode",
    message: { content: "please" },
    applied_tags: [tag],
  });
  expect([status, body.message.id, body.message.content, body.applied_tags]).toEqual([201, body.id, "please", [tag]]);
  expect((await call("POST", path, { name: "x" })).body.errors.message).toBeDefined();
  expect((await call("POST", path, { name: "x", message: { content: "y" }, applied_tags: ["1"] })).body.code).toBe(
    50035,
  );
  expect((await call("POST", `/channels/${forum.id}/messages`, { content: "no" })).body.code).toBe(50008);
});

test("a member's post in a forum reaches the bot as THREAD_CREATE and MESSAGE_CREATE of one id", async () => {
  const forum = simulator.actions.createChannel(guild.id, { name: "help", type: ChannelType.GuildForum });
  const { client } = await login(simulator);
  const thread = simulator.actions.openThread({
    channelId: forum.id,
    userId,
    name: "Broken",
    content: "it does not start",
  });
  expect((await client.event("THREAD_CREATE")).d).toMatchObject({ id: thread.id, parent_id: forum.id });
  expect((await client.event("MESSAGE_CREATE")).d).toMatchObject({
    id: thread.id,
    channel_id: thread.id,
    content: "it does not start",
  });
});

test("joining, leaving, archiving and the list of active threads", async () => {
  const thread = simulator.actions.openThread({ channelId: channel.id, userId, name: "Talk" });
  expect((await call("PUT", `/channels/${thread.id}/thread-members/@me`)).status).toBe(204);
  expect((await call("GET", `/channels/${thread.id}/thread-members/@me`)).body.user_id).toBe(simulator.bots[0]?.userId);
  expect(
    (await call("GET", `/guilds/${guild.id}/threads/active`)).body.threads.map((t: { id: string }) => t.id),
  ).toEqual([thread.id]);
  expect((await call("DELETE", `/channels/${thread.id}/thread-members/@me`)).status).toBe(204);
  expect((await call("PATCH", `/channels/${thread.id}`, { archived: true })).body.code).toBe(50013);
  channel.overwrites = [{ id: guild.id, type: 0, allow: P.ManageThreads, deny: 0n }];
  expect((await call("PATCH", `/channels/${thread.id}`, { archived: true })).body.thread_metadata.archived).toBe(true);
  expect((await call("GET", `/channels/${channel.id}/threads/archived/public`)).body.threads).toHaveLength(1);
});
