/**
 * Who in a channel bears which name, found by a name's folded bytes: two words of each line are held against the names, and no string
 * is made of them. Names are hashed (FNV-1a); of two with one hash the newer is known.
 */
import type { Speaker } from "./channel-talk.ts";

/** By the hash of their names. */
export type KnownNames = Map<number, Speaker>;

/** More names than that are not known of a channel: it begins anew. */
const NAMES_MAX = 1_024;
const BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** Under the folded name that the speaker has. */
export function putName(names: KnownNames, speaker: Speaker): void {
  const { name } = speaker;
  if (names.size >= NAMES_MAX) names.clear();
  let hash = BASIS;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), PRIME);
  names.set(hash | 0, speaker);
}

/** Who bears the name that stands in folded bytes. */
export function namedIn(names: KnownNames, bytes: Uint8Array, from: number, to: number): Speaker | undefined {
  let hash = BASIS;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] ?? 32), PRIME);
  const speaker = names.get(hash | 0);
  if (speaker === undefined) return undefined;
  const { name } = speaker;
  if (name.length !== to - from) return undefined;
  for (let i = from; i < to; i++) if (name.charCodeAt(i - from) !== bytes[i]) return undefined;
  return speaker;
}
