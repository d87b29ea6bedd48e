/**
 * A message → the question in it: without the bot's own mention, with other marks of Discord's as people read them. Pure.
 */
import type { Message } from "../message.ts";
import { asks } from "../text/asking.ts";
import { sentences } from "../text/sentences.ts";

export const QUESTION_CHARS_MAX = 2_000;

/** A longer text tells a story around its question. */
const GIST_CHARS_MAX = 900;
const STORY_CHARS_MAX = 300;

/** Anything but single spaces between words. */
const SPACED_OUT = /[^\S\n]{2}|[^\S\n ]/;

/** Empty where only the bot was named. */
export function questionOf({ content }: Pick<Message, "content">, needles: readonly string[]): string {
  // Most lines hold no mark of Discord's, and nothing to be put right.
  const read = content.includes("<") ? withoutMarks(content, needles) : content;
  const spaced = SPACED_OUT.test(read) ? read.replace(/[^\S\n]+/g, " ") : read;
  const cut = spaced
    .replace(/^[\s,.:;!-]+/, "")
    .trim()
    .slice(0, QUESTION_CHARS_MAX);
  return cut.isWellFormed() ? cut : cut.replace(/\p{Surrogate}$/u, "");
}

function withoutMarks(content: string, needles: readonly string[]): string {
  return content
    .replace(/<@[!&]?(\d{1,20})>/g, (_, id: string) => (needles.includes(id) ? " " : "@someone"))
    .replace(/<#\d{1,20}>/g, "#channel")
    .replace(/<a?:(\w{1,64}):\d{1,20}>/g, ":$1:")
    .replace(/<t:(-?\d{1,15})(?::\w)?>/g, "a certain time")
    .replace(/<\/([^:>]{1,64}):\d{1,20}>/g, "/$1");
}

/**
 * What a long text asks: its sentences that ask, each once, with the beginning of the story before them. A short text is returned
 * as it is; one that asks nothing keeps its beginning and its end, where people put what they want.
 */
export function gistOf(text: string): string {
  if (text.length <= GIST_CHARS_MAX) return text;
  const all = [
    ...new Set(text.split("\n").flatMap((line) => sentences(line).map((sentence) => sentence.trim()))),
  ].filter(Boolean);
  const told = all.join(" ");
  if (told.length <= GIST_CHARS_MAX) return told;
  const asking = all.filter((sentence) => asks(sentence) && sentence.length <= GIST_CHARS_MAX);
  const story = told.slice(0, STORY_CHARS_MAX);
  const asked = asking.join(" ").slice(-(GIST_CHARS_MAX - STORY_CHARS_MAX));
  return asked === "" ? `${story} … ${told.slice(-STORY_CHARS_MAX)}` : `${story} … ${asked}`;
}
