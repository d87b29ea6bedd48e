/** Builders: a Discord payload, a message, a passage, each with only what a test is about spelt out. */

import type { ApplicationId, ChannelId, GuildId, RoleId, UserId } from "../../src/ids.ts";
import type { PassageRow } from "../../src/knowledge.ts";
import type { Message } from "../../src/message.ts";
import { readMessage } from "../../src/payload.ts";

export const APPLICATION = "500000000000000001" as ApplicationId;
export const BOT = { userId: "500000000000000001" as UserId, name: "Gatehouse" };
export const BOT_ROLE = "500000000000000009" as RoleId;
export const GUILD = "100000000000000001" as GuildId;
export const CHANNEL = "200000000000000001" as ChannelId;
export const MEMBER = "300000000000000001" as UserId;

let last = 1_400_000_000_000_000_000n;

/** A fresh id, newer than all before. */
export function snowflake(): string {
  last += 4_194_304n;
  return String(last);
}

type Payload = { readonly [field: string]: unknown };

/** The `d` of a MESSAGE_CREATE as Discord sends it. */
export function messagePayload(fields: Payload = {}): Payload {
  return {
    id: snowflake(),
    channel_id: CHANNEL,
    guild_id: GUILD,
    type: 0,
    author: { id: MEMBER, username: "ada", global_name: "Ada", discriminator: "0", avatar: null },
    member: { roles: [], nick: null, joined_at: "2024-01-01T00:00:00.000Z", deaf: false, mute: false },
    content: "hello",
    timestamp: "2026-01-01T12:00:00.000Z",
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: [],
    embeds: [],
    pinned: false,
    ...fields,
  };
}

export function message(fields: Payload = {}): Message {
  const read = readMessage(messagePayload(fields));
  if (read === null) throw new Error("the builder's payload is not a message");
  return read;
}

/** A message that mentions the bot. */
export function mention(text: string, fields: Payload = {}): Message {
  return message({
    content: `<@${BOT.userId}> ${text}`,
    mentions: [{ id: BOT.userId, username: BOT.name }],
    ...fields,
  });
}

export function directMessage(text: string, fields: Payload = {}): Message {
  return message({
    content: text,
    guild_id: undefined,
    channel_id: "200000000000000777",
    member: undefined,
    ...fields,
  });
}

export function passage(text: string, fields: Partial<PassageRow> = {}): PassageRow {
  const id = fields.id ?? snowflake();
  return {
    id,
    document: `document-${id}`,
    source: "docs",
    kind: "text",
    title: "A page",
    headings: [],
    url: `https://docs.example/${id}`,
    language: "en",
    text,
    position: 0,
    ...fields,
  };
}

export function guildPayload(fields: Payload = {}): Payload {
  return {
    id: GUILD,
    name: "Lumen",
    owner_id: "300000000000000999",
    preferred_locale: "en-US",
    unavailable: false,
    roles: [
      { id: GUILD, name: "@everyone", position: 0, permissions: "66560", color: 0 },
      { id: BOT_ROLE, name: "Gatehouse", position: 5, permissions: "309237730304", tags: { bot_id: BOT.userId } },
    ],
    channels: [{ id: CHANNEL, name: "help", type: 0, parent_id: null, permission_overwrites: [] }],
    threads: [],
    members: [{ user: { id: BOT.userId }, roles: [BOT_ROLE] }],
    ...fields,
  };
}
