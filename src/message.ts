/**
 * ① A Discord message as the rest of the house sees it. The only file that knows Discord's field names.
 *
 * `readMessage` takes the `d` of a MESSAGE_CREATE (or a message of the HTTP API) from any server that speaks
 * Discord's protocol: optional fields may be missing, null, or new. What has no id, channel or author is refused.
 * Source: https://discord.com/developers/docs/resources/message
 */

type Brand<B extends string> = string & { readonly __brand: B };

export type GuildId = Brand<"guild">;
export type ChannelId = Brand<"channel">;
export type UserId = Brand<"user">;
export type MessageId = Brand<"message">;
export type RoleId = Brand<"role">;
/** The id of a Discord application; our key for a bot. A bot's user id may differ from it on old applications. */
export type ApplicationId = Brand<"application">;

export type Attachment = { readonly name: string; readonly bytes: number; readonly type: string | null };

export type Message = {
  readonly id: MessageId;
  readonly channelId: ChannelId;
  /** Null in a direct message. */
  readonly guildId: GuildId | null;
  readonly author: { readonly id: UserId; readonly name: string; readonly bot: boolean };
  /** Posted by a webhook (or by an interaction of another application): never answered. */
  readonly webhook: boolean;
  /** Anything but an ordinary message or a reply: joins, boosts, pins… */
  readonly system: boolean;
  /** Cleaned: no NUL, no lone surrogate, at most `CONTENT_CHARS_MAX` UTF-16 units. Empty without the content intent. */
  readonly content: string;
  readonly mentions: {
    readonly users: readonly UserId[];
    readonly roles: readonly RoleId[];
    readonly everyone: boolean;
  };
  readonly replyTo: {
    readonly messageId: MessageId;
    readonly channelId: ChannelId;
    readonly authorId: UserId | null;
  } | null;
  /** Roles of the author in this guild; null where Discord did not say. */
  readonly member: {
    readonly roles: readonly RoleId[];
    readonly nick: string | null;
    readonly joinedAtMs: number | null;
  } | null;
  readonly attachments: readonly Attachment[];
  /** Text of embeds, polls and forwarded messages, joined by newlines; what moderation reads beside the content. */
  readonly embedText: string;
  readonly createdAtMs: number;
};

/** Discord allows 4,000 characters to some senders; anything longer is hostile or not Discord, and is cut. */
export const CONTENT_CHARS_MAX = 8_000;

const MENTION = /<@!?(\d{1,20})>/g;
const ROLE_MENTION = /<@&(\d{1,20})>/g;
/** Code is quoted, not addressed: Discord does not resolve a mention inside it. */
const CODE = /```[\s\S]*?```|`[^`\n]+`/g;
const DISCORD_EPOCH_MS = 1_420_070_400_000n;

/** An ordinary message and a reply; everything else is Discord's own voice or an application's. */
const ORDINARY_TYPES = [0, 19];
const FORWARD = 1;
const ITEMS_MAX = 100;

/** Null for what has no usable id, channel or author; never throws, whatever it is given. */
export function readMessage(data: unknown): Message | null {
  const d = fieldsOf(data);
  const id = snowflake(d?.id);
  const channel = snowflake(d?.channel_id);
  const author = fieldsOf(d?.author);
  const authorId = snowflake(author?.id);
  if (d === null || id === null || channel === null || author === null || authorId === null) return null;

  const content = cleanText(d.content, CONTENT_CHARS_MAX);
  const member = fieldsOf(d.member);
  const nick = text(member?.nick);
  const name = nick ?? text(author.global_name) ?? text(author.username) ?? authorId;
  return {
    id: id as MessageId,
    channelId: channel as ChannelId,
    guildId: snowflake(d.guild_id) as GuildId | null,
    author: { id: authorId as UserId, name: cleanText(name, 100), bot: author.bot === true || author.system === true },
    webhook: snowflake(d.webhook_id) !== null,
    system: !ORDINARY_TYPES.includes(typeof d.type === "number" ? d.type : 0),
    content,
    mentions: readMentions(d, content),
    replyTo: readReply(d, channel as ChannelId),
    member:
      member === null
        ? null
        : {
            roles: snowflakes(member.roles) as RoleId[],
            nick: nick === null ? null : cleanText(nick, 100),
            joinedAtMs: time(member.joined_at),
          },
    attachments: listOf(d.attachments).map(readAttachment),
    embedText: readEmbedText(d),
    createdAtMs: time(d.timestamp) ?? createdAt(id),
  };
}

/** Milliseconds since the epoch that a snowflake carries. */
export function createdAt(id: string): number {
  return Number((BigInt(id) >> 22n) + DISCORD_EPOCH_MS);
}

/** Text that any store and any API takes: a string, without NUL and lone surrogates, of at most `charsMax` UTF-16 units. */
export function cleanText(value: unknown, charsMax: number): string {
  if (typeof value !== "string") return "";
  const cut = value.length > charsMax ? value.slice(0, charsMax) : value;
  return (cut.isWellFormed() ? cut : cut.replace(/\p{Surrogate}/gu, "")).replaceAll("\0", "");
}

export type Fields = { readonly [name: string]: unknown };

export function fieldsOf(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** The objects of an array, at most `max`; empty for anything else. */
export function listOf(value: unknown, max = ITEMS_MAX): readonly Fields[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, max).flatMap((item: unknown) => {
    const found = fieldsOf(item);
    return found === null ? [] : [found];
  });
}

/** Ids are strings of digits; a server that sends small ones as numbers is understood too. */
export function snowflake(value: unknown): string | null {
  if (typeof value === "string") return /^\d{1,20}$/.test(value) ? value : null;
  return Number.isSafeInteger(value) && Number(value) >= 0 ? String(value) : null;
}

export function snowflakes(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, ITEMS_MAX).flatMap((item: unknown) => snowflake(item) ?? []);
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function time(value: unknown): number | null {
  if (typeof value !== "string") return null;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? null : ms;
}

function readMentions(d: Fields, content: string): Message["mentions"] {
  const spoken = content.includes("<@") ? content.replace(CODE, " ") : "";
  const users = Array.isArray(d.mentions)
    ? listOf(d.mentions).flatMap((user) => snowflake(user.id) ?? [])
    : [...spoken.matchAll(MENTION)].map((match) => match[1] ?? "");
  const roles = Array.isArray(d.mention_roles)
    ? snowflakes(d.mention_roles)
    : [...spoken.matchAll(ROLE_MENTION)].map((match) => match[1] ?? "");
  return {
    users: [...new Set(users)].slice(0, ITEMS_MAX) as UserId[],
    roles: [...new Set(roles)].slice(0, ITEMS_MAX) as RoleId[],
    everyone: d.mention_everyone === true,
  };
}

function readReply(d: Fields, channel: ChannelId): Message["replyTo"] {
  const reference = fieldsOf(d.message_reference);
  const messageId = snowflake(reference?.message_id);
  if (reference === null || messageId === null || reference.type === FORWARD) return null;
  const author = snowflake(fieldsOf(fieldsOf(d.referenced_message)?.author)?.id);
  return {
    messageId: messageId as MessageId,
    channelId: (snowflake(reference.channel_id) ?? channel) as ChannelId,
    authorId: author as UserId | null,
  };
}

function readAttachment(d: Fields): Attachment {
  return {
    name: cleanText(d.filename, 260),
    bytes: typeof d.size === "number" && d.size >= 0 ? d.size : 0,
    type: text(d.content_type),
  };
}

function readEmbedText(d: Fields): string {
  const snapshots = listOf(listOf(d.message_snapshots).map((item) => item.message));
  const embeds = [...listOf(d.embeds), ...snapshots.flatMap((message) => listOf(message.embeds))];
  const poll = fieldsOf(d.poll);
  const pieces = [
    ...snapshots.map((message) => message.content),
    ...embeds.flatMap((embed) => [
      fieldsOf(embed.author)?.name,
      embed.title,
      embed.description,
      embed.url,
      ...listOf(embed.fields).flatMap((field) => [field.name, field.value]),
      fieldsOf(embed.footer)?.text,
    ]),
    fieldsOf(poll?.question)?.text,
    ...listOf(poll?.answers).map((answer) => fieldsOf(answer.poll_media)?.text),
  ];
  return cleanText(pieces.filter((piece) => typeof piece === "string" && piece !== "").join("\n"), CONTENT_CHARS_MAX);
}
