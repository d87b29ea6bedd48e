/** Raid mode against the simulated Discord, with alerts in PostgreSQL: two processes see the same flood, or the same joins. */
import { afterEach, describe, expect, test } from "bun:test";
import { type Simulator, startSimulator } from "../../../bench/simulator/simulator.ts";
import { createRest } from "../../../src/discord/rest.ts";
import type { Discord } from "../../../src/discord.ts";
import { AppError } from "../../../src/errors.ts";
import { createMemoryHot } from "../../../src/hot/memory.ts";
import type { ApplicationId, ChannelId, GuildId, MessageId, UserId } from "../../../src/ids.ts";
import { createRaids, type FloodMessage, type Newcomer, raidOf } from "../../../src/moderation/raid.ts";
import { createRaidEnds } from "../../../src/moderation/raid-end.ts";
import { PERMISSIONS } from "../../../src/permissions.ts";
import { guildSettingsSchema, type ModerationSettings } from "../../../src/settings/form.ts";
import type { RaidDetail } from "../../../src/store/ports/moderation.ts";
import { snowflake } from "../../support/build.ts";
import { communities } from "../../support/community.ts";
import { silentLogger } from "../../support/doubles.ts";

const house = communities();

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

const ALLOWED = PERMISSIONS.viewChannel | PERMISSIONS.sendMessages;

async function openRaid(
  options: {
    readonly live?: boolean;
    readonly on?: boolean;
    readonly permissions?: bigint;
    readonly raid?: Partial<ModerationSettings["raid"]>;
  } = {},
) {
  const simulator: Simulator = startSimulator({ identify: { windowMs: 0 } });
  opened.push(() => simulator.stop());
  const bot = simulator.bots[0];
  if (bot === undefined) throw new Error("the simulator has no bot");
  const made = simulator.actions.createGuild({
    ...{ name: "Lumen", bots: [bot.applicationId] },
    permissions: options.permissions ?? ALLOWED | PERMISSIONS.manageChannels,
  });
  const guild = made.guild.id as GuildId;
  const channel = made.channel.id as ChannelId;
  const application = bot.applicationId as ApplicationId;
  const rest = createRest({
    application,
    token: bot.token,
    apiBase: simulator.api,
    clock: house.clock,
    logger: silentLogger,
  });
  opened.push(() => rest.close());
  const set: string[] = [];
  const discord: Discord = {
    ...rest,
    channels: {
      ...rest.channels,
      slow: async (where, seconds, reason) => {
        set.push(`${where}:${seconds}`);
        await rest.channels.slow(where, seconds, reason);
      },
    },
  };
  const moderation = guildSettingsSchema.shape.moderation.parse({
    ...{ on: true, live: options.live ?? true },
    raid: {
      ...{ on: options.on ?? true, live: true, membersMin: 5, windowS: 20, slowS: 60, minutes: 10 },
      ...{ joinsMin: 5, joinsWindowS: 30, ...options.raid },
    },
  });
  const joined = await house.store.guilds.join(guild, application, "Lumen", "en-US");
  const row = { ...joined, settings: { ...joined.settings, moderation } };
  const timedOut: string[] = [];
  const told: string[] = [];
  const services = {
    ...{ store: house.store, hot: createMemoryHot({ clock: house.clock }), clock: house.clock, logger: silentLogger },
    timeOut: async ({ id }: Newcomer, { dryRun }: { readonly dryRun: boolean }) =>
      void timedOut.push(dryRun ? `would ${id.slice(-2)}` : id.slice(-2)),
    tell: async ({ cause, members }: { readonly cause: string; readonly members: number }) =>
      void told.push(`${cause} ${members}`),
  };
  const place = { discord, row, self: bot.userId as UserId };
  const post = (member: number, fields: Partial<FloodMessage> = {}): FloodMessage => ({
    ...{ guild, channel, message: snowflake() as MessageId, author: newcomer(member) },
    ...{ text: 77, atMs: house.clock.now(), suspicious: member >= 3 },
    ...fields,
  });
  const join = async (raids: ReturnType<typeof createRaids>, from: number, to: number) => {
    for (let n = from; n <= to; n++)
      await raids.joined(guild, { ...newcomer(n), joinedAtMs: house.clock.now() }, place);
  };
  const flood = async (raids = createRaids(services), members = 5, fields: Partial<FloodMessage> = {}) => {
    for (let member = 0; member < members; member++) await raids.note(post(member, fields), place);
  };
  const ends = () =>
    createRaidEnds({ store: house.store, clock: house.clock, logger: silentLogger, discord: () => discord });
  const alerts = async () => await house.store.alerts.open(guild);
  return { simulator, guild, channel, rest, set, services, place, post, flood, join, ends, alerts, timedOut, told };
}

const newcomer = (n: number): Newcomer => ({
  ...{ id: `30000000000000${1000 + n}` as UserId, name: `m${n}`, roles: [], joinedAtMs: null },
});

describe("a flood beyond the limit", () => {
  test("slows its channel once, also where two processes see it, and tells it once", async () => {
    const { channel, rest, set, services, flood, alerts, told } = await openRaid();
    await flood(createRaids(services), 4);
    expect(set).toEqual([]);
    // The second has a hot state of its own, as after it was lost: the alert alone keeps it from a second raid.
    await Promise.all([flood(createRaids(services), 9), flood(createRaids(services), 9)]);
    await flood(createRaids({ ...services, hot: createMemoryHot({ clock: house.clock }) }), 9);
    expect(set).toEqual([`${channel}:60`]);
    expect(await rest.channels.slowness(channel)).toBe(60);
    const found = await alerts();
    expect(found.map(({ kind, untilMs }) => [kind, untilMs])).toEqual([["raid", null]]);
    expect(found[0]?.detail).toMatchObject({ cause: "flood", members: 5, channels: [{ id: channel, before: 0 }] });
    expect(found[0]?.detail.dryRun).toBe(false);
    expect(told).toEqual(["flood 5"]);
  });

  test("ends by itself after its time, in another process, and restores what was there before", async () => {
    const { guild, channel, rest, flood, ends, alerts } = await openRaid();
    await rest.channels.slow(channel, 10, "a moderator");
    await flood();
    expect(await rest.channels.slowness(channel)).toBe(60);
    house.clock.pass(9 * 60_000);
    await ends().due();
    expect(await rest.channels.slowness(channel)).toBe(60);
    house.clock.pass(61_000);
    // Another alert clears what is over; the raid's own must outlive that, or nobody knows what to restore.
    await house.store.alerts.raise(guild, { kind: "role-order", detail: {}, untilMs: house.clock.now() + 1_000 });
    await ends().due();
    expect(await rest.channels.slowness(channel)).toBe(10);
    expect((await alerts()).map(({ kind }) => kind)).toEqual(["role-order"]);
    await rest.channels.slow(channel, 60, "a moderator");
    await ends().due();
    expect(await rest.channels.slowness(channel)).toBe(60);
  });

  test("leaves alone a channel that is slower already, and one that a moderator changed meanwhile", async () => {
    const slower = await openRaid();
    await slower.rest.channels.slow(slower.channel, 300, "a moderator");
    await slower.flood();
    expect(await slower.rest.channels.slowness(slower.channel)).toBe(300);
    const changed = await openRaid();
    await changed.flood();
    await changed.rest.channels.slow(changed.channel, 120, "a moderator");
    expect(await changed.ends().now(changed.guild)).toMatchObject({ members: 5 });
    expect(await changed.ends().now(changed.guild)).toBeNull();
    expect(await changed.rest.channels.slowness(changed.channel)).toBe(120);
    expect(await changed.alerts()).toEqual([]);
  });

  test("in a dry run is only said, for its time", async () => {
    const { channel, rest, set, flood, ends, alerts } = await openRaid({ live: false });
    await flood();
    expect(set).toEqual([]);
    expect(await rest.channels.slowness(channel)).toBe(0);
    expect((await alerts()).map(raidOf)).toEqual([expect.objectContaining({ dryRun: true, members: 5 })]);
    house.clock.pass(11 * 60_000);
    await ends().due();
    expect(set).toEqual([]);
    expect(await alerts()).toEqual([]);
  });

  test("without Manage Channels tells of the permission, and of no raid that is held off", async () => {
    const { channel, rest, flood, alerts } = await openRaid({ permissions: ALLOWED });
    await flood();
    expect(await rest.channels.slowness(channel)).toBe(0);
    expect((await alerts()).map(({ kind, detail }) => [kind, detail.action])).toEqual([["missing-permission", "slow"]]);
  });
});

describe("a raid over several channels", () => {
  const refusing = async (kind: "forbidden" | "timeout") => {
    const raid = await openRaid();
    const other = raid.simulator.actions.createChannel(raid.guild, { name: "off-topic" }).id as ChannelId;
    const told: string[][] = [];
    const tell = async ({ channels }: RaidDetail) => void told.push(channels.map(({ id }) => id));
    const { channels } = raid.place.discord;
    const slow: typeof channels.slow = async (where, seconds, reason) => {
      if (where === other && seconds > 0) throw new AppError(kind, "the test says so");
      await channels.slow(where, seconds, reason);
    };
    const discord = { ...raid.place.discord, channels: { ...channels, slow } };
    const raids = createRaids({ ...raid.services, tell });
    for (let n = 0; n < 5; n++)
      await raids.note(raid.post(n, n % 2 === 0 ? {} : { channel: other }), { ...raid.place, discord });
    const open = (await raid.alerts()).map(raidOf)[0]?.channels.map(({ id }) => id);
    return { told, open, both: [raid.channel, other].sort(), channel: raid.channel };
  };

  test("says slow mode only of the channels that Discord let be slowed", async () => {
    const { told, open, channel } = await refusing("forbidden");
    expect([told, open]).toEqual([[[channel]], [channel]]);
  });

  test("keeps in mind a channel whose call got no answer: it may be slow, and goes back with the others", async () => {
    const { told, open, both } = await refusing("timeout");
    expect([told.map((ids) => ids.sort()), open?.sort()]).toEqual([[both], both]);
  });
});

test("few members, one member often, other texts, long windows and a mode that is off make no raid", async () => {
  const { set, services, place, post, flood, alerts } = await openRaid();
  await flood(createRaids(services), 4);
  const often = createRaids(services);
  for (let n = 0; n < 12; n++) await often.note(post(3), place);
  const others = createRaids(services);
  for (let n = 0; n < 12; n++) await others.note(post(n, { text: n, suspicious: true }), place);
  const slowly = createRaids(services);
  for (let n = 0; n < 12; n++) await slowly.note(post(n, { atMs: n * 6_000, suspicious: true }), place);
  expect([set, await alerts()]).toEqual([[], []]);
  const off = await openRaid({ on: false });
  await off.flood();
  expect([off.set, await off.alerts()]).toEqual([[], []]);
});

test("raid mode has a dry run of its own: where moderation acts and raid mode does not yet, it is only said", async () => {
  const { set, flood, alerts } = await openRaid({ raid: { live: false } });
  await flood();
  expect(set).toEqual([]);
  expect((await alerts()).map(raidOf)).toEqual([expect.objectContaining({ dryRun: true })]);
});

describe("joins beyond the limit", () => {
  const times = { slow: false, timeout: true };

  test("time out who joined and who still joins, until it ends; who was there before is left alone", async () => {
    const { services, join, alerts, ends, timedOut, told, set, guild } = await openRaid({ raid: times });
    const raids = createRaids(services);
    await join(raids, 1, 4);
    expect(timedOut).toEqual([]);
    await join(raids, 5, 7);
    expect(timedOut).toEqual(["01", "02", "03", "04", "05", "06", "07"]);
    expect((await alerts()).map(raidOf)).toEqual([
      expect.objectContaining({ cause: "joins", members: 5, seconds: 30, timesOut: true, channels: [] }),
    ]);
    // As after a restart: what a raid does to newcomers is read from its alert.
    await join(createRaids({ ...services, hot: createMemoryHot({ clock: house.clock }) }), 8, 8);
    expect(timedOut.at(-1)).toBe("08");
    expect([told, set]).toEqual([["joins 5"], []]);
    expect(await ends().now(guild)).toMatchObject({ cause: "joins" });
    house.clock.pass(4_000);
    await join(raids, 9, 9);
    expect(timedOut).toHaveLength(8);
  });

  test("slow down the channels that everybody may write in, and no others", async () => {
    const { simulator, guild, channel, services, join, ends } = await openRaid();
    const hidden = simulator.actions.createChannel(guild, {
      name: "staff",
      overwrites: [{ id: guild, type: 0, allow: 0n, deny: PERMISSIONS.viewChannel }],
    });
    await join(createRaids(services), 1, 5);
    const slowness = () => [channel, hidden.id].map((id) => simulator.world.channels.get(id)?.slowmodeSeconds);
    expect(slowness()).toEqual([60, 0]);
    house.clock.pass(11 * 60_000);
    await ends().due();
    expect(slowness()).toEqual([0, 0]);
  });

  test("spread over a longer time are no raid; in a dry run they are only said, each newcomer too", async () => {
    const slow = await openRaid({ raid: times });
    const raids = createRaids(slow.services);
    for (let n = 1; n <= 12; n++) {
      await slow.join(raids, n, n);
      house.clock.pass(8_000);
    }
    expect([slow.timedOut, await slow.alerts()]).toEqual([[], []]);
    const dry = await openRaid({ live: false, raid: times });
    await dry.join(createRaids(dry.services), 1, 5);
    expect(dry.timedOut).toEqual(["would 01", "would 02", "would 03", "would 04", "would 05"]);
  });

  test("and floods each have their switch; newcomers who take part in a flood are timed out, others are not", async () => {
    const off = await openRaid({ raid: { joins: false, slow: true } });
    await off.join(createRaids(off.services), 1, 9);
    expect([off.set, await off.alerts()]).toEqual([[], []]);
    const both = await openRaid({ raid: times });
    const raids = createRaids(both.services);
    const dayAgo = house.clock.now() - 25 * 3_600_000;
    for (let n = 0; n < 9; n++) {
      const author = { ...newcomer(n), joinedAtMs: n % 2 === 0 ? house.clock.now() - 60_000 : dayAgo };
      await raids.note(both.post(n, { author }), both.place);
    }
    expect(both.timedOut).toEqual(["00", "02", "04", "06", "08"]);
  });
});
