/**
 * Who spoke to whom in a channel lately, without a word of what was said: enough to tell that somebody is already being
 * helped. Bounded, in the worker's memory, only for channels where the bot considers speaking unasked.
 *
 * A channel's last lines stand in columns, each line at its place of a ring: a candidate's look walks all of them, and as many
 * objects would each cost a cache miss.
 */
import { type ChannelId, isNewer, type MessageId, type RoleId, type UserId } from "../ids.ts";
import type { Message } from "../message.ts";
import { createRecent } from "../recent.ts";

const SPOKEN_MAX = 40;
const CHANNELS_MAX = 5_000;
/** A helper who spoke so lately is still at it. */
const HELPING_MS = 5 * 60_000;

/** The line that is the nth of a channel is at n % SPOKEN_MAX of each column. */
type Heard = {
  count: number;
  readonly ids: MessageId[];
  /** Where the ids' leading digits stand among others; most are told apart without reading the ids. */
  readonly ranks: Float64Array;
  readonly authors: UserId[];
  readonly roles: (readonly RoleId[])[];
  readonly to: (readonly UserId[])[];
  /** 1: the line was said to a person, as few are. */
  readonly toSomebody: Uint8Array;
  readonly atMs: Float64Array;
  /** STAFF or NOT_STAFF, as it was when somebody first asked; else UNASKED. */
  readonly staff: Uint8Array;
};

const UNASKED = 0;
const STAFF = 1;
const NOT_STAFF = 2;

export type RecentSpeakers = {
  note(message: Message): void;
  /** Somebody whom `isStaff` knows is in a talk with this member, or spoke after `since`. */
  staffWith(
    channel: ChannelId,
    member: UserId,
    nowMs: number,
    since: MessageId | null,
    isStaff: (author: UserId, roles: readonly RoleId[]) => boolean,
  ): boolean;
  /** Anybody spoke to this member after `since`. */
  answeredAfter(channel: ChannelId, member: UserId, since: MessageId): boolean;
};

export function createRecentSpeakers(): RecentSpeakers {
  const channels = createRecent<ChannelId, Heard>(CHANNELS_MAX);

  return {
    note(message) {
      const { id, author, channelId, mentions, replyTo, createdAtMs } = message;
      const to = replyTo?.authorId == null ? mentions.users : [...mentions.users, replyTo.authorId];
      const heard = channels.get(channelId) ?? unheard();
      const at = heard.count++ % SPOKEN_MAX;
      heard.ids[at] = id;
      heard.ranks[at] = rankOf(id);
      heard.authors[at] = author.id;
      heard.roles[at] = message.member?.roles ?? NO_ROLES;
      heard.to[at] = to;
      heard.toSomebody[at] = to.length > 0 ? 1 : 0;
      heard.atMs[at] = createdAtMs;
      heard.staff[at] = UNASKED;
      // Set at each message, so that the channel gives way that was silent longest.
      channels.set(channelId, heard);
    },
    staffWith(channel, member, nowMs, since, isStaff) {
      // Runs for every candidate: it allocates nothing.
      const heard = channels.get(channel);
      if (heard === undefined) return false;
      const { count, authors, roles, to, toSomebody, atMs, staff } = heard;
      const rank = since === null ? 0 : rankOf(since);
      for (let n = Math.max(0, count - SPOKEN_MAX); n < count; n++) {
        const at = n % SPOKEN_MAX;
        const helps =
          toSomebody[at] === 1 && to[at]?.includes(member)
            ? nowMs - (atMs[at] as number) < HELPING_MS
            : since !== null && isAfter(heard, at, since, rank);
        if (!helps || authors[at] === member) continue;
        if (staff[at] === UNASKED)
          staff[at] = isStaff(authors[at] as UserId, roles[at] as readonly RoleId[]) ? STAFF : NOT_STAFF;
        if (staff[at] === STAFF) return true;
      }
      return false;
    },
    answeredAfter(channel, member, since) {
      const heard = channels.get(channel);
      if (heard === undefined) return false;
      const { count, authors, to, toSomebody } = heard;
      const rank = rankOf(since);
      for (let at = 0; at < Math.min(count, SPOKEN_MAX); at++) {
        if (toSomebody[at] === 0 || authors[at] === member || !to[at]?.includes(member)) continue;
        if (isAfter(heard, at, since, rank)) return true;
      }
      return false;
    },
  };
}

const NO_ROLES: readonly RoleId[] = [];

function unheard(): Heard {
  return {
    ...{ count: 0, ids: [], authors: [], roles: [], to: [] },
    ...{ ranks: new Float64Array(SPOKEN_MAX), atMs: new Float64Array(SPOKEN_MAX) },
    ...{ toSomebody: new Uint8Array(SPOKEN_MAX), staff: new Uint8Array(SPOKEN_MAX) },
  };
}

/** Digits that are left to the comparison of the ids themselves: a double holds no more than 15. */
const TAIL_DIGITS = 4;

/** Of two ids the one with the higher rank is the newer; equal ranks say nothing. NaN of what is no id of Discord's. */
function rankOf(id: string): number {
  if (id.length <= TAIL_DIGITS || id.length > 15 + TAIL_DIGITS || id.charCodeAt(0) === 48) return Number.NaN;
  let rank = 0;
  for (let i = 0; i < id.length - TAIL_DIGITS; i++) rank = rank * 10 + id.charCodeAt(i) - 48;
  return rank;
}

function isAfter({ ids, ranks }: Heard, at: number, since: MessageId, sinceRank: number): boolean {
  const rank = ranks[at] as number;
  if (rank < sinceRank) return false;
  return rank > sinceRank || isNewer(ids[at] as MessageId, since);
}
