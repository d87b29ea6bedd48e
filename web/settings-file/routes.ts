/** Out as a download; in by two steps: the difference is shown, and what was shown is what is put in force. */
import { changeSettings } from "../../src/settings/change.ts";
import { readSettingsFile, SETTINGS_FILE_BYTES_MAX, writeSettingsFile } from "../../src/settings/file.ts";
import { field, readForm } from "../body.ts";
import { type Route, route } from "../guard.ts";
import { channelNames } from "../parts/channels.ts";
import { htmlResponse, redirect } from "../respond.ts";
import { type GuildVisit, signature } from "../visit.ts";
import { type FileFacts, filePage } from "./view.ts";

const BOUND = { bytesMax: 1024 * 1024, deadlineMs: 30_000 };
const PATH = "/guilds/:guild/settings/file";

export const settingsFileRoutes: readonly Route[] = [
  route("admin", "GET", PATH, (visit) => show(visit, {})),

  route("admin", "GET", `${PATH}/download`, ({ guild }) => {
    const headers = {
      "content-type": "application/yaml; charset=utf-8",
      "content-disposition": `attachment; filename="gatehouse-${guild.guild}.yaml"`,
    };
    return new Response(writeSettingsFile(guild.settings, guild.name), { headers });
  }),

  route("admin", "POST", `${PATH}/preview`, async (visit) => {
    const form = await readForm(visit.request, visit.services.clock, BOUND);
    const text = await textOf(form);
    if (text === "") return show(visit, { problem: { kind: "empty" } }, 422);
    const { settings, problem } = readSettingsFile(text, visit.guild.settings);
    if (settings === null) return show(visit, { text, problem }, 422);
    return show(visit, { text, preview: settings });
  }),

  route("admin", "POST", PATH, async (visit) => {
    const { services, guild, person } = visit;
    const form = await readForm(visit.request, services.clock, BOUND);
    const text = await textOf(form);
    const { settings, problem } = readSettingsFile(text, guild.settings);
    if (settings === null) return show(visit, { text, problem }, 422);
    if (field(form, "version") !== String(guild.version)) {
      return show(visit, { text, preview: settings, problem: { kind: "changed-meanwhile" } }, 409);
    }
    const ports = { guilds: services.store.guilds, bus: services.bus };
    await changeSettings(ports, guild, settings, signature(person));
    return redirect(visit, `/guilds/${guild.guild}/settings?saved=1`);
  }),
];

/** The file, or the text of the field where no file was chosen. */
async function textOf(form: FormData): Promise<string> {
  const file = form.get("file");
  if (file instanceof File && file.size > 0) return (await file.text()).toWellFormed();
  return field(form, "text", SETTINGS_FILE_BYTES_MAX + 1);
}

async function show(visit: GuildVisit, facts: Partial<Omit<FileFacts, "channels">>, status = 200): Promise<Response> {
  const channels = facts.preview === undefined ? [] : await channelNames(visit);
  const whole = { text: "", preview: null, problem: null, ...facts, channels };
  return htmlResponse(filePage(visit, whole), status);
}
