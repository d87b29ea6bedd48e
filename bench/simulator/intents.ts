/**
 * Which events an intent carries, and what a given set of intents sees of an event.
 * https://discord.com/developers/docs/events/gateway#list-of-intents
 */
import { GatewayIntentBits as I } from "discord-api-types/v10";
import type { Application } from "./world.ts";

const BY_EVENT: Record<string, readonly [guild: number, direct: number]> = {
  ...events(I.Guilds, 0, [
    "GUILD_CREATE",
    "GUILD_UPDATE",
    "GUILD_DELETE",
    "GUILD_ROLE_CREATE",
    "GUILD_ROLE_UPDATE",
    "GUILD_ROLE_DELETE",
    "CHANNEL_CREATE",
    "CHANNEL_UPDATE",
    "CHANNEL_DELETE",
    "CHANNEL_PINS_UPDATE",
    "THREAD_CREATE",
    "THREAD_UPDATE",
    "THREAD_DELETE",
    "THREAD_LIST_SYNC",
    "THREAD_MEMBER_UPDATE",
  ]),
  ...events(I.GuildMembers, 0, [
    "GUILD_MEMBER_ADD",
    "GUILD_MEMBER_UPDATE",
    "GUILD_MEMBER_REMOVE",
    "THREAD_MEMBERS_UPDATE",
  ]),
  ...events(I.GuildModeration, 0, ["GUILD_AUDIT_LOG_ENTRY_CREATE", "GUILD_BAN_ADD", "GUILD_BAN_REMOVE"]),
  ...events(I.GuildMessages, I.DirectMessages, [
    "MESSAGE_CREATE",
    "MESSAGE_UPDATE",
    "MESSAGE_DELETE",
    "MESSAGE_DELETE_BULK",
  ]),
  ...events(I.GuildMessageReactions, I.DirectMessageReactions, [
    "MESSAGE_REACTION_ADD",
    "MESSAGE_REACTION_REMOVE",
    "MESSAGE_REACTION_REMOVE_ALL",
    "MESSAGE_REACTION_REMOVE_EMOJI",
  ]),
  ...events(I.GuildInvites, 0, ["INVITE_CREATE"]),
  ...events(I.AutoModerationExecution, 0, ["AUTO_MODERATION_ACTION_EXECUTION"]),
  ...events(I.GuildMessageTyping, I.DirectMessageTyping, ["TYPING_START"]),
};

/** Events that a bot gets about itself whatever its intents. */
const OWN = new Set(["GUILD_MEMBER_UPDATE", "THREAD_MEMBERS_UPDATE"]);

const ALL_INTENTS = Object.values(I).reduce<number>((all, bit) => (typeof bit === "number" ? all | bit : all), 0);

export type IntentsVerdict = "valid" | "invalid" | "disallowed";

export function checkIntents(intents: unknown, application: Application): IntentsVerdict {
  if (typeof intents !== "number" || !Number.isInteger(intents) || intents < 0 || intents & ~ALL_INTENTS)
    return "invalid";
  const { privileged } = application;
  if (intents & I.MessageContent && !privileged.messageContent) return "disallowed";
  if (intents & I.GuildMembers && !privileged.guildMembers) return "disallowed";
  if (intents & I.GuildPresences && !privileged.guildPresences) return "disallowed";
  return "valid";
}

/** Whether a session with these intents receives the event; `own` = it is about the bot itself. */
export function carries(intents: number, event: string, inGuild: boolean, own: boolean): boolean {
  const needed = BY_EVENT[event];
  if (!needed) return true;
  if (own && OWN.has(event)) return true;
  return (intents & needed[inGuild ? 0 : 1]) !== 0;
}

function events(guild: number, direct: number, names: readonly string[]): Record<string, readonly [number, number]> {
  return Object.fromEntries(names.map((name) => [name, [guild, direct] as const]));
}
