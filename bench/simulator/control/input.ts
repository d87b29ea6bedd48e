/** Reading what the control API is given: what is wrong is said with its name, nothing is taken for something else. */
import type { Json } from "../world.ts";

export function text(body: Json, name: string): string {
  const value = body[name];
  if (typeof value !== "string" || value === "") throw new Error(`"${name}" is missing: a text is wanted`);
  return value;
}

export function optional(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}

/** A list of ids; left out, an empty one. */
export function ids(body: Json, name: string): string[] {
  const value = body[name] ?? [];
  if (!Array.isArray(value)) throw new Error(`"${name}" is a list of ids`);
  return value.map(String);
}

/** Permission bits as Discord writes them, in decimal. */
export function permissions(body: Json, name = "permissions"): bigint | undefined {
  const value = optional(body[name]);
  if (value === undefined) return undefined;
  if (!/^\d{1,20}$/.test(value)) throw new Error(`"${name}" are permission bits in decimal, like "309237730304"`);
  return BigInt(value);
}

/** A whole number from 0 of the query. */
export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  if (!/^\d{1,15}$/.test(value)) throw new Error(`"${name}" is a whole number, not "${value}"`);
  return Number(value);
}
