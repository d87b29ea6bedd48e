/**
 * Which messages go into the inbox, and how many at a time. A store that is slow makes every message late; if all of them asked it
 * for a row, and again at every look, it would never catch up.
 */
import { INTERACTION_CREATE, MESSAGE_CREATE } from "../border/protocol.ts";
import type { Entry } from "./entry.ts";

const HELD_MS_MAX = 2_000;
const AT_ONCE_MAX = 64;
/** The pause after a refusal. */
const AGAIN_MS = 1_000;

export class Saves {
  #running = 0;
  #fromMs = 0;

  /** Those held for long that may be saved now; each must be begun before the next is taken. */
  *due(held: Iterable<Entry>, nowMs: number): Iterable<Entry> {
    if (nowMs < this.#fromMs) return;
    for (const entry of held) {
      if (this.#running >= AT_ONCE_MAX) return;
      // Events are done again from the stream: what they tell would be old by then.
      const keeps = entry.record.kind === MESSAGE_CREATE || entry.record.kind === INTERACTION_CREATE;
      if (keeps && !entry.saved && nowMs - entry.sinceMs > HELD_MS_MAX) yield entry;
    }
  }

  begun(): void {
    this.#running++;
  }

  ended(): void {
    this.#running--;
  }

  refused(nowMs: number): void {
    this.#running--;
    this.#fromMs = nowMs + AGAIN_MS;
  }
}
