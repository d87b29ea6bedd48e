/**
 * A posted form → new settings. Pure. Settings outside the form stay as they were; a value out of bounds is a problem with a
 * name, not an error.
 */
import {
  type GuildSettings,
  guildSettingsSchema,
  INSTRUCTIONS_CHARS_MAX,
  LANGUAGES,
  RESPONSE_MODES,
} from "../../src/settings/form.ts";
import { field } from "../body.ts";

const CHANNELS_MAX = 200;
export const DAYS_MAX = 3_650;

export type SettingsProblem = "mode" | "language" | "instructions" | "days" | "channel" | "too-many-channels";

export type Changed =
  | { readonly settings: GuildSettings; readonly problem: null }
  | { readonly settings: null; readonly problem: SettingsProblem };

const refused = (problem: SettingsProblem): Changed => ({ settings: null, problem });

export function readSettings(before: GuildSettings, form: FormData): Changed {
  const mode = RESPONSE_MODES.find((known) => known === field(form, "mode"));
  if (mode === undefined) return refused("mode");
  const language = LANGUAGES.find((known) => known === field(form, "language"));
  if (language === undefined) return refused("language");
  const instructions = field(form, "instructions", INSTRUCTIONS_CHARS_MAX + 1).replaceAll("\r\n", "\n");
  if (instructions.length > INSTRUCTIONS_CHARS_MAX) return refused("instructions");
  const retention = {
    turnsDays: days(form, "turnsDays", before.retention.turnsDays),
    silencesDays: days(form, "silencesDays", before.retention.silencesDays),
    leftDays: days(form, "leftDays", before.retention.leftDays),
  };
  if (Object.values(retention).some((value) => value === null)) return refused("days");
  const settings = {
    ...before,
    retention,
    mode,
    language,
    instructions,
    smart: form.has("smart"),
    awareness: form.has("awareness"),
  };
  return { settings: guildSettingsSchema.parse(settings), problem: null };
}

/** One channel's override; each of its fields may be left to the server's setting, and all of them left removes it. */
export function readOverride(before: GuildSettings, form: FormData): Changed {
  const channel = field(form, "channel", 30).replace(/^<#(\d+)>$/, "$1");
  if (!/^\d{15,20}$/.test(channel)) return refused("channel");
  const chosen = field(form, "mode");
  const mode = RESPONSE_MODES.find((known) => known === chosen);
  if (chosen !== "" && mode === undefined) return refused("mode");
  const smart = choice(field(form, "smart"));
  const awareness = choice(field(form, "awareness"));

  const { [channel]: _, ...others } = before.channels;
  if (mode === undefined && smart === undefined && awareness === undefined) {
    return { settings: { ...before, channels: others }, problem: null };
  }
  if (Object.keys(others).length >= CHANNELS_MAX) return refused("too-many-channels");
  const override = {
    ...(mode === undefined ? {} : { mode }),
    ...(smart === undefined ? {} : { smart }),
    ...(awareness === undefined ? {} : { awareness }),
  };
  const settings = { ...before, channels: { ...others, [channel]: override } };
  return { settings: guildSettingsSchema.parse(settings), problem: null };
}

/** Null for anything but a number of days; a form without the field leaves it as it was. */
function days(form: FormData, name: string, before: number): number | null {
  if (!form.has(name)) return before;
  const text = field(form, name, 8).trim();
  const value = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return value >= 1 && value <= DAYS_MAX ? value : null;
}

function choice(value: string): boolean | undefined {
  return value === "on" ? true : value === "off" ? false : undefined;
}
