/** HTTP answers of REST: JSON, the kinds of 429, and those a fault gives in place of the route's. */
import type { Fault } from "./faults.ts";

/** The bodies of answers, for the ledger, without reading the stream again. */
const sent = new WeakMap<Response, unknown>();

/** The body an answer was made of, for the ledger. */
export function bodyOf(response: Response): unknown {
  return sent.get(response);
}

export async function strike(fault: Fault, request: Request): Promise<Response> {
  switch (fault.kind) {
    case "reset":
      return cutShort();
    case "black-hole":
      // Held until the client gives up.
      await new Promise<void>((resolve) => request.signal.addEventListener("abort", () => resolve()));
      return cutShort();
    case "rate-limit":
      return fault.scope === "bare"
        ? cloudflareBan(fault.ms ?? 1000)
        : tooMany(fault.ms ?? 1000, fault.scope ?? "user", {});
    case "garbage":
      return new Response("<html>upstream connect error</html>", {
        status: 200,
        headers: { "content-type": "application/json" },
      });
    default:
      return new Response("upstream connect error or disconnect/reset before headers", {
        status: fault.status ?? 502,
        headers: { "content-type": "text/plain" },
      });
  }
}

/** The connection closes before a single byte of the answer. */
export function cutShort(): Response {
  return new Response(new ReadableStream({ start: (controller) => controller.error(undefined) }), { status: 599 });
}

/** Headers at once, the body `ms` later. */
export function slowly(response: Response, ms: number): Response {
  const body = new ReadableStream({
    async start(controller) {
      const bytes = await response.bytes();
      await Bun.sleep(ms);
      controller.enqueue(bytes);
      controller.close();
    },
  });
  return new Response(body, { status: response.status, headers: response.headers });
}

export function tooMany(
  retryAfterMs: number,
  scope: "user" | "global" | "shared",
  headers: Record<string, string>,
): Response {
  const seconds = retryAfterMs / 1000;
  const body = {
    message: scope === "shared" ? "The resource is being rate limited." : "You are being rate limited.",
    retry_after: Number(seconds.toFixed(3)),
    global: scope === "global",
  };
  return json(429, body, {
    ...headers,
    "retry-after": String(Math.ceil(seconds)),
    "x-ratelimit-scope": scope,
    ...(scope === "global" ? { "x-ratelimit-global": "true" } : {}),
  });
}

/** The edge's answer, which is not the API's: no JSON, none of the X-RateLimit headers. */
export function cloudflareBan(retryAfterMs: number): Response {
  const response = new Response("error code: 1015", {
    status: 429,
    headers: {
      "content-type": "text/plain; charset=UTF-8",
      "retry-after": String(Math.ceil(retryAfterMs / 1000)),
      server: "cloudflare",
    },
  });
  return response;
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  const response =
    body === undefined
      ? new Response(null, { status, headers: { ...headers, via: "1.1 google" } })
      : new Response(JSON.stringify(body), {
          status,
          headers: { "content-type": "application/json", via: "1.1 google", ...headers },
        });
  sent.set(response, body);
  return response;
}
