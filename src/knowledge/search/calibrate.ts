/**
 * Where this knowledge base's cuts lie: above which score a question is taken to be answered by it.
 *
 * Algorithm: everyday questions (eggs, trains, cats) are asked of the base in each of its languages; what they score is what a foreign
 * question scores there by chance. Half of each cut is their quantile, half is what was best over the corpora the weights were trained on,
 * since two dozen questions say little. The base's own headings, asked as questions, bound the cuts from above: they are answered by it.
 */
import { type Cuts, logit, UNCALIBRATED } from "./answerable.ts";
import everyday from "./everyday.json" with { type: "json" };
import { type PassageIndex, passageAt } from "./index.ts";
import { findPassages } from "./rank.ts";

/** Of foreign questions a reader who addressed the bot gets an answer to at most about half of these, smart mode to a quarter. */
const ADDRESSED_QUANTILE = 0.5;
const SMART_QUANTILE = 0.75;
/** Of headings, nearly all must stay above. */
const HEADINGS_QUANTILE = 0.05;
const HEADINGS_MAX = 24;
/** Everyday questions weigh as much as the cuts that were best on other corpora. */
const OWN_SHARE = 0.5;
/** A score in logits below which all are alike: no word was found. */
const LOGIT_MIN = -4;
const LANGUAGES_MAX = 2;
/** Questions asked between two pauses: each is some 5 ms in the largest index. */
const SLICE_QUESTIONS = 2;

/** Asks some fifty questions at most, with a pause after every few; rejects with what `pause` throws. */
export async function calibrate(index: PassageIndex, pause?: () => Promise<void>): Promise<Cuts> {
  if (index.passages === 0) return UNCALIBRATED;
  const foreign = await scoresOf(index, everydayIn(index.languages), pause);
  const headings = await scoresOf(index, headingsOf(index), pause);
  const cut = (usual: number, quantile: number) => usual + OWN_SHARE * (quantileOf(foreign, quantile) - usual);
  const most = headings.length === 0 ? Number.POSITIVE_INFINITY : quantileOf(headings, HEADINGS_QUANTILE);
  return {
    addressed: Math.min(cut(UNCALIBRATED.addressed, ADDRESSED_QUANTILE), most),
    smart: Math.min(cut(UNCALIBRATED.smart, SMART_QUANTILE), Math.max(most, UNCALIBRATED.addressed)),
  };
}

function everydayIn(languages: readonly string[]): readonly string[] {
  const known: Readonly<Record<string, readonly string[]>> = everyday;
  const lists = languages.slice(0, LANGUAGES_MAX).flatMap((language) => known[language] ?? []);
  return lists.length > 0 ? lists : everyday.en;
}

/** Titles and headings of passages taken evenly over the base. */
function headingsOf(index: PassageIndex): readonly string[] {
  const step = Math.max(1, Math.floor(index.passages / HEADINGS_MAX));
  return Array.from({ length: HEADINGS_MAX }, (_, i) => passageAt(index, i * step))
    .map((passage) => passage?.headings.at(-1) ?? passage?.title ?? "")
    .filter((heading) => heading.trim() !== "");
}

async function scoresOf(
  index: PassageIndex,
  questions: readonly string[],
  pause: (() => Promise<void>) | undefined,
): Promise<readonly number[]> {
  const scores: number[] = [];
  for (const [i, question] of questions.entries()) {
    if (pause !== undefined && i % SLICE_QUESTIONS === SLICE_QUESTIONS - 1) await pause();
    scores.push(Math.max(LOGIT_MIN, logit(findPassages(index, question)) ?? LOGIT_MIN));
  }
  return scores.sort((a, b) => a - b);
}

function quantileOf(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? LOGIT_MIN;
}
