/**
 * `d` of a GUILD_CREATE frame with the members that the directory reads, and no others: of a guild's members the bot's own alone, which are
 * two thirds of the bytes otherwise, as objects ten times as many. Undefined where only JSON.parse can tell what the frame says.
 */
import type { UserId } from "../ids.ts";
import { itemEnd, membersOf, memberValue, walkObject } from "./json-bytes.ts";

const GUILD_KEYS = [
  "id",
  "name",
  "owner_id",
  "unavailable",
  "preferred_locale",
  "roles",
  "channels",
  "threads",
  "members",
];
const MEMBERS_AT = GUILD_KEYS.indexOf("members");
const ESCAPED_DIGIT = Buffer.from("\\u003");
const OPEN = 123;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;

const GUILD = membersOf(GUILD_KEYS);
const FRAME = membersOf(["d"], { d: GUILD });

export function guildData(bytes: Buffer, self: UserId): unknown {
  if (walkObject(bytes, 0, FRAME) !== bytes.length) return undefined;
  // In digits that are escaped the bot's own id would not be found.
  if (bytes[FRAME.starts[0] as number] !== OPEN || bytes.indexOf(ESCAPED_DIGIT) >= 0) return undefined;
  const d: Record<string, unknown> = {};
  for (const [at, key] of GUILD_KEYS.entries()) if (at !== MEMBERS_AT) d[key] = memberValue(bytes, GUILD, at);
  const start = GUILD.starts[MEMBERS_AT] as number;
  d.members = start >= 0 && bytes[start] === OPEN_LIST ? itemsWith(bytes, start, `"${self}"`) : undefined;
  return d;
}

/** The items that hold `text`, of the list that starts at `start`, which was walked over before. */
function itemsWith(bytes: Buffer, start: number, text: string): readonly unknown[] {
  const found: unknown[] = [];
  let next = bytes.indexOf(text, start);
  for (let at = start + 1; next >= 0 && bytes[at] !== CLOSE_LIST; ) {
    const end = itemEnd(bytes, at);
    if (next < end) {
      found.push(JSON.parse(bytes.toString("utf8", at, end)));
      next = bytes.indexOf(text, end);
    }
    // Behind an item stands a comma or the end of the list.
    at = bytes[end] === CLOSE_LIST ? end : end + 1;
  }
  return found;
}
