/** Guilds and their outages; a bot's joining and leaving is in members.ts. */
import { ChannelType } from "discord-api-types/v10";
import { channelPayload, guildPayload, memberPayload, threadMemberPayload } from "../payloads.ts";
import { EVERYONE_DEFAULT } from "../permissions.ts";
import { type Application, emit, type Guild, type Id, type Json, type World } from "../world.ts";
import { applicationOfBot } from "./applications.ts";
import { createUser } from "./users.ts";
import { mayViewChannel } from "./visibility.ts";

export type NewGuild = {
  readonly name: string;
  readonly locale?: string;
  readonly ownerId?: Id;
  readonly id?: Id;
};

export function createGuild(world: World, options: NewGuild): Guild {
  const id = options.id ?? world.ids.next();
  const ownerId = options.ownerId ?? createUser(world, { username: `owner-of-${options.name}` }).id;
  const guild: Guild = {
    id,
    name: options.name,
    ownerId,
    locale: options.locale ?? "en-US",
    unavailable: false,
    roles: new Map(),
    members: new Map(),
    channels: new Set(),
    bans: new Map(),
    auditLog: [],
    commands: new Map(),
  };
  guild.roles.set(id, {
    id,
    name: "@everyone",
    permissions: EVERYONE_DEFAULT,
    position: 0,
    color: 0,
    hoist: false,
    managed: false,
    mentionable: false,
  });
  guild.members.set(ownerId, { userId: ownerId, nick: null, roles: [], joinedAtMs: world.now(), timeoutUntilMs: null });
  world.guilds.set(id, guild);
  return guild;
}

/** An outage begins (GUILD_DELETE with `unavailable`) or ends (GUILD_CREATE again). */
export function setUnavailable(world: World, guild: Guild, unavailable: boolean): void {
  if (guild.unavailable === unavailable) return;
  guild.unavailable = unavailable;
  for (const member of guild.members.values()) {
    const application = applicationOfBot(world, member.userId);
    if (!application) continue;
    if (unavailable) emitGuildDelete(world, guild, application, true);
    else emit(world, { t: "GUILD_CREATE", guildId: guild.id, d: {}, applicationId: application.id });
  }
}

export function emitGuildDelete(world: World, guild: Guild, application: Application, outage: boolean): void {
  emit(world, {
    t: "GUILD_DELETE",
    guildId: guild.id,
    applicationId: application.id,
    d: { id: guild.id, ...(outage ? { unavailable: true } : {}) },
  });
}

/** Deletes the guild for everybody in it. */
export function deleteGuild(world: World, guild: Guild): void {
  for (const member of guild.members.values()) {
    const application = applicationOfBot(world, member.userId);
    if (application) emitGuildDelete(world, guild, application, false);
  }
  for (const id of guild.channels) world.channels.delete(id);
  world.guilds.delete(guild.id);
}

export function updateGuild(
  world: World,
  guild: Guild,
  changes: { name?: string; ownerId?: Id; locale?: string },
): void {
  Object.assign(guild, changes);
  emit(world, { t: "GUILD_UPDATE", guildId: guild.id, d: guildPayload(guild) });
}

/**
 * GUILD_CREATE as one bot gets it. Without the presences intent only its own member is in it.
 * https://discord.com/developers/docs/events/gateway-events#guild-create
 */
export function guildCreatePayload(
  world: World,
  guild: Guild,
  botId: Id,
  receiver: { readonly presences: boolean; readonly largeThreshold: number },
): Json {
  const own = guild.members.get(botId);
  const others = receiver.presences ? [...guild.members.values()].filter((m) => m.userId !== botId) : [];
  const members = (own ? [own, ...others] : others).slice(0, receiver.largeThreshold);
  const channels = [...guild.channels].flatMap((id) => world.channels.get(id) ?? []);
  return {
    ...guildPayload(guild),
    joined_at: new Date(own?.joinedAtMs ?? world.now()).toISOString(),
    large: guild.members.size > receiver.largeThreshold,
    unavailable: false,
    member_count: guild.members.size,
    voice_states: [],
    members: members.map((member) => memberPayload(world, member)),
    channels: channels.filter((c) => !c.thread).map((c) => channelPayload(world, c)),
    threads: channels
      .filter((c) => c.thread && !c.thread.archived && mayViewChannel(world, c, botId))
      .map((c) => ({
        ...channelPayload(world, c),
        ...(c.thread?.members.has(botId) ? { member: threadMemberPayload(c, botId) } : {}),
      })),
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
    activity_instances: [],
    embedded_activities: [],
    lazy: true,
    version: world.now(),
  };
}

export const GUILD_TEXT_TYPES: readonly ChannelType[] = [
  ChannelType.GuildText,
  ChannelType.GuildAnnouncement,
  ChannelType.GuildVoice,
  ChannelType.GuildStageVoice,
  ChannelType.AnnouncementThread,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
];
