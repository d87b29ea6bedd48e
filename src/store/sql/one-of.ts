/** `column = any(…)` for a list of any length: one statement however many there are, and an array, so that the index is walked for each. */
import { type SQL, sql } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import { sources } from "../../../drizzle/schema.ts";

export function oneOf(column: AnyPgColumn, values: readonly string[]): SQL {
  // As any column of JSON writes it.
  return sql`${column} = any(array(select jsonb_array_elements_text(${sql.param(values, sources.config)}::jsonb)))`;
}
