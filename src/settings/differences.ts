/** Differences between two settings, leaf by leaf, and taking a change back without touching later ones. Pure. */
import { type GuildSettings, guildSettingsSchema } from "./form.ts";

export type SettingsChange = {
  /** `mode`, `moderation.actions.ban`, `channels.1234`. */
  readonly path: string;
  /** Undefined: it was not there. */
  readonly before: unknown;
  readonly after: unknown;
};

type Fields = Readonly<Record<string, unknown>>;

/** A channel's override and a list count as one value: half of one makes no sense. */
export function settingsChanges(before: unknown, after: unknown): readonly SettingsChange[] {
  return differencesIn("", before, after);
}

function differencesIn(path: string, before: unknown, after: unknown): readonly SettingsChange[] {
  if (isFields(before) && isFields(after) && !/^channels\./.test(path)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) =>
      differencesIn(path === "" ? name : `${path}.${name}`, own(before, name), own(after, name)),
    );
  }
  return Bun.deepEquals(before, after) ? [] : [{ path, before, after }];
}

/** Can this row of the record be taken back? A change of roles cannot: it is not in the settings. */
export function isSettingsRow(row: { readonly before: unknown; readonly after: unknown }): boolean {
  return [row.before, row.after].every((one) => isFields(one) && typeof own(one, "mode") === "string");
}

/** The current settings with that change taken back; null where the result no longer fits the form of settings. */
export function putBack(
  current: GuildSettings,
  row: { readonly before: unknown; readonly after: unknown },
): GuildSettings | null {
  let settings: unknown = current;
  for (const { path, before } of settingsChanges(row.before, row.after)) {
    settings = withValue(settings, path.split("."), before);
  }
  const parsed = guildSettingsSchema.safeParse(settings);
  return parsed.success ? parsed.data : null;
}

function withValue(settings: unknown, path: readonly string[], value: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const fields = isFields(settings) ? settings : {};
  const inner = withValue(own(fields, name), rest, value);
  const { [name]: _, ...others } = fields;
  return inner === undefined ? others : { ...others, [name]: inner };
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function own(fields: unknown, name: string): unknown {
  return isFields(fields) && Object.hasOwn(fields, name) ? fields[name] : undefined;
}
