/**
 * What every implementation of the Discord port promises: one REST against the simulated Discord, the same through a
 * worker's door, and the recording one. Faults and refusals only the first can have.
 */
import { afterEach, describe, expect, test } from "bun:test";
import { DEFAULT_BOT_PERMISSIONS } from "../../bench/simulator/actions.ts";
import { type Simulator, startSimulator } from "../../bench/simulator/simulator.ts";
import { systemClock } from "../../src/clock.ts";
import { createRecording } from "../../src/discord/recording.ts";
import { createRest } from "../../src/discord/rest.ts";
import { createThreadDiscord } from "../../src/discord/worker-door.ts";
import { type Discord, discordPort } from "../../src/discord.ts";
import type { AppError } from "../../src/errors.ts";
import type { ApplicationId, ChannelId, GuildId, MessageId, UserId } from "../../src/ids.ts";
import { PERMISSIONS } from "../../src/permissions.ts";
import { serve, settle } from "../../src/worker-door.ts";
import { silentLogger } from "../support/doubles.ts";
import { requireLawful } from "../support/lawful.ts";
import { simulatedClock } from "../support/simulated-clock.ts";
import { until } from "../support/until.ts";

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

type Bench = {
  readonly discord: Discord;
  readonly channel: ChannelId;
  readonly contents: () => Promise<readonly string[]>;
};

function simulate() {
  const simulator = startSimulator({ identify: { windowMs: 0 } });
  opened.push(async () => {
    await simulator.stop();
    await requireLawful(simulator);
  });
  const bot = simulator.bots[0];
  if (bot === undefined) throw new Error("the simulator has no bot");
  const permissions = DEFAULT_BOT_PERMISSIONS | PERMISSIONS.manageChannels;
  const { guild, channel } = simulator.actions.createGuild({ name: "Test", permissions });
  const member = simulator.actions.addMember(guild.id, { username: "ada" });
  const rest = createRest({
    application: bot.applicationId as ApplicationId,
    token: bot.token,
    apiBase: simulator.api,
    clock: systemClock,
    logger: silentLogger,
  });
  opened.push(() => rest.close());
  return {
    simulator,
    rest,
    bot,
    guild: guild.id as GuildId,
    channel: channel.id as ChannelId,
    member: member.userId as UserId,
    contents: () => contentsOf(simulator, channel.id),
  };
}

async function contentsOf(simulator: Simulator, channelId: string): Promise<readonly string[]> {
  return (await simulator.actions.messages({ channelId, author: "bot", count: 1_000, ms: 1 })).map((m) => m.content);
}

function throughThread(discord: Discord): Discord {
  const ports = { [discordPort(discord.application)]: discord };
  return createThreadDiscord(discord.application, async (request) =>
    settle(structuredClone(await serve(ports, structuredClone(request)))),
  );
}

const implementations: readonly (readonly [string, () => Bench])[] = [
  [
    "rest",
    () => {
      const { rest, channel, contents } = simulate();
      return { discord: rest, channel, contents };
    },
  ],
  [
    "thread over rest",
    () => {
      const { rest, channel, contents } = simulate();
      return { discord: throughThread(rest), channel, contents };
    },
  ],
  [
    "recording",
    () => {
      const self = { userId: "5" as UserId, name: "Gatehouse" };
      const discord = createRecording("5" as ApplicationId, self, systemClock);
      const channel = "6" as ChannelId;
      const contents = async () => discord.sent.filter((m) => !m.deleted).map((m) => m.message.content);
      return { discord, channel, contents };
    },
  ],
];

for (const [name, open] of implementations) {
  describe(name, () => {
    test("what is sent can be read, edited and removed", async () => {
      const { discord, channel, contents } = open();
      const id = await discord.messages.send(channel, { content: "one" }, "1-0");
      expect(await discord.messages.get(channel, id)).toMatchObject({ id, content: "one" });
      await discord.messages.edit(channel, id, { content: "two" });
      expect(await contents()).toEqual(["two"]);
      await discord.messages.remove(channel, [id]);
      expect(await discord.messages.get(channel, id)).toBeNull();
    });

    test("the same nonce makes one message, and answers with it", async () => {
      const { discord, channel, contents } = open();
      const first = await discord.messages.send(channel, { content: "one" }, "7-0");
      expect(await discord.messages.send(channel, { content: "one" }, "7-0")).toBe(first);
      expect(await discord.messages.send(channel, { content: "one" }, "7-1")).not.toBe(first);
      expect(await contents()).toHaveLength(2);
    });

    test("the channel's last messages come oldest first", async () => {
      const { discord, channel } = open();
      for (const n of [1, 2, 3]) await discord.messages.send(channel, { content: `m${n}` }, `8-${n}`);
      expect((await discord.messages.recent(channel, 2)).map((m) => m.content)).toEqual(["m2", "m3"]);
    });

    test("a channel's slow mode is set, read and taken back", async () => {
      const { discord, channel } = open();
      expect(await discord.channels.slowness(channel)).toBe(0);
      await discord.channels.slow(channel, 45, "raid");
      expect(await discord.channels.slowness(channel)).toBe(45);
      await discord.channels.slow(channel, 0, "over");
      expect(await discord.channels.slowness(channel)).toBe(0);
    });

    test("an invitation is a link of its own, and says until when it is good", async () => {
      const { discord, channel } = open();
      const now = Date.now();
      const made = [1, 2].map(() => discord.channels.invite(channel, 7 * 86_400, "back again"));
      const [one, other] = await Promise.all(made);
      expect(one?.url).toMatch(/^https:\/\/discord\.gg\/\w{6,}$/);
      expect(other?.url).not.toBe(one?.url);
      expect(Math.abs((one?.expiresAtMs ?? 0) - now - 7 * 86_400_000)).toBeLessThan(60_000);
    });

    test("who it is, is known", async () => {
      const { discord } = open();
      expect((await discord.directory.self()).userId).toMatch(/^\d+$/);
    });
  });
}

describe("rest alone", () => {
  test("a thread's title is changed by who may manage threads, and by nobody else", async () => {
    for (const allowed of [true, false]) {
      const { simulator, rest, bot } = simulate();
      const { guild, channel } = simulator.actions.createGuild({
        ...{ name: "Threads", bots: [bot.applicationId] },
        permissions: PERMISSIONS.viewChannel | PERMISSIONS.sendMessages | (allowed ? PERMISSIONS.manageThreads : 0n),
      });
      const { userId } = simulator.actions.addMember(guild.id, { username: "ada" });
      const thread = simulator.actions.openThread({ channelId: channel.id, userId, name: "rude words" });
      const done = rest.channels.rename(thread.id as ChannelId, "[title removed]", "a rule").catch((error) => error);
      expect(((await done) as AppError | undefined)?.kind).toBe(allowed ? undefined : "forbidden");
      expect(simulator.world.channels.get(thread.id)?.name).toBe(allowed ? "[title removed]" : "rude words");
    }
  });

  test("slow mode needs Manage Channels, and a channel that is gone has none", async () => {
    const { simulator, rest, bot } = simulate();
    const { channel } = simulator.actions.createGuild({
      ...{ name: "Closed", bots: [bot.applicationId] },
      permissions: PERMISSIONS.viewChannel | PERMISSIONS.sendMessages,
    });
    const refused = await rest.channels.slow(channel.id as ChannelId, 30, "raid").catch((error: unknown) => error);
    expect((refused as AppError).kind).toBe("forbidden");
    expect(await rest.channels.slowness(channel.id as ChannelId)).toBe(0);
    expect(await rest.channels.slowness("999999999999999999" as ChannelId)).toBeNull();
  });

  test("an invitation lets one person in, carries its reason, and needs Create Invite in a channel that is none of a thread's", async () => {
    const { simulator, rest, bot, guild, channel, member } = simulate();
    const { url } = await rest.channels.invite(channel, 3_600, "back again");
    const code = url.split("/").at(-1) ?? "";
    simulator.world.guilds.get(guild)?.members.delete(member);
    expect(simulator.actions.join(code, member).userId).toBe(member);
    expect(() => simulator.actions.join(code, member)).toThrow("Unknown Invite");
    expect(simulator.world.guilds.get(guild)?.auditLog[0]).toMatchObject({ actionType: 40, reason: "back again" });

    const thread = simulator.actions.openThread({ channelId: channel, userId: member, name: "aside" });
    const closed = simulator.actions.createGuild({ name: "Closed", bots: [bot.applicationId] });
    for (const role of closed.guild.roles.values()) role.permissions = PERMISSIONS.viewChannel;
    const places = [thread.id, closed.channel.id, "999999999999999999"] as ChannelId[];
    const kinds = await Promise.all(places.map((place) => kindOf(rest.channels.invite(place, 60, "no"))));
    expect(kinds).toEqual(["invalid", "forbidden", "not-found"]);
  });

  test("an invitation whose reply was lost is not made once more", async () => {
    const { simulator, rest, channel } = simulate();
    const route = "/channels/:channel/invites";
    simulator.services.faults.add({ target: "rest", kind: "lost-reply", route, times: 1 });
    expect(await kindOf(rest.channels.invite(channel, 60, "lost"))).toBe("unknown-outcome");
    expect(simulator.world.invites.size).toBe(1);
  });

  test("a reply pings the one replied to and nobody that the text names", async () => {
    const { simulator, rest, channel, member } = simulate();
    const asked = simulator.actions.say({ channelId: channel, userId: member, content: "hi" });
    const content = `@everyone @here <@${member}> hello`;
    await rest.messages.send(channel, { content, replyTo: asked.id as MessageId }, `${asked.id}-0`);
    const [sent] = await simulator.actions.messages({ channelId: channel, author: "bot", count: 1, ms: 1_000 });
    expect(sent?.pinged).toMatchObject({ everyone: false, roles: [], users: [member] });
  });

  test("a reply to a message that is gone is sent all the same", async () => {
    const { rest, channel, contents } = simulate();
    await rest.messages.send(channel, { content: "late", replyTo: "1400000000000000000" as MessageId }, "9-0");
    expect(await contents()).toEqual(["late"]);
  });

  test("a send whose reply was lost is repeated and makes one message", async () => {
    const { simulator, rest, channel, contents } = simulate();
    simulator.services.faults.add({
      target: "rest",
      kind: "lost-reply",
      route: "/channels/:channel/messages",
      times: 1,
    });
    await rest.messages.send(channel, { content: "one" }, "10-0");
    expect(await contents()).toEqual(["one"]);
  });

  test("a follow-up whose reply was lost is not repeated", async () => {
    const { rest } = simulate();
    const lost = await rest.interactions
      .follow("no-such-token", { content: "x" }, false)
      .catch((error: AppError) => error);
    expect(lost).toMatchObject({ name: "AppError" });
    expect(String((lost as AppError).message)).not.toContain("no-such-token");
  });

  const without = (simulator: Simulator) => ({
    requests: () => simulator.services.ledger.list({ kind: "request" }).length,
    refuse: (times: number, status = 401) =>
      simulator.services.faults.add({ target: "rest", kind: "status", status, times }),
  });

  test("a token that never worked is not used again after a 401 and one question about it", async () => {
    const { simulator, bot, channel } = simulate();
    const wrong = createRest({
      application: bot.applicationId as ApplicationId,
      token: "wrong.token.entirely",
      apiBase: simulator.api,
      clock: systemClock,
      logger: silentLogger,
    });
    opened.push(() => wrong.close());
    const { requests } = without(simulator);
    const before = requests();
    for (let i = 0; i < 3; i++) {
      expect(await kindOf(wrong.messages.send(channel, { content: "x" }, `11-${i}`))).toBe("unauthorized");
    }
    expect(requests() - before).toBe(2);
    expect(wrong.stats()).toMatchObject({ unauthorized: 2, stopped: true, blocked: 2 });
  });

  test("one 401 of a proxy costs nobody an answer, and the token goes on", async () => {
    const { simulator, rest, channel, contents } = simulate();
    without(simulator).refuse(1);
    await rest.messages.send(channel, { content: "all the same" }, "12-1");
    expect(await contents()).toEqual(["all the same"]);
    expect(rest.stats()).toMatchObject({ unauthorized: 1, stopped: false });
  });

  test("a token that worked is doubted over seconds, not dropped, and nothing is sent with it meanwhile", async () => {
    const { simulator, bot, channel, contents } = simulate();
    const time = simulatedClock(13);
    const rest = createRest({
      application: bot.applicationId as ApplicationId,
      token: bot.token,
      apiBase: simulator.api,
      clock: time,
      logger: silentLogger,
    });
    opened.push(() => rest.close());
    const { refuse, requests } = without(simulator);
    const send = (nonce: string) => rest.messages.send(channel, { content: nonce }, nonce);
    await send("13-1");
    refuse(3);
    expect(await kindOf(send("13-2"))).toBe("unavailable");
    const before = requests();
    expect(await kindOf(send("13-3"))).toBe("unavailable");
    expect([requests() - before, rest.stats().stopped]).toEqual([0, false]);
    await time.advance(3_000);
    // Answers come over a real socket: what waits for one may set its next time after the clock was moved.
    await until(async () => {
      await time.advance(500);
      return requests() > before;
    });
    await until(async () => {
      await time.advance(500);
      return (await kindOf(send("13-4"))) === "done";
    });
    expect(await contents()).toEqual(["13-1", "13-4"]);
    expect(rest.stats().stopped).toBe(false);
  });

  test("a token that is refused all the same comes back without a restart, and costs a question a minute at most", async () => {
    const { simulator, bot, channel, contents } = simulate();
    const time = simulatedClock(13);
    const rest = createRest({
      application: bot.applicationId as ApplicationId,
      token: bot.token,
      apiBase: simulator.api,
      clock: time,
      logger: silentLogger,
    });
    opened.push(() => rest.close());
    const { refuse, requests } = without(simulator);
    const send = (nonce: string) => rest.messages.send(channel, { content: nonce }, nonce);
    refuse(3);
    expect(await kindOf(send("14-1"))).toBe("unauthorized");
    const before = requests();
    for (let i = 0; i < 20; i++) expect(await kindOf(send(`14-2-${i}`))).toBe("unauthorized");
    expect([requests() - before, rest.stats().stopped]).toEqual([0, true]);
    await time.advance(60_000);
    expect(await kindOf(send("14-3"))).toBe("unauthorized");
    expect(requests() - before).toBe(1);
    await time.advance(60_000);
    expect(await kindOf(send("14-4"))).toBe("unauthorized");
    expect(requests() - before).toBe(1);
    await time.advance(60_000);
    await send("14-5");
    expect([rest.stats().stopped, await contents()]).toEqual([false, ["14-5"]]);
  });

  test("after one 403 the same is not tried there again, elsewhere it is", async () => {
    const { simulator, rest, guild, channel } = simulate();
    const everyone = { id: guild, type: 0 as const, allow: 0n, deny: 1n << 11n };
    const closed = simulator.actions.createChannel(guild, { name: "closed", overwrites: [everyone] });
    const requests = () => simulator.services.ledger.list({ kind: "request", method: "POST" }).length;
    const before = requests();
    const place = closed.id as ChannelId;
    expect(await kindOf(rest.messages.send(place, { content: "x" }, "12-0"))).toBe("forbidden");
    expect(await kindOf(rest.messages.send(place, { content: "x" }, "12-1"))).toBe("forbidden");
    expect(requests() - before).toBe(1);
    await rest.messages.send(channel, { content: "y" }, "12-2");
    expect(rest.stats()).toMatchObject({ forbidden: 1, blocked: 1 });
  });

  test("after one 403 to an interaction's answer the next interaction is answered", async () => {
    const { simulator, rest } = simulate();
    const asked = () => simulator.services.ledger.list({ kind: "request", method: "PATCH" }).length;
    simulator.services.faults.add({ target: "rest", kind: "status", status: 403, method: "PATCH", times: 1 });
    expect(await kindOf(rest.interactions.edit("token-1", { content: "x" }))).toBe("forbidden");
    expect(await kindOf(rest.interactions.edit("token-2", { content: "x" }))).not.toBe("forbidden");
    expect(asked()).toBe(2);
  });

  test("what Discord says about itself is read: guilds, roles, channels, the application", async () => {
    const { rest, guild, channel, bot } = simulate();
    expect(await rest.directory.guilds()).toContainEqual({ id: guild, name: "Test" });
    expect((await rest.directory.guild(guild))?.roles.length).toBeGreaterThan(0);
    expect((await rest.directory.channels(guild)).map((c) => c.id)).toContain(channel);
    expect(await rest.directory.about()).toMatchObject({ id: bot.applicationId, publicKey: bot.publicKey });
    expect(await rest.directory.guild("1" as GuildId)).toBeNull();
  });

  test("a server that leaves out all it may, or answers nothing of use, is read as far as it says", async () => {
    for (const answer of [{ id: "1" }, [], null, "yes"]) {
      const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => Response.json(answer) });
      opened.push(() => server.stop(true));
      const application = "500000000000000009" as ApplicationId;
      const apiBase = `http://127.0.0.1:${server.port}/api`;
      const token = `${Buffer.from(application).toString("base64")}.bare.abcdefghijklmnopqrstuvwxyz`;
      const rest = createRest({ application, token, apiBase, clock: systemClock, logger: silentLogger });
      opened.push(() => rest.close());
      const [guild, user] = ["1" as GuildId, "2" as UserId];
      expect((await rest.directory.guild(guild))?.roles ?? []).toEqual([]);
      expect(await rest.directory.channels(guild)).toEqual([]);
      expect(await rest.directory.guilds()).toEqual([]);
      expect((await rest.members.get(guild, user))?.roles ?? []).toEqual([]);
      expect(await rest.members.search(guild, "mira", 5)).toEqual([]);
      await rest.directory.whole(guild);
    }
  });
});

async function kindOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "done";
  } catch (error) {
    return (error as AppError).kind ?? String(error);
  }
}

test("a small text file of a message is read; any other address is not asked", async () => {
  const { simulator, rest, channel, member } = simulate();
  const bytes = new TextEncoder().encode("How do I reset it?");
  const file = simulator.services.attachments.store(
    channel,
    { index: 0, name: "message.txt", type: "text/plain", bytes },
    undefined,
  );
  simulator.actions.say({ channelId: channel, userId: member, content: "", attachments: [file] });
  expect(await rest.messages.file(String(file.url))).toBe("How do I reset it?");
  for (const url of [
    "https://evil.example/message.txt",
    "http://169.254.169.254/message.txt",
    "file:///etc/passwd",
    "no address",
  ]) {
    expect(await rest.messages.file(url)).toBeNull();
  }
});
