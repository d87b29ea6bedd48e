/**
 * Every dispatch but a message's creation: guilds that come, change and go; interactions; edits and deletions in channels whose
 * talk is remembered. Called by a worker in the order of a guild's events; what must be waited for is the promise it returns.
 */

import type { Ask } from "../ask.ts";
import type { Clock } from "../clock.ts";
import type { DirectoryChange } from "../directory.ts";
import type { ApplicationId, ChannelId, GuildId, MessageId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import type { Memory } from "../memory.ts";
import { CONTENT_CHARS_MAX } from "../message.ts";
import type { PatienceWith } from "../patience.ts";
import { cleanText, type Fields, fieldsOf, snowflake, snowflakes } from "../payload.ts";
import { settingsIn } from "../settings/form.ts";
import type { Settings } from "../settings/held.ts";
import type { Store } from "../store.ts";
import type { Discovery, KnownBot } from "./discovery.ts";
import type { GuildLifecycle } from "./guild-lifecycle.ts";
import type { Team } from "./team.ts";
import type { Typing } from "./typing.ts";

export type Observe = (application: ApplicationId, type: string, data: unknown) => Promise<void> | undefined;

function together(...works: readonly (Promise<void> | undefined)[]): Promise<void> | undefined {
  const running = works.filter((work) => work !== undefined);
  return running.length === 0 ? undefined : Promise.all(running).then(() => undefined);
}

const ABOUT_GUILDS = /^(?:GUILD|CHANNEL|THREAD)_/;

export function createObserve(services: {
  readonly settings: Settings;
  readonly memory: Memory;
  readonly discovery: Discovery;
  readonly guilds: GuildLifecycle;
  readonly ask: Ask;
  readonly patienceWith: PatienceWith;
  readonly store: Pick<Store, "guilds">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly botOf: (application: ApplicationId) => KnownBot;
  readonly typing: Pick<Typing, "hear">;
  readonly team: Pick<Team, "reworded">;
  /** A channel or thread is gone. */
  readonly closed: (channel: ChannelId) => void;
  /** Messages are gone. */
  readonly deleted: (guild: GuildId | null, messages: readonly MessageId[]) => void;
}): Observe {
  const {
    settings,
    memory,
    discovery,
    guilds,
    ask,
    patienceWith,
    store,
    clock,
    logger,
    botOf,
    closed,
    deleted,
    typing,
    team,
  } = services;

  function observeKnowing(bot: KnownBot, type: string, data: unknown): Promise<void> | undefined {
    const { application } = bot.discord;
    const change = bot.directory.observe(type, data);
    discovery.hear(bot, type, data);
    if (change !== null) return changed(application, change);
    if (type === "INTERACTION_CREATE") return interact(bot, data);
    const fields = fieldsOf(data);
    if (fields === null) return undefined;
    if (type === "CHANNEL_DELETE" || type === "THREAD_DELETE") closed(String(fields.id) as ChannelId);
    return observeTalk(bot, type, fields);
  }

  function changed(application: ApplicationId, change: DirectoryChange): Promise<void> {
    switch (change.type) {
      case "guild-joined":
        return guilds.join(application, change.guild, change.name, change.locale, change.addressing);
      case "guild-left":
        return guilds.leave(application, change.guild);
      case "addressing-changed":
        return addressed(application, change);
    }
  }

  async function addressed(
    application: ApplicationId,
    { guild, change }: Extract<DirectoryChange, { type: "addressing-changed" }>,
  ): Promise<void> {
    const row = settings.peek(guild);
    if (row && row.application !== application) return;
    try {
      await patienceWith(guild).run(() => store.guilds.address(guild, change));
      settings.drop(guild);
    } catch (error) {
      logger.error({ guild, error }, "guild-unrecorded");
    }
  }

  async function interact({ discord, directory }: KnownBot, data: unknown): Promise<void> {
    const { application } = discord;
    const botName = directory.self()?.name;
    const by = { application, data, receivedAtMs: clock.now(), ...(botName === undefined ? {} : { botName }) };
    const asked = await ask.handle(by);
    const fields = fieldsOf(data);
    if (asked === null || typeof fields?.token !== "string") return;
    try {
      await discord.interactions.respond(String(fields.id), fields.token, asked.response);
    } catch (error) {
      logger.warn({ application, interaction: fields.id, error }, "interaction-unanswered");
      return;
    }
    if (asked.work !== null) await asked.work();
  }

  function observeTalk(bot: KnownBot, type: string, data: Fields): Promise<void> | undefined {
    const channel = snowflake(data.channel_id) as ChannelId | null;
    const guild = snowflake(data.guild_id) as GuildId | null;
    if (channel === null) return undefined;
    const aware = guild !== null && remembers(bot, guild, channel);
    if (type === "MESSAGE_DELETE" || type === "MESSAGE_DELETE_BULK") {
      const ids = (type === "MESSAGE_DELETE" ? snowflakes([data.id]) : snowflakes(data.ids)) as readonly MessageId[];
      deleted(guild, ids);
      if (guild === null) return undefined;
      const followed = ids.map((id) => team.reworded(guild, channel, id, null));
      return together(...followed, aware ? memory.noteDeletion(guild, channel, ids) : undefined);
    }
    const id = snowflake(data.id) as MessageId | null;
    if (type !== "MESSAGE_UPDATE" || guild === null || id === null) return undefined;
    if (typeof data.content !== "string") return undefined;
    const text = cleanText(data.content, CONTENT_CHARS_MAX);
    // The desk changes the bot's own posts: it keeps them without the agent's name in front.
    const own = snowflake(fieldsOf(data.author)?.id) === bot.directory.self()?.userId;
    const edited = typeof data.edited_timestamp === "string" && !own;
    return together(
      edited ? team.reworded(guild, channel, id, text) : undefined,
      aware ? memory.noteEdit(guild, channel, id, text) : undefined,
    );
  }

  /** Is a channel's talk kept? Where nobody knows yet, it may have been. */
  function remembers({ directory }: KnownBot, guild: GuildId, channel: ChannelId): boolean {
    const row = settings.peek(guild);
    if (row === undefined) return true;
    const parent = directory.channel(guild, channel)?.parentId ?? null;
    return row !== null && settingsIn(row.settings, channel, parent).awareness;
  }

  return (application, type, data) => {
    if (type === "TYPING_START") return typing.hear(data);
    const bot = botOf(application);
    // Which role, thread or member is the bot's own, only who knows the bot can tell.
    if (bot.directory.self() === null && ABOUT_GUILDS.test(type)) {
      return discovery.introduce(bot).then(() => observeKnowing(bot, type, data));
    }
    return observeKnowing(bot, type, data);
  };
}
