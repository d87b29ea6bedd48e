import { describe, expect, test } from "bun:test";
import type { ChannelView } from "../../src/channel.ts";
import type { GuildId, RoleId, UserId } from "../../src/ids.ts";
import {
  ALL_PERMISSIONS,
  channelPermissions,
  guildPermissions,
  isStaff,
  missingPermissions,
  PERMISSIONS,
} from "../../src/permissions.ts";

const GUILD = "1" as GuildId;
const { viewChannel, sendMessages, manageMessages, administrator } = PERMISSIONS;
const roles = new Map<RoleId, { permissions: bigint }>([
  ["1" as RoleId, { permissions: viewChannel | sendMessages }],
  ["2" as RoleId, { permissions: manageMessages }],
  ["3" as RoleId, { permissions: administrator }],
]);
const facts = { guild: GUILD, ownerId: "9" as UserId, roles };
const person = (...own: string[]) => ({ id: "5" as UserId, roles: own as RoleId[] });
const overwrite = (
  id: string,
  kind: "role" | "member",
  allow: bigint,
  deny: bigint,
): ChannelView["overwrites"][number] => ({ id, kind, allow, deny });

describe("permissions", () => {
  test("add up over roles, with everyone's", () => {
    expect(guildPermissions(facts, person("2"))).toBe(viewChannel | sendMessages | manageMessages);
  });

  test("are all there for the owner and for administrators, whatever a channel denies", () => {
    const deny = [overwrite("1", "role", 0n, ALL_PERMISSIONS)];
    expect(channelPermissions(facts, { id: "9" as UserId, roles: [] }, deny)).toBe(ALL_PERMISSIONS);
    expect(channelPermissions(facts, person("3"), deny)).toBe(ALL_PERMISSIONS);
  });

  test("follow overwrites in Discord's order: everyone, roles together, member", () => {
    const everyone = overwrite("1", "role", 0n, sendMessages);
    const role = overwrite("2", "role", sendMessages, 0n);
    const member = overwrite("5", "member", 0n, sendMessages);
    const may = (overwrites: ChannelView["overwrites"]) =>
      (channelPermissions(facts, person("2"), overwrites) & sendMessages) !== 0n;
    expect([may([everyone]), may([role, everyone]), may([member, role, everyone])]).toEqual([false, true, false]);
  });

  test("are none in a channel that one cannot see", () => {
    expect(channelPermissions(facts, person("2"), [overwrite("1", "role", 0n, viewChannel)])).toBe(0n);
  });

  test("say what is missing, and who is staff", () => {
    expect(missingPermissions(viewChannel, ["viewChannel", "sendMessages"])).toEqual(["sendMessages"]);
    expect([isStaff(facts, person()), isStaff(facts, person("2")), isStaff(facts, person("3"))]).toEqual([
      false,
      true,
      true,
    ]);
  });
});
