/** The bot's behaviour in a server: mode, tone, overrides of channels. A change is in force at once, everywhere. */
import type { GuildSettings } from "../../src/settings/form.ts";
import type { AuditRow } from "../../src/store/ports/guilds.ts";
import { readForm } from "../body.ts";
import { type Route, route } from "../guard.ts";
import { type ChangeNames, changeNames } from "../parts/changes.ts";
import { saveSettings } from "../parts/save-settings.ts";
import { htmlResponse, redirect } from "../respond.ts";
import type { GuildVisit } from "../visit.ts";
import { type Changed, readOverride, readSettings, type SettingsProblem } from "./form.ts";
import { settingsPage } from "./view.ts";

const AUDIT_SHOWN = 3;

export type SettingsFacts = {
  readonly settings: GuildSettings;
  /** An unsaved form; `mine`: the settings that it would save, null where it cannot be saved. */
  readonly refused: { readonly form: FormData; readonly mine: GuildSettings | null } | null;
  readonly names: ChangeNames;
  readonly audit: readonly AuditRow[];
  readonly saved: boolean;
  readonly problem: SettingsProblem | "changed-meanwhile" | null;
};

export const settingsRoutes: readonly Route[] = [
  route("admin", "GET", "/guilds/:guild/settings", async (visit) =>
    settingsPage(visit, await facts(visit, null, null, visit.url.searchParams.get("saved") === "1")),
  ),
  route("admin", "POST", "/guilds/:guild/settings", (visit) => change(visit, readSettings)),
  route("admin", "POST", "/guilds/:guild/settings/channels", (visit) => change(visit, readOverride)),
];

async function change(visit: GuildVisit, read: (before: GuildSettings, form: FormData) => Changed): Promise<Response> {
  const form = await readForm(visit);
  const next = read(visit.guild.settings, form);
  const saved = await saveSettings(visit, form, next.settings);
  if (saved === "saved") return redirect(visit, `/guilds/${visit.guild.guild}/settings?saved=1`);
  if (saved === "refused") {
    const refused = { form, mine: null };
    return htmlResponse(settingsPage(visit, await facts(visit, next.problem, refused, false)), 422);
  }
  const mine = read(saved.now.guild.settings, form).settings;
  const shown = await facts(saved.now, "changed-meanwhile", { form, mine }, false);
  return htmlResponse(settingsPage(saved.now, shown), 409);
}

async function facts(
  visit: GuildVisit,
  problem: SettingsFacts["problem"],
  refused: SettingsFacts["refused"],
  saved: boolean,
): Promise<SettingsFacts> {
  const { guild, services } = visit;
  const audit = await services.store.guilds.audit(guild.guild, AUDIT_SHOWN);
  return { settings: guild.settings, refused, names: await changeNames(visit, audit), audit, saved, problem };
}
