/** Export as a download; import by two steps: show the difference, then put exactly that in force. */
import { readSettingsFile, SETTINGS_FILE_BYTES_MAX, writeSettingsFile } from "../../src/settings/file.ts";
import { field, readForm } from "../body.ts";
import { type Route, route } from "../guard.ts";
import { changeNames } from "../parts/changes.ts";
import { saveSettings } from "../parts/save-settings.ts";
import { htmlResponse, redirect } from "../respond.ts";
import type { GuildVisit } from "../visit.ts";
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
    const form = await readForm(visit, BOUND);
    const text = await textOf(form);
    if (text === "") return show(visit, { problem: { kind: "empty" } }, 422);
    const { settings, problem } = readSettingsFile(text, visit.guild.settings);
    if (settings === null) return show(visit, { text, problem }, 422);
    return show(visit, { text, preview: settings });
  }),

  route("admin", "POST", PATH, async (visit) => {
    const form = await readForm(visit, BOUND);
    const text = await textOf(form);
    const { settings, problem } = readSettingsFile(text, visit.guild.settings);
    if (settings === null) return show(visit, { text, problem }, 422);
    const saved = await saveSettings(visit, form, settings);
    if (saved === "saved") return redirect(visit, `/guilds/${visit.guild.guild}/settings?saved=1`);
    const now = saved === "refused" ? visit : saved.now;
    const again = readSettingsFile(text, now.guild.settings);
    return show(now, { text, preview: again.settings, problem: again.problem ?? { kind: "changed-meanwhile" } }, 409);
  }),
];

/** The file, or the text of the field where no file was chosen. */
async function textOf(form: FormData): Promise<string> {
  const file = form.get("file");
  if (file instanceof File && file.size > 0) return (await file.text()).toWellFormed();
  return field(form, "text", SETTINGS_FILE_BYTES_MAX + 1);
}

async function show(visit: GuildVisit, facts: Partial<Omit<FileFacts, "names">>, status = 200): Promise<Response> {
  const names = facts.preview === undefined ? { channels: [], roles: [] } : await changeNames(visit, []);
  const whole = { text: "", preview: null, problem: null, ...facts, names };
  return htmlResponse(filePage(visit, whole), status);
}
