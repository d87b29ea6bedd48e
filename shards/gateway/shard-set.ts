/**
 * One set of a bot's shards in this process: all shards of one count (8 of 8, or 16 of 16), with their leases, sessions and
 * sockets. A gateway has one; while the number of shards changes it has the old one beside it, which resumes and never IDENTIFYs.
 */

import type { GatewayPresenceUpdateData } from "discord-api-types/v10";
import type { Clock, Timer } from "../../src/clock.ts";
import type { ApplicationId } from "../../src/ids.ts";
import type { Logger } from "../../src/logger.ts";
import { createOutage } from "../../src/outage.ts";
import type { ShardRow, ShardsStore } from "../../src/store/ports/shards.ts";
import { isDeadProcess } from "../process-identity.ts";
import { createIdentifyThrottler, IdentifyRefused } from "./identify.ts";
import { asBotInformation, type GatewayInformation } from "./information.ts";
import { createLeases, type Leases } from "./leases.ts";
import type { Phase } from "./session.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import type { ShardEvents, ShardState } from "./shard.ts";
import type { OpenSocket } from "./socket.ts";
import { GatewayManager, ShardStrategy } from "./strategy.ts";

export type GatewayShard = ShardState & {
  /** Its session is saved: after a crash the shard's next holder misses nothing. */
  readonly resumable: boolean;
  readonly settled: number | null;
  readonly fence: number | null;
};

export type ShardSetOptions = {
  readonly application: ApplicationId;
  /** Under which its leases are kept: sets of different counts have different ones. */
  readonly leaseKey: ApplicationId;
  readonly shards: number;
  readonly shardsMax: number;
  /** The set of a count that is on its way out: sessions are resumed, none is started. */
  readonly resumeOnly: boolean;
  readonly token: string;
  readonly intents: number;
  readonly presence?: GatewayPresenceUpdateData;
  readonly open: OpenSocket;
  readonly frontDoorOnly: boolean;
  readonly holder: string;
  readonly store: ShardsStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly events: ShardEvents;
  readonly information: () => Promise<GatewayInformation>;
  /** One of the day's IDENTIFYs is gone. */
  readonly spent: () => void;
  readonly handedOver: (shard: number) => void;
};

export type ShardSet = {
  readonly shards: number;
  readonly leaseKey: ApplicationId;
  start(): Promise<void>;
  drain(): void;
  stop(deadlineMs: number): Promise<void>;
  /** Ends at once, without saving; leases are given back. */
  abandon(): void;
  /** Ends for good: received events settle, and nobody resumes these sessions. */
  retire(): Promise<void>;
  list(): readonly GatewayShard[];
  send(shard: number, payload: { readonly op: number; readonly d: unknown }): boolean;
  settle(shard: number, seq: number): void;
};

const RETRY_MS_MAX = 30_000;
const STARTING_MAX = 32;
const NEVER_MS = 10 * 60_000;
/** How long a shard that is handed over waits for its received events; slower ones are in the inbox by then. */
const HAND_OVER_MS_MAX = 4_000;
const HAND_OVER_LOOK_MS = 50;
/** Up, or not to be waited for. */
const SETTLED_PHASES: ReadonlySet<Phase> = new Set(["live", "waiting", "stopped"]);

export function createShardSet(options: ShardSetOptions): ShardSet {
  const { application, leaseKey, shards: shardCount, store, clock, logger, events } = options;
  const queue: number[] = [];
  const starting = new Set<number>();
  /** Shards on their way to another gateway: up to where they may settle. */
  const leaving = new Map<number, number>();
  const unstarted = createOutage({ began: "shards-unstarted", ended: "shards-started" }, { clock, logger });
  let retry: Timer | null = null;
  let ended = false;

  const sessions: Sessions = createSessions({
    ...{ application: leaseKey, intents: options.intents, store, clock, logger, fenced: lose },
  });
  const upward: ShardEvents = {
    dispatch(dispatch) {
      if (!ended) events.dispatch(dispatch);
    },
    state(shard, state) {
      if (SETTLED_PHASES.has(state.phase) && starting.delete(shard)) startMore();
      if (state.phase === "waiting") leases.look();
      events.state(shard, state);
    },
    fatal(shard, problem) {
      if (problem.code !== 4004) {
        void leases.giveUp(shard);
        sessions.drop(shard);
      }
      events.fatal(shard, problem);
    },
  };
  const strategy = buildStrategy();
  const leases: Leases = createLeases({
    application: leaseKey,
    shards: shardCount,
    shardsMax: options.shardsMax,
    resumeOnly: options.resumeOnly,
    holder: options.holder,
    store,
    clock,
    logger,
    isDead: isDeadProcess,
    taken: take,
    lost: lose,
    handOver,
  });

  function buildStrategy(): ShardStrategy {
    let built: ShardStrategy | null = null;
    new GatewayManager(
      {
        token: options.token,
        intents: options.intents,
        shardCount,
        initialPresence: options.presence ?? null,
        identifyProperties: { os: process.platform, browser: "Gatehouse", device: "Gatehouse" },
        largeThreshold: 50,
        retrieveSessionInfo(shardId) {
          const kept = sessions.get(shardId);
          return kept && { shardId, shardCount, sessionId: kept.id, resumeURL: kept.resumeUrl, sequence: kept.seq };
        },
        updateSessionInfo(shardId, info) {
          sessions.remember(shardId, info && { id: info.sessionId, resumeUrl: info.resumeURL, seq: info.sequence });
        },
        buildIdentifyThrottler: async () =>
          options.resumeOnly
            ? resumesOnly(clock)
            : createIdentifyThrottler({
                clock,
                logger,
                information: options.information,
                spent: options.spent,
                count: (shard, sinceMs, max) => store.countIdentify(application, shard, sinceMs, max),
                takeTurn: (key, paceMs) => store.takeIdentifyTurn(application, key, paceMs),
              }),
        buildStrategy(self) {
          const { open, frontDoorOnly } = options;
          built = new ShardStrategy(self, { open, clock, logger, events: upward, frontDoorOnly });
          return built;
        },
      },
      async () => asBotInformation(await options.information()),
    );
    if (built === null) throw new Error("the manager builds its strategy in its constructor");
    return built;
  }

  /** An intent granted since means a new session: a resumed one would never hear of it. */
  function hearsEnough(session: ShardRow["session"]): boolean {
    if (session === null || session.intents === null || options.resumeOnly) return true;
    return (options.intents & ~session.intents) === 0;
  }

  function take(row: ShardRow): void {
    if (ended) return;
    const session = row.shards === shardCount && hearsEnough(row.session) ? row.session : null;
    sessions.adopt(row.shard, row.fence, session);
    logger.info({ shard: row.shard, fence: row.fence, resumes: session !== null }, "shard-taken");
    queue.push(row.shard);
    startMore();
  }

  /** Connections come up a few at a time: a shard that would only wait for the throttler need not be connected yet. */
  function startMore(): void {
    while (retry === null && !ended && starting.size < STARTING_MAX) {
      const shard = queue.shift();
      if (shard === undefined) return;
      starting.add(shard);
      void spawn(shard);
    }
  }

  async function spawn(shard: number): Promise<void> {
    try {
      await strategy.spawn([shard]);
      // Lost again while its session was looked up.
      if (!leases.held().has(shard)) strategy.remove(shard);
      unstarted.worked();
    } catch (error) {
      starting.delete(shard);
      if (ended) return;
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
    strategy.remove(shard);
  }

  /** Ends a shard here resumably, waits for its received events, saves the sequence. Another gateway RESUMEs from there. */
  async function handOver(id: number): Promise<boolean> {
    const waiting = queue.includes(id);
    if (!waiting && strategy.shard(id)?.state().phase !== "live") return false;
    await endHere(id, false);
    options.handedOver(id);
    return true;
  }

  async function endHere(id: number, forget: boolean): Promise<void> {
    const waiting = queue.indexOf(id);
    if (waiting >= 0) queue.splice(waiting, 1);
    const upTo = strategy.shard(id)?.receivedThrough() ?? null;
    if (upTo !== null) leaving.set(id, upTo);
    strategy.remove(id);
    const until = clock.now() + HAND_OVER_MS_MAX;
    while (upTo !== null && (sessions.settled(id) ?? upTo) < upTo && clock.now() < until) {
      await clock.sleep(HAND_OVER_LOOK_MS);
    }
    if (forget) sessions.remember(id, null);
    await sessions.flush(HAND_OVER_MS_MAX, id);
    sessions.drop(id);
    leaving.delete(id);
  }

  function drain(): void {
    ended = true;
    retry?.cancel();
    queue.length = 0;
    strategy.destroy({});
  }

  return {
    shards: shardCount,
    leaseKey,
    start: () => leases.start(),
    drain,
    async stop(deadlineMs) {
      drain();
      await sessions.flush(deadlineMs);
      // Events that settle from here on come again after the RESUME; the store may be closed by then.
      sessions.close();
      await leases.stop();
    },
    abandon() {
      drain();
      void leases.stop();
    },
    async retire() {
      await Promise.all([...leases.held().keys()].map((shard) => endHere(shard, true)));
      drain();
      await leases.stop();
    },
    list() {
      const held = leases.held();
      return [...strategy.all()].map((shard) => {
        const state = shard.state();
        const resumable = sessions.isSaved(shard.id);
        return {
          ...state,
          // A live one that could not be resumed after a crash.
          waitsFor: state.waitsFor ?? (resumable ? null : "save"),
          resumable,
          settled: sessions.settled(shard.id),
          fence: held.get(shard.id) ?? null,
        };
      });
    },
    send: (shard, payload) => strategy.shard(shard)?.send(payload) ?? false,
    settle(id, seq) {
      const last = leaving.get(id);
      if (last !== undefined) return sessions.settle(id, Math.min(seq, last));
      const shard = strategy.shard(id);
      const received = shard?.received() ?? null;
      // A straggler of an earlier session, whose numbers were higher.
      if (received !== null && seq > received) return;
      // An event that is still missing must be asked for again after a crash too.
      sessions.settle(id, Math.min(seq, shard?.receivedThrough() ?? seq));
    },
  };
}

/** The throttler of a set on its way out. */
const resumesOnly = (clock: Clock) => ({
  waitForIdentify: async () => {
    throw new IdentifyRefused(
      "another number of shards is taking over: old sessions are only resumed",
      "next-try",
      clock.now() + NEVER_MS,
    );
  },
});
