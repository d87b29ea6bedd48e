/**
 * Applies the migrations that the database has not seen, all in one transaction under an advisory lock, so that processes that start
 * together do it once. Indexes over large tables are left to building-indexes.ts.
 */
import { type SQL, sql } from "drizzle-orm";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import { BUILDING_LOCK } from "./building-indexes.ts";
import type { Db } from "./connection.ts";
import { concurrentIndex, type Migration, readMigrations } from "./migrations.ts";
import type { Pool } from "./pool.ts";

/** The oldest that the suites run on. */
const SERVER_VERSION_MIN = 15;
/** Any number will do, as long as nobody else in the database uses it. */
const LOCK = 7_401_553_201;
/** A table up to here has its index within a second or two. */
const SMALL_TABLE_BYTES_MAX = 4 * 1024 * 1024;
const BUILDING_CHECK_MS = 1_000;

export async function migrate(pool: Pool, clock: Clock, logger: Logger): Promise<readonly string[]> {
  const files = await readMigrations();
  for (let tries = 0; ; tries++) {
    const applied = await pool.longTransaction((db) => applyMissing(db, files, logger), "migrations");
    if (applied !== "building") {
      if (applied.length > 0) logger.info({ migrations: applied }, "database-migrated");
      return applied;
    }
    if (tries === 0) logger.warn({}, "migrations-wait: another process builds an index; they go on when it has");
    await clock.sleep(BUILDING_CHECK_MS);
  }
}

/** "building": an index is being made, which would wait for this transaction's end while that waited for its tables. */
async function applyMissing(
  db: Db,
  files: readonly Migration[],
  logger: Logger,
): Promise<readonly string[] | "building"> {
  const [server] = await db.execute<{ server_version: string }>(sql`show server_version`);
  if (Number.parseInt(server?.server_version ?? "0", 10) < SERVER_VERSION_MIN) {
    const message = `PostgreSQL ${server?.server_version} is too old; Gatehouse needs ${SERVER_VERSION_MIN} or newer`;
    throw new AppError("invalid", message);
  }
  await db.execute(sql`select pg_advisory_xact_lock(${LOCK}::bigint)`);
  await db.execute(sql`create table if not exists gatehouse_migrations (
    tag text primary key, hash text not null, applied_at timestamptz not null default now())`);
  const rows = await db.execute<{ tag: string; hash: string }>(sql`select tag, hash from gatehouse_migrations`);
  const known = new Map(rows.map((row) => [row.tag, row.hash]));

  for (const file of files) {
    const hash = known.get(file.tag);
    if (hash !== undefined && hash !== file.hash) {
      throw new AppError("invalid", `migration ${file.tag} was changed after it had been applied to this database`);
    }
    known.delete(file.tag);
  }
  // A newer process may have been here during a rolling deploy; its tables are made so that ours still work.
  if (known.size > 0) logger.warn({ migrations: [...known.keys()] }, "database-newer");

  const missing = files.filter((file) => !rows.some((row) => row.tag === file.tag));
  if (missing.length === 0) return [];
  if (!(await isTrue(db, sql`pg_try_advisory_xact_lock(${BUILDING_LOCK}::bigint)`))) return "building";
  for (const { tag, statements, hash } of missing) {
    for (const statement of statements) {
      const index = concurrentIndex(statement);
      if (index === null) await db.execute(sql.raw(statement));
      else if (await isSmall(db, index.table)) await db.execute(sql.raw(index.atOnce));
    }
    await db.execute(sql`insert into gatehouse_migrations (tag, hash) values (${tag}, ${hash})`);
  }
  return missing.map((file) => file.tag);
}

function isSmall(db: Db, table: string): Promise<boolean> {
  return isTrue(db, sql`pg_table_size(${`"${table}"`}::regclass) <= ${SMALL_TABLE_BYTES_MAX}::bigint`);
}

async function isTrue(db: Db, condition: SQL): Promise<boolean> {
  const [row] = await db.execute<{ holds: boolean }>(sql`select ${condition} as holds`);
  return row?.holds === true;
}
