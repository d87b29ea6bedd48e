/**
 * ⑤–⑨ One way for an answer, whatever the venue: the conversation, the floor, look, compose, the send, the record.
 *
 *   asked:    floor ─▶ again? ─▶ look ─▶ compose ─▶ send ─▶ record
 *   unasked:  look (with judgement) ─▶ floor ─▶ again? ─▶ compose ─▶ send ─▶ record
 *
 * The floor is the answer to "is the talk the bot's, or does an agent hold it?". Settles with what the question came to; throws
 * what the stages throw while nothing was sent. Only calls of the store are waited for and repeated (`patience`): a model is
 * asked once, and what it cost is on record also where a later stage fails.
 */
import type { Busy } from "./answer-queue.ts";
import { afterFailures } from "./answering/after-failures.ts";
import { type Likeness, likenessOf, standing } from "./answering/again.ts";
import type { Answered, Asking } from "./answering/asking.ts";
import { type Asks, asksFor } from "./answering/asks.ts";
import { type Composed, compose } from "./answering/compose.ts";
import { inquiryOf, patientSources } from "./answering/inquiry.ts";
import { type Inquiry, type Lookup, look, voiceFor } from "./answering/look.ts";
import { createRates, type Rates } from "./answering/rates.ts";
import { AppError } from "./errors.ts";
import { exchangeOf, type Said, silenceOf } from "./exchange.ts";
import { type BotWords, botLines } from "./i18n.ts";
import { createKeptAnswers, type KeptAnswer, type KeptAnswers, MEMORY_MS, type Memory } from "./memory.ts";
import type { RefusedReason, Wish } from "./plans/quota.ts";
import { createRecent, type Recent } from "./recent.ts";
import {
  createRecorder,
  createSpending,
  type Outcome,
  outcome,
  REUSED,
  type Recorder,
  type Spending,
} from "./record.ts";
import type { Services } from "./services.ts";
import type { ConversationRow } from "./store/ports/conversations.ts";
import type { GuildRow } from "./store/ports/guilds.ts";
import { speaker } from "./takeover.ts";
import { languageOf } from "./text/language.ts";
import { traceExchange } from "./traces.ts";
import type { Delivery, Fence } from "./venue.ts";

export type { Answered, Asking } from "./answering/asking.ts";
export { asksFor } from "./answering/asks.ts";
export { type Composed, compose } from "./answering/compose.ts";
export { asksNothing } from "./answering/courtesy.ts";
export { asksForPerson } from "./answering/escalation.ts";
export { type Lookup, look, type Sources, type Voice, voiceFor } from "./answering/look.ts";
export { pointsAtOthers, pointsElsewhere } from "./answering/pointing.ts";
export { gistOf, QUESTION_CHARS_MAX, questionOf } from "./answering/question.ts";

export type Answering = {
  answer(asking: Asking): Promise<Answered>;
  /** Sent instead of an answer where too many wait already: always to a person who asked the bot, otherwise once a minute. */
  turnAway(asking: Asking, busy: Busy): Promise<Answered>;
};

const TALKS_MAX = 20_000;

type Deps = Pick<Services, "clock" | "logger" | "store" | "knowledge" | "llm" | "extractive" | "quota" | "plans"> & {
  readonly memory: Memory;
  readonly recorder: Recorder;
  /** Talks that were opened here lately. */
  readonly talks: Recent<string, true>;
  readonly rates: Rates;
  readonly kept: KeptAnswers;
};

/** One question with what is known of it by now. */
type Run = Asking & {
  readonly row: GuildRow;
  readonly spending: Spending;
  conversation: ConversationRow | null;
  /** The message of the quota that is reserved for it, until it is recorded or given back. */
  reserved: Wish | null;
};

type Floor = { readonly held: false; readonly escalatedAtMs: number | null } | { readonly held: true };

export function createAnswering(services: Services, { memory }: { readonly memory: Memory }): Answering {
  const deps = {
    ...services,
    memory,
    recorder: createRecorder(services),
    talks: createRecent<string, true>(TALKS_MAX),
    rates: createRates(services.clock),
    kept: createKeptAnswers(services.hot, services.logger),
  };
  return {
    answer: (asking) => traceExchange(asking, () => guarded(asking, deps, (run) => answerFrom(run, deps))),
    turnAway: (asking, busy) => traceExchange(asking, () => guarded(asking, deps, (run) => turnAway(run, busy, deps))),
  };
}

async function guarded(asking: Asking, deps: Deps, work: (run: Run) => Promise<Answered>): Promise<Answered> {
  const { row, venue } = asking;
  const spending = createSpending();
  try {
    if (row === null) return await askInServer(asking, deps);
    const run: Run = { ...asking, row, spending, conversation: null, reserved: null };
    try {
      return await work(run);
    } catch (error) {
      const reason = error instanceof AppError ? error.kind : "bug";
      const failed = outcome("failed", reason, since(asking, deps), spending.total());
      if (failed.model === null) throw error;
      await keep({ ...run, patience: { run: (call) => call() } }, failed, null, null, deps);
      return { outcome: failed, cause: error };
    } finally {
      // The record ended its reservation; this gives back the reservation of a question without one.
      if (run.reserved !== null) await deps.quota.release(row.guild, run.reserved);
    }
  } finally {
    venue.finish();
  }
}

async function answerFrom(run: Run, deps: Deps): Promise<Answered> {
  const { unasked, venue, spending } = run;
  // Most unasked lines end without an answer and open no conversation; but an open conversation may be an agent's.
  const goesOn = deps.talks.has(talkOf(run));
  let floor: Floor | null = !unasked || goesOn ? await takeFloor(run, deps) : null;
  if (floor?.held) return await leaveToAgent(run, deps);
  if (!unasked) venue.begin();

  const text = await run.question();
  if (!unasked && run.unread?.() === true)
    return await say(run, "history-unread", (said) => said.cannotReadAbove, deps);
  if (text === "") return await say(run, "asked-nothing", (said) => said.askSomething, deps);
  const busy = deps.llm === null ? null : deps.rates.take(run.row.guild, run.asker.id);
  if (busy !== null) return await turnAway(run, busy, deps);
  const inquiry = inquiryOf(run, text, deps);
  const asks = asksFor(text);
  let same = unasked ? null : await likeness(inquiry, asks, deps);
  const again = same && (await standing(inquiry, same, deps.clock.now(), deps));
  if (same && again) return await sayAgain(run, text, same, again, null, deps);
  // Reserved before a model is asked; where nobody addressed the bot, only once it is to speak: silences are not counted.
  const refused = unasked || asks !== "knowledge" ? null : await reserve(run, deps);
  if (refused !== null) return await refuse(run, refused, deps);
  const sources = { ...deps, ...patientSources(deps, run.patience) };
  const found = await look(inquiry, sources, spending, asks);
  const why = found.judgement?.why ?? null;
  if (found.judgement?.speak === false) return silent(run, found.judgement.reason, why, deps);
  if (unasked) {
    floor = await takeFloor(run, deps);
    if (floor.held) return await leaveToAgent(run, deps);
    same = await likeness(inquiry, asks, deps);
    const before = same && (await standing(inquiry, same, deps.clock.now(), deps));
    if (same && before) {
      venue.begin();
      return await sayAgain(run, text, same, before, why, deps);
    }
    const late = found.asks === "knowledge" ? await reserve(run, deps) : null;
    if (late !== null) return { outcome: outcome("refused", late.reason, since(run, deps), spending.total()), why };
    venue.begin();
  }

  const voice = same?.voice ?? (await voiceFor(inquiry, found));
  const first = await compose(found, voice, inquiry, floor?.escalatedAtMs ?? null, sources, spending);
  const composed = await afterFailures({ ...run, words: voice.words }, first, deps);
  const { kind, escalation: wanted, sources: cited } = composed;
  if (unasked && kind !== "known" && wanted === null) return silent(run, "nothing-relevant", why, deps);
  const spent = spending.total();
  if (run.withdrawn?.()) return await drop(run, deps);

  const rated = kind === "known" ? run.row.guild : null;
  const delivery = await venue.send({ text: composed.text, sources: cited, rated, words: voice.words }, fenceOf(run));
  if (delivery.state === "held") return await leaveToAgent(run, deps);
  if (delivery.state === "gone") return await drop(run, deps);
  const became = becameOf(run, delivery, { ...composed, failures: composed !== first });
  const fresh = outcome(...became, since(run, deps), spent);
  const worth = same && delivery.state === "sent" ? worthKeeping(run, composed, found, deps) : null;
  const result = worth === null ? fresh : { ...fresh, kept: worth.id };
  const posted = delivery.messages.length > 0 ? { ...composed, answer: kind === "known" } : null;
  const recorded = await keep(run, result, posted && saidOf(run, posted, delivery, deps), why, deps);
  // Only what stands in the record can be disliked there.
  if (same && worth && recorded) await deps.kept.keep(run.row.guild, same.hash, worth, run.receivedAtMs);
  if (posted !== null && kind !== "courtesy" && !run.private) await remember(run, text, composed.text, deps);
  return { outcome: result, why, ...(delivery.state === "failed" ? { cause: delivery.cause } : {}) };
}

/** Null where answers are not kept: without a model a quote costs nothing to be made anew, and a courtesy nothing at all. */
async function likeness(asked: Inquiry, asks: Asks, { llm }: Deps): Promise<Likeness | null> {
  return llm === null || asks !== "knowledge" ? null : await likenessOf(asked, llm);
}

/** A model's own, whole answer that anybody may see; null: none, or it is made anew each time. */
function worthKeeping(
  run: Run,
  { kind, answer, escalation, text, sources }: Composed,
  { retrieval }: Lookup,
  { clock }: Deps,
): KeptAnswer | null {
  if (kind !== "known" || escalation !== null || answer?.fellBack !== null || run.private) return null;
  if (retrieval.version === undefined) return null;
  return { id: clock.id(), asker: run.asker.id, knowledge: retrieval.version, text, sources };
}

async function sayAgain(
  run: Run,
  question: string,
  { hash, voice: { words } }: Likeness,
  { id, text, sources }: KeptAnswer,
  why: string | null,
  deps: Deps,
): Promise<Answered> {
  const { guild } = run.row;
  await deps.kept.noteAsker(guild, hash, run.asker.id);
  if (run.withdrawn?.()) return await drop(run, deps);
  const delivery = await run.venue.send({ text, sources, rated: guild, words }, fenceOf(run));
  if (delivery.state === "held") return await leaveToAgent(run, deps);
  if (delivery.state === "gone") return await drop(run, deps);
  const spent = run.spending.total();
  if (delivery.state === "failed") {
    const failed = outcome("failed", delivery.reason, since(run, deps), spent);
    await keep(run, failed, null, why, deps);
    return { outcome: failed, why, cause: delivery.cause };
  }
  const reason = delivery.before ? "already-answered" : REUSED;
  const result = { ...outcome("answered", reason, since(run, deps), spent), kept: id };
  await keep(run, result, saidOf(run, { text, sources, answer: reason === REUSED }, delivery, deps), why, deps);
  if (!run.private) await remember(run, question, text, deps);
  return { outcome: result, why };
}

/** Opens the conversation, and asks who speaks in it now. */
async function takeFloor(run: Run, { store, clock, talks }: Deps): Promise<Floor> {
  const { channel, channelName, asker } = run;
  const who = { channel, channelName, member: asker.id, memberName: asker.name };
  run.conversation ??= await run.patience.run(() => store.conversations.open(run.row.guild, who, MEMORY_MS));
  talks.set(talkOf(run), true);
  if (speaker(run.conversation.takeover, clock.now()) !== "bot") return { held: true };
  return { held: false, escalatedAtMs: run.conversation.escalatedAtMs };
}

/** Reads nothing and asks no model: a flood must cost less than a question. */
async function turnAway(run: Run, busy: Busy, deps: Deps): Promise<Answered> {
  const say = run.venue.awaited || (!run.unasked && deps.rates.firstToSay(run.row.guild, run.asker.id, busy));
  if (!say) return { outcome: outcome("refused", busy, since(run, deps)) };
  const floor = await takeFloor(run, deps);
  if (floor.held) return await leaveToAgent(run, deps);
  return await refuse(run, { reason: busy, say }, deps);
}

type Refused = { readonly reason: RefusedReason | Busy; readonly say: boolean };

/** Takes one message of the account's month; null when it was there. Courtesies and the wish for a person cost none. */
async function reserve(run: Run, { quota }: Deps): Promise<Refused | null> {
  const { application, trigger, row, channel, asker, contact } = run;
  const wish: Wish = {
    ...{ request: `${application}:${trigger}`, kind: "answer", limits: row.settings.limits, channel, member: asker.id },
    ...(contact === undefined ? {} : { contact }),
  };
  const admission = await run.patience.run(() => quota.admit(row.guild, wish));
  if (!admission.admitted) return admission;
  run.reserved = wish;
  return null;
}

/** Sent once per channel and day, and to every person who asked the bot; otherwise silent. */
async function refuse(run: Run, { reason, say: first }: Refused, deps: Deps): Promise<Answered> {
  const result = outcome("refused", reason, since(run, deps), run.spending.total());
  const text = wordsFor(run).refused[reason];
  const delivery = first || run.venue.awaited ? await run.venue.say(text, fenceOf(run)) : null;
  if (delivery?.state === "held") return await leaveToAgent(run, deps);
  const said = delivery?.state === "sent" ? saidOf(run, { text, sources: [], answer: false }, delivery, deps) : null;
  await keep(run, result, said, null, deps);
  return { outcome: result };
}

async function askInServer(asking: Asking, deps: Deps): Promise<Answered> {
  const delivery = await asking.venue.say(wordsFor(asking).askInServer, { guild: null, conversation: null });
  return { ...lineOutcome(asking, delivery, "ask-in-server", deps) };
}

/** One line of the bot's own words, in the place of an answer. */
async function say(run: Run, reason: string, line: (said: BotWords) => string, deps: Deps): Promise<Answered> {
  const text = line(wordsFor(run));
  const delivery = await run.venue.say(text, fenceOf(run));
  if (delivery.state === "held") return await leaveToAgent(run, deps);
  if (delivery.state === "gone") return await drop(run, deps);
  const answered = lineOutcome(run, delivery, reason, deps);
  if (delivery.state === "sent") {
    await keep(run, answered.outcome, saidOf(run, { text, sources: [], answer: false }, delivery, deps), null, deps);
  }
  return answered;
}

function lineOutcome(asking: Asking, delivery: Delivery, reason: string, deps: Deps): Answered {
  const ms = since(asking, deps);
  if (delivery.state === "sent") return { outcome: outcome("answered", reason, ms) };
  if (delivery.state === "held") return { outcome: outcome("left-to-agent", "agent-holds", ms) };
  if (delivery.state === "gone") return { outcome: outcome("dropped", "message-deleted", ms) };
  return { outcome: outcome("failed", delivery.reason, ms), cause: delivery.cause };
}

/** The member's words still reach the transcript: the agent reads them there. */
async function leaveToAgent(run: Run, deps: Deps): Promise<Answered> {
  const result = outcome("left-to-agent", "agent-holds", since(run, deps), run.spending.total());
  if (run.venue.awaited) {
    const told = await run.venue.say(wordsFor(run).agentHolds, fenceOf(run));
    if (told.state === "failed") return lineOutcome(run, told, "agent-holds", deps);
  }
  await keep(run, result, null, null, deps);
  return { outcome: result };
}

/** The question was deleted meanwhile: none of its words are kept, only its cost. */
async function drop(run: Run, { recorder, logger, clock }: Deps): Promise<Answered> {
  const result = outcome("dropped", "message-deleted", clock.now() - run.receivedAtMs, run.spending.total());
  if (result.model === null) return { outcome: result };
  const exchange = silenceOf(run, result, null);
  try {
    await run.patience.run(() => recorder.keep(run.row.guild, exchange));
  } catch (error) {
    logger.error({ guild: run.row.guild, trigger: exchange.trigger, error }, "exchange-unrecorded");
  }
  return { outcome: result };
}

function silent(run: Run, reason: string, why: string | null, deps: Deps): Answered {
  return { outcome: outcome("silent", reason, since(run, deps), run.spending.total()), why };
}

/** The member has the answer already: a row that cannot be written is waited for, and at last only logged; then false. */
async function keep(run: Run, result: Outcome, said: Said | null, why: string | null, deps: Deps): Promise<boolean> {
  const { application, trigger, conversation, channel, asker, text, atMs, message, contact } = run;
  const member = { name: asker.name, text, atMs, message };
  const occasion = { application, trigger, conversation: conversation?.id ?? null, channel, member };
  const exchange = exchangeOf(occasion, said, result, why, contact);
  try {
    await run.patience.run(() => deps.recorder.keep(run.row.guild, exchange));
    run.reserved = null;
    return true;
  } catch (error) {
    deps.logger.error({ guild: run.row.guild, trigger: exchange.trigger, error }, "exchange-unrecorded");
    return false;
  }
}

function saidOf(
  { botName }: Run,
  what: Pick<Said, "text" | "sources" | "answer">,
  { messages }: Delivery,
  { clock }: Deps,
): Said {
  const { text, sources, answer: counts } = what;
  return { name: botName, atMs: clock.now(), message: messages.at(-1) ?? null, text, sources, answer: counts };
}

function remember(run: Run, question: string, text: string, { memory }: Deps): Promise<void> {
  const { row, channel, asker, botName, receivedAtMs } = run;
  const turns = [
    { role: "member", author: asker.name, text: question },
    { role: "bot", author: botName, text },
  ] as const;
  return memory.remember(row.guild, channel, asker.id, turns, receivedAtMs);
}

/** The asker's own language first, then their client's, then the guild's. */
function wordsFor({ text, locale, row }: Asking): BotWords {
  const own = languageOf(text);
  return botLines(own === "und" ? null : own, locale, row?.settings.language);
}

function fenceOf({ row, conversation }: Run): Fence {
  return { guild: row.guild, conversation: conversation?.id ?? null };
}

function talkOf({ channel, asker }: Asking): string {
  return `${channel}:${asker.id}`;
}

function since({ receivedAtMs }: Asking, { clock }: Deps): number {
  return clock.now() - receivedAtMs;
}

function becameOf(
  { reason }: Run,
  delivery: Exclude<Delivery, { state: "held" | "gone" }>,
  { escalation: wanted, kind, failures }: Pick<Composed, "escalation" | "kind"> & { readonly failures: boolean },
): ["answered" | "escalated" | "failed", string] {
  if (delivery.state === "failed") return ["failed", delivery.reason];
  if (wanted === "marked") return ["escalated", failures ? "two-failures" : "wants-human"];
  if (delivery.before) return ["answered", "already-answered"];
  return ["answered", kind === "known" ? reason : kind];
}
