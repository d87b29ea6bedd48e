/**
 * A member's report becomes a case for a person to look at, one for each message however many report it. Bounded: ten reports a
 * member and day. Who was mostly wrong before weighs less: their report alone makes no case, a second member's does.
 */
import type { UserId } from "../ids.ts";
import type { Message } from "../message.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import type { CaseRow } from "../store/ports/moderation.ts";
import type { Store } from "../store.ts";

export type ReportResult = "taken" | "already" | "too-many";

const REPORTS_A_DAY_MAX = 10;
const WRONG_MIN = 3;

export async function takeReport(
  ports: { readonly store: Pick<Store, "cases" | "reports">; readonly tell: (one: CaseRow) => Promise<void> },
  row: GuildRow,
  message: Message,
  by: { readonly id: UserId; readonly name: string },
  channelName: string,
  evidence: string,
): Promise<ReportResult> {
  const { store, tell } = ports;
  const { fresh, today, upheld, dismissed, onMessage } = await store.reports.add(row.guild, message.id, by.id);
  if (!fresh) return "already";
  if (today > REPORTS_A_DAY_MAX) return "too-many";
  const criesWolf = dismissed >= WRONG_MIN && dismissed > 2 * upheld;
  if (criesWolf && onMessage < 2) return "taken";
  const [planned] = await store.cases.plan(row.guild, [
    {
      ...{ key: `report:${message.id}`, message: message.id, channel: message.channelId, channelName },
      ...{ author: message.author.id, authorName: message.author.name, atMs: message.createdAtMs },
      ...{ evidence, context: [], rule: null, action: "delete", plan: { acts: ["delete"], held: [] } },
      verdict: {
        ...{ source: "report", signals: [], category: "none", severity: "none", confidence: 0 },
        ...{ reason: "", found: { kind: "report", by: by.name }, model: null, costUsd: 0 },
      },
      ...{ state: "review", problem: null, strike: null },
    },
  ]);
  if (planned?.fresh) await tell(planned.case);
  return "taken";
}
