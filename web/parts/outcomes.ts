/** A message's outcome for people: the reason in words, the kind as a colour. */
import { words } from "../../src/i18n.ts";
import type { TurnRow } from "../../src/store/ports/conversations.ts";
import type { Visit } from "../visit.ts";

/** The fixed word in the reader's language where we have it; the word itself otherwise. */
export function reasonText(visit: Visit, reason: string): string {
  const known: Readonly<Record<string, string>> = words(visit.language).outcomes.reasons;
  return Object.hasOwn(known, reason) ? (known[reason] ?? reason) : reason.replaceAll("-", " ");
}

export function outcomeColour(kind: NonNullable<TurnRow["outcome"]>["kind"]): string {
  if (kind === "answered") return "chip-green";
  if (kind === "failed" || kind === "dropped") return "chip-red";
  if (kind === "escalated" || kind === "moderated" || kind === "refused") return "chip-amber";
  return kind === "left-to-agent" ? "chip-blue" : "";
}
