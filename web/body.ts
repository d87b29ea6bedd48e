/**
 * A request's body, bounded in bytes and in time: the framework would take 127 MiB, and wait for a slow one for ever.
 */
import type { Clock } from "../src/clock.ts";
import { HttpRefusal } from "./refusal.ts";

export type BodyBound = { readonly bytesMax: number; readonly deadlineMs: number };

/** A posted form of text; less than the request's own deadline, so that the refusal says what was slow. */
const FORM_BOUND: BodyBound = { bytesMax: 64 * 1024, deadlineMs: 8_000 };

export async function readBytes(request: Request, clock: Clock, bound: BodyBound): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(request.headers.get("content-length") ?? 0) > bound.bytesMax) throw new HttpRefusal("too-large");
  if (request.body === null) return new Uint8Array();

  const reader = request.body.getReader();
  const late = Promise.withResolvers<never>();
  const timer = clock.after(bound.deadlineMs, () => late.reject(new HttpRefusal("too-slow")));
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late.promise]);
      if (done) break;
      bytes += value.byteLength;
      if (bytes > bound.bytesMax) throw new HttpRefusal("too-large");
      chunks.push(value);
    }
  } catch (error) {
    // What is still to come is not waited for; that the cancel itself fails on a dead connection tells nothing new.
    reader.cancel().catch(() => undefined);
    throw error;
  } finally {
    timer.cancel();
  }
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

/** A posted form, url-encoded or multipart. */
export async function readForm(request: Request, clock: Clock, bound: BodyBound = FORM_BOUND): Promise<FormData> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^(?:application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type)) throw new HttpRefusal("bad-form");
  const bytes = await readBytes(request, clock, bound);
  try {
    return await new Response(bytes, { headers: { "content-type": type } }).formData();
  } catch {
    throw new HttpRefusal("bad-form");
  }
}

/** A field's text without NUL and lone surrogates, cut to `charsMax`; "" where there is none. */
export function field(form: FormData | URLSearchParams, name: string, charsMax = 200): string {
  const value = form.get(name);
  return typeof value === "string" ? value.replaceAll("\0", "").toWellFormed().trim().slice(0, charsMax) : "";
}
