/** One request as a handler sees it: who is asking, in which language, about which guild. Made by guard.ts, read by every page. */
import type { Glances } from "../src/glances.ts";
import type { Language } from "../src/i18n.ts";
import type { Memberships } from "../src/memberships.ts";
import type { Services } from "../src/services.ts";
import type { GuildRow } from "../src/store/ports/guilds.ts";
import type { PersonRole } from "../src/store/ports/people.ts";
import type { Bodies } from "./bodies.ts";
import type { Page } from "./page.ts";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export type Person = {
  readonly id: string;
  readonly name: string;
  readonly operator: boolean;
};

export type Visit = {
  readonly services: Services;
  readonly request: Request;
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
  /** The address that the request came from: the proxy's, where one stands before the dashboard. */
  readonly address: string;
  readonly nowMs: number;
  readonly language: Language;
  readonly theme: Theme;
  /** Asked for by htmx: answer with the part that changes, not the whole page. */
  readonly fragment: boolean;
  /** How the dashboard is reached, without a trailing slash. */
  readonly publicUrl: string;
  readonly person: Person | null;
  /** Discord as it was a moment ago at most: for showing, not for deciding. */
  readonly glances: Glances;
  /** Whether a role in a guild still holds on Discord. */
  readonly memberships: Memberships;
  /** Request bodies that people and servers are sending. */
  readonly bodies: Bodies;
  /** Entries of the navigation. */
  readonly pages: readonly Page[];
  /** Addresses of scripts and styles, with their hash in the name. */
  readonly asset: (name: string) => string;
};

export type PersonVisit = Visit & { readonly person: Person };

export type GuildVisit = PersonVisit & { readonly guild: GuildRow; readonly role: PersonRole };

/** How the record of changes names somebody. */
export function signature(person: Person): string {
  return person.id === person.name.toLowerCase() ? person.name : `${person.name} (${person.id})`;
}
