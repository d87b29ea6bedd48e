/**
 * What is known of a model by its id, as data (models.json): dollars a million tokens in and out (https://groq.com/pricing, July 2026), how
 * much it reads, how hard it is told to think, and which one stands in for it once it is retired. Another model, of another server, costs
 * nothing in our books, is told nothing of thinking, and has none to stand in for it.
 */
import known from "./models.json" with { type: "json" };

export type ModelFacts = {
  readonly dollars: readonly number[];
  readonly contextTokens: number;
  readonly effort: string | null;
  readonly next: string | null;
};

/** Of a model that is not in the file: what small servers read before they cut a prompt's beginning off, unasked. */
const UNKNOWN: ModelFacts = { dollars: [0, 0], contextTokens: 8_192, effort: null, next: null };

const MODELS: Readonly<Record<string, ModelFacts>> = known;

export function factsOf(model: string): ModelFacts {
  return (Object.hasOwn(MODELS, model) ? MODELS[model] : undefined) ?? UNKNOWN;
}

/** The model and those that stand in for it, in their order, each once. */
export function chainOf(model: string): readonly string[] {
  const chain = [model];
  for (let next = factsOf(model).next; next !== null && !chain.includes(next); next = factsOf(next).next) {
    chain.push(next);
  }
  return chain;
}

export function costOf(model: string, tokensIn: number, tokensOut: number): number {
  const [inPrice = 0, outPrice = 0] = factsOf(model).dollars;
  // To a billionth of a dollar: what floating point adds behind that is noise in every log line.
  return Math.round((tokensIn * inPrice + tokensOut * outPrice) * 1_000) / 1e9;
}
