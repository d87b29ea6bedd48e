/** Saves a form of settings, unless somebody else saved them since the form was made: then nothing is written over. */
import { AppError } from "../../src/errors.ts";
import { changeSettings } from "../../src/settings/change.ts";
import type { GuildSettings } from "../../src/settings/form.ts";
import { field } from "../body.ts";
import { type GuildVisit, signature } from "../visit.ts";

const EDITS_MAX = 5;

/**
 * `settings`: what the form makes of those of the visit; null where it cannot be saved, which is "refused" here. `now`: the visit
 * with the settings that somebody else made meanwhile. The form holds the version that it was made of.
 */
export async function saveSettings(
  visit: GuildVisit,
  form: FormData,
  settings: GuildSettings | null,
): Promise<"saved" | "refused" | { readonly now: GuildVisit }> {
  const { guild, person, services } = visit;
  const ports = { guilds: services.store.guilds, bus: services.bus };
  if (field(form, "version") === String(guild.version)) {
    if (settings === null) return "refused";
    if ((await changeSettings(ports, guild, settings, signature(person))) !== null) return "saved";
  }
  return { now: { ...visit, guild: (await ports.guilds.get(guild.guild)) ?? guild } };
}

/** Applies a change that does not depend on other settings to the current ones, and again if another save was quicker. */
export async function editSettings(visit: GuildVisit, edit: (before: GuildSettings) => GuildSettings): Promise<void> {
  const { person, services } = visit;
  const ports = { guilds: services.store.guilds, bus: services.bus };
  let guild: typeof visit.guild | null = visit.guild;
  for (let tries = 0; tries < EDITS_MAX && guild !== null; tries++) {
    if ((await changeSettings(ports, guild, edit(guild.settings), signature(person))) !== null) return;
    guild = await ports.guilds.get(guild.guild);
  }
  throw new AppError("unavailable", "the settings changed at every try");
}
