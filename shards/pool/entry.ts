/** A dispatch that a worker received and has not settled yet. */
import type { GuildId, MessageId } from "../../src/ids.ts";
import type { RingRecord } from "../border/ring.ts";

export type Entry = {
  readonly record: RingRecord;
  readonly payload: Uint8Array;
  readonly sinceMs: number;
  /** How many workers died while it ran. */
  deaths: number;
  /** It is in the inbox, and its sequence settled. */
  saved: boolean;
  /** The last call that puts it there, whatever comes of it. */
  put?: Promise<void>;
};

export function entryOf(record: RingRecord, payload: Uint8Array, nowMs: number): Entry {
  return { record, payload, sinceMs: nowMs, deaths: 0, saved: false };
}

/** The message or interaction that it holds, with its guild, for the inbox. */
export function idsOf(entry: Entry): { readonly message: MessageId | null; readonly guild: GuildId | null } {
  try {
    const frame = JSON.parse(Buffer.from(entry.payload).toString()) as { d?: { id?: unknown; guild_id?: unknown } };
    const { id, guild_id } = frame.d ?? {};
    return {
      message: typeof id === "string" ? (id as MessageId) : null,
      guild: typeof guild_id === "string" ? (guild_id as GuildId) : null,
    };
  } catch {
    return { message: null, guild: null };
  }
}
