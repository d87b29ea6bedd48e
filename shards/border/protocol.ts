/**
 * The messages between the main thread and a worker that do not go through the ring, because they are rare, urgent or too large.
 * All values survive structured clone. Messages keep their order, and a message is posted before the ring record that needs it.
 */
import type { News } from "../../src/bus.ts";
import type { ApplicationId } from "../../src/ids.ts";
import type { Outcome, OutcomeKind } from "../../src/record.ts";
import type { PortReply, PortRequest } from "../../src/worker-door.ts";
import type { QuietGuild } from "./quiet.ts";

/** Event types that go to a worker; main drops all others. The index in this list is the type's number in the ring. */
export const DISPATCH_KINDS = [
  "MESSAGE_CREATE",
  "MESSAGE_UPDATE",
  "MESSAGE_DELETE",
  "MESSAGE_DELETE_BULK",
  "INTERACTION_CREATE",
  "GUILD_CREATE",
  "GUILD_UPDATE",
  "GUILD_DELETE",
  "GUILD_ROLE_CREATE",
  "GUILD_ROLE_UPDATE",
  "GUILD_ROLE_DELETE",
  "GUILD_MEMBER_UPDATE",
  "GUILD_MEMBER_REMOVE",
  "GUILD_BAN_ADD",
  "CHANNEL_CREATE",
  "CHANNEL_UPDATE",
  "CHANNEL_DELETE",
  "THREAD_CREATE",
  "THREAD_UPDATE",
  "THREAD_DELETE",
  "THREAD_LIST_SYNC",
  "MESSAGE_REACTION_ADD",
  "GUILD_MEMBER_ADD",
  "AUTO_MODERATION_ACTION_EXECUTION",
  "TYPING_START",
] as const;

export const MESSAGE_CREATE = 0;
export const INTERACTION_CREATE = 4;
export const GUILD_CREATE = 5;
export const TYPING_START = DISPATCH_KINDS.indexOf("TYPING_START");

/** Event types that go to every worker, because they are about the bot and not about one guild. */
export const BROADCASTS: ReadonlySet<string> = new Set(["READY", "USER_UPDATE"]);

/** One shard of one bot; records carry its index. */
export type ShardSource = { readonly index: number; readonly application: ApplicationId; readonly shard: number };

/** One dispatch of a shard: an op-0 frame on its way to a worker. */
export type Dispatch = {
  readonly shard: number;
  /** −1 when the server sent none. */
  readonly seq: number;
  readonly type: string;
  /** A `stamp`. */
  readonly receivedAtMs: number;
  /** The whole frame, valid during the call only. */
  readonly bytes: Uint8Array;
  /** What came from the network with it, in which it lies; undefined: it lies alone. */
  readonly chunk?: Buffer | undefined;
};

export type ToWorker =
  | {
      readonly op: "start";
      readonly worker: number;
      readonly memory: SharedArrayBuffer;
      readonly quiet: SharedArrayBuffer;
      readonly config: unknown;
    }
  | { readonly op: "source"; readonly source: ShardSource }
  /** The payload of a record that holds none: it did not fit. */
  | { readonly op: "beside"; readonly ticket: number; readonly bytes: Uint8Array }
  /** Past the ring: an interaction, or a message run again. Its ticket is negative. */
  | {
      readonly op: "urgent";
      readonly ticket: number;
      readonly source: number;
      readonly kind: number;
      readonly receivedAtMs: number;
      readonly bytes: Uint8Array;
    }
  | { readonly op: "broadcast"; readonly application: ApplicationId; readonly type: string; readonly bytes: Uint8Array }
  | { readonly op: "reply"; readonly call: number; readonly reply: PortReply }
  | { readonly op: "news"; readonly news: News }
  | { readonly op: "drain"; readonly deadlineMs: number }
  | { readonly op: "stop" };

export type FromWorker =
  | { readonly op: "ready" }
  | { readonly op: "call"; readonly call: number; readonly request: PortRequest }
  /** From now on `code` in the ring means this outcome. */
  | { readonly op: "code"; readonly code: number; readonly kind: OutcomeKind; readonly reason: string }
  /** Main may prove silence in this guild. */
  | { readonly op: "quiet"; readonly quiet: QuietGuild }
  /** Ends of records that were held, or that came past the ring. Null: not a message. */
  | { readonly op: "done"; readonly ends: readonly { readonly ticket: number; readonly outcome: Outcome | null }[] }
  /** The ring is empty and the worker is about to sleep. */
  | { readonly op: "idle" }
  /** A bug: the worker ends over this record. Null: nobody knows which one it was. */
  | { readonly op: "fault"; readonly ticket: number | null; readonly message: string }
  | { readonly op: "drained" }
  | { readonly op: "stopped" };

/** The time now, to measure durations across threads: monotonic, and the same in all threads. */
export function stamp(): number {
  return timeOrigin + performance.now();
}

/** This thread's. Asking for it costs as much as the time does. */
const { timeOrigin } = performance;

const kinds = new Map<string, number>(DISPATCH_KINDS.map((name, index) => [name, index]));

/** Undefined when no worker wants this type. */
export function dispatchKindOf(type: string): number | undefined {
  return kinds.get(type);
}
