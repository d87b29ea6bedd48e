/** The decision about a channel's line, by its own words and the lines before it. The pipeline and the playground share this code. */
import { asksFor, asksForPerson, asksNothing, pointsElsewhere } from "../answering.ts";
import { type Decision, type DecisionFacts, decide } from "../decision.ts";
import { leansOnHistory } from "../memory.ts";
import type { Message } from "../message.ts";
import type { Triage } from "../prefilter.ts";
import type { Considered } from "../smart.ts";

export type LineFacts = Pick<
  DecisionFacts,
  "message" | "self" | "address" | "settings" | "staffAnswered" | "threadSolved"
> & {
  /** Null where nobody asked what the text is like. */
  readonly triage: Triage | null;
  /** Null where smart mode is off. */
  readonly smart: Considered | null;
  /** Its author is in the middle of a thought. */
  readonly pending: boolean;
  /** How long ago the bot answered its author here; null: not lately. */
  readonly answeredAgoMs: number | null;
};

/** After an answer its asker goes on without naming the bot. */
const GOES_ON_MS = 5 * 60_000;

export function decideLine(line: LineFacts): Decision {
  const { triage, smart, pending, answeredAgoMs, ...facts } = line;
  const { content } = facts.message;
  // Smart mode's own look knows the channel; and who is in the middle of a thought goes on with it.
  const judged = triage?.answering === "silent" ? "silent" : (smart?.decision ?? triage?.answering ?? "must");
  const lately = answeredAgoMs !== null && answeredAgoMs < GOES_ON_MS;
  return decide({
    ...facts,
    answering: pending ? "consider" : judged,
    namesAnother: smart?.reason === "addressed-to-another",
    goesOn: smart !== null && lately && !asksNothing(content),
    wantsPerson: () => asksForPerson(content),
  });
}

/** Which of the lines that somebody said shortly before belong to a question: where it points back, those that say something. */
export function linesOfQuestion<T extends Pick<Message, "content">>(
  earlier: readonly T[],
  question: string,
): readonly T[] {
  // Emoji, thanks and the wish for a person are whole by themselves, however few their words.
  const whole = asksFor(question) !== "knowledge" && !pointsElsewhere(question);
  if (question.trim() !== "" && (whole || !(leansOnHistory(question) || pointsElsewhere(question)))) return [];
  return earlier.filter(({ content }) => !asksNothing(content));
}
