/** What a process holds of a guild and reads again by age, in one statement. */
import type { GuildId } from "../../ids.ts";
import type { Subscription } from "../../plans/plans.ts";
import type { GuildRow } from "./guilds.ts";

export type GuildState = {
  readonly row: GuildRow;
  /** Null: its account has a plan that is not there. */
  readonly subscription: Subscription | null;
  /** The knowledge base's version. */
  readonly knowledge: number;
};

export type StatesStore = {
  /** Null where the guild is not known. */
  of(guild: GuildId): Promise<GuildState | null>;
  /** Those of the guilds that are known, in any order, in one statement. */
  rows(guilds: readonly GuildId[]): Promise<readonly GuildRow[]>;
};
