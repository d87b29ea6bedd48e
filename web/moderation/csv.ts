/** Cases as a table for spreadsheets: quoted, and no cell begins with what a spreadsheet would run as a formula. */
import type { Language } from "../../src/i18n.ts";
import { failedActs, reasonOf } from "../../src/moderation.ts";
import type { CaseRow } from "../../src/store/ports/moderation.ts";

const COLUMNS = [
  "case",
  "time",
  "state",
  "action",
  "acts",
  "rule",
  "member",
  "member id",
  "channel",
  "severity",
  "confidence",
  "reason",
  "source",
  "model",
  "message",
];
/** https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

export function casesCsv(cases: readonly CaseRow[], language: Language): string {
  const rows = cases.map((one) => [
    ...[String(one.number), new Date(one.atMs).toISOString(), one.state, one.action, doneIn(one)],
    ...[
      one.rule === null ? "" : `${one.rule.n}: ${one.rule.text}`,
      one.authorName,
      `id ${one.author}`,
      one.channelName,
    ],
    ...[one.verdict.severity, String(one.verdict.confidence), reasonOf(one.verdict, language), one.verdict.source],
    ...[one.verdict.model ?? "", one.evidence],
  ]);
  return `\uFEFF${[COLUMNS, ...rows].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** Without what Discord refused, where the rest was done. */
function doneIn(one: CaseRow): string {
  const failed = one.state === "applied" ? failedActs(one) : [];
  return one.plan.acts.filter((act) => !failed.includes(act)).join(" ");
}

function cell(text: string): string {
  const safe = FORMULA.test(text.trimStart()) || FORMULA.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
