/** The options of a probe: `--name VALUE` or `--name=VALUE`. */
import { AppError } from "../errors.ts";

/** The value after `--name`; null when it is not there. Throws on an argument that is not in `known`. */
export function readArguments<K extends string>(
  args: readonly string[],
  known: readonly K[],
): Readonly<Record<K, string | null>> {
  const found = Object.fromEntries(known.map((name) => [name, null])) as Record<K, string | null>;
  for (let i = 0; i < args.length; i++) {
    const [flag = "", inline] = (args[i] ?? "").split(/=(.*)/s, 2);
    const name = known.find((k) => flag === `--${k}`);
    const value = inline ?? args[++i];
    if (name === undefined || value === undefined) {
      const all = known.length === 0 ? "there is none" : `there are: ${known.map((k) => `--${k} VALUE`).join(", ")}`;
      throw new AppError("invalid", `"${flag}" is not an option here; ${all}.`);
    }
    found[name] = value;
  }
  return found;
}
