/** All word lists as one automaton: moderation's (harm-words.ts) and smart mode's (request-words.ts), found in one pass over a text. */
import { createAutomaton, type Pattern } from "./automaton.ts";
import { fold } from "./fold.ts";
import { HARM_WORDS } from "./harm-words.ts";
import { REQUEST_WORDS } from "./request-words.ts";

const LISTS = { ...HARM_WORDS, ...REQUEST_WORDS };

export type Group = keyof typeof LISTS;

const GROUPS = Object.keys(LISTS) as Group[];

/** The place of a group in the automaton's counts. */
export const G = Object.fromEntries(GROUPS.map((group, index) => [group, index])) as Readonly<Record<Group, number>>;

export const words = createAutomaton(patterns(), GROUPS.length);

function patterns(): readonly Pattern[] {
  return GROUPS.flatMap((group) =>
    LISTS[group].split(",").map((entry): Pattern => {
      const fit = entry.endsWith("-") ? "stem" : entry.startsWith("*") ? "part" : "word";
      return { text: foldedText(entry.replace(/^\*|[-*]$/g, "")), group: G[group], fit };
    }),
  );
}

/** As a text with this word in it will be folded. */
function foldedText(entry: string): string {
  const { bytes, length } = fold(entry);
  return Buffer.from(bytes.buffer, bytes.byteOffset, length).toString("latin1");
}
