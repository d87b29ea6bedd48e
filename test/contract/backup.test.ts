/** What was backed up comes back whole, in another database; and nothing is written over what people use. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { systemClock } from "../../src/clock.ts";
import { dump, restore } from "../../src/store/sql/backup.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import type { Store } from "../../src/store.ts";
import { openDatabase, quiet, type TestDatabase } from "../support/postgres.ts";
import { HOUR_MS, newApplication, newExchange, newGuild, newWho } from "./store/house.ts";

const opened: { readonly database: TestDatabase; readonly store: Store }[] = [];

async function open() {
  const database = await openDatabase();
  const store = createSqlStore({ url: database.url, clock: systemClock, logger: quiet });
  await store.migrate();
  opened.push({ database, store });
  return { database, store };
}

let from: Awaited<ReturnType<typeof open>>;

beforeAll(async () => {
  from = await open();
  const { store } = from;
  const [guild, application] = [newGuild(), newApplication()];
  await store.guilds.join(guild, application, 'Lumen "ünï" \\ {"table":"x"}', null);
  const { id } = await store.conversations.open(guild, newWho(), HOUR_MS);
  for (let i = 0; i < 600; i++) await store.conversations.record(guild, newExchange(i % 2 ? id : null));
  const source = await store.knowledge.saveSource(guild, { kind: "text", name: "S", config: { a: [1, "\n"] } });
  await store.knowledge.putDocument(guild, source.id, {
    ...{ key: "k", title: "T", url: null, language: "en", hash: "h" },
    passages: [{ title: "T", headings: ["A", "B"], url: null, language: "en", text: "line\nline", position: 0 }],
  });
  await store.outbox.plan(guild, { key: "k1", kind: "mail", payload: { table: "guilds" } });
  await store.shards.lease(application, 0, 1, "a", 60_000);
}, 60_000);

afterAll(async () => {
  for (const { database, store } of opened) {
    await store.close();
    await database.drop();
  }
});

/** Every row of every table that is not a running process's, as text. */
async function content({ admin }: TestDatabase): Promise<Record<string, readonly string[]>> {
  const tables = await admin<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = current_schema() order by 1`;
  const found: Record<string, readonly string[]> = {};
  for (const { name } of tables) {
    if (["gatehouse_migrations", "gateways", "shards", "identify_turns"].includes(name)) continue;
    const rows = await admin.unsafe(`select t::text as row from "${name}" t order by 1`);
    found[name] = rows.map((row) => String(row.row));
  }
  return found;
}

test("every row comes back as it was, and numbers go on after the highest", async () => {
  const to = await open();
  const { rows } = await restore(to.database.url, dump(from.database.url));
  expect(rows).toBeGreaterThan(1_000);
  expect(await content(to.database)).toEqual(await content(from.database));
  expect(await to.store.conversations.record(newGuild(), newExchange(null))).toBe(true);
  const guild = newGuild();
  const { id } = await to.store.conversations.open(guild, newWho(), HOUR_MS);
  expect(await to.store.conversations.record(guild, newExchange(id))).toBe(true);
  expect((await to.store.conversations.get(guild, id))?.turns).toHaveLength(2);
}, 60_000);

test("a database that is in use is left alone", async () => {
  await expect(restore(from.database.url, dump(from.database.url))).rejects.toMatchObject({ kind: "invalid" });
});

test("a file that is cut off, foreign or of a newer version changes nothing", async () => {
  const to = await open();
  const before = await content(to.database);
  const lines = (...given: string[]) => asLines(given);
  for (const file of [
    lines("hello"),
    lines(),
    lines('{"gatehouse":1,"migrations":["9999_future"]}'),
    lines('{"gatehouse":1,"migrations":[]}', '{"table":"guilds"}', '{"guild_id":'),
    lines('{"gatehouse":1,"migrations":[]}', '{"table":"pg_authid"}', "{}"),
    lines('{"gatehouse":1,"migrations":[]}'),
    withoutEnd(dump(from.database.url)),
  ]) {
    await expect(restore(to.database.url, file)).rejects.toMatchObject({ kind: "invalid" });
  }
  expect(await content(to.database)).toEqual(before);
}, 60_000);

async function* asLines(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

async function* withoutEnd(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) if (!line.startsWith('{"end":')) yield line;
}
