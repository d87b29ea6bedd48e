/**
 * ⑥ For what is only to be considered: does the bot help here? By retrieval's score first, which costs nothing, and only above
 * it by the small model. Without a model the trust in a quote decides; when in doubt, silence.
 */
import { AppError } from "../errors.ts";
import type { GuildId } from "../ids.ts";
import type { PassageRow } from "../knowledge.ts";
import type { Exchanged, Llm } from "../llm.ts";
import { cleanText } from "../payload.ts";
import type { Spending } from "../record.ts";

export type Judgement =
  | { readonly speak: true; readonly why: string | null }
  | {
      readonly speak: false;
      readonly reason: "nothing-relevant" | "model-declined";
      /** The model's own words, for the admin; null where it was not asked. */
      readonly why: string | null;
    };

type Considered = {
  readonly guild: GuildId;
  readonly text: string;
  /** Read only where the model is asked. */
  readonly channel: () => Promise<readonly Exchanged[]>;
  readonly passages: readonly PassageRow[];
  readonly answerable: number;
  /** Retrieval's threshold that keeps 95 % of what can be answered. */
  readonly answerableMin: number;
  /** Would a quote answer it? Asked where no model can tell. */
  readonly trusted: () => Promise<boolean>;
};

const JUDGE_MS_MAX = 3_000;
const PASSAGES_JUDGED_MAX = 4;
/** It is asked for 15 words. */
const WHY_CHARS_MAX = 300;

export async function judgeHelp(
  { guild, text, channel, passages, answerable, answerableMin, trusted }: Considered,
  llm: Llm | null,
  leftMs: number,
  spending: Spending,
): Promise<Judgement> {
  if (passages.length === 0 || answerable < answerableMin) {
    return { speak: false, reason: "nothing-relevant", why: null };
  }
  if (llm === null) {
    return (await trusted()) ? { speak: true, why: null } : { speak: false, reason: "nothing-relevant", why: null };
  }
  try {
    const task = {
      task: "judge",
      text,
      channel: await channel(),
      passages: passages.slice(0, PASSAGES_JUDGED_MAX),
    } as const;
    const completion = await llm.complete(task, { deadlineMs: Math.min(JUDGE_MS_MAX, leftMs), guild });
    spending.add(completion);
    const why = cleanText(completion.result.reason, WHY_CHARS_MAX).trim() || null;
    return completion.result.help ? { speak: true, why } : { speak: false, reason: "model-declined", why };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { speak: true, why: null };
  }
}
