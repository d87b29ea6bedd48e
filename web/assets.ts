/**
 * Styles, scripts and icons: read once, named by their hash, cached for ever. Nothing comes from outside this server.
 *
 * htmx and its event-stream extension are served as their package ships them.
 */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { type Route, route } from "./guard.ts";
import { HttpRefusal } from "./refusal.ts";

export type Assets = {
  /** The address of `app.css`, `app.js`, `live.js`, `icon.svg`, `htmx.js`, `sse.js`. */
  readonly url: (name: string) => string;
  readonly routes: readonly Route[];
};

type Asset = {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly packed: Uint8Array<ArrayBuffer>;
};

const FILES: Readonly<Record<string, { readonly from: URL | string; readonly type: string }>> = {
  "app.css": { from: new URL("./public/app.css", import.meta.url), type: "text/css; charset=utf-8" },
  "app.js": { from: new URL("./public/app.js", import.meta.url), type: "text/javascript; charset=utf-8" },
  "live.js": { from: new URL("./public/live.js", import.meta.url), type: "text/javascript; charset=utf-8" },
  "icon.svg": { from: new URL("./public/icon.svg", import.meta.url), type: "image/svg+xml" },
  "htmx.js": { from: "htmx.org/dist/htmx.min.js", type: "text/javascript; charset=utf-8" },
  "sse.js": { from: "htmx.org/dist/ext/hx-sse.min.js", type: "text/javascript; charset=utf-8" },
};

export async function loadAssets(): Promise<Assets> {
  const byUrl = new Map<string, Asset>();
  const urls = new Map<string, string>();
  for (const [name, { from, type }] of Object.entries(FILES)) {
    const address = typeof from === "string" ? new URL(import.meta.resolve(from)) : from;
    const bytes = await Bun.file(address).bytes();
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
