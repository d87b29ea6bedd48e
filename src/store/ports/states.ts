/** What a process holds of guilds and reads again by age, in one statement for all that are due. */
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
  /** Those of the guilds that are known. */
  of(guilds: readonly GuildId[]): Promise<ReadonlyMap<GuildId, GuildState>>;
};
