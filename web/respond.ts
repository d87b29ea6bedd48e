/** Responses: a page, a redirect that htmx follows too. Security headers are put on all of them by server.ts. */
import type { Html } from "./html.ts";
import type { Visit } from "./visit.ts";

export function htmlResponse(markup: Html, status = 200): Response {
  return new Response(markup.toString(), { status, headers: { "content-type": "text/html; charset=utf-8" } });
}

/** A path of ours that somebody else may have written: nothing that a browser reads as another host, or a header not at all. */
export function ownPath(text: string, otherwise: string): string {
  return /^\/(?![/\\])[\x21-\x7e]*$/.test(text) ? text : otherwise;
}

/** 303 to a path of our own; a request of htmx is told to load it as a page, since it would swap the redirect's target in. */
export function redirect(visit: Visit, path: string, setCookies: readonly string[] = []): Response {
  const headers = new Headers(visit.fragment ? { "hx-redirect": path } : { location: path });
  for (const value of setCookies) headers.append("set-cookie", value);
  return new Response(null, { status: visit.fragment ? 204 : 303, headers });
}
