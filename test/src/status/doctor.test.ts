import { expect, test } from "bun:test";
import type { ApplicationId, ChannelId, GuildId, RoleId, UserId } from "../../../src/ids.ts";
import { PERMISSIONS } from "../../../src/permissions.ts";
import { defaultSettings } from "../../../src/settings/form.ts";
import { type BotFacts, type DoctorFacts, diagnose } from "../../../src/status/doctor.ts";

const application = "200000000000000001" as ApplicationId;
const unseen = { guild: "100000000000000001" as GuildId, name: "Lumen", settings: defaultSettings, passages: 3 };

function findings(bot: BotFacts) {
  const facts: DoctorFacts = {
    ...{ database: { ok: true, version: "18.4", embedded: true }, redis: "absent", model: true, bots: [bot] },
    ...{ shards: { shards: 0, held: 0, withSession: 0 }, contentIntentWanted: true },
    guilds: [{ ...unseen, view: null, self: null, channels: [] }],
  };
  return diagnose(facts, "en").filter(({ state }) => state === "problem");
}

test.each([
  ["token-refused", "copy a new one"],
  ["token-absent", "set the DISCORD_TOKEN"],
  ["unreachable", "check this machine's way to it"],
] as const)("a bot that cannot be asked (%s) is the one problem, with what to do about it", (why, says) => {
  const found = findings({ application, refused: "it failed", why });
  expect(found).toEqual([
    { check: "token", state: "problem", where: application, says: expect.stringContaining(says) },
  ]);
});

test("moderation's actions are checked against channels, roles and what the bot may read", () => {
  const guild = unseen.guild;
  const own = "1" as RoleId;
  const role = (id: string, name: string, position: number, permissions = 0n) => ({
    id: id as RoleId,
    name,
    position,
    permissions,
  });
  const actions = { delete: true, warn: true, timeout: true, kick: false, ban: false };
  const raid = { ...defaultSettings.moderation.raid, on: true };
  const settings = { ...defaultSettings, moderation: { ...defaultSettings.moderation, on: true, actions, raid } };
  const mine =
    PERMISSIONS.viewChannel | PERMISSIONS.sendMessages | PERMISSIONS.manageMessages | PERMISSIONS.moderateMembers;
  const channel = (name: string, deny: bigint) => ({
    ...{ id: `9${name.length}` as ChannelId, name, type: 0, parentId: null, ownerId: null },
    overwrites: [{ id: own, kind: "role" as const, allow: 0n, deny }],
  });
  const facts: DoctorFacts = {
    ...{ database: { ok: true, version: "18.4", embedded: true }, redis: "absent", model: true, bots: [] },
    ...{ shards: { shards: 0, held: 0, withSession: 0 }, contentIntentWanted: false },
    guilds: [
      {
        ...{ ...unseen, settings },
        view: {
          ...{ id: guild, name: "Lumen", ownerId: null },
          roles: [
            role(guild, "@everyone", 0),
            role(own, "Gatehouse", 3, mine),
            role("2", "VIP", 5),
            role("3", "Mods", 6, PERMISSIONS.kickMembers),
          ],
        },
        self: { id: "1" as UserId, name: "Gatehouse", roles: [own], timedOutUntilMs: null, joinedAtMs: null },
        channels: [channel("open", 0n), channel("closed", PERMISSIONS.manageMessages)],
      },
    ],
  };
  const says = diagnose(facts, "en")
    .filter(({ check }) => check === "moderation")
    .map((found) => found.says);
  expect(says.some((text) => text.includes("#closed") && !text.includes("#open"))).toBe(true);
  expect(says.some((text) => text.includes("not below the bot's: VIP."))).toBe(true);
  expect(says.some((text) => text.includes("Message Content"))).toBe(true);
  expect(says.some((text) => text.includes("Manage Channels") && !text.includes("Timeout"))).toBe(true);
});

test("a server that a working bot does not see is a problem of the server", () => {
  const bot = { application, refused: null, name: "Moor", contentIntent: true, endpointUrl: null };
  expect(findings({ ...bot, commandsRegistered: true }).map(({ check }) => check)).toContain("guild");
});
