/**
 * A request's body, bounded in bytes and in time: the framework would take 127 MiB, and wait for a slow one for ever. What people and
 * servers may send at once is bounded in bodies.ts.
 */
import type { Sender } from "./bodies.ts";
import { HttpRefusal } from "./refusal.ts";
import type { Visit } from "./visit.ts";

export type BodyBound = { readonly bytesMax: number; readonly deadlineMs: number };

/** A posted form of text; less than the request's own deadline, so that the refusal says what was slow. */
const FORM_BOUND: BodyBound = { bytesMax: 64 * 1024, deadlineMs: 8_000 };

/** So much of an upload that is too large is read all the same: a browser that is cut off while it sends shows no answer. */
const DRAINED_BYTES_MAX = 128 * 1024 * 1024;
/** The fields before a form's file. */
const TYPED_BYTES_MAX = 64 * 1024;

/** Whose body it is: a visit, also one of a guild's page. */
type Received = Pick<Visit, "services" | "bodies"> & Sender;

export async function readBytes(visit: Received, bound: BodyBound): Promise<Uint8Array<ArrayBuffer>> {
  const { request } = visit;
  if (Number(request.headers.get("content-length") ?? 0) > bound.bytesMax) throw new HttpRefusal("too-large");
  return (await readUpTo(visit, bound, bound.bytesMax)).kept;
}

/** A posted form, url-encoded or multipart. */
export async function readForm(visit: Received, bound: BodyBound = FORM_BOUND): Promise<FormData> {
  const type = typeOf(visit.request);
  return await formOf(await readBytes(visit, bound), type);
}

/**
 * A form whose file comes last. `whole` false: it is larger than is taken, and only the fields before the file are left of it, so that
 * its page can be shown again with what was typed.
 */
export async function readUpload(
  visit: Received,
  bound: BodyBound,
): Promise<{ readonly form: FormData; readonly whole: boolean }> {
  const type = typeOf(visit.request);
  const { kept, bytes } = await readUpTo(visit, bound, DRAINED_BYTES_MAX);
  const whole = bytes <= bound.bytesMax;
  return { form: await formOf(whole ? kept : withoutLastPart(kept, type), type), whole };
}

/** The first `bound.bytesMax` of a body of at most `readMax`. */
async function readUpTo(
  visit: Received,
  bound: BodyBound,
  readMax: number,
): Promise<{ readonly kept: Uint8Array<ArrayBuffer>; readonly bytes: number }> {
  const { request, services } = visit;
  if (request.body === null) return { kept: new Uint8Array(), bytes: 0 };
  const share = visit.bodies.enter(visit);
  const reader = request.body.getReader();
  const late = Promise.withResolvers<never>();
  const timer = services.clock.after(bound.deadlineMs, () => late.reject(new HttpRefusal("too-slow")));
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for (;;) {
      let value: Uint8Array | undefined;
      const read = reader.read().then((next) => {
        value = next.value;
      });
      // Raced for when it is over: the two others keep what they were raced with until the whole body is read.
      await Promise.race([read, late.promise, share.refused]);
      if (value === undefined) break;
      if (bytes + value.byteLength > readMax) throw new HttpRefusal("too-large");
      if (bytes < bound.bytesMax) {
        share.take(value.byteLength);
        chunks.push(value);
      }
      bytes += value.byteLength;
    }
  } catch (error) {
    // Do not wait for the rest of the body; a cancel that fails on a dead connection tells nothing new.
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
