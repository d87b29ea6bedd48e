/**
 * Questions asked of the model, a few at a time, as members would ask them, each paid for at most once.
 *
 * The model's own budget says how fast: a call that it refused was not made, so the question waits and is asked again, for little more than a minute.
 * Whatever else goes wrong may have been paid for, and is not repeated. Where several in a row get no answer, the rest are not asked.
 */
import type { ErrorKind } from "../errors.ts";
import type { GuildId } from "../ids.ts";
import type { Llm } from "../llm.ts";
import { NOTHING_SPENT, type Spent } from "../record.ts";
import type { GuildSettings } from "../settings/form.ts";
import type { Source } from "../store/ports/conversations.ts";
import { attempt, type TrialAnswer } from "../trial.ts";

/** What the bot said; `unjudged`: why no model did. */
export type Spoken = {
  readonly kind: TrialAnswer["kind"];
  readonly text: string;
  readonly sources: readonly Source[];
  readonly language: string;
  /** Sentences that the check of facts left out. */
  readonly dropped: number;
  readonly spent: Spent;
  readonly unjudged: ErrorKind | "not-asked" | "knowledge-loading" | null;
};

type Ports = Parameters<typeof attempt>[1];

/** Fewer than a process may have under way, so that members are answered meanwhile. */
const TOGETHER = 2;
const AGAIN_MS = 2_000;
/** Limits are a minute's. */
const WAIT_MS_MAX = 75_000;
const FAILURES_MAX = 3;

/** `said` hears of each question once. One may wait for 75 s, and then takes as long as an answer may: 12 s. */
export async function answersOf(
  asked: {
    readonly guild: GuildId;
    readonly settings: GuildSettings;
    readonly questions: readonly { readonly id: string; readonly question: string }[];
  },
  ports: Ports,
  said: (id: string, spoken: Spoken) => Promise<void>,
): Promise<void> {
  const { guild, settings, questions } = asked;
  const waiting = [...questions];
  let failures = 0;

  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const spoken = failures >= FAILURES_MAX ? NOT_ASKED : await askOnce(guild, next.question, settings, ports);
      if (spoken.unjudged === null) failures = 0;
      else failures = spoken.unjudged === "unauthorized" ? FAILURES_MAX : failures + 1;
      await said(next.id, spoken);
    }
  }
  await Promise.all(Array.from({ length: TOGETHER }, work));
}

const NOT_ASKED: Spoken = {
  ...{ kind: "declined", text: "", sources: [], language: "und", dropped: 0, spent: NOTHING_SPENT },
  unjudged: "not-asked",
};

/** Refused before it was made, by our budget or with 429: nothing was paid. */
const UNPAID: ReadonlySet<unknown> = new Set(["rate-limited", "overloaded"] satisfies ErrorKind[]);

async function askOnce(guild: GuildId, question: string, settings: GuildSettings, ports: Ports): Promise<Spoken> {
  const sources = { ...ports, llm: ports.llm && onlyOnce(ports.llm) };
  const untilMs = ports.clock.now() + WAIT_MS_MAX;
  for (;;) {
    const { answered } = await attempt({ guild, question, settings }, sources);
    const { kind, text, sources: cited, language, answer, spent } = answered;
    const fellBack = answer?.fellBack ?? null;
    if (UNPAID.has(fellBack) && ports.clock.now() < untilMs) {
      await ports.clock.sleep(AGAIN_MS);
      continue;
    }
    const missing = fellBack === "no-model" ? "not-asked" : fellBack;
    const unjudged = kind === "knowledge-loading" ? kind : missing;
    return { kind, text, sources: cited, language, dropped: answer?.dropped ?? 0, spent, unjudged };
  }
}

/** A second try after a reply without its form would be paid for again. */
function onlyOnce(llm: Llm): Llm {
  return { ...llm, complete: (task, limits) => llm.complete(task, { ...limits, triesMax: 1 }) };
}
