/**
 * One message as every signal sees it: text put together and folded once, words and links found once. And the sheet on which
 * signals write what they saw.
 */
import { type Message, wholeTextOf } from "../message.ts";
import type { Hits } from "../text/automaton.ts";
import { type Folded, fold, sawOf } from "../text/fold.ts";
import { type Link, linksOf } from "../text/links.ts";
import { words } from "../text/words.ts";
import { type Domain, judgeDomain } from "./domains.ts";
import type { SignalName } from "./signal-words.ts";

export type TextLook = {
  readonly message: Message;
  readonly text: string;
  readonly folded: Folded;
  readonly hits: Hits;
  readonly links: readonly Link[];
  readonly domains: readonly Domain[];
};

/** Valid until the next message is looked at: folded text and hits live in buffers that are used again. */
export function lookAt(message: Message, allows: (host: string) => boolean = nothing): TextLook {
  const text = wholeTextOf(message);
  const folded = fold(text);
  const hits = words.scan(folded);
  const links = linksOf(text, folded);
  return {
    message,
    text,
    folded,
    hits,
    links,
    domains: links.length === 0 ? NONE : links.map(({ host }) => (allows(host) ? ALLOWED : judgeDomain(host))),
  };
}

const NONE: readonly Domain[] = [];
const ALLOWED: Domain = { kind: "known", score: 0, brand: null };

function nothing(): boolean {
  return false;
}

/** How much a sign weighs for moderation: `sure` needs no judgement, `strong` and `weak` are the model's, a `note` alone is nothing. */
export type Weight = "note" | "weak" | "strong" | "sure";

export type Sign = {
  readonly name: SignalName;
  readonly saw: string;
  readonly weight: Weight;
  /** Signs of one kind say the same thing twice; only different kinds are independent. */
  readonly kind: Kind;
  readonly risk: number;
};

export type Kind =
  | "link"
  | "words"
  | "mention"
  | "rate"
  | "repeat"
  | "form"
  | "abuse"
  | "threat"
  | "learned"
  | "newcomer"
  | "own";

/** The text that group `group` was first met in. */
export function sawGroup({ text, folded, hits }: TextLook, group: number): string {
  return sawOf(text, folded, hits.from[group] ?? 0, hits.to[group] ?? 0);
}
