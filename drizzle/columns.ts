/**
 * Column types that PostgreSQL has and drizzle has not in the form we want: instants as milliseconds, JSON without what
 * PostgreSQL refuses. Used by schema.ts; `cleanText` also by store/sql for every text it sends.
 */
import { customType } from "drizzle-orm/pg-core";

/** `timestamptz` in the database, milliseconds since the epoch in the code. Sessions run in UTC with ISO dates. */
export const instant = customType<{ data: number; driverData: string }>({
  dataType: () => "timestamp (3) with time zone",
  toDriver: (ms) => new Date(ms).toISOString(),
  fromDriver: (value) => Date.parse(value.replace(" ", "T").replace(/\+00$/, "Z")),
});

/** `bytea`; what reads and writes it does so as base64, which says the same whatever the connection makes of it. */
export const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" });

/** `jsonb` whose strings are clean. */
export const json = customType<{ data: unknown; driverData: unknown }>({
  dataType: () => "jsonb",
  toDriver: (value) => JSON.stringify(value ?? null, cleanValue),
});

/** PostgreSQL refuses NUL in text (22021, 22P05) and a lone surrogate cannot be encoded: the one is dropped, the other becomes U+FFFD. */
export function cleanText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes("\0") ? whole.replaceAll("\0", "") : whole;
}

/** For `JSON.stringify`: every string clean, names too. */
export function cleanValue(_: string, value: unknown): unknown {
  if (typeof value === "string") return cleanText(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const keys = Object.keys(value);
  if (keys.every((key) => cleanText(key) === key)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [cleanText(key), item]));
}
