/** How the bot behaves in a server: mode, tone, what single channels do otherwise. A change is in force at once, everywhere. */
import { changeSettings } from "../../src/settings/change.ts";
import type { GuildSettings } from "../../src/settings/form.ts";
import type { AuditRow } from "../../src/store/ports/guilds.ts";
import { field, readForm } from "../body.ts";
import { type Route, route } from "../guard.ts";
import { type ChannelName, channelNames } from "../parts/channels.ts";
import { htmlResponse, redirect } from "../respond.ts";
import { type GuildVisit, signature } from "../visit.ts";
import { type Changed, readOverride, readSettings, type SettingsProblem } from "./form.ts";
import { settingsPage } from "./view.ts";

const AUDIT_SHOWN = 3;

export type SettingsFacts = {
  /** What the form shows: what is in force, or what was posted and refused. */
  readonly settings: GuildSettings;
  readonly channels: readonly ChannelName[];
  readonly audit: readonly AuditRow[];
  readonly saved: boolean;
  readonly problem: SettingsProblem | null;
};

export const settingsRoutes: readonly Route[] = [
  route("admin", "GET", "/guilds/:guild/settings", async (visit) =>
    settingsPage(visit, await facts(visit, null, visit.url.searchParams.get("saved") === "1")),
  ),
  route("admin", "POST", "/guilds/:guild/settings", (visit) => change(visit, readSettings)),
  route("admin", "POST", "/guilds/:guild/settings/channels", (visit) => change(visit, readOverride)),
];

async function change(visit: GuildVisit, read: (before: GuildSettings, form: FormData) => Changed): Promise<Response> {
  const { services, guild, person } = visit;
  const form = await readForm(visit.request, services.clock);
  const next = read(guild.settings, form);
  // Two admins at once: the second sees what the first made, and nothing is written over.
  const problem = field(form, "version") === String(guild.version) ? next.problem : "changed-meanwhile";
  if (problem !== null || next.settings === null) {
    return htmlResponse(
      settingsPage(visit, await facts(visit, problem, false)),
      problem === "changed-meanwhile" ? 409 : 422,
    );
  }
  await changeSettings({ guilds: services.store.guilds, bus: services.bus }, guild, next.settings, signature(person));
  return redirect(visit, `/guilds/${guild.guild}/settings?saved=1`);
}

async function facts(visit: GuildVisit, problem: SettingsProblem | null, saved: boolean): Promise<SettingsFacts> {
  const { guild, services } = visit;
  const [channels, audit] = await Promise.all([
    channelNames(visit),
    services.store.guilds.audit(guild.guild, AUDIT_SHOWN),
  ]);
  return { settings: guild.settings, channels, audit, saved, problem };
}
