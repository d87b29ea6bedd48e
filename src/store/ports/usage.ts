/** What a guild and its account used. */
import type { GuildId } from "../../ids.ts";

/** `reused`: an answer that was said again. It is no message of the quota. */
export type UsageKind = "answer" | "moderation" | "proactive" | "reused";

/** Where it came from. */
export type Contact = "discord" | "api" | "widget";

export type UsageEntry = {
  readonly kind: UsageKind;
  /** Left out: Discord. */
  readonly contact?: Contact;
  readonly count: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly costUsd: number;
};

export type UsageRow = UsageEntry & { readonly guild: GuildId; readonly day: string; readonly contact: Contact };

export type UsageStore = {
  /** Per day (of the account's time zone) and kind, oldest first. */
  days(guild: GuildId, sinceMs: number): Promise<readonly (UsageEntry & { readonly day: string })[]>;
  /** Of all guilds of an account, from one day to before another, oldest first. */
  rows(account: string, from: string, until: string): Promise<readonly UsageRow[]>;
  /** Dollars that a guild cost on a day. */
  costOn(guild: GuildId, day: string): Promise<number>;
};
