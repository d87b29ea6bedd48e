/** Unanswered questions, and a guild's own questions with the pages that should answer them. */
import type { GuildId } from "../../ids.ts";

/** A question that the knowledge base did not answer, as it was asked. */
export type UnansweredRow = { readonly text: string; readonly atMs: number; readonly conversation: string };

export type CheckRow = {
  readonly id: string;
  readonly question: string;
  /** The title of the page or pair that should answer it. */
  readonly expected: string;
  /** Null: never run. */
  readonly passed: boolean | null;
  readonly passedBefore: boolean | null;
  /** The page that came first instead. */
  readonly found: string | null;
  readonly ranAtMs: number | null;
};

export type ChecksStore = {
  /** Newest first. */
  unanswered(guild: GuildId, sinceMs: number, limit: number): Promise<readonly UnansweredRow[]>;
  list(guild: GuildId): Promise<readonly CheckRow[]>;
  /** At most 200 a guild: false past that. */
  add(guild: GuildId, check: { readonly question: string; readonly expected: string }): Promise<boolean>;
  remove(guild: GuildId, id: string): Promise<boolean>;
  /** The result before becomes `passedBefore`. */
  result(guild: GuildId, id: string, result: { readonly passed: boolean; readonly found: string }): Promise<void>;
};
