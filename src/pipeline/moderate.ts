/**
 * ③ in the spine: hands messages, edited ones and threads' titles to moderation with what the bot knows of their place.
 * Synchronous where nothing needs a wait. A message is looked at once, even if Discord delivers it again.
 */
import type { Self } from "../directory.ts";
import type { ChannelId, GuildId, MessageId, RoleId, UserId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import type { Message } from "../message.ts";
import { isTitleRemoved, type Looked, type Moderated, type Moderation } from "../moderation.ts";
import type { OptOuts } from "../opt-outs.ts";
import { cleanText, type Fields, fieldsOf, readMessage, snowflake, snowflakes } from "../payload.ts";
import { prefilter, prefilterName, type Triage } from "../prefilter.ts";
import { createRecent, guildShare } from "../recent.ts";
import type { KnownBot } from "./discovery.ts";
import type { GuildRecord, GuildRecords } from "./guild-record.ts";

export type Moderate = {
  message(
    bot: KnownBot,
    self: Self,
    guild: GuildRecord,
    message: Message,
    triage: Triage,
    receivedAtMs: number,
  ): Promise<Moderated> | null;
  /** An edit, a thread's title, a member who joins or takes another name, what AutoMod did. Undefined: nothing to wait for. */
  event(bot: KnownBot, type: string, data: unknown, receivedAtMs: number): Promise<unknown> | undefined;
};

const SEEN_MAX = 5_000;
const NAMES_MAX = 20_000;
const NAME_CHARS_MAX = 100;
const READ: ReadonlySet<string> = new Set([
  ...["MESSAGE_UPDATE", "THREAD_CREATE", "THREAD_UPDATE", "GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE"],
  "AUTO_MODERATION_ACTION_EXECUTION",
]);

export function createModerate(services: {
  readonly moderation: Moderation;
  readonly guilds: Pick<GuildRecords, "find">;
  readonly optOuts: Pick<OptOuts, "has">;
  /** Settles once the bot is known, the guild's settings are there, and who asked not to be read. */
  readonly ready: (bot: KnownBot, guild: GuildId) => Promise<unknown>;
  readonly logger: Logger;
}): Moderate {
  const { moderation, guilds, optOuts, ready, logger } = services;
  /** A message pushed out of this memory was looked at seconds ago; a later edit is looked at again, and its case is known by its key. */
  const looked = createRecent<string, Promise<Moderated>>(SEEN_MAX);
  const names = createRecent<string, true>(NAMES_MAX, guildShare(NAMES_MAX));
  /** Of threads, as they were last told. One that is pushed out has its title read once more. */
  const titles = createRecent<string, string>(NAMES_MAX);

  function look(key: string, what: Looked): Promise<Moderated> | null {
    const before = looked.get(key);
    if (before !== undefined) return before;
    const found = moderation.look(what);
    if (found === null) return null;
    looked.set(key, found);
    // A failed look is repeated when the message is delivered again.
    found.catch(() => looked.delete(key));
    return found;
  }

  function lookedOf(
    { directory, discord }: KnownBot,
    self: Self,
    { row }: GuildRecord,
    message: Message,
    triage: Triage,
    receivedAtMs: number,
  ): Looked {
    return {
      application: discord.application,
      message,
      row,
      triage,
      receivedAtMs,
      self: self.userId,
      unread: optOuts.has(discord.application, message.author.id) !== false,
      staff: () => directory.staff(row.guild, message.author.id, message.member?.roles ?? []),
      place() {
        const channel = directory.channel(row.guild, message.channelId);
        return { name: channel?.name ?? "", parent: channel?.parentId ?? null };
      },
    };
  }

  function edited(bot: KnownBot, self: Self, guild: GuildRecord, data: Fields, receivedAtMs: number) {
    const editedAtMs = typeof data.edited_timestamp === "string" ? Date.parse(data.edited_timestamp) : Number.NaN;
    // Without the time of an edit only a preview was added to the message.
    if (Number.isNaN(editedAtMs)) return undefined;
    const message = readMessage(data);
    if (message === null || message.author.bot || message.webhook || message.system) return undefined;
    const triage = prefilter(message, guild.memory(), guild.filter);
    const what = { ...lookedOf(bot, self, guild, message, triage, receivedAtMs), editedAtMs };
    return look(`${message.id}:${editedAtMs}`, what) ?? undefined;
  }

  /** A title counts as its thread owner's words; Discord does not say who changed it. */
  function titled(bot: KnownBot, self: Self, guild: GuildRecord, type: string, data: Fields, receivedAtMs: number) {
    const owner = snowflake(data.owner_id);
    const id = snowflake(data.id);
    if (owner === null || id === null || owner === self.userId || typeof data.name !== "string") return undefined;
    const renamed = type === "THREAD_UPDATE";
    const same = titles.get(id) === data.name;
    titles.set(id, data.name);
    // Archived, locked, tagged: its title is none the newer. Being added to a thread makes no title either.
    if (renamed ? same || isTitleRemoved(data.name) : data.newly_created !== true) return undefined;
    const message = readMessage({
      ...{ id: data.id, channel_id: data.id, guild_id: guild.row.guild, type: 0, content: data.name },
      author: { id: owner, username: owner },
    });
    if (message === null) return undefined;
    const triage = prefilter(message, guild.memory(), guild.filter);
    const looked = lookedOf(bot, self, guild, message, triage, receivedAtMs);
    const what = { ...looked, part: "title" as const, ...(renamed ? { renamed: true as const } : {}) };
    return look(`${message.id}:title:${data.name}`, what) ?? undefined;
  }

  /** A name is read when it is taken, or when its bearer writes under it for the first time that this process sees; a person decides. */
  function named(bot: KnownBot, self: Self, guild: GuildRecord, message: Message, receivedAtMs: number) {
    const { row } = guild;
    const key = `${row.guild}:${message.author.id}:${message.author.name}`;
    if (names.has(key)) return null;
    names.set(key, true);
    // No message carries a name: the member stands for it, the server for its channel, and it is read when it is met: the member's
    // account may be years old.
    const bare = {
      ...message,
      ...{ id: message.author.id as string as MessageId, channelId: row.guild as string as ChannelId },
      ...{ content: message.author.name, embedText: "", attachments: [], stickers: [], replyTo: null },
      createdAtMs: receivedAtMs,
    };
    const triage = prefilterName(bare, guild.filter);
    const what = { ...lookedOf(bot, self, guild, bare, triage, receivedAtMs), part: "name" as const };
    const found = moderation.look(what);
    // A failed look is repeated when the member is met again.
    found?.catch(() => names.delete(key));
    return found;
  }

  /** A member who joins may belong to a raid. New and changed names are read where the admin wants it. */
  function member(bot: KnownBot, self: Self, guild: GuildRecord, type: string, data: Fields, receivedAtMs: number) {
    const user = fieldsOf(data.user);
    const id = snowflake(user?.id) as UserId | null;
    if (user === null || id === null || user.bot === true || id === self.userId) return undefined;
    const name = cleanText(data.nick || user.global_name || user.username, NAME_CHARS_MAX);
    const roles = snowflakes(data.roles) as RoleId[];
    const { row } = guild;
    if (row.settings.moderation.names) {
      const message = readMessage({
        ...{ id, channel_id: row.guild, guild_id: row.guild, type: 0, content: name, author: user },
        member: { roles, nick: data.nick, joined_at: data.joined_at },
      });
      if (message !== null) behind(named(bot, self, guild, message, receivedAtMs));
    }
    if (type !== "GUILD_MEMBER_ADD") return undefined;
    const joined = Date.parse(String(data.joined_at));
    const newcomer = { id, name, roles, joinedAtMs: Number.isNaN(joined) ? receivedAtMs : joined };
    return moderation.joined(newcomer, { application: bot.discord.application, row, self: self.userId }) ?? undefined;
  }

  function known(
    bot: KnownBot,
    self: Self,
    guild: GuildRecord,
    type: string,
    data: Fields,
    receivedAtMs: number,
  ): Promise<unknown> | undefined {
    if (type === "MESSAGE_UPDATE") return edited(bot, self, guild, data, receivedAtMs);
    if (type.startsWith("THREAD_")) return titled(bot, self, guild, type, data, receivedAtMs);
    if (type === "AUTO_MODERATION_ACTION_EXECUTION") {
      const place = { application: bot.discord.application, row: guild.row, self: self.userId };
      return moderation.autoMod(data, place, bot.directory) ?? undefined;
    }
    return member(bot, self, guild, type, data, receivedAtMs);
  }

  /** Undefined: not loaded yet. Null: this bot moderates nothing there. */
  function moderated(bot: KnownBot, id: GuildId): GuildRecord | null | undefined {
    const guild = guilds.find(bot.discord.application, id);
    if (guild === undefined) return undefined;
    return guild === null || guild === "another-bots" || !guild.row.settings.moderation.on ? null : guild;
  }

  /** Nobody waits for a name's verdict. */
  function behind(work: Promise<unknown> | null): void {
    work?.catch((error: unknown) => logger.error({ error }, "name-unmoderated"));
  }

  return {
    message(bot, self, guild, message, triage, receivedAtMs) {
      if (guild.row.settings.moderation.names) behind(named(bot, self, guild, message, receivedAtMs));
      const what = lookedOf(bot, self, guild, message, triage, receivedAtMs);
      // A server is one bot's, so the message's id alone tells it from all others.
      return look(message.id, what);
    },
    event(bot, type, data, receivedAtMs) {
      const fields = READ.has(type) ? fieldsOf(data) : null;
      const id = snowflake(fields?.guild_id) as Message["guildId"];
      if (fields === null || id === null) return undefined;
      const guild = moderated(bot, id);
      if (guild === null) return undefined;
      const self = bot.directory.self();
      if (guild !== undefined && self !== null && optOuts.has(bot.discord.application, self.userId) !== undefined)
        return known(bot, self, guild, type, fields, receivedAtMs);
      // The first that this process hears of a guild may be such an event.
      return ready(bot, id).then(() => {
        const found = moderated(bot, id);
        const named = bot.directory.self();
        return found && named !== null ? known(bot, named, found, type, fields, receivedAtMs) : undefined;
      });
    },
  };
}
