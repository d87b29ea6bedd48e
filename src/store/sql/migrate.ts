/**
 * Applies drizzle-kit's SQL files that the database has not seen, all in one transaction under an advisory lock, so that
 * processes that start together do it once. Reads beside itself, so any working directory will do.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import journal from "../../../drizzle/migrations/meta/_journal.json" with { type: "json" };
import { AppError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import type { Pool } from "./pool.ts";

const FOLDER = join(import.meta.dir, "../../../drizzle/migrations");
/** The oldest that the suites run on. */
const SERVER_VERSION_MIN = 15;
/** Any number will do, as long as nobody else in the database uses it. */
const LOCK = 7_401_553_201;

export async function migrate(pool: Pool, logger: Logger): Promise<readonly string[]> {
  const files = await Promise.all(
    journal.entries.map(async ({ tag }) => {
      // drizzle-kit names the schema in references; which schema it is, the connection's search_path says.
      const text = (await readFile(join(FOLDER, `${tag}.sql`), "utf8")).replaceAll('"public".', "");
      const statements = text.split("--> statement-breakpoint").map((statement) => statement.trim());
      return { tag, statements, hash: createHash("sha256").update(statements.join("\n")).digest("hex") };
    }),
  );

  const applied = await pool.longTransaction(async (db) => {
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
    // An index of words is made several times as fast.
    if (missing.length > 0) await db.execute(sql`set local maintenance_work_mem = '256MB'`);
    for (const { tag, statements, hash } of missing) {
      for (const statement of statements) await db.execute(sql.raw(statement));
      await db.execute(sql`insert into gatehouse_migrations (tag, hash) values (${tag}, ${hash})`);
    }
    return missing.map((file) => file.tag);
  }, "migrations");

  if (applied.length > 0) logger.info({ migrations: applied }, "database-migrated");
  return applied;
}
