/**
 * drizzle-kit's SQL files, read beside this one, so any working directory will do.
 *
 * An index that is said to be made CONCURRENTLY (`index(…).concurrently()` in the schema) is no part of the migration's transaction where its
 * table is large: building-indexes.ts makes it while others write. So it is every index over a table that older versions have filled.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import journal from "../../../drizzle/migrations/meta/_journal.json" with { type: "json" };

const FOLDER = join(import.meta.dir, "../../../drizzle/migrations");
const CONCURRENTLY = /^create index concurrently "(\w+)" on "(\w+)"/i;

export type Migration = { readonly tag: string; readonly statements: readonly string[]; readonly hash: string };

export type ConcurrentIndex = {
  readonly name: string;
  readonly table: string;
  /** Not within a transaction. */
  readonly statement: string;
  /** The same index, made while writers of its table wait. */
  readonly atOnce: string;
};

/** Oldest first. */
export function readMigrations(): Promise<readonly Migration[]> {
  return Promise.all(
    journal.entries.map(async ({ tag }) => {
      // drizzle-kit names the schema in references; which schema it is, the connection's search_path says.
      const text = (await readFile(join(FOLDER, `${tag}.sql`), "utf8")).replaceAll('"public".', "");
      const statements = text.split("--> statement-breakpoint").map((statement) => statement.trim());
      // How an index is made is no part of what a schema is: some databases have 0024 from when it made its indexes at once.
      const made = statements.map((statement) => concurrentIndex(statement)?.atOnce ?? statement);
      return { tag, statements, hash: createHash("sha256").update(made.join("\n")).digest("hex") };
    }),
  );
}

/** Null for any other statement. */
export function concurrentIndex(statement: string): ConcurrentIndex | null {
  const [, name, table] = CONCURRENTLY.exec(statement) ?? [];
  if (name === undefined || table === undefined) return null;
  return { name, table, statement, atOnce: statement.replace(/ concurrently/i, "") };
}

/** Those that the schema has after all migrations. */
export function concurrentIndexes(migrations: readonly Migration[]): readonly ConcurrentIndex[] {
  const indexes = new Map<string, ConcurrentIndex>();
  for (const statement of migrations.flatMap(({ statements }) => statements)) {
    const made = concurrentIndex(statement);
    if (made !== null) indexes.set(made.name, made);
    const [, dropped] = /^drop index (?:if exists )?"(\w+)"/i.exec(statement) ?? [];
    if (dropped !== undefined) indexes.delete(dropped);
  }
  return [...indexes.values()];
}
