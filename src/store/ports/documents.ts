/** The documents of a source, one by one: looked at, left out, removed; and which questions were answered from them. */
import type { GuildId } from "../../ids.ts";
import type { PassageRow } from "../../knowledge.ts";
import type { ListPage } from "./page.ts";

export type DocumentRow = {
  readonly id: string;
  readonly source: string;
  /** Unique within its source: a path or a URL. */
  readonly key: string;
  readonly title: string;
  readonly url: string | null;
  readonly language: string;
  readonly passages: number;
  readonly updatedAtMs: number;
  /** Since when the bot does not answer from it; stays over re-reads. Null: it does. */
  readonly excludedAtMs: number | null;
};

/** A question that was answered with a passage of the document. */
export type DocumentUse = {
  readonly conversation: string;
  /** Empty where it was forgotten or deleted since. */
  readonly question: string;
  /** The passages that were cited, by their position in the document. */
  readonly passages: readonly number[];
  readonly atMs: number;
};

/** Uses are looked for in so many of a guild's newest answers that have sources. */
export const USES_LOOKED_AT = 2_000;

export type DocumentFilter = {
  /** Anywhere in title or key, upper and lower case alike. */
  readonly text?: string;
  readonly excluded?: boolean;
};

export type DocumentsStore = {
  /** By key; the cursor is the last key. */
  list(
    guild: GuildId,
    source: string,
    filter: DocumentFilter,
    limit: number,
    after?: string,
  ): Promise<ListPage<DocumentRow>>;
  /** With its passages as search has them, in order. */
  get(
    guild: GuildId,
    id: string,
  ): Promise<{ readonly document: DocumentRow; readonly passages: readonly Omit<PassageRow, "kind">[] } | null>;
  /** False where there is no such document. Grows the guild's knowledge version. */
  setExcluded(guild: GuildId, id: string, excluded: boolean): Promise<boolean>;
  remove(guild: GuildId, id: string): Promise<boolean>;
  /** Newest first. */
  uses(guild: GuildId, id: string, limit: number): Promise<readonly DocumentUse[]>;
  /** How many of the answers that are looked at used each of these documents; those that none used are left out. */
  useCounts(guild: GuildId, ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
};
