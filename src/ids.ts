/**
 * Discord's ids: strings of digits, each kind a type of its own, so that a channel is never passed where a guild is meant.
 * Source: https://discord.com/developers/docs/reference#snowflakes
 */

type Brand<B extends string> = string & { readonly __brand: B };

export type GuildId = Brand<"guild">;
export type ChannelId = Brand<"channel">;
export type UserId = Brand<"user">;
export type MessageId = Brand<"message">;
export type RoleId = Brand<"role">;
/** The id of a Discord application; our key for a bot. A bot's user id may differ from it on old applications. */
export type ApplicationId = Brand<"application">;

const DISCORD_EPOCH_MS = 1_420_070_400_000n;

/** Milliseconds since the epoch that a snowflake carries. */
export function createdAt(id: string): number {
  return Number((BigInt(id) >> 22n) + DISCORD_EPOCH_MS);
}

/** Was `id` made after `other`? Snowflakes grow with time; as strings a longer one is the greater. */
export function isNewer(id: string, other: string): boolean {
  return id.length === other.length ? id > other : id.length > other.length;
}

/** False for a talk in another channel of contact, which nothing of Discord's reaches. */
export function isDiscordChannel(channel: ChannelId): boolean {
  return /^\d{1,20}$/.test(channel);
}
