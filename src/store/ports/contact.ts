/** Keys that may ask for a guild by HTTP, and replies to requests that may come twice. Only a key's hash is kept. */
import type { GuildId } from "../../ids.ts";

/** `widget`: stands in pages for all to read, and works from its origins only. */
export type KeyScope = "answers" | "widget";

export type ApiKey = {
  readonly id: string;
  readonly guild: GuildId;
  readonly name: string;
  /** The first characters, to tell keys apart. */
  readonly hint: string;
  readonly scopes: readonly KeyScope[];
  /** `https://help.example` each. */
  readonly origins: readonly string[];
  readonly createdAtMs: number;
  readonly createdBy: string;
  readonly lastUsedAtMs: number | null;
  /** From then on it is refused: it was revoked, or replaced by a new one. */
  readonly endsAtMs: number | null;
};

export type RequestBegin =
  | { readonly state: "new" }
  | { readonly state: "same"; readonly response: unknown }
  /** The first one is being answered. */
  | { readonly state: "running" }
  /** The same key came with another body. */
  | { readonly state: "another" };

export type ContactStore = {
  /** Null where the guild has `max` keys that work. */
  makeKey(
    guild: GuildId,
    key: Pick<ApiKey, "name" | "hint" | "scopes" | "origins" | "createdBy"> & { readonly secretHash: string },
    max: number,
  ): Promise<ApiKey | null>;
  /** Newest first; ended ones too. */
  keys(guild: GuildId): Promise<readonly ApiKey[]>;
  /** Null where no key has this hash, or it has ended. */
  find(secretHash: string): Promise<ApiKey | null>;
  used(guild: GuildId, key: string): Promise<void>;
  /** False where it has ended by then already. */
  end(guild: GuildId, key: string, atMs: number): Promise<boolean>;
  begin(guild: GuildId, key: string, request: string, bodyHash: string): Promise<RequestBegin>;
  /** The reply from now on; null: it failed, and may be asked anew. */
  answered(guild: GuildId, key: string, request: string, response: unknown): Promise<void>;
};
