/**
 * Reads what a request carries: JSON, a URL-encoded form, or multipart with files.
 * https://discord.com/developers/docs/reference#uploading-files
 */
import type { UploadedFile } from "./route.ts";
import type { Json } from "./world.ts";

export type ParsedBody = {
  readonly body: Json;
  readonly list: readonly unknown[] | undefined;
  readonly files: readonly UploadedFile[];
  /** What is wrong with it: broken JSON, or a form that Discord does not read. */
  readonly invalid: false | "json" | "content-type";
  /** What the ledger shows. */
  readonly shown: unknown;
};

/** JSON, a form, or multipart with `payload_json` and `files[n]`; broken JSON is marked, not thrown. */
export async function readBody(request: Request): Promise<ParsedBody> {
  const none = { body: {}, list: undefined, files: [], invalid: false, shown: undefined } as const;
  if (request.method === "GET" || request.method === "HEAD") return none;
  const type = request.headers.get("content-type") ?? "";
  if (type.startsWith("multipart/form-data")) {
    const form = await request.formData().catch(() => undefined);
    if (!form) return { ...none, invalid: "json" };
    const files: UploadedFile[] = [];
    for (const [name, value] of form as unknown as Iterable<[string, string | File]>) {
      if (typeof value === "string") continue;
      const index = Number(/\[(\d+)\]/.exec(name)?.[1] ?? files.length);
      files.push({ index, name: value.name, type: value.type, bytes: new Uint8Array(await value.arrayBuffer()) });
    }
    const payload = form.get("payload_json");
    const parsed = parseJson(typeof payload === "string" ? payload : "{}");
    const names = files.map((file) => ({ name: file.name, bytes: file.bytes.length }));
    return { ...parsed, files, shown: { ...parsed.body, files: names } };
  }
  const text = await request.text();
  if (text === "") return none;
  if (type.startsWith("application/x-www-form-urlencoded")) {
    const body = Object.fromEntries(new URLSearchParams(text));
    return { ...none, body, shown: body };
  }
  if (!type.startsWith("application/json")) return { ...none, invalid: "content-type", shown: text };
  return parseJson(text);
}

function parseJson(text: string): ParsedBody {
  try {
    const value = JSON.parse(text) as unknown;
    if (Array.isArray(value)) return { body: {}, list: value, files: [], invalid: false, shown: value };
    const body = (typeof value === "object" && value !== null ? value : {}) as Json;
    return { body, list: undefined, files: [], invalid: false, shown: value };
  } catch {
    return { body: {}, list: undefined, files: [], invalid: "json", shown: text };
  }
}
