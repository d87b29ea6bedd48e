/** Guilds with their settings, how the bot is addressed there, and the audit of changes. */

import type { ApplicationId, ChannelId, GuildId, RoleId } from "../../ids.ts";
import type { GuildSettings } from "../../settings/form.ts";
import type { ListPage } from "./page.ts";
import type { PersonRole } from "./people.ts";

export type GuildRow = {
  readonly guild: GuildId;
  readonly application: ApplicationId;
  readonly account: string;
  readonly name: string;
  readonly settings: GuildSettings;
  /** Grows with every change of settings. */
  readonly version: number;
  readonly joinedAtMs: number;
  readonly leftAtMs: number | null;
  readonly addressing: Addressing;
};

export type AddressingChange =
  | { readonly botRole: RoleId }
  | { readonly opened: ChannelId }
  | { readonly closed: ChannelId };

/** How the bot is addressed there besides its name: for a process that resumed and did not get the guild's GUILD_CREATE. */
export type Addressing = {
  /** The role that Discord made for the bot. */
  readonly botRole: RoleId | null;
  /** Threads that it opened, the newest last; archived ones may be missing. */
  readonly ownThreads: readonly ChannelId[];
};

export type GuildsStore = {
  /**
   * A guild that its admins brought a bot to stays that bot's while another of ours is in it too: then nothing is written, and
   * the row as it is comes back. Upserts on GUILD_CREATE; settings are kept for a guild that returns. `locale` becomes the default language of a new one.
   */
  join(
    guild: GuildId,
    application: ApplicationId,
    name: string,
    locale: string | null,
    /** Left out: as it was. */
    addressing?: Addressing,
  ): Promise<GuildRow>;
  /**
   * Told of by an interaction alone: recorded, or marked as not left, for the application whose key signed it. A guild of another
   * application is given back as it is, unchanged: who signs a command takes no guild over.
   */
  meet(guild: GuildId, application: ApplicationId, name: string, locale: string | null): Promise<GuildRow>;
  /** A change of how the bot is addressed; a guild that is not there is left alone. */
  address(guild: GuildId, change: AddressingChange): Promise<void>;
  leave(guild: GuildId): Promise<void>;
  /** Gives a guild to another bot that is in it: settings, knowledge and conversations stay as they are. */
  handOver(guild: GuildId, application: ApplicationId): Promise<void>;
  get(guild: GuildId): Promise<GuildRow | null>;
  list(application?: ApplicationId): Promise<readonly GuildRow[]>;
  /** By name, those the bot has left at the end; `text` is a part of the name, or an id. */
  find(filter: GuildListFilter, limit: number, before?: string): Promise<ListPage<FoundGuild>>;
  /**
   * Writes settings and an audit row in one transaction. Null, and nothing is written, where the guild is no longer at `version`:
   * somebody else changed it since it was read. Left out: whatever there is, is written over.
   */
  change(guild: GuildId, settings: GuildSettings, by: string, what: string, version?: number): Promise<GuildRow | null>;
  /** Newest first; `before` is the id of a row, which is left out with all that came after it. */
  audit(guild: GuildId, limit: number, before?: string): Promise<readonly AuditRow[]>;
};

export type GuildListFilter = {
  readonly text?: string;
  /** Only where this person has a role; left out: all of them, as an operator sees them. */
  readonly person?: string;
};

export type FoundGuild = { readonly guild: GuildRow; readonly role: PersonRole };

export type AuditRow = {
  readonly id: string;
  readonly atMs: number;
  readonly by: string;
  readonly what: string;
  readonly before: unknown;
  readonly after: unknown;
};
