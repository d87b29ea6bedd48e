/**
 * Styles, scripts and icons: read once, named by their hash, cached for ever. Nothing comes from outside this server.
 *
 * All scripts are one file. htmx opens a page's live parts as soon as a browser has a moment after reading it, also while another file
 * is on its way: what then hears of a refused stream, and what bounds htmx itself, must be there by then.
 */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { type Route, route } from "./guard.ts";
import { HttpRefusal } from "./refusal.ts";

export type Assets = {
  /** The address of `app.css`, `app.js`, `icon.svg`. */
  readonly url: (name: string) => string;
  readonly routes: readonly Route[];
};

type Asset = {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly packed: Uint8Array<ArrayBuffer>;
};

/** Each asset's parts, in their order. A part named by a string is its package's file, as it is shipped. */
const FILES: Readonly<Record<string, { readonly parts: readonly (URL | string)[]; readonly type: string }>> = {
  "app.css": { parts: [new URL("./public/app.css", import.meta.url)], type: "text/css; charset=utf-8" },
  "app.js": {
    parts: [
      "htmx.org/dist/htmx.min.js",
      "htmx.org/dist/ext/hx-sse.min.js",
      new URL("./public/live.js", import.meta.url),
      new URL("./public/app.js", import.meta.url),
    ],
    type: "text/javascript; charset=utf-8",
  },
  "icon.svg": { parts: [new URL("./public/icon.svg", import.meta.url)], type: "image/svg+xml" },
};

async function readPart(part: URL | string): Promise<string> {
  return Bun.file(typeof part === "string" ? new URL(import.meta.resolve(part)) : part).text();
}

export async function loadAssets(): Promise<Assets> {
  const byUrl = new Map<string, Asset>();
  const urls = new Map<string, string>();
  for (const [name, { parts, type }] of Object.entries(FILES)) {
    // A script that ends without a semicolon would call the next one.
    const text = (await Promise.all(parts.map(readPart))).join(type.startsWith("text/javascript") ? "\n;" : "\n");
    const bytes = new TextEncoder().encode(text);
    const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
    const file = name.replace(/(\.\w+)$/, `.${hash}$1`);
    byUrl.set(file, { type, bytes, packed: new Uint8Array(gzipSync(bytes)) });
    urls.set(name, `/assets/${file}`);
  }

  const serve = (request: Request, asset: Asset | undefined, maxAge: string) => {
    if (asset === undefined) throw new HttpRefusal("not-found");
    const packed = (request.headers.get("accept-encoding") ?? "").includes("gzip");
    return new Response(packed ? asset.packed : asset.bytes, {
      headers: {
        "content-type": asset.type,
        "cache-control": maxAge,
        vary: "accept-encoding",
        ...(packed ? { "content-encoding": "gzip" } : {}),
      },
    });
  };
  const url = (name: string) => {
    const found = urls.get(name);
    if (found === undefined) throw new Error(`no asset ${name}`);
    return found;
  };

  return {
    url,
    routes: [
      route("anyone", "GET", "/assets/:file", (visit) =>
        serve(visit.request, byUrl.get(visit.params.file ?? ""), "public, max-age=31536000, immutable"),
      ),
      route("anyone", "GET", "/favicon.ico", (visit) =>
        serve(visit.request, byUrl.get(url("icon.svg").slice("/assets/".length)), "public, max-age=86400"),
      ),
    ],
  };
}
