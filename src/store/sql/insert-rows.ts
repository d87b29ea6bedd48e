/**
 * Many rows in one statement whose text does not depend on how many they are, so that PostgreSQL parses it once a connection. The
 * rows travel as one JSON text; drizzle's own insert has a parameter a value, thousands for the cases of a raid.
 */
import { getTableColumns, type SQL, sql } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import { cleanValue } from "../../../drizzle/columns.ts";

/** `rows`: at least one, all with the same columns. */
export function insertRows<Table extends PgTable>(table: Table, rows: readonly Table["$inferInsert"][]): SQL {
  const names = columnNames(table, Object.keys(rows[0] ?? {}));
  return sql`insert into ${table} (${names}) select ${names} from ${rowsOf(table, rows)}`;
}

/** A set of rows as a query reads it, with the columns' own names; a column that is not given is null. */
export function rowsOf<Table extends PgTable>(table: Table, rows: readonly Partial<Table["$inferInsert"]>[]): SQL {
  const columns = Object.entries(getTableColumns(table));
  const given = rows.map((row: Record<string, unknown>) =>
    Object.fromEntries(
      columns.flatMap(([key, column]) => {
        const value = row[key];
        if (value === undefined) return [];
        // JSON stays what it is within the JSON; everything else as drizzle would send it.
        const plain = value === null || column.getSQLType() === "jsonb";
        return [[column.name, plain ? value : column.mapToDriverValue(value)]];
      }),
    ),
  );
  return sql`json_populate_recordset(null::${table}, ${JSON.stringify(given, cleanValue)}::text::json)`;
}

function columnNames(table: PgTable, keys: readonly string[]): SQL {
  const columns = getTableColumns(table) as Record<string, { readonly name: string }>;
  return sql.join(
    keys.map((key) => sql.identifier(columns[key]?.name ?? key)),
    sql`, `,
  );
}
