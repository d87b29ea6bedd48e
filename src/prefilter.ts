/**
 * ② The cheap look at every message: pure, no await, microseconds. Says what a model need not be asked.
 *
 * Text is folded once (case, look-alikes, İ/ı, zero-width), all word lists run in one pass, links are found once; then each
 * signal, a file in prefilter/, says what it saw, so that an admin can read why. Called by the pipeline for every message,
 * and by `gatehouse probe prefilter`. How well it does: `bun run bench prefilter`.
 */
import type { Message } from "./message.ts";
import { lookAt } from "./prefilter/look.ts";
import type { PrefilterMemory } from "./prefilter/memory.ts";
import { riskOf } from "./prefilter/risk.ts";
import { talk } from "./prefilter/small-talk.ts";
import { judge } from "./prefilter/verdict.ts";

export { createPrefilterMemories, createPrefilterMemory, type PrefilterMemory } from "./prefilter/memory.ts";

export type Signal = {
  /** A fixed kebab-case word: `look-alike-domain`, `flood`, `learned-abuse`… */
  readonly name: string;
  /** The piece of text or the count that raised it, ≤ 100 characters. */
  readonly saw: string;
};

export type Triage = {
  /** `certain`: a breach no model need confirm. `clear`: nothing a model need look at. */
  readonly moderation: "clear" | "certain" | "ask-the-model";
  /** `must`: addressed to the bot, as far as the text alone tells. `consider`: may be a request. `silent`: small talk. */
  readonly answering: "silent" | "consider" | "must";
  /** 0…1. */
  readonly risk: number;
  readonly signals: readonly Signal[];
};

/** Buffers are reused inside: never call it from within itself, and it never awaits. */
export function prefilter(message: Message, memory: PrefilterMemory): Triage {
  const look = lookAt(message);
  const answering = talk(look);
  const { moderation, risk, signals } = judge(look, memory, riskOf);
  return { moderation, answering, risk, signals };
}
