import { expect, test } from "bun:test";
import fc from "fast-check";
import type { ChannelView } from "../../../src/channel.ts";
import { channelIn, type KnownGuild, pack, unpack } from "../../../src/directory/packed.ts";
import type { ChannelId, GuildId, RoleId, UserId } from "../../../src/ids.ts";

/** Few and alike, so that a channel bears the id of its guild or a role, or one that begins another's. */
const id = fc.constantFrom("1", "10", "100", "200000000000000001", "200000000000000002");
const bits = fc.bigInt({ min: 0n, max: 2n ** 70n });
const name = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom('\n["10","x",0', '"],["100",', "kanal-ü\r\n"));
const channel: fc.Arbitrary<ChannelView> = fc.record({
  id: id as fc.Arbitrary<ChannelId>,
  name,
  type: fc.nat(16),
  parentId: fc.option(id) as fc.Arbitrary<ChannelId | null>,
  ownerId: fc.option(id) as fc.Arbitrary<UserId | null>,
  overwrites: fc.array(
    fc.record({ id, kind: fc.constantFrom("role" as const, "member" as const), allow: bits, deny: bits }),
    { maxLength: 3 },
  ),
});
const role = fc.record({
  id: id as fc.Arbitrary<RoleId>,
  ...{ name, position: fc.nat(100), permissions: bits, bot: fc.option(id) },
});
const guild = fc
  .record({ name, ownerId: fc.option(id), selfRoles: fc.array(id), roles: fc.array(role), channels: fc.array(channel) })
  .map(({ roles, channels, ownerId, selfRoles, ...rest }): KnownGuild => {
    return {
      ...{ ...rest, guild: "10" as GuildId, usedAt: 0, changed: false },
      ...{ ownerId: ownerId as UserId | null, selfRoles: selfRoles as RoleId[] },
      roles: new Map(roles.map((one) => [one.id, one])),
      channels: new Map(channels.map((one) => [one.id, one])),
    };
  });

test("a guild comes out of its packing as it went in", () => {
  fc.assert(
    fc.property(guild, (given) => {
      expect(unpack(given.guild, pack(given))).toEqual(wellFormed(given));
    }),
  );
});

test("a channel read out of a packed guild is the one that unpacking gives", () => {
  fc.assert(
    fc.property(guild, fc.oneof(id, fc.constant("3")), (given, asked) => {
      const text = pack(given);
      const found = channelIn(text, asked as ChannelId);
      expect(found).toEqual(unpack(given.guild, text).channels.get(asked as ChannelId) ?? null);
    }),
  );
});

function wellFormed(given: KnownGuild): KnownGuild {
  const named = <T extends { readonly name: string }>(one: T): T => ({ ...one, name: one.name.toWellFormed() });
  return {
    ...named(given),
    roles: new Map([...given.roles].map(([key, one]) => [key, named(one)])),
    channels: new Map([...given.channels].map(([key, one]) => [key, named(one)])),
  };
}
