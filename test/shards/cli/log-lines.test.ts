/** Logs that are searched: files, folders, rotated ones, lines of any length; what cannot be read is a sentence. */
import { afterAll, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { logLines } from "../../../shards/cli/log-lines.ts";
import type { UserId } from "../../../src/ids.ts";
import { searchPerson } from "../../../src/privacy.ts";
import { temporaryFolder } from "../../support/folder.ts";

const folder = temporaryFolder("log-lines");
afterAll(() => folder.remove());
const USER = "300000000000000042" as UserId;
const WORDS = "my secret orchid burned down yesterday";

/** Nothing is kept anywhere but in the logs. */
const nothing = {
  store: { privacy: { texts: async function* () {} } },
  hotEntries: null,
} as unknown as Parameters<typeof searchPerson>[0];

async function found(places: readonly string[]) {
  const { hits } = await searchPerson(nothing, USER, { turns: [{ text: WORDS }] }, logLines(places));
  return hits.map(({ place, saw, count, reason }) => [place.slice(place.lastIndexOf("/") + 1), saw, count, reason]);
}

test("a log that names a person or repeats five of their words is told with how often, packed or not", async () => {
  mkdirSync(join(folder.path, "old"));
  writeFileSync(join(folder.path, "today.log"), `{"member":"${USER}"}\n{"msg":"quiet"}\n{"member":"${USER}"}`);
  writeFileSync(join(folder.path, "old/1.log.gz"), gzipSync(`{"text":"he said: My secret, orchid BURNED down"}\n`));
  writeFileSync(join(folder.path, "clean.log"), `{"member":"1${USER}"}\nmy secret orchid did not burn\n`);
  expect((await found([folder.path])).toSorted()).toEqual([
    ["1.log.gz", "words", 1, null],
    ["today.log", "id", 2, null],
  ]);
  expect(await found([join(folder.path, "clean.log")])).toEqual([]);
});

test("a line without an end is searched whole, also across its pieces", async () => {
  const file = join(folder.path, "long.log");
  for (const before of [1_048_570, 1_048_576 + 65_530, 3_000_000]) {
    writeFileSync(file, `${"x ".repeat(before / 2)}${USER} ${"y ".repeat(100_000)}`);
    expect((await found([file])).map(([, saw]) => saw)).toEqual(["id"]);
  }
});

test("what cannot be read is said, with what to name instead", async () => {
  await expect(found([join(folder.path, "absent")])).rejects.toThrow("name a log file, a folder of them, or -");
  writeFileSync(join(folder.path, "torn.gz"), gzipSync("x".repeat(1_000)).subarray(0, 20));
  await expect(found([join(folder.path, "torn.gz")])).rejects.toThrow("cannot be read to its end");
});
