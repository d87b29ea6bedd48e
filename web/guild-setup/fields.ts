/**
 * The fields of the setup page that are settings: each is saved by itself. A posted form → what that one field makes of the
 * settings. Pure; what the field does not hold stays as it was.
 */
import { numbered, rulePresets } from "../../src/moderation.ts";
import { type GuildSettings, INSTRUCTIONS_CHARS_MAX, LANGUAGES, RESPONSE_MODES } from "../../src/settings/form.ts";
import { field } from "../body.ts";

export const FIELD_NAMES = ["mode", "channels", "language", "instructions", "moderation"] as const;
export type SetupField = (typeof FIELD_NAMES)[number];

const OVERRIDES_MAX = 200;
const SHOWN_MAX = 500;

export type FieldProblem = "choose" | "too-long" | "too-many-channels";
type Read = (before: GuildSettings, form: FormData) => GuildSettings | FieldProblem;

export const READ: Readonly<Record<SetupField, Read>> = {
  mode(before, form) {
    const mode = RESPONSE_MODES.find((known) => known === field(form, "mode"));
    return mode === undefined ? "choose" : { ...before, mode };
  },

  channels(before, form) {
    const ids = (name: string) =>
      form
        .getAll(name)
        .slice(0, SHOWN_MAX)
        .flatMap((id) => (typeof id === "string" && /^\d{15,20}$/.test(id) ? [id] : []));
    const on = new Set(ids("channel"));
    const channels = { ...before.channels };
    for (const id of ids("shown")) {
      const { mode, ...others } = channels[id] ?? {};
      if (on.has(id) === (mode !== "off")) continue;
      if (!on.has(id)) channels[id] = { ...others, mode: "off" };
      else if (Object.keys(others).length > 0) channels[id] = others;
      else delete channels[id];
    }
    return Object.keys(channels).length > OVERRIDES_MAX ? "too-many-channels" : { ...before, channels };
  },

  language(before, form) {
    const language = LANGUAGES.find((known) => known === field(form, "language"));
    return language === undefined ? "choose" : { ...before, language };
  },

  instructions(before, form) {
    const instructions = field(form, "instructions", INSTRUCTIONS_CHARS_MAX + 1).replaceAll("\r\n", "\n");
    return instructions.length > INSTRUCTIONS_CHARS_MAX ? "too-long" : { ...before, instructions };
  },

  /** It begins in dry run, with something to go by: ready-made rules, and the milder acts. */
  moderation(before, form) {
    const on = form.has("moderation");
    const was = before.moderation;
    if (on === was.on) return before;
    if (!on) return { ...before, moderation: { ...was, on, live: false } };
    const anyAct = Object.values(was.actions).some(Boolean);
    const rules =
      was.rules.length > 0 ? was.rules : numbered(rulePresets(before.language).map((rule) => ({ ...rule, n: 0 })));
    const actions = anyAct ? was.actions : { ...was.actions, delete: true, warn: true, timeout: true };
    return { ...before, moderation: { ...was, on, live: false, rules, actions } };
  },
};

/** What of the settings a field shows: a form of an older state is known by it. */
export function stateOf(name: SetupField, settings: GuildSettings): unknown {
  if (name === "moderation") return [settings.moderation.on, settings.moderation.live];
  return settings[name];
}
