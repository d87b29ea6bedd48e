/**
 * May this shard IDENTIFY now? Three answers stand before it: the pace, the breaker, and what is left of the day.
 *
 *   pace     one IDENTIFY in 5 s for each key (shard % max_concurrency), first come first served, in turns that all
 *            processes of the bot take from the store; while the store is away, by this process alone and with jitter
 *   breaker  5 in 10 minutes a shard, counted in the store before it is sent, so that a crash loop is counted too;
 *            its window is longer by the wait for a turn that may lie between the count and the IDENTIFY
 *   budget   below 20 % of session_start_limit only RESUMEs go out: at zero Discord resets the bot's token
 *
 * It is `@discordjs/ws`'s throttler, which also says until when a refusal holds.
 * https://docs.discord.com/developers/events/gateway#session-start-limit-object
 */
import type { IIdentifyThrottler } from "@discordjs/ws";
import type { Clock } from "../../src/clock.ts";
import type { Logger } from "../../src/logger.ts";
import type { Wait } from "../../src/status/process.ts";
import type { GatewayInformation } from "./information.ts";

const BREAKER_IDENTIFIES_MAX = 5;
const BREAKER_MS = 10 * 60_000;
/** How long one that is counted may wait for its turn: ten processes that come at once, or a store that does not answer. */
const TURN_WAIT_MS_MAX = 60_000;
const BREAKER_WINDOW_MS = BREAKER_MS + TURN_WAIT_MS_MAX;
const BUDGET_SHARE_MIN = 0.2;
/** Discord's 5 s and a little, since its clock and the way there are not ours. */
const DISTANCE_MS = 5_250;
/** How late in its turn an IDENTIFY may be at first: later, it could meet the next one's. */
const TURN_LATE_MS = 250;
/** A process or a store that is slower than this is not waited for. */
const TURN_LATE_MS_MAX = 4_000;
const TURN_TRIES_MAX = 4;
/** Long enough for a store that is overloaded; one that is away for longer holds no bot up. */
const UNKNOWN_TURNS_MAX = 8;
/** How far a key's turns are from each other, unless somebody asked for a longer one. */
const PACE_MS = DISTANCE_MS + TURN_LATE_MS;
const RECHECK_MS_MIN = 5_000;
const RECHECK_MS_MAX = 10 * 60_000;

/** Not now: nothing is wrong with the connection, and asking again before `retryAtMs` is of no use. */
export class IdentifyRefused extends Error {
  readonly retryAtMs: number;
  readonly waitsFor: Wait;
  constructor(reason: string, waitsFor: Wait, retryAtMs: number) {
    super(reason);
    this.name = "IdentifyRefused";
    this.waitsFor = waitsFor;
    this.retryAtMs = retryAtMs;
  }
}

export type IdentifyOptions = {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Fresh enough to decide by; `spent` tells it that one of the remaining IDENTIFYs is gone. */
  readonly information: () => Promise<GatewayInformation>;
  readonly spent: () => void;
  /** Counts one in the persisted ledger: null. Where `max` were counted since `sinceMs` it is not: when the oldest of the last `max` was. */
  readonly count: (shard: number, sinceMs: number, max: number) => Promise<number | null>;
  /** Takes the key's next turn among all processes; in how many ms it is. */
  readonly takeTurn: (key: number, paceMs: number) => Promise<number>;
};

/** An IDENTIFY in this process's ledger: when it was counted, then when it went out. */
type Entry = { atMs: number };

export function createIdentifyThrottler(options: IdentifyOptions): IIdentifyThrottler {
  const { clock, logger } = options;
  const turns = new Map<number, Promise<void>>();
  const freeAtMs = new Map<number, number>();
  const ledger = new Map<number, Entry[]>();

  async function decide(shard: number, signal: AbortSignal): Promise<void> {
    checkLocally(shard);
    const { limit } = await options.information();
    const key = shard % limit.concurrency;
    await inTurn(key, signal, async () => {
      const waitMs = (freeAtMs.get(key) ?? 0) - clock.now();
      if (waitMs > 0) await clock.sleep(Math.min(waitMs, PACE_MS), signal);
      await checkBudget();
      signal.throwIfAborted();
      // The store's first query of a process is its slowest: it is not the one that a turn waits for.
      const counted = await checkLedger(shard);
      if (!(await hasTurn(key, signal))) logger.warn({ shard, key }, "identify-without-turn");
      counted.atMs = clock.now();
      freeAtMs.set(key, counted.atMs + PACE_MS);
      options.spent();
    });
  }

  /**
   * Waits for a turn and is not later in it than it lasts: who was too late takes another one, longer by how late it was. A store
   * that fails is asked again, since a slow one fails too. False after the last try: this process keeps its own pace then.
   */
  async function hasTurn(key: number, signal: AbortSignal): Promise<boolean> {
    let lateMsMax = TURN_LATE_MS;
    let unknown = 0;
    for (let late = 0; late < TURN_TRIES_MAX && unknown < UNKNOWN_TURNS_MAX; ) {
      const askedAtMs = clock.now();
      try {
        const waitMs = await options.takeTurn(key, DISTANCE_MS + lateMsMax);
        signal.throwIfAborted();
        if (waitMs > 0) await clock.sleep(waitMs, signal);
        signal.throwIfAborted();
        const lateMs = clock.now() - askedAtMs - waitMs;
        if (lateMs <= lateMsMax) return true;
        lateMsMax = Math.min(TURN_LATE_MS_MAX, 2 * lateMs);
        late += 1;
      } catch (error) {
        signal.throwIfAborted();
        logger.warn({ key, error }, "identify-turn-unknown");
        unknown += 1;
        // Others that cannot ask either do not come at the same instant.
        await clock.sleep(PACE_MS * clock.chance(), signal);
      }
    }
    return false;
  }

  /** Facts of this process cost no query. */
  function checkLocally(shard: number): Entry[] {
    const recent = (ledger.get(shard) ?? []).filter(({ atMs }) => clock.now() - atMs < BREAKER_WINDOW_MS);
    ledger.set(shard, recent);
    if (recent.length >= BREAKER_IDENTIFIES_MAX) throw tripped((recent[0]?.atMs ?? clock.now()) + BREAKER_WINDOW_MS);
    return recent;
  }

  async function checkBudget(): Promise<void> {
    const { limit } = await options.information();
    if (limit.remaining > 0 && limit.remaining >= limit.total * BUDGET_SHARE_MIN) return;
    const waitMs = Math.min(RECHECK_MS_MAX, Math.max(RECHECK_MS_MIN, limit.resetAfterMs));
    throw new IdentifyRefused(
      `only ${limit.remaining} of ${limit.total} session starts are left: sessions are resumed, none is started`,
      "budget",
      clock.now() + waitMs,
    );
  }

  async function checkLedger(shard: number): Promise<Entry> {
    checkLocally(shard);
    const nowMs = clock.now();
    const sinceMs = nowMs - BREAKER_WINDOW_MS;
    const oldestMs = await options.count(shard, sinceMs, BREAKER_IDENTIFIES_MAX).catch((error: unknown) => {
      // An outage of the store is not an outage of the bot: this process's own count still holds.
      logger.warn({ shard, error }, "identify-uncounted");
      return null;
    });
    // One from the future was counted by a clock that went wrong.
    if (oldestMs !== null) throw tripped(Math.min(oldestMs, nowMs) + BREAKER_WINDOW_MS);
    const entry = { atMs: nowMs };
    checkLocally(shard).push(entry);
    return entry;
  }

  function tripped(retryAtMs: number): IdentifyRefused {
    return new IdentifyRefused(
      `${BREAKER_IDENTIFIES_MAX} session starts in ${BREAKER_MS / 60_000} minutes: something keeps ending this shard's sessions`,
      "breaker",
      retryAtMs,
    );
  }

  /** Holders of a key go one after the other; one that gives up lets the next through. */
  async function inTurn(key: number, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    const before = turns.get(key) ?? Promise.resolve();
    const { promise: mine, resolve: release } = Promise.withResolvers<void>();
    const tail = before.then(() => mine);
    turns.set(key, tail);
    try {
      await before;
      signal.throwIfAborted();
      await work();
    } finally {
      release();
      if (turns.get(key) === tail) turns.delete(key);
    }
  }

  return { waitForIdentify: decide };
}
