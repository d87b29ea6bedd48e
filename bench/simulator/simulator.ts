/**
 * Puts the simulated Discord together: one world, one HTTP server for REST, gateway, OAuth2 and control.
 * `startSimulator` is for tests in the same process, main.ts for everybody else.
 */
import type { Server } from "bun";
import { type Actions, createActions } from "./actions.ts";
import { createAttachments } from "./attachments.ts";
import { createBuckets, type LimitOptions } from "./buckets.ts";
import { type Community, loadCommunity } from "./community.ts";
import type { SocketData } from "./connection.ts";
import { createControl } from "./control.ts";
import { createFaults } from "./faults.ts";
import { createGateway, type GatewayOptions } from "./gateway.ts";
import { createIdentifyLedger, type IdentifyLimits } from "./identify.ts";
import { createInteractionDelivery, type InteractionOptions } from "./interactions.ts";
import { createLedger } from "./ledger.ts";
import { createOauthPages } from "./oauth-pages.ts";
import { createOauthTokens } from "./oauth-tokens.ts";
import { createRest } from "./rest.ts";
import type { Services } from "./services.ts";
import { createStandIns } from "./stand-ins.ts";
import { createApplication } from "./world/applications.ts";
import { createWorld, type World } from "./world.ts";

export type SimulatorOptions = {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly seed?: number;
  /** How many applications with bots there are at the start; one. */
  readonly bots?: number;
  readonly now?: () => number;
  readonly limits?: Partial<LimitOptions>;
  readonly identify?: Partial<IdentifyLimits>;
  readonly gateway?: Partial<GatewayOptions>;
  readonly interactions?: Partial<InteractionOptions>;
  /** What `/gateway/bot` recommends; 1. */
  readonly shards?: number;
  /** A community file, parsed. */
  readonly community?: unknown;
};

type Bot = {
  readonly token: string;
  readonly applicationId: string;
  readonly publicKey: string;
  readonly userId: string;
  readonly clientSecret: string;
};

export type Simulator = {
  readonly origin: string;
  /** `DISCORD_API_BASE`, without the version. */
  readonly api: string;
  readonly gatewayUrl: string;
  readonly controlUrl: string;
  readonly oauthUrl: string;
  readonly bots: readonly Bot[];
  readonly world: World;
  readonly services: Services;
  readonly actions: Actions;
  readonly community: Community | undefined;
  readonly stop: () => Promise<void>;
};

export function startSimulator(options: SimulatorOptions = {}): Simulator {
  const now = options.now ?? Date.now;
  const seed = options.seed ?? 1;
  const world = createWorld({ now, seed });
  const ledger = createLedger();
  const faults = createFaults(seed);
  const identifies = createIdentifyLedger(
    { total: 1000, maxConcurrency: 1, windowMs: 5000, resetMs: 86_400_000, ...options.identify },
    now,
  );
  let port = 0;
  const urls = () => ({
    origin: `http://127.0.0.1:${port}`,
    api: `http://127.0.0.1:${port}/api`,
    gateway: `ws://127.0.0.1:${port}/gateway`,
  });
  const gateway = createGateway({
    world,
    ledger,
    faults,
    identifies,
    resumeUrl: () => `ws://127.0.0.1:${port}/gateway/resume`,
    options: {
      heartbeatMs: 41_250,
      resumableMs: 180_000,
      bufferMax: 50_000,
      guildsPerShardMax: 2500,
      sendsPerMinuteMax: 120,
      ...options.gateway,
    },
  });
  const buckets = createBuckets(
    {
      ...{ enforced: true, globalPerSecond: 50, timesFaster: 1, invalidMax: 10_000, invalidWindowMs: 600_000 },
      ...options.limits,
    },
    now,
  );
  const services: Services = {
    world,
    gateway,
    identifies,
    ledger,
    faults,
    buckets,
    attachments: createAttachments(world, () => urls().origin),
    oauth: createOauthTokens(now),
    interactions: createInteractionDelivery(() => services, {
      ackMs: 3000,
      tokenMs: 900_000,
      badSignatureEvery: 25,
      ...options.interactions,
    }),
    standIns: createStandIns(),
    shards: options.shards ?? 1,
    urls,
  };
  for (let index = 0; index < (options.bots ?? 1); index += 1) {
    createApplication(world, { name: index === 0 ? "Gatehouse" : `Custom bot ${index}` });
  }
  const actions = createActions(services);
  const community = options.community === undefined ? undefined : loadCommunity(services, actions, options.community);
  const rest = createRest(services);
  const oauthPages = createOauthPages(services);
  const control = createControl(services, actions, community);

  const server: Server<SocketData> = Bun.serve<SocketData>({
    hostname: "127.0.0.1",
    port: options.port ?? 0,
    idleTimeout: 0,
    development: false,
    maxRequestBodySize: 64 * 1024 * 1024,
    websocket: gateway.websocket,
    async fetch(request, self) {
      const url = new URL(request.url);
      if (url.pathname.startsWith("/gateway")) return upgrade(request, url, self);
      if (url.pathname.startsWith("/control")) return control.handle(request, url);
      if (oauthPages.owns(url.pathname)) return oauthPages.handle(request, url);
      if (url.pathname.startsWith("/attachments/")) return attachment(url.pathname);
      if (/^\/(api|oauth2)\//.test(url.pathname)) return rest.handle(request, url);
      return url.pathname === "/" ? Response.redirect("/control/page") : new Response("not found", { status: 404 });
    },
  });
  port = server.port ?? 0;

  function upgrade(request: Request, url: URL, self: Server<SocketData>): Response | undefined {
    const refused = faults.strike("gateway", ["refuse"], {});
    if (refused) return new Response("upstream connect error", { status: refused.status ?? 503 });
    const data: SocketData = { connection: undefined, query: url.searchParams, path: url.pathname };
    return self.upgrade(request, { data }) ? undefined : new Response("websocket expected", { status: 426 });
  }

  function attachment(path: string): Response {
    const file = services.attachments.read(path);
    return file
      ? new Response(new Uint8Array(file.bytes), { headers: { "content-type": file.type } })
      : new Response("not found", { status: 404 });
  }

  return {
    ...urls(),
    gatewayUrl: urls().gateway,
    controlUrl: `${urls().origin}/control`,
    oauthUrl: `${urls().origin}/oauth2`,
    bots: [...world.applications.values()].map((application) => ({
      token: application.token,
      applicationId: application.id,
      publicKey: application.publicKey,
      userId: application.botId,
      clientSecret: application.clientSecret,
    })),
    world,
    services,
    actions,
    community,
    async stop() {
      community?.stop();
      gateway.stop();
      await Promise.all([server.stop(true), services.standIns.stop()]);
    },
  };
}
