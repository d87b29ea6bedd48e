/** The data folder: whether it can be written to, and the key that lies there where the configuration names none. Refusals are ConfigErrors. */
import { randomBytes } from "node:crypto";
import { accessSync, constants, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Config, ConfigError } from "./config.ts";
import type { Key } from "./crypto.ts";

/** Those of the configuration; else the one beside the embedded database. */
export function keysOf({ keys, dataDir }: Pick<Config, "keys" | "dataDir">): readonly Key[] {
  return keys.length > 0 ? keys : [writable(dataDir, () => localKey(dataDir))];
}

/** Without GATEHOUSE_KEY: 32 random bytes, made once and kept beside the embedded database. */
function localKey(dataDir: string): Key {
  const path = join(dataDir, "key");
  try {
    // "wx": of two processes that start together one makes it, and the other reads that.
    writeFileSync(path, randomBytes(32).toString("hex"), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
  const text = readFileSync(path, "utf8").trim();
  if (!/^[0-9a-f]{64}$/i.test(text)) {
    throw new ConfigError([
      `${path} holds no key of 64 hex digits: put back the one that was there, or remove the file, and tokens of custom bots must be entered again`,
    ]);
  }
  return { id: "local", secret: Uint8Array.fromHex(text) };
}

/** Throws ConfigError where the data folder cannot be used: said once, before anything tries to keep something there. */
export function writable<T>(dataDir: string, work: () => T): T {
  try {
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.W_OK | constants.X_OK);
    return work();
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    throw new ConfigError([
      `The data folder ${dataDir} cannot be written to (${code}): let this process's user write there, or set GATEHOUSE_DATA_DIR to another folder`,
    ]);
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}
