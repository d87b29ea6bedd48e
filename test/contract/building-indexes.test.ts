/**
 * A database of an earlier version with many turns gets its indexes of words while its members talk on. A transaction that has written and
 * does not end holds a build where it is, for as long as a test looks at it.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import postgres from "postgres";
import { systemClock } from "../../src/clock.ts";
import type { GuildId } from "../../src/ids.ts";
import { BUILDING_LOCK } from "../../src/store/sql/building-indexes.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import type { Store } from "../../src/store.ts";
import { openDatabase, openEmbeddedDatabase, quiet, type TestDatabase } from "../support/postgres.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(60_000);

const GUILD = "100000000000000007" as GuildId;
const TURNS = 40_000;
const INDEXES = ["conversations_names", "turns_words"];
/** Of 0024 as databases have it that applied it before its indexes were made concurrently. */
const HASH_BEFORE = "e6b67ec817c725170b820c5d181716ca9adcddfc1c77185290976a1adb997352";
const goOn = new AbortController().signal;

for (const [name, open] of Object.entries({
  "one's own server": openDatabase,
  "the embedded server": openEmbeddedDatabase,
})) {
  describe(`on ${name}`, () => {
    let database: TestDatabase;
    let store: Store;
    let other: Store;

    beforeAll(async () => {
      database = await open();
      const first = createSqlStore({ url: database.url, clock: systemClock, logger: quiet });
      await first.migrate();
      await first.close();
      await fill(database.admin);
    });

    afterAll(() => database.drop());

    /** As before 0024. */
    beforeEach(async () => {
      store = createSqlStore({ url: database.url, clock: systemClock, logger: quiet });
      other = createSqlStore({ url: database.url, clock: systemClock, logger: quiet });
      for (const index of INDEXES) await database.admin.unsafe(`drop index if exists ${index}`);
      await database.admin`delete from gatehouse_migrations where tag = '0024_words'`;
    });

    afterEach(() => Promise.all([store.close(), other.close()]));

    test("a start leaves the indexes of large tables for later, and searches do without until they are there", async () => {
      expect(await store.migrate()).toContain("0024_words");
      expect(await validOf(database.admin)).toEqual(["conversations_names"]);
      expect(await found(store, "only39999")).toEqual(["talk100"]);
      expect((await store.conversations.list(GUILD, { text: "only10001" }, 20)).cursor).not.toBeNull();

      expect(await store.buildIndexes(goOn)).toEqual({ built: ["turns_words"], elsewhere: [] });
      expect(await validOf(database.admin)).toEqual(INDEXES);
      expect(await found(store, "only10001")).toEqual(["talk2"]);
      expect(await store.buildIndexes(goOn)).toEqual({ built: [], elsewhere: [] });
    });

    test("turns are written while an index is built, and one process builds it", async () => {
      await store.migrate();
      const held = await hold(database);
      const building = store.buildIndexes(goOn);
      await until(() => isBuilding(database.admin));

      await say(database.admin, "spoken-meanwhile");
      expect(await other.buildIndexes(goOn)).toEqual({ built: [], elsewhere: ["turns_words"] });
      await say(database.admin, "spoken-later");
      await held.end();
      expect((await building).built).toEqual(["turns_words"]);
      expect(await found(store, "spoken-meanwhile")).toEqual(["talk1"]);
      expect(await found(store, "spoken-later")).toEqual(["talk1"]);
    });

    test("a migration waits for a build, which would wait for it in turn", async () => {
      const empty = await open();
      const told: unknown[] = [];
      const logger = Object.assign(Object.create(quiet), { warn: (_: unknown, text: unknown) => told.push(text) });
      const fresh = createSqlStore({ url: empty.url, clock: systemClock, logger });
      const builder = postgres(empty.url, { max: 1 });
      await builder`select pg_advisory_lock(${BUILDING_LOCK}::bigint)`;
      const migrating = fresh.migrate();
      await until(() => told.some((text) => String(text).startsWith("migrations-wait")));
      const [turns] = await empty.admin`select to_regclass('turns') as made`;
      expect(turns?.made).toBeNull();
      await builder.end();
      expect(await migrating).toContain("0024_words");
      await fresh.close();
      await empty.drop();
    });

    test("a build that the server cut off is made anew", async () => {
      await store.migrate();
      const held = await hold(database);
      const building = store.buildIndexes(goOn).catch((error: unknown) => error);
      await until(() => isBuilding(database.admin));
      await database.admin`select pg_terminate_backend(pid) from pg_stat_progress_create_index where datname = current_database()`;
      expect(await building).toBeInstanceOf(Error);
      await held.end();
      const left =
        await database.admin`select 1 from pg_index where indexrelid = to_regclass('turns_words') and not indisvalid`;
      expect(left).toHaveLength(1);

      expect(await found(store, "only39999")).toEqual(["talk100"]);
      expect((await store.buildIndexes(goOn)).built).toEqual(["turns_words"]);
      expect(await validOf(database.admin)).toEqual(INDEXES);
    });

    test("a process that is killed at it leaves the build to the server, and to others when that has ended", async () => {
      await store.migrate();
      const held = await hold(database);
      const builder = Bun.spawn([process.execPath, join(import.meta.dir, "../support/index-builder.ts")], {
        env: { ...process.env, DATABASE_URL: database.url },
      });
      await until(() => isBuilding(database.admin));
      builder.kill("SIGKILL");
      await builder.exited;

      expect((await store.buildIndexes(goOn)).elsewhere).toEqual(["turns_words"]);
      await held.end();
      await until(async () => (await store.buildIndexes(goOn)).elsewhere.length === 0);
      expect(await validOf(database.admin)).toEqual(INDEXES);
    });

    test("whoever stops meanwhile leaves at once", async () => {
      await store.migrate();
      const held = await hold(database);
      const ending = new AbortController();
      const building = store.buildIndexes(ending.signal);
      await until(() => isBuilding(database.admin));
      ending.abort();
      expect(await building).toEqual({ built: [], elsewhere: [] });
      await held.end();
      await until(async () => (await validOf(database.admin)).length === INDEXES.length);
    });

    test("a database that has them from before is left as it is", async () => {
      await store.migrate();
      await store.buildIndexes(goOn);
      const [row] = await database.admin`select hash from gatehouse_migrations where tag = '0024_words'`;
      expect(row?.hash).toBe(HASH_BEFORE);
      expect(await store.migrate()).toEqual([]);
    });
  });
}

async function fill(admin: postgres.Sql): Promise<void> {
  await admin`
    insert into conversations (id, guild_id, channel_id, channel_name, member_id, member_name, started_at, last_at, turns)
    select 'talk' || i, ${GUILD}, '1', 'help', i::text, 'Member ' || i, now() - (101 - i) * interval '1 minute', now() - (101 - i) * interval '1 minute', ${TURNS / 100}
    from generate_series(1, 100) i`;
  await admin`
    insert into turns (guild_id, conversation_id, role, author, text, at, sources)
    select ${GUILD}, 'talk' || 1 + i % 100, 'member', 'Ada', 'how is the hub paired when its light stays red, only' || i, now(), '[]'
    from generate_series(1, ${TURNS}::int) i`;
}

async function say(admin: postgres.Sql, text: string): Promise<void> {
  await admin`insert into turns (guild_id, conversation_id, role, author, text, at, sources)
    values (${GUILD}, 'talk1', 'member', 'Ada', ${text}, now(), '[]')`;
}

/** A transaction that has written a turn, until its end. */
async function hold(database: TestDatabase): Promise<{ end(): Promise<void> }> {
  const sql = postgres(database.url, { max: 1, onnotice: () => {} });
  const written = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const held = sql.begin(async (transaction) => {
    await say(transaction as unknown as postgres.Sql, "not yet said");
    written.resolve();
    await end.promise;
  });
  await written.promise;
  return {
    async end() {
      end.resolve();
      await held;
      await sql.end();
    },
  };
}

async function isBuilding(admin: postgres.Sql): Promise<boolean> {
  const rows = await admin`select 1 from pg_stat_progress_create_index where datname = current_database()
    and relid = 'turns'::regclass and phase like 'waiting for%'`;
  return rows.length > 0;
}

async function validOf(admin: postgres.Sql): Promise<readonly string[]> {
  const rows = await admin<{ name: string }[]>`
    select c.relname as name from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indisvalid and c.relname = any(${INDEXES}) order by 1`;
  return rows.map(({ name }) => name);
}

async function found(store: Store, text: string): Promise<readonly string[]> {
  const { items } = await store.conversations.list(GUILD, { text }, 20);
  return items.map(({ id }) => id);
}
