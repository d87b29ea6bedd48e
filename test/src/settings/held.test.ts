import { expect, test } from "bun:test";
import { AppError } from "../../../src/errors.ts";
import type { GuildId } from "../../../src/ids.ts";
import type { Subscription } from "../../../src/plans/plans.ts";
import { createSettings } from "../../../src/settings/held.ts";
import { APPLICATION, GUILD } from "../../support/build.ts";
import { createBusDouble, createClock, createStoreDouble, settled, silentLogger } from "../../support/doubles.ts";

function open() {
  const clock = createClock();
  const store = createStoreDouble(clock, APPLICATION);
  const bus = createBusDouble();
  store.configure(GUILD, { mode: "mention" });
  const come: Promise<Subscription | null>[] = [];
  const versions: Promise<number | null>[] = [];
  const plans = {
    come(_: GuildId, read: Promise<Subscription | null>) {
      come.push(read);
      read.catch(() => {});
    },
  };
  const knowledge = {
    versionComes(_: GuildId, read: Promise<number | null>) {
      versions.push(read);
      read.catch(() => {});
    },
  };
  const told: GuildId[] = [];
  const changed = (guild: GuildId) => void told.push(guild);
  const settings = createSettings({ ...{ clock, store, bus, plans, knowledge, changed }, logger: silentLogger });
  return { clock, store, bus, come, versions, told, settings };
}

test("a guild's settings are read once and then held", async () => {
  const { settings, store } = open();
  expect(settings.peek(GUILD)).toBeUndefined();
  expect((await settings.load(GUILD))?.settings.mode).toBe("mention");
  store.guilds.get = () => Promise.reject(new Error("asked again"));
  expect(settings.peek(GUILD)?.settings.mode).toBe("mention");
  expect((await settings.load(GUILD))?.settings.mode).toBe("mention");
});

test("a change is in force as soon as the bus says so", async () => {
  const { settings, store, bus } = open();
  await settings.load(GUILD);
  store.configure(GUILD, { mode: "off" });
  await bus.publish({ type: "guild-changed", guild: GUILD });
  await settled();
  expect(settings.peek(GUILD)?.settings.mode).toBe("off");
});

test("news that was missed is put right by a read ahead, well within 30 s", async () => {
  const { settings, store, clock } = open();
  await settings.load(GUILD);
  store.configure(GUILD, { mode: "off" });
  const peeked = async () => {
    settings.peek(GUILD);
    await settled();
    return settings.peek(GUILD)?.settings.mode;
  };
  await clock.advance(20_000);
  expect(await peeked()).toBe("mention");
  await clock.advance(1);
  settings.peek(GUILD);
  // What there is serves until then.
  expect(settings.peek(GUILD)?.settings.mode).toBe("mention");
  expect(await peeked()).toBe("off");
  expect(settings.peek(GUILD)?.settings.mode).toBe("off");
});

test("who loads settings gets those that are fresh at once, though they are read ahead, and waits for others", async () => {
  const { settings, store, clock } = open();
  await settings.load(GUILD);
  store.configure(GUILD, { mode: "off" });
  await clock.advance(20_001);
  expect((await settings.load(GUILD))?.settings.mode).toBe("mention");
  await settled();
  store.configure(GUILD, { mode: "all" });
  await clock.advance(1);
  expect((await settings.load(GUILD))?.settings.mode).toBe("off");
  await clock.advance(30_000);
  expect((await settings.load(GUILD))?.settings.mode).toBe("all");
});

test("while the store is away the last settings stay in force; without any it says so", async () => {
  const { settings, store, clock } = open();
  await settings.load(GUILD);
  store.guilds.get = () => Promise.reject(new AppError("unavailable", "away"));
  await clock.advance(60_000);
  expect((await settings.load(GUILD))?.settings.mode).toBe("mention");
  await expect(settings.load("7" as typeof GUILD)).rejects.toMatchObject({ kind: "unavailable" });
});

test("a change that comes while the row is being read is read again", async () => {
  const { settings, store, bus } = open();
  await settings.load(GUILD);
  const slow = Promise.withResolvers<void>();
  const get = store.guilds.get;
  store.guilds.get = async (guild) => {
    const row = await get(guild);
    await slow.promise;
    return row;
  };
  await bus.publish({ type: "guild-changed", guild: GUILD });
  await settled();
  store.configure(GUILD, { mode: "off" });
  await bus.publish({ type: "guild-changed", guild: GUILD });
  slow.resolve();
  await settled();
  expect(settings.peek(GUILD)?.settings.mode).toBe("off");
});

test("a thousand frames of a guild that is not known yet are one read", async () => {
  const { settings, store } = open();
  const answer = Promise.withResolvers<null>();
  let reads = 0;
  store.guilds.get = () => {
    reads++;
    return answer.promise;
  };
  const asked = Array.from({ length: 1_000 }, () =>
    settings.peek(GUILD) === undefined ? settings.load(GUILD) : Promise.resolve(null),
  );
  answer.resolve(null);
  await Promise.all(asked);
  expect(reads).toBe(1);
});

test("a guild whose read failed is not read again at every frame, and is a second later", async () => {
  const { settings, store, clock } = open();
  let reads = 0;
  store.guilds.get = () => {
    reads++;
    return Promise.reject(new AppError("unavailable", "away"));
  };
  for (let i = 0; i < 100; i++) await settings.load(GUILD).catch(() => {});
  expect(reads).toBe(1);
  await clock.advance(1_000);
  await settings.load(GUILD).catch(() => {});
  expect(reads).toBe(2);
});

test("news of a guild that is being read for the first time is not lost", async () => {
  const { settings, store, bus } = open();
  const slow = Promise.withResolvers<void>();
  const get = store.guilds.get;
  store.guilds.get = async (guild) => {
    const row = await get(guild);
    await slow.promise;
    return row;
  };
  const first = settings.load(GUILD);
  await settled();
  store.configure(GUILD, { mode: "off" });
  await bus.publish({ type: "guild-changed", guild: GUILD });
  slow.resolve();
  await first;
  await settled();
  expect(settings.peek(GUILD)?.settings.mode).toBe("off");
});

test("what else is held of a guild comes with each read of its settings", async () => {
  const { settings, store, come, versions } = open();
  const plan = { id: "small", name: "Small", priceUsd: 0, messages: 5, features: [], position: 0 };
  const account = { id: "a", name: "A", plan: "small", timeZone: "UTC", owner: null, mail: null };
  const { get } = store.guilds;
  store.states.of = async ([guild = GUILD]) => {
    const row = await get(guild);
    return new Map(row === null ? [] : [[guild, { row, subscription: { account, plan }, knowledge: 7 }]]);
  };
  const loaded = settings.load(GUILD);
  // Told before it has come, so that nobody asks for it meanwhile.
  expect([come.length, versions.length]).toEqual([1, 1]);
  await loaded;
  expect([await come[0], await versions[0]]).toEqual([{ account, plan }, 7]);
});

test("guilds that become due in one turn are read together, a few dozen at a time", async () => {
  const { settings, store } = open();
  const { of } = store.states;
  const reads: number[] = [];
  store.states.of = (guilds) => {
    reads.push(guilds.length);
    return of(guilds);
  };
  const guilds = Array.from({ length: 100 }, (_, i) => String(1_000 + i) as GuildId);
  for (const guild of guilds) store.configure(guild, { mode: "off" });
  const rows = await Promise.all(guilds.map((guild) => settings.load(guild)));
  expect(rows.map((row) => row?.guild)).toEqual(guilds);
  expect(reads).toEqual([64, 36]);
});

test("a guild whose settings are what they were stays the same object, and nobody is told that it changed", async () => {
  const { settings, store, clock, told } = open();
  await settings.load(GUILD);
  const before = settings.peek(GUILD);
  expect(told.length).toBe(1);
  await clock.advance(31_000);
  settings.peek(GUILD);
  await settled();
  expect(settings.freshUntilMs(GUILD)).toBeGreaterThan(clock.now());
  expect(settings.peek(GUILD)).toBe(before as NonNullable<typeof before>);
  expect(told.length).toBe(1);
  store.configure(GUILD, { mode: "off" });
  await clock.advance(31_000);
  settings.peek(GUILD);
  await settled();
  expect(settings.peek(GUILD)?.settings.mode).toBe("off");
  expect(told.length).toBe(2);
});
