/**
 * ② The cheap look at every message: pure, no await, microseconds. Says what a model need not be asked.
 *
 * Text is folded once (case, look-alikes, İ/ı, zero-width), all word lists run in one pass, links are found once; then each
 * signal, a file in prefilter/, says what it saw, so that an admin can read why. Called by the pipeline for every message,
 * and by `gatehouse probe prefilter`. How well it does: `bun run bench prefilter`.
 */
import type { Message } from "./message.ts";
import { type GuildFilter, NO_FILTER } from "./prefilter/guild-filter.ts";
import { lookAt, type TextLook } from "./prefilter/look.ts";
import type { PrefilterMemory } from "./prefilter/memory.ts";
import { judgeName } from "./prefilter/names.ts";
import { riskOf } from "./prefilter/risk.ts";
import { talk } from "./prefilter/small-talk.ts";
import { judge } from "./prefilter/verdict.ts";

export {
  compileFilter,
  type FilterRefusal,
  type FilterSettings,
  type GuildFilter,
  NO_FILTER,
  refusedInFilter,
  refusePattern,
  refuseWord,
} from "./prefilter/guild-filter.ts";
export { lookAt, type TextLook } from "./prefilter/look.ts";
export { createPrefilterMemory, type PrefilterMemory } from "./prefilter/memory.ts";
export { refusalInWords, signalInWords } from "./prefilter/signal-words.ts";

export type Signal = {
  /** A fixed kebab-case word: `look-alike-domain`, `flood`, `learned-abuse`…; `signalInWords` says it to people. */
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

/**
 * `filter`: what the guild's admin added, compiled once by `compileFilter`. Buffers are reused inside: never call it from within
 * itself, and it never awaits.
 */
export function prefilter(message: Message, memory: PrefilterMemory, filter: GuildFilter = NO_FILTER): Triage {
  return triageOf(lookAt(message, filter.allows), memory, filter);
}

/** The same of a text that was read with `lookAt`: smart mode goes on with the same look. Its links are masked afterwards. */
export function triageOf(look: TextLook, memory: PrefilterMemory, filter: GuildFilter = NO_FILTER): Triage {
  const answering = talk(look);
  const { moderation, risk, signals } = judge(look, memory, riskOf, filter);
  return { moderation, answering, risk, signals };
}

/** Of a member's name, which floods nothing; `bare` is a message of nothing but it. */
export function prefilterName(bare: Message, filter: GuildFilter): Triage {
  const found = prefilter(bare, ALONE, filter);
  return { ...found, ...judgeName(bare.content, found) };
}

const ALONE: PrefilterMemory = { rate: () => 1, repeats: () => 1, members: () => 1 };
