/** A row as PostgreSQL gave it, by the columns' names → as drizzle would have given it. */
import { getTableColumns, type InferSelectModel } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";

export function decoded<T extends PgTable>(table: T, row: Readonly<Record<string, unknown>>): InferSelectModel<T> {
  const fields = Object.entries(getTableColumns(table)).map(([field, column]) => {
    const value = row[column.name];
    return [field, value === null || value === undefined ? null : column.mapFromDriverValue(value)];
  });
  return Object.fromEntries(fields) as InferSelectModel<T>;
}
