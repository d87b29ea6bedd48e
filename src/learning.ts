/**
 * What people teach the bot: an agent's answer becomes a question-and-answer pair; a check set of a guild's own questions shows what
 * a change broke. What nobody could answer: open-questions.ts.
 */
import type { Bus } from "./bus.ts";
import { AppError } from "./errors.ts";
import type { GuildId } from "./ids.ts";
import { addPairs, type Cutter, type Knowledge, type Pair } from "./knowledge.ts";
import type { CheckRow } from "./store/ports/checks.ts";
import type { Store } from "./store.ts";

/** The source that such pairs stand in. */
const SOURCE = "Answers of the team";

/** False where the pair has not its form, or there are too many. A pair with the same question takes the place of the older. */
export async function learnPair(
  guild: GuildId,
  pair: Pair,
  ports: {
    readonly store: Pick<Store, "knowledge">;
    readonly bus: Pick<Bus, "publish">;
    readonly cutter: Pick<Cutter, "cut">;
  },
): Promise<boolean> {
  try {
    await addPairs({ guild, name: SOURCE, pairs: [pair] }, { ...ports, store: ports.store.knowledge });
    return true;
  } catch (error) {
    if (error instanceof AppError && error.kind === "invalid") return false;
    throw error;
  }
}

export type CheckResult = CheckRow & { readonly passed: boolean; readonly broke: boolean };

/** The page or pair that should answer a question must be among the first. */
const AMONG_FIRST = 3;

/** Asks every question of the check set, and keeps what came of it; `broke`: it passed the last time. */
export async function runChecks(
  guild: GuildId,
  ports: { readonly store: Pick<Store, "checks">; readonly knowledge: Knowledge },
): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of await ports.store.checks.list(guild)) {
    const { passages } = await ports.knowledge.retrieve(guild, check.question, AMONG_FIRST);
    const titles = passages.map(({ passage }) => passage.title);
    const passed = titles.includes(check.expected);
    const found = titles[0] ?? "";
    await ports.store.checks.result(guild, check.id, { passed, found });
    results.push({ ...check, passed, found, passedBefore: check.passed, broke: !passed && check.passed === true });
  }
  return results;
}

/** A check made of the pages that answer the question today; null if none does. */
export async function addCheck(
  guild: GuildId,
  question: string,
  ports: { readonly store: Pick<Store, "checks">; readonly knowledge: Knowledge },
): Promise<string | null> {
  const { passages } = await ports.knowledge.retrieve(guild, question, 1);
  const expected = passages[0]?.passage.title;
  if (expected === undefined || !(await ports.store.checks.add(guild, { question, expected }))) return null;
  return expected;
}
