/** The pool when its time is over: what becomes of the connection, and of what was still to be done on it. */
import { heapStats } from "bun:jsc";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { sql } from "drizzle-orm";
import { systemClock } from "../../../src/clock.ts";
import { createPool, type Pool } from "../../../src/store/sql/pool.ts";
import { letGo } from "../../support/let-go.ts";
import { openDatabase, quiet, type TestDatabase } from "../../support/postgres.ts";

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await openDatabase();
  pool = createPool({ url: database.url, clock: systemClock, logger: quiet, connections: 1 });
  await pool.write((db) => db.execute(sql`create table marks (name text primary key)`));
}, 60_000);
afterAll(async () => {
  await pool.close();
  await database.drop();
});

const backend = async () => (await pool.read((db) => db.execute(sql`select pg_backend_pid() as pid`)))[0]?.pid;
const marks = async () => (await pool.read((db) => db.execute(sql`select name from marks`))).map(({ name }) => name);
const slept = (seconds: number) => pool.read((db) => db.execute(sql`select pg_sleep(${seconds})`));

describe("a call that had the only connection for less than a statement may take", () => {
  test("is over in time, and the connection is kept", async () => {
    const before = await backend();
    const first = slept(1.1);
    await expect(slept(1.2)).rejects.toMatchObject({ kind: "timeout" });
    await first;
    expect(await backend()).toBe(before);
  }, 60_000);

  test("does nothing more after it was told that its time is over", async () => {
    const before = await backend();
    const first = slept(1.1);
    const late = pool.transaction(async (db) => {
      await db.execute(sql`insert into marks values ('begun')`);
      await db.execute(sql`select pg_sleep(1.2)`);
      await db.execute(sql`insert into marks values ('went on')`);
    });
    await expect(late).rejects.toMatchObject({ kind: "timeout" });
    await first;
    expect(await marks()).toEqual([]);
    expect(await backend()).toBe(before);
    // Not within what the other left open.
    await pool.transaction((db) => db.execute(sql`insert into marks values ('kept')`));
    expect(await marks()).toEqual(["kept"]);
  }, 60_000);
});

test("a call whose work never comes back costs its connection, and the next call gets another", async () => {
  const before = await backend();
  const stuck = pool.read(() => new Promise<never>(() => {}));
  await expect(stuck).rejects.toMatchObject({ kind: "timeout" });
  const after = await backend();
  expect(after).toBeNumber();
  expect(after).not.toBe(before);
}, 60_000);

describe("the last statements of a transaction", () => {
  test("see what those before them did, and the last one's rows are the answer", async () => {
    const rows = await pool.transaction((_, __, last) =>
      last(sql`insert into marks values ('first')`, sql`select name from marks where name = 'first'`),
    );
    expect(rows.map(({ name }) => name)).toEqual(["first"]);
    expect(await marks()).toContain("first");
  });

  test("are undone together, for the reason of the first that failed", async () => {
    const before = await marks();
    const failing = pool.transaction((_, __, last) =>
      last(sql`insert into marks values ('undone')`, sql`select 1 / 0`, sql`insert into marks values ('behind')`),
    );
    await expect(failing).rejects.toThrow("division by zero");
    expect(await marks()).toEqual(before);
  });
});

test("what a call came to is not kept for as long as its connection lives", async () => {
  const before = await backend();
  const found: WeakRef<object>[] = [];
  for (let i = 0; i < 20; i++) found.push(new WeakRef(await pool.read((db) => db.execute(sql`select 1 as one`))));
  await letGo(found);
  expect(await backend()).toBe(before);
}, 60_000);

test("a statement's text is kept in one piece, not in those it was made of", async () => {
  const pieces = Array.from({ length: 40 }, (_, n) => sql`${n}::int as ${sql.raw(`column${n}`)}`);
  const strings = () => {
    Bun.gc(true);
    return heapStats().objectTypeCounts.string ?? 0;
  };
  const say = (name: string) =>
    pool.read((db) => db.execute(sql`select ${sql.join(pieces, sql`, `)} , 1 as ${sql.raw(name)}`));
  await say("warm");
  const before = strings();
  for (let n = 0; n < 50; n++) await say(`name${n}`);
  // A column's name is kept too.
  expect((strings() - before) / 50).toBeLessThan(60);
}, 60_000);
