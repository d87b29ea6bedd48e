/**
 * One event of the world to every session that may have it: by shard, membership, intents, channel permissions, and
 * with content taken out where the Message Content intent is missing.
 */
import { GatewayIntentBits, PermissionFlagsBits } from "discord-api-types/v10";
import { carries } from "./intents.ts";
import { messageEventPayload, withoutContent } from "./message-payload.ts";
import { basePermissions } from "./permissions.ts";
import { dispatch, type Session } from "./session.ts";
import { shardOf } from "./snowflake.ts";
import { guildCreatePayload } from "./world/guilds.ts";
import { mayViewChannel, permissionsIn } from "./world/visibility.ts";
import type { Guild, World, WorldEvent } from "./world.ts";

/** CHANNEL_* reach a bot also where it may not look inside. */
const SEES_HIDDEN_CHANNELS = /^(CHANNEL_(CREATE|UPDATE|DELETE)|THREAD_DELETE|INTERACTION_CREATE)$/;

export function fanOut(world: World, sessions: ReadonlyMap<string, Session>): (event: WorldEvent) => void {
  return (event) => {
    let full: string | undefined;
    for (const session of sessions.values()) {
      if (!receives(world, session, event)) continue;
      if (event.t === "GUILD_CREATE") {
        const guild = world.guilds.get(event.guildId ?? "");
        if (guild) greet(world, session, guild);
      } else if (event.message && !(session.intents & GatewayIntentBits.MessageContent)) {
        const payload = messageEventPayload(world, event.message);
        dispatch(
          session,
          event.t,
          JSON.stringify(withoutContent(world, event.message, payload, session.application.botId)),
        );
      } else {
        full ??= JSON.stringify(event.message ? messageEventPayload(world, event.message) : event.d);
        dispatch(session, event.t, full);
      }
      if (event.t === "GUILD_DELETE" && event.guildId !== null) session.guilds.delete(event.guildId);
    }
  };
}

/** GUILD_CREATE for one session, or GUILD_DELETE `unavailable` while the guild has an outage. */
export function greet(world: World, session: Session, guild: Guild): void {
  if (!(session.intents & GatewayIntentBits.Guilds)) return;
  if (guild.unavailable) {
    dispatch(session, "GUILD_DELETE", JSON.stringify({ id: guild.id, unavailable: true }));
    return;
  }
  session.guilds.add(guild.id);
  const receiver = {
    presences: (session.intents & GatewayIntentBits.GuildPresences) !== 0,
    largeThreshold: session.largeThreshold,
  };
  dispatch(
    session,
    "GUILD_CREATE",
    JSON.stringify(guildCreatePayload(world, guild, session.application.botId, receiver)),
  );
}

function receives(world: World, session: Session, event: WorldEvent): boolean {
  const { application, shard } = session;
  if (event.applicationId !== undefined && event.applicationId !== application.id) return false;
  const own = event.subjectId === application.botId;
  // Its own joining is GUILD_CREATE.
  if (own && event.t === "GUILD_MEMBER_ADD") return false;
  if (!carries(session.intents, event.t, event.guildId !== null, own)) return false;
  const channel = event.channelId === undefined ? undefined : world.channels.get(event.channelId);
  if (event.guildId === null) {
    return (
      shard.id === 0 &&
      (event.applicationId !== undefined || (channel?.recipients.includes(application.botId) ?? false))
    );
  }
  if (shardOf(event.guildId, shard.count) !== shard.id) return false;
  if (event.t === "GUILD_DELETE") return true;
  const guild = world.guilds.get(event.guildId);
  const member = guild?.members.get(application.botId);
  if (!guild || !member || (guild.unavailable && event.t !== "GUILD_CREATE")) return false;
  if (event.t === "GUILD_AUDIT_LOG_ENTRY_CREATE") {
    return (basePermissions(guild, member, world.now()) & PermissionFlagsBits.ViewAuditLog) !== 0n;
  }
  if (event.t === "AUTO_MODERATION_ACTION_EXECUTION") {
    return (basePermissions(guild, member, world.now()) & PermissionFlagsBits.ManageGuild) !== 0n;
  }
  if (event.t === "INVITE_CREATE" && channel)
    return (permissionsIn(world, channel, application.botId) & PermissionFlagsBits.ManageChannels) !== 0n;
  return !channel || SEES_HIDDEN_CHANNELS.test(event.t) || mayViewChannel(world, channel, application.botId);
}
