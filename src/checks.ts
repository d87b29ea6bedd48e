/**
 * A guild's own questions, each with the page that should answer it or the wish that none does: added, looked up without a model,
 * and asked of the model as members would. What came of the last run is kept, of both ways.
 */
import { answersOf, type Spoken } from "./checks/asked.ts";
import { faultOf } from "./checks/fault.ts";
import type { GuildId } from "./ids.ts";
import { defaultSettings } from "./settings/form.ts";
import { CHECKS_MAX, type CheckFault, type CheckRow } from "./store/ports/checks.ts";
import type { Store } from "./store.ts";
import { attempt } from "./trial.ts";

export type { Spoken } from "./checks/asked.ts";

export type CheckPorts = Parameters<typeof attempt>[1] & { readonly store: Pick<Store, "checks" | "guilds"> };

export type CheckResult = CheckRow & { readonly passed: boolean; readonly broke: boolean };

/** The page or pair that should answer a question must be among the first. */
const AMONG_FIRST = 3;

/** Looks questions up, the oldest `most`, without a model, and keeps what came of it; `broke`: it passed the last time. */
export async function runChecks(guild: GuildId, ports: CheckPorts, most = CHECKS_MAX): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  const { checks, guilds } = ports.store;
  const settings = (await guilds.get(guild))?.settings ?? defaultSettings;
  for (const check of (await checks.list(guild)).slice(0, most)) {
    const trial = await attempt({ guild, question: check.question, settings }, { ...ports, llm: null });
    const titles = trial.answered.retrieval.passages.slice(0, AMONG_FIRST).map(({ passage }) => passage.title);
    const isQuoted = trial.answered.kind === "known";
    const passed = check.expected === null ? !isQuoted : titles.includes(check.expected);
    const found = check.expected === null && !isQuoted ? "" : (titles[0] ?? "");
    await checks.result(guild, check.id, { passed, found });
    results.push({ ...check, passed, found, passedBefore: check.passed, broke: !passed && check.passed === true });
  }
  return results;
}

/** `fault`: null where it passes. `unjudged`: why no model answered, and then nothing is known of it. */
export type JudgedCheck = CheckRow & {
  readonly fault: CheckFault | null;
  readonly unjudged: string | null;
  /** Titles of the pages that the answer cites. */
  readonly cited: readonly string[];
} & Pick<Spoken, "text" | "dropped" | "spent">;

/**
 * Asks `checks` of the model, at most one call each, and keeps each result as it comes. A call that may have been paid for is never made
 * again; `told` hears of each in the order in which they end.
 */
export async function judgeChecks(
  guild: GuildId,
  checks: readonly CheckRow[],
  ports: CheckPorts,
  told: (judged: JudgedCheck) => void,
): Promise<readonly JudgedCheck[]> {
  const { store, llm } = ports;
  const settings = (await store.guilds.get(guild))?.settings ?? defaultSettings;
  const judged = new Map<string, JudgedCheck>();
  const questions = checks.map(({ id, question }) => ({ id, question }));
  await answersOf({ guild, settings, questions }, ports, async (id, spoken) => {
    const check = checks.find((one) => one.id === id);
    if (check === undefined) return;
    const { unjudged, text, dropped, spent, sources } = spoken;
    const fault = unjudged === null ? faultOf(check, spoken) : null;
    const cited = sources.map(({ title }) => title);
    const one = { ...check, fault, unjudged, cited, text, dropped, spent };
    judged.set(id, one);
    told(one);
    if (unjudged !== null) return;
    const model = spent.model ?? llm?.answers?.model ?? llm?.name ?? "";
    await store.checks.judged(guild, id, { fault, model, prompts: spent.prompts ?? llm?.answers?.prompts ?? 0 });
  });
  return checks.flatMap(({ id }) => judged.get(id) ?? []);
}

/** What a check may ask for beside its question. */
export type CheckWish = {
  readonly question: string;
  /** A word, number or phrase that the model's answer must hold; "" for none. */
  readonly says: string;
  /** No page may answer it. */
  readonly absent: boolean;
};

/** A check made of the page that answers the question today, or of its absence; false if that does not hold today, or there are too many. */
export async function addCheck(
  guild: GuildId,
  { question, says, absent }: CheckWish,
  ports: Pick<CheckPorts, "store" | "knowledge">,
): Promise<boolean> {
  if (absent) return await ports.store.checks.add(guild, { question, expected: null, says: null });
  const { passages } = await ports.knowledge.retrieve(guild, question, 1);
  const expected = passages[0]?.passage.title;
  if (expected === undefined) return false;
  return await ports.store.checks.add(guild, { question, expected, says: says === "" ? null : says });
}
