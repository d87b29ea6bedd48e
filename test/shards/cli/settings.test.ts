/** `gatehouse settings`: out, compared and in again, as a person types it. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../../src/clock.ts";
import type { ApplicationId, GuildId } from "../../../src/ids.ts";
import { createSqlStore } from "../../../src/store/sql.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { openDatabase, quiet, type TestDatabase } from "../../support/postgres.ts";
import { startGatehouse } from "../../support/process.ts";

setDefaultTimeout(60_000);
const GUILD = "123456789012345678" as GuildId;
const folder = temporaryFolder("settings");
let database: TestDatabase;

beforeAll(async () => {
  database = await openDatabase();
  const store = createSqlStore({ url: database.url, clock: systemClock, logger: quiet });
  await store.migrate();
  await store.guilds.join(GUILD, "200000000000000001" as ApplicationId, "Lumen", null);
  await store.close();
});
afterAll(async () => {
  await database.drop();
  folder.remove();
});

async function run(...args: readonly string[]) {
  const environment = { DATABASE_URL: database.url, GATEHOUSE_KEY: "0f".repeat(32), GATEHOUSE_DATA_DIR: folder.path };
  const done = startGatehouse(["settings", ...args], environment);
  const code = await done.exited;
  return { code, stdout: done.stdout(), stderr: done.stderr() };
}

test("settings are exported, compared and imported, and a misspelt name changes nothing", async () => {
  const file = join(folder.path, "settings.yaml");
  const out = await run("export", "--guild", GUILD);
  expect([out.code, out.stdout.includes("mode: mention")]).toEqual([0, true]);
  writeFileSync(file, out.stdout);
  expect(await run("diff", "--guild", GUILD, file)).toMatchObject({ code: 0, stdout: "nothing changes\n" });

  writeFileSync(file, out.stdout.replace("mode: mention", "mode: ask"));
  const change = '- mode: "mention"\n+ mode: "ask"\n';
  expect(await run("diff", "--guild", GUILD, file)).toMatchObject({ code: 1, stdout: change });
  expect(await run("import", "--guild", GUILD, file)).toMatchObject({ code: 0, stdout: change });
  expect((await run("export", "--guild", GUILD)).stdout).toContain("mode: ask");

  writeFileSync(file, "moed: off\n");
  const refused = await run("import", "--guild", GUILD, file);
  expect([refused.code, refused.stderr.includes('no setting "moed"')]).toEqual([1, true]);
  const strange = await run("export", "--guild", "999999999999999999");
  expect([strange.code, strange.stdout]).toEqual([1, ""]);
});
