/** A change of settings: written with its names and told once, or not at all where nothing differs. */
import { expect, test } from "bun:test";
import type { News } from "../../../src/bus.ts";
import { changeSettings } from "../../../src/settings/change.ts";
import { defaultSettings, type GuildSettings } from "../../../src/settings/form.ts";
import type { GuildRow } from "../../../src/store/ports/guilds.ts";
import { GUILD } from "../../support/build.ts";

function scene(taken = false) {
  const written: (readonly [GuildSettings, string, string])[] = [];
  const told: News[] = [];
  const ports = {
    guilds: {
      async change(_: unknown, settings: GuildSettings, by: string, what: string, version?: number) {
        if (version !== 3 || taken) return null;
        written.push([settings, by, what]);
        return {} as GuildRow;
      },
    },
    bus: { publish: async (news: News) => void told.push(news) },
  };
  const change = (settings: GuildSettings) =>
    changeSettings(ports, { guild: GUILD, settings: defaultSettings, version: 3 }, settings, "Admin");
  return { written, told, change };
}

test("what differs is named, written and told", async () => {
  const { written, told, change } = scene();
  const settings = { ...defaultSettings, mode: "off" as const, channels: { "100000000000000009": { smart: true } } };
  expect(await change(settings)).toBe(2);
  expect(written).toEqual([[settings, "Admin", "mode channels.100000000000000009"]]);
  expect(told).toEqual([{ type: "guild-changed", guild: GUILD }]);
});

test("what somebody else changed since is told apart, and nobody is told of a change", async () => {
  const { written, told, change } = scene(true);
  expect(await change({ ...defaultSettings, mode: "off" })).toBeNull();
  expect([written, told]).toEqual([[], []]);
});

test("nothing is written where nothing differs", async () => {
  const { written, told, change } = scene();
  expect(await change({ ...defaultSettings })).toBe(0);
  expect([written, told]).toEqual([[], []]);
});

test("hundreds of channels are named as far as the record has room, never half a name", async () => {
  const { written, change } = scene();
  const channels = Object.fromEntries(
    Array.from({ length: 200 }, (_, n) => [String(100_000_000_000_000_000n + BigInt(n)), { smart: true }]),
  );
  await change({ ...defaultSettings, channels });
  const what = written[0]?.[2] ?? "";
  expect(what.length).toBeLessThanOrEqual(2_000);
  expect(what.split(" ").every((name) => /^channels\.\d{18}$/.test(name))).toBe(true);
});
