/**
 * A bot's gateway in this process: leases shards, resumes or identifies them one by one, hands their events upward.
 *
 *   start → gateway information → leases → per shard: RESUME from `settled`, else IDENTIFY when the throttler lets it
 *   another number of shards → the new set IDENTIFYs while the old one still runs (Discord allows both), the old one ends once
 *   every new shard is READY in some process; what came twice meanwhile falls out by its id
 *   drain → sockets end resumably, no more events; `settle` still counts → stop: sessions saved, leases given back
 */
import { GatewayIntentBits, type GatewayPresenceUpdateData } from "discord-api-types/v10";
import type { Clock, Timer } from "../src/clock.ts";
import { AppError } from "../src/errors.ts";
import type { ApplicationId } from "../src/ids.ts";
import type { Logger } from "../src/logger.ts";
import { applicationOf, taggedKey } from "../src/status/shard-sets.ts";
import type { ShardRow, ShardsStore } from "../src/store/ports/shards.ts";
import { adviceFor } from "./gateway/close-codes.ts";
import type { Compression } from "./gateway/inflate.ts";
import { createInformation, type GatewayInformation, isRefusedToken } from "./gateway/information.ts";
import type { ShardEvents } from "./gateway/shard.ts";
import { createShardSet, type GatewayShard, type ShardSet } from "./gateway/shard-set.ts";
import { type OpenSocket, webSocketOpener } from "./gateway/socket.ts";
import { newProcessIdentity } from "./process-identity.ts";

export type GatewayOptions = {
  readonly application: ApplicationId;
  readonly token: string;
  /** Asked once, when Discord can be reached. */
  readonly intents: () => Promise<number>;
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

export type { GatewayShard } from "./gateway/shard-set.ts";

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
  /** What Discord last said of how many sessions may begin, less those begun since; null: nothing yet. */
  identifies(): GatewayInformation["limit"] | null;
  /** False: no such shard here, its queue is full, or the payload is too long. */
  send(shard: number, payload: { readonly op: number; readonly d: unknown }): boolean;
  /** Everything of `shard` up to `seq` has an outcome. Cheap: call it as often as it changes. */
  settle(shard: number, seq: number): void;
};

/**
 * Without Message Content, members' messages come without text unless they address the bot. Without Server Members nobody tells
 * who joins. Asking for one that the Developer Portal does not grant ends the bot. Typing is told of all of a shard's servers or
 * of none: an intent is fixed when the session begins.
 */
export function intentsFor(granted: {
  readonly messageContent: boolean;
  readonly members: boolean;
  readonly typing: boolean;
}): number {
  return (
    GatewayIntentBits.Guilds |
    GatewayIntentBits.GuildMessages |
    GatewayIntentBits.DirectMessages |
    GatewayIntentBits.AutoModerationExecution |
    (granted.messageContent ? GatewayIntentBits.MessageContent : 0) |
    (granted.members ? GatewayIntentBits.GuildMembers : 0) |
    (granted.typing ? GatewayIntentBits.GuildMessageTyping | GatewayIntentBits.DirectMessageTyping : 0)
  );
}

const RETRY_MS_MAX = 30_000;
const STOP_MS = 5_000;
const KEPT_SHARE_MAX = 1.5;
const TOKEN_CHECK_MS = 5_000;
const SWITCH_LOOK_MS = 1_000;
/** Shards of the old count are told upward by numbers from here on, so that they are not taken for the new ones. */
const OLD_FROM = 65_536;

export function createGateway(options: GatewayOptions): Gateway {
  const { application, store, clock, logger, events } = options;
  const source = createInformation(options.fetchInformation, options.gatewayUrl, clock);
  const holder = options.holder ?? newProcessIdentity(clock);
  const stopping = new AbortController();
  let current: ShardSet | null = null;
  let old: ShardSet | null = null;
  let timer: Timer | null = null;
  let tokenCheck: Timer | null = null;
  let draining = false;
  let refused = false;

  /** A dead token is dead for all shards and for every kind of call: one message, and the leases are free for others. */
  function refuseToken(shard: number): void {
    if (refused) return;
    refused = true;
    stopping.abort();
    timer?.cancel();
    tokenCheck?.cancel();
    for (const set of [current, old]) set?.abandon();
    events.fatal(shard, { code: 4004, message: adviceFor(4004) });
  }

  /** Discord's answer about the gateway, wherever it is asked for: a refused token ends this bot here. */
  async function information(): Promise<GatewayInformation> {
    try {
      return await source.get();
    } catch (error) {
      if (current !== null && isRefusedToken(error)) refuseToken(0);
      throw error;
    }
  }

  function checkToken(): void {
    if (options.isTokenRefused?.()) refuseToken(0);
    else tokenCheck = clock.after(TOKEN_CHECK_MS, checkToken);
  }

  async function informed(): Promise<GatewayInformation | null> {
    for (let attempt = 0; !stopping.signal.aborted; attempt++) {
      try {
        return await source.get();
      } catch (error) {
        if (isRefusedToken(error)) throw new AppError("unauthorized", adviceFor(4004), { cause: error });
        logger.warn(
          { error, attempt, todo: "check this machine's way to Discord; it is tried again by itself" },
          "gateway-information-unavailable",
        );
        const waitMs = Math.min(RETRY_MS_MAX, 1_000 * 2 ** attempt) * (0.5 + 0.5 * clock.chance());
        await clock.sleep(waitMs, stopping.signal).catch(() => {});
      }
    }
    return null;
  }

  /** The rows of this bot, of every number of shards. */
  async function allRows(): Promise<readonly ShardRow[]> {
    const rows = await store.list().catch(() => []);
    return rows.filter((row) => applicationOf(row.application) === application);
  }

  function open(shards: number, leaseKey: ApplicationId, resumeOnly: boolean, intents: number): ShardSet {
    const from = resumeOnly ? OLD_FROM : 0;
    return createShardSet({
      application,
      leaseKey,
      shards,
      shardsMax: options.shardsMax ?? shards,
      resumeOnly,
      token: options.token,
      intents,
      ...(options.presence === undefined ? {} : { presence: options.presence }),
      open: options.open ?? webSocketOpener(options.compression, clock),
      frontDoorOnly: options.gatewayUrl !== null,
      holder,
      store,
      clock,
      logger,
      information,
      spent: () => source.spent(),
      handedOver: (shard) => options.handedOver?.(shard + from),
      events: {
        dispatch: (dispatch) => events.dispatch(from === 0 ? dispatch : { ...dispatch, shard: dispatch.shard + from }),
        state: (shard, state) => {
          if (!resumeOnly) events.state(shard, state);
        },
        fatal(shard, problem) {
          if (problem.code === 4004) refuseToken(shard);
          else if (!resumeOnly) events.fatal(shard, problem);
        },
      },
    });
  }

  /** Looks whether the new number of shards is up everywhere, and then ends what is left of the old one. */
  async function look(): Promise<void> {
    try {
      if (old !== null && current !== null && isUp(await store.list(current.leaseKey), current.shards, clock.now())) {
        const ending = old;
        await ending.retire();
        old = null;
        logger.info({ from: ending.shards, to: current.shards }, "shards-switched");
        return;
      }
    } catch (error) {
      logger.debug({ error }, "shards-not-looked-at");
    }
    if (!draining && !refused && old !== null) timer = clock.after(SWITCH_LOOK_MS, () => void look());
  }

  function drain(): void {
    draining = true;
    timer?.cancel();
    tokenCheck?.cancel();
    stopping.abort();
    for (const set of [current, old]) set?.drain();
  }

  const setOf = (shard: number) => (shard >= OLD_FROM ? old : current);

  return {
    async start() {
      const answer = await informed();
      if (answer === null) return;
      const [intents, rows] = await Promise.all([options.intents(), allRows()]);
      const shards = options.shards ?? keptCount(rows, answer.shards);
      if (draining) return;
      current = open(shards, leaseKeyFor(application, shards, rows, clock.now()), false, intents);
      const before = oldSetIn(rows, current.leaseKey, shards);
      if (before !== null) {
        logger.info({ from: before.shards, to: shards }, "shards-switching");
        old = open(before.shards, before.leaseKey, true, intents);
        await old.start();
      }
      await current.start();
      checkToken();
      if (old !== null) timer = clock.after(SWITCH_LOOK_MS, () => void look());
    },
    drain,
    async stop(deadlineMs = STOP_MS) {
      drain();
      await Promise.all([current, old].map((set) => set?.stop(deadlineMs)));
    },
    shards: () => current?.list() ?? [],
    shardCount: () => current?.shards ?? null,
    identifies: () => source.known()?.limit ?? null,
    send: (shard, payload) => current?.send(shard, payload) ?? false,
    settle: (shard, seq) => setOf(shard)?.settle(shard % OLD_FROM, seq),
  };
}

/**
 * Every session dies with another number of shards. A recommendation that grew by less than half can wait: it means about
 * 1,000 guilds a shard, and a shard may hold 2,500.
 */
function keptCount(rows: readonly ShardRow[], recommended: number): number {
  const counts = new Set(rows.filter((row) => row.session !== null).map((row) => row.shards));
  const [kept] = counts;
  if (kept === undefined || counts.size > 1) return recommended;
  return kept <= recommended && recommended <= kept * KEPT_SHARE_MAX ? kept : recommended;
}

/**
 * Under which name a set's leases are kept: the bot's own, or one with the number of shards while another number still lives
 * under the bot's own, so that both can be held at once.
 */
function leaseKeyFor(
  application: ApplicationId,
  shards: number,
  rows: readonly ShardRow[],
  nowMs: number,
): ApplicationId {
  const tagged = taggedKey(application, shards);
  const alive = (row: ShardRow) => row.session !== null || (row.holder !== null && row.untilMs > nowMs);
  if (rows.some((row) => row.application === tagged && alive(row))) return tagged;
  return rows.some((row) => row.application === application && row.shards !== shards && alive(row))
    ? tagged
    : application;
}

/** The set with the most sessions that can be resumed, beside the one that is to be. */
function oldSetIn(
  rows: readonly ShardRow[],
  currentKey: ApplicationId,
  currentShards: number,
): { readonly leaseKey: ApplicationId; readonly shards: number } | null {
  const sessions = new Map<string, { leaseKey: ApplicationId; shards: number; count: number }>();
  for (const row of rows) {
    if (row.session === null || row.application === currentKey || row.shards === currentShards) continue;
    const name = `${row.application}/${row.shards}`;
    const set = sessions.get(name) ?? { leaseKey: row.application, shards: row.shards, count: 0 };
    set.count++;
    sessions.set(name, set);
  }
  return [...sessions.values()].sort((a, b) => b.count - a.count)[0] ?? null;
}

/** Every shard of this number is held by somebody and has its session. */
function isUp(rows: readonly ShardRow[], shards: number, nowMs: number): boolean {
  const up = rows.filter(
    (row) => row.shards === shards && row.session !== null && row.holder !== null && row.untilMs > nowMs,
  );
  return up.length >= shards;
}
