/**
 * Every row of the database as lines of JSON, read in one snapshot, and back into an empty one. Not by pg_dump: the embedded
 * PostgreSQL has none, and versions of client and server would have to fit.
 *
 *   {"gatehouse": 1, "migrations": […]}     the first line
 *   {"table": "guilds"} {row} {row} …       tables in an order in which foreign keys hold
 *   {"end": 1234}                           how many rows there were: without it the file was cut off
 *
 * Rows of running processes (leases, presence) stay behind. Sealed tokens stay sealed: the key is not in the file.
 */
import postgres from "postgres";
import { AppError } from "../../errors.ts";

const FORMAT = 1;
/** Of processes that run now, or about who applied what here. */
const LEFT_OUT = new Set(["gatehouse_migrations", "gateways", "shards", "identify_turns"]);
/** Where one of these holds a row, people have used the database. */
const USED = ["guilds", "conversations", "sources", "bots"];
const ROWS_AT_ONCE = 500;

type Sql = postgres.Sql | postgres.TransactionSql;

export async function* dump(url: string): AsyncGenerator<string> {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  const sql = await client.reserve();
  try {
    await sql`begin isolation level repeatable read read only`;
    const migrations = await sql<{ tag: string }[]>`select tag from gatehouse_migrations order by tag`;
    yield JSON.stringify({ gatehouse: FORMAT, migrations: migrations.map((row) => row.tag) });
    let rowsDumped = 0;
    for (const table of await tablesOf(sql)) {
      yield JSON.stringify({ table });
      for await (const rows of sql
        .unsafe(`select row_to_json(t)::text as row from "${table}" t`)
        .cursor(ROWS_AT_ONCE)) {
        rowsDumped += rows.length;
        for (const row of rows) yield String(row.row);
      }
    }
    yield JSON.stringify({ end: rowsDumped });
    await sql`commit`;
  } finally {
    sql.release();
    await client.end({ timeout: 5 });
  }
}

/** All or nothing. Throws AppError `invalid` for a file that is none, one of a newer version, or a database that is in use. */
export async function restore(url: string, lines: AsyncIterable<string>): Promise<{ readonly rows: number }> {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await client.begin(async (sql) => {
      const tables = await tablesOf(sql);
      for (const table of USED) {
        const [used] = await sql.unsafe(`select 1 from "${table}" limit 1`);
        if (used !== undefined) {
          throw new AppError("invalid", `the database is in use (${table} has rows): restore into an empty one`);
        }
      }
      // The rows that a new database begins with (plans, the first account) come from the file too.
      for (const table of [...tables].reverse()) await sql.unsafe(`delete from "${table}"`);

      let table: string | null = null;
      let waiting: string[] = [];
      let rows = 0;
      let first = true;
      let whole = false;
      const write = async () => {
        if (table === null || waiting.length === 0) return;
        try {
          await sql.unsafe(
            `insert into "${table}" overriding system value select * from json_populate_recordset(null::"${table}", $1::text::json)`,
            [`[${waiting.join(",")}]`],
          );
        } catch (error) {
          if (!(error instanceof postgres.PostgresError)) throw error;
          throw new AppError("invalid", `the file holds rows that do not fit into ${table}: nothing was restored`);
        }
        rows += waiting.length;
        waiting = [];
      };
      for await (const line of lines) {
        if (line === "") continue;
        if (first) {
          await checkHeader(sql, line);
          first = false;
          continue;
        }
        const ended = alone(line, "end");
        if (typeof ended === "number") {
          await write();
          whole = rows === ended;
          continue;
        }
        const named = alone(line, "table");
        if (typeof named !== "string") {
          waiting.push(line);
          if (waiting.length >= ROWS_AT_ONCE) await write();
          continue;
        }
        await write();
        if (!tables.includes(named)) throw new AppError("invalid", `the file has a table that is not known: ${named}`);
        table = named;
      }
      await write();
      if (!whole) throw new AppError("invalid", "the file was cut off: nothing was restored");
      await continueCounting(sql);
      return { rows };
    });
  } finally {
    await client.end({ timeout: 5 });
  }
}

/** Tables after those that they refer to. */
async function tablesOf(sql: Sql): Promise<readonly string[]> {
  const names = await sql<{ name: string }[]>`
    select table_name as name from information_schema.tables
    where table_schema = current_schema() and table_type = 'BASE TABLE' order by 1`;
  const references = await sql<{ from: string; to: string }[]>`
    select f.relname as from, t.relname as to from pg_constraint c
    join pg_class f on f.oid = c.conrelid join pg_class t on t.oid = c.confrelid
    where c.contype = 'f' and f.relnamespace = current_schema()::regnamespace`;
  const ordered: string[] = [];
  const visit = (name: string): void => {
    if (ordered.includes(name)) return;
    for (const { from, to } of references) if (from === name && to !== name) visit(to);
    ordered.push(name);
  };
  for (const { name } of names) visit(name);
  return ordered.filter((name) => !LEFT_OUT.has(name));
}

async function checkHeader(sql: Sql, line: string): Promise<void> {
  const header = read(line) as { gatehouse?: unknown; migrations?: unknown } | null;
  if (header?.gatehouse !== FORMAT || !Array.isArray(header.migrations)) {
    throw new AppError("invalid", "this is not a backup that Gatehouse wrote");
  }
  const known = new Set((await sql<{ tag: string }[]>`select tag from gatehouse_migrations`).map((row) => row.tag));
  const unknown = header.migrations.filter((tag) => !known.has(String(tag)));
  if (unknown.length > 0) {
    throw new AppError("invalid", "the backup is of a newer version: install that one first, then restore");
  }
}

/** The value of a line that is a mark and not a row: no table of ours has `name` as its only column. */
function alone(line: string, name: "table" | "end"): unknown {
  if (!line.startsWith(`{"${name}":`)) return undefined;
  const value = read(line) as Record<string, unknown> | null;
  return value !== null && Object.keys(value).length === 1 ? value[name] : undefined;
}

function read(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** Numbers that the database gives go on after the highest that came. */
async function continueCounting(sql: Sql): Promise<void> {
  const columns = await sql<{ table: string; column: string }[]>`
    select table_name as table, column_name as column from information_schema.columns
    where table_schema = current_schema() and is_identity = 'YES'`;
  for (const { table, column } of columns) {
    await sql.unsafe(
      `select setval(pg_get_serial_sequence('"${table}"', '${column}'), coalesce(max("${column}"), 0) + 1, false) from "${table}"`,
    );
  }
}
