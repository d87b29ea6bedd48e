/** Sources, documents and passages of a guild's knowledge base. */

import type { GuildId } from "../../ids.ts";
import type { PassageRow } from "../../knowledge.ts";

export type SourceKind = "files" | "website" | "pairs" | "text";

export type ImportSummary = {
  /** Documents read, changed or not. */
  readonly read: number;
  readonly unchanged: number;
  /** Characters kept, and those left out as the frame of pages. */
  readonly keptChars: number;
  readonly leftOutChars: number;
  /** Three passages as members would see them. */
  readonly samples: readonly { readonly title: string; readonly url: string | null; readonly text: string }[];
};

export type SourceRow = {
  readonly id: string;
  readonly kind: SourceKind;
  readonly name: string;
  readonly config: unknown;
  readonly state: "idle" | "running" | "failed";
  readonly progress: {
    readonly done: number;
    readonly total: number;
    readonly failures: readonly { readonly what: string; readonly reason: string }[];
    /** Figures of the last import; left out before the first one has read anything. */
    readonly report?: ImportSummary;
  };
  /** The knowledge that the bot answers from. */
  readonly documents: number;
  readonly passages: number;
  /** Documents that an admin left out. */
  readonly excluded: number;
  readonly updatedAtMs: number;
};

export type DocumentInput = {
  /** Unique within its source: a path or a URL. */
  readonly key: string;
  readonly title: string;
  readonly url: string | null;
  readonly language: string;
  /** SHA-256 of the extracted text and the chunker's version: equal means unchanged. */
  readonly hash: string;
  readonly passages: readonly Omit<PassageRow, "id" | "document" | "source" | "kind">[];
};

/** Limits of one guild: its index has to fit beside others', and be read within a query's deadline. */
export type KnowledgeLimits = {
  readonly passages: number;
  readonly sources: number;
  /** Of passages with their titles and headings, and of the sources' own rows. */
  readonly bytes: number;
};

export type KnowledgeStore = {
  /**
   * Makes a source, or changes the one of that `id`; "not-found" where it has been removed since, "conflict" where its config is no
   * longer `over`. What admins type is known by its name: a second source of pairs, or text, of one name is a "conflict" too.
   * "overloaded" where the guild has as many, or as much, as it may.
   */
  saveSource(
    guild: GuildId,
    source: {
      readonly id?: string;
      readonly kind: SourceKind;
      readonly name: string;
      readonly config: unknown;
      readonly over?: unknown;
    },
  ): Promise<SourceRow>;
  setProgress(
    guild: GuildId,
    source: string,
    state: SourceRow["state"],
    progress: SourceRow["progress"],
  ): Promise<void>;
  sources(guild: GuildId): Promise<readonly SourceRow[]>;
  /**
   * Websites of all guilds the bot is in that are to be read: marked as running (by whoever runs them, or left so by a process
   * that ended), or due by their schedule. One that an admin stopped is the admin's to go on with. Longest untouched first, a few of each guild.
   */
  websitesDue(limit: number): Promise<readonly { readonly guild: GuildId; readonly source: string }[]>;
  /** Key → hash of the indexed document, for change detection. */
  hashes(guild: GuildId, source: string): Promise<ReadonlyMap<string, string>>;
  /** Replaces a document and its passages in one transaction; grows the guild's knowledge version. "overloaded" as above. */
  putDocument(guild: GuildId, source: string, document: DocumentInput): Promise<void>;
  /** An excluded page of a website stays as a mark: it may come back, and is left out then too. */
  removeDocuments(guild: GuildId, source: string, keys: readonly string[]): Promise<number>;
  removeSource(guild: GuildId, source: string): Promise<boolean>;
  /**
   * What an index is made of: documents, without excluded ones and no more than a guild may have, each with a mark that is another one
   * once its passages are; and the version that they belong to.
   */
  marks(guild: GuildId): Promise<{ readonly version: number; readonly marks: ReadonlyMap<string, string> }>;
  /**
   * The passages of these documents, by document and position, a page at a time. One that changes meanwhile may be read half old and half
   * new: its mark is another one then. One that is gone has none.
   */
  read(guild: GuildId, documents: readonly string[]): AsyncGenerator<readonly PassageRow[]>;
  version(guild: GuildId): Promise<number>;
};
