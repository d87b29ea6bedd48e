/** What passages mean: one vector each, of one embedding model. Goes with its passage. */
import type { GuildId } from "../../ids.ts";

export type MeaningRow = {
  /** `document.position`, as of `PassageRow`. */
  readonly passage: string;
  /** A signed byte a dimension (meanings/vectors). */
  readonly vector: Int8Array;
};

export type MeaningsStore = {
  /** Those of some documents of a guild by this model, a page at a time. */
  load(guild: GuildId, model: string, documents: readonly string[]): AsyncGenerator<readonly MeaningRow[]>;
  /**
   * In place of what was kept for these passages. One whose text is another by now, or which is gone, is left out: its vector would
   * tell of what it said before.
   */
  save(guild: GuildId, model: string, rows: readonly (MeaningRow & { readonly text: string })[]): Promise<void>;
  /** Forgets all of a guild's: the model answers otherwise than before. */
  clear(guild: GuildId): Promise<void>;
  /** How many passages of a guild there are by this model. */
  count(guild: GuildId, model: string): Promise<number>;
};
