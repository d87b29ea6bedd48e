/**
 * REST v10 around the route table: who asks, rate limits, faults, the ledger. The routes themselves are in routes/.
 * https://discord.com/developers/docs/reference#http-api
 */
import { ApiError, apiError, unauthorized } from "./api-error.ts";
import type { Fault } from "./faults.ts";
import type { Entry } from "./ledger.ts";
import { type Context, createRouter, type Match, type Reply, type UploadedFile } from "./route.ts";
import { applicationCommandRoutes } from "./routes/application-commands.ts";
import { applicationRoutes } from "./routes/applications.ts";
import { banRoutes } from "./routes/bans.ts";
import { channelRoutes } from "./routes/channels.ts";
import { gatewayRoutes } from "./routes/gateway.ts";
import { guildRoutes } from "./routes/guilds.ts";
import { interactionRoutes } from "./routes/interactions.ts";
import { memberRoutes } from "./routes/members.ts";
import { messageRoutes } from "./routes/messages.ts";
import { oauthRoutes } from "./routes/oauth.ts";
import { pinRoutes } from "./routes/pins.ts";
import { reactionRoutes } from "./routes/reactions.ts";
import { roleRoutes } from "./routes/roles.ts";
import { threadRoutes } from "./routes/threads.ts";
import { userRoutes } from "./routes/users.ts";
import type { Services } from "./services.ts";
import { applicationByToken } from "./world/applications.ts";
import type { Application, Json, User } from "./world.ts";

const ROUTES = [
  ...gatewayRoutes,
  ...userRoutes,
  ...channelRoutes,
  ...messageRoutes,
  ...reactionRoutes,
  ...pinRoutes,
  ...threadRoutes,
  ...guildRoutes,
  ...memberRoutes,
  ...roleRoutes,
  ...banRoutes,
  ...applicationRoutes,
  ...applicationCommandRoutes,
  ...interactionRoutes,
  ...oauthRoutes,
];

const PREFIX = /^\/api(\/v\d+)?/;

type Asker = {
  readonly application: Application;
  readonly user: User | undefined;
  readonly scopes: readonly string[];
  readonly credential: string;
};

export type Rest = { readonly handle: (request: Request, url: URL) => Promise<Response> };

export function createRest(services: Services): Rest {
  const find = createRouter(ROUTES);
  const { world, ledger, faults, buckets } = services;

  return {
    async handle(request, url) {
      const startedMs = performance.now();
      const path = url.pathname.replace(PREFIX, "");
      const match = find(request.method, path);
      const asker = askerOf(services, request.headers.get("authorization"));
      const parsed = await readBody(request);
      const entry = ledger.add({
        kind: "request",
        atMs: world.now(),
        method: request.method,
        route: match?.route.path,
        path,
        query: Object.fromEntries(url.searchParams),
        headers: redacted(request.headers),
        applicationId: asker?.application.id,
        body: parsed.shown,
        status: 0,
        response: undefined,
        ms: 0,
        fault: undefined,
      }) as Extract<Entry, { kind: "request" }>;
      const place = { method: request.method, route: match?.route.path, applicationId: asker?.application.id };
      const before = faults.strike(
        "rest",
        ["latency", "reset", "black-hole", "status", "rate-limit", "garbage"],
        place,
      );
      const act = async () => answer(services, request, url, match, asker, parsed);
      let response: Response;
      if (before) {
        entry.fault = before.kind;
        response = await strike(before, act, request);
      } else {
        response = await act();
        const after = faults.strike("rest", ["lost-reply", "slow-body"], place);
        if (after) {
          entry.fault = after.kind;
          response = after.kind === "lost-reply" ? cutShort() : slowly(response, after.ms ?? 1000);
        }
      }
      entry.status = response.status;
      entry.response = sent.get(response);
      entry.ms = performance.now() - startedMs;
      if ([401, 403, 429].includes(response.status) && response.headers.get("x-ratelimit-scope") !== "shared") {
        buckets.countInvalid();
      }
      for (const listener of ledger.onAdd) listener();
      return response;
    },
  };
}

/** The bodies of answers, for the ledger, without reading the stream again. */
const sent = new WeakMap<Response, unknown>();

async function answer(
  services: Services,
  request: Request,
  url: URL,
  match: Match | undefined,
  asker: Asker | undefined,
  parsed: ParsedBody,
): Promise<Response> {
  const { buckets, world } = services;
  const bannedUntil = buckets.bannedUntilMs();
  if (bannedUntil !== undefined) return cloudflareBan(bannedUntil - world.now());
  if (/^\/api\/v(?!10\/)\d/.test(url.pathname))
    return json(400, { message: "Invalid API version specified", code: 50041 });
  if (!match) return json(404, { message: "404: Not Found", code: 0 });
  const { route, params } = match;
  if (route.auth !== "none" && !asker) return json(401, unauthorized().body);
  if (route.auth === "bot" && asker?.user) return json(403, { message: "Bots only", code: 20002 });
  if (route.auth === "bearer" && !asker?.user) return json(401, unauthorized().body);
  const limited = buckets.take(route, params, asker?.credential ?? "none");
  if (limited.refused) {
    const { retryAfterMs, scope } = limited.refused;
    return tooMany(retryAfterMs, scope, limited.headers);
  }
  let reply: Reply;
  try {
    if (parsed.invalid) throw apiError(50109);
    reply = await route.handle(context(services, request, url, params, asker, parsed));
  } catch (error) {
    if (error instanceof ApiError) reply = { status: error.status, body: error.body };
    else {
      process.stderr.write(
        `simulator: ${request.method} ${url.pathname}: ${error instanceof Error ? error.stack : error}\n`,
      );
      reply = { status: 500, body: { message: "500: Internal Server Error", code: 0 } };
    }
  }
  return json(reply.status, reply.body, { ...limited.headers, ...reply.headers });
}

function context(
  services: Services,
  request: Request,
  url: URL,
  params: Record<string, string>,
  asker: Asker | undefined,
  parsed: ParsedBody,
): Context {
  const reason = request.headers.get("x-audit-log-reason");
  return {
    services,
    // Routes without authentication name their application in the path, or need none.
    get application() {
      if (!asker) throw unauthorized();
      return asker.application;
    },
    user: asker?.user,
    scopes: asker?.scopes ?? [],
    params,
    query: url.searchParams,
    body: parsed.body,
    list: parsed.list,
    files: parsed.files,
    authorization: request.headers.get("authorization") ?? undefined,
    reason: reason === null ? undefined : decodeReason(reason),
  };
}

type ParsedBody = {
  readonly body: Json;
  readonly list: readonly unknown[] | undefined;
  readonly files: readonly UploadedFile[];
  readonly invalid: boolean;
  /** What the ledger shows. */
  readonly shown: unknown;
};

async function readBody(request: Request): Promise<ParsedBody> {
  const none = { body: {}, list: undefined, files: [], invalid: false, shown: undefined };
  if (request.method === "GET" || request.method === "HEAD") return none;
  const type = request.headers.get("content-type") ?? "";
  if (type.startsWith("multipart/form-data")) {
    const form = await request.formData().catch(() => undefined);
    if (!form) return { ...none, invalid: true };
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
  return parseJson(text);
}

function parseJson(text: string): ParsedBody {
  try {
    const value = JSON.parse(text) as unknown;
    if (Array.isArray(value)) return { body: {}, list: value, files: [], invalid: false, shown: value };
    const body = (typeof value === "object" && value !== null ? value : {}) as Json;
    return { body, list: undefined, files: [], invalid: false, shown: value };
  } catch {
    return { body: {}, list: undefined, files: [], invalid: true, shown: text };
  }
}

function askerOf(services: Services, header: string | null): Asker | undefined {
  const [scheme, token] = (header ?? "").split(" ");
  if (!token) return undefined;
  if (scheme === "Bot") {
    const application = applicationByToken(services.world, token);
    return application && { application, user: undefined, scopes: [], credential: token };
  }
  if (scheme === "Bearer") {
    const granted = services.oauth.byAccess(token);
    const application = services.world.applications.get(granted?.applicationId ?? "");
    const user = services.world.users.get(granted?.userId ?? "");
    return granted && application && user
      ? { application, user, scopes: granted.scopes, credential: token }
      : undefined;
  }
  return undefined;
}

async function strike(fault: Fault, act: () => Promise<Response>, request: Request): Promise<Response> {
  switch (fault.kind) {
    case "latency":
      await Bun.sleep(fault.ms ?? 1000);
      return act();
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
function cutShort(): Response {
  return new Response(new ReadableStream({ start: (controller) => controller.error(undefined) }), { status: 599 });
}

/** Headers at once, the body `ms` later. */
function slowly(response: Response, ms: number): Response {
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

function tooMany(retryAfterMs: number, scope: "user" | "global" | "shared", headers: Record<string, string>): Response {
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
function cloudflareBan(retryAfterMs: number): Response {
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

function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
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

function redacted(headers: Headers): Record<string, string> {
  const all = Object.fromEntries(headers);
  const [scheme] = (all.authorization ?? "").split(" ");
  return all.authorization === undefined ? all : { ...all, authorization: `${scheme} …` };
}

function decodeReason(reason: string): string {
  try {
    return decodeURIComponent(reason).slice(0, 512);
  } catch {
    return reason.slice(0, 512);
  }
}
