/**
 * Raid mode, and Discord's own AutoMod, by a whole process against the simulated Discord, whose ledger says what was really done: a
 * raid by joins is held off once and ends by itself, in a dry run it is only said, and what AutoMod did is recorded and not done again.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { GuildId } from "../../src/ids.ts";
import { changes, INSULT, KETTLE, type Moderated, openModerated } from "../support/moderated.ts";
import { live, openStage, type Stage } from "../support/stage.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(120_000);

const SLOW_S = 30;
const RAID = { on: true, joinsMin: 5, joinsWindowS: 60, slow: true, slowS: SLOW_S, timeout: true, minutes: 10 };

/** A guild whose mod-log channel is one that nobody else may write in. */
async function openRaided(stage: Stage, acts: boolean): Promise<Moderated & { readonly log: string }> {
  const house = await openModerated(stage, { raid: { ...RAID, live: acts } });
  const { id: guild } = house.guild;
  const bot = stage.simulator.bots[0]?.userId ?? "";
  const overwrites = [
    { id: guild, type: 0 as const, allow: 0n, deny: 1n << 11n },
    { id: bot, type: 1 as const, allow: 1n << 11n, deny: 0n },
  ];
  const log = stage.simulator.actions.createChannel(guild, { name: "mod-log", overwrites }).id;
  const row = await house.store.guilds.get(guild as GuildId);
  if (row === null) throw new Error("the guild vanished");
  const moderation = { ...row.settings.moderation, logChannel: log };
  await house.store.guilds.change(row.guild, { ...row.settings, moderation }, "test", "settings");
  return { ...house, log };
}

describe("a raid by joins", () => {
  let stage: Stage;
  let house: Awaited<ReturnType<typeof openRaided>>;
  let rehearsing: typeof house;
  let regulars: string[];
  beforeAll(async () => {
    stage = await openStage("raid-joins");
    [house, rehearsing] = [await openRaided(stage, true), await openRaided(stage, false)];
    regulars = house.members(3);
    await stage.teach(house.guild.id, { "kettle.md": KETTLE });
    await live(stage.gatehouse(["all"]));
  });
  afterAll(async () => {
    await house?.store.close();
    await rehearsing?.store.close();
    await stage?.close();
  });

  const world = () => stage.simulator.world;
  const timedOut = (guild: string, ids: readonly string[]) =>
    ids.filter((id) => (world().guilds.get(guild)?.members.get(id)?.timeoutUntilMs ?? null) !== null);
  const slowness = (channel: string) => world().channels.get(channel)?.slowmodeSeconds;
  const raids = async ({ store, guild }: Moderated) =>
    (await store.alerts.open(guild.id as GuildId)).filter(({ kind }) => kind === "raid");
  const said = (log: string) => [...(world().channels.get(log)?.messages.values() ?? [])].map(({ content }) => content);
  const requests = (part: RegExp) => [...changes(stage)].filter(([key]) => part.test(key));

  test("times newcomers out and slows the channels, once each; whoever was there before writes and is answered", async () => {
    const newcomers = house.members(7);
    await until(() => timedOut(house.guild.id, newcomers).length === 7, 60_000);
    const [later = ""] = house.members(1);
    await until(() => timedOut(house.guild.id, [later]).length === 1, 30_000);
    expect(timedOut(house.guild.id, regulars)).toEqual([]);
    expect(slowness(house.channel.id)).toBe(SLOW_S);
    expect(slowness(house.log)).toBe(0);

    expect(requests(/^PATCH \/guilds\/\d+\/members\/\d+/).map(([, count]) => count)).toEqual(Array(8).fill(1));
    expect(requests(/^PATCH \/channels\/\d+/).map(([, count]) => count)).toEqual([1]);
    expect(await raids(house)).toHaveLength(1);
    await until(() => said(house.log).length > 0);
    expect(said(house.log)).toEqual([expect.stringMatching(/^\*\*Raid\*\* · 5 members joined within 60 s\n/)]);
    const cases = async () => (await house.store.cases.list(house.guild.id as GuildId, {}, 100)).items;
    await until(async () => (await cases()).every(({ state }) => state === "applied"));
    expect((await cases()).map(({ verdict }) => verdict.source)).toEqual(Array(8).fill("raid"));

    const [userId = ""] = regulars;
    const asking = { channelId: house.channel.id, userId, content: "{bot} how do I reset the kettle?" };
    expect(await stage.ask(asking)).toHaveLength(1);
  });

  test("in a dry run of its own is said once, and changes nothing in Discord", async () => {
    const before = changes(stage).size;
    const newcomers = rehearsing.members(7);
    await until(async () => (await raids(rehearsing)).length > 0, 30_000);
    await until(() => said(rehearsing.log).length > 0);
    const dry = async () =>
      (await rehearsing.store.cases.list(rehearsing.guild.id as GuildId, { state: "dry-run" }, 100)).items;
    await until(async () => (await dry()).length === 7, 30_000);
    expect(said(rehearsing.log)).toEqual([
      expect.stringMatching(/^\*\*Raid\*\* · 5 members joined within 60 s · dry run: nothing was done\n/),
    ]);
    expect(timedOut(rehearsing.guild.id, newcomers)).toEqual([]);
    expect(slowness(rehearsing.channel.id)).toBe(0);
    // The one line in the mod-log.
    expect(changes(stage).size).toBe(before + 1);
  });

  test("ends by itself once its time is over: slow mode goes back, and newcomers are newcomers like any", async () => {
    // Nobody waits ten minutes here: its end is moved to now.
    await stage.database.admin`
      update moderation_alerts set detail = jsonb_set(detail::jsonb, '{endsAtMs}', to_jsonb(${Date.now()}::bigint))
      where guild_id = ${house.guild.id} and kind = 'raid'`;
    await until(async () => (await raids(house)).length === 0, 60_000);
    expect(slowness(house.channel.id)).toBe(0);
    expect(requests(/^PATCH \/channels\/\d+/).map(([, count]) => count)).toEqual([2]);
    expect(said(house.log)).toHaveLength(1);
  });
});

describe("what Discord's AutoMod did", () => {
  let stage: Stage;
  let house: Moderated;
  beforeAll(async () => {
    stage = await openStage("auto-mod");
    house = await openModerated(stage);
    await live(stage.gatehouse(["all"]));
  });
  afterAll(async () => {
    await house?.store.close();
    await stage?.close();
  });

  test("stands in the log, one case each, and is not done again: not what it blocked, not whom it timed out", async () => {
    const { actions } = stage.simulator;
    const [blocked = "", silenced = "", rude = ""] = house.members(3);
    const place = { guildId: house.guild.id, channelId: house.channel.id };
    const gone = {
      ...place,
      userId: blocked,
      content: INSULT(1),
      keyword: "idiot",
      did: ["blocked", "alerted"] as const,
    };
    expect(actions.autoModerate(gone)).toBeNull();
    const timed = { ...place, userId: silenced, content: INSULT(2), keyword: "idiot", did: ["timed-out"] as const };
    const there = actions.autoModerate(timed);
    // Everything before this one has been looked at once it is gone.
    const last = actions.say({ channelId: house.channel.id, userId: rude, content: INSULT(3) });
    await until(() => !house.isThere(last.id), 30_000);
    const cases = async () => (await house.store.cases.list(house.guild.id as GuildId, {}, 100)).items;
    await until(async () => (await cases()).filter(({ problem }) => problem === "automod").length === 3, 10_000);
    await until(async () => (await cases()).every(({ state }) => state !== "planned"), 10_000);
    const found = (await cases()).map(({ author, state, verdict }): string[] => [author, state, verdict.source]);
    expect(found.toSorted()).toEqual(
      [
        [blocked, "held", "automod"],
        [silenced, "held", "automod"],
        [silenced, "held", "model"],
        [rude, "applied", "model"],
      ].toSorted(),
    );
    expect(house.isThere(there?.id ?? "")).toBe(true);
    // All that was done is about the one whom AutoMod let pass.
    const done = [...changes(stage).keys()].filter((key) => key.includes(blocked) || key.includes(silenced));
    expect(done).toEqual([]);
    expect([...changes(stage).keys()].some((key) => key.includes(last.id))).toBe(true);
  });
});
