/** All that is kept about one person, over every guild: handed out, taken out, and looked for afterwards. */
import type { ApplicationId, GuildId, UserId } from "../../ids.ts";

/** Rows by table, as the database holds them, without hashes of secrets. */
export type KeptRows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/** A text of a row, with the column that it stands in. */
export type KeptText = { readonly table: string; readonly column: string; readonly text: string };

export type PrivacyStore = {
  /** Of one guild, or of all. */
  everything(user: UserId, guild: GuildId | null): Promise<KeptRows>;
  /**
   * Empties the person's texts and names everywhere, puts an id that is nobody's in place of theirs, and removes their sign-ins
   * and roles. Counts stay, and chains of cases still verify. Answers the guilds that they were found in.
   */
  forget(user: UserId): Promise<readonly GuildId[]>;
  /** The guilds of a bot in which something is kept about the person. */
  guilds(application: ApplicationId, user: UserId): Promise<readonly GuildId[]>;
  /** Everybody who asked a bot not to read them. */
  optOuts(): Promise<readonly { readonly application: ApplicationId; readonly user: UserId }[]>;
  setOptOut(application: ApplicationId, user: UserId, out: boolean): Promise<void>;
  /** Every text of every table of the schema, a few rows at a time. */
  texts(): AsyncGenerator<readonly KeptText[]>;
};
