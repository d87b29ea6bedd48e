/**
 * A server's settings as a YAML file: to keep beside other configuration, to copy to another server, to look at before and
 * after. Settings that the file leaves out stay as they are; an unknown name is refused, since it is most likely misspelt.
 */

import { refusedInFilter } from "../prefilter.ts";
import { settingsChanges } from "./differences.ts";
import { type GuildSettings, guildSettingsSchema } from "./form.ts";

export const SETTINGS_FILE_BYTES_MAX = 256 * 1024;
/** A few lines of YAML can stand for billions of values; no settings have as many as this. */
const VALUES_MAX = 20_000;

export type SettingsFileProblem =
  | { readonly kind: "too-large" }
  | { readonly kind: "not-yaml"; readonly where: string }
  | { readonly kind: "unknown-name"; readonly where: string }
  | { readonly kind: "wrong-value"; readonly where: string };

export function writeSettingsFile(settings: GuildSettings, server: string): string {
  // A name may hold anything, a line break too.
  const name = JSON.stringify(server);
  return `# Gatehouse settings of ${name}. What a file leaves out stays as it is when it is imported.\n${Bun.YAML.stringify(settings, null, 2)}\n`;
}

export function readSettingsFile(
  text: string,
  current: GuildSettings,
):
  | { readonly settings: GuildSettings; readonly problem: null }
  | { readonly settings: null; readonly problem: SettingsFileProblem } {
  const refused = (problem: SettingsFileProblem) => ({ settings: null, problem });
  if (Buffer.byteLength(text) > SETTINGS_FILE_BYTES_MAX) return refused({ kind: "too-large" });
  let file: unknown;
  try {
    file = Bun.YAML.parse(text);
  } catch (error) {
    return refused({ kind: "not-yaml", where: error instanceof Error ? error.message.slice(0, 200) : "" });
  }
  if (typeof file !== "object" || file === null || Array.isArray(file)) return refused({ kind: "not-yaml", where: "" });
  if (valuesIn(file) > VALUES_MAX) return refused({ kind: "too-large" });
  const parsed = guildSettingsSchema.safeParse(merged(current, file, ""));
  if (!parsed.success) return refused({ kind: "wrong-value", where: parsed.error.issues[0]?.path.join(".") ?? "" });
  const [bad] = refusedInFilter(parsed.data.moderation.filter);
  if (bad !== undefined) return refused({ kind: "wrong-value", where: `moderation.filter.${bad.list}.${bad.at}` });
  // The schema drops unknown names: a name in the file that is not in the parsed settings is no setting.
  const lost = settingsChanges(file, parsed.data).find(
    ({ before, after }) => before !== undefined && after === undefined,
  );
  return lost === undefined
    ? { settings: parsed.data, problem: null }
    : refused({ kind: "unknown-name", where: lost.path.slice(0, 200) });
}

/** Channels are given as a whole: one that a file does not name has no settings of its own afterwards. */
function merged(current: unknown, file: unknown, path: string): unknown {
  if (!isFields(current) || !isFields(file) || path === "channels") return file;
  const inner = Object.keys(file).map((name) => [name, merged(current[name], file[name], path === "" ? name : "in")]);
  return { ...current, ...Object.fromEntries(inner) };
}

/** Counts as far as the bound, shared parts as often as they stand. */
function valuesIn(value: unknown): number {
  let count = 0;
  const waiting: unknown[] = [value];
  while (waiting.length > 0 && count <= VALUES_MAX) {
    const one = waiting.pop();
    count++;
    if (typeof one === "object" && one !== null) for (const inner of Object.values(one)) waiting.push(inner);
  }
  return count;
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
