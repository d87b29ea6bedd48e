/**
 * When the bot speaks: each response mode as an admin sets it on the dashboard, for a server and for single channels, in
 * force within a second; smart mode among people who do not talk to it. Silence is a recorded outcome here, not a time-out.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Channel, Guild, Message } from "../../bench/simulator/world.ts";
import { needing } from "../support/needing.ts";
import { openRedis } from "../support/redis.ts";
import { type Admin, live, openStage, page, type Stage, signIn } from "../support/stage.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(90_000);

/** PRODUCT.md §2: "changed at any time, in force within a second". */
const IN_FORCE_MS_MAX = 1_000;
const QUESTION = "how do I reset the kettle?";
const KETTLE = page(
  "Resetting the kettle",
  "https://docs.example/kettle",
  "Hold the copper button for seven seconds until the lid blinks green. The kettle then forgets its network.",
);

type House = {
  readonly guild: Guild;
  readonly channel: Channel;
  readonly ada: string;
  readonly bob: string;
  readonly staff: string;
  readonly admin: Admin;
  /** What the bot said to it, once every message has its outcome: nothing is silence. */
  hear(said: Message): Promise<readonly Message[]>;
  say(content: string, more?: { channel?: Channel; userId?: string; replyTo?: string }): Message;
  /** Milliseconds from when the form was saved to the first `question` that is treated so. */
  inForceAfter(channel: Channel, question: string, answers: number): Promise<number>;
};

async function settle(stage: Stage, guild: Guild, dashboards: readonly string[]): Promise<void> {
  const { channels } = stage.simulator.world;
  await until(async () => {
    const texts = await Promise.all(dashboards.map(async (origin) => (await fetch(`${origin}/metrics`)).text()));
    const counts = texts.flatMap((text) => [...text.matchAll(/^gatehouse_outcomes_total\{.*\} (\d+)$/gm)]);
    const ended = counts.reduce((sum, [, count]) => sum + Number(count), 0);
    const said = [...channels.values()]
      .filter((channel) => channel.guildId === guild.id)
      .flatMap((channel) => [...channel.messages.values()])
      .filter(({ ephemeralFor }) => ephemeralFor === undefined);
    return ended >= said.length;
  }, 60_000);
}

async function openHouse(stage: Stage, admin: Admin, dashboards: readonly string[]): Promise<House> {
  const { actions, services } = stage.simulator;
  // What was announced before is not counted again: one guild a house, and only its messages.
  const { guild, channel } = actions.createGuild({ name: "Kettles" });
  const role = actions.createRole(guild.id, { name: "Staff", permissions: 1n << 13n });
  const member = (username: string, roles: string[] = []) => actions.addMember(guild.id, { username, roles }).userId;
  const [ada, bob, staff] = [member("ada"), member("bob"), member("sam", [role.id])];
  await until(
    async () => (await stage.database.admin`select 1 from guilds where guild_id = ${guild.id}`).length === 1,
    20_000,
  );
  await stage.teach(guild.id, { "kettle.md": KETTLE });

  const house: House = {
    guild,
    channel,
    ada,
    bob,
    staff,
    admin,
    say: (content, { channel: where = channel, userId = ada, ...more } = {}) =>
      actions.say({ channelId: where.id, userId, content, ...more }),
    async hear(said) {
      await settle(stage, guild, dashboards);
      return await actions.messages({ channelId: said.channelId, after: said.id, author: "bot" });
    },
    async inForceAfter(where, question, answers) {
      const savedAtMs = performance.now();
      return await until(async () => {
        const saidAtMs = performance.now();
        const heard = await house.hear(house.say(question, { channel: where }));
        return heard.length === answers ? saidAtMs - savedAtMs : undefined;
      }, 5_000);
    },
  };
  expect(services.gateway.sessions.size).toBeGreaterThan(0);
  return house;
}

describe("one process", () => {
  let stage: Stage;
  let house: House;
  beforeAll(async () => {
    stage = await openStage("modes");
    const all = stage.gatehouse(["all"]);
    const admin = await signIn(all);
    const { origin } = await live(all);
    house = await openHouse(stage, admin, [origin]);
  });
  afterAll(() => stage?.close());

  const command = async (userId: string, channel: Channel) => {
    const { actions, world } = stage.simulator;
    const ran = await actions.command({ userId, channelId: channel.id, name: "ask", options: { question: QUESTION } });
    expect(ran.failure).toBeUndefined();
    const text = await until(
      () => ran.state === "answered" && world.channels.get(channel.id)?.messages.get(ran.originalId ?? "")?.content,
      15_000,
    );
    return { text, ephemeral: ran.ephemeral };
  };

  test("mention: it answers who mentions it or replies to it, and nobody else", async () => {
    const { say, hear, bob } = house;
    expect(await hear(say(QUESTION))).toEqual([]);
    const [answer] = await hear(say(`{bot} ${QUESTION}`));
    expect(answer?.content).toContain("seven seconds");
    expect(await hear(say("and the lid?", { userId: bob, replyTo: answer?.id ?? "" }))).toHaveLength(1);
    expect(await hear(say("thanks, that was it"))).toEqual([]);
  });

  test("off: it says nothing, and by command only that it is off, to who asked", async () => {
    const { admin, guild, say, hear, channel, ada, inForceAfter } = house;
    await admin.settings(guild.id, { mode: "off" });
    expect(await inForceAfter(channel, `{bot} ${QUESTION}`, 0)).toBeLessThan(IN_FORCE_MS_MAX);
    expect(await hear(say(`{bot} ${QUESTION}`))).toEqual([]);
    expect(await command(ada, channel)).toEqual({ text: "I'm switched off in this channel.", ephemeral: true });
  });

  test("ask: it answers commands and nothing else", async () => {
    const { admin, guild, say, hear, channel, ada } = house;
    await admin.settings(guild.id, { mode: "ask" });
    await until(async () => (await command(ada, channel)).text.includes("seven seconds"), IN_FORCE_MS_MAX);
    expect(await hear(say(`{bot} ${QUESTION}`))).toEqual([]);
    expect(await hear(say(QUESTION))).toEqual([]);
  });

  test("all without smart mode: it answers every message of a person", async () => {
    const { admin, guild, say, hear, channel, inForceAfter, bob } = house;
    await admin.settings(guild.id, { mode: "all", smart: undefined });
    expect(await inForceAfter(channel, QUESTION, 1)).toBeLessThan(IN_FORCE_MS_MAX);
    expect(await hear(say("good morning", { userId: bob }))).toHaveLength(1);
    const hook = stage.simulator.actions.say({
      channelId: channel.id,
      userId: bob,
      content: QUESTION,
      webhook: "news",
    });
    expect(await hear(hook)).toEqual([]);
  });

  test("a channel's own mode wins over the server's, its thread follows it, and taken away it is gone", async () => {
    const { admin, guild, say, hear, ada, inForceAfter } = house;
    const { actions } = stage.simulator;
    const quiet = actions.createChannel(guild.id, { name: "quiet" });
    await admin.channel(guild.id, quiet.id, { mode: "off" });
    expect(await inForceAfter(quiet, QUESTION, 0)).toBeLessThan(IN_FORCE_MS_MAX);
    const thread = actions.openThread({ channelId: quiet.id, userId: ada, name: "Lids" });
    expect(await hear(say(`{bot} ${QUESTION}`, { channel: thread }))).toEqual([]);
    expect(await hear(say(QUESTION))).toHaveLength(1);
    await admin.channel(guild.id, quiet.id, {});
    expect(await inForceAfter(quiet, QUESTION, 1)).toBeLessThan(IN_FORCE_MS_MAX);
  });

  describe("all with smart mode", () => {
    let talk: Channel;
    beforeAll(async () => {
      await house.admin.settings(house.guild.id, { mode: "all" });
      const calm = stage.simulator.actions.createChannel(house.guild.id, { name: "calm" });
      await house.inForceAfter(calm, "good morning", 0);
    });
    // What people said to each other before counts: each test has a channel of its own.
    beforeEach(() => {
      talk = stage.simulator.actions.createChannel(house.guild.id, { name: "talk" });
    });
    const among = (content: string, userId = house.bob, replyTo?: string) =>
      house.say(content, { channel: talk, userId, ...(replyTo === undefined ? {} : { replyTo }) });

    test("answers a question that the knowledge base answers, asked of nobody", async () => {
      const [answer] = await house.hear(among(QUESTION));
      expect(answer?.content).toContain("seven seconds");
    });

    test("says nothing to small talk, to what it does not know, and to what is said to somebody else", async () => {
      const { ada, hear } = house;
      expect(await hear(among("good morning everybody"))).toEqual([]);
      expect(await hear(among("anyone seen the match last night? who scored?"))).toEqual([]);
      expect(await hear(among(`<@${ada}> how do I reset the kettle?`))).toEqual([]);
      const said = among("my kettle is copper", ada);
      expect(await hear(among("nice, how did you reset the kettle?", house.bob, said.id))).toEqual([]);
    });

    test("answers several quick messages once", async () => {
      const { ada, hear } = house;
      const first = among("hello, one question", ada);
      among("about the kettle", ada);
      among(QUESTION, ada);
      const answers = await hear(first);
      expect(answers).toHaveLength(1);
      expect(answers[0]?.content).toContain("seven seconds");
    });

    test("leaves it to staff who were quicker", async () => {
      const { staff, hear, bob } = house;
      const asked = among("how is the kettle reset, please?", bob);
      among("hold the button, I'll show you", staff, asked.id);
      expect(await hear(asked)).toEqual([]);
    });

    test("answers who mentions it, whatever else is going on", async () => {
      expect(await house.hear(among("{bot} what is a lid?"))).toHaveLength(1);
    });
  });
});

const redis = await openRedis();

needing(redis, "Redis").test("a change made in one process is in force in another within a second", async () => {
  const stage = await openStage("modes-apart", { environment: { REDIS_URL: redis?.url ?? "" } });
  try {
    const web = stage.gatehouse(["web"]);
    const admin = await signIn(web);
    const gateway = stage.gatehouse(["gateway"]);
    const [, port] = await until(() => /"url":"http:\/\/127\.0\.0\.1:(\d+)"/.exec(gateway.stderr()), 20_000);
    const origin = `http://127.0.0.1:${port}`;
    await until(
      async () => ((await (await fetch(`${origin}/readyz`)).json()) as { shards: { live: number } }).shards.live,
      30_000,
    );
    const { guild, channel, say, hear, inForceAfter } = await openHouse(stage, admin, [origin]);
    expect(await hear(say(`{bot} ${QUESTION}`))).toHaveLength(1);
    await admin.settings(guild.id, { mode: "off" });
    expect(await inForceAfter(channel, `{bot} ${QUESTION}`, 0)).toBeLessThan(IN_FORCE_MS_MAX);
    await admin.settings(guild.id, { mode: "mention" });
    expect(await inForceAfter(channel, `{bot} ${QUESTION}`, 1)).toBeLessThan(IN_FORCE_MS_MAX);
  } finally {
    await stage.close();
    await redis?.stop();
  }
});
