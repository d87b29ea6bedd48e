/** What a text asks for, before anything is looked up: a person, a courtesy in return, or knowledge. Pure. */
import { asksNothing, type Courtesy, courtesyIn } from "./courtesy.ts";
import { asksForPerson } from "./escalation.ts";

export type Asks = "person" | Courtesy | "knowledge";

/** These stand in courtesies too, and ask where they stand alone. */
const WONDERS = /(?<!\p{L})(?:how|what|why|job|warum|wie|was|niye|neden|ne)(?!\p{L})/iu;

export function asksFor(text: string): Asks {
  if (asksForPerson(text)) return "person";
  // "ok", "nice": search nothing, and ask the member what they would like to know.
  return courtesyIn(text) ?? (asksNothing(text) && !WONDERS.test(text) ? "greeting" : "knowledge");
}
