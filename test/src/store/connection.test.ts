import { afterAll, beforeAll, expect, test } from "bun:test";
import { sql } from "drizzle-orm";
import { type Connection, openConnection } from "../../../src/store/sql/connection.ts";
import { openDatabase, type TestDatabase } from "../../support/postgres.ts";

/** Fails at the fourth row, when three have been sent. */
const AMID_ITS_ROWS = "select i, 1 / (4 - i) as quotient from generate_series(1, 10) i";

let database: TestDatabase;
let connection: Connection;

beforeAll(async () => {
  database = await openDatabase();
  connection = openConnection(database.url);
}, 60_000);

afterAll(async () => {
  connection.end();
  await database.drop();
});

test("a result is whole after a statement that failed amid its rows", async () => {
  await expect(connection.rows(AMID_ITS_ROWS, [])).rejects.toThrow("division by zero");
  const rows = await connection.rows("select n from generate_series(1, 5) n", []);
  expect(Object.keys(rows)).toEqual(["0", "1", "2", "3", "4"]);
  expect(rows.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5]);
});

test("so are those that were sent behind it before it failed, and drizzle's", async () => {
  const failing = connection.db.execute(sql.raw(AMID_ITS_ROWS)).catch((error: unknown) => error);
  const behind = connection.db.execute<{ n: number }>(sql`select n from generate_series(1, 2) n`);
  expect(await failing).toBeInstanceOf(Error);
  const [first] = await behind;
  expect(first).toEqual({ n: 1 });
  await connection.rows(AMID_ITS_ROWS, []).catch(() => {});
  expect(await connection.db.select({ n: sql<number>`n` }).from(sql`generate_series(1, 2) n`)).toEqual([
    { n: 1 },
    { n: 2 },
  ]);
});
