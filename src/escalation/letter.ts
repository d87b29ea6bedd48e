/** The letter about an escalation: reason, summary, last turns and the link, as text and as HTML. Pure. */

import type { Letter } from "../mail.ts";
import type { LANGUAGES } from "../settings/form.ts";
import type { TurnRow } from "../store/ports/conversations.ts";
import type { EscalationRow } from "../store/ports/escalations.ts";
import { ESCALATION_WORDS } from "./words.ts";

export type Case = {
  readonly escalation: EscalationRow;
  readonly turns: readonly TurnRow[];
  readonly guildName: string;
  readonly link: string;
  readonly language: (typeof LANGUAGES)[number];
};

const TURNS_SHOWN = 8;
const TURN_CHARS_MAX = 600;

/** `waitedMinutes`: the reminder that nobody took it. */
export function letterOf(about: Case, to: readonly string[], waitedMinutes: number | null): Letter {
  const { escalation, guildName, link } = about;
  const said = ESCALATION_WORDS[about.language];
  const member = nameOf(escalation.memberName);
  const guild = nameOf(guildName);
  const channel = escalation.channelName === "" ? "" : `, #${nameOf(escalation.channelName)}`;
  const turns = about.turns.filter(({ text }) => text !== "").slice(-TURNS_SHOWN);
  const lead = said.lead(member, guild, channel);
  const waits = waitedMinutes === null ? null : said.waits(waitedMinutes);
  const facts = [
    [said.reason, said.reasons[escalation.reason]],
    [said.summary, escalation.summary],
  ].filter(([, value]) => value !== "");
  const text = [
    ...(waits === null ? [] : [waits]),
    lead,
    "",
    ...facts.map(([name, value]) => `${name}: ${value}`),
    "",
    `${said.lastTurns}:`,
    ...turns.map((turn) => `${said.roles[turn.role]} (${nameOf(turn.author)}): ${cut(turn.text)}`),
    "",
    `${said.open}: ${link}`,
    "",
    "-- ",
    said.why(guild),
  ].join("\n");
  const html = [
    `<!doctype html><html lang="${about.language}"><body style="font:15px/1.5 system-ui,sans-serif;color:#1b1f27;max-width:40em">`,
    waits === null ? "" : `<p><strong>${escapeHtml(waits)}</strong></p>`,
    `<p>${escapeHtml(lead)}</p>`,
    `<dl>${facts.map(([name = "", value = ""]) => `<dt><strong>${escapeHtml(name)}</strong></dt><dd>${escapeHtml(value)}</dd>`).join("")}</dl>`,
    `<p><strong>${escapeHtml(said.lastTurns)}</strong></p>`,
    ...turns.map(
      (turn) =>
        `<p style="border-left:3px solid #ccd;padding-left:.7em"><strong>${escapeHtml(said.roles[turn.role])} (${escapeHtml(nameOf(turn.author))})</strong><br>${escapeHtml(cut(turn.text)).replaceAll("\n", "<br>")}</p>`,
    ),
    `<p><a href="${escapeHtml(link)}">${escapeHtml(said.open)}</a></p>`,
    `<p style="color:#667;font-size:13px">${escapeHtml(said.why(guild))}</p></body></html>`,
  ].join("\n");
  const subject = waitedMinutes === null ? said.subject(member, guild) : said.reminder(member, waitedMinutes);
  const id = waitedMinutes === null ? escalation.id : `${escalation.id}.reminder`;
  return { to, subject, text, html, id };
}

/** The member's own last words, where no model wrote a summary. */
export function lastWords(turns: readonly TurnRow[]): string {
  const last = turns.filter(({ role, text }) => role === "member" && text !== "").slice(-2);
  return cut(last.map(({ text }) => text).join(" / "));
}

/** A name on one line, even if it holds line breaks. */
function nameOf(name: string): string {
  return (
    name
      .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ")
      .trim()
      .slice(0, 80) || "?"
  );
}

/** As a mailbox shows it: without whom it mentions, with Discord's times written out. */
function cut(said: string): string {
  const text = said
    .replace(/<@[!&]?\d{1,20}> ?/g, "")
    .replace(
      /<t:(\d{1,11})(?::[a-zA-Z])?>/g,
      (_, seconds: string) => `${new Date(Number(seconds) * 1_000).toISOString().slice(0, 16).replace("T", " ")} UTC`,
    )
    .trim();
  return text.length <= TURN_CHARS_MAX ? text : `${text.slice(0, TURN_CHARS_MAX).replace(/\p{Surrogate}$/u, "")}…`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
