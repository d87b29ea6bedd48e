/**
 * Invitations: made by a member, used by whoever has the code, until their time or their uses are over.
 * https://discord.com/developers/docs/resources/invite
 */
import { createHash } from "node:crypto";
import { iso, userPayload } from "../payloads.ts";
import { type Channel, emit, found, type Guild, guildOf, type Invite, type Json, type World } from "../world.ts";

export type NewInvite = Pick<Invite, "inviterId" | "maxAgeS" | "maxUses" | "temporary"> & {
  /** `false` answers with a like one that the same member made before, where there is one. */
  readonly unique: boolean;
};

/** How many a server holds. */
export const INVITES_MAX = 1_000;
const CODE_CHARS = 8;

export function createInvite(world: World, guild: Guild, channel: Channel, { unique, ...wanted }: NewInvite): Invite {
  const like = unique ? undefined : invitesOf(world, guild).find((one) => isLike(one, channel, wanted));
  if (like !== undefined) return like;
  const id = world.ids.next();
  const digest = createHash("sha256").update(`invite:${world.seed}:${id}`).digest("base64");
  const code = digest.replace(/[^A-Za-z0-9]/g, "").slice(0, CODE_CHARS);
  const invite: Invite = {
    ...wanted,
    ...{ code, guildId: guild.id, channelId: channel.id, createdAtMs: world.now(), uses: 0 },
  };
  world.invites.set(code, invite);
  emit(world, {
    t: "INVITE_CREATE",
    guildId: guild.id,
    channelId: channel.id,
    d: { ...metadata(world, invite), guild_id: guild.id, channel_id: channel.id },
  });
  return invite;
}

/** Those of a guild that can still be used; its channel gone, an invitation is gone as well. */
export function invitesOf(world: World, guild: Guild): readonly Invite[] {
  return [...world.invites.values()].filter((one) => one.guildId === guild.id && isGood(world, one));
}

/** One use of it: the guild that it leads to. */
export function useInvite(world: World, code: string): Guild {
  const invite = world.invites.get(code);
  const good = found(invite !== undefined && isGood(world, invite) ? invite : undefined, 10006);
  good.uses++;
  return guildOf(world, good.guildId);
}

export function invitePayload(world: World, invite: Invite): Json {
  const guild = guildOf(world, invite.guildId);
  const channel = found(world.channels.get(invite.channelId), 10003);
  return {
    ...metadata(world, invite),
    type: 0,
    expires_at: invite.maxAgeS === 0 ? null : iso(invite.createdAtMs + invite.maxAgeS * 1_000),
    guild_id: guild.id,
    guild: {
      ...{ id: guild.id, name: guild.name, splash: null, banner: null, description: null, icon: null, features: [] },
      ...{ verification_level: 1, vanity_url_code: null, nsfw_level: 0, nsfw: false, premium_subscription_count: 0 },
    },
    channel: { id: channel.id, type: channel.type, name: channel.name },
  };
}

function metadata(world: World, invite: Invite): Json {
  const inviter = world.users.get(invite.inviterId);
  return {
    ...{ code: invite.code, max_age: invite.maxAgeS, max_uses: invite.maxUses, uses: invite.uses },
    ...{ temporary: invite.temporary, created_at: iso(invite.createdAtMs) },
    ...(inviter === undefined ? {} : { inviter: userPayload(inviter) }),
  };
}

function isGood(world: World, invite: Invite): boolean {
  const old = invite.maxAgeS > 0 && world.now() >= invite.createdAtMs + invite.maxAgeS * 1_000;
  const used = invite.maxUses > 0 && invite.uses >= invite.maxUses;
  return !old && !used && world.channels.has(invite.channelId);
}

function isLike(one: Invite, channel: Channel, wanted: Omit<NewInvite, "unique">): boolean {
  return (
    one.channelId === channel.id &&
    one.inviterId === wanted.inviterId &&
    one.maxAgeS === wanted.maxAgeS &&
    one.maxUses === wanted.maxUses &&
    one.temporary === wanted.temporary
  );
}
