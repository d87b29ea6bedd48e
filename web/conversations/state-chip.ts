/** A conversation's state in one chip; the state that needs the team wins. */
import { MEMORY_MS } from "../../src/memory.ts";
import type { ConversationRow } from "../../src/store/ports/conversations.ts";
import { speaker } from "../../src/takeover.ts";
import { type Html, html } from "../html.ts";
import type { Visit } from "../visit.ts";
import { conversationWords } from "./words.ts";

export function stateChip(
  visit: Visit,
  row: ConversationRow,
  { notFound, disliked }: { readonly notFound: boolean; readonly disliked: boolean },
): Html {
  const words = conversationWords[visit.language].states;
  if (speaker(row.takeover, visit.nowMs) !== "bot") return html`<span class="chip chip-blue">${words.agent}</span>`;
  if (row.state === "resolved") return html`<span class="chip">${words.resolved}</span>`;
  if (row.escalatedAtMs !== null) return html`<span class="chip chip-amber">${words.escalated}</span>`;
  if (disliked) return html`<span class="chip chip-red">${words.disliked}</span>`;
  if (notFound) return html`<span class="chip chip-amber">${words["not-found"]}</span>`;
  // The member's later messages begin another one.
  if (row.lastAtMs < visit.nowMs - MEMORY_MS) return html`<span class="chip">${words.over}</span>`;
  return html`<span class="chip chip-green">${words.open}</span>`;
}
