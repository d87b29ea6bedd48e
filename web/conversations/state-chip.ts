/** Where a conversation stands, in one chip. */
import { type Html, html } from "../html.ts";
import type { Visit } from "../visit.ts";
import { conversationWords } from "./words.ts";

export function stateChip(visit: Visit, state: { readonly agent: boolean; readonly escalated: boolean }): Html | null {
  const words = conversationWords[visit.language].states;
  if (state.agent) return html`<span class="chip chip-blue">${words.agent}</span>`;
  if (state.escalated) return html`<span class="chip chip-amber">${words.escalated}</span>`;
  return html`<span class="chip chip-green">${words.open}</span>`;
}
