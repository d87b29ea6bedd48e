/**
 * What waits for one worker, in order: in its ring, beside it (frames too large for it), and behind it (the backlog).
 *
 * Events that find the ring full wait behind it, and so do messages while those that wait are few: where a gateway takes over thousands of
 * guilds, these fill the ring, and members' questions are not refused for it. In a flood of messages a full ring refuses them at once.
 */
import { MESSAGE_CREATE, type ToWorker, TYPING_START } from "../border/protocol.ts";
import { RingProducer, type RingRecord, recordBytes } from "../border/ring.ts";
import { Backlog } from "./backlog.ts";
import { type Entry, entryOf } from "./entry.ts";
import type { QuietGuilds } from "./quiet-guilds.ts";

/** The part of the ring that messages may take. The rest is for events, which must not be lost. */
const MESSAGE_SHARE = 0.9;
/** As much of the ring as messages may take that wait, where one of them may wait behind it: some 1,300. */
const FEW_SHARE = 0.5;
/** More than this does not wait for a worker that sleeps: some 40 messages. */
const ASLEEP_BYTES_MAX = 64 << 10;

export class Inlet {
  /** Events that found neither ring nor backlog. */
  shedEvents = 0;
  ring: RingProducer;
  readonly #quiet: QuietGuilds;
  readonly #post: (message: ToWorker) => void;
  readonly #now: () => number;
  readonly #beside = new Map<number, Uint8Array>();
  readonly #backlog = new Backlog();
  /** Of the ring and the backlog, taken by messages. */
  #messageBytes = 0;
  /** The worker sleeps, and is to be woken at the turn's end. */
  #wakes = false;

  constructor(memory: SharedArrayBuffer, quiet: QuietGuilds, post: (message: ToWorker) => void, now: () => number) {
    this.ring = new RingProducer(memory);
    this.#quiet = quiet;
    this.#post = post;
    this.#now = now;
  }

  /** Records and dispatches that the worker has not given back. */
  get depth(): number {
    return this.ring.depth + this.#backlog.length;
  }

  get overflows(): boolean {
    return this.#backlog.length > 0;
  }

  /** False: the ring is full, or others wait behind it already. `guild`: as in the supervisor's `write`. */
  place(record: RingRecord, payload: Uint8Array, guild: number | null | undefined): boolean {
    const ticket = this.ring.nextTicket;
    if (this.overflows || !this.#hasPart(record, payload, MESSAGE_SHARE) || !this.#put(record, payload)) return false;
    if (record.kind !== TYPING_START) this.#quiet.written(guild, ticket);
    this.#count(record, payload);
    return true;
  }

  /** Behind the ring. False: full, or a message where many wait. */
  defer(record: RingRecord, payload: Uint8Array): boolean {
    if (!this.#hasPart(record, payload, FEW_SHARE)) return false;
    if (!this.#backlog.hasRoom(payload.length)) {
      if (record.kind !== MESSAGE_CREATE) this.shedEvents++;
      return false;
    }
    this.#backlog.push(entryOf({ ...record }, new Uint8Array(payload), this.#now()));
    this.#count(record, payload);
    return true;
  }

  /** The oldest record, copied out. Call `ring.front` before. */
  copy(): { readonly record: RingRecord; readonly payload: Uint8Array } {
    const { record, payload } = this.ring.copy();
    return { record, payload: this.#beside.get(this.ring.frontTicket) ?? payload };
  }

  /** The oldest record is no longer needed. Call `ring.front` before. */
  drop(): void {
    const { ring } = this;
    const beside = this.#beside.size > 0 ? this.#beside.get(ring.frontTicket) : undefined;
    if (ring.frontKind === MESSAGE_CREATE)
      this.#messageBytes -= beside === undefined ? ring.frontBytes : recordBytes(beside.length);
    if (beside !== undefined) this.#beside.delete(ring.frontTicket);
    ring.drop();
  }

  /** Moves what waits behind the ring into it, as far as there is room. */
  advance(): void {
    this.#backlog.drain(({ record, payload }) => {
      this.#quiet.written(undefined, this.ring.nextTicket);
      return this.#put(record, payload);
    });
  }

  /** Another thread will read: an empty ring, `again` before all that waits behind it. */
  restart(memory: SharedArrayBuffer, again: readonly Entry[]): void {
    this.ring = new RingProducer(memory);
    this.#beside.clear();
    this.#backlog.putFirst(again);
    this.#messageBytes = 0;
    for (const { record, payload } of this.#backlog.all()) this.#count(record, payload);
  }

  #hasPart(record: RingRecord, payload: Uint8Array, share: number): boolean {
    if (record.kind !== MESSAGE_CREATE) return true;
    return this.#messageBytes + recordBytes(payload.length) <= this.ring.capacity * share;
  }

  #count(record: RingRecord, payload: Uint8Array): void {
    if (record.kind === MESSAGE_CREATE) this.#messageBytes += recordBytes(payload.length);
  }

  #put(record: RingRecord, payload: Uint8Array): boolean {
    const { ring } = this;
    if (payload.length <= ring.payloadBytesMax) {
      if (ring.write(record, payload) < 0) return false;
      this.#wakeSoon();
      return true;
    }
    // Too large for the ring. Room first: a copy of megabytes at each try is what a full ring cannot afford.
    if (!ring.hasRoom(0)) return false;
    // Posted before the record, so that the worker has it when its turn comes.
    const ticket = ring.nextTicket;
    const bytes = new Uint8Array(payload);
    this.#beside.set(ticket, bytes);
    this.#post({ op: "beside", ticket, bytes });
    ring.write(record, new Uint8Array(0));
    this.#wakeSoon();
    return true;
  }

  /**
   * At the turn's end, or as soon as much waits. A turn brings hundreds of frames of which the worker gets some: woken for each, it
   * would sleep again before the next, and a call to the kernel costs as much as ten frames do.
   */
  #wakeSoon(): void {
    if (!this.ring.isAsleep) return;
    if (this.ring.used > ASLEEP_BYTES_MAX) this.ring.wake();
    else if (!this.#wakes) this.#wakeAtTurnsEnd();
  }

  #wakeAtTurnsEnd(): void {
    this.#wakes = true;
    setImmediate(() => {
      this.#wakes = false;
      if (this.ring.isAsleep) this.ring.wake();
    });
  }
}
