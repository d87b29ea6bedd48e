/**
 * Tracks how far one shard's dispatches are settled: the newest sequence number up to which every received dispatch has an outcome.
 *
 * Algorithm: a queue of received numbers in order, each settled or not. Settled numbers leave at the front, and the last one that
 * left is the mark. Numbers that never arrive (control frames) leave no gap. READY starts a new count; late or repeated numbers are
 * ignored. The shard saves the mark, and after a crash the session resumes from it.
 */

export class Ledger {
  /** Null until something settled. */
  mark: number | null = null;
  #sequences = new Float64Array(1024);
  #settled = new Uint8Array(1024);
  /** Tokens of the first that is not settled, and of the next to come in. */
  #first = 0;
  #next = 0;
  #last = -1;

  /** Notes that `sequence` came in. The token settles it; -1: nothing to settle. */
  enter(sequence: number): number {
    if (sequence <= this.#last) return -1;
    this.#last = sequence;
    if (this.#next - this.#first === this.#sequences.length) this.#grow();
    const place = this.#next & (this.#sequences.length - 1);
    this.#sequences[place] = sequence;
    this.#settled[place] = 0;
    return this.#next++;
  }

  /** True when the mark moved. */
  settle(token: number): boolean {
    if (token < this.#first || token >= this.#next) return false;
    const mask = this.#sequences.length - 1;
    this.#settled[token & mask] = 1;
    if (token !== this.#first) return false;
    while (this.#first < this.#next && this.#settled[this.#first & mask] === 1) {
      this.mark = this.#sequences[this.#first & mask] as number;
      this.#first++;
    }
    return true;
  }

  /** A new session: open events of the old one no longer hold the mark. */
  restart(): void {
    this.#first = this.#next;
    this.#last = -1;
    this.mark = null;
  }

  /** Dispatches that wait for their end. */
  get open(): number {
    return this.#next - this.#first;
  }

  #grow(): void {
    const length = this.#sequences.length;
    const sequences = new Float64Array(length * 2);
    const settled = new Uint8Array(length * 2);
    for (let token = this.#first; token < this.#next; token++) {
      sequences[token & (length * 2 - 1)] = this.#sequences[token & (length - 1)] as number;
      settled[token & (length * 2 - 1)] = this.#settled[token & (length - 1)] as number;
    }
    this.#sequences = sequences;
    this.#settled = settled;
  }
}
