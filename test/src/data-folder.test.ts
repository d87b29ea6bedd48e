/** The data folder: a key that is made once, and what is said of a folder or a key that cannot be used. */
import { afterAll, expect, test } from "bun:test";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../../src/config.ts";
import { keysOf, writable } from "../../src/data-folder.ts";
import { temporaryFolder } from "../support/folder.ts";

const home = temporaryFolder("data-folder");
afterAll(() => home.remove());

function problemOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.join();
    throw error;
  }
  return "none";
}

test("a key is made once, for its owner alone, and read again", () => {
  const dataDir = join(home.path, "new/folder");
  const [key] = keysOf({ keys: [], dataDir });
  expect(key?.secret.length).toBe(32);
  expect(statSync(join(dataDir, "key")).mode & 0o777).toBe(0o600);
  expect(keysOf({ keys: [], dataDir })).toEqual([key as never]);
});

test("keys of the configuration need no folder", () => {
  const keys = [{ id: "k1", secret: new Uint8Array(32) }];
  expect(keysOf({ keys, dataDir: "/proc/none" })).toBe(keys);
});

test("a folder that cannot be written to and a torn key say what to do; other errors stay what they are", () => {
  writeFileSync(join(home.path, "file"), "");
  expect(problemOf(() => keysOf({ keys: [], dataDir: join(home.path, "file/data") }))).toContain(
    "set GATEHOUSE_DATA_DIR",
  );
  mkdirSync(join(home.path, "torn"));
  writeFileSync(join(home.path, "torn/key"), "0f");
  expect(problemOf(() => keysOf({ keys: [], dataDir: join(home.path, "torn") }))).toContain(
    "put back the one that was",
  );
  expect(() =>
    writable(home.path, () => {
      throw new TypeError("a bug");
    }),
  ).toThrow(TypeError);
});
