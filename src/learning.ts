/**
 * What people teach the bot: an agent's answer becomes a question-and-answer pair; what nobody could answer is grouped, and a
 * group closes itself once the knowledge base answers it; a check set of a guild's own questions shows what a change broke.
 */
import type { Bus } from "./bus.ts";
import type { Clock } from "./clock.ts";
import { AppError } from "./errors.ts";
import type { GuildId } from "./ids.ts";
import { ANSWERABLE_MIN, addPairs, type Cutter, type Knowledge, type Pair } from "./knowledge.ts";
import type { CheckRow, UnansweredRow } from "./store/ports/checks.ts";
import type { Store } from "./store.ts";
import { languageOf } from "./text/language.ts";
import { stemsOf } from "./text/stems.ts";

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

/** Questions that ask the same, by the words that retrieval looks for. */
export type QuestionGroup = {
  /** As it was asked last. */
  readonly question: string;
  readonly times: number;
  readonly lastAtMs: number;
  readonly conversation: string;
};

const DAYS_MS = 60 * 86_400_000;
const READ_MAX = 500;
const GROUPS_SHOWN = 30;
/** So much of two questions' words must be the same. */
const ALIKE_MIN = 0.6;

/** Most often asked first. A group that the knowledge base answers by now is gone. */
export async function unansweredQuestions(
  guild: GuildId,
  ports: { readonly store: Pick<Store, "checks">; readonly knowledge: Knowledge; readonly clock: Clock },
): Promise<readonly QuestionGroup[]> {
  const rows = await ports.store.checks.unanswered(guild, ports.clock.now() - DAYS_MS, READ_MAX);
  const groups = groupAlike(rows);
  const open: QuestionGroup[] = [];
  for (const group of groups) {
    if (open.length >= GROUPS_SHOWN) break;
    const { answerable } = await ports.knowledge.retrieve(guild, group.question, 1);
    if (answerable < ANSWERABLE_MIN) open.push(group);
  }
  return open;
}

/** `rows` newest first: the first of a group is how it was asked last. */
export function groupAlike(rows: readonly UnansweredRow[]): readonly QuestionGroup[] {
  const groups: { words: ReadonlySet<string>; group: QuestionGroup }[] = [];
  for (const row of rows) {
    const question = row.text.replace(/<@[!&]?\d{1,20}>/g, "").trim();
    const words = new Set(stemsOf(question, languageOf(question)));
    if (words.size === 0) continue;
    const same = groups.find((one) => alike(one.words, words) >= ALIKE_MIN);
    if (same !== undefined) same.group = { ...same.group, times: same.group.times + 1 };
    else groups.push({ words, group: { question, times: 1, lastAtMs: row.atMs, conversation: row.conversation } });
  }
  return groups.map(({ group }) => group).sort((a, b) => b.times - a.times || b.lastAtMs - a.lastAtMs);
}

function alike(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0;
  for (const word of a) if (b.has(word)) common++;
  return common / (a.size + b.size - common);
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
