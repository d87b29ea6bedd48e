/**
 * Collects the garbage that parsing GUILD_CREATE leaves. At a start, guilds are parsed faster than the runtime collects, and the
 * process never gives memory back that its heap once took.
 */

/** Collect garbage after parsing this many bytes of GUILD_CREATE (about 40 ms). */
const COLLECT_BYTES = 2 << 20;
/** Recording a guild leaves as much garbage as parsing this many bytes. */
const RECORDED_BYTES = 16 << 10;
/** A start is over when no guild came and no work ended for this long. */
const QUIET_MS = 1_000;

export class GuildGarbage {
  readonly #collect: () => void;
  readonly #now: () => number;
  #bytes = 0;
  #came = false;

  constructor(collect: () => void, now: () => number) {
    this.#collect = collect;
    this.#now = now;
  }

  parsed(bytes: number): void {
    this.#came = true;
    this.#add(bytes);
  }

  /** A guild was recorded. */
  recorded(): void {
    this.#add(RECORDED_BYTES);
  }

  #add(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < COLLECT_BYTES) return;
    this.#bytes = 0;
    this.#collect();
  }

  /** The worker has had nothing to do since `atMs`. */
  quietSince(atMs: number): void {
    if (!this.#came || this.#now() - atMs <= QUIET_MS) return;
    this.#came = false;
    this.#bytes = 0;
    this.#collect();
  }
}
