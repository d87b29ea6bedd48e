/** Custom bots: looked at before anything is kept, sealed when kept, of one guild alone, and gone when removed. */
import { expect, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { type CheckedBot, createCustomBots } from "../../../src/bots/custom.ts";
import type { News } from "../../../src/bus.ts";
import { systemClock } from "../../../src/clock.ts";
import { createSealer, tokenRow } from "../../../src/crypto.ts";
import { createRecording } from "../../../src/discord/recording.ts";
import { AppError } from "../../../src/errors.ts";
import type { ApplicationId, GuildId } from "../../../src/ids.ts";
import { createLogger } from "../../../src/logger.ts";
import type { BotRow } from "../../../src/store/ports/bots.ts";
import type { Store } from "../../../src/store.ts";
import { BOT } from "../../support/build.ts";

const GUILD = "100000000000000001" as GuildId;
const OTHER = "100000000000000002" as GuildId;
const APPLICATION = "500000000000000002" as ApplicationId;
const TOKEN = "NTAwMDAwMDAwMDAwMDAwMDAy.GhIjKl.abcdefghijklmnopqrstuvwxyz0123456789AB";
const KEY = generateKeyPairSync("ed25519")
  .publicKey.export({ format: "der", type: "spki" })
  .subarray(-32)
  .toString("hex");
const FORM = { application: APPLICATION as string, publicKey: KEY, token: TOKEN };

const SHARED = "500000000000000001" as ApplicationId;

function scene(
  about: { id?: ApplicationId; publicKey?: string } = {},
  failure?: AppError,
  guild: { application: ApplicationId; readonly inGuild: boolean } | null = null,
) {
  const moved: ApplicationId[] = [];
  const rows = new Map<ApplicationId, BotRow>();
  const told: News[] = [];
  const tokens: string[] = [];
  const registered: ApplicationId[] = [];
  const bots = {
    get: async (application: ApplicationId) => rows.get(application) ?? null,
    ofGuild: async (guild: GuildId) => [...rows.values()].find((row) => row.guild === guild) ?? null,
    async save(row: BotRow) {
      const there = rows.get(row.application);
      if (there !== undefined && there.guild !== row.guild) return false;
      rows.set(row.application, row);
      return true;
    },
    async remove(guild: GuildId, application: ApplicationId) {
      return rows.get(application)?.guild === guild && rows.delete(application);
    },
    async setCommandsHash() {},
    list: async () => [...rows.values()],
  };
  const sealer = createSealer([{ id: "k1", secret: new Uint8Array(32).fill(7) }]);
  const custom = createCustomBots({
    config: { discord: { applicationId: null } } as never,
    store: {
      bots,
      guilds: {
        get: async () => guild,
        async handOver(_: GuildId, application: ApplicationId) {
          moved.push(application);
          if (guild !== null) guild.application = application;
        },
      },
    } as unknown as Store,
    sealer,
    logger: createLogger({ level: "silent", format: "json" }),
    bus: { publish: async (news) => void told.push(news) },
    discordBy(application, token) {
      tokens.push(token);
      const discord = createRecording(application, BOT, systemClock);
      return {
        ...discord,
        close() {},
        interactions: { ...discord.interactions, register: async () => void registered.push(application) },
        directory: {
          ...discord.directory,
          guild: async (id) => (guild?.inGuild ? { id, name: "Lumen", ownerId: null, roles: [] } : null),
          async about() {
            if (failure !== undefined) throw failure;
            return {
              ...{ id: application, name: "Lumi", publicKey: KEY, ...about },
              ...{ messageContentIntent: true, guildMembersIntent: false, interactionsEndpointUrl: null },
            };
          },
        },
      };
    },
  });
  return { custom, moved, rows, told, tokens, registered, sealer };
}

async function checked(custom: ReturnType<typeof scene>["custom"], guild = GUILD): Promise<CheckedBot> {
  const found = await custom.check(guild, FORM);
  if ("problem" in found) throw new Error(found.problem);
  return found;
}

test("a bot is looked at, kept sealed, told its commands and announced; nothing shows its token", async () => {
  const { custom, rows, told, registered, sealer } = scene();
  const found = await checked(custom);
  expect(found).toMatchObject({ name: "Lumi", messageContentIntent: true, guildMembersIntent: false });
  expect([JSON.stringify(found).includes(TOKEN), rows.size]).toEqual([false, 0]);
  expect(await custom.save(GUILD, found)).toBeNull();
  const row = rows.get(APPLICATION);
  expect(JSON.stringify(row)).not.toContain(TOKEN);
  expect(sealer.open(row?.tokenSealed ?? "", tokenRow(APPLICATION))).toBe(TOKEN);
  expect(told).toEqual([{ type: "bots-changed", application: APPLICATION }]);
  expect(registered).toEqual([APPLICATION]);
  await custom.remove(GUILD);
  expect(rows.size).toBe(0);
});

test("the guild becomes its own bot's once that is in it, and the shared one's again without it", async () => {
  const { custom, rows, moved } = scene({}, undefined, { application: SHARED, inGuild: true });
  await custom.save(GUILD, await checked(custom));
  expect(moved).toEqual([APPLICATION]);
  await custom.takeOver(GUILD);
  expect(moved).toEqual([APPLICATION]);
  rows.set(SHARED, {
    application: SHARED,
    guild: null,
    shared: true,
    publicKey: "k",
    tokenSealed: null,
    name: "G",
    commandsHash: null,
    commandsRefused: null,
  });
  await custom.remove(GUILD);
  expect(moved).toEqual([APPLICATION, SHARED]);

  const outside = scene({}, undefined, { application: SHARED, inGuild: false });
  await outside.custom.save(GUILD, await checked(outside.custom));
  expect(outside.moved).toEqual([]);
});

test("what cannot be a bot is refused before Discord is asked", async () => {
  const { custom, tokens } = scene();
  for (const [change, problem] of [
    [{ application: "12" }, "application"],
    [{ application: "' or 1=1 --" }, "application"],
    [{ publicKey: "ab" }, "public-key"],
    // The neutral element: of small order.
    [{ publicKey: `01${"00".repeat(31)}` }, "public-key"],
    [{ token: "short" }, "token"],
    [{ token: `${TOKEN}\nX-Evil: 1` }, "token"],
  ] as const) {
    expect(await custom.check(GUILD, { ...FORM, ...change })).toEqual({ problem });
  }
  expect(tokens).toEqual([]);
});

test("what Discord says otherwise is refused with the reason", async () => {
  const unauthorized = new AppError("unauthorized", "401");
  const away = new AppError("unavailable", "away");
  const strange = "500000000000000009" as ApplicationId;
  const said = async (world: ReturnType<typeof scene>) => await world.custom.check(GUILD, FORM);
  expect(await said(scene({}, unauthorized))).toEqual({ problem: "token-refused" });
  expect(await said(scene({}, away))).toEqual({ problem: "unreachable" });
  expect(await said(scene({ id: strange }))).toEqual({ problem: "other-application" });
  expect(await said(scene({ publicKey: "cd".repeat(32) }))).toEqual({ problem: "other-key" });
});

test("a bot of another guild is not taken, and what was checked for one guild saves in no other", async () => {
  const { custom, rows } = scene();
  const found = await checked(custom);
  expect(await custom.save(OTHER, found)).toBe("expired");
  expect(await custom.save(GUILD, { ...found, publicKey: "ef".repeat(32) })).toBe("expired");
  expect(await custom.save(GUILD, { ...found, pending: "v1.k1.x.y" })).toBe("expired");
  expect(rows.size).toBe(0);
  await custom.save(GUILD, found);
  expect(await custom.check(OTHER, FORM)).toEqual({ problem: "taken" });
  await custom.remove(OTHER);
  expect(rows.size).toBe(1);
});
