import { describe, expect, test } from "bun:test";
import { AppError } from "../../../src/errors.ts";
import type { ChannelId, GuildId, RoleId } from "../../../src/ids.ts";
import { createScripted } from "../../../src/llm/scripted.ts";
import { createPipeline } from "../../../src/pipeline.ts";
import {
  APPLICATION,
  BOT,
  BOT_ROLE,
  CHANNEL,
  GUILD,
  guildPayload,
  mention,
  message,
  snowflake,
} from "../../support/build.ts";
import { settled } from "../../support/doubles.ts";
import { openHouse } from "../../support/house.ts";

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
