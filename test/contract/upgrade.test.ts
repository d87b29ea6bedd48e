/**
 * A database of any earlier schema becomes today's with all that is in it, and a deploy may run old and new processes side by side:
 * what a migration does leaves the statements of the version before it working. Every migration counts as released: any commit may be running
 * somewhere.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type postgres from "postgres";
import { systemClock } from "../../src/clock.ts";
import { concurrentIndex, concurrentIndexes, readMigrations } from "../../src/store/sql/migrations.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import { openDatabase, quiet, type TestDatabase } from "../support/postgres.ts";

setDefaultTimeout(60_000);

type Row = { readonly table: string; readonly level: number; readonly row: Readonly<Record<string, unknown>> };

/** The level before moderation was there: no version wrote cases until then, and 0003 asks more of them than it could fill in. */
const CASES_FROM = 3;

const levels = await readMigrations();

describe("a database that got a row in every table at every schema there was", () => {
  let database: TestDatabase;
  const rows: Row[] = [];
  let applied: readonly string[];

  beforeAll(async () => {
    database = await openDatabase();
    const { admin } = database;
    await admin.unsafe(`create table gatehouse_migrations (
      tag text primary key, hash text not null, applied_at timestamptz not null default now())`);
    for (const [level, { tag, statements, hash }] of levels.slice(0, -1).entries()) {
      for (const statement of statements) await admin.unsafe(statement);
      await admin`insert into gatehouse_migrations (tag, hash) values (${tag}, ${hash})`;
      rows.push(...(await fillTables(admin, level)));
    }
    const store = createSqlStore({ url: database.url, clock: systemClock, logger: quiet });
    applied = await store.migrate();
    await store.close();
  });
  afterAll(() => database.drop());

  test("is migrated to today's by a start", () => {
    expect(applied).toEqual(levels.slice(-1).map(({ tag }) => tag));
  });

  test("keeps every row as it was", async () => {
    expect(rows.length).toBeGreaterThan(400);
    const lost: string[] = [];
    for (const { table, level, row } of rows) {
      const [kept] = await database.admin.unsafe(
        `select 1 from "${table}" t where to_jsonb(t) @> $1::text::jsonb limit 1`,
        [JSON.stringify(row)],
      );
      if (kept === undefined) lost.push(`${table}, written at ${levels[level]?.tag}: ${JSON.stringify(row)}`);
    }
    expect(lost).toEqual([]);
  });
});

/** One row in every table, of values that say at which level it was written; as it was written. */
async function fillTables(admin: postgres.Sql, level: number): Promise<Row[]> {
  const columns = await admin<{ table: string; column: string; type: string; serial: boolean }[]>`
    select c.table_name as table, c.column_name as column, c.udt_name as type, c.is_identity = 'YES' or c.is_generated = 'ALWAYS' as serial
    from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = current_schema() and t.table_type = 'BASE TABLE' and c.table_name <> 'gatehouse_migrations'
    order by c.table_name, c.ordinal_position`;
  const tables = Map.groupBy(columns, ({ table }) => table);
  if (level < CASES_FROM) for (const table of ["moderation_cases", "strikes"]) tables.delete(table);
  const rows: Row[] = [];
  for (const table of inOrder([...tables.keys()], await references(admin))) {
    const written = (tables.get(table) ?? []).filter(({ serial }) => !serial);
    const names = written.map(({ column }) => `"${column}"`).join(", ");
    const values = written.map(({ type }) => sampleOf(type, level)).join(", ");
    const [row] = await admin.unsafe(
      `insert into "${table}" as t (${names}) values (${values}) returning to_jsonb(t)::text as row`,
    );
    rows.push({ table, level, row: JSON.parse(row?.row) });
  }
  return rows;
}

type Reference = { readonly from: string; readonly to: string };

function references(admin: postgres.Sql): Promise<readonly Reference[]> {
  return admin<Reference[]>`
    select conrelid::regclass::text as from, confrelid::regclass::text as to from pg_constraint
    where contype = 'f' and connamespace = current_schema()::regnamespace and conrelid <> confrelid`;
}

/** Those that others refer to first. */
function inOrder(tables: readonly string[], all: readonly Reference[]): readonly string[] {
  const done: string[] = [];
  const visit = (table: string): void => {
    if (done.includes(table) || !tables.includes(table)) return;
    for (const { from, to } of all) if (from === table) visit(to);
    done.push(table);
  };
  for (const table of tables) visit(table);
  return done;
}

/** Texts are the same in all tables, so that references find what they name. */
function sampleOf(type: string, level: number): string {
  const values: Record<string, string> = {
    ...{ text: `'level-${level}'`, varchar: `'level-${level}'`, _text: `array['level-${level}']`, bool: "true" },
    ...{ int2: String(level), int4: String(level), int8: String(level), float8: `${level}.5`, numeric: `${level}.25` },
    ...{
      timestamptz: `timestamptz '2026-01-${String(level + 1).padStart(2, "0")} 12:00Z'`,
      jsonb: `'{"level": ${level}}'`,
    },
    ...{
      date: `date '2026-01-${String(level + 1).padStart(2, "0")}'`,
      tsvector: `'level'`,
      bytea: `'\\x${level.toString(16).padStart(2, "0")}'`,
    },
  };
  const value = values[type];
  if (value === undefined) throw new Error(`the test knows no value of the type ${type}`);
  return value;
}

/** What asks more of a running process than it gives: each with why nobody was hurt. No more are to come. */
const EXCEPTIONS: Readonly<Record<string, readonly RegExp[]>> = {
  // No version wrote cases before.
  "0003_moderation": [/"moderation_cases"/],
  // Before them, two processes of different versions could not run side by side at all.
  "0004_plans": [/"proactive_posts"/],
  "0007_people_in_the_loop": [/"escalations_trigger"/],
};

test("a migration only adds: tables, columns that may be left out, indexes that forbid nothing", () => {
  const found = levels.slice(1).flatMap(({ tag, statements }) => {
    const made = new Set(statements.flatMap((one) => /^create table "(\w+)"/i.exec(one)?.[1] ?? []));
    return statements
      .filter((statement) => !adds(statement, made))
      .filter((statement) => !EXCEPTIONS[tag]?.some((known) => known.test(statement)))
      .map((statement) => `${tag}: ${statement}`);
  });
  expect(found).toEqual([]);
});

/** `made`: tables that are made by the same migration, of which no running process knows. */
function adds(statement: string, made: ReadonlySet<string>): boolean {
  const text = statement.replaceAll(/^--.*$/gm, "").trim();
  const table = /\bon "(\w+)"|^(?:alter table|insert into) "(\w+)"/i.exec(text);
  if (made.has(table?.[1] ?? table?.[2] ?? "")) return true;
  if (/^create (table|index|extension)\b/i.test(text)) return true;
  // Which queries it served, the version before may miss for the length of a deploy.
  if (/^drop index/i.test(text)) return true;
  // Fills in what a new column holds of rows that are there.
  if (/^update "/i.test(text)) return true;
  return /^alter table "\w+" add column "\w+" (?!.*not null)|^alter table "\w+" add column .*\bdefault\b/i.test(text);
}

test.each([
  ['ALTER TABLE "guilds" DROP COLUMN "name";'],
  ['ALTER TABLE "guilds" RENAME COLUMN "name" TO "title";'],
  ['ALTER TABLE "guilds" ADD COLUMN "motto" text NOT NULL;'],
  ['ALTER TABLE "guilds" ALTER COLUMN "name" SET NOT NULL;'],
  ['ALTER TABLE "guilds" ADD CONSTRAINT "named" CHECK (name <> $$$$);'],
  ['CREATE UNIQUE INDEX "names" ON "guilds" USING btree ("name");'],
  ['DROP TABLE "guilds";'],
  ['DELETE FROM "guilds";'],
])("%s is no addition", (statement) => {
  expect(adds(statement, new Set())).toBe(false);
});

/** The first whose indexes are made while others write. */
const CONCURRENT_FROM = "0024";

test("an index over a table that versions before have filled is made concurrently, and can be", () => {
  const found = levels
    .filter(({ tag }) => tag >= CONCURRENT_FROM)
    .flatMap(({ tag, statements }) => {
      const made = new Set(statements.flatMap((one) => /^create table "(\w+)"/i.exec(one)?.[1] ?? []));
      return statements
        .filter((statement) => /^create (unique )?index\b/i.test(statement) && concurrentIndex(statement) === null)
        .filter((statement) => !made.has(/\bon "(\w+)"/i.exec(statement)?.[1] ?? ""))
        .map((statement) => `${tag}: write .concurrently() behind it in drizzle/schema.ts: ${statement}`);
    });
  expect(found).toEqual([]);
});

test("an index that a later migration drops is not made", () => {
  const migration = (...statements: readonly string[]) => ({ tag: "", hash: "", statements });
  const made = 'CREATE INDEX CONCURRENTLY "names" ON "guilds" USING btree ("name");';
  const dropped = 'DROP INDEX "names";';
  const names = (...all: Parameters<typeof concurrentIndexes>[0]) => concurrentIndexes(all).map(({ name }) => name);
  expect(names(migration(made))).toEqual(["names"]);
  expect(names(migration(made), migration(dropped))).toEqual([]);
  expect(names(migration(made), migration(dropped, made))).toEqual(["names"]);
  expect(concurrentIndex(made)).toMatchObject({ atOnce: 'CREATE INDEX "names" ON "guilds" USING btree ("name");' });
});
