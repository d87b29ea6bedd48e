/**
 * A request's body, bounded in bytes and in time: the framework would take 127 MiB, and wait for a slow one for ever.
 */
import type { Clock } from "../src/clock.ts";
import { HttpRefusal } from "./refusal.ts";

export type BodyBound = { readonly bytesMax: number; readonly deadlineMs: number };

/** A posted form of text; less than the request's own deadline, so that the refusal says what was slow. */
const FORM_BOUND: BodyBound = { bytesMax: 64 * 1024, deadlineMs: 8_000 };

/** So much of an upload that is too large is read all the same: a browser that is cut off while it sends shows no answer. */
const DRAINED_BYTES_MAX = 128 * 1024 * 1024;
/** What stands before a form's file. */
const TYPED_BYTES_MAX = 64 * 1024;

export async function readBytes(request: Request, clock: Clock, bound: BodyBound): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(request.headers.get("content-length") ?? 0) > bound.bytesMax) throw new HttpRefusal("too-large");
  return (await readUpTo(request, clock, bound, bound.bytesMax)).kept;
}

/** A posted form, url-encoded or multipart. */
export async function readForm(request: Request, clock: Clock, bound: BodyBound = FORM_BOUND): Promise<FormData> {
  return await formOf(await readBytes(request, clock, bound), typeOf(request));
}

/**
 * A form whose file comes last. `whole` false: it is larger than is taken, and only the fields before the file are left of it, so that
 * its page can be shown again with what was typed.
 */
export async function readUpload(
  request: Request,
  clock: Clock,
  bound: BodyBound,
): Promise<{ readonly form: FormData; readonly whole: boolean }> {
  const type = typeOf(request);
  const { kept, bytes } = await readUpTo(request, clock, bound, DRAINED_BYTES_MAX);
  const whole = bytes <= bound.bytesMax;
  return { form: await formOf(whole ? kept : withoutLastPart(kept, type), type), whole };
}

/** The first `bound.bytesMax` of a body of at most `readMax`. */
async function readUpTo(
  request: Request,
  clock: Clock,
  bound: BodyBound,
  readMax: number,
): Promise<{ readonly kept: Uint8Array<ArrayBuffer>; readonly bytes: number }> {
  if (request.body === null) return { kept: new Uint8Array(), bytes: 0 };
  const reader = request.body.getReader();
  const late = Promise.withResolvers<never>();
  const timer = clock.after(bound.deadlineMs, () => late.reject(new HttpRefusal("too-slow")));
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late.promise]);
      if (done) break;
      if (bytes + value.byteLength > readMax) throw new HttpRefusal("too-large");
      if (bytes < bound.bytesMax) chunks.push(value);
      bytes += value.byteLength;
    }
  } catch (error) {
    // What is still to come is not waited for; that the cancel itself fails on a dead connection tells nothing new.
    reader.cancel().catch(() => undefined);
    throw error;
  } finally {
    timer.cancel();
  }
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return { kept: whole, bytes };
}

function typeOf(request: Request): string {
  const type = request.headers.get("content-type") ?? "";
  if (!/^(?:application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type)) throw new HttpRefusal("bad-form");
  return type;
}

async function formOf(bytes: Uint8Array<ArrayBuffer>, type: string): Promise<FormData> {
  try {
    return await new Response(bytes, { headers: { "content-type": type } }).formData();
  } catch {
    throw new HttpRefusal("bad-form");
  }
}

/** The parts that are there to their end: the last one was cut, and its place is closed. */
function withoutLastPart(bytes: Uint8Array<ArrayBuffer>, type: string): Uint8Array<ArrayBuffer> {
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]{1,70})"|([^;\s]{1,70}))/i.exec(type) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) throw new HttpRefusal("too-large");
  const head = Buffer.from(bytes.buffer, 0, Math.min(bytes.byteLength, TYPED_BYTES_MAX));
  const at = head.lastIndexOf(`--${boundary}`);
  const close = Buffer.from(`--${boundary}--\r\n`);
  return new Uint8Array(Buffer.concat([head.subarray(0, Math.max(0, at)), close]));
}

/** A field's text without NUL and lone surrogates, cut to `charsMax`; "" where there is none. */
export function field(form: FormData | URLSearchParams, name: string, charsMax = 200): string {
  const value = form.get(name);
  return typeof value === "string" ? value.replaceAll("\0", "").toWellFormed().trim().slice(0, charsMax) : "";
}
