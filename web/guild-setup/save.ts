/** One field of the setup page saved, or put back: nothing of somebody else's is written over unseen. */
import { AppError } from "../../src/errors.ts";
import { changeSettings } from "../../src/settings/change.ts";
import { putBack, settingsChanges } from "../../src/settings/differences.ts";
import type { GuildSettings } from "../../src/settings/form.ts";
import { field } from "../body.ts";
import { formVersion } from "../parts/form-version.ts";
import { editSettings } from "../parts/save-settings.ts";
import { type SettingNames, settingValue } from "../parts/setting-values.ts";
import { settingsRow } from "../parts/settings-row.ts";
import { type GuildVisit, signature } from "../visit.ts";
import type { FieldSaid } from "./facts.ts";
import { READ, type SetupField, stateOf } from "./fields.ts";
import { guildSetupWords } from "./words.ts";

const TRIES_MAX = 5;

export type Saved = { readonly now: GuildVisit; readonly said: FieldSaid; readonly kind: "saved" | "same" | "refused" };

/** The form holds `was`, the state that it was made of. */
export async function saveField(
  visit: GuildVisit,
  name: SetupField,
  form: FormData,
  names: SettingNames,
): Promise<Saved> {
  const say = guildSetupWords[visit.language];
  const { store, bus } = visit.services;
  const by = signature(visit.person);
  let { guild } = visit;
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const now = { ...visit, guild };
    const next = READ[name](guild.settings, form);
    const refuse = (says: string, again?: true): Saved => ({
      ...{ now, kind: "refused" },
      said: { at: name, warn: true, says, ...(again && { again }) },
    });
    if (typeof next === "string") return refuse(say.problems[next]);
    if (settingsChanges(guild.settings, next).length === 0) {
      return { now, kind: "same", said: { at: name, warn: false, says: say.same } };
    }
    if (field(form, "was") !== formVersion(stateOf(name, guild.settings)) && !(await mine(now))) {
      return refuse(say.changedTo(shown(visit, names, name, guild.settings)), true);
    }
    if ((await changeSettings({ guilds: store.guilds, bus }, guild, next, by)) !== null) {
      const saved = { ...visit, guild: (await store.guilds.get(guild.guild)) ?? guild };
      const [row] = await store.guilds.audit(guild.guild, 1);
      // Who goes on typing undoes all of it at once.
      const since = name === "instructions" ? await settingsRow(visit, field(form, "row", 15)) : null;
      const id = since?.what === name ? since.id : row?.id;
      const said = { at: name, warn: false, says: say.saved, ...(id === undefined ? {} : { row: id }) };
      return { now: saved, kind: "saved", said };
    }
    guild = (await store.guilds.get(guild.guild)) ?? guild;
  }
  throw new AppError("unavailable", "the settings changed at every try");
}

/** What that row changed is as it was before; null where it cannot be. */
export async function undoField(visit: GuildVisit, name: string, typed: string): Promise<Saved> {
  const say = guildSetupWords[visit.language];
  const row = await settingsRow(visit, typed);
  if (row === null || putBack(visit.guild.settings, row) === null) {
    return { now: visit, kind: "refused", said: { at: name, warn: true, says: say.problems.gone } };
  }
  await editSettings(visit, (before) => putBack(before, row) ?? before);
  const guild = (await visit.services.store.guilds.get(visit.guild.guild)) ?? visit.guild;
  return { now: { ...visit, guild }, kind: "saved", said: { at: name, warn: false, says: say.undone } };
}

/** The last change was this person's own, by a form that was sent a moment earlier. */
async function mine({ guild, person, services }: GuildVisit): Promise<boolean> {
  const [row] = await services.store.guilds.audit(guild.guild, 1);
  return row?.by === signature(person);
}

function shown({ language }: GuildVisit, names: SettingNames, name: SetupField, settings: GuildSettings): string {
  const changed = name === "moderation" ? settings.moderation.on : settings[name];
  if (name !== "channels") {
    return settingValue(language, names, name === "moderation" ? "moderation.on" : name, changed);
  }
  const texts = Object.entries(settings.channels).map(([id, one]) => {
    const known = names.channels.find((channel) => channel.id === id)?.name ?? id;
    return `#${known} (${settingValue(language, names, `channels.${id}`, one)})`;
  });
  return texts.join(", ") || settingValue(language, names, "channels", {});
}
