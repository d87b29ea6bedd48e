/**
 * A model's answers, kept for an hour so that the same question costs nothing the second time.
 *
 * An answer is found by its likeness: a hash over all that the model was told beside the passages (answering/again.ts). It lies in one of
 * 128 places of its guild, and a later answer of the same place replaces it: a guild never keeps more. What is kept names its asker, so that
 * forgetting them, and a search for them, finds it. While hot state is away nothing is found and nothing is kept.
 */
import { z } from "zod";
import { AppError } from "../errors.ts";
import { type Hot, hotKey } from "../hot.ts";
import type { GuildId, UserId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import type { Source } from "../store/ports/conversations.ts";
import { forgottenIn } from "./forgotten.ts";

export const KEPT_MS = 60 * 60_000;

const PLACES = 128;
/** Longer answers are rare, and are made anew. */
const KEPT_CHARS_MAX = 8_000;
/** More than a member asks within an hour. */
const PLACES_OF_MEMBER_MAX = 200;

export type KeptAnswer = {
  /** Stands in the outcome of every turn that said it. */
  readonly id: string;
  readonly asker: UserId;
  /** The knowledge base's version that it was made from. */
  readonly knowledge: number;
  /** Harmless, without the sources' lines. */
  readonly text: string;
  readonly sources: readonly Source[];
};

export type KeptAnswers = {
  /** `likeness`: 64 hexadecimal digits. Null where nothing like it is kept, or what is kept cannot be read. */
  find(guild: GuildId, likeness: string): Promise<KeptAnswer | null>;
  /** `askedAtMs`: where the asker was forgotten after it, nothing is kept. */
  keep(guild: GuildId, likeness: string, answer: KeptAnswer, askedAtMs: number): Promise<void>;
  /** This member was given it too: where they are forgotten, it goes. */
  noteAsker(guild: GuildId, likeness: string, member: UserId): Promise<void>;
};

const keptSchema = z.object({
  likeness: z.string(),
  id: z.string().min(1),
  asker: z.string(),
  knowledge: z.number(),
  text: z.string().min(1),
  sources: z.array(z.object({ n: z.number(), title: z.string(), url: z.string().nullable(), passage: z.string() })),
});

export function createKeptAnswers(hot: Hot, logger: Logger): KeptAnswers {
  async function orElse<T>(call: Promise<T>, otherwise: T): Promise<T> {
    try {
      return await call;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      logger.warn({ reason: error.kind }, "kept-answers-away");
      return otherwise;
    }
  }

  async function find(guild: GuildId, likeness: string): Promise<KeptAnswer | null> {
    const text = await hot.get(placeKey(guild, placeOf(likeness)));
    const kept = text === null ? null : read(text);
    if (text !== null && kept === null) logger.warn({ guild }, "kept-answer-unreadable");
    if (kept?.likeness !== likeness) return null;
    const { id, asker, knowledge, text: said, sources } = kept;
    return { id, asker: asker as UserId, knowledge, text: said, sources };
  }

  // Whoever forgets the asker notes the wish, then reads the note below: one of the two sees the other.
  async function keep(guild: GuildId, likeness: string, answer: KeptAnswer, askedAtMs: number): Promise<void> {
    const text = JSON.stringify({ likeness, ...answer });
    if (text.length > KEPT_CHARS_MAX) return;
    const key = placeKey(guild, placeOf(likeness));
    await noteAsker(guild, likeness, answer.asker);
    await hot.set(key, text, KEPT_MS);
    const isForgotten = await forgottenIn(hot, guild);
    if (isForgotten(answer.asker, askedAtMs)) await hot.remove([key]);
  }

  function noteAsker(guild: GuildId, likeness: string, member: UserId): Promise<void> {
    return hot.push(memberKey(guild, member), String(placeOf(likeness)), PLACES_OF_MEMBER_MAX, KEPT_MS);
  }

  return {
    find: (guild, likeness) => orElse(find(guild, likeness), null),
    keep: (guild, likeness, answer, askedAtMs) => orElse(keep(guild, likeness, answer, askedAtMs), undefined),
    noteAsker: (guild, likeness, member) => orElse(noteAsker(guild, likeness, member), undefined),
  };
}

/** Drops every answer that this member asked for or was given. Throws where hot state is away. */
export async function forgetKept(hot: Hot, guild: GuildId, member: UserId): Promise<void> {
  const places = new Set(await hot.list(memberKey(guild, member)));
  await hot.remove([...places].map((place) => placeKey(guild, place)));
  await hot.remove([memberKey(guild, member)]);
}

function placeOf(likeness: string): string {
  return String(Number.parseInt(likeness.slice(0, 4), 16) % PLACES);
}

function placeKey(guild: GuildId, place: string): string {
  return hotKey(guild, "kept-answer", place);
}

function memberKey(guild: GuildId, member: UserId): string {
  return hotKey(guild, "kept-for", member);
}

function read(text: string) {
  try {
    return keptSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    // Cut off, or written by something else: it is made anew.
    return null;
  }
}
