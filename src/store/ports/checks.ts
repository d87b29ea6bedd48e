/** Unanswered questions, and a guild's own questions with the pages that should answer them. */
import type { GuildId } from "../../ids.ts";

/** A question that the knowledge base did not answer, as it was asked. */
export type UnansweredRow = { readonly text: string; readonly atMs: number; readonly conversation: string };

/** Of a guild. */
export const CHECKS_MAX = 200;

/** What was wrong with a model's answer; `answered`: it should not have been. */
export type CheckFault = "not-answered" | "another-source" | "fact-missing" | "answered" | "wants-person";

/** The last run through a model. */
export type CheckJudged = {
  readonly fault: CheckFault | null;
  readonly model: string;
  readonly prompts: number;
  readonly atMs: number;
};

export type CheckInput = Pick<CheckRow, "question" | "expected" | "says">;

export type CheckRow = {
  readonly id: string;
  readonly question: string;
  /** The title of the page or pair that should answer it; null: none may. */
  readonly expected: string | null;
  /** A word, number or phrase that a model's answer must hold; null: whatever its source says. */
  readonly says: string | null;
  /** Null: never run. */
  readonly passed: boolean | null;
  readonly passedBefore: boolean | null;
  /** The page that came first instead. */
  readonly found: string | null;
  readonly ranAtMs: number | null;
  readonly judged: CheckJudged | null;
};

export type ChecksStore = {
  /** Newest first. */
  unanswered(guild: GuildId, sinceMs: number, limit: number): Promise<readonly UnansweredRow[]>;
  list(guild: GuildId): Promise<readonly CheckRow[]>;
  /** At most 200 a guild: false past that. */
  add(guild: GuildId, check: CheckInput): Promise<boolean>;
  remove(guild: GuildId, id: string): Promise<boolean>;
  /** The result before becomes `passedBefore`. */
  result(guild: GuildId, id: string, result: { readonly passed: boolean; readonly found: string }): Promise<void>;
  judged(guild: GuildId, id: string, judged: Omit<CheckJudged, "atMs">): Promise<void>;
};
