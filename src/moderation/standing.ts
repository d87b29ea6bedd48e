/**
 * Who an author is and what the bot may do, as Discord says it now: never older than 2 s when it is acted on. The guild's
 * roles and channels are read once for all cases of those 2 s; an author's roles come with a message just sent, or are read.
 */

import type { ChannelView } from "../channel.ts";
import type { Clock } from "../clock.ts";
import type { Discord, GuildView, MemberView } from "../discord.ts";
import type { ChannelId, GuildId, RoleId, UserId } from "../ids.ts";
import type { Message } from "../message.ts";
import {
  channelPermissions,
  guildPermissions,
  isStaff,
  missingPermissions,
  PERMISSIONS,
  type Permission,
  THREAD_TYPES,
} from "../permissions.ts";
import { createRecent, type Recent } from "../recent.ts";
import type { Action, ModerationSettings } from "../settings/form.ts";
import type { Author, Standing } from "./guard.ts";

const FRESH_MS = 2_000;
const GUILDS_MAX = 500;
const MEMBERS_MAX = 5_000;
/** A raid of thousands pushes out its own. */
const MEMBERS_OF_GUILD_MAX = 1_000;

/** Permissions of each act; a warning is a message like any other. */
const NEEDED: Readonly<Record<Action, Permission>> = {
  delete: "manageMessages",
  warn: "sendMessages",
  timeout: "moderateMembers",
  kick: "kickMembers",
  ban: "banMembers",
};

export type Seen = {
  readonly author: Author;
  standing(action: Action): Standing;
};

export type Place = {
  readonly discord: Discord;
  readonly guild: GuildId;
  readonly self: UserId;
  readonly channel: ChannelId;
  /** Of a thread: the channel it hangs below. */
  readonly parent: ChannelId | null;
  /** The thread's title is judged. */
  readonly title?: true;
};

type Guild = { readonly view: GuildView; readonly own: MemberView; readonly channels: readonly ChannelView[] };

export type Standings = {
  /** Roles that came with a message hold for all of its author's messages, also for those that wait already. */
  hear(
    place: Pick<Place, "discord" | "guild">,
    user: UserId,
    told: { readonly roles: readonly RoleId[]; readonly atMs: number },
  ): void;
  /** Null: the bot is not in the guild any more. `told`: the author's roles where they need not be those of now. */
  see(
    place: Place,
    user: UserId,
    settings: Pick<ModerationSettings, "exemptRoles" | "exemptChannels">,
    told?: readonly RoleId[],
  ): Promise<Seen | null>;
};

/** `atMs`: when it was asked for, or told. */
type Look<T> = { readonly atMs: number; pending: boolean; readonly found: Promise<T> };

export function createStandings(clock: Clock): Standings {
  const guilds = createRecent<string, Look<Guild | null>>(GUILDS_MAX);
  const members = createRecent<string, Look<readonly RoleId[] | null>>(MEMBERS_MAX, {
    of: (key) => key.slice(0, key.lastIndexOf(":")),
    most: MEMBERS_OF_GUILD_MAX,
  });

  /** Waits for a reading in progress without a deadline: a second request would only make Discord slower. */
  function lookOf<T>(looks: Recent<string, Look<T>>, key: string, read: () => Promise<T>): Promise<T> {
    const before = looks.get(key);
    if (before !== undefined && (before.pending || clock.now() - before.atMs < FRESH_MS)) return before.found;
    const look: Look<T> = { atMs: clock.now(), pending: true, found: read() };
    looks.set(key, look);
    look.found.then(
      () => {
        look.pending = false;
      },
      () => {
        if (looks.get(key) === look) looks.delete(key);
      },
    );
    return look.found;
  }

  async function read({ discord, guild, self }: Place): Promise<Guild | null> {
    const [view, own, channels] = await Promise.all([
      discord.directory.guild(guild),
      discord.members.get(guild, self),
      discord.directory.channels(guild),
    ]);
    return view === null || own === null ? null : { view, own, channels };
  }

  return {
    hear({ discord, guild }, user, { roles, atMs }) {
      const key = `${discord.application}:${guild}:${user}`;
      const before = members.get(key);
      if (before === undefined || before.atMs < atMs)
        members.set(key, { atMs, pending: false, found: Promise.resolve(roles) });
    },
    async see(place, user, settings, told) {
      const key = `${place.discord.application}:${place.guild}`;
      const guild = await lookOf(guilds, key, () => read(place));
      if (guild === null) return null;
      // An author of many messages is read once for all of them.
      const look = async () => (await place.discord.members.get(place.guild, user))?.roles ?? null;
      const roles = told ?? (await lookOf(members, `${key}:${user}`, look));
      return seenOf(guild, place, user, roles, settings);
    },
  };
}

/** `roles`: null for somebody who is no member any more. */
function seenOf(
  { view, own, channels }: Guild,
  { guild, self, channel, parent, title }: Place,
  user: UserId,
  roles: readonly RoleId[] | null,
  settings: Pick<ModerationSettings, "exemptRoles" | "exemptChannels">,
): Seen {
  const byId = new Map(view.roles.map((role) => [role.id, role]));
  const facts = { guild, ownerId: view.ownerId, roles: byId };
  const person = { id: user, roles: roles ?? [] };
  const bits = guildPermissions(facts, person);
  const highest = (ids: readonly RoleId[]) => Math.max(0, ...ids.map((id) => byId.get(id)?.position ?? 0));
  const place = channels.find(({ id }) => id === channel) ?? channels.find(({ id }) => id === parent);
  const me = { id: self, roles: own.roles };
  const here = channelPermissions(facts, me, place?.overwrites ?? []);
  const everywhere = guildPermissions(facts, me);
  return {
    author: {
      ...{ self: user === self, bot: false, webhook: false },
      owner: view.ownerId === user,
      administrator: (bits & PERMISSIONS.administrator) !== 0n,
      moderator: isStaff(facts, person),
      exemptRole: person.roles.some((role) => settings.exemptRoles.includes(role)),
      exemptChannel: isExempt(settings, channel, parent),
    },
    standing(action) {
      const inThread = action === "warn" && isThread(place, channel);
      const retitles = action === "delete" && title;
      const needed = inThread ? "sendMessagesInThreads" : retitles ? "manageThreads" : NEEDED[action];
      const where = action === "delete" || action === "warn" ? here : everywhere;
      return {
        present: roles !== null,
        belowBot: highest(own.roles) > highest(person.roles),
        permitted: missingPermissions(where, [needed]).length === 0,
      };
    },
  };
}

function isThread(place: ChannelView | undefined, channel: ChannelId): boolean {
  return place !== undefined && (place.id !== channel || THREAD_TYPES.includes(place.type));
}

function isExempt(
  settings: Pick<ModerationSettings, "exemptChannels">,
  channel: ChannelId,
  parent: ChannelId | null,
): boolean {
  return settings.exemptChannels.some((id) => id === channel || id === parent);
}

/** Authors who are exempt by the gateway's data, before anything is spent on their message. */
export function isExemptAtOnce(message: Message, settings: ModerationSettings, parent: ChannelId | null): boolean {
  if (isExempt(settings, message.channelId, parent)) return true;
  return message.member?.roles.some((role) => settings.exemptRoles.includes(role)) ?? false;
}
