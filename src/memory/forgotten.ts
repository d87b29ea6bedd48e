/** Members who wished to be forgotten in a guild, in hot state: what they asked or said until then is left out, also where it is written later. */
import { type Hot, hotKey } from "../hot.ts";
import type { GuildId, UserId } from "../ids.ts";

const WISHES_MAX = 200;
/** As long as anything that it covers is kept in a talk. */
const WISH_MS = 30 * 60_000;

type Wish = { readonly member: UserId; readonly atMs: number };

export function noteForgotten(hot: Hot, guild: GuildId, member: UserId, nowMs: number): Promise<void> {
  const wish: Wish = { member, atMs: nowMs };
  return hot.push(key(guild), JSON.stringify(wish), WISHES_MAX, WISH_MS);
}

/** Is what `who` wrote at `atMs` forgotten? */
export async function forgottenIn(hot: Hot, guild: GuildId): Promise<(who: UserId, atMs: number) => boolean> {
  const wishes = (await hot.list(key(guild))).map((item) => JSON.parse(item) as Wish);
  return (who, atMs) => wishes.some((wish) => wish.member === who && atMs <= wish.atMs);
}

function key(guild: GuildId): string {
  return hotKey(guild, "forgotten");
}
