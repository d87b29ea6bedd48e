/**
 * REST v10 around the route table: who asks, rate limits, faults, the ledger. The routes themselves are in routes/.
 * https://discord.com/developers/docs/reference#http-api
 */

import { bodyOf, cloudflareBan, cutShort, json, slowly, strike, tooMany } from "./answers.ts";
import { ApiError, apiError, formError, unauthorized } from "./api-error.ts";
import type { Entry } from "./ledger.ts";
import { type ParsedBody, readBody } from "./request-body.ts";
import { type Context, createRouter, type Match, type Reply } from "./route.ts";
import { applicationCommandRoutes } from "./routes/application-commands.ts";
import { applicationRoutes } from "./routes/applications.ts";
import { banRoutes } from "./routes/bans.ts";
import { channelRoutes } from "./routes/channels.ts";
import { gatewayRoutes } from "./routes/gateway.ts";
import { guildRoutes } from "./routes/guilds.ts";
import { interactionRoutes } from "./routes/interactions.ts";
import { inviteRoutes } from "./routes/invites.ts";
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
import type { Application, User } from "./world.ts";

const ROUTES = [
  ...gatewayRoutes,
  ...userRoutes,
  ...channelRoutes,
  ...inviteRoutes,
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

/** The templates of all routes, as faults and the ledger name them. */
export const restPaths: readonly string[] = [...new Set(ROUTES.map((route) => route.path))];

const PREFIX = /^\/api(\/v\d+)?/;

type Asker = {
  readonly application: Application;
  readonly user: User | undefined;
  readonly scopes: readonly string[];
  readonly credential: string;
};

export type Rest = { readonly handle: (request: Request, url: URL) => Promise<Response> };

export function createRest(services: Services): Rest {
  const router = createRouter(ROUTES);
  const { world, ledger, faults, buckets } = services;

  return {
    async handle(request, url) {
      const startedMs = performance.now();
      const path = url.pathname.replace(PREFIX, "");
      const match = router.find(request.method, path);
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
      const late = faults.strike("rest", ["latency"], place);
      if (late) {
        entry.fault = late.kind;
        await Bun.sleep(late.ms ?? 1000);
      }
      const instead = faults.strike("rest", ["reset", "black-hole", "status", "rate-limit", "garbage"], place);
      let response: Response;
      if (instead) {
        entry.fault = instead.kind;
        response = await strike(instead, request);
      } else {
        response = await answer(services, request, url, match ?? (router.knows(path) ? 405 : 404), asker, parsed);
        const after = faults.strike("rest", ["lost-reply", "slow-body"], place);
        if (after) {
          entry.fault = after.kind;
          response = after.kind === "lost-reply" ? cutShort() : slowly(response, after.ms ?? 1000);
        }
      }
      entry.status = response.status;
      entry.response = bodyOf(response);
      entry.ms = performance.now() - startedMs;
      if ([401, 403, 429].includes(response.status) && response.headers.get("x-ratelimit-scope") !== "shared") {
        buckets.countInvalid();
      }
      for (const listener of ledger.onAdd) listener();
      return response;
    },
  };
}

async function answer(
  services: Services,
  request: Request,
  url: URL,
  match: Match | 404 | 405,
  asker: Asker | undefined,
  parsed: ParsedBody,
): Promise<Response> {
  const { buckets, world } = services;
  const bannedUntil = buckets.bannedUntilMs();
  if (bannedUntil !== undefined) return cloudflareBan(bannedUntil - world.now());
  if (/^\/api\/v(?!10\/)\d/.test(url.pathname))
    return json(400, { message: "Invalid API version specified", code: 50041 });
  if (match === 404) return json(404, { message: "404: Not Found", code: 0 });
  if (match === 405) return json(405, { message: "405: Method Not Allowed", code: 0 });
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
    if (parsed.invalid === "json") throw apiError(50109);
    if (parsed.invalid === "content-type") {
      const message = "Expected \"Content-Type\" header to be one of {'application/json'}.";
      throw formError([{ path: "", code: "CONTENT_TYPE_INVALID", message }]);
    }
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
