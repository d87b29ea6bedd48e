/** `gatehouse rotate-key` on 10,000 tokens, killed twenty times: none is lost, and it goes on where it was. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import postgres from "postgres";
import { systemClock } from "../../../src/clock.ts";
import { createSealer, tokenRow } from "../../../src/crypto.ts";
import { createSqlStore } from "../../../src/store/sql.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { openDatabase, quiet, type TestDatabase } from "../../support/postgres.ts";
import { startGatehouse } from "../../support/process.ts";
import { until } from "../../support/until.ts";

setDefaultTimeout(180_000);
const ROWS = 10_000;
const KILLS = 20;
const [OLD, NEW] = ["11".repeat(32), "22".repeat(32)];
const folder = temporaryFolder("rotate-key");
let database: TestDatabase;
let client: ReturnType<typeof postgres>;

beforeAll(async () => {
  database = await openDatabase();
  const store = createSqlStore({ url: database.url, clock: systemClock, logger: quiet });
  await store.migrate();
  await store.close();
  client = postgres(database.url, { max: 1 });
  const sealer = createSealer([{ id: "old", secret: Uint8Array.fromHex(OLD) }]);
  const rows = Array.from({ length: ROWS }, (_, n) => {
    const application = String(500_000_000_000_000_000n + BigInt(n));
    const token_sealed = sealer.seal(`token of ${application}`, tokenRow(application));
    return {
      application_id: application,
      shared: false,
      public_key: "k",
      token_sealed,
      name: "L",
      updated_at: new Date(),
    };
  });
  for (let at = 0; at < ROWS; at += 2_000) await client`insert into bots ${client(rows.slice(at, at + 2_000))}`;
});
afterAll(async () => {
  await client.end();
  await database.drop();
  folder.remove();
});

const start = (keys: string) =>
  startGatehouse(["rotate-key"], { DATABASE_URL: database.url, GATEHOUSE_KEY: keys, GATEHOUSE_DATA_DIR: folder.path });
async function resealed(): Promise<number> {
  const [row] = await client<{ count: string }[]>`select count(*) from bots where token_sealed like 'v1.new.%'`;
  return Number(row?.count);
}

test(`killed ${KILLS} times, every token is sealed with the new key in the end`, async () => {
  const keys = `new:${NEW},old:${OLD}`;
  for (let kill = 0; kill < KILLS; kill++) {
    const before = await resealed();
    const process = start(keys);
    // In the middle of its work, unless there is none left.
    await Promise.race([until(async () => (await resealed()) > before, 30_000).catch(() => undefined), process.exited]);
    process.kill("SIGKILL");
    await process.exited;
    const left = await resealed();
    expect(left).toBeGreaterThan(before === ROWS ? ROWS - 1 : before);
  }
  const last = start(keys);
  expect([await last.exited, last.stderr()]).toEqual([0, ""]);
  const sealer = createSealer([{ id: "new", secret: Uint8Array.fromHex(NEW) }]);
  const rows = await client<{ application_id: string; token_sealed: string }[]>`
    select application_id, token_sealed from bots`;
  expect(rows.length).toBe(ROWS);
  for (const row of rows) {
    expect(sealer.open(row.token_sealed, tokenRow(row.application_id))).toBe(`token of ${row.application_id}`);
  }
});

test("without the key that sealed them it says which cannot be read, and that the old key must stay", async () => {
  const strange = start(`third:${"33".repeat(32)}`);
  expect(await strange.exited).toBe(1);
  expect(strange.stderr()).toContain("Keep the old keys");
});
