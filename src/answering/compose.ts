/**
 * ⑦ A look → what is said: a checked answer from the passages, a courtesy, or one line: why there is no answer, or that the team
 * can see that the member wants a person. Called once the talk is the bot's.
 */
import { teamLine } from "../escalation.ts";
import type { BotWords } from "../i18n.ts";
import type { Spending } from "../record.ts";
import { harmless, linkTo } from "../reply.ts";
import type { Source } from "../store/ports/conversations.ts";
import { type Answer, answer } from "./answer.ts";
import type { Courtesy } from "./courtesy.ts";
import { type Escalation, escalation } from "./escalation.ts";
import { historyOf, type Inquiry, type Lookup, type Sources, type Voice } from "./look.ts";
import { worthTelling } from "./worth-telling.ts";

export type Composed = {
  readonly kind: "known" | "not-in-knowledge" | "no-knowledge" | "knowledge-loading" | "courtesy" | "wants-human";
  /** The member wants a person: that is what is said, and nothing is quoted beside it. */
  readonly escalation: Escalation | null;
  /** Null where none was tried. */
  readonly answer: Answer | null;
  /** Harmless, without the sources' lines. */
  readonly text: string;
  readonly sources: readonly Source[];
};

/** `escalatedAtMs`: when this talk was last marked for the team; null: never. */
export async function compose(
  found: Lookup,
  { words: said, language }: Voice,
  asked: Inquiry,
  escalatedAtMs: number | null,
  sources: Sources,
  spending: Spending,
): Promise<Composed> {
  const { retrieval, question, trustMin } = found;
  const { settings, botName, deadlineAtMs, guild } = asked;
  const { clock, logger, knowledge } = sources;
  const inOneLine = (kind: Composed["kind"], text: string, tried: Answer | null): Composed => ({
    ...{ kind, text, answer: tried, escalation: null, sources: [] },
  });
  /** A member who wants a person hears only of that, and nothing about the knowledge base. */
  const toTeam = async (tried: Answer | null): Promise<Composed> => {
    const wanted = escalation(escalatedAtMs, clock.now());
    const features = await sources.plans.features(guild);
    const { people } = settings;
    return {
      ...inOneLine("wants-human", teamLine(wanted, said, { people, features }, clock.now()), tried),
      escalation: wanted,
    };
  };

  if (found.asks === "person") return toTeam(null);
  if (found.asks !== "knowledge") return inOneLine("courtesy", courtesyLine(found.asks, said), null);
  const passages = retrieval.passages.map((ranked) => ranked.passage);
  if (retrieval.loading) return inOneLine("knowledge-loading", said.knowledgeLoading, null);
  if (passages.length === 0 && (await knowledge.empty(guild))) {
    return inOneLine("no-knowledge", said.emptyKnowledge, null);
  }
  const task = {
    ...{ question, passages, language, botName, instructions: settings.instructions },
    history: found.history ?? (await historyOf(asked)),
    channel: await asked.channel(),
    found: retrieval,
  };
  const tried = await answer(
    { ...task, trustMin, guild, told: worthTelling(retrieval.passages) },
    sources,
    deadlineAtMs,
  );
  spending.add(tried.model === "none" ? { ...tried, model: null } : tried);
  if (tried.fellBack !== null && tried.fellBack !== "no-model") {
    logger.warn({ guild, reason: tried.fellBack }, "model-bypassed");
  }
  if (tried.wantsHuman) return toTeam(tried);
  const text = harmless(tried.text, passages, said);
  if (text === "") return inOneLine("not-in-knowledge", notFoundLine(tried, said), tried);
  return { kind: "known", escalation: null, answer: tried, text, sources: tried.sources };
}

/** With the page that comes nearest, where there is one that can be named. */
function notFoundLine({ nearest }: Answer, said: BotWords): string {
  const page = nearest === null ? null : linkTo(nearest, said);
  return page === null ? said.notInKnowledge : `${said.notInKnowledge} ${said.nearestPage} ${page}`;
}

function courtesyLine(courtesy: Courtesy, said: BotWords): string {
  const lines = {
    greeting: said.askSomething,
    thanks: said.welcome,
    "how-are-you": said.doingWell,
    insult: said.insulted,
  } as const satisfies Record<Courtesy, string>;
  return lines[courtesy];
}
