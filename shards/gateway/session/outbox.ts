/**
 * What a shard sends beside heartbeats: held to Discord's 120 payloads in 60 s a connection, heartbeats reserved.
 *
 * Presence is a state and not an event: only its newest is kept, and it is part of the next IDENTIFY as well.
 * https://docs.discord.com/developers/events/gateway#rate-limiting
 */

const WINDOW_MS = 60_000;
const PAYLOADS_MAX = 120;
/** For an IDENTIFY or RESUME, and heartbeats the server asks for. */
const RESERVE = 4;
export const OUTBOX_MAX = 500;
/** Discord drops presences that come faster than five in 20 s. */
const PRESENCE_MS_MIN = 4_000;
/** Discord closes with 4002 above this. */
const PAYLOAD_BYTES_MAX = 4_096;

export type Outbox = {
  readonly waiting: string[];
  presence: string | null;
  presenceAtMs: number;
  readonly sentAtMs: number[];
};

export function createOutbox(): Outbox {
  return { waiting: [], presence: null, presenceAtMs: 0, sentAtMs: [] };
}

/** The limit is a connection's. */
export function reconnected(outbox: Outbox): void {
  outbox.sentAtMs.length = 0;
}

/** Counts a payload that went out, heartbeats included. */
export function note(outbox: Outbox, nowMs: number): void {
  outbox.sentAtMs.push(nowMs);
  if (outbox.sentAtMs.length > PAYLOADS_MAX) outbox.sentAtMs.shift();
}

/** False: full, or too long to be accepted. */
export function put(outbox: Outbox, text: string, isPresence: boolean): boolean {
  if (Buffer.byteLength(text) > PAYLOAD_BYTES_MAX) return false;
  if (isPresence) {
    outbox.presence = text;
    return true;
  }
  if (outbox.waiting.length >= OUTBOX_MAX) return false;
  outbox.waiting.push(text);
  return true;
}

/** Takes out what may be sent now; counts it. */
export function flush(outbox: Outbox, heartbeatMs: number, nowMs: number): readonly string[] {
  const room = allowance(heartbeatMs) - sentWithin(outbox, nowMs);
  if (room <= 0 || (outbox.presence === null && outbox.waiting.length === 0)) return [];
  const going: string[] = [];
  if (outbox.presence !== null && nowMs >= outbox.presenceAtMs) {
    going.push(outbox.presence);
    outbox.presence = null;
    outbox.presenceAtMs = nowMs + PRESENCE_MS_MIN;
  }
  going.push(...outbox.waiting.splice(0, room - going.length));
  for (const _ of going) note(outbox, nowMs);
  return going;
}

/** When the next waiting payload may go; null: nothing waits. */
export function nextAtMs(outbox: Outbox, heartbeatMs: number, nowMs: number): number | null {
  if (outbox.presence === null && outbox.waiting.length === 0) return null;
  const readyAtMs = outbox.waiting.length > 0 ? nowMs : Math.max(nowMs, outbox.presenceAtMs);
  const within = sentWithin(outbox, nowMs);
  const over = within - allowance(heartbeatMs);
  if (over < 0) return readyAtMs;
  const blocking = outbox.sentAtMs[outbox.sentAtMs.length - within + over];
  return blocking === undefined ? readyAtMs : Math.max(readyAtMs, blocking + WINDOW_MS);
}

export function shift(outbox: Outbox, byMs: number): void {
  outbox.presenceAtMs += byMs;
  for (let i = 0; i < outbox.sentAtMs.length; i++) outbox.sentAtMs[i] = (outbox.sentAtMs[i] ?? 0) + byMs;
}

function sentWithin(outbox: Outbox, nowMs: number): number {
  let count = 0;
  for (const at of outbox.sentAtMs) if (nowMs - at < WINDOW_MS) count += 1;
  return count;
}

function allowance(heartbeatMs: number): number {
  return Math.max(1, PAYLOADS_MAX - RESERVE - Math.ceil(WINDOW_MS / heartbeatMs));
}
