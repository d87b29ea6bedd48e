/** Dispatches that must not be lost and found no room in their worker's ring, in order. Bounded in bytes. */
import type { Entry } from "./entry.ts";

const BYTES_MAX = 256 << 20;
/** So many that left are kept until they leave the list, or each one's leaving would cost a copy of all that wait. */
const LEFT_MAX = 1_024;

export class Backlog {
  #entries: Entry[] = [];
  /** Where the oldest is; those before it have left. */
  #first = 0;
  #bytes = 0;

  get length(): number {
    return this.#entries.length - this.#first;
  }

  /** Oldest first. */
  all(): readonly Entry[] {
    return this.#entries.slice(this.#first);
  }

  /** False: full. Call it before making an entry of so many bytes. */
  hasRoom(bytes: number): boolean {
    return this.#bytes + bytes <= BYTES_MAX;
  }

  push(entry: Entry): void {
    this.#entries.push(entry);
    this.#bytes += entry.payload.length;
  }

  /** Before all that waits. */
  putFirst(entries: readonly Entry[]): void {
    this.#entries = [...entries, ...this.all()];
    this.#first = 0;
    for (const { payload } of entries) this.#bytes += payload.length;
  }

  /** Hands the oldest over, one after the other, until `place` says that one found no room. */
  drain(place: (entry: Entry) => boolean): void {
    for (; this.#first < this.#entries.length; this.#first++) {
      const entry = this.#entries[this.#first] as Entry;
      if (!place(entry)) break;
      this.#bytes -= entry.payload.length;
    }
    if (this.#first < LEFT_MAX && this.length > 0) return;
    this.#entries = this.#entries.slice(this.#first);
    this.#first = 0;
  }
}
