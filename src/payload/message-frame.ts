/**
 * `d` of a MESSAGE_CREATE frame with the members that `readMessage` reads, and no others: two thirds of a message's bytes are its
 * author's decorations and settings. Undefined where only JSON.parse can tell what the frame says.
 */
import { idStrings } from "./id-strings.ts";
import { type MemberPlaces, membersOf, memberValue, walkObject } from "./json-bytes.ts";

const MESSAGE_KEYS = [
  ...["id", "channel_id", "guild_id", "author", "member", "content", "type", "webhook_id", "timestamp", "mentions"],
  ...["mention_roles", "mention_everyone", "message_reference", "referenced_message", "attachments", "embeds"],
  ...["message_snapshots", "poll", "sticker_items", "reactions"],
];
const AUTHOR_AT = MESSAGE_KEYS.indexOf("author");
const MEMBER_AT = MESSAGE_KEYS.indexOf("member");
const QUOTE = 34;
const COMMA = 44;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
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
    channel_id: idValue(bytes, MESSAGE, 1),
    guild_id: idValue(bytes, MESSAGE, 2),
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
  return { id: idValue(bytes, AUTHOR, 0), username, global_name: shown, bot: of(3), system: of(4) };
}

function memberOf(bytes: Buffer, whole: (member: number) => unknown): unknown {
  if (bytes[MESSAGE.starts[MEMBER_AT] as number] !== OPEN) return whole(MEMBER_AT);
  const of = (member: number) => memberValue(bytes, MEMBER, member);
  return { roles: idListAt(bytes, MEMBER.starts[0] as number) ?? of(0), nick: of(1), joined_at: of(2) };
}

/** An id that comes again with other messages; anything else as it is. */
function idValue(bytes: Buffer, members: MemberPlaces, member: number): unknown {
  const start = members.starts[member] as number;
  const id = start < 0 ? null : idAt(bytes, start);
  return id !== null && start + id.length + 2 === members.ends[member] ? id : memberValue(bytes, members, member);
}

/** The digits behind the quote at `start`, up to the next quote; null where something else stands there. */
function idAt(bytes: Buffer, start: number): string | null {
  if (bytes[start] !== QUOTE) return null;
  const id = idStrings.of(bytes, start + 1);
  return id !== "" && bytes[start + id.length + 1] === QUOTE ? id : null;
}

/** The list of ids that starts at `start`; undefined where it is none, or empty. */
function idListAt(bytes: Buffer, start: number): readonly string[] | undefined {
  if (start < 0 || bytes[start] !== OPEN_LIST) return undefined;
  const ids: string[] = [];
  for (let at = start + 1; ; ) {
    const id = idAt(bytes, at);
    if (id === null) return undefined;
    ids.push(id);
    at += id.length + 2;
    if (bytes[at] === CLOSE_LIST) return ids;
    if (bytes[at] !== COMMA) return undefined;
    at++;
  }
}
