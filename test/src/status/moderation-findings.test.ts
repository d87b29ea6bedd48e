/** What the doctor says of moderation: each action that is switched on against permissions, intents and roles. */
import { expect, test } from "bun:test";
import type { ChannelId, RoleId, UserId } from "../../../src/ids.ts";
import { PERMISSIONS } from "../../../src/permissions.ts";
import { defaultSettings } from "../../../src/settings/form.ts";
import { moderationFindings } from "../../../src/status/moderation-findings.ts";
import { GUILD } from "../../support/build.ts";

type Moderation = typeof defaultSettings.moderation;
const OWN = "1" as RoleId;
/** What the doctor says of moderation in a server whose bot may do `mine`, and in each channel less. */
function moderationSays(
  moderation: Partial<Moderation>,
  options: {
    readonly mine?: bigint;
    readonly denied?: Readonly<Record<string, bigint>>;
    readonly content?: boolean;
    readonly members?: boolean;
    readonly heard?: boolean;
  } = {},
): readonly string[] {
  const { mine = ALL_BUT_ADMINISTRATOR, denied = {}, content = true } = options;
  const role = (id: string, name: string, position: number, permissions = 0n) => ({
    ...{ id: id as RoleId, name, position, permissions },
  });
  const channels = Object.entries(denied).map(([name, deny]) => ({
    ...{ id: `9${name.length}` as ChannelId, name, type: 0, parentId: null, ownerId: null },
    overwrites: [{ id: OWN, kind: "role" as const, allow: 0n, deny }],
  }));
  const roles = [
    role(GUILD, "@everyone", 0),
    role(OWN, "Gatehouse", 3, mine),
    role("2", "VIP", 5),
    role("3", "Mods", 6, PERMISSIONS.kickMembers),
  ];
  const on = { ...defaultSettings.moderation, on: true, rules: RULES, ...moderation };
  return moderationFindings(
    {
      ...{ name: "Lumen", channels, settings: { ...defaultSettings, moderation: on } },
      self: { id: "1" as UserId, name: "Gatehouse", roles: [OWN], timedOutUntilMs: null, joinedAtMs: null },
      permissions: { guild: GUILD, ownerId: null, roles: new Map(roles.map((one) => [one.id, one])) },
    },
    { content, members: options.members ?? true, heard: options.heard ?? true },
    "en",
  )
    .filter(({ state }) => state !== "ok")
    .map(({ says }) => says);
}

const RULES = [{ n: 1, text: "Be kind.", action: "timeout", on: true, kind: null } as const];
const ALL_BUT_ADMINISTRATOR =
  Object.values(PERMISSIONS).reduce((all, bit) => all | bit, 0n) & ~PERMISSIONS.administrator;
const NONE = defaultSettings.moderation.actions;
const RAID = { ...defaultSettings.moderation.raid, on: true };

test("each action that is switched on is checked against the server, each channel, roles and intents, and no other is", () => {
  const lacking = (name: keyof typeof PERMISSIONS) => ({ mine: ALL_BUT_ADMINISTRATOR & ~PERMISSIONS[name] });
  const needs = [
    [{ actions: { ...NONE, delete: true } }, "manageMessages", "Manage Messages"],
    [{ actions: { ...NONE, delete: true } }, "manageThreads", "Manage Threads"],
    [{ actions: { ...NONE, warn: true, timeout: true } }, "moderateMembers", "Timeout Members"],
    [{ actions: { ...NONE, warn: true, kick: true } }, "kickMembers", "Kick Members"],
    [{ actions: { ...NONE, warn: true, ban: true } }, "banMembers", "Ban Members"],
    [{ actions: { ...NONE, warn: true }, raid: RAID }, "manageChannels", "Manage Channels"],
    [{ actions: { ...NONE, warn: true }, raid: { ...RAID, timeout: true } }, "moderateMembers", "Timeout Members"],
  ] as const;
  for (const [moderation, permission, name] of needs) {
    const found = moderationSays(moderation, lacking(permission));
    expect([name, found.filter((text) => text.includes(name))]).toEqual([name, [expect.stringContaining("Give")]]);
    expect(moderationSays({ actions: { ...NONE, warn: true } }, lacking(permission))).toEqual([]);
  }
  const denied = {
    open: 0n,
    closed: PERMISSIONS.manageMessages,
    hidden: PERMISSIONS.viewChannel,
    busy: PERMISSIONS.manageChannels,
  };
  const inChannels = moderationSays({ actions: { ...NONE, delete: true }, raid: RAID }, { denied });
  expect(inChannels).toEqual([
    expect.stringMatching(/lacks Manage Messages in #closed, so/),
    expect.stringMatching(/lacks Manage Channels in #busy, so/),
  ]);
  const ranked = moderationSays({ actions: { ...NONE, timeout: true } });
  expect(ranked).toEqual([expect.stringContaining("not below the bot's: VIP.")]);
  expect(moderationSays({ actions: { ...NONE, warn: true } }, { content: false })).toEqual([
    expect.stringContaining("Message Content"),
  ]);
});

test("who kicks or bans may not be able to invite back: one channel that it may invite by is enough", () => {
  const none = { denied: { help: PERMISSIONS.createInvite, chat1: PERMISSIONS.createInvite } };
  const one = { denied: { help: PERMISSIONS.createInvite, chat1: 0n } };
  for (const act of ["kick", "ban"]) {
    const moderation = { actions: { ...NONE, [act]: true } };
    const invites = (options: Parameters<typeof moderationSays>[1]) =>
      moderationSays(moderation, options).filter((text) => text.includes("Create Invite"));
    expect([invites(none).length, invites(lackingInvite).length]).toEqual([1, 1]);
    expect(invites(one)).toEqual([]);
  }
  expect(moderationSays({ actions: { ...NONE, delete: true } }, none)).toEqual([]);
});
const lackingInvite = { mine: ALL_BUT_ADMINISTRATOR & ~PERMISSIONS.createInvite };

test("raid mode by joins, and names, need the Server Members intent, granted and asked for", () => {
  const moderation = { actions: { ...NONE, warn: true }, raid: RAID };
  expect(moderationSays(moderation)).toEqual([]);
  const refused = moderationSays(moderation, { members: false, heard: false });
  expect(refused).toEqual([expect.stringContaining("Switch it on in the Developer Portal")]);
  expect(moderationSays(moderation, { heard: false })).toEqual([expect.stringContaining("Start Gatehouse again")]);
  const floods = { ...moderation, raid: { ...RAID, joins: false } };
  expect(moderationSays(floods, { members: false, heard: false })).toEqual([]);
  const names = { ...floods, names: true };
  expect(moderationSays(names, { members: false, heard: false })).toEqual([expect.stringContaining("or names")]);
});

test("a log channel that is gone or closed to the bot is named", () => {
  const moderation = { actions: { ...NONE, warn: true } };
  expect(moderationSays({ ...moderation, logChannel: "77" })).toEqual([expect.stringContaining("is gone")]);
  const denied = { modlog: PERMISSIONS.sendMessages };
  expect(moderationSays({ ...moderation, logChannel: "96" }, { denied })).toEqual([
    expect.stringContaining("cannot write in the log channel #modlog"),
  ]);
});
