/**
 * A message → the question in it: without the bot's own mention, with other marks of Discord's as people read them. Pure.
 */
import type { Message } from "../message.ts";

export const QUESTION_CHARS_MAX = 2_000;

/** Empty where only the bot was named. */
export function questionOf(message: Pick<Message, "content">, needles: readonly string[]): string {
  return message.content
    .replace(/<@[!&]?(\d{1,20})>/g, (_, id: string) => (needles.includes(id) ? " " : "@someone"))
    .replace(/<#\d{1,20}>/g, "#channel")
    .replace(/<a?:(\w{1,64}):\d{1,20}>/g, ":$1:")
    .replace(/<t:(-?\d{1,15})(?::\w)?>/g, "a certain time")
    .replace(/<\/([^:>]{1,64}):\d{1,20}>/g, "/$1")
    .replace(/[^\S\n]+/g, " ")
    .replace(/^[\s,.:;!-]+/, "")
    .trim()
    .slice(0, QUESTION_CHARS_MAX)
    .replace(/\p{Surrogate}$/u, "");
}
