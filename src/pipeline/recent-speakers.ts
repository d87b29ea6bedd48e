/**
 * Who spoke to whom in a channel lately, without a word of what was said: enough to tell that somebody is already being
 * helped. Bounded, in the worker's memory, only for channels where the bot considers speaking unasked.
 */
import { type ChannelId, isNewer, type MessageId, type RoleId, type UserId } from "../ids.ts";
import type { Message } from "../message.ts";
import { createRecent } from "../recent.ts";

const SPOKEN_MAX = 40;
const CHANNELS_MAX = 5_000;
/** A helper who spoke so lately is still at it. */
const HELPING_MS = 5 * 60_000;

type Spoken = {
  readonly id: MessageId;
  readonly author: UserId;
  readonly roles: readonly RoleId[];
  readonly to: readonly UserId[];
  readonly atMs: number;
  /** As it was when somebody first asked; null: nobody has. */
  staff: boolean | null;
};

/** `toSomebody`: those of the last lines that were said to a person, which are few. */
type Heard = { readonly all: Spoken[]; readonly toSomebody: Spoken[] };

const NOBODY: readonly Spoken[] = [];

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
      const roles = message.member?.roles ?? [];
      const to = replyTo?.authorId == null ? mentions.users : [...mentions.users, replyTo.authorId];
      const spoken = { id, author: author.id, roles, to, atMs: createdAtMs, staff: null };
      const heard = channels.get(channelId) ?? { all: [], toSomebody: [] };
      heard.all.push(spoken);
      if (to.length > 0) heard.toSomebody.push(spoken);
      if (heard.all.length > SPOKEN_MAX && heard.all.shift() === heard.toSomebody[0]) heard.toSomebody.shift();
      // Set at each message, so that the channel gives way that was silent longest.
      channels.set(channelId, heard);
    },
    staffWith(channel, member, nowMs, since, isStaff) {
      // Runs for every candidate: it allocates nothing, and does not look at lines without an addressee.
      const heard = channels.get(channel);
      for (const spoken of (since === null ? heard?.toSomebody : heard?.all) ?? NOBODY) {
        const { id, author, to, atMs } = spoken;
        if (author === member) continue;
        const helps = to.includes(member) ? nowMs - atMs < HELPING_MS : since !== null && isNewer(id, since);
        if (!helps) continue;
        spoken.staff ??= isStaff(author, spoken.roles);
        if (spoken.staff) return true;
      }
      return false;
    },
    answeredAfter(channel, member, since) {
      for (const { id, author, to } of channels.get(channel)?.toSomebody ?? NOBODY) {
        if (author !== member && to.includes(member) && isNewer(id, since)) return true;
      }
      return false;
    },
  };
}
