/**
 * Checks recorded requests against Discord's OpenAPI description: path, method, parameters, and every
 * property, type, bound and enum of the body, as JSON or as multipart with `payload_json`. One rule is
 * added: `content` holds at most 2,000 characters (the description says 4,000, which is for
 * subscribers, not for bots). Compiled once; the caller says where the description is.
 */
import { type Check, Compiler, isObject, report, type Schema } from "./openapi/compile.ts";
import { decoded, PathTree } from "./openapi/paths.ts";
import type { Violation } from "./openapi/violation.ts";

/** A request as a ledger keeps it; a ledger's entry may hold more. */
export interface RecordedRequest {
  readonly method: string;
  /** With or without `/api` and `/v10`, without the query unless `query` is left out. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The parsed body; of a multipart one its fields, or already the parsed `payload_json`. */
  readonly body?: unknown;
}

export interface LedgerViolation extends Violation {
  readonly method: string;
  readonly path: string;
  /** The entry's place in the list that was given. */
  readonly index: number;
}

export interface Spec {
  find(method: string, path: string): ReturnType<PathTree<Operation>["find"]>;
}

interface Operation {
  readonly path: ReadonlyMap<string, Check>;
  readonly query: ReadonlyMap<string, { readonly check: Check; readonly required: boolean }>;
  readonly bodyRequired: boolean;
  /** By media type. */
  readonly bodies: ReadonlyMap<string, Check>;
}

const CONTENT_CHARS_MAX = 2000;
const REASON_CHARS_MAX = 512;
const METHODS = ["get", "put", "post", "patch", "delete"];
/** OAuth2's own endpoints are documented, but are not part of the description. */
const OUTSIDE = /^\/oauth2\/(?:authorize|token|token\/revoke)$/;

/** Reads and compiles the description at `file`. Throws when it is absent or not one. */
export async function loadSpec(file: string): Promise<Spec> {
  const document: unknown = JSON.parse(await Bun.file(file).text());
  return compileSpec(document);
}

/** As `loadSpec`, from the parsed document. */
export function compileSpec(document: unknown): Spec {
  if (!isObject(document) || !isObject(document.paths) || !isObject(document.components)) {
    throw new Error("not an OpenAPI description: paths or components are missing");
  }
  const compiler = new Compiler((document.components.schemas ?? {}) as Record<string, Schema>);
  const tree = new PathTree<Operation>();
  for (const [template, item] of Object.entries(document.paths as Record<string, Schema>)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (isObject(operation)) tree.add(method, template, compileOperation(compiler, method, item, operation));
    }
  }
  return tree;
}

/** Everything that is wrong with `request`; an empty list when nothing is. */
export function checkRequest(spec: Spec, request: RecordedRequest): Violation[] {
  const out: Violation[] = [];
  const [pathname = "/", search = ""] = request.path.split("?");
  const path = pathname.replace(/^\/api(?=\/|$)/, "").replace(/^\/v\d+(?=\/|$)/, "");
  if (OUTSIDE.test(path)) return out;
  const found = spec.find(request.method, path);
  if (typeof found === "string") {
    report(out, found, "path", `${request.method} ${path} is not in Discord's description`);
    return out;
  }
  for (const [name, value] of Object.entries(found.params)) {
    found.operation.path.get(name)?.(value, `path/${name}`, out);
  }
  checkQuery(found.operation, request.query ?? parseQuery(search), out);
  checkHeaders(request.headers ?? {}, out);
  checkBody(found.operation, request, out);
  return out;
}

/** `checkRequest` over a ledger. Entries of another `kind` than "request", where there is one, are passed over. */
export function checkLedger(
  spec: Spec,
  entries: readonly (RecordedRequest | { readonly kind: string })[],
): LedgerViolation[] {
  return entries.flatMap((entry, index) => {
    if (!isRequest(entry)) return [];
    const { method, path } = entry;
    return checkRequest(spec, entry).map((violation) => ({ ...violation, method, path, index }));
  });
}

function compileOperation(compiler: Compiler, method: string, item: Schema, operation: Schema): Operation {
  const parameters = [...list(item.parameters), ...list(operation.parameters)];
  const of = (place: string) => parameters.filter((parameter) => parameter.in === place);
  const body = isObject(operation.requestBody) ? operation.requestBody : undefined;
  const content = (body?.content ?? {}) as Record<string, { schema: Schema }>;
  return {
    path: new Map(of("path").map(({ name, schema }) => [String(name), compiler.compile(schema as Schema)])),
    query: new Map(
      of("query").map(({ name, schema, required }) => [
        String(name),
        { check: compiler.compile(schema as Schema), required: required === true },
      ]),
    ),
    // The description wants a body for lifting a ban; Discord's documentation and every library send none.
    bodyRequired: body?.required === true && method !== "delete",
    bodies: new Map(Object.entries(content).map(([type, { schema }]) => [type, compiler.compile(schema)])),
  };
}

function checkQuery(operation: Operation, query: NonNullable<RecordedRequest["query"]>, out: Violation[]): void {
  for (const [name, raw] of Object.entries(query)) {
    const parameter = operation.query.get(name);
    if (parameter) checkText(parameter.check, raw, `query/${name}`, out);
    else report(out, "unknown-query", `query/${name}`, `this route takes no ${name}`);
  }
  for (const [name, { required }] of operation.query) {
    if (required && query[name] === undefined) report(out, "missing-query", `query/${name}`, `${name} is required`);
  }
}

/** A query holds text only: it is right when any reading of it is. */
function checkText(check: Check, raw: string | readonly string[], at: string, out: Violation[]): void {
  const texts = typeof raw === "string" ? [raw] : raw;
  const readings: unknown[] = texts.length === 1 ? texts.flatMap(readingsOf) : [];
  readings.push(
    texts,
    texts.flatMap((text) => text.split(",")),
    texts.map(Number),
  );
  let nearest: Violation[] | undefined;
  for (const reading of readings) {
    const found: Violation[] = [];
    check(reading, at, found);
    if (found.length === 0) return;
    if (!nearest || (nearest[0]?.kind === "wrong-type" && found[0]?.kind !== "wrong-type")) nearest = found;
  }
  out.push(...(nearest ?? []));
}

function readingsOf(text: string): unknown[] {
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return [text, Number(text)];
  return text.toLowerCase() === "true" || text.toLowerCase() === "false"
    ? [text.toLowerCase() === "true", text]
    : [text];
}

function checkHeaders(headers: Readonly<Record<string, string>>, out: Violation[]): void {
  const reason = headers["x-audit-log-reason"];
  if (reason !== undefined) {
    const at = "headers/x-audit-log-reason";
    const chars = [...decoded(reason)].length;
    if (/[^\x20-\x7e]/.test(reason)) report(out, "bad-header", at, "the reason must be URL-encoded");
    else if (chars < 1 || chars > REASON_CHARS_MAX) {
      report(out, "bad-header", at, `${chars} characters, 1 to ${REASON_CHARS_MAX} allowed`);
    }
  }
  const { authorization } = headers;
  if (authorization !== undefined && !/^(?:Bot|Bearer|Basic) \S+$/.test(authorization)) {
    report(out, "bad-header", "headers/authorization", "neither Bot, Bearer nor Basic with a token");
  }
}

function checkBody(operation: Operation, request: RecordedRequest, out: Violation[]): void {
  const { body } = request;
  const absent = body === undefined || body === "" || (body === null && !operation.bodyRequired);
  if (operation.bodies.size === 0) {
    const empty = absent || (isObject(body) && Object.keys(body).length === 0);
    if (!empty) report(out, "unexpected-body", "body", "this route takes no body");
    return;
  }
  if (absent) {
    if (operation.bodyRequired) report(out, "missing-body", "body", "this route needs a body");
    return;
  }
  const type = (request.headers?.["content-type"] ?? "application/json").split(";")[0]?.trim() ?? "";
  const json = operation.bodies.get("application/json");
  const multipart = operation.bodies.get("multipart/form-data");
  const payload = isObject(body) && "payload_json" in body ? payloadOf(body, out) : body;
  const check = type === "multipart/form-data" && !json ? multipart : (json ?? multipart);
  check?.(payload, "body", out);
  checkContent(payload, "body", out);
}

/** The parsed `payload_json` of a multipart body; its other fields may only be files. */
function payloadOf(body: Schema, out: Violation[]): unknown {
  for (const name of Object.keys(body)) {
    if (name !== "payload_json" && !/^files?(?:\[\d+\])?$/.test(name)) {
      report(out, "unknown-property", `body/${name}`, "beside payload_json only files[n] are allowed");
    }
  }
  if (typeof body.payload_json !== "string") return body.payload_json;
  try {
    return JSON.parse(body.payload_json);
  } catch {
    report(out, "wrong-type", "body/payload_json", "not JSON");
    return {};
  }
}

/** `content`, also of an interaction's `data` and of a forum thread's first `message`. */
function checkContent(payload: unknown, at: string, out: Violation[]): void {
  if (!isObject(payload)) return;
  const { content } = payload;
  if (typeof content === "string" && content.length > CONTENT_CHARS_MAX) {
    const chars = [...content].length;
    const reported = out.some((violation) => violation.at === `${at}/content` && violation.kind === "too-long");
    if (chars > CONTENT_CHARS_MAX && !reported) {
      report(out, "too-long", `${at}/content`, `${chars} characters, at most ${CONTENT_CHARS_MAX}`);
    }
  }
  checkContent(payload.data, `${at}/data`, out);
  checkContent(payload.message, `${at}/message`, out);
}

function isRequest(entry: RecordedRequest | { readonly kind: string }): entry is RecordedRequest {
  if ("kind" in entry && entry.kind !== "request") return false;
  return "method" in entry && "path" in entry;
}

function parseQuery(search: string): Record<string, string[]> {
  const query: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(search)) query[name] = [...(query[name] ?? []), value];
  return query;
}

function list(value: unknown): readonly Schema[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
