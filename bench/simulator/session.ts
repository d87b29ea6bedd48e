/**
 * One gateway session: a sequence, the events that could be replayed, and the connection it has at the moment, if any.
 * https://discord.com/developers/docs/events/gateway#resuming
 *
 * A session outlives its connection: while it is detached, events go on collecting in the buffer.
 */
import type { Application, Id } from "./world.ts";

export type Shard = { readonly id: number; readonly count: number };

type Dispatched = { readonly s: number; readonly frame: string };

export type Session = {
  readonly id: string;
  readonly application: Application;
  readonly shard: Shard;
  readonly intents: number;
  readonly largeThreshold: number;
  sequence: number;
  /** Oldest first, at most `bufferMax`. */
  readonly buffer: Dispatched[];
  readonly bufferMax: number;
  /** Writes a frame to the connection; absent while detached. */
  write: ((frame: string) => void) | undefined;
  detachedAtMs: number | undefined;
  /** Guilds whose GUILD_CREATE this session has had. */
  readonly guilds: Set<Id>;
};

/** Numbers the event, keeps it for a replay, and sends it if there is a connection. `data` is serialised JSON. */
export function dispatch(session: Session, t: string, data: string): void {
  session.sequence += 1;
  const frame = `{"t":"${t}","s":${session.sequence},"op":0,"d":${data}}`;
  session.buffer.push({ s: session.sequence, frame });
  // A quarter over before it is cut, so that a full buffer is not moved at every event.
  if (session.buffer.length > session.bufferMax * 1.25)
    session.buffer.splice(0, session.buffer.length - session.bufferMax);
  session.write?.(frame);
}

export type Replay = readonly Dispatched[] | "invalid-sequence" | "lost";

/** What has to be sent again after `sequence`; "lost" when the buffer no longer reaches back. */
export function replayAfter(session: Session, sequence: number): Replay {
  if (!Number.isInteger(sequence) || sequence > session.sequence || sequence < 0) return "invalid-sequence";
  const oldest = session.buffer[0]?.s ?? session.sequence + 1;
  if (sequence + 1 < oldest) return "lost";
  return session.buffer.filter((event) => event.s > sequence);
}
