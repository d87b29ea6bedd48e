/**
 * ⑥ For what is only to be considered: does the bot help here? By retrieval's score first, which costs nothing, and only above
 * it by the small model. Without a model the score decides alone; when in doubt, silence.
 */
import { AppError } from "./errors.ts";
import type { PassageRow } from "./knowledge.ts";
import type { Exchanged, Llm } from "./llm.ts";
import type { Spent } from "./record.ts";

export type Judgement =
  | { readonly speak: true; readonly spent: Spent | null }
  | {
      readonly speak: false;
      readonly reason: "nothing-relevant" | "model-declined";
      /** The model's own words, for the admin. */
      readonly why: string | null;
      readonly spent: Spent | null;
    };

export type Considered = {
  readonly text: string;
  readonly channel: readonly Exchanged[];
  readonly passages: readonly PassageRow[];
  readonly answerable: number;
  /** Retrieval's threshold that keeps 95 % of what can be answered. */
  readonly answerableMin: number;
};

const JUDGE_MS_MAX = 3_000;
const PASSAGES_JUDGED_MAX = 4;

export async function judge(considered: Considered, llm: Llm | null, leftMs: number): Promise<Judgement> {
  const { text, channel, passages, answerable, answerableMin } = considered;
  if (passages.length === 0 || answerable < answerableMin) {
    return { speak: false, reason: "nothing-relevant", why: null, spent: null };
  }
  if (llm === null) return { speak: true, spent: null };
  try {
    const task = { task: "judge", text, channel, passages: passages.slice(0, PASSAGES_JUDGED_MAX) } as const;
    const { result, ms: _, ...spent } = await llm.complete(task, { deadlineMs: Math.min(JUDGE_MS_MAX, leftMs) });
    if (result.help) return { speak: true, spent };
    return { speak: false, reason: "model-declined", why: result.reason, spent };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { speak: true, spent: null };
  }
}
