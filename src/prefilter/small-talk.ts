/** A text's kind, from the text alone: small talk, a possible request, or a word to the bot. smart.ts judges who speaks to whom. */

import { G } from "../text/words.ts";
import type { TextLook } from "./look.ts";

export type Readiness = "silent" | "consider" | "must";

export function talk({ folded, hits, message }: TextLook): Readiness {
  if (message.content === "" || folded.letters === 0) return "silent";
  if ((hits.counts[G.bot] ?? 0) > 0 && (hits.from[G.bot] ?? 0) < 4) return "must";
  const asking =
    (hits.counts[G.asks] ?? 0) + (hits.counts[G.help] ?? 0) + (hits.counts[G.trouble] ?? 0) > 0 ||
    message.content.includes("?");
  if (asking) return "consider";
  const small = (hits.counts[G.greeting] ?? 0) + (hits.counts[G.thanks] ?? 0) + (hits.counts[G.reaction] ?? 0);
  if (folded.length <= 24 || (small > 0 && folded.length <= 60)) return "silent";
  return "consider";
}
