/** Each message's outcome with its reason; `conversations.record` writes it together with the turns and the usage. */
import type { ChannelId, GuildId } from "../../ids.ts";
import type { Outcome, OutcomeKind } from "../../record.ts";
import type { ListPage } from "./page.ts";

export type DecisionFilter = {
  readonly kind?: OutcomeKind;
  readonly channel?: ChannelId;
  readonly reason?: string;
  /** The one of this trigger. */
  readonly trigger?: string;
};

export type DecisionRow = {
  readonly trigger: string;
  readonly atMs: number;
  readonly channel: ChannelId;
  readonly conversation: string | null;
  readonly outcome: Outcome;
  /** The model's own words, where it was asked whether to speak. */
  readonly why: string | null;
};

export type DecisionsStore = {
  /** Outcomes of messages with their reasons, newest first: "why was it silent?" */
  list(guild: GuildId, filter: DecisionFilter, limit: number, before?: string): Promise<ListPage<DecisionRow>>;
  /** How often each reason came up among the newest that fit, the commonest first. */
  reasons(
    guild: GuildId,
    filter: DecisionFilter,
  ): Promise<readonly { readonly reason: string; readonly count: number }[]>;
};

/** `reasons` counts among so many. */
export const REASONS_COUNTED = 5_000;
