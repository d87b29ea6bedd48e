/** What a text asks for, before anything is looked up: a person, a courtesy in return, or knowledge. Pure. */
import { type Courtesy, courtesyIn } from "./courtesy.ts";
import { asksForPerson } from "./escalation.ts";

export type Asks = "person" | Courtesy | "knowledge";

export function asksFor(text: string): Asks {
  return asksForPerson(text) ? "person" : (courtesyIn(text) ?? "knowledge");
}
