/**
 * `d` of a MESSAGE_CREATE frame with the members that `readMessage` reads, and no others: two thirds of a message's bytes are its
 * author's decorations and settings. Undefined where only JSON.parse can tell what the frame says.
 */
import { membersOf, memberValue, walkObject } from "./json-bytes.ts";

const MESSAGE_KEYS = [
  ...["id", "channel_id", "guild_id", "author", "member", "content", "type", "webhook_id", "timestamp", "mentions"],
  ...["mention_roles", "mention_everyone", "message_reference", "referenced_message", "attachments", "embeds"],
  ...["message_snapshots", "poll", "sticker_items", "reactions"],
];
const AUTHOR_AT = MESSAGE_KEYS.indexOf("author");
const MEMBER_AT = MESSAGE_KEYS.indexOf("member");
const OPEN = 123;

/** Where things stood in the last frame. */
const AUTHOR = membersOf(["id", "username", "global_name", "bot", "system"]);
const MEMBER = membersOf(["roles", "nick", "joined_at"]);
const MESSAGE = membersOf(MESSAGE_KEYS, { author: AUTHOR, member: MEMBER });
const FRAME = membersOf(["d"], { d: MESSAGE });

export function messageData(bytes: Buffer): unknown {
  if (walkObject(bytes, 0, FRAME) !== bytes.length) return undefined;
  if (bytes[FRAME.starts[0] as number] !== OPEN) return undefined;
  const of = (member: number) => memberValue(bytes, MESSAGE, member);
  // In the order of MESSAGE_KEYS.
  return {
    id: of(0),
    channel_id: of(1),
    guild_id: of(2),
    author: authorOf(bytes, of),
    member: memberOf(bytes, of),
    content: of(5),
    type: of(6),
    webhook_id: of(7),
    timestamp: of(8),
    mentions: of(9),
    mention_roles: of(10),
    mention_everyone: of(11),
    message_reference: of(12),
    referenced_message: of(13),
    attachments: of(14),
    embeds: of(15),
    message_snapshots: of(16),
    poll: of(17),
    sticker_items: of(18),
    reactions: of(19),
  };
}

function authorOf(bytes: Buffer, whole: (member: number) => unknown): unknown {
  if (bytes[MESSAGE.starts[AUTHOR_AT] as number] !== OPEN) return whole(AUTHOR_AT);
  const of = (member: number) => memberValue(bytes, AUTHOR, member);
  const shown = of(2);
  // Nobody asks for the user's name where there is one to be shown.
  const username = typeof shown === "string" && shown !== "" ? undefined : of(1);
  return { id: of(0), username, global_name: shown, bot: of(3), system: of(4) };
}

function memberOf(bytes: Buffer, whole: (member: number) => unknown): unknown {
  if (bytes[MESSAGE.starts[MEMBER_AT] as number] !== OPEN) return whole(MEMBER_AT);
  const of = (member: number) => memberValue(bytes, MEMBER, member);
  return { roles: of(0), nick: of(1), joined_at: of(2) };
}
