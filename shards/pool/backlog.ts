/** Dispatches that must not be lost and found no room in their worker's ring, in order. Bounded in bytes. */
import type { Entry } from "./entry.ts";

const BYTES_MAX = 256 << 20;

export class Backlog {
  #entries: Entry[] = [];
  #bytes = 0;

  get length(): number {
    return this.#entries.length;
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
    this.#entries = [...entries, ...this.#entries];
    for (const { payload } of entries) this.#bytes += payload.length;
  }

  /** Hands the oldest over, one after the other, until `place` says that one found no room. */
  drain(place: (entry: Entry) => boolean): void {
    let placed = 0;
    for (const entry of this.#entries) {
      if (!place(entry)) break;
      this.#bytes -= entry.payload.length;
      placed++;
    }
    if (placed > 0) this.#entries = this.#entries.slice(placed);
  }
}
