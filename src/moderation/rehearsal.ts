/**
 * Today's rules over the past: what would have happened, what differs from what did, and staff among the hit. It is handed
 * only what reads from Discord, so that it can write nothing there; it keeps nothing either.
 *
 * Algorithm: messages in the order of their ids go through a prefilter that remembers only them; what it cannot clear is judged
 * sixteen at a time under the rules in force; breaches climb the ladder as they would have. Nothing depends on the clock, so
 * the same input and the same verdicts give the same output. `survey` says what that costs before anything is asked.
 */
import type { DirectoryReads, Discord, Members, Messages } from "../discord.ts";
import { AppError } from "../errors.ts";
import { createdAt, type GuildId, isNewer, type MessageId, type RoleId, type UserId } from "../ids.ts";
import type { Llm } from "../llm.ts";
import { type Message, wholeTextOf } from "../message.ts";
import { isStaff } from "../permissions.ts";
import { compileFilter, createPrefilterMemory, prefilter, type Signal } from "../prefilter.ts";
import type { Action, ModerationSettings } from "../settings/form.ts";
import type { CaseExample, CaseRow, CaseState } from "../store/ports/moderation.ts";
import { BATCH_MAX, type BareQuestion, type Checked, judgeTogether, unjudgedBy } from "./check.ts";
import { EPISODE_MS, measureOf, SEVERITIES } from "./ladder.ts";
import { isOwnFilter } from "./words.ts";

/** The reads of Discord that a rehearsal may do. */
export type PastReads = {
  readonly messages: Pick<Messages, "recent">;
  readonly members: Pick<Members, "get">;
  readonly directory: Pick<DirectoryReads, "guild" | "channels">;
};

/** All that a rehearsal is handed of a bot: no method of it writes to Discord. */
export function readsOf({
  messages,
  members,
  directory,
}: Pick<Discord, "messages" | "members" | "directory">): PastReads {
  return {
    messages: { recent: (...by) => messages.recent(...by) },
    members: { get: (...by) => members.get(...by) },
    directory: { guild: (one) => directory.guild(one), channels: (one) => directory.channels(one) },
  };
}

export type Past = {
  readonly guild: GuildId;
  readonly settings: ModerationSettings;
  readonly messages: readonly Message[];
  /** The acts that were done about them then. */
  readonly cases: readonly CaseRow[];
  /** Texts that people said were judged wrongly. */
  readonly examples: readonly CaseExample[];
};

export type Survey = {
  readonly messages: number;
  readonly clear: number;
  readonly certain: number;
  readonly toTheModel: number;
  readonly calls: number;
  /** About; four characters a token. */
  readonly tokens: number;
};

export type Rehearsed = {
  readonly message: MessageId;
  readonly channel: string;
  readonly author: UserId;
  readonly authorName: string;
  readonly text: string;
  readonly staff: boolean;
  readonly source: "certain" | "model";
  readonly rule: { readonly n: number; readonly text: string } | null;
  readonly severity: string;
  readonly confidence: number;
  readonly reason: string;
  /** Empty: left to a person, or nothing is switched on. */
  readonly acts: readonly Action[];
  readonly before: { readonly acts: readonly Action[]; readonly state: CaseState } | null;
  readonly differs: boolean;
};

export type Rehearsal = {
  readonly survey: Survey;
  /** Staff first, then the newest. */
  readonly hits: readonly Rehearsed[];
  /** Acted on then, and not by today's rules. */
  readonly spared: readonly {
    readonly case: string;
    readonly number: number;
    readonly text: string;
    readonly acts: readonly Action[];
  }[];
  readonly examples: readonly { readonly case: string; readonly text: string; readonly hit: boolean }[];
  readonly unjudged: number;
  /** There is a model to ask; without one only what needs no judgement is found. */
  readonly model: boolean;
  /** Discord told who is staff; else nobody is marked as such. */
  readonly staffKnown: boolean;
};

const MESSAGES_MAX = 5_000;
const CHANNELS_MAX = 50;
const PAGE = 100;
const MEMBERS_ASKED_MAX = 100;
const PROMPT_TOKENS = 400;
const TEXT_CHANNELS = [0, 5];

/** The past as Discord still has it: the newest 5,000 messages of `days`, of up to 50 channels the bot can read. */
export async function readPast(reads: PastReads, guild: GuildId, sinceMs: number): Promise<readonly Message[]> {
  const channels = (await reads.directory.channels(guild)).filter(({ type }) => TEXT_CHANNELS.includes(type));
  const found: Message[] = [];
  const share = Math.ceil(MESSAGES_MAX / Math.max(1, Math.min(CHANNELS_MAX, channels.length)));
  for (const { id } of channels.slice(0, CHANNELS_MAX)) {
    let before: MessageId | undefined;
    for (let mine = 0; mine < share; ) {
      const page = await reads.messages.recent(id, PAGE, before).catch((error: unknown) => {
        // A channel that is closed to the bot is none that it moderates.
        if (error instanceof AppError) return [];
        throw error;
      });
      const young = page.filter((one) => createdAt(one.id) >= sinceMs);
      found.push(...young.map((one) => ({ ...one, guildId: guild })));
      mine += young.length;
      before = page[0]?.id;
      if (page.length < PAGE || young.length < page.length) break;
    }
  }
  return inOrder(found).slice(-MESSAGES_MAX);
}

export function survey(past: Past): Survey {
  return triageAll(past).survey;
}

export async function rehearse(past: Past, llm: Llm | null, reads: PastReads | null): Promise<Rehearsal> {
  const { settings, guild } = past;
  const rules = settings.rules.filter(({ on }) => on);
  const triaged = triageAll(past);
  const asked: BareQuestion[] = triaged.asked.map((one) => ({
    author: one.author.id,
    text: wholeTextOf(one),
    context: [],
  }));
  const examples: BareQuestion[] = past.examples.map(({ text }) => ({ author: "example", text, context: [] }));
  const verdicts = llm === null || rules.length === 0 ? [] : await judgeAll(llm, rules, [...asked, ...examples]);
  const byMessage = new Map(triaged.asked.map((one, i) => [one.id, verdicts[i]]));

  const staff = await staffAmong(past, byMessage, triaged.certain, guild, reads);
  const then = new Map(past.cases.map((one) => [one.message, one]));
  const strikes = new Map<UserId, number>();
  const episodes = new Map<UserId, Episode>();
  const hits: Rehearsed[] = [];
  for (const one of inOrder(past.messages)) {
    const hit = hitOf(triaged.certain.get(one.id), byMessage.get(one.id), settings);
    if (hit === null) continue;
    const known = strikes.get(one.author.id) ?? 0;
    const isOfStaff = staff?.has(one.author.id) ?? false;
    const exempt = isOfStaff || isExemptHere(one, settings);
    const continued = !exempt && goesOn(episodes, one, hit.severity);
    const stands = continued && hit.severity !== "low" ? 0 : known;
    const measure = measureOf({ severity: hit.severity, hardest: hit.hardest }, stands, settings);
    const sure = hit.confidence >= settings.confidence;
    const acts = sure && !exempt ? measure.acts.filter((act) => !continued || act === "delete") : [];
    if (acts.length > 0 && !continued) strikes.set(one.author.id, known + measure.weight);
    const before = then.get(one.id);
    const actsThen = before === undefined ? [] : before.plan.acts;
    hits.push({
      ...{ message: one.id, channel: one.channelId, author: one.author.id, authorName: one.author.name },
      ...{ text: wholeTextOf(one).slice(0, 500), staff: isOfStaff, source: hit.source, rule: hit.rule },
      ...{ severity: hit.severity, confidence: hit.confidence, reason: hit.reason, acts },
      before: before === undefined ? null : { acts: actsThen, state: before.state },
      differs: actsThen.join() !== acts.join(),
    });
  }
  const hitIds = new Set(hits.filter(({ acts }) => acts.length > 0).map(({ message }) => message));
  const seen = new Set(past.messages.map(({ id }) => id));
  return {
    survey: triaged.survey,
    hits: hits.toSorted(
      (a, b) => Number(b.staff) - Number(a.staff) || (BigInt(a.message) < BigInt(b.message) ? 1 : -1),
    ),
    spared: past.cases
      .filter((one) => one.state === "applied" && seen.has(one.message) && !hitIds.has(one.message))
      .map((one) => ({ case: one.id, number: one.number, text: one.evidence.slice(0, 500), acts: one.plan.acts })),
    examples: past.examples.map(({ case: id, text }, i) => ({
      ...{ case: id, text: text.slice(0, 500) },
      hit: isBreach(verdicts[asked.length + i], settings),
    })),
    unjudged: verdicts.filter((one) => one.kind === "unjudged").length,
    model: llm !== null,
    staffKnown: staff !== null,
  };
}

type Episode = { readonly atMs: number; readonly severity: number };

/** As in act.ts: later breaches of one burst only lose their messages, unless they get worse. */
function goesOn(episodes: Map<UserId, Episode>, { author, createdAtMs }: Message, severity: Hit["severity"]): boolean {
  const before = episodes.get(author.id);
  const now = { atMs: createdAtMs, severity: SEVERITIES.indexOf(severity) };
  const same = before !== undefined && now.atMs - before.atMs < EPISODE_MS && now.severity <= before.severity;
  if (!same) episodes.set(author.id, now);
  return same;
}

type Triaged = {
  readonly asked: readonly Message[];
  readonly certain: ReadonlyMap<MessageId, readonly Signal[]>;
  readonly survey: Survey;
};

function triageAll({ messages, settings, examples }: Past): Triaged {
  const memory = createPrefilterMemory();
  const filter = compileFilter(settings.filter);
  const certain = new Map<MessageId, readonly Signal[]>();
  const asked: Message[] = [];
  let read = 0;
  for (const one of inOrder(messages)) {
    if (one.author.bot || one.webhook || one.system || wholeTextOf(one) === "") continue;
    read++;
    const { moderation, signals } = prefilter(one, memory, filter);
    if (moderation === "certain") certain.set(one.id, signals);
    else if (moderation === "ask-the-model" || settings.thorough) asked.push(one);
  }
  const judged = settings.rules.some(({ on }) => on) ? asked.length + examples.length : 0;
  const calls = Math.ceil(judged / BATCH_MAX);
  const chars = asked.reduce((sum, one) => sum + wholeTextOf(one).length, 0);
  const rulesChars = settings.rules.reduce((sum, { text }) => sum + text.length, 0);
  const tokens = Math.ceil(chars / 4 + judged * 60 + calls * (PROMPT_TOKENS + rulesChars / 4));
  const clear = read - certain.size - asked.length;
  return {
    asked,
    certain,
    survey: { messages: read, clear, certain: certain.size, toTheModel: judged, calls, tokens },
  };
}

async function judgeAll(
  llm: Llm,
  rules: ModerationSettings["rules"],
  asked: readonly BareQuestion[],
): Promise<readonly Checked[]> {
  const all: Checked[] = [];
  for (let at = 0; at < asked.length; at += BATCH_MAX) {
    const some = asked.slice(at, at + BATCH_MAX);
    try {
      all.push(...(await judgeTogether(llm, rules, some)).checked);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      all.push(...some.map((): Checked => ({ kind: "unjudged", why: unjudgedBy(error) })));
    }
  }
  return all;
}

type Hit = Pick<Rehearsed, "source" | "rule" | "confidence" | "reason"> & {
  readonly hardest: Action;
  readonly severity: "low" | "medium" | "high" | "severe";
};

function hitOf(
  certain: readonly Signal[] | undefined,
  checked: Checked | undefined,
  settings: ModerationSettings,
): Hit | null {
  if (certain !== undefined) {
    const rule = isOwnFilter(certain) ? undefined : settings.rules.find(({ on, kind }) => on && kind === "spam");
    const hardest = rule?.action ?? settings.certain;
    const named = rule === undefined ? null : { n: rule.n, text: rule.text };
    return { source: "certain", rule: named, hardest, severity: "medium", confidence: 1, reason: "" };
  }
  if (checked?.kind !== "breach") return null;
  const { rule, severity, confidence, reason } = checked;
  const named = { n: rule.n, text: rule.text };
  return { source: "model", rule: named, hardest: rule.action, severity, confidence, reason };
}

function isBreach(checked: Checked | undefined, settings: ModerationSettings): boolean {
  return checked?.kind === "breach" && checked.confidence >= settings.confidence;
}

function isExemptHere({ channelId, member }: Message, settings: ModerationSettings): boolean {
  if (settings.exemptChannels.includes(channelId)) return true;
  return member?.roles.some((role) => settings.exemptRoles.includes(role)) ?? false;
}

async function staffAmong(
  past: Past,
  verdicts: ReadonlyMap<MessageId, Checked | undefined>,
  certain: ReadonlyMap<MessageId, readonly Signal[]>,
  guild: GuildId,
  reads: PastReads | null,
): Promise<ReadonlySet<UserId> | null> {
  const view = reads === null ? null : await reads.directory.guild(guild);
  if (reads === null || view === null) return null;
  const hit = past.messages.filter((one) => certain.has(one.id) || verdicts.get(one.id)?.kind === "breach");
  const authors = [...new Set(hit.map(({ author }) => author.id))].slice(0, MEMBERS_ASKED_MAX);
  const facts = { guild, ownerId: view.ownerId, roles: new Map(view.roles.map((role) => [role.id, role])) };
  const staff = new Set<UserId>();
  for (const id of authors) {
    const roles: readonly RoleId[] = (await reads.members.get(guild, id))?.roles ?? [];
    if (isStaff(facts, { id, roles })) staff.add(id);
  }
  return staff;
}

function inOrder(messages: readonly Message[]): readonly Message[] {
  return messages.toSorted((a, b) => (isNewer(b.id, a.id) ? -1 : isNewer(a.id, b.id) ? 1 : 0));
}
