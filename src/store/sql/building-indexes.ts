/**
 * Makes the indexes that migrations leave for later (migrations.ts): while others read and write, by one process at a time.
 *
 * Algorithm: what is missing, or was left invalid by a build that was cut off, is dropped and made anew, on a connection of its own that
 * holds a session's advisory lock. Where the process dies, the server goes on with the statement it has, and holds the lock until that has
 * ended; where the server dies too, the next look finds the invalid index. The lock is never waited for in the server: who waits there has a
 * snapshot, for whose end the build waits in turn. Until an index is valid its readers do without (`createReadiness`).
 */
import { sql } from "drizzle-orm";
import type { Logger } from "../../logger.ts";
import type { IndexBuild } from "../../store.ts";
import { type Connection, openConnection } from "./connection.ts";
import { type ConcurrentIndex, concurrentIndexes, readMigrations } from "./migrations.ts";
import type { Pool } from "./pool.ts";

/** Held by a session that builds, and by a transaction that changes the schema. Nobody else's in the database, like migrate.ts's. */
export const BUILDING_LOCK = 7_401_553_202;

/** `told`: at the start of each. Aborted, it leaves at once, and the server ends what it has begun. */
export async function buildIndexes(
  ports: { readonly pool: Pool; readonly url: string; readonly logger: Logger },
  signal: AbortSignal,
  told: (index: string) => void,
): Promise<IndexBuild> {
  const { pool, url, logger } = ports;
  const wanted = concurrentIndexes(await readMigrations());
  const missing = async () => {
    const valid = await validOf(
      pool,
      wanted.map(({ name }) => name),
    );
    return wanted.filter(({ name }) => !valid.has(name));
  };
  const namesOf = (indexes: readonly ConcurrentIndex[]) => indexes.map(({ name }) => name);
  const before = await missing();
  if (before.length === 0 || signal.aborted) return { built: [], elsewhere: [] };

  const connection = openConnection(url);
  const leave = () => connection.end();
  signal.addEventListener("abort", leave, { once: true });
  const built: string[] = [];
  try {
    await connection.unlessLost(prepare(connection));
    const [lock] = await connection.rows("select pg_try_advisory_lock($1::bigint) as held", [BUILDING_LOCK]);
    if (lock?.held !== true) return { built, elsewhere: namesOf(before) };
    for (const { name, table, statement } of await missing()) {
      told(name);
      logger.info({ index: name, table }, "index-build-began");
      await connection.unlessLost(connection.command(`drop index concurrently if exists "${name}"`));
      await connection.unlessLost(connection.command(statement));
      built.push(name);
      logger.info({ index: name, table }, "index-built");
    }
    return { built, elsewhere: [] };
  } catch (error) {
    if (signal.aborted) return { built, elsewhere: [] };
    throw error;
  } finally {
    signal.removeEventListener("abort", leave);
    leave();
  }
}

async function prepare(connection: Connection): Promise<void> {
  // For as long as it takes: nobody waits for it.
  for (const setting of ["statement_timeout = 0", "lock_timeout = 0", "maintenance_work_mem = '256MB'"])
    await connection.command(`set ${setting}`);
}

/** Whether all of these can be used, asked anew until it is so. */
export function createReadiness(pool: Pool, names: readonly string[]): () => Promise<boolean> {
  let ready = false;
  return async () => {
    ready ||= (await validOf(pool, names)).size === names.length;
    return ready;
  };
}

async function validOf(pool: Pool, names: readonly string[]): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set();
  const rows = await pool.read((db) =>
    db.execute<{ name: string }>(sql`
      select c.relname as name from pg_index i join pg_class c on c.oid = i.indexrelid
      where c.relnamespace = current_schema()::regnamespace and i.indisvalid and c.relname in ${[...names]}`),
  );
  return new Set(rows.map(({ name }) => name));
}
