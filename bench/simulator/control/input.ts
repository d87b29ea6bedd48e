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

type Reader = { readonly wants: string; readonly is: (value: unknown) => boolean };
export type Readers = Readonly<Record<string, Reader>>;

export const TEXT: Reader = { wants: "a text", is: (value) => typeof value === "string" && value !== "" };
export const BOOLEAN: Reader = { wants: "true or false", is: (value) => typeof value === "boolean" };

export function within(min: number, max: number): Reader {
  return {
    wants: `a whole number from ${min} to ${max}`,
    is: (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
  };
}

export function oneOf(values: readonly string[]): Reader {
  return {
    wants: `one of ${values.join(", ")}`,
    is: (value) => typeof value === "string" && values.includes(value),
  };
}

/** Throws what is wrong with `fields`: one that is missing, one that is not as it is read, one that nobody reads. */
export function check(what: string, fields: Json, readers: Readers, required: readonly string[] = []): void {
  for (const name of required) {
    if (fields[name] === undefined) throw new Error(`"${name}" is missing: ${readers[name]?.wants ?? "a value"}`);
  }
  for (const [name, value] of Object.entries(fields)) {
    const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (!reader) throw new Error(`${what} has no "${name}"; it may have ${Object.keys(readers).join(", ")}`);
    if (!reader.is(value)) throw new Error(`"${name}" is ${reader.wants}, not ${JSON.stringify(value)}`);
  }
}
