import { describe, expect, test } from "bun:test";
import { AppError } from "../../../src/errors.ts";
import type { ApplicationId, ChannelId, GuildId, RoleId } from "../../../src/ids.ts";
import { createScripted } from "../../../src/llm/scripted.ts";
import { createOptOuts } from "../../../src/opt-outs.ts";
import { createPipeline } from "../../../src/pipeline.ts";
import { guildSettingsSchema } from "../../../src/settings/form.ts";
import {
  APPLICATION,
  BOT,
  BOT_ROLE,
  CHANNEL,
  directMessage,
  GUILD,
  guildPayload,
  MEMBER,
  mention,
  message,
  snowflake,
} from "../../support/build.ts";
import { settled } from "../../support/doubles.ts";
import { freshProcess, type House, openHouse } from "../../support/house.ts";

const ANSWER = { answer: "Hold the hub's button for 3 seconds [1].", used: [1], known: true, wantsHuman: false };
const THREAD = snowflake() as ChannelId;

/** A house, and then a second pipeline in it: that of a process which resumed, and was told of no guild. */
async function afterResume(options: Parameters<typeof openHouse>[0] = {}) {
  const house = await openHouse({ llm: createScripted(ANSWER, ANSWER, ANSWER), ...options });
  house.discord.place(GUILD, guildPayload());
  await house.pipeline.observe(APPLICATION, "THREAD_CREATE", ownThread());
  const pipeline = createPipeline(house.services);
  const handle = async (said: ReturnType<typeof message>) =>
    await pipeline.handle({ application: APPLICATION, message: said, receivedAtMs: house.clock.now() });
  return { ...house, pipeline, handle };
}

function ownThread() {
  return { id: THREAD, guild_id: GUILD, type: 11, parent_id: CHANNEL, owner_id: BOT.userId, name: "pairing" };
}

describe("a process that resumed", () => {
  test("answers in the bot's own thread without a mention, and to its role", async () => {
    const { handle, discord } = await afterResume();
    expect(await handle(message({ channel_id: THREAD, content: "How do I pair a sensor?" }))).toMatchObject({
      kind: "answered",
      reason: "own-thread",
    });
    const toRole = { content: `<@&${BOT_ROLE}> How do I pair a sensor?`, mention_roles: [BOT_ROLE] };
    expect(await handle(message(toRole))).toMatchObject({ kind: "answered", reason: "mentioned" });
    expect(discord.sent).toHaveLength(2);
  });

  test("names the channel in the conversation, asking Discord for the guild once however many ask at once", async () => {
    const { handle, store, discord } = await afterResume();
    const members = ["31", "32", "33"];
    await Promise.all(
      members.map((id) => handle(mention("How do I pair a sensor?", { author: { id, username: `member ${id}` } }))),
    );
    expect([...store.talks.values()].map(({ row }) => row.channelName)).toEqual(["help", "help", "help"]);
    expect(discord.asked).toEqual([GUILD]);
  });

  test("proves the silence of everything else with what was kept, and asks Discord nothing for it", async () => {
    const { pipeline, handle, discord } = await afterResume();
    const chatter = message({ content: "good morning" });
    expect(await handle(chatter)).toMatchObject({ kind: "silent", reason: "not-mentioned" });
    const interest = pipeline.interest(APPLICATION, GUILD);
    expect(interest).toMatchObject({ everything: false, needles: [BOT.userId, BOT_ROLE] });
    expect([interest.active(THREAD), interest.active(CHANNEL)]).toEqual([true, false]);
    expect(discord.asked).toEqual([]);
  });

  test("proves nothing by the absence of a role that nobody kept, until Discord has told it", async () => {
    const { pipeline, handle, store, discord } = await afterResume();
    const row = store.rows.get(GUILD);
    if (row === undefined) throw new Error("the house has its guild");
    store.rows.set(GUILD, { ...row, addressing: { botRole: null, ownThreads: [] } });
    await handle(message({ author: { id: "9", username: "hook", bot: true } }));
    for (let i = 0; i < 2; i++) {
      expect(pipeline.interest(APPLICATION, GUILD).everything).toBe(true);
      await settled();
    }
    expect(discord.asked).toEqual([GUILD]);
    await settled();
    expect(pipeline.interest(APPLICATION, GUILD).needles).toEqual([BOT.userId, BOT_ROLE]);
    // And from now on it is kept.
    expect(store.rows.get(GUILD)?.addressing.botRole).toBe(BOT_ROLE);
  });

  test("does not wait for ever: it answers without the names, and does not ask again at once", async () => {
    const { handle, clock, discord, store } = await afterResume();
    const never = Promise.withResolvers<unknown>();
    discord.directory.whole = () => never.promise;
    const done = handle(mention("How do I pair a sensor?"));
    await clock.advance(4_000);
    expect(discord.sent).toHaveLength(0);
    await clock.advance(2_000);
    expect(await done).toMatchObject({ kind: "answered" });
    expect([...store.talks.values()][0]?.row.channelName).toBe("");
  });

  test("remembers for a minute that Discord does not tell", async () => {
    const { handle, clock, discord } = await afterResume();
    let asked = 0;
    discord.directory.whole = () => {
      asked++;
      return Promise.reject(new AppError("forbidden", "Missing Access"));
    };
    for (let i = 0; i < 3; i++)
      expect(await handle(mention("How do I pair a sensor?"))).toMatchObject({ kind: "answered" });
    expect(asked).toBe(1);
    await clock.advance(61_000);
    await handle(mention("How do I pair a sensor?"));
    expect(asked).toBe(2);
  });

  test("asks for a few guilds at a time", async () => {
    const guilds = Array.from({ length: 10 }, () => snowflake() as GuildId);
    const { handle, discord } = await afterResume({ joined: guilds });
    let now = 0;
    let most = 0;
    discord.directory.whole = async (guild) => {
      most = Math.max(most, ++now);
      await settled();
      now--;
      return guildPayload({ id: guild });
    };
    await Promise.all(guilds.map((guild_id) => handle(mention("How do I pair a sensor?", { guild_id }))));
    expect(most).toBe(3);
  });

  test("what happens between the question and Discord's answer is not lost", async () => {
    const { pipeline, handle, discord } = await afterResume();
    const told = Promise.withResolvers<unknown>();
    discord.directory.whole = () => told.promise;
    const done = handle(mention("How do I pair a sensor?"));
    await settled();
    await pipeline.observe(APPLICATION, "CHANNEL_UPDATE", { id: CHANNEL, guild_id: GUILD, type: 0, name: "renamed" });
    const role = { id: "77", name: "Bot", position: 1, permissions: "0", tags: { bot_id: BOT.userId } };
    await pipeline.observe(APPLICATION, "GUILD_ROLE_CREATE", { guild_id: GUILD, role });
    told.resolve(guildPayload());
    await done;
    expect(pipeline.interest(APPLICATION, GUILD).needles).toContain("77" as RoleId);
  });

  test("who the bot is, is asked once for all messages that wait, and again after a refusal for pace", async () => {
    const { handle, clock, discord } = await afterResume();
    let asked = 0;
    discord.directory.self = () => {
      asked++;
      return asked === 1
        ? Promise.reject(new AppError("rate-limited", "wait", { retryAfterMs: 3_000 }))
        : Promise.resolve(BOT);
    };
    const all = Promise.all(["31", "32", "33"].map((id) => handle(mention("Hi, pair a sensor?", { author: { id } }))));
    await clock.advance(4_000);
    expect((await all).map(({ kind }) => kind)).toEqual(["answered", "answered", "answered"]);
    expect(asked).toBe(2);
  });
});

/** The names under which the house's store is told of guilds from now on. */
function joinedNames({ store }: House): readonly string[] {
  const names: string[] = [];
  const { join } = store.guilds;
  store.guilds.join = (guild, application, name, ...more) => {
    names.push(name);
    return join(guild, application, name, ...more);
  };
  return names;
}

const OTHER_BOT = "900000000000000001" as ApplicationId;
const MODERATED = guildSettingsSchema.shape.moderation.parse({ on: true, filter: { words: ["blorb"] } });

describe("a guild that belongs to another bot of the deployment", () => {
  test("is told nothing by this one, whether its settings are known already or must be read", async () => {
    const house = await openHouse({ llm: createScripted(ANSWER) });
    const silence = { kind: "silent", reason: "another-bot" };
    const asked = () => mention("How do I pair a sensor?");
    const told = house.pipeline.handle({ application: OTHER_BOT, message: asked(), receivedAtMs: house.clock.now() });
    expect(told).toMatchObject(silence);
    expect(await freshProcess(house).hear(asked(), OTHER_BOT)).toMatchObject(silence);
    expect(house.discord.sent).toHaveLength(0);
  });
});

describe("who the bot is", () => {
  test("is learned from main after the guild was announced, and then its role addresses it", async () => {
    const house = await openHouse({ llm: createScripted(ANSWER) });
    house.discord.directory.self = () => Promise.reject(new AppError("unauthorized", "no"));
    let known: typeof BOT | null = null;
    const { pipeline, hear } = freshProcess(house, { self: () => known });
    await pipeline.observe(APPLICATION, "GUILD_CREATE", guildPayload());
    known = BOT;
    const toRole = message({ content: `<@&${BOT_ROLE}> How do I pair a sensor?`, mention_roles: [BOT_ROLE] });
    expect(await hear(toRole)).toMatchObject({ kind: "answered", reason: "mentioned" });
  });

  test("is known from READY, and then nobody is asked", async () => {
    const house = await openHouse({ llm: createScripted(ANSWER) });
    house.discord.directory.self = () => Promise.reject(new AppError("unauthorized", "no"));
    const { pipeline, hear } = freshProcess(house, {});
    await pipeline.observe(APPLICATION, "READY", { user: { id: BOT.userId, username: BOT.name } });
    expect(await hear(mention("How do I pair a sensor?"))).toMatchObject({ kind: "answered" });
  });

  test("is not told by Discord, and then its messages fail and may come again", async () => {
    const house = await openHouse({ llm: createScripted(ANSWER) });
    house.discord.directory.self = () => Promise.reject(new AppError("unauthorized", "no"));
    const { hear } = freshProcess(house, {});
    const asked = mention("How do I pair a sensor?");
    expect(await hear(asked)).toMatchObject({ kind: "failed", reason: "self-unknown" });
    expect(house.discord.sent).toHaveLength(0);
    house.discord.directory.self = async () => BOT;
    expect(await hear(asked)).toMatchObject({ kind: "answered" });
  });
});

describe("a process that knows nothing yet", () => {
  test("is silent at once to another bot's line", async () => {
    const { hear } = freshProcess(await openHouse());
    const line = message({ author: { id: "3", username: "bot", bot: true } });
    expect(hear(line)).toMatchObject({ kind: "silent", reason: "bot-author" });
  });

  test("decides the first message by its guild's settings, whoever wrote it", async () => {
    const { hear } = freshProcess(await openHouse({ settings: { mode: "ask" } }));
    const stranger = { author: { id: "300000000000000077", username: "stranger" } };
    expect(await hear(mention("How do I pair a sensor?", stranger))).toMatchObject({ reason: "mode-ask" });
  });

  test.each(["before", "after"])(
    "learns who opted out %s the guild's settings, and answers nobody until then",
    async (order) => {
      const house = await openHouse({ llm: createScripted(ANSWER) });
      await house.optOuts.set(APPLICATION, MEMBER, true);
      const reading = Promise.withResolvers<void>();
      const { privacy } = house.store;
      const slow = { ...privacy, optOuts: () => reading.promise.then(() => privacy.optOuts()) };
      const optOuts = createOptOuts({ ...house.services, store: { privacy: slow } });
      const read: GuildId[] = [];
      const { get } = house.store.guilds;
      house.store.guilds.get = (guild) => {
        read.push(guild);
        return get(guild);
      };
      const { pipeline, hear } = freshProcess(house, { self: () => BOT }, { optOuts });
      if (order === "after") await pipeline.observe(APPLICATION, "GUILD_CREATE", guildPayload());
      read.length = 0;
      const done = hear(mention("How do I pair a sensor?"));
      await settled();
      // The settings are on their way meanwhile.
      expect(read).toEqual(order === "after" ? [] : [guildPayload().id as GuildId]);
      reading.resolve();
      expect(await done).toMatchObject({ kind: "silent", reason: "opted-out" });
    },
  );

  test("answers in a guild that nobody recorded, and records it once", async () => {
    const house = await openHouse();
    const guild = snowflake() as GuildId;
    const { hear } = freshProcess(house);
    const names = joinedNames(house);
    for (let n = 0; n < 2; n++)
      expect(await hear(mention("How do I pair a sensor?", { guild_id: guild }))).toMatchObject({
        kind: "answered",
        reason: "no-knowledge",
      });
    expect(names).toEqual([guild]);
  });

  test("records such a guild under its name where it was announced while the store failed", async () => {
    const house = await openHouse();
    const guild = snowflake() as GuildId;
    const { pipeline, hear } = freshProcess(house);
    const { join } = house.store.guilds;
    house.store.guilds.join = () => Promise.reject(new Error("a bug"));
    await pipeline.observe(APPLICATION, "GUILD_CREATE", guildPayload({ id: guild, name: "Nova" }));
    house.store.guilds.join = join;
    const names = joinedNames(house);
    await hear(mention("How do I pair a sensor?", { guild_id: guild }));
    expect(names).toEqual(["Nova"]);
  });
});

describe("Discord is asked for a guild that this process does not know", () => {
  const quiet = message({ content: "good morning" });
  const inChannel = { [CHANNEL]: { mode: "mention" as const } };
  test.each([
    ["not for chatter where only mentions count", {}, BOT_ROLE, quiet, false],
    ["for a mention", {}, BOT_ROLE, mention("How do I pair a sensor?"), true],
    ["where the bot's role was not kept", {}, null, quiet, true],
    ["where all messages are read", { mode: "all" as const }, BOT_ROLE, quiet, true],
    ["where moderation reads along", { moderation: MODERATED }, BOT_ROLE, quiet, true],
    ["where a channel has settings of its own", { channels: inChannel }, BOT_ROLE, quiet, true],
    ["not for a direct message", { mode: "all" as const }, BOT_ROLE, directMessage("How do I pair a sensor?"), false],
  ])("%s", async (_, settings, botRole, heard, asked) => {
    const house = await openHouse({ llm: createScripted(ANSWER), settings });
    const guild = guildPayload().id as GuildId;
    const row = await house.store.guilds.get(guild);
    if (row === null) throw new Error("the house has its guild");
    house.store.rows.set(guild, { ...row, addressing: { botRole, ownThreads: [] } });
    await freshProcess(house).hear(heard);
    expect(house.discord.asked).toEqual(asked ? [guild] : []);
  });

  test("and not for one that it knows: chatter there ends at once", async () => {
    const { pipeline, clock } = await openHouse({ settings: { mode: "all" } });
    const result = pipeline.handle({ application: APPLICATION, message: quiet, receivedAtMs: clock.now() });
    expect(result).toMatchObject({ kind: "silent", reason: "small-talk" });
  });
});
