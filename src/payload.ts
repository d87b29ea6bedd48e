/**
 * ① Discord's JSON → our types. What it gives may come from any server that speaks Discord's protocol: optional fields may be
 * missing, null, or new. What has no id, channel or author is refused; nothing here ever throws.
 * Source: https://discord.com/developers/docs/resources/message
 */
import type { ChannelView, RoleView } from "./channel.ts";
import { type ChannelId, createdAt, type GuildId, type MessageId, type RoleId, type UserId } from "./ids.ts";
import { type Attachment, CONTENT_CHARS_MAX, type Message } from "./message.ts";
import { parseTime } from "./payload/time.ts";

export { guildData } from "./payload/guild-frame.ts";
export { idStrings } from "./payload/id-strings.ts";
export { messageData } from "./payload/message-frame.ts";

const MENTION = /<@!?(\d{1,20})>/g;
const ROLE_MENTION = /<@&(\d{1,20})>/g;
/** Code is quoted, not addressed: Discord does not resolve a mention inside it. */
const CODE = /```[\s\S]*?```|`[^`\n]+`/g;

/** An ordinary message and a reply; everything else is Discord's own voice or an application's. */
const ORDINARY_TYPES = [0, 19];
const FORWARD = 1;
const ITEMS_MAX = 100;
/** A role or member each. */
const OVERWRITES_MAX = 500;

/** Null for a payload without a usable id, channel or author. Never throws. */
export function readMessage(data: unknown): Message | null {
  const d = fieldsOf(data);
  const id = snowflake(d?.id);
  const channel = snowflake(d?.channel_id);
  const author = fieldsOf(d?.author);
  const authorId = snowflake(author?.id);
  if (d === null || id === null || channel === null || author === null || authorId === null) return null;

  // A forwarded message has no text of its own: the forwarded text counts as its sender's.
  const content = cleanText(d.content || forwardedText(d), CONTENT_CHARS_MAX);
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
    attachments: isEmpty(d.attachments) && isEmpty(d.message_snapshots) ? NO_FILES : readFiles(d),
    embedText: isEmpty(d.embeds) && isEmpty(d.message_snapshots) && d.poll === undefined ? "" : readEmbedText(d),
    ...stickersOf(d),
    ...reactionsOf(d),
    createdAtMs: time(d.timestamp) ?? createdAt(id),
  };
}

const NO_FILES: Message["attachments"] = [];
const NO_USERS: Message["mentions"]["users"] = [];
const NO_ROLES: Message["mentions"]["roles"] = [];

/** Most messages are words alone, and every message comes through here: absent fields cost nothing. */
function isEmpty(list: unknown): boolean {
  return list === undefined || list === null || (Array.isArray(list) && list.length === 0);
}

function readFiles(d: Fields): Message["attachments"] {
  return [...listOf(d.attachments), ...forwardedFiles(d)].map(readAttachment);
}

function stickersOf(d: Fields): Pick<Message, "stickers"> {
  if (isEmpty(d.sticker_items) && isEmpty(d.message_snapshots)) return NO_STICKERS;
  const forwarded = listOf(listOf(d.message_snapshots).map((item) => item.message));
  const items = [...listOf(d.sticker_items), ...forwarded.flatMap((message) => listOf(message.sticker_items))];
  const names = items.slice(0, STICKERS_MAX).map(({ name }) => cleanText(name, 100));
  return names.length === 0 ? NO_STICKERS : { stickers: names };
}

/** Discord lets three into a message; a forwarded one has its own. */
const STICKERS_MAX = 10;
const NO_STICKERS: Pick<Message, "stickers"> = {};

function reactionsOf(d: Fields): Pick<Message, "reactions"> {
  if (isEmpty(d.reactions)) return NO_REACTIONS;
  const counts = listOf(d.reactions).map((one) => Number(fieldsOf(one)?.count));
  const sum = counts.filter((n) => n > 0).reduce((total, n) => total + n, 0);
  return sum === 0 ? {} : { reactions: sum };
}

const NO_REACTIONS: Pick<Message, "reactions"> = {};

/** Text that any store and any API takes: a string, without NUL and lone surrogates, of at most `charsMax` UTF-16 units. */
export function cleanText(value: unknown, charsMax: number): string {
  if (typeof value !== "string") return "";
  const cut = value.length > charsMax ? value.slice(0, charsMax) : value;
  const whole = cut.isWellFormed() ? cut : cut.replace(/\p{Surrogate}/gu, "");
  return whole.includes("\0") ? whole.replaceAll("\0", "") : whole;
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
  if (typeof value === "string") return isDigits(value) ? value : null;
  return Number.isSafeInteger(value) && Number(value) >= 0 ? String(value) : null;
}

function isDigits(text: string): boolean {
  if (text.length === 0 || text.length > 20) return false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 48 || unit > 57) return false;
  }
  return true;
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
  const ms = parseTime(value);
  return Number.isNaN(ms) ? null : ms;
}

function readMentions(d: Fields, content: string): Message["mentions"] {
  const everyone = d.mention_everyone === true;
  const named = Array.isArray(d.mentions) && Array.isArray(d.mention_roles);
  if (named && isEmpty(d.mentions) && isEmpty(d.mention_roles)) return { users: NO_USERS, roles: NO_ROLES, everyone };
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
    everyone,
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

function forwardedFiles(d: Fields): readonly Fields[] {
  return listOf(d.message_snapshots).flatMap((item) => listOf(fieldsOf(item.message)?.attachments));
}

function forwardedText(d: Fields): string {
  return listOf(d.message_snapshots)
    .map((item) => text(fieldsOf(item.message)?.content) ?? "")
    .filter((part) => part !== "")
    .join("\n");
}

function readAttachment(d: Fields): Attachment {
  return {
    name: cleanText(d.filename, 260),
    bytes: typeof d.size === "number" && d.size >= 0 ? d.size : 0,
    type: text(d.content_type),
    url: text(d.url),
  };
}

function readEmbedText(d: Fields): string {
  const snapshots = listOf(listOf(d.message_snapshots).map((item) => item.message));
  const embeds = [...listOf(d.embeds), ...snapshots.flatMap((message) => listOf(message.embeds))];
  const poll = fieldsOf(d.poll);
  const pieces = [
    ...(text(d.content) === null ? [] : snapshots.map((message) => message.content)),
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

/** A channel of the gateway or of the HTTP API; null without an id. */
export function readChannel(data: Fields): ChannelView | null {
  const id = snowflake(data.id);
  if (id === null) return null;
  return {
    id: id as ChannelId,
    name: cleanText(data.name, 100),
    type: typeof data.type === "number" ? data.type : 0,
    parentId: snowflake(data.parent_id) as ChannelId | null,
    ownerId: snowflake(data.owner_id) as UserId | null,
    overwrites: listOf(data.permission_overwrites, OVERWRITES_MAX).flatMap((item) => {
      const target = snowflake(item.id);
      if (target === null) return [];
      const kind = item.type === 1 || item.type === "member" ? "member" : "role";
      return [{ id: target, kind, allow: bits(item.allow), deny: bits(item.deny) } as const];
    }),
  };
}

export function readRole(data: Fields): (RoleView & { readonly bot: string | null }) | null {
  const id = snowflake(data.id);
  if (id === null) return null;
  return {
    id: id as RoleId,
    name: cleanText(data.name, 100),
    position: typeof data.position === "number" ? data.position : 0,
    permissions: bits(data.permissions),
    bot: snowflake(fieldsOf(data.tags)?.bot_id),
  };
}

function bits(value: unknown): bigint {
  return typeof value === "string" && /^\d{1,30}$/.test(value)
    ? BigInt(value)
    : BigInt(Number.isSafeInteger(value) ? Number(value) : 0);
}
