/**
 * A ring buffer in shared memory that carries frames from the main thread to one worker.
 *
 * Algorithm: one producer (main), one consumer (the worker). Main writes a record; the worker reads it and marks its outcome; main
 * takes records back in order. A record stays in place until main takes it back, so a worker that dies loses nothing, and a frame
 * without an effect costs no message between threads. The worker sleeps in `Atomics.waitAsync`, so its timers and sockets go on; whoever
 * writes wakes it, where it sleeps (pool/inlet.ts). A record never wraps around the end: main writes a skip mark and starts at 0. A full ring refuses.
 * Posting each frame instead costs a structured clone (3 µs for a string, 29 µs for an object) against 0.6 µs here.
 */

/** The state of a record. From `STATE_CODE` on: `STATE_CODE` plus the outcome's code. */
export const STATE_WRITTEN = 0;
export const STATE_STARTED = 1;
/** The worker continues with this record outside the ring. Main keeps the bytes until it learns the outcome. */
export const STATE_HELD = 2;
/** The worker has read it. It is not a message, so it has no outcome. */
export const STATE_SEEN = 3;
export const STATE_CODE = 16;

/** Words of 4 bytes in front of each payload. Records start at multiples of 8. */
const BYTES = 0;
const STATE = 1;
const PAYLOAD = 2;
const SOURCE = 3;
const KIND = 4;
const GUILD = 5;
const TOKEN = 6;
const RECEIVED = 8;
const HEADER_BYTES = 40;

/** Control words in front of the ring, a cache line apart where both sides write. */
const HEAD = 0;
const SLEEPING = 16;
const BEAT = 32;
const LANES = 33;
const VERDICTS = 34;
const HEAP_KB = 35;
const PRESSURE = 48;
const LATENCY = 64;
const CONTROL_BYTES = 1024;

/** The consumer offers this many bytes ahead for searching. They fit into the processor's cache. */
const WINDOW_BYTES = 128 << 10;

/** Verdict latency: bucket i counts up to 2^(i/4) µs. */
export const LATENCY_BUCKETS = 96;

export function bucketOf(ms: number): number {
  return ms <= 0.001 ? 0 : Math.min(LATENCY_BUCKETS - 1, Math.ceil(4 * Math.log2(ms * 1000)));
}

/** What a payload of so many bytes takes of the ring. */
export const recordBytes = (payloadBytes: number): number => (HEADER_BYTES + payloadBytes + 7) & ~7;

export type RingRecord = {
  /** Which (application, shard): an index that both sides were told. */
  readonly source: number;
  readonly kind: number;
  /** Offset of the guild's digits in the payload; -1 for none. */
  readonly guildAt: number;
  readonly token: number;
  readonly receivedAtMs: number;
};

/** `bytes` is rounded up to a power of two. Touches all pages now, so that no page fault comes while frames arrive. */
export function ringMemory(bytes: number): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(CONTROL_BYTES + 2 ** Math.ceil(Math.log2(Math.max(bytes, 4096))));
  new Uint8Array(memory).fill(0);
  return memory;
}

/** Main's side. Positions count bytes since the start, and are compared modulo 2³². */
export class RingProducer {
  readonly capacity: number;
  /** Payloads above this go beside the ring. */
  readonly payloadBytesMax: number;
  readonly #control: Int32Array;
  /** The smallest payload that found no room; 0: none did lately. */
  #refusedBytes = 0;
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  readonly #bytes: Uint8Array;
  readonly #buffer: Buffer;
  #head = 0;
  #tail = 0;
  /** Where `front` found the oldest record. */
  #front = 0;
  /** The number of the next record to be written. */
  nextTicket = 0;
  /** The number of the oldest record, and its header as `front` read it. */
  frontTicket = 0;
  frontSource = 0;
  frontKind = 0;
  frontToken = 0;
  frontBytes = 0;

  constructor(memory: SharedArrayBuffer) {
    this.capacity = memory.byteLength - CONTROL_BYTES;
    this.payloadBytesMax = this.capacity >> 3;
    this.#control = new Int32Array(memory, 0, CONTROL_BYTES >> 2);
    this.#words = new Int32Array(memory, CONTROL_BYTES);
    this.#doubles = new Float64Array(memory, CONTROL_BYTES);
    this.#bytes = new Uint8Array(memory, CONTROL_BYTES);
    this.#buffer = Buffer.from(memory, CONTROL_BYTES);
  }

  /** Whether a payload of so many bytes would be taken now. */
  hasRoom(payloadBytes: number): boolean {
    const size = recordBytes(payloadBytes);
    return this.used + this.#skipFor(size) + size <= this.capacity;
  }

  /** Bytes left at the end of the ring where `size` does not fit before it. */
  #skipFor(size: number): number {
    const toEnd = this.capacity - (this.#head & (this.capacity - 1));
    return size > toEnd ? toEnd : 0;
  }

  /** The record's ticket, or -1: full. */
  write(record: RingRecord, payload: Uint8Array): number {
    const size = recordBytes(payload.length);
    let at = this.#head & (this.capacity - 1);
    const skipped = this.#skipFor(size);
    if (this.used + skipped + size > this.capacity) return -1;
    if (skipped > 0) {
      this.#words[at >> 2] = -skipped;
      at = 0;
    }
    const word = at >> 2;
    const words = this.#words;
    words[word + BYTES] = size;
    words[word + STATE] = STATE_WRITTEN;
    words[word + PAYLOAD] = payload.length;
    words[word + SOURCE] = record.source;
    words[word + KIND] = record.kind;
    words[word + GUILD] = record.guildAt;
    this.#doubles[(word + TOKEN) >> 1] = record.token;
    this.#doubles[(word + RECEIVED) >> 1] = record.receivedAtMs;
    this.#bytes.set(payload, at + HEADER_BYTES);
    this.#head = (this.#head + skipped + size) | 0;
    Atomics.store(this.#control, HEAD, this.#head);
    return this.nextTicket++;
  }

  /** The worker sleeps: until `wake`, or until its time is up. */
  get isAsleep(): boolean {
    return Atomics.load(this.#control, SLEEPING) === 1;
  }

  /** Costs the kernel some microseconds: once for all that was written in a turn. */
  wake(): void {
    Atomics.store(this.#control, SLEEPING, 0);
    Atomics.notify(this.#control, HEAD);
  }

  /** The oldest record's state, its fields in `front…`; -1: the ring is empty. `drop` takes it back. */
  front(): number {
    if (this.#tail === this.#head) return -1;
    this.#front = this.#tail;
    // The mark in front of a record is the consumer's until that record is done: only `drop` gives its place away.
    const skip = this.#words[(this.#front & (this.capacity - 1)) >> 2] as number;
    if (skip < 0) this.#front = (this.#front - skip) | 0;
    const word = (this.#front & (this.capacity - 1)) >> 2;
    this.frontSource = this.#words[word + SOURCE] as number;
    this.frontBytes = this.#words[word + BYTES] as number;
    this.frontKind = this.#words[word + KIND] as number;
    this.frontToken = this.#doubles[(word + TOKEN) >> 1] as number;
    return Atomics.load(this.#words, word + STATE);
  }

  /** The worker still needs the oldest record, so no room can be made. One look, which leaves `front…` as it is. */
  isFrontPending(): boolean {
    if (this.#tail === this.#head) return false;
    const skip = this.#words[(this.#tail & (this.capacity - 1)) >> 2] as number;
    const at = skip < 0 ? (this.#tail - skip) | 0 : this.#tail;
    return Atomics.load(this.#words, ((at & (this.capacity - 1)) >> 2) + STATE) < STATE_HELD;
  }

  /** A payload of so many bytes found no room, and none was to be made. */
  noteRefused(payloadBytes: number): void {
    this.#refusedBytes = payloadBytes;
  }

  /**
   * True: a payload of so many bytes would find no room now, and none can be made. Under a flood most messages end here, before anybody
   * looks whose they are: cheap while there is room, and one look at the oldest record while there is none.
   */
  refuses(payloadBytes: number): boolean {
    if (this.#refusedBytes === 0 || payloadBytes < this.#refusedBytes) return false;
    if (this.isFrontPending()) return true;
    this.#refusedBytes = 0;
    return false;
  }

  /** The oldest record, copied out. Call `front` before. */
  copy(): Left {
    const word = (this.#front & (this.capacity - 1)) >> 2;
    const start = (word << 2) + HEADER_BYTES;
    return {
      record: {
        source: this.#words[word + SOURCE] as number,
        kind: this.#words[word + KIND] as number,
        guildAt: this.#words[word + GUILD] as number,
        token: this.#doubles[(word + TOKEN) >> 1] as number,
        receivedAtMs: this.#doubles[(word + RECEIVED) >> 1] as number,
      },
      payload: Buffer.from(this.#buffer.subarray(start, start + (this.#words[word + PAYLOAD] as number))),
    };
  }

  /** Makes room: the oldest record is no longer needed. Call `front` before. */
  drop(): void {
    this.#tail = (this.#front + (this.#words[(this.#front & (this.capacity - 1)) >> 2] as number)) | 0;
    this.frontTicket++;
  }

  get used(): number {
    return (this.#head - this.#tail) >>> 0;
  }

  /** Records written and not taken back. */
  get depth(): number {
    return this.nextTicket - this.frontTicket;
  }

  /** Grows while the worker lives. */
  get beat(): number {
    return Atomics.load(this.#control, BEAT);
  }

  get lanes(): number {
    return Atomics.load(this.#control, LANES);
  }

  /** Bytes of the worker's heap, a few seconds ago; 0 until it says so. */
  get heapBytes(): number {
    return Atomics.load(this.#control, HEAP_KB) * 1_024;
  }

  /** Messages that had their verdict, modulo 2³². */
  get verdicts(): number {
    return Atomics.load(this.#control, VERDICTS) >>> 0;
  }

  /** Tells the worker to shed what is only nice to have. */
  set pressure(on: boolean) {
    Atomics.store(this.#control, PRESSURE, on ? 1 : 0);
  }

  latency(): Int32Array {
    return this.#control.slice(LATENCY, LATENCY + LATENCY_BUCKETS);
  }
}

/** A record that was copied out of the ring. */
export type Left = { readonly record: RingRecord; readonly payload: Buffer };

/** The worker's side: a cursor over the records, each of them readable until it is marked finished. */
export class RingConsumer {
  readonly buffer: Buffer;
  /** The bytes from the buffer's start to some records past the cursor. Other bytes, other object. */
  window: Buffer;
  /** The record under the cursor; set by `next`. */
  at = 0;
  start = 0;
  end = 0;
  source = 0;
  kind = 0;
  guildAt = 0;
  receivedAtMs = 0;
  ticket = -1;
  /** Messages that had their verdict; main sees it with the next `beat`. */
  verdicts = 0;
  readonly #control: Int32Array;
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  readonly #capacity: number;
  #read = 0;
  #head = 0;

  constructor(memory: SharedArrayBuffer) {
    this.#capacity = memory.byteLength - CONTROL_BYTES;
    this.#control = new Int32Array(memory, 0, CONTROL_BYTES >> 2);
    this.#words = new Int32Array(memory, CONTROL_BYTES);
    this.#doubles = new Float64Array(memory, CONTROL_BYTES);
    this.buffer = Buffer.from(memory, CONTROL_BYTES);
    this.window = this.buffer.subarray(0, 0);
  }

  /** Sees what was written until now; false: nothing that was not read. */
  look(): boolean {
    this.#head = Atomics.load(this.#control, HEAD);
    return this.#read !== this.#head;
  }

  /** Moves to the next record that `look` saw. */
  next(): boolean {
    if (this.#read === this.#head) return false;
    let at = this.#read & (this.#capacity - 1);
    let size = this.#words[at >> 2] as number;
    if (size < 0) {
      this.#read = (this.#read - size) | 0;
      at = 0;
      size = this.#words[0] as number;
    }
    const word = at >> 2;
    const end = at + HEADER_BYTES + (this.#words[word + PAYLOAD] as number);
    // Another lap has other bytes in the same place.
    if (end > this.window.length || at <= this.at) {
      const written = at + ((this.#head - this.#read) >>> 0);
      this.window = this.buffer.subarray(0, Math.min(this.#capacity, written, Math.max(end, at + WINDOW_BYTES)));
    }
    this.#read = (this.#read + size) | 0;
    this.ticket++;
    this.at = at;
    this.start = at + HEADER_BYTES;
    this.end = end;
    this.source = this.#words[word + SOURCE] as number;
    this.kind = this.#words[word + KIND] as number;
    this.guildAt = this.#words[word + GUILD] as number;
    this.receivedAtMs = this.#doubles[(word + RECEIVED) >> 1] as number;
    return true;
  }

  /** Steps back: the record under the cursor will be the next again. */
  undo(): void {
    this.#read = (this.#read - (this.#words[this.at >> 2] as number)) | 0;
    this.ticket--;
  }

  mark(at: number, state: number): void {
    Atomics.store(this.#words, (at >> 2) + STATE, state);
  }

  /** Until main writes, or `msMax` has passed. */
  async sleep(msMax: number): Promise<void> {
    Atomics.store(this.#control, SLEEPING, 1);
    const wait = Atomics.waitAsync(this.#control, HEAD, this.#head, msMax);
    if (wait.async) await wait.value;
    Atomics.store(this.#control, SLEEPING, 0);
  }

  get pressed(): boolean {
    return Atomics.load(this.#control, PRESSURE) === 1;
  }

  beat(lanesDepth: number): void {
    Atomics.add(this.#control, BEAT, 1);
    Atomics.store(this.#control, LANES, lanesDepth);
    Atomics.store(this.#control, VERDICTS, this.verdicts | 0);
  }

  tellHeap(bytes: number): void {
    Atomics.store(this.#control, HEAP_KB, bytes / 1_024);
  }

  /** Counts a verdict that took `ms` from its frame. */
  measure(ms: number): void {
    const bucket = bucketOf(ms);
    this.#control[LATENCY + bucket] = (this.#control[LATENCY + bucket] as number) + 1;
  }
}
