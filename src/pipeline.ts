/**
 * THE SPINE: a message's way, ② to ⑨. All branching is here; stages do not know each other.
 *
 *   hard silence? ─▶ bot, guild and settings known? ─▶ ② prefilter, smart mode's look ─▶ ③ moderate ─▶ ④ decide ─▶ answering.ts
 *
 * `handle` is synchronous up to its first await (prefilter, windows, memory): a lane waits for that part only. What follows the
 * decision to speak is answering.ts; every other dispatch pipeline/observe.ts.
 * Called by a worker for every MESSAGE_CREATE that its interest does not rule out.
 */
import type { Answered, Asking } from "./answering.ts";
import { type Decision, hardSilence } from "./decision.ts";
import type { Self } from "./directory.ts";
import type { ApplicationId, GuildId, UserId } from "./ids.ts";
import { type AddressFacts, addressOf } from "./pipeline/address.ts";
import { askingByMessage, inForceFor, needlesOf, type Work } from "./pipeline/asking.ts";
import { conclude, concludeSilent, guarded, seenKey, since, type Trigger } from "./pipeline/conclude.ts";
import {
  answeredAgoMs,
  considerLine,
  keepBefore,
  overhear,
  staffWith,
  takeBefore,
  turnOf,
} from "./pipeline/consider.ts";
import { decideLine } from "./pipeline/decide-line.ts";
import type { KnownBot } from "./pipeline/discovery.ts";
import type { GuildRecord } from "./pipeline/guild-record.ts";
import type { Interest } from "./pipeline/interest.ts";
import type { Observe } from "./pipeline/observe.ts";
import { withTitle } from "./pipeline/question.ts";
import { createSpine, type PipelineExtra, type Spine } from "./pipeline/spine.ts";
import { lookAt, triageOf } from "./prefilter.ts";
import { type Outcome, outcome } from "./record.ts";
import { inRequest } from "./request.ts";
import type { Services } from "./services.ts";
import { directSettings } from "./settings/form.ts";
import type { GuildRow } from "./store/ports/guilds.ts";

export type { Trigger } from "./pipeline/conclude.ts";
export { decideLine, linesOfQuestion } from "./pipeline/decide-line.ts";
export type { Interest } from "./pipeline/interest.ts";
export type { QuietBoard } from "./pipeline/quiet-board.ts";
export { WARM_LINES, warmUp } from "./pipeline/warm-up.ts";

export type Pipeline = {
  handle(trigger: Trigger): Outcome | Promise<Outcome>;
  /** Any other dispatch: guilds, edits, deletions, interactions. */
  observe: Observe;
  interest(application: ApplicationId, guild: GuildId | null): Interest;
  /** Who the bot is; null: nobody has said so yet. */
  self(application: ApplicationId): UserId | null;
  /** A live page of this guild is open: publish who types there. Null: in a direct message. */
  watched(guild: GuildId | null): boolean;
  /** A server's first breach is being acted on: other work waits for a moment. */
  hurried(): boolean;
  /** Settles when no work is left, or after `deadlineMs`: messages that wait for an absent store then have no outcome and are delivered again. */
  drain(deadlineMs: number): Promise<void>;
};

export function createPipeline(services: Services, extra: PipelineExtra = {}): Pipeline {
  const spine = createSpine(services, extra);
  const { logger, clock } = services;
  return {
    handle: (trigger) => handle(trigger, spine),
    observe(application, type, data) {
      const observed = spine.observe(application, type, data);
      const moderated = spine.moderate.event(spine.botOf(application), type, data, clock.now());
      if (moderated !== undefined)
        void spine.track(moderated.catch((error: unknown) => logger.error({ error }, "event-unmoderated")));
      return observed === undefined ? undefined : spine.track(observed);
    },
    interest: spine.interest,
    self: (application) => spine.botOf(application).directory.self()?.userId ?? null,
    watched: spine.typing.watched,
    hurried: spine.moderation.hurried,
    drain: (deadlineMs) => drain(deadlineMs, spine),
  };
}

/**
 * A message and where it came from. `guild`: null in a direct message, and where the bot is in no such guild. `row`: the guild's, or
 * that of a direct message's home guild, if it has one.
 */
type Known = Trigger & {
  readonly bot: KnownBot;
  readonly self: Self;
  readonly guild: GuildRecord | null;
  readonly row: GuildRow | null;
};

function handle(trigger: Trigger, spine: Spine): Outcome | Promise<Outcome> {
  const { application, message } = trigger;
  const bot = spine.botOf(application);
  const self = bot.directory.self() ?? spine.extra.self?.(application) ?? null;
  if (self === null) return guarded(trigger, introduce(trigger, bot, spine), spine);
  if (bot.directory.self() === null) bot.directory.setSelf(self);

  const guild = message.guildId === null ? undefined : spine.guilds.find(application, message.guildId);
  if (guild === "another-bots") return anothers(trigger, spine);
  const hard = hardSilence(message, self.userId);
  if (hard !== null) {
    if (guild) overhear(message, inForceFor(bot, message, guild.row), hard.reason === "own-message", spine);
    return conclude(trigger, outcome("silent", hard.reason, since(trigger, spine)), spine);
  }
  const listed = spine.services.optOuts.has(application, message.author.id) !== undefined;
  if (guild === undefined || !listed) return guarded(trigger, loadThenDecide(trigger, bot, self, spine), spine);
  const known = { ...trigger, bot, self, guild, row: guild?.row ?? null };
  if (needsDiscovery(known, spine)) return guarded(trigger, discoverThenDecide(known, spine), spine);
  return moderateThenDecide(known, spine);
}

/** A guild is one application's: of two bots of this deployment the other one says nothing in it. */
function anothers(trigger: Trigger, spine: Spine): Outcome {
  return conclude(trigger, outcome("silent", "another-bot", since(trigger, spine)), spine);
}

/** The first message may come before READY has reached this worker; after a RESUME there is none. */
async function introduce(trigger: Trigger, bot: KnownBot, spine: Spine): Promise<Outcome> {
  if (await spine.discovery.introduce(bot)) return await handle(trigger, spine);
  return conclude(trigger, outcome("failed", "self-unknown", since(trigger, spine)), spine);
}

/** The opt-outs and the guild's settings; for a direct message, those of the guild whose knowledge it asks. */
async function loadThenDecide(trigger: Trigger, bot: KnownBot, self: Self, spine: Spine): Promise<Outcome> {
  const { guildId, author } = trigger.message;
  const patience = spine.patienceWith(guildId ?? author.id);
  // On its way meanwhile; failing, it is asked again.
  if (guildId !== null) spine.settings.load(guildId).catch(() => undefined);
  await patience.run(() => spine.services.optOuts.load());
  const row = await patience.run(() =>
    guildId === null ? spine.home.find(trigger.application, author.id) : spine.settings.load(guildId),
  );
  const guild = guildId === null ? null : (spine.guilds.find(trigger.application, guildId) ?? null);
  if (guild === "another-bots") return anothers(trigger, spine);
  const known = { ...trigger, bot, self, guild, row };
  return await (needsDiscovery(known, spine) ? discoverThenDecide(known, spine) : moderateThenDecide(known, spine));
}

async function discoverThenDecide(known: Known, spine: Spine): Promise<Outcome> {
  const { bot, message } = known;
  if (message.guildId === null) return await moderateThenDecide(known, spine);
  await spine.discovery.meet(bot, message.guildId);
  const guild = spine.guilds.find(known.application, message.guildId) ?? null;
  if (guild === "another-bots") return anothers(known, spine);
  return await moderateThenDecide({ ...known, guild, row: guild?.row ?? null }, spine);
}

/** A guild that this process does not know, and a message whose outcome needs more than the packed directory. */
function needsDiscovery(known: Known, spine: Spine): boolean {
  const { bot, message, guild } = known;
  if (message.guildId === null || (guild?.known ?? bot.directory.knows(message.guildId))) return false;
  if (guild !== null) {
    const { addressing, settings } = guild.row;
    const kept = addressing.botRole !== null && settings.mode !== "all" && !settings.moderation.on;
    if (!kept || Object.keys(settings.channels).length > 0) return true;
  }
  return addressOf(message, addressFacts(known, spine)) !== null;
}

function addressFacts({ bot, self, message, guild }: Known, { ownWords }: Spine): AddressFacts {
  const needles = guild?.needles ?? (message.guildId === null ? [] : bot.directory.needles(message.guildId));
  return { self: self.userId, needles, ownThread: bot.directory.ownThread, ownMessage: ownWords.has };
}

/** ②③ Synchronous unless a model must judge whether the message may stay: a message acted on is not answered. */
function moderateThenDecide(given: Known, spine: Spine): Outcome | Promise<Outcome> {
  const { bot, self, guild, row } = given;
  const message = withTitle(given.message, bot.directory);
  const known = message === given.message ? given : { ...given, message };
  const address = addressOf(message, addressFacts(given, spine));
  const inForce = guild === null ? directSettings(row?.settings) : inForceFor(bot, message, guild.row);
  // Where only mentions count nobody asks what the text is like, and most messages pass here.
  const read = guild !== null && (inForce.mode === "all" || guild.row.settings.moderation.on);
  const look = read ? lookAt(message, guild.filter.allows) : null;
  const triage = look === null || guild === null ? null : triageOf(look, guild.memory(), guild.filter);
  const unread = spine.services.optOuts.has(given.application, message.author.id) === true;
  if (unread && inForce.mode === "all") spine.speakers.note(message);
  const smart = unread ? null : considerLine(message, inForce, address, spine, look);
  const turn = smart === null ? null : turnOf(message);
  const pending = turn !== null && spine.bursts.pending(turn);

  const goOn = (): Outcome | Promise<Outcome> => {
    if (unread) return conclude(known, outcome("silent", "opted-out", since(known, spine)), spine);
    if (guild === null) return answerOrNot();
    const repliesToBot = address === "replied-to-bot";
    const spoken = { toBot: address === "mentioned", repliesToBot, receivedAtMs: known.receivedAtMs };
    const noticed = spine.team.notice(bot, guild.row, message, spoken);
    if (noticed === null) return answerOrNot();
    const ended = noticed.then((result) => (result === null ? answerOrNot() : conclude(known, result, spine)));
    return guarded(known, ended, spine);
  };
  const answerOrNot = (): Outcome | Promise<Outcome> => {
    const decision = decideLine({
      ...{ message, self: self.userId, address, settings: inForce, triage, smart },
      pending,
      answeredAgoMs: turn === null ? null : answeredAgoMs(turn, spine),
      staffAnswered: () => staffWith(bot, message, message.createdAtMs, null, spine),
      threadSolved: bot.directory.threadSolved(message.channelId),
    });
    return follow(known, decision, spine);
  };
  const verdict =
    guild && triage ? spine.moderate.message(bot, self, guild, message, triage, known.receivedAtMs) : null;
  if (verdict === null) return goOn();
  return guarded(
    known,
    verdict.then(({ acted, reason, spent }) =>
      acted ? conclude(known, outcome("moderated", reason, since(known, spine), spent), spine) : goOn(),
    ),
    spine,
  );
}

function follow(known: Known, decision: Decision, spine: Spine): Outcome | Promise<Outcome> {
  const { message } = known;
  if (decision.speak === "silent") {
    if (decision.reason === "small-talk") keepBefore(message, spine);
    return concludeSilent(known, outcome("silent", decision.reason, since(known, spine)), spine);
  }
  if (decision.speak === "consider" && known.pressed)
    return conclude(known, outcome("dropped", "pressure", since(known, spine)), spine);

  const key = seenKey(known);
  if (spine.seen.has(key)) return conclude(known, outcome("dropped", "duplicate", since(known, spine)), spine);
  spine.seen.set(key, true);
  return inRequest(message.id, () => {
    if (decision.speak === "consider") return guarded(known, waitThenAnswer({ ...known, decision }, spine), spine);
    const said = [...spine.bursts.take(turnOf(message)), message];
    return guarded(known, answerInTurn({ ...known, decision, said }, spine), spine);
  });
}

/** Smart mode waits for the thought to end, and looks once more who has spoken meanwhile. */
async function waitThenAnswer(considered: Known & Pick<Work, "decision">, spine: Spine): Promise<Outcome> {
  const { message, bot } = considered;
  const said = await spine.bursts.add(turnOf(message), message);
  if (said === null) return conclude(considered, outcome("merged", "into-later", since(considered, spine)), spine);
  const first = said[0] ?? message;
  if (spine.speakers.answeredAfter(message.channelId, message.author.id, first.id))
    return concludeSilent(considered, outcome("silent", "answered-meanwhile", since(considered, spine)), spine);
  if (staffWith(bot, message, spine.services.clock.now(), first.id, spine))
    return concludeSilent(considered, outcome("silent", "staff-answered", since(considered, spine)), spine);
  return await answerInTurn({ ...considered, said }, spine);
}

/** Answers to one member in one channel wait for each other; guilds take turns. */
async function answerInTurn(asked: Known & Work, spine: Spine): Promise<Outcome> {
  const before = takeBefore(asked.said, needlesOf(asked), spine);
  const work = { ...asked, said: [...before, ...asked.said] };
  const { guildId, author } = work.message;
  const turn = { guild: guildId ?? author.id, person: author.id, talk: turnOf(work.message) };
  const busy = spine.turnstile.full(turn);
  // Where nobody knows which server it is about, there is no conversation to say it in.
  if (busy !== null && work.row === null) return conclude(work, outcome("refused", busy, since(work, spine)), spine);
  const answered =
    busy === null
      ? await spine.turnstile.pass(turn, () => answer(work, spine))
      : await spine.answering.turnAway(askedBy(work, work.row, spine), busy);
  const { outcome: result, why, cause } = answered;
  if (result.kind === "answered") spine.answeredAtMs.set(turnOf(work.message), spine.services.clock.now());
  return result.kind === "silent"
    ? concludeSilent(work, result, spine, why ?? null)
    : conclude(work, result, spine, cause);
}

async function answer(work: Known & Work, spine: Spine): Promise<Answered> {
  const { guildId, author } = work.message;
  const row = work.row ?? (await spine.patienceWith(guildId ?? author.id).run(() => joinUnrecorded(work, spine)));
  return await spine.answering.answer(askedBy(work, row, spine));
}

function askedBy(work: Work, row: GuildRow | null, { patienceWith, ownWords, gone, services }: Spine): Asking {
  const patience = patienceWith(work.message.guildId ?? work.message.author.id);
  return askingByMessage(work, row, services, { patience, ownWords, gone: gone.has });
}

/** A guild that speaks before its GUILD_CREATE was recorded; a direct message without a home has none. */
async function joinUnrecorded({ application, message, bot }: Known, spine: Spine): Promise<GuildRow | null> {
  const { guildId } = message;
  if (guildId === null) return null;
  const name = bot.directory.guildName(guildId) ?? guildId;
  const row = await spine.services.store.guilds.join(guildId, application, name, null);
  spine.settings.put(row);
  return row;
}

async function drain(deadlineMs: number, spine: Spine): Promise<void> {
  const { bursts, moderation, running, settings, services } = spine;
  bursts.flush();
  moderation.flush();
  const abort = new AbortController();
  const late = services.clock.sleep(deadlineMs, abort.signal).catch(() => undefined);
  let over = false;
  void late.then(() => {
    over = true;
  });
  while (running.size > 0 && !over) await Promise.race([Promise.allSettled(running), late]);
  abort.abort(new Error("drained"));
  settings.close();
  spine.team.close();
  spine.typing.close();
}
