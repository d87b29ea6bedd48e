import { expect, test } from "bun:test";
import { AppError } from "../../../src/errors.ts";
import { createSettings } from "../../../src/settings/held.ts";
import { APPLICATION, GUILD } from "../../support/build.ts";
import { createBusDouble, createClock, createStoreDouble, settled, silentLogger } from "../../support/doubles.ts";

function open() {
  const clock = createClock();
  const store = createStoreDouble(clock, APPLICATION);
  const bus = createBusDouble();
  store.configure(GUILD, { mode: "mention" });
  return { clock, store, bus, settings: createSettings({ clock, store, bus, logger: silentLogger }) };
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

test("news that was missed is put right after 30 s", async () => {
  const { settings, store, clock } = open();
  await settings.load(GUILD);
  store.configure(GUILD, { mode: "off" });
  const peeked = async () => {
    settings.peek(GUILD);
    await settled();
    return settings.peek(GUILD)?.settings.mode;
  };
  await clock.advance(29_999);
  expect(await peeked()).toBe("mention");
  await clock.advance(2);
  expect(await peeked()).toBe("off");
  expect(settings.peek(GUILD)?.settings.mode).toBe("off");
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
