/**
 * The dashboard and the machine's doors, in one HTTP server: routes with their guards, security headers on every answer,
 * failures in fixed words, bounds on bodies and idle connections.
 *
 * Elysia routes; Bun listens. `stop` ends event streams first, so that nothing keeps a socket open.
 */
import { Elysia } from "elysia";
import type { Identity } from "../src/ask.ts";
import type { CustomBots } from "../src/bots/custom.ts";
import { AppError } from "../src/errors.ts";
import { createGlances } from "../src/glances.ts";
import type { Jobs } from "../src/jobs.ts";
import type { Logger } from "../src/logger.ts";
import { createMemberships } from "../src/memberships.ts";
import { inRequest, isRequestId } from "../src/request.ts";
import type { Services } from "../src/services.ts";
import type { GatewayStatus } from "../src/status/process.ts";
import { loadAssets } from "./assets.ts";
import { issueSignInLink, personOf } from "./auth.ts";
import { createBodies } from "./bodies.ts";
import { withDeadline } from "./deadline.ts";
import { createLive } from "./events.ts";
import type { Route } from "./guard.ts";
import { Html } from "./html.ts";
import type { Kit } from "./kit.ts";
import { type Machine, machineRoutes } from "./machine.ts";
import { createNames } from "./parts/names.ts";
import { HttpRefusal } from "./refusal.ts";
import { htmlResponse } from "./respond.ts";
import { createSearches } from "./searches.ts";
import { errorResponse } from "./shell/errors.ts";
import { preferenceRoutes, themeOf, visitorLanguage } from "./shell/preferences.ts";
import { createSignInGate } from "./sign-in-gate.ts";
import { createTypingBoard } from "./typing.ts";
import type { Visit } from "./visit.ts";
import { createWebhook } from "./webhook.ts";

export type WebOptions = {
  /** Takes orders for background work, whether or not this process runs it. */
  readonly jobs: Jobs;
  /** Bots that admins bring with an application of their own. */
  readonly customBots: CustomBots;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly logger?: Logger;
  /** The text of `/metrics`, and its media type. */
  readonly metrics?: () => Promise<string>;
  readonly metricsType?: string;
  /** This process's shards and workers, for the operator's page and `/readyz`; null while there are none. */
  readonly gateway?: () => GatewayStatus | null;
  /** Whether this process gives away what it runs; left out: it does not. */
  readonly draining?: () => boolean;
  /** Tells this process from others, and which of them have ended; left out: it knows of none. */
  readonly identity?: Identity;
  /** False: only what machines ask (`/healthz`, `/readyz`, `/metrics`), for a process that plays no web role. Default true. */
  readonly pages?: boolean;
};

export type Web = {
  /** How people reach it: `PUBLIC_URL`, or where it listens. */
  readonly url: string;
  readonly port: number;
  /** Every route with its guard. */
  readonly routes: readonly Route[];
  /** All routes of the server; a test holds them against `routes`, so that nothing comes in past the guards. */
  readonly mounted: readonly { readonly method: string; readonly path: string }[];
  /** Live pages that are open. */
  streams(): number;
  /** A new one-time link that signs the operator in. */
  signInLink(): Promise<string>;
  stop(): Promise<void>;
};

/** The largest body of any route; each route has its own, smaller bound. */
const BODY_BYTES_MAX = 128 * 1024 * 1024;
const IDLE_S_MAX = 60;
const DRAIN_MS_MAX = 5_000;
const HOST_CHARS_MIN = 4;
const FOREIGN_HOST =
  "This address is not the dashboard's: PUBLIC_URL names another. Behind a proxy, hand the Host header on.";
/** A year, as browsers take it from a page that came by https. */
const HSTS = "max-age=31536000";
/** A proxy in front may have named the request already. */
const REQUEST_ID = "x-request-id";
/** People read it off a page to those who search the log. */
const REQUEST_ID_CHARS = 12;
/** A smaller body fits into one packet uncompressed. */
const PACKED_BYTES_MIN = 1_200;

/** Answered without asking who it is: by the store being away nothing of this may fail. */
const NOBODY = /^\/(?:assets\/|healthz$|readyz$|metrics$|discord\/webhook)/;

const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types gatehouse",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
};

export async function startWeb(services: Services, options: WebOptions): Promise<Web> {
  const logger = options.logger ?? services.logger;
  const assets = await loadAssets();
  const live = createLive(services.clock);
  const typing = createTypingBoard(services);
  const glances = createGlances(services.discord, services.clock);
  const names = createNames(glances, services.clock);
  const { clock } = services;
  // A process that plays no web role holds none of their code.
  const pages = (options.pages ?? true) ? (await import("./pages.ts")).PAGES : [];
  const webhook = createWebhook(services, options.identity ?? { holder: clock.id(), isDead: () => false });
  const { metrics } = options;
  const type = options.metricsType ?? "text/plain; version=0.0.4; charset=utf-8";
  const machine: Machine = {
    services,
    gateway: options.gateway ?? (() => null),
    metrics: metrics === undefined ? null : async () => ({ text: await metrics(), type }),
    startedAtMs: services.clock.now(),
    draining: options.draining ?? (() => false),
  };
  const memberships = createMemberships(services);
  const bodies = createBodies();
  const signInGate = createSignInGate(services, services.secretFor("sign-in"));
  const kit: Kit = {
    searches: createSearches(services.clock),
    signInGate,
    services,
    live,
    typing,
    names,
    machine,
    webhook,
    jobs: options.jobs,
    customBots: options.customBots,
  };
  const routes: readonly Route[] = [
    ...machineRoutes(machine),
    ...(pages.length > 0
      ? [...assets.routes, ...preferenceRoutes, ...webhook.routes, ...pages.flatMap((page) => page.routes(kit))]
      : []),
  ];

  /** Elysia hands the request on, not where it came from. */
  const addresses = new WeakMap<Request, string>();
  let publicUrl = services.config.web.publicUrl;
  const visit = async (request: Request, params: Readonly<Record<string, string>>, signedIn: boolean) => {
    const language = visitorLanguage(request);
    const made: Visit = {
      services,
      request,
      url: new URL(request.url),
      params,
      address: addresses.get(request) ?? "unknown",
      nowMs: services.clock.now(),
      language,
      theme: themeOf(request),
      fragment: request.headers.get("hx-request") === "true",
      publicUrl,
      person: signedIn ? await personOf(services, request, publicUrl.startsWith("https:")) : null,
      glances,
      memberships,
      bodies,
      pages,
      asset: assets.url,
    };
    return made;
  };

  const answer = (route: Route | null, request: Request, params: Readonly<Record<string, string>>) => {
    const given = request.headers.get(REQUEST_ID);
    const id = isRequestId(given) ? given : services.clock.id().slice(0, REQUEST_ID_CHARS);
    return inRequest(id, async () => {
      const response = await answerInRequest(route, request, params);
      response.headers.set(REQUEST_ID, id);
      return response;
    });
  };

  const answerInRequest = async (
    route: Route | null,
    request: Request,
    params: Readonly<Record<string, string>>,
  ): Promise<Response> => {
    try {
      if (route === null) throw new HttpRefusal("not-found");
      const work = async () => {
        try {
          return await route.answer(await visit(request, params, !NOBODY.test(route.path)));
        } finally {
          bodies.leave(request);
        }
      };
      // The pattern and not the address: a sign-in link's secret must not be in a log.
      const result = await withDeadline(request, route.path, work, { clock, logger });
      return result instanceof Html ? htmlResponse(result) : result;
    } catch (error) {
      return errorResponse(await visit(request, params, false), error);
    }
  };

  const app = new Elysia({ aot: true, normalize: false });
  for (const route of routes) {
    app.route(route.method, route.path, ({ request, params }) => answer(route, request, params ?? {}), {
      parse: "none",
    });
  }
  app.onError(({ request, code, error }) =>
    answer(null, request, {}).then((response) => {
      if (code !== "NOT_FOUND") logger.error({ error }, "request-failed");
      return response;
    }),
  );
  app.compile();

  let answering = 0;
  let server: Bun.Server<undefined>;
  try {
    server = Bun.serve({
      hostname: options.host,
      port: options.port,
      maxRequestBodySize: BODY_BYTES_MAX,
      idleTimeout: IDLE_S_MAX,
      async fetch(request, listening) {
        answering += 1;
        addresses.set(request, listening.requestIP(request)?.address ?? "unknown");
        try {
          // Elysia looks for the path behind the shortest host there is: a shorter one would move it.
          const url = URL.parse(request.url);
          if (url === null || url.host.length < HOST_CHARS_MIN) {
            return new Response("The Host header names no host.", { status: 400, headers: HEADERS });
          }
          if (services.config.web.named && isForeign(url.hostname, new URL(publicUrl).hostname)) {
            return new Response(FOREIGN_HOST, { status: 421, headers: HEADERS });
          }
          const response = secured(request, await app.fetch(request));
          if (publicUrl.startsWith("https:")) response.headers.set("strict-transport-security", HSTS);
          return await packed(request, response);
        } finally {
          answering -= 1;
        }
      },
      error: () => new Response("The request could not be answered.", { status: 500, headers: HEADERS }),
    });
  } catch (error) {
    throw listenError(error, options);
  }

  const port = server.port ?? options.port;
  // Where PORT is 0, the address is known only now.
  if (new URL(publicUrl).port === "0") publicUrl = `http://${reachable(options.host)}:${port}`;
  if (pages.length > 0) webhook.start();
  logger.info({ url: publicUrl }, "web-started");

  return {
    url: publicUrl,
    port,
    routes,
    mounted: app.routes.map(({ method, path }) => ({ method, path })),
    streams: () => live.count(),
    signInLink: () => issueSignInLink(services, publicUrl),
    async stop() {
      live.close();
      typing.close();
      // No new requests; those that are here already are still answered.
      const deadlineAtMs = clock.now() + DRAIN_MS_MAX;
      void server.stop();
      while (answering > 0 && clock.now() < deadlineAtMs) await clock.sleep(10);
      await webhook.drain(deadlineAtMs - clock.now());
      webhook.close();
      await server.stop(true);
    },
  };
}

/**
 * A name of the internet's that is not ours: somebody let it lead here. Addresses and names inside a network (a probe's, a proxy's word
 * for the container behind it) are nobody's to take.
 */
function isForeign(host: string, own: string): boolean {
  if (host === own || !host.includes(".") || host.includes(":")) return false;
  return !/^[\d.]+$/.test(host) && !/\.(?:local|internal|localhost|svc)$/.test(host);
}

function secured(request: Request, response: Response): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(HEADERS)) if (!headers.has(name)) headers.set(name, value);
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  const body = request.method === "HEAD" ? null : response.body;
  return new Response(body, { status: response.status, headers });
}

/** Pages and their parts, gzipped. No page holds a secret beside text that a visitor chose, so its length tells nobody anything. */
async function packed(request: Request, response: Response): Promise<Response> {
  const { headers, status } = response;
  const accepted = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(request.headers.get("accept-encoding") ?? "");
  if (!headers.get("content-type")?.startsWith("text/html") || response.body === null) return response;
  headers.set("vary", "accept-encoding");
  if (!accepted) return response;
  const page = await response.bytes();
  if (page.length < PACKED_BYTES_MIN) return new Response(page, { status, headers });
  headers.set("content-encoding", "gzip");
  return new Response(Bun.gzipSync(page, { level: 5 }), { status, headers });
}

function listenError(error: unknown, { host, port }: WebOptions): AppError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") {
    return new AppError(
      "unavailable",
      `PORT ${port} is taken on ${host}: another program listens there. Stop it, or set PORT to a free one (0 picks any).`,
      { cause: error, retryable: false },
    );
  }
  if (code === "EACCES") {
    return new AppError(
      "unavailable",
      `PORT ${port} needs more rights than this process has. Set PORT to one above 1023.`,
      {
        cause: error,
        retryable: false,
      },
    );
  }
  return new AppError(
    "unavailable",
    `HOST ${host} and PORT ${port} cannot be listened on. Set HOST to an address of this machine.`,
    {
      cause: error,
      retryable: false,
    },
  );
}

function reachable(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
