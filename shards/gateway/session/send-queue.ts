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
export const SEND_QUEUE_MAX = 500;
/** Discord drops presences that come faster than five in 20 s. */
const PRESENCE_MS_MIN = 4_000;
/** Discord closes with 4002 above this. */
const PAYLOAD_BYTES_MAX = 4_096;

export type SendQueue = {
  readonly waiting: string[];
  presence: string | null;
  presenceAtMs: number;
  readonly sentAtMs: number[];
};

export function createSendQueue(): SendQueue {
  return { waiting: [], presence: null, presenceAtMs: 0, sentAtMs: [] };
}

/** The limit is a connection's. */
export function reconnected(sendQueue: SendQueue): void {
  sendQueue.sentAtMs.length = 0;
}

/** Counts a payload that went out, heartbeats included. */
export function note(sendQueue: SendQueue, nowMs: number): void {
  sendQueue.sentAtMs.push(nowMs);
  if (sendQueue.sentAtMs.length > PAYLOADS_MAX) sendQueue.sentAtMs.shift();
}

/** False: full, or too long to be accepted. */
export function put(sendQueue: SendQueue, text: string, isPresence: boolean): boolean {
  if (Buffer.byteLength(text) > PAYLOAD_BYTES_MAX) return false;
  if (isPresence) {
    sendQueue.presence = text;
    return true;
  }
  if (sendQueue.waiting.length >= SEND_QUEUE_MAX) return false;
  sendQueue.waiting.push(text);
  return true;
}

/** Takes out what may be sent now; counts it. */
export function flush(sendQueue: SendQueue, heartbeatMs: number, nowMs: number): readonly string[] {
  const room = allowance(heartbeatMs) - sentWithin(sendQueue, nowMs);
  if (room <= 0 || (sendQueue.presence === null && sendQueue.waiting.length === 0)) return [];
  const going: string[] = [];
  if (sendQueue.presence !== null && nowMs >= sendQueue.presenceAtMs) {
    going.push(sendQueue.presence);
    sendQueue.presence = null;
    sendQueue.presenceAtMs = nowMs + PRESENCE_MS_MIN;
  }
  going.push(...sendQueue.waiting.splice(0, room - going.length));
  for (const _ of going) note(sendQueue, nowMs);
  return going;
}

/** When the next waiting payload may go; null: nothing waits. */
export function nextAtMs(sendQueue: SendQueue, heartbeatMs: number, nowMs: number): number | null {
  if (sendQueue.presence === null && sendQueue.waiting.length === 0) return null;
  const readyAtMs = sendQueue.waiting.length > 0 ? nowMs : Math.max(nowMs, sendQueue.presenceAtMs);
  const within = sentWithin(sendQueue, nowMs);
  const over = within - allowance(heartbeatMs);
  if (over < 0) return readyAtMs;
  const blocking = sendQueue.sentAtMs[sendQueue.sentAtMs.length - within + over];
  return blocking === undefined ? readyAtMs : Math.max(readyAtMs, blocking + WINDOW_MS);
}

export function shiftQueue(sendQueue: SendQueue, byMs: number): void {
  sendQueue.presenceAtMs += byMs;
  for (let i = 0; i < sendQueue.sentAtMs.length; i++) sendQueue.sentAtMs[i] = (sendQueue.sentAtMs[i] ?? 0) + byMs;
}

function sentWithin(sendQueue: SendQueue, nowMs: number): number {
  let count = 0;
  for (const at of sendQueue.sentAtMs) if (nowMs - at < WINDOW_MS) count += 1;
  return count;
}

function allowance(heartbeatMs: number): number {
  return Math.max(1, PAYLOADS_MAX - RESERVE - Math.ceil(WINDOW_MS / heartbeatMs));
}
