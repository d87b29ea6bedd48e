/**
 * What a part of a sentence leaves out stands before it; what it replaces does not: of "archives are stored in Dublin, snapshots in Oslo" the
 * second takes over the verb, and neither the archives nor Dublin. Pure.
 */
import { isContent, PREPOSITION, type SentencePart } from "./parts.ts";

/** Stems before `part` in its sentence that are not said of it. */
export function replacedBy(
  part: SentencePart,
  earlier: readonly SentencePart[],
  previous: SentencePart | undefined,
): ReadonlySet<string> {
  const { points, sided } = part;
  const replaced = new Set<string>();
  if (previous !== undefined && (isGapped(previous, part) || leavesOut(previous, part)))
    for (const stem of aroundVerb(previous, points.length > 0)) replaced.add(stem);
  if (points.length > 0) for (const { pointed } of earlier) for (const stem of pointed) replaced.add(stem);
  // "Profiles are read from the file, secrets from the environment."
  if (previous?.phrase && isPlaced(part, previous.phrase.word))
    for (const stem of [...previous.stems.slice(0, 1), ...previous.phrase.stems]) replaced.add(stem);
  // "A cap is required, fins are forbidden": what is said of one is not said of the other.
  if (sided.size > 0) for (const before of earlier) for (const stem of before.sided) replaced.add(stem);
  return replaced;
}

/** A subject and a place with a name, behind a part that ends with such a place. */
export function isGapped(previous: SentencePart, { text }: SentencePart): boolean {
  return GAPPED.test(text) && PLACED.test(previous.text);
}

/** A subject, the preposition of the part before it, and what stands behind that. */
function isPlaced({ text, stems, points, figures, phrase }: SentencePart, preposition: string): boolean {
  if (phrase === null || stems.length <= phrase.stems.length || points.length + figures.length > 0) return false;
  return SHORT.exec(text)?.[1]?.toLowerCase() === preposition;
}

/** "Those of the first year plant tomatoes, those of the second potatoes": a subject and an object, and no verb. */
function leavesOut(previous: SentencePart, { text, stems, figures }: SentencePart): boolean {
  const said = stems.filter(isContent).length;
  return figures.length === 0 && said >= 2 && said <= 3 && previous.stems.length >= 3 && DETERMINED.test(text);
}

/** All but the verb, which is what is taken over. */
function aroundVerb({ stems }: SentencePart, hasPoint: boolean): readonly string[] {
  if (hasPoint) return stems.slice(0, 1);
  return [...stems.slice(0, stems.length > 3 ? 2 : 1), ...stems.slice(-1)];
}

const DETERMINED =
  /^[ \t]{0,3}(?:the|those|der|die|das|den|dem|el|la|los|las|le|les|il|lo|gli|i|o|a|os|as|ceux|celles|quelli|quelle)[ \t](?!\p{L}{1,20}[ \t](?:is|are|can|ist|sind|es|est|sont|è|sono)(?!\p{L}))/iu;

/** A subject of one or two words, a preposition, and what it is about. */
const SHORT = new RegExp(
  `^[ \\t]{0,3}(?:(?:the|der|die|das|el|la|los|las|le|les|il|i|o|a) )?(?:\\p{L}{1,24} ){1,2}(${PREPOSITION}) (?:\\S{1,40} ?){1,3}$`,
  "iu",
);

const PLACE = "(?:in|at|on|to|from|by|near|en|a|à|au|im|am|nach|bei|da|em|di)";
/** A subject, a place with a name, and no verb; and a clause that ends with such a place. */
const GAPPED = new RegExp(`^\\s{0,3}\\p{L}{2,30} ${PLACE} \\p{Lu}\\p{L}{1,30}[.!]?\\s{0,3}$`, "u");
const PLACED = new RegExp(` ${PLACE} \\p{Lu}\\p{L}{1,30}\\s{0,3}$`, "u");
