/** A session's types: its state, the events that move it, the commands that come out. session.ts explains them. */
import type { Wait } from "../../../src/status/process.ts";
import type { Heartbeat } from "./heartbeat.ts";
import { createSendQueue, type SendQueue } from "./send-queue.ts";
import { createSequence, type Sequence } from "./sequence.ts";

export type Phase =
  | "idle"
  | "waiting"
  | "connecting"
  | "greeting"
  | "queued"
  | "identifying"
  | "resuming"
  | "live"
  | "stopped";

/** Enough to go on where another connection, or another process, ended. `seq`: the last event that is done. */
export type SessionRecord = { readonly id: string; readonly resumeUrl: string; readonly seq: number };

export type SessionOptions = {
  readonly shard: number;
  readonly shards: number;
  readonly token: string;
  readonly intents: number;
  /** Asked at every connection: Discord may move while a shard lives. */
  readonly gatewayUrl: () => string;
  /** A proxy stands in front of every gateway host: sessions are resumed at `gatewayUrl` too. */
  readonly frontDoorOnly?: boolean;
  readonly properties: { readonly os: string; readonly browser: string; readonly device: string };
  readonly largeThreshold: number | null;
  /** The `d` of a presence update (op 3), or null. */
  readonly presence: unknown;
  readonly resume: SessionRecord | null;
  /** Uniform in [0, 1). */
  readonly chance: () => number;
};

export type GatewayPayload = { readonly op: unknown; readonly d?: unknown; readonly s?: unknown; readonly t?: unknown };

/** `connection` is the number that its `open` command carried; events of an earlier one are ignored. */
export type SessionEvent =
  | { readonly type: "start" }
  | { readonly type: "stop"; readonly code: number }
  | { readonly type: "tick" }
  /** Something outside `step` changed what to wake up for. */
  | { readonly type: "look-again" }
  | { readonly type: "opened"; readonly connection: number }
  | { readonly type: "payload"; readonly connection: number; readonly payload: GatewayPayload }
  | { readonly type: "malformed"; readonly connection: number }
  /** The stream cannot be read any further (a broken compression context). */
  | { readonly type: "broken"; readonly connection: number; readonly problem: string }
  | {
      readonly type: "closed";
      readonly connection: number;
      readonly code: number | null;
      readonly problem: string;
    }
  | { readonly type: "permitted"; readonly connection: number }
  | {
      readonly type: "refused";
      readonly connection: number;
      readonly retryAtMs: number;
      readonly reason: string;
      readonly waitsFor: Wait;
    };

export type Command =
  | { readonly do: "open"; readonly connection: number; readonly url: string }
  | { readonly do: "send"; readonly text: string }
  /** Ends the connection without waiting for anything; `code` null: without a close frame too. */
  | { readonly do: "cut"; readonly code: number | null }
  | { readonly do: "ask-identify"; readonly connection: number }
  | { readonly do: "withdraw-identify" }
  | { readonly do: "remember"; readonly session: SessionRecord | null }
  /** The frame in hand is of interest upstairs too (READY names the bot's user). */
  | { readonly do: "deliver"; readonly seq: number | null }
  | { readonly do: "report" }
  | { readonly do: "log"; readonly level: "info" | "warn"; readonly event: string; readonly about: object }
  | { readonly do: "fatal"; readonly code: number; readonly message: string };

export type SessionCounts = {
  connects: number;
  identifies: number;
  resumes: number;
  resumed: number;
  zombies: number;
  duplicates: number;
  strays: number;
  malformed: number;
  unknown: number;
  gaps: number;
};

export type Session = {
  readonly options: SessionOptions;
  readonly sequence: Sequence;
  readonly sendQueue: SendQueue;
  readonly counts: SessionCounts;
  phase: Phase;
  sinceMs: number;
  /** Null while it is live. */
  waitsFor: Wait | null;
  connection: number;
  resume: { readonly id: string; readonly url: string } | null;
  beat: Heartbeat | null;
  /** Of the phase: the end of a wait, or of patience. */
  deadlineAtMs: number | null;
  replayEndsAtMs: number;
  presence: unknown;
  attempts: number;
  failedConnects: number;
  fruitlessResumes: number;
  brokenResumes: number;
  malformedHere: number;
  lastDispatchAtMs: number | null;
  seenAtMs: number;
  /** When `step` wants a tick; null: only events matter. */
  wakeAtMs: number | null;
};

export function createSession(options: SessionOptions): Session {
  return {
    options,
    sequence: createSequence(options.resume?.seq ?? null),
    sendQueue: createSendQueue(),
    counts: {
      connects: 0,
      identifies: 0,
      resumes: 0,
      resumed: 0,
      zombies: 0,
      duplicates: 0,
      strays: 0,
      malformed: 0,
      unknown: 0,
      gaps: 0,
    },
    phase: "idle",
    sinceMs: 0,
    waitsFor: "connection",
    connection: 0,
    resume: options.resume === null ? null : { id: options.resume.id, url: options.resume.resumeUrl },
    beat: null,
    deadlineAtMs: null,
    replayEndsAtMs: 0,
    presence: options.presence,
    attempts: 0,
    failedConnects: 0,
    fruitlessResumes: 0,
    brokenResumes: 0,
    malformedHere: 0,
    lastDispatchAtMs: null,
    seenAtMs: 0,
    wakeAtMs: null,
  };
}

/** In a phase that has a connection, or is getting one. */
export function connected(session: Session): boolean {
  return session.phase !== "idle" && session.phase !== "waiting" && session.phase !== "stopped";
}
