/**
 * Compiles a JSON Schema of Discord's OpenAPI description into a check, once; `$ref`s are compiled on
 * first use. Stricter than the schema in one way: a property that no branch names is a violation.
 * A union reports its best alternative: the one the `type` property names, else the nearest miss.
 */
import type { Violation, ViolationKind } from "./violation.ts";

export type Schema = { readonly [key: string]: unknown };
export type Check = (value: unknown, at: string, out: Violation[]) => void;

const INT32_MAX = 2 ** 31 - 1;
/** Bit fields that Discord documents as digit strings, while its description says integer. */
const PERMISSIONS = /^(?:default_member_permissions|permissions|allow|deny)$/;

export class Compiler {
  readonly #schemas: Readonly<Record<string, Schema>>;
  readonly #byRef = new Map<string, Check>();

  constructor(schemas: Readonly<Record<string, Schema>>) {
    this.#schemas = schemas;
  }

  /** The check of `schema`. Cheap for a `$ref`: its target is compiled when it is first needed. */
  compile(schema: Schema): Check {
    const ref = schema.$ref;
    if (typeof ref !== "string") return this.#build(schema);
    return (value, at, out) => {
      let check = this.#byRef.get(ref);
      if (!check) {
        check = this.#build(this.resolve(schema));
        this.#byRef.set(ref, check);
      }
      check(value, at, out);
    };
  }

  resolve(schema: Schema): Schema {
    let current = schema;
    for (let hops = 0; typeof current.$ref === "string"; hops += 1) {
      const name = current.$ref.replace("#/components/schemas/", "");
      const found = this.#schemas[name];
      if (!found || hops > 16) throw new Error(`the description has no schema ${current.$ref}`);
      current = found;
    }
    return current;
  }

  #build(schema: Schema): Check {
    const parts = this.#parts(schema);
    const types = typesOf(parts);
    const checks = parts.flatMap((part) => [
      ...this.#unions(part, types),
      ...numberChecks(part),
      ...stringChecks(part),
      ...this.#arrayChecks(part),
    ]);
    const shape = this.#objectCheck(parts);
    if (shape) checks.push(shape);

    return (value, at, out) => {
      if (types.length > 0 && !types.some((type) => isOfType(value, type))) {
        if (isDigits(value) && types.includes("integer") && PERMISSIONS.test(lastOf(at))) return;
        report(out, "wrong-type", at, `expected ${types.join(" or ")}, got ${typeName(value)}`);
        return;
      }
      if (value === null && types.includes("null")) return;
      for (const check of checks) check(value, at, out);
    };
  }

  /** A schema and everything it is `allOf`, as one list. */
  #parts(schema: Schema): readonly Schema[] {
    const own = this.resolve(schema);
    const all = Array.isArray(own.allOf) ? (own.allOf as Schema[]) : [];
    return [own, ...all.flatMap((part) => this.#parts(part))];
  }

  #unions(part: Schema, types: readonly string[]): Check[] {
    const checks: Check[] = [];
    if (Array.isArray(part.enum)) checks.push(oneOfValues(new Set(part.enum)));
    if ("const" in part) checks.push(oneOfValues(new Set([part.const])));
    for (const list of [part.oneOf, part.anyOf]) {
      if (!Array.isArray(list)) continue;
      const options = list as Schema[];
      const constants = options.every((option) => "const" in option);
      checks.push(
        constants ? oneOfValues(new Set(options.map((option) => option.const))) : this.#union(options, types),
      );
    }
    return checks;
  }

  #union(options: readonly Schema[], types: readonly string[]): Check {
    const nullable = types.includes("null") || options.some((option) => option.type === "null");
    const rest = options.filter((option) => option.type !== "null");
    const checks = rest.map((option) => this.compile(option));
    const byType = this.#byType(rest);
    return (value, at, out) => {
      if (value === null && nullable) return;
      const named = byType && isObject(value) ? byType.get(value.type) : undefined;
      if (byType && isObject(value) && !named) {
        const kind = value.type === undefined ? "missing-property" : "not-in-enum";
        report(out, kind, `${at}/type`, `none of ${[...byType.keys()].join(", ")}: ${show(value.type)}`);
        return;
      }
      let best: Violation[] | undefined;
      for (const check of named ?? checks) {
        const found: Violation[] = [];
        check(value, at, found);
        if (found.length === 0) return;
        if (!best || rank(found) < rank(best)) best = found;
      }
      out.push(...(best ?? []));
    };
  }

  /** The alternatives by the value of their `type` property, when every one of them fixes it. */
  #byType(options: readonly Schema[]): ReadonlyMap<unknown, readonly Check[]> | undefined {
    const byType = new Map<unknown, Check[]>();
    for (const option of options) {
      const type = this.#parts(option)
        .map(({ properties }) => (properties as Record<string, Schema> | undefined)?.type)
        .find((property) => property !== undefined);
      const values = type?.enum ?? (type && "const" in type ? [type.const] : undefined);
      if (!Array.isArray(values)) return undefined;
      for (const value of values) byType.set(value, [...(byType.get(value) ?? []), this.compile(option)]);
    }
    return byType.size > 0 ? byType : undefined;
  }

  #objectCheck(parts: readonly Schema[]): Check | undefined {
    const properties = new Map<string, Check>();
    const required = new Set<string>();
    let others: Check | undefined;
    let propertiesMax = Number.POSITIVE_INFINITY;
    for (const part of parts) {
      for (const [name, child] of Object.entries((part.properties ?? {}) as Record<string, Schema>)) {
        properties.set(name, this.compile(child));
      }
      for (const name of (part.required ?? []) as string[]) required.add(name);
      if (isObject(part.additionalProperties)) others = this.compile(part.additionalProperties);
      if (typeof part.maxProperties === "number") propertiesMax = part.maxProperties;
    }
    if (properties.size === 0 && !others) return undefined;

    return (value, at, out) => {
      if (!isObject(value)) return;
      let count = 0;
      for (const name in value) {
        const child = value[name];
        if (child === undefined) continue;
        count += 1;
        const check = properties.get(name) ?? others;
        if (check) check(child, `${at}/${name}`, out);
        else report(out, "unknown-property", `${at}/${name}`, `Discord's description knows no ${name} here`);
      }
      for (const name of required) {
        if (value[name] === undefined) report(out, "missing-property", `${at}/${name}`, `${name} is required`);
      }
      if (count > propertiesMax) report(out, "too-many-items", at, `${count} properties, at most ${propertiesMax}`);
    };
  }

  #arrayChecks(part: Schema): Check[] {
    const { minItems, maxItems, uniqueItems, items } = part;
    const item = isObject(items) ? this.compile(items) : undefined;
    if (!item && minItems === undefined && maxItems === undefined && !uniqueItems) return [];
    return [
      (value, at, out) => {
        if (!Array.isArray(value)) return;
        const count = value.length;
        if (typeof maxItems === "number" && count > maxItems) {
          report(out, "too-many-items", at, `${count} items, at most ${maxItems}`);
        }
        if (typeof minItems === "number" && count < minItems) {
          report(out, "too-few-items", at, `${count} items, at least ${minItems}`);
        }
        if (uniqueItems && new Set(value.map((one) => JSON.stringify(one))).size < count) {
          report(out, "duplicate-items", at, "items must differ");
        }
        if (item) for (const [index, one] of value.entries()) item(one, `${at}/${index}`, out);
      },
    ];
  }
}

function stringChecks(part: Schema): Check[] {
  const { minLength, maxLength, format } = part;
  const pattern = typeof part.pattern === "string" ? new RegExp(part.pattern, "u") : undefined;
  if (minLength === undefined && maxLength === undefined && !pattern && !isTextFormat(format)) return [];
  return [
    (value, at, out) => {
      if (typeof value !== "string") return;
      // Discord counts code points.
      const long = typeof maxLength === "number" && value.length > maxLength && [...value].length > maxLength;
      if (long) report(out, "too-long", at, `${[...value].length} characters, at most ${maxLength}`);
      if (typeof minLength === "number" && value.length < minLength) {
        report(out, "too-short", at, `${value.length} characters, at least ${minLength}`);
      }
      const wellFormed = (!pattern || pattern.test(value)) && hasFormat(value, format);
      if (!wellFormed) report(out, "bad-format", at, `${show(value)} is not ${format ?? `of the form ${pattern}`}`);
    },
  ];
}

function numberChecks(part: Schema): Check[] {
  const int32 = part.format === "int32";
  const min = typeof part.minimum === "number" ? part.minimum : int32 ? -INT32_MAX - 1 : Number.NEGATIVE_INFINITY;
  const max = typeof part.maximum === "number" ? part.maximum : int32 ? INT32_MAX : Number.POSITIVE_INFINITY;
  if (!Number.isFinite(min) && !Number.isFinite(max)) return [];
  return [
    (value, at, out) => {
      if (typeof value === "number" && (value < min || value > max)) {
        report(out, "out-of-range", at, `${value} is not within ${min} and ${max}`);
      }
    },
  ];
}

function oneOfValues(values: ReadonlySet<unknown>): Check {
  return (value, at, out) => {
    if (values.has(value)) return;
    report(out, "not-in-enum", at, `${show(value)} is none of ${[...values].slice(0, 12).map(show).join(", ")}`);
  };
}

function isTextFormat(format: unknown): boolean {
  return format === "date-time" || format === "uri";
}

function hasFormat(value: string, format: unknown): boolean {
  if (format === "date-time") return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value) && !Number.isNaN(Date.parse(value));
  return format !== "uri" || /^[a-z][a-z0-9+.-]*:\S+$/i.test(value);
}

function typesOf(parts: readonly Schema[]): readonly string[] {
  const type = parts.map((part) => part.type).find((one) => one !== undefined);
  if (typeof type === "string") return [type];
  return Array.isArray(type) ? type.map(String) : [];
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case "object":
      return isObject(value);
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    case "null":
      return value === null;
    default:
      return typeof value === type;
  }
}

/** Fewer violations are nearer; a wrong type at the root is far off. */
function rank(violations: readonly Violation[]): number {
  return violations.reduce(
    (sum, { kind }) => sum + (kind === "wrong-type" ? 3 : kind === "unknown-property" ? 2 : 1),
    0,
  );
}

export function report(out: Violation[], kind: ViolationKind, at: string, message: string): void {
  out.push({ kind, at, message });
}

export function isObject(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isDigits(value: unknown): boolean {
  return typeof value === "string" && /^\d{1,20}$/.test(value);
}

function typeName(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? "nothing").slice(0, 80);
}

function lastOf(at: string): string {
  return at.slice(at.lastIndexOf("/") + 1);
}
