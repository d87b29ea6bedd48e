/**
 * ⑤ Was the same asked within the hour? Then the same answer may be said again: no model is asked, and nothing is counted.
 *
 * The same: the question as people read it, and everything else that the model would be told beside the passages. The passages are the same
 * while the knowledge base's version is. Whether an answer still stands (nobody disliked it, no conversation with it went to the team) is asked
 * of the store each time, so that no lost piece of news lets a bad answer live on.
 */
import { createHash } from "node:crypto";
import { AppError } from "../errors.ts";
import type { Llm } from "../llm.ts";
import type { KeptAnswer, KeptAnswers } from "../memory.ts";
import { KEPT_MS } from "../memory.ts";
import type { Store } from "../store.ts";
import { historyOf, type Inquiry, type Voice, voiceFor } from "./look.ts";

/** `hash`: SHA-256, as 64 hexadecimal digits. */
export type Likeness = { readonly hash: string; readonly voice: Voice };

/** Turns are written some seconds before their answer is kept. */
const SLACK_MS = 60_000;

export async function likenessOf(asked: Inquiry, llm: Llm): Promise<Likeness> {
  const history = await historyOf(asked);
  const voice = await voiceFor(asked, { history });
  const { settings, botName, text } = asked;
  const told = [
    ...[sameWords(text), voice.language, settings.language, settings.instructions, botName],
    ...[llm.answers ?? llm.name, history, await asked.channel()],
  ];
  return { voice, hash: createHash("sha256").update(JSON.stringify(told)).digest("hex") };
}

/** The kept answer that may be said again; null: none, or nobody can tell. */
export async function standing(
  asked: Inquiry,
  { hash }: Likeness,
  nowMs: number,
  { kept, store }: { readonly kept: KeptAnswers; readonly store: Store },
): Promise<KeptAnswer | null> {
  const { guild } = asked;
  const found = await kept.find(guild, hash);
  if (found === null) return null;
  try {
    const sinceMs = nowMs - KEPT_MS - SLACK_MS;
    return (await store.conversations.stands(guild, found.id, found.knowledge, sinceMs)) ? found : null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return null;
  }
}

/**
 * One writing for a question: spaces, the marks at its end, and words that only begin with a capital make no other question. Case elsewhere
 * may: "-f" is not "-F", "US" is not "us".
 */
export function sameWords(question: string): string {
  const words = question
    .normalize("NFKC")
    .split(/\s+/)
    .map((word) => (CAPITALISED.test(word) ? word.toLowerCase() : word))
    .join(" ");
  let end = words.length;
  while (end > 0 && END_MARKS.includes(words[end - 1] ?? "")) end--;
  return words.slice(0, end).trimStart();
}

const END_MARKS = " ?!.…。？！";

/** "How", "I", "Where's", "Python," and not "C", "US", "-F", "iOS". */
const CAPITALISED = /^(?:I|\p{Lu}\p{Ll}+)(?:['’]\p{Ll}+)?[?!.,;:…。？！]*$/u;
