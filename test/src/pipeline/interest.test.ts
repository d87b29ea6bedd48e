import { describe, expect, test } from "bun:test";
import { createDirectory } from "../../../src/directory.ts";
import type { ApplicationId, ChannelId, GuildId } from "../../../src/ids.ts";
import { createScripted } from "../../../src/llm/scripted.ts";
import { createInterest } from "../../../src/pipeline/interest.ts";
import { UNREAD_BOARD } from "../../../src/pipeline/quiet-board.ts";
import { createPipeline } from "../../../src/pipeline.ts";
import { defaultSettings, type GuildSettings } from "../../../src/settings/form.ts";
import { APPLICATION, BOT, BOT_ROLE, CHANNEL, GUILD, guildPayload, mention, snowflake } from "../../support/build.ts";
import { createClock, settled } from "../../support/doubles.ts";
import { openHouse } from "../../support/house.ts";

type Services = Parameters<typeof createInterest>[0];
type Row = ReturnType<Services["settings"]["peek"]>;

const ANSWER = { answer: "Hold the hub's button for 3 seconds [1].", used: [1], known: true, wantsHuman: false };
const ELSEWHERE = "200000000000000099" as ChannelId;

const open = (settings: Partial<GuildSettings> = {}) => openHouse({ llm: createScripted(ANSWER), settings });
const override = (mode: "off" | "ask" | "mention" | "all") => ({ channels: { [ELSEWHERE]: { mode } } });

describe("what is read of a guild", () => {
  test.each([
    ["mention", {}, false],
    ["ask", {}, false],
    ["off", {}, false],
    ["all", {}, true],
    ["mention, and all in one channel", override("all"), true],
    ["ask, and all in one channel", { mode: "ask" as const, ...override("all") }, true],
    ["all, and off in one channel", { mode: "all" as const, ...override("off") }, true],
    ["mention, and ask in one channel", override("ask"), false],
  ])("%s", async (name, settings, everything) => {
    const mode = name.split(",")[0] as GuildSettings["mode"];
    const { pipeline } = await open({ mode, ...settings });
    const interest = pipeline.interest(APPLICATION, GUILD);
    expect([interest.everything, interest.active(CHANNEL)]).toEqual([everything, everything]);
    // Nobody moderates along: these messages give way first under load.
    expect(interest.moderated).toBe(everything ? false : (undefined as never));
  });

  test("everything where moderation reads along, and it does not give way", async () => {
    const { pipeline } = await open({ moderation: { ...defaultSettings.moderation, on: true } });
    expect(pipeline.interest(APPLICATION, GUILD)).toMatchObject({ everything: true });
    expect(pipeline.interest(APPLICATION, GUILD).moderated).toBeUndefined();
  });

  test("mentions of the bot and its role, and channels where it lately spoke or whose thread it opened", async () => {
    const { pipeline, handle, clock } = await open();
    const before = pipeline.interest(APPLICATION, GUILD);
    expect(before.needles).toEqual([BOT.userId, BOT_ROLE]);
    expect(before.active(CHANNEL)).toBe(false);
    await handle(mention("How do I pair a sensor?"));
    expect([before.active(CHANNEL), before.active(ELSEWHERE)]).toEqual([true, false]);
    await clock.advance(3_600_000);
    expect(before.active(CHANNEL)).toBe(false);
    const thread = snowflake() as ChannelId;
    const opened = { id: thread, guild_id: GUILD, type: 11, parent_id: CHANNEL, name: "t", owner_id: BOT.userId };
    await pipeline.observe(APPLICATION, "THREAD_CREATE", opened);
    expect(before.active(thread)).toBe(true);
  });

  test("mentions of the bot alone where its role is not known", async () => {
    const { pipeline } = await open();
    await pipeline.observe(APPLICATION, "GUILD_CREATE", guildPayload({ roles: [] }));
    await settled();
    expect(pipeline.interest(APPLICATION, GUILD).needles).toEqual([BOT.userId]);
  });

  test("nothing where only /ask answers, and where the bot is off, but what a member says to an agent who holds the talk", async () => {
    for (const mode of ["ask", "off"] as const) {
      const { pipeline } = await open({ mode });
      const interest = pipeline.interest(APPLICATION, GUILD);
      expect([interest.needles, interest.active(CHANNEL)]).toEqual([[], false]);
    }
  });

  test("the same answer while nothing changes, and a new one at once when the settings do", async () => {
    const { pipeline, store, bus } = await open();
    const before = pipeline.interest(APPLICATION, GUILD);
    expect(pipeline.interest(APPLICATION, GUILD)).toBe(before);
    store.configure(GUILD, { mode: "all" });
    await bus.publish({ type: "guild-changed", guild: GUILD });
    await settled();
    expect(pipeline.interest(APPLICATION, GUILD).everything).toBe(true);
  });

  test("nothing by a bot of ours that is not the guild's own", async () => {
    const { pipeline } = await open();
    const other = pipeline.interest("900" as ApplicationId, GUILD);
    expect([other.everything, other.needles, other.active(CHANNEL)]).toEqual([false, [], false]);
  });

  test("everything of a guild that is not known yet, of direct messages, and before the bot knows who it is", async () => {
    const { pipeline, services } = await open();
    expect(pipeline.interest(APPLICATION, "12345" as GuildId).everything).toBe(true);
    expect(pipeline.interest(APPLICATION, null).everything).toBe(true);
    expect(createPipeline(services).interest(APPLICATION, GUILD).everything).toBe(true);
  });
});

/** An interest by itself: `row` is what is held of the guild, and what it asks for behind is counted. */
function alone({ self = BOT as typeof BOT | null, row = undefined as Row, knows = false } = {}) {
  const directory = createDirectory(self);
  const behind: string[] = [];
  const held = { row, known: true };
  const clock = createClock();
  const published: string[] = [];
  let version = 0;
  const board = {
    ...UNREAD_BOARD,
    version: () => version,
    publish: (_: ApplicationId, guild: GuildId, needles: readonly string[], untilMs: number) =>
      void published.push(`${guild} ${needles.join(",")} ${untilMs - clock.now()}`),
  };
  const told = (what: string) => {
    behind.push(what);
    return Promise.resolve();
  };
  const interest = createInterest({
    settings: { peek: () => held.row, load: () => told("load"), freshUntilMs: () => clock.now() + 30_000 },
    discovery: { meet: () => told("meet") },
    ownWords: { lately: () => false },
    holds: () => false,
    holdsKnown: () => held.known,
    board,
    clock,
    botOf: () => ({ directory, discord: null }),
    behind: () => {},
  } as unknown as Services);
  if (knows) directory.observe("GUILD_CREATE", guildPayload());
  const changed = () => void version++;
  return {
    directory,
    behind,
    held,
    clock,
    published,
    changed,
    of: (guild: GuildId | null = GUILD) => interest(APPLICATION, guild),
  };
}

const rowWith = (botRole: string | null, settings: Partial<GuildSettings> = {}) =>
  ({
    ...{ guild: GUILD, application: APPLICATION, addressing: { botRole, ownThreads: [] } },
    settings: { ...defaultSettings, ...settings },
  }) as unknown as NonNullable<Row>;

describe("of a guild that this process was told nothing of", () => {
  const everything = { everything: true, needles: [] };

  test("everything is read until its settings are there, and they are asked for by a bot that knows itself", () => {
    const unknown = alone();
    expect(unknown.of()).toMatchObject(everything);
    expect([unknown.of().active(CHANNEL), unknown.behind]).toEqual([true, ["load", "load"]]);
    const nobody = alone({ self: null });
    expect([nobody.of().everything, nobody.behind]).toEqual([true, []]);
    expect(alone({ self: null, row: rowWith(BOT_ROLE) }).of()).toMatchObject(everything);
  });

  test("everything is read, and nothing asked for, where the bot was taken out of it, and of direct messages", () => {
    const left = alone({ row: null });
    expect([left.of().everything, left.of().moderated, left.behind]).toEqual([true, undefined, []]);
    expect([left.of(null).everything, left.behind]).toEqual([true, []]);
  });

  test("nothing is proven while the bot's role is not known: everything is read, gives way, and the guild is met", () => {
    const { of, behind } = alone({ row: rowWith(null) });
    expect(of()).toMatchObject({ ...everything, moderated: false });
    expect([of().active(CHANNEL), behind]).toEqual([true, ["meet", "meet"]]);
  });

  test("what was kept of the bot's role and threads is enough", () => {
    const { of, behind, directory } = alone({ row: rowWith(BOT_ROLE) });
    expect(of()).toMatchObject({ everything: false, needles: [BOT.userId, BOT_ROLE] });
    expect([of(), behind]).toEqual([of(), []]);
    expect(directory.needles(GUILD)).toEqual([BOT.userId, BOT_ROLE]);
  });

  test("the answer is another one once the bot's role is", () => {
    const { of, directory } = alone({ row: rowWith(BOT_ROLE), knows: true });
    const before = of();
    expect(of()).toBe(before);
    const roles = [{ id: "77", name: "New", position: 1, permissions: "0", tags: { bot_id: BOT.userId } }];
    directory.observe("GUILD_CREATE", guildPayload({ roles }));
    expect(of().needles).toEqual([BOT.userId, "77"]);
  });
});

describe("main is told of a guild, so that it proves silence itself,", () => {
  const TOLD = `${GUILD} ${BOT.userId},${BOT_ROLE} 30000`;

  test("once it has spoken three times within one version of it, and again after a change or when its settings are due", async () => {
    const { of, published, changed, clock } = alone({ row: rowWith(BOT_ROLE), knows: true });
    const ask = (times: number) => {
      for (let i = 0; i < times; i++) of();
      return published.length;
    };
    // The first answer is only made.
    expect([ask(3), ask(1), ask(10)]).toEqual([0, 1, 1]);
    changed();
    expect([ask(2), ask(10)]).toEqual([1, 2]);
    await clock.advance(30_000);
    expect([ask(2), ask(10)]).toEqual([2, 3]);
    expect(published).toEqual([TOLD, TOLD, TOLD]);
  });

  test("not before all holds are known", () => {
    const { of, published, held } = alone({ row: rowWith(BOT_ROLE), knows: true });
    held.known = false;
    for (let i = 0; i < 10; i++) of();
    expect(published).toEqual([]);
    held.known = true;
    for (let i = 0; i < 10; i++) of();
    expect(published).toEqual([TOLD]);
  });

  test.each([
    ["smart mode", { mode: "all" as const }],
    ["smart mode in one channel", override("all")],
    ["moderation", { moderation: { ...defaultSettings.moderation, on: true } }],
  ])("never of one with %s", (_, settings) => {
    const { of, published } = alone({ row: rowWith(BOT_ROLE, settings), knows: true });
    for (let i = 0; i < 10; i++) of();
    expect(published).toEqual([]);
  });
});
