/**
 * Usage and plan: what the account used this month, by day, server, kind and channel of contact, as a chart, a table and CSV;
 * the server's own limits; and, for the owner of another account, a way to have the server counted there.
 */

import type { GuildId } from "../../src/ids.ts";
import type { Account, Subscription } from "../../src/plans/plans.ts";
import { summarise, type UsageSummary, usageCsv } from "../../src/plans/usage.ts";
import type { GuildSettings } from "../../src/settings/form.ts";
import { guildSettingsSchema } from "../../src/settings/form.ts";
import { dayIn, type Month, monthIn } from "../../src/time-zone.ts";
import { field, readForm } from "../body.ts";
import { type Route, route } from "../guard.ts";
import { saveSettings } from "../parts/save-settings.ts";
import { htmlResponse, redirect } from "../respond.ts";
import { type GuildVisit, signature } from "../visit.ts";
import { usagePage } from "./view.ts";

export type UsageProblem = "limits" | "not-yours";

export type UsageFacts = {
  readonly subscription: Subscription;
  readonly month: Month;
  readonly summary: UsageSummary;
  /** Messages that are being answered now. */
  readonly underWay: number;
  readonly warnings: readonly { readonly percent: number; readonly atMs: number }[];
  /** Names of the servers this visitor may see; the others are shown as one. */
  readonly names: ReadonlyMap<GuildId, string>;
  /** Where else this visitor may have the server counted. */
  readonly accounts: readonly Account[];
  readonly limits: GuildSettings["limits"];
  readonly saved: boolean;
  readonly problem: UsageProblem | "changed-meanwhile" | null;
  /** The limits as they were typed and not saved; `mine` is what they would make of the settings. */
  readonly refused: { readonly form: FormData; readonly mine: GuildSettings | null } | null;
};

export const usageRoutes: readonly Route[] = [
  route("viewer-or-admin", "GET", "/guilds/:guild/usage", async (visit) => usagePage(visit, await facts(visit, null))),

  route("viewer-or-admin", "GET", "/guilds/:guild/usage/usage.csv", async (visit) => {
    const { subscription, month, names } = await facts(visit, null);
    const rows = await visit.services.store.usage.rows(subscription.account.id, month.from, month.until);
    const shown = rows.filter((row) => names.has(row.guild));
    return new Response(
      usageCsv(shown, (guild) => names.get(guild) ?? guild),
      {
        headers: {
          "content-type": "text/csv; charset=utf-8",
          "content-disposition": `attachment; filename="usage-${month.name}.csv"`,
        },
      },
    );
  }),

  route("admin", "POST", "/guilds/:guild/usage/limits", async (visit) => {
    const { guild } = visit;
    const form = await readForm(visit);
    const cost = field(form, "costDayUsd", 12);
    const read = guildSettingsSchema.shape.limits.safeParse({
      memberHour: Number(field(form, "memberHour", 12)),
      channelMinute: Number(field(form, "channelMinute", 12)),
      moderationShare: Number(field(form, "moderationShare", 12)),
      costDayUsd: cost === "" ? null : Number(cost.replace(",", ".")),
    });
    const withLimits = (settings: GuildSettings) => (read.success ? { ...settings, limits: read.data } : null);
    const saved = await saveSettings(visit, form, withLimits(guild.settings));
    if (saved === "saved") return redirect(visit, `/guilds/${guild.guild}/usage?saved=1`);
    const now = saved === "refused" ? visit : saved.now;
    const problem = saved === "refused" ? "limits" : "changed-meanwhile";
    const refused = { form, mine: withLimits(now.guild.settings) };
    return htmlResponse(usagePage(now, await facts(now, problem, refused)), saved === "refused" ? 422 : 409);
  }),

  route("admin", "POST", "/guilds/:guild/usage/account", async (visit) => {
    const { services, guild, person } = visit;
    const form = await readForm(visit);
    const wanted = field(form, "account", 64);
    const own = await services.store.accounts.owned(person.id);
    if (!own.some(({ id }) => id === wanted))
      return htmlResponse(usagePage(visit, await facts(visit, "not-yours")), 403);
    await services.store.accounts.move(guild.guild, wanted, signature(person));
    await services.bus.publish({ type: "account-changed", account: wanted });
    return redirect(visit, `/guilds/${guild.guild}/usage?saved=1`);
  }),
];

async function facts(
  visit: GuildVisit,
  problem: UsageFacts["problem"],
  refused: UsageFacts["refused"] = null,
): Promise<UsageFacts> {
  const { guild, person, nowMs, url } = visit;
  const { store } = visit.services;
  const subscription = await store.accounts.of(guild.guild);
  const { id, timeZone } = subscription.account;
  const month = monthIn(nowMs, timeZone);
  const [rows, used, warnings, mine, owned] = await Promise.all([
    store.usage.rows(id, month.from, month.until),
    store.quota.used(id, month),
    store.quota.warnings(id, month.name),
    store.people.memberships(person.id),
    store.accounts.owned(person.id),
  ]);
  // An account may have thousands of servers: those that used something are named.
  const ofAccount = await store.accounts.guilds(id, [...new Set(rows.map((row) => row.guild))]);
  const summary = summarise(rows, { month, today: dayIn(nowMs, timeZone), nowMs, timeZone });
  const all = person.operator || subscription.account.owner === person.id;
  const known = new Set(mine.map((one) => one.guild));
  const names = new Map(ofAccount.filter((one) => all || known.has(one.guild)).map((one) => [one.guild, one.name]));
  names.set(guild.guild, guild.name);
  return {
    ...{ subscription, month, summary, warnings, names, problem, refused },
    underWay: Math.max(0, used - summary.total.messages),
    accounts: owned.filter((account) => account.id !== id),
    limits: guild.settings.limits,
    saved: url.searchParams.get("saved") === "1",
  };
}
