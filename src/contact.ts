/**
 * Other channels of contact than Discord: a question by HTTP with a key. The same stages answer; the key's guild is whose knowledge,
 * quota and conversations count, and it reaches no other. A key is 32 random bytes that are shown once; its hash is kept.
 *
 *   key ─▶ rate ─▶ idempotency ─▶ answering (venue/taken) ─▶ reply
 *
 * Called by web/contact/.
 */
import { createHash, randomBytes } from "node:crypto";
import { createTurnstile } from "./answer-queue.ts";
import { type Answered, type Asking, createAnswering, questionOf } from "./answering.ts";
import { AppError } from "./errors.ts";
import { hotKey } from "./hot.ts";
import type { ChannelId, GuildId, MessageId, UserId } from "./ids.ts";
import { createMemory } from "./memory.ts";
import { createPatience } from "./patience.ts";
import { REUSED } from "./record.ts";
import type { Services } from "./services.ts";
import type { ApiKey, KeyScope } from "./store/ports/contact.ts";
import { speaker } from "./takeover.ts";
import { createTakenVenue, type TakenReply } from "./venue.ts";

export const KEYS_MAX = 20;
/** A minute, of one key. A widget's key is that of all visitors of a page; each of them has a member's hour besides. */
const RATES = { answers: { asks: 60, reads: 600 }, widget: { asks: 600, reads: 30_000 } } as const;
const TURNS_MAX = 50;
const PROGRAM: AskedFrom = { scope: "answers" };

export type Rate = { readonly limit: number; readonly left: number; readonly resetS: number };

export type ApiQuestion = {
  readonly question: string;
  /** The client's own name for the talk: follow-ups in it are understood. */
  readonly conversation: string;
  readonly user: { readonly id: string; readonly name: string };
  readonly language: string | null;
};

export type ApiReply = {
  readonly id: string;
  /** `answered`, `escalated`, `left-to-agent`, `refused`, `failed`. */
  readonly outcome: string;
  /** A fixed word: `known`, `not-in-knowledge`, `quota`, `member-limit`, `agent-holds`… */
  readonly reason: string;
  readonly answer: string;
  readonly sources: readonly { readonly n: number; readonly title: string; readonly url: string | null }[];
  readonly conversation: string;
};

export type Contacted =
  | { readonly state: "answered"; readonly reply: ApiReply; readonly rate: Rate; readonly again: boolean }
  | { readonly state: "refused"; readonly why: "key" | "scope" }
  | { readonly state: "limited"; readonly rate: Rate }
  | { readonly state: "conflict"; readonly why: "running" | "another"; readonly rate: Rate };

/** A program with its key, or a page with one that all may read: it counts only from the key's origins. */
export type AskedFrom = { readonly scope: "answers" } | { readonly scope: "widget"; readonly origin: string | null };

export type TalkRead = {
  /** An agent speaks there now, and the bot does not. */
  readonly held: boolean;
  /** The last of them, oldest first. */
  readonly turns: readonly {
    readonly id: string;
    readonly role: "member" | "bot" | "agent";
    readonly author: string;
    readonly text: string;
    readonly at: string;
    readonly sources: ApiReply["sources"];
  }[];
};

export type ContactDesk = {
  /** A client's own talk as it stands, an agent's words too; empty where there is none. */
  read(
    secret: string,
    of: Pick<ApiQuestion, "conversation"> & { readonly user: string },
    from?: AskedFrom,
  ): Promise<
    | { readonly state: "read"; readonly talk: TalkRead; readonly rate: Rate }
    | Extract<Contacted, { readonly state: "refused" | "limited" }>
  >;
  ask(secret: string, asked: ApiQuestion, idempotencyKey: string | null, from?: AskedFrom): Promise<Contacted>;
};

const MINUTE_MS = 60_000;
/** A client's request waits for an absent store no longer. */
const PATIENCE_MS = 8_000;
const PREFIX = "gh_";

/** A key as it is shown once, and the hash that is kept of it. */
export function newKeySecret(): { readonly secret: string; readonly hash: string; readonly hint: string } {
  const secret = PREFIX + randomBytes(32).toString("base64url");
  return { secret, hash: hash(secret), hint: secret.slice(0, 9) };
}

export function createContacts(services: Services): ContactDesk {
  const { clock, logger, store, hot } = services;
  const memory = createMemory(hot, logger);
  const answering = createAnswering(services, { memory });
  const turnstile = createTurnstile();
  const patienceWith = createPatience(clock, logger, PATIENCE_MS);

  /** Where hot state is away nobody counts: the plan still does. */
  async function rateOf(key: ApiKey, max: number): Promise<Rate & { readonly granted: boolean }> {
    const now = clock.now();
    const minute = Math.floor(now / MINUTE_MS);
    const resetS = Math.ceil(((minute + 1) * MINUTE_MS - now) / 1_000);
    try {
      const counter = hotKey(key.guild, "api", key.id, String(max), String(minute));
      const { granted, total } = await hot.spend(counter, clock.id(), 1, max, MINUTE_MS);
      return { granted, limit: max, left: Math.max(0, max - total), resetS };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { granted: true, limit: max, left: max, resetS };
    }
  }

  async function answer(key: ApiKey, asked: ApiQuestion, trigger: string, { scope }: AskedFrom): Promise<ApiReply> {
    const row = await store.guilds.get(key.guild);
    if (row === null) throw new AppError("not-found", "the key's server is not known any more");
    const text = questionOf({ content: asked.question }, []);
    const message = trigger as MessageId;
    const patience = patienceWith(key.guild);
    const venue = createTakenVenue({ key: `api:${trigger}`, message, patience }, services);
    const { channel, member } = placeOf(key, asked.conversation, asked.user.id);
    const asker = { id: member, name: asked.user.name };
    const now = clock.now();
    const asking: Asking = {
      ...{ application: row.application, trigger, venue, row, channel, channelName: key.name, asker, text },
      ...{ atMs: now, message: null, question: async () => text, said: [], locale: asked.language },
      ...{ botName: "Gatehouse", reason: "api", unasked: false, awareness: false, private: false },
      ...{ receivedAtMs: now, patience, contact: scope === "widget" ? "widget" : "api" },
    };
    const turn = { guild: key.guild, person: asker.id, talk: `${channel}:${asker.id}` };
    const busy = turnstile.full(turn);
    const done =
      busy === null
        ? await turnstile.pass(turn, () => answering.answer(asking))
        : await answering.turnAway(asking, busy);
    return replyOf(trigger, done, venue.taken(), asked);
  }

  async function admitted(secret: string, from: AskedFrom, reads: boolean) {
    const key = secret.startsWith(PREFIX) ? await store.contact.find(hash(secret)) : null;
    if (key === null) return { state: "refused", why: "key" } as const;
    const { scope } = from;
    const here = scope === "answers" || (from.origin !== null && key.origins.includes(from.origin));
    if (!key.scopes.includes(scope satisfies KeyScope) || !here) return { state: "refused", why: "scope" } as const;
    const { granted, ...rate } = await rateOf(key, RATES[scope][reads ? "reads" : "asks"]);
    return granted ? ({ state: "admitted", key, rate } as const) : ({ state: "limited", rate } as const);
  }

  return {
    async read(secret, { conversation, user }, from = PROGRAM) {
      const may = await admitted(secret, from, true);
      if (may.state !== "admitted") return may;
      const { key, rate } = may;
      const { channel, member } = placeOf(key, conversation, user);
      const [newest] = (await store.conversations.list(key.guild, { channel, member }, 1)).items;
      const found = newest === undefined ? null : await store.conversations.get(key.guild, newest.id);
      const turns = (found?.turns ?? []).slice(-TURNS_MAX).map(({ id, role, author, text, atMs, sources }) => ({
        ...{ id, role, author, text, at: new Date(atMs).toISOString() },
        sources: sources.map(({ n, title, url }) => ({ n, title, url })),
      }));
      const held = found !== null && speaker(found.conversation.takeover, clock.now()) !== "bot";
      return { state: "read", talk: { held, turns }, rate };
    },

    async ask(secret, asked, idempotencyKey, from = PROGRAM) {
      const may = await admitted(secret, from, false);
      if (may.state !== "admitted") return may;
      const { key, rate } = may;
      const request = idempotencyKey === null ? null : hash(idempotencyKey);
      if (request !== null) {
        const begun = await store.contact.begin(key.guild, key.id, request, hash(JSON.stringify(asked)));
        if (begun.state === "same") {
          return { state: "answered", reply: begun.response as ApiReply, rate, again: true };
        }
        if (begun.state !== "new") return { state: "conflict", why: begun.state, rate };
      }
      await store.contact.used(key.guild, key.id);
      // The same request is the same trigger: a repeat finds the recorded answer, and is counted once.
      const trigger = `api-${hash(`${key.id}:${request ?? clock.id()}`).slice(0, 32)}`;
      try {
        const reply = await answer(key, asked, trigger, from);
        const final = reply.outcome === "answered" || reply.outcome === "escalated";
        if (request !== null) await store.contact.answered(key.guild, key.id, request, final ? reply : null);
        return { state: "answered", reply, rate, again: false };
      } catch (error) {
        if (request !== null) {
          await store.contact.answered(key.guild, key.id, request, null).catch((problem: unknown) => {
            logger.warn({ guild: key.guild, error: problem }, "request-not-freed");
          });
        }
        throw error;
      }
    },
  };
}

/** A new secret for a key; the old one works for a day more, so that a client can change over. */
export async function rotateKey(
  guild: GuildId,
  old: ApiKey,
  by: string,
  { store, clock }: Pick<Services, "store" | "clock">,
): Promise<string | null> {
  const { secret, hash: secretHash, hint } = newKeySecret();
  const { name, scopes, origins } = old;
  // One more than usual, for the day in which both work.
  const made = await store.contact.makeKey(
    guild,
    { name, scopes, origins, hint, secretHash, createdBy: by },
    KEYS_MAX + 1,
  );
  if (made === null) return null;
  await store.contact.end(guild, old.id, clock.now() + 24 * 60 * MINUTE_MS);
  return secret;
}

/** An answer out of the knowledge base, made now or said again. */
const KNOWN: readonly string[] = ["api", REUSED];

/** Names of the client's are no part of a key, and never an id of Discord's. */
function placeOf(key: ApiKey, conversation: string, user: string) {
  return {
    channel: `api-${hash(`${key.id}:${conversation}`).slice(0, 20)}` as ChannelId,
    member: `api-${hash(`${key.id}:${user}`).slice(0, 20)}` as UserId,
  };
}

function replyOf(id: string, { outcome }: Answered, taken: TakenReply | null, asked: ApiQuestion): ApiReply {
  return {
    ...{ id, outcome: outcome.kind, reason: KNOWN.includes(outcome.reason) ? "known" : outcome.reason },
    answer: taken?.text ?? "",
    sources: (taken?.sources ?? []).map(({ n, title, url }) => ({ n, title, url })),
    conversation: asked.conversation,
  };
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
