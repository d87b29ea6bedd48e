/**
 * The part of JSON Schema that Groq's structured outputs use: the strict-mode rules a schema must
 * meet, a validator for answers, and the smallest conforming value of a schema.
 * Source: console.groq.com/docs/structured-outputs (strict: every field required, no additional ones).
 */
export type JsonSchema = { readonly [key: string]: unknown };

const COMBINATORS = ["anyOf", "oneOf", "allOf"] as const;
const DEPTH_MAX = 32;

/** Why Groq would refuse `schema` for a response format, with its path; undefined when it would not. */
export function schemaProblem(schema: unknown, strict: boolean): string | undefined {
  if (!isObject(schema)) return "/: schema is required";
  if (typeOf(schema) !== "object") return "/type: the root must be of type object";
  return strict ? strictProblem(schema, "", 0) : undefined;
}

/** Why `value` does not conform, with its path; undefined when it does. `root` resolves `$ref`. */
export function mismatch(schema: JsonSchema, value: unknown, root: JsonSchema = schema, path = ""): string | undefined {
  const at = path === "" ? "/" : path;
  const resolved = resolve(schema, root);
  const options = alternatives(resolved);
  if (options) {
    return options.some((option) => mismatch(option, value, root, path) === undefined)
      ? undefined
      : `${at}: matches none of the alternatives`;
  }
  if (Array.isArray(resolved.enum) && !resolved.enum.includes(value)) return `${at}: value is not in the enum`;
  if ("const" in resolved && resolved.const !== value) return `${at}: value is not the constant`;
  const types = typesOf(resolved);
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) {
    return `${at}: expected ${types.join(" or ")}, got ${value === null ? "null" : Array.isArray(value) ? "array" : typeof value}`;
  }
  if (typeof value === "number") {
    if (typeof resolved.minimum === "number" && value < resolved.minimum) return `${at}: below minimum`;
    if (typeof resolved.maximum === "number" && value > resolved.maximum) return `${at}: above maximum`;
  }
  if (typeof value === "string") {
    if (typeof resolved.maxLength === "number" && value.length > resolved.maxLength) return `${at}: too long`;
    if (typeof resolved.minLength === "number" && value.length < resolved.minLength) return `${at}: too short`;
  }
  if (Array.isArray(value)) return arrayMismatch(resolved, value, root, path);
  return isObject(value) ? objectMismatch(resolved, value, root, path) : undefined;
}

/** The plainest value that conforms: the first enum value, the minimum, "", false, [], every property. */
export function plainest(schema: JsonSchema, root: JsonSchema = schema, depth = 0): unknown {
  const resolved = resolve(schema, root);
  if (depth > DEPTH_MAX) return null;
  if ("const" in resolved) return resolved.const;
  if (Array.isArray(resolved.enum)) return resolved.enum[0];
  const options = alternatives(resolved);
  if (options) return options[0] ? plainest(options[0], root, depth + 1) : null;

  switch (typeOf(resolved)) {
    case "object":
      return Object.fromEntries(
        Object.entries(propertiesOf(resolved)).map(([name, child]) => [name, plainest(child, root, depth + 1)]),
      );
    case "array": {
      const count = typeof resolved.minItems === "number" ? resolved.minItems : 0;
      const items = isObject(resolved.items) ? resolved.items : {};
      return Array.from({ length: count }, () => plainest(items, root, depth + 1));
    }
    case "integer":
    case "number":
      return clampNumber(resolved, 0);
    case "boolean":
      return false;
    case "null":
      return null;
    default:
      return "x".repeat(typeof resolved.minLength === "number" ? resolved.minLength : 0);
  }
}

/** `value` moved into the schema's bounds, an integer when the schema wants one. */
export function clampNumber(schema: JsonSchema, value: number): number {
  const min = typeof schema.minimum === "number" ? schema.minimum : Number.NEGATIVE_INFINITY;
  const max = typeof schema.maximum === "number" ? schema.maximum : Number.POSITIVE_INFINITY;
  const bounded = Math.min(max, Math.max(min, value));
  return typeOf(schema) === "integer" ? Math.round(bounded) : bounded;
}

/** Follows `$ref` inside the same document. */
export function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let current = schema;
  for (let hops = 0; typeof current.$ref === "string" && hops < DEPTH_MAX; hops += 1) {
    const steps = current.$ref.replace(/^#\/?/, "").split("/").filter(Boolean);
    const found = steps.reduce<unknown>((node, step) => (isObject(node) ? node[step] : undefined), root);
    if (!isObject(found)) return {};
    current = found;
  }
  return current;
}

/** The first type that is not null: what a value of this schema usually is. */
export function typeOf(schema: JsonSchema): string | undefined {
  return typesOf(schema).find((type) => type !== "null") ?? typesOf(schema)[0];
}

export function isNullable(schema: JsonSchema): boolean {
  return typesOf(schema).includes("null") || (alternatives(schema) ?? []).some((option) => isNullable(option));
}

export function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return isObject(schema.properties) ? (schema.properties as Record<string, JsonSchema>) : {};
}

export function alternatives(schema: JsonSchema): readonly JsonSchema[] | undefined {
  const list = schema.anyOf ?? schema.oneOf;
  return Array.isArray(list) ? list.filter(isObject) : undefined;
}

export function isObject(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function strictProblem(schema: JsonSchema, path: string, depth: number): string | undefined {
  if (depth > DEPTH_MAX) return `${path}: schema is nested too deeply`;
  if (typesOf(schema).includes("object") || isObject(schema.properties)) {
    if (schema.additionalProperties !== false) {
      return `${path || "/"}: additionalProperties:false must be set on every object`;
    }
    if (!Array.isArray(schema.required)) {
      return `${path}/required: \`required\` is required to be supplied and to be an array including every key in properties`;
    }
    const required = schema.required;
    const missing = Object.keys(propertiesOf(schema)).filter((name) => !required.includes(name));
    if (missing.length > 0) {
      return `${path}/required: The following properties must be listed in \`required\`: ${missing.join(", ")}`;
    }
  }
  for (const [name, child] of Object.entries(propertiesOf(schema))) {
    const problem = strictProblem(child, `${path}/properties/${name}`, depth + 1);
    if (problem) return problem;
  }
  if (isObject(schema.items)) {
    const problem = strictProblem(schema.items, `${path}/items`, depth + 1);
    if (problem) return problem;
  }
  for (const combinator of COMBINATORS) {
    const list = schema[combinator];
    for (const [index, child] of (Array.isArray(list) ? list : []).entries()) {
      const problem = isObject(child) ? strictProblem(child, `${path}/${combinator}/${index}`, depth + 1) : undefined;
      if (problem) return problem;
    }
  }
  for (const [name, child] of Object.entries(isObject(schema.$defs) ? schema.$defs : {})) {
    const problem = isObject(child) ? strictProblem(child, `${path}/$defs/${name}`, depth + 1) : undefined;
    if (problem) return problem;
  }
  return undefined;
}

function arrayMismatch(schema: JsonSchema, value: readonly unknown[], root: JsonSchema, path: string) {
  if (typeof schema.minItems === "number" && value.length < schema.minItems) return `${path}: too few items`;
  if (typeof schema.maxItems === "number" && value.length > schema.maxItems) return `${path}: too many items`;
  if (!isObject(schema.items)) return undefined;
  for (const [index, item] of value.entries()) {
    const problem = mismatch(schema.items, item, root, `${path}/${index}`);
    if (problem) return problem;
  }
  return undefined;
}

function objectMismatch(schema: JsonSchema, value: JsonSchema, root: JsonSchema, path: string) {
  const properties = propertiesOf(schema);
  for (const name of Array.isArray(schema.required) ? schema.required : []) {
    if (!(String(name) in value)) return `${path}/${name}: missing`;
  }
  for (const [name, child] of Object.entries(value)) {
    const wanted = properties[name];
    if (!wanted && schema.additionalProperties === false) return `${path}/${name}: not allowed`;
    const problem = wanted ? mismatch(wanted, child, root, `${path}/${name}`) : undefined;
    if (problem) return problem;
  }
  return undefined;
}

function typesOf(schema: JsonSchema): readonly string[] {
  if (typeof schema.type === "string") return [schema.type];
  return Array.isArray(schema.type) ? schema.type.map(String) : [];
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
