/** The record of changes, paged by key, and taking one of them back. */
import { changeSettings } from "../../src/settings/change.ts";
import { putBack, settingsChanges } from "../../src/settings/differences.ts";
import { field, readForm } from "../body.ts";
import { type Route, route } from "../guard.ts";
import { changeNames } from "../parts/changes.ts";
import { settingsRow } from "../parts/settings-row.ts";
import { HttpRefusal } from "../refusal.ts";
import { htmlResponse, redirect } from "../respond.ts";
import { type GuildVisit, signature } from "../visit.ts";
import { type AuditFacts, type AuditProblem, auditPage } from "./view.ts";

const PAGE_SIZE = 30;

export const auditRoutes: readonly Route[] = [
  route("admin", "GET", "/guilds/:guild/audit", async (visit) => auditPage(visit, await facts(visit, null))),

  route("admin", "POST", "/guilds/:guild/audit/:row/put-back", async (visit) => {
    const { services, guild, params } = visit;
    const form = await readForm(visit);
    const { guilds } = services.store;
    const row = await settingsRow(visit, params.row ?? "");
    if (row === null) throw new HttpRefusal("not-found");
    const refuse = async (problem: AuditProblem, status: number) =>
      htmlResponse(auditPage(visit, await facts(visit, problem)), status);
    if (field(form, "version") !== String(guild.version)) return refuse("changed-meanwhile", 409);
    const settings = putBack(guild.settings, row);
    if (settings === null) return refuse("does-not-fit", 422);
    if (settingsChanges(guild.settings, settings).length === 0) return refuse("same", 422);
    const ports = { guilds, bus: services.bus };
    const changed = await changeSettings(ports, guild, settings, signature(visit.person));
    if (changed === null) return refuse("changed-meanwhile", 409);
    return redirect(visit, `/guilds/${guild.guild}/audit?done=1`);
  }),
];

async function facts(visit: GuildVisit, problem: AuditProblem | null): Promise<AuditFacts> {
  const search = visit.url.searchParams;
  const before = /^\d{1,15}$/.exec(field(search, "before", 15))?.[0];
  const rows = await visit.services.store.guilds.audit(visit.guild.guild, PAGE_SIZE + 1, before);
  return {
    rows: rows.slice(0, PAGE_SIZE),
    next: rows.length > PAGE_SIZE ? (rows[PAGE_SIZE - 1]?.id ?? null) : null,
    first: before === undefined,
    names: await changeNames(visit, rows),
    problem,
    done: search.get("done") === "1",
  };
}
