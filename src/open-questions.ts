/**
 * Questions that nobody could answer, grouped by what they ask; a group closes itself once the knowledge base answers it.
 *
 * Reading five hundred questions means detecting the language of each and searching the knowledge base for many. What was found out is kept
 * for each guild: a question's words for as long as it is asked, whether it can be answered for a version of the knowledge base, the groups
 * until news says that somebody talked. News may be lost: after a minute all but the words are found out anew.
 */
import type { Bus } from "./bus.ts";
import type { Clock } from "./clock.ts";
import type { GuildId } from "./ids.ts";
import { ANSWERABLE_MIN, type Knowledge } from "./knowledge.ts";
import { createRecent } from "./recent.ts";
import type { UnansweredRow } from "./store/ports/checks.ts";
import type { Store } from "./store.ts";
import { languageOf } from "./text/language.ts";
import { stemsOf } from "./text/stems.ts";

/** Questions that ask the same, by the words that retrieval looks for. */
export type QuestionGroup = {
  /** As it was asked last. */
  readonly question: string;
  readonly times: number;
  readonly lastAtMs: number;
  readonly conversation: string;
};

export type OpenQuestions = {
  /** Most often asked first. */
  of(guild: GuildId): Promise<readonly QuestionGroup[]>;
};

const DAYS_MS = 60 * 86_400_000;
const READ_MAX = 500;
const GROUPS_SHOWN = 30;
/** So much of two questions' words must be the same. */
const ALIKE_MIN = 0.6;
/** What is asked stands in the beginning. */
const READ_CHARS_MAX = 1_000;
const SLICE = 20;
const HELD_MAX = 50;
const FRESH_MS = 60_000;

type Words = ReadonlyMap<string, ReadonlySet<string>>;
type Held = {
  words: Words;
  readonly answerable: Map<string, number>;
  groups: Promise<readonly QuestionGroup[]> | null;
  readonly version: number;
  untilMs: number;
};

export function createOpenQuestions(ports: {
  readonly store: {
    readonly checks: Pick<Store["checks"], "unanswered">;
    readonly knowledge: Pick<Store["knowledge"], "version">;
  };
  readonly knowledge: Pick<Knowledge, "retrieve">;
  readonly bus: Pick<Bus, "subscribe">;
  readonly clock: Clock;
}): OpenQuestions {
  const { store, knowledge, clock } = ports;
  const held = createRecent<GuildId, Held>(HELD_MAX);
  ports.bus.subscribe((news) => {
    if (news.type !== "conversation-changed") return;
    const found = held.get(news.guild);
    if (found !== undefined) found.groups = null;
  });

  async function read(guild: GuildId, mine: Held): Promise<readonly QuestionGroup[]> {
    const { answerable } = mine;
    const rows = await store.checks.unanswered(guild, clock.now() - DAYS_MS, READ_MAX);
    mine.words = await wordsOfAll(rows, mine.words);
    const groups = groupAlike(rows, mine.words);
    const open: QuestionGroup[] = [];
    for (const group of groups) {
      if (open.length >= GROUPS_SHOWN) break;
      let found = answerable.get(group.question);
      if (found === undefined) {
        const retrieved = await knowledge.retrieve(guild, group.question, 1);
        found = retrieved.answerable;
        // An index that is behind the store is asked again at the next look.
        if (retrieved.version === mine.version) answerable.set(group.question, found);
        else mine.untilMs = 0;
      }
      if (found < ANSWERABLE_MIN) open.push(group);
    }
    return open;
  }

  /** A language takes .3 ms to detect: the thread's other work goes on between slices. */
  async function wordsOfAll(rows: readonly UnansweredRow[], known: Words): Promise<Words> {
    const read = new Map<string, ReadonlySet<string>>();
    let made = 0;
    for (const row of rows) {
      const question = questionOf(row);
      const there = read.get(question) ?? known.get(question);
      if (there === undefined && ++made % SLICE === 0) await clock.sleep(0);
      read.set(question, there ?? wordsOf(question));
    }
    return read;
  }

  return {
    async of(guild) {
      const version = await store.knowledge.version(guild);
      const now = clock.now();
      const there = held.get(guild);
      const fresh = there !== undefined && there.version === version && there.untilMs > now ? there : null;
      if (fresh !== null && fresh.groups !== null) return await fresh.groups;
      const words: Words = there?.words ?? new Map();
      const answerable = fresh?.answerable ?? new Map<string, number>();
      const mine: Held = { words, answerable, groups: null, version, untilMs: fresh?.untilMs ?? now + FRESH_MS };
      const groups = read(guild, mine);
      mine.groups = groups;
      held.set(guild, mine);
      // Failures are not kept.
      groups.catch(() => {
        mine.untilMs = 0;
      });
      return await groups;
    },
  };
}

/** `rows` newest first: the first of a group is how it was asked last. `known`: words that were made of questions before. */
export function groupAlike(rows: readonly UnansweredRow[], known: Words = new Map()): readonly QuestionGroup[] {
  type Group = { readonly words: ReadonlySet<string>; group: QuestionGroup };
  const groups: Group[] = [];
  /** Groups that have a word: only they can be alike. */
  const having = new Map<string, Group[]>();
  for (const row of rows) {
    const question = questionOf(row);
    const words = known.get(question) ?? wordsOf(question);
    if (words.size === 0) continue;
    const same = mostAlike(words, having);
    if (same !== null) {
      same.group = { ...same.group, times: same.group.times + 1 };
      continue;
    }
    const group = { words, group: { question, times: 1, lastAtMs: row.atMs, conversation: row.conversation } };
    groups.push(group);
    for (const word of words) {
      const some = having.get(word);
      if (some === undefined) having.set(word, [group]);
      else some.push(group);
    }
  }
  return groups.map(({ group }) => group).sort((a, b) => b.times - a.times || b.lastAtMs - a.lastAtMs);
}

function questionOf({ text }: UnansweredRow): string {
  return text.replace(/<@[!&]?\d{1,20}>/g, "").trim();
}

function wordsOf(question: string): ReadonlySet<string> {
  const beginning = question.slice(0, READ_CHARS_MAX);
  return new Set(stemsOf(beginning, languageOf(beginning)));
}

/** Null: none has so many words in common. */
function mostAlike<G extends { readonly words: ReadonlySet<string> }>(
  words: ReadonlySet<string>,
  having: ReadonlyMap<string, readonly G[]>,
): G | null {
  const common = new Map<G, number>();
  for (const word of words) for (const group of having.get(word) ?? []) common.set(group, (common.get(group) ?? 0) + 1);
  let best: G | null = null;
  let most = 0;
  for (const [group, count] of common) {
    const alike = count / (group.words.size + words.size - count);
    if (alike >= ALIKE_MIN && alike > most) [best, most] = [group, alike];
  }
  return best;
}
