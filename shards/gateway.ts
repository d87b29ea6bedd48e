/**
 * A bot's gateway in this process: leases shards, resumes or identifies them one by one, hands their events upward.
 *
 *   start → gateway information → leases → per shard: RESUME from `settled`, else IDENTIFY when the throttler lets it
 *   drain → sockets end resumably, no more events; `settle` still counts → stop: sessions saved, leases given back
 */
import { GatewayIntentBits, type GatewayPresenceUpdateData } from "discord-api-types/v10";
import type { Clock, Timer } from "../src/clock.ts";
import { AppError } from "../src/errors.ts";
import type { ApplicationId } from "../src/ids.ts";
import type { Logger } from "../src/logger.ts";
import { createOutage } from "../src/outage.ts";
import type { ShardRow, ShardsStore } from "../src/store/ports/shards.ts";
import { adviceFor } from "./gateway/close-codes.ts";
import { createIdentifyThrottler } from "./gateway/identify.ts";
import type { Compression } from "./gateway/inflate.ts";
import { asBotInformation, createInformation, type GatewayInformation, isRefusedToken } from "./gateway/information.ts";
import { createLeases, type Leases } from "./gateway/leases.ts";
import type { Phase } from "./gateway/session.ts";
import { createSessions, type Sessions } from "./gateway/sessions.ts";
import type { ShardEvents, ShardState } from "./gateway/shard.ts";
import { type OpenSocket, webSocketOpener } from "./gateway/socket.ts";
import { GatewayManager, ShardStrategy } from "./gateway/strategy.ts";
import { isDeadProcess, newProcessIdentity } from "./process-identity.ts";

export type GatewayOptions = {
  readonly application: ApplicationId;
  readonly token: string;
  readonly intents: number;
  readonly compression: Compression;
  /** One call of GET /gateway/bot with this bot's token; a refused token as `AppError("unauthorized")` or `{status: 401}`. */
  readonly fetchInformation: () => Promise<unknown>;
  /** Replaces the address that /gateway/bot gives, and the one that READY gives to resume at. */
  readonly gatewayUrl: string | null;
  /** Null: what Discord recommends. */
  readonly shards: number | null;
  /** How many shards this process takes at most. */
  readonly shardsMax?: number;
  readonly presence?: GatewayPresenceUpdateData;
  readonly store: ShardsStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly events: ShardEvents;
  /** A shard was handed over to another gateway: what it received here is no longer counted here. */
  readonly handedOver?: (shard: number) => void;
  /** Whether Discord has refused the token elsewhere, by REST: asked every few seconds. */
  readonly isTokenRefused?: () => boolean;
  /** For tests: a network and a name of their own. */
  readonly open?: OpenSocket;
  readonly holder?: string;
};

export type GatewayShard = ShardState & {
  readonly settled: number | null;
  readonly fence: number | null;
};

export type Gateway = {
  /**
   * Resolves once shards were asked for (they come up on their own from then on). Rejects with `AppError("unauthorized")` when
   * Discord refuses the token: one try. While Discord or the store cannot be reached it keeps trying.
   */
  start(): Promise<void>;
  /** Ends the sockets so that their sessions can be resumed; no event comes after it. */
  drain(): void;
  /** Drains, saves what was settled, gives the leases back. At most about `deadlineMs`. */
  stop(deadlineMs?: number): Promise<void>;
  shards(): readonly GatewayShard[];
  /** How many shards there are in all processes together; null before they are known. */
  shardCount(): number | null;
  /** False: no such shard here, its queue is full, or the payload is too long. */
  send(shard: number, payload: { readonly op: number; readonly d: unknown }): boolean;
  /** Everything of `shard` up to `seq` has an outcome. Cheap: call it as often as it changes. */
  settle(shard: number, seq: number): void;
};

/** Without Message Content, members' messages come without text unless they address the bot. */
export function intentsFor(messageContent: boolean): number {
  return (
    GatewayIntentBits.Guilds |
    GatewayIntentBits.GuildMessages |
    GatewayIntentBits.DirectMessages |
    (messageContent ? GatewayIntentBits.MessageContent : 0)
  );
}

const RETRY_MS_MAX = 30_000;
const STOP_MS = 5_000;
const STARTING_MAX = 32;
const KEPT_SHARE_MAX = 1.5;
const TOKEN_CHECK_MS = 5_000;
/** How long a shard that is handed over waits for what it received; what takes longer is in the inbox by then. */
const HAND_OVER_MS_MAX = 4_000;
const HAND_OVER_LOOK_MS = 50;
/** Up, or not to be waited for. */
const SETTLED_PHASES: ReadonlySet<Phase> = new Set(["live", "waiting", "stopped"]);

export function createGateway(options: GatewayOptions): Gateway {
  const { application, store, clock, logger, events } = options;
  const source = createInformation(options.fetchInformation, options.gatewayUrl, clock);
  const stopping = new AbortController();
  let shardCount: number | null = null;
  let leases: Leases | null = null;
  let strategy: ShardStrategy | null = null;
  const queue: number[] = [];
  const starting = new Set<number>();
  /** Shards on their way to another gateway: up to where they may settle. */
  const leaving = new Map<number, number>();
  const unstarted = createOutage({ began: "shards-unstarted", ended: "shards-started" }, { clock, logger });
  let retry: Timer | null = null;
  let tokenCheck: Timer | null = null;
  let draining = false;
  let refused = false;

  const sessions: Sessions = createSessions({ application, store, clock, logger, fenced: lose });

  const upward: ShardEvents = {
    dispatch(dispatch) {
      if (!draining) events.dispatch(dispatch);
    },
    state(shard, state) {
      if (SETTLED_PHASES.has(state.phase) && starting.delete(shard)) startMore();
      events.state(shard, state);
    },
    fatal(shard, problem) {
      if (problem.code === 4004) return refuseToken(shard);
      void leases?.giveUp(shard);
      sessions.drop(shard);
      events.fatal(shard, problem);
    },
  };

  /** A dead token is dead for all shards and for every kind of call: one message, and the leases are free for others. */
  function refuseToken(shard: number): void {
    if (refused) return;
    refused = true;
    stopping.abort();
    queue.length = 0;
    retry?.cancel();
    tokenCheck?.cancel();
    strategy?.destroy({});
    void leases?.stop();
    events.fatal(shard, { code: 4004, message: adviceFor(4004) });
  }

  /** Discord's answer about the gateway, wherever it is asked for: a refused token ends this bot here. */
  async function information(): Promise<GatewayInformation> {
    try {
      return await source.get();
    } catch (error) {
      if (shardCount !== null && isRefusedToken(error)) refuseToken(0);
      throw error;
    }
  }

  function checkToken(): void {
    if (options.isTokenRefused?.()) refuseToken(0);
    else tokenCheck = clock.after(TOKEN_CHECK_MS, checkToken);
  }

  function buildManager(shards: number): { manager: GatewayManager; strategy: ShardStrategy } {
    let built: ShardStrategy | null = null;
    const manager = new GatewayManager(
      {
        token: options.token,
        intents: options.intents,
        shardCount: shards,
        initialPresence: options.presence ?? null,
        identifyProperties: { os: process.platform, browser: "Gatehouse", device: "Gatehouse" },
        largeThreshold: 50,
        retrieveSessionInfo(shardId) {
          const kept = sessions.get(shardId);
          return (
            kept && { shardId, shardCount: shards, sessionId: kept.id, resumeURL: kept.resumeUrl, sequence: kept.seq }
          );
        },
        updateSessionInfo(shardId, info) {
          sessions.remember(shardId, info && { id: info.sessionId, resumeUrl: info.resumeURL, seq: info.sequence });
        },
        buildIdentifyThrottler: async () =>
          createIdentifyThrottler({
            clock,
            logger,
            information,
            spent: () => source.spent(),
            count: (shard, sinceMs) => store.countIdentify(application, shard, sinceMs),
            takeTurn: (key, paceMs) => store.takeIdentifyTurn(application, key, paceMs),
          }),
        buildStrategy(self) {
          const open = options.open ?? webSocketOpener(options.compression, clock);
          const frontDoorOnly = options.gatewayUrl !== null;
          built = new ShardStrategy(self, { open, clock, logger, events: upward, frontDoorOnly });
          return built;
        },
      },
      async () => asBotInformation(await information()),
    );
    if (built === null) throw new Error("the manager builds its strategy in its constructor");
    return { manager, strategy: built };
  }

  async function informed(): Promise<GatewayInformation | null> {
    for (let attempt = 0; !stopping.signal.aborted; attempt++) {
      try {
        return await source.get();
      } catch (error) {
        if (isRefusedToken(error)) throw new AppError("unauthorized", adviceFor(4004), { cause: error });
        logger.warn({ error, attempt }, "gateway-information-unavailable");
        const waitMs = Math.min(RETRY_MS_MAX, 1_000 * 2 ** attempt) * (0.5 + 0.5 * clock.chance());
        await clock.sleep(waitMs, stopping.signal).catch(() => {});
      }
    }
    return null;
  }

  /**
   * Every session dies with another number of shards. A recommendation that grew by less than half can wait: it means about
   * 1,000 guilds a shard, and a shard may hold 2,500.
   */
  async function keptCount(recommended: number): Promise<number> {
    const rows = await store.list(application).catch(() => []);
    const counts = new Set(rows.filter((row) => row.session !== null).map((row) => row.shards));
    const [kept] = counts;
    if (kept === undefined || counts.size > 1) return recommended;
    return kept <= recommended && recommended <= kept * KEPT_SHARE_MAX ? kept : recommended;
  }

  function take(row: ShardRow): void {
    if (draining || refused) return;
    const session = row.session !== null && row.shards === shardCount ? row.session : null;
    sessions.adopt(row.shard, row.fence, session);
    logger.info({ shard: row.shard, fence: row.fence, resumes: session !== null }, "shard-taken");
    queue.push(row.shard);
    startMore();
  }

  /** A fleet's connections come up a few at a time: who would only wait for the throttler need not be connected yet. */
  function startMore(): void {
    while (strategy !== null && retry === null && starting.size < STARTING_MAX) {
      const shard = queue.shift();
      if (shard === undefined) return;
      starting.add(shard);
      void spawn(strategy, shard);
    }
  }

  async function spawn(into: ShardStrategy, shard: number): Promise<void> {
    try {
      await into.spawn([shard]);
      // Lost again while its session was looked up.
      if (!leases?.held().has(shard)) into.remove(shard);
      unstarted.worked();
    } catch (error) {
      starting.delete(shard);
      if (refused || draining) return;
      unstarted.failed(error);
      queue.push(shard);
      // One timer for all of them: one a failure would multiply them.
      retry ??= clock.after(RETRY_MS_MAX, () => {
        retry = null;
        startMore();
      });
    }
  }

  function lose(shard: number): void {
    sessions.drop(shard);
    const waiting = queue.indexOf(shard);
    if (waiting >= 0) queue.splice(waiting, 1);
    strategy?.remove(shard);
  }

  /** Ends a shard here resumably, waits for what it received, saves how far it came. Another gateway RESUMEs from there. */
  async function handOver(id: number): Promise<boolean> {
    const waiting = queue.indexOf(id);
    if (waiting >= 0) queue.splice(waiting, 1);
    const shard = strategy?.shard(id) ?? null;
    if (waiting < 0 && (shard === null || shard.state().phase !== "live")) return false;
    const upTo = shard?.receivedThrough() ?? null;
    if (upTo !== null) leaving.set(id, upTo);
    strategy?.remove(id);
    const until = clock.now() + HAND_OVER_MS_MAX;
    while (upTo !== null && (sessions.settled(id) ?? upTo) < upTo && clock.now() < until) {
      await clock.sleep(HAND_OVER_LOOK_MS);
    }
    await sessions.flush(HAND_OVER_MS_MAX, id);
    sessions.drop(id);
    leaving.delete(id);
    options.handedOver?.(id);
    return true;
  }

  function drain(): void {
    draining = true;
    retry?.cancel();
    tokenCheck?.cancel();
    stopping.abort();
    queue.length = 0;
    strategy?.destroy({});
  }

  return {
    async start() {
      const information = await informed();
      if (information === null) return;
      shardCount = options.shards ?? (await keptCount(information.shards));
      if (draining) return;
      strategy = buildManager(shardCount).strategy;
      leases = createLeases({
        application,
        shards: shardCount,
        shardsMax: options.shardsMax ?? shardCount,
        holder: options.holder ?? newProcessIdentity(clock),
        store,
        clock,
        logger,
        isDead: isDeadProcess,
        taken: take,
        lost: lose,
        handOver,
      });
      await leases.start();
      checkToken();
    },
    drain,
    async stop(deadlineMs = STOP_MS) {
      drain();
      await sessions.flush(deadlineMs);
      await leases?.stop();
    },
    shards() {
      const held = leases?.held();
      return [...(strategy?.all() ?? [])].map((shard) => ({
        ...shard.state(),
        settled: sessions.settled(shard.id),
        fence: held?.get(shard.id) ?? null,
      }));
    },
    shardCount: () => shardCount,
    send: (shard, payload) => strategy?.shard(shard)?.send(payload) ?? false,
    settle(id, seq) {
      const shard = strategy?.shard(id);
      const last = leaving.get(id);
      if (last !== undefined) return sessions.settle(id, Math.min(seq, last));
      const received = shard?.received() ?? null;
      // A straggler of an earlier session, whose numbers were higher.
      if (received !== null && seq > received) return;
      // An event that is still missing must be asked for again after a crash too.
      sessions.settle(id, Math.min(seq, shard?.receivedThrough() ?? seq));
    },
  };
}
