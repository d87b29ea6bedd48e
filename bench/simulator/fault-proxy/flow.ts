/**
 * One direction of a proxied connection: bytes wait in a bounded queue until latency, pace and a
 * freeze let them go, in order. A full queue pauses the reader, so that back-pressure stays real.
 */
import type { Socket } from "node:net";

/** What a flow obeys; read anew before every write, so that a change is in force at once. */
export interface FlowPolicy {
  readonly latencyMs: number;
  readonly bytesPerSecond: number;
  readonly frozen: boolean;
}

interface Held {
  bytes: Buffer;
  dueMs: number;
}

const QUEUE_BYTES_MAX = 1024 * 1024;
const PACE_MS = 20;

export class Flow {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #policy: () => FlowPolicy;
  readonly #queue: Held[] = [];
  #queuedBytes = 0;
  #ended = false;
  #freeAtMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Bytes written on. */
  bytes = 0;

  constructor(from: Socket, to: Socket, policy: () => FlowPolicy) {
    this.#from = from;
    this.#to = to;
    this.#policy = policy;
    to.on("drain", () => this.pump());
  }

  push(bytes: Buffer): void {
    const { latencyMs } = this.#policy();
    this.#queue.push({ bytes, dueMs: performance.now() + latencyMs });
    this.#queuedBytes += bytes.length;
    if (this.#queuedBytes > QUEUE_BYTES_MAX) this.#from.pause();
    this.pump();
  }

  /** The sender has finished; the receiver hears of it when the queue is empty. */
  end(): void {
    this.#ended = true;
    this.pump();
  }

  /** Writes what may go now, and comes back when more may. Called also when the policy has changed. */
  pump(): void {
    clearTimeout(this.#timer);
    const policy = this.#policy();
    if (policy.frozen || this.#to.destroyed) return;
    for (let head = this.#queue[0]; head; head = this.#queue[0]) {
      const waitMs = Math.max(policy.latencyMs > 0 ? head.dueMs - performance.now() : 0, this.#paceMs(policy));
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.pump(), waitMs);
        return;
      }
      if (!this.#write(head, policy)) return;
    }
    if (this.#ended && !this.#to.writableEnded) this.#to.end();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#queue.length = 0;
  }

  #write(head: Held, policy: FlowPolicy): boolean {
    const slice = Number.isFinite(policy.bytesPerSecond)
      ? head.bytes.subarray(0, Math.max(1, Math.floor((policy.bytesPerSecond * PACE_MS) / 1000)))
      : head.bytes;
    head.bytes = head.bytes.subarray(slice.length);
    if (head.bytes.length === 0) this.#queue.shift();
    this.#queuedBytes -= slice.length;
    this.bytes += slice.length;
    this.#freeAtMs = performance.now() + (slice.length / policy.bytesPerSecond) * 1000;
    if (this.#queuedBytes <= QUEUE_BYTES_MAX / 2) this.#from.resume();
    return this.#to.write(slice);
  }

  #paceMs(policy: FlowPolicy): number {
    return Number.isFinite(policy.bytesPerSecond) ? this.#freeAtMs - performance.now() : 0;
  }
}
