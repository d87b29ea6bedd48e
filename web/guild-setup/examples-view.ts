/** Lines from a server's own channels, and what a mode would do with each. */

import type { Decision } from "../../src/decision.ts";
import type { ResponseMode } from "../../src/settings/form.ts";
import type { ModeExample, ModeExamples } from "../../src/status/mode-examples.ts";
import { type Html, html, type Part } from "../html.ts";
import { beginning } from "../parts/blocks.ts";
import { plainText, type Reading } from "../parts/message-text.ts";
import { reasonText } from "../parts/outcomes.ts";
import type { GuildVisit } from "../visit.ts";
import { guildSetupWords } from "./words.ts";

const CHARS_MAX = 110;

/** Null: there is nothing to show. */
export function examplesOf(
  visit: GuildVisit,
  mode: ResponseMode,
  examples: ModeExamples,
  nameOf: Reading["nameOf"],
): Html | null {
  const say = guildSetupWords[visit.language].mode.outcomes;
  const { mention, question, talk } = examples;
  const rows: Part[] = [];
  const add = (example: ModeExample | null, outcome: string, speaks: boolean) => {
    if (example !== null) rows.push(row(example, outcome, speaks, nameOf));
  };
  const fate = (example: ModeExample | null) => {
    const decision = example?.fate[mode];
    if (decision !== undefined) add(example, outcomeOf(visit, decision), decision.speak !== "silent");
  };
  fate(mention);
  if (mode === "ask") add(question ?? talk, say.command, true);
  else if (mode === "mention" && mention === null) {
    fate(question);
    add(question ?? talk, say.mentioned, true);
  } else fate(question);
  if (mode === "all" || question === null) fate(talk);
  return rows.length === 0 ? null : html`<ul class="examples">${rows}</ul>`;
}

function row(example: ModeExample, outcome: string, speaks: boolean, nameOf: Reading["nameOf"]): Html {
  return html`<li><span class="example-line"><span class="tag" dir="auto">#${example.channel}</span> <strong dir="auto">${example.author.name}</strong> <q dir="auto">${beginning(plainText(example.text, nameOf), CHARS_MAX)}</q></span>
    <span class="chip chip-small ${speaks ? "chip-green" : ""}">${outcome}</span></li>`;
}

function outcomeOf(visit: GuildVisit, decision: Decision): string {
  const say = guildSetupWords[visit.language].mode.outcomes;
  if (decision.speak === "silent") return say.silent(reasonText(visit, decision.reason));
  return decision.speak === "must" ? say.answers : say.looks;
}
