/**
 * The web chat: its script, and the two addresses it talks to. Its key stands in pages for all to read, so that it counts only
 * from the key's origins, as the browser names them; requests are "simple" ones (text/plain, no header), without a preflight.
 * A visitor's talk is found by the random id that their browser keeps.
 */
import { gzipSync } from "node:zlib";
import type { AskedFrom, ContactDesk } from "../../src/contact.ts";
import type { Visit } from "../visit.ts";
import { answerFrom, talkFrom } from "./answers.ts";

const script = Bun.file(new URL("./widget.js", import.meta.url));
let held: { readonly plain: Uint8Array<ArrayBuffer>; readonly packed: Uint8Array<ArrayBuffer> } | null = null;

export async function widgetScript(request: Request): Promise<Response> {
  if (held === null) {
    const plain = await script.bytes();
    held = { plain, packed: new Uint8Array(gzipSync(plain)) };
  }
  const packed = (request.headers.get("accept-encoding") ?? "").includes("gzip");
  return new Response(packed ? held.packed : held.plain, {
    headers: {
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=600",
      "cross-origin-resource-policy": "cross-origin",
      vary: "accept-encoding",
      ...(packed ? { "content-encoding": "gzip" } : {}),
    },
  });
}

export async function answerInWidget(visit: Visit, contact: ContactDesk): Promise<Response> {
  const from = fromOf(visit);
  return readable(await answerFrom(visit, contact, keyIn(visit), from), from);
}

export async function talkInWidget(visit: Visit, contact: ContactDesk): Promise<Response> {
  const from = fromOf(visit);
  return readable(await talkFrom(visit, contact, keyIn(visit), from), from);
}

type FromPage = Extract<AskedFrom, { readonly scope: "widget" }>;

/** A browser names no origin in a GET to the page's own server, and says so. */
function fromOf({ request, publicUrl }: Visit): FromPage {
  const own = request.headers.get("sec-fetch-site") === "same-origin" ? new URL(publicUrl).origin : null;
  return { scope: "widget", origin: request.headers.get("origin") ?? own };
}

function keyIn({ url }: Visit): string | undefined {
  return /^[\w-]{10,100}$/.exec(url.searchParams.get("key") ?? "")?.[0];
}

/** No cookie ever counts here, so that any page may read why it was refused. */
function readable(response: Response, { origin }: FromPage): Response {
  response.headers.set("access-control-allow-origin", origin ?? "null");
  response.headers.set("cross-origin-resource-policy", "cross-origin");
  response.headers.set("vary", "origin");
  return response;
}
