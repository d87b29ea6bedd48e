/**
 * What the model's limits leave us, shared by all processes: pools in `hot`, put right by the headers of each answer.
 *
 * The limits are the organisation's, per model. Calls wait for their turn: answers before smart mode before moderation before
 * posts, and of one kind the guild that took least lately, so that one with a hundred questions costs the others nothing.
 * The first in line asks the pools; below a floor of its kind it waits, so that another process's answers find room. Who
 * would have to wait past its deadline is refused at once and falls back. A call that took less than it was taken for gives
 * the rest back. Where hot state is away, the process keeps pools of its own. Source: console.groq.com/docs/rate-limits
 */
import type { Clock, Timer } from "../clock.ts";
import { AppError } from "../errors.ts";
import { type Hot, hotKey, type Level, type Want } from "../hot.ts";
import type { GuildId } from "../ids.ts";
import type { ModelLevel, Task } from "../llm.ts";
import type { Logger } from "../logger.ts";
import { levelsIn, type Pools } from "../pools.ts";
import { createRecent } from "../recent.ts";
import { createTurns } from "./turns.ts";

type Kind = Task["task"];

/** Lower goes first. */
const PRIORITIES: Readonly<Record<Kind, number>> = {
  answer: 0,
  rewrite: 0,
  summary: 1,
  judge: 1,
  moderate: 2,
  post: 3,
};
/** The share of a minute's tokens that each kind leaves to the kinds above it. */
const FLOORS: Readonly<Record<Kind, number>> = {
  answer: 0.02,
  rewrite: 0.02,
  summary: 0.1,
  judge: 0.15,
  moderate: 0.3,
  post: 0.4,
};
/** Share that a guild leaves to the others if it took all of the budget lately; one that took a tenth leaves a tenth of it. */
const HOG_FLOOR = 0.5;
const FLOOR_MAX = 0.7;
const HALF_MS = 30_000;
const GUILDS_MAX = 5_000;
/** Until the limits are known, so many calls of a process go out at once. */
const UNKNOWN_MAX = 4;
const WAITING_MAX = 2_000;
const GUILD_WAITING_MAX = 256;
/** Another process may have given back: it is looked again. */
const LOOK_MS_MAX = 200;
const KEPT_MS = 10 * 60_000;

export type BudgetCall = {
  readonly task: Kind;
  /** As many as it may take at most. */
  readonly tokens: number;
  readonly guild: GuildId | null;
  readonly waitMsMax: number;
};

export type Budget = {
  /** Settles when the call may go out; throws `rate-limited` where that would be too late, `overloaded` where too many wait. */
  pass(call: BudgetCall): Promise<void>;
  /** Result of a call: its headers, and its tokens where they are known. */
  settle(call: BudgetCall, headers: Headers | null, tokensUsed: number | null): Promise<void>;
  /** A refusal: nothing goes out until then. */
  pause(ms: number): Promise<void>;
};

type Waiting = BudgetCall & {
  readonly untilMs: number;
  readonly resolve: () => void;
  readonly reject: (why: AppError) => void;
};

export function createBudget(options: {
  readonly model: string;
  readonly hot: Pick<Hot, "draw" | "fill">;
  /** Of the process, for when the other is away. */
  readonly own: Pick<Hot, "draw" | "fill">;
  readonly clock: Clock;
  readonly logger: Logger;
}): Budget {
  const { hot, own, clock, logger } = options;
  const key = keyOf(options.model);
  const turns = createTurns<Waiting>(Math.max(...Object.values(PRIORITIES)) + 1);
  const uses = createUses(clock);
  let inFlight = 0;
  let pumping = false;
  let wake: (() => void) | null = null;

  async function shared<T>(call: (of: Pick<Hot, "draw" | "fill">) => Promise<T>): Promise<T> {
    try {
      return await call(hot);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      logger.debug({ reason: error.kind }, "model-budget-away");
      return await call(own);
    }
  }

  async function pump(): Promise<void> {
    if (pumping) return;
    pumping = true;
    try {
      for (let next = turns.first(uses.of); next !== null; next = turns.first(uses.of)) {
        const wants = wantsOf(next, uses.share(next.guild) * HOG_FLOOR);
        const wait = await shared((of) => of.draw(key, wants));
        const held = wait === -1 && inFlight >= UNKNOWN_MAX ? LOOK_MS_MAX : Math.max(0, wait);
        if (held > 0 && clock.now() + held > next.untilMs) {
          turns.remove(next);
          next.reject(tooLate(held));
        } else if (held === 0) {
          turns.take(next);
          uses.add(next.guild, next.tokens);
          inFlight++;
          next.resolve();
        } else await nap(Math.min(held, LOOK_MS_MAX));
      }
    } finally {
      pumping = false;
    }
  }

  /** Until then, or until something was given back. */
  function nap(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer: Timer = clock.after(ms, done);
      function done() {
        timer.cancel();
        wake = null;
        resolve();
      }
      wake = done;
    });
  }

  return {
    pass(call) {
      const mine = turns.waiting(call.guild);
      if (turns.size() >= WAITING_MAX || mine >= GUILD_WAITING_MAX) {
        throw new AppError("overloaded", "too many calls wait for the model", { retryable: false });
      }
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const untilMs = clock.now() + call.waitMsMax;
      const waiting: Waiting = { ...call, untilMs, resolve, reject };
      turns.add(waiting, PRIORITIES[call.task], call.guild);
      const late = clock.after(call.waitMsMax, () => {
        turns.remove(waiting);
        reject(tooLate(LOOK_MS_MAX));
      });
      // It may be another's turn now.
      wake?.();
      pump().catch((error: unknown) => {
        logger.error({ error }, "model-budget-failed");
        for (const one of turns.clear()) one.reject(new AppError("unavailable", "the model's budget cannot be asked"));
      });
      return promise.finally(() => late.cancel());
    },

    async settle(call, headers, tokensUsed) {
      inFlight = Math.max(0, inFlight - 1);
      const levels = headers === null ? [] : levelsOf(headers, call.tokens - (tokensUsed ?? call.tokens));
      if (levels.length > 0) await shared((of) => of.fill(key, levels, 0, KEPT_MS));
      wake?.();
    },

    pause: (ms) => shared((of) => of.fill(key, [], Math.ceil(ms), KEPT_MS)),
  };
}

/**
 * Tokens that each guild took lately, halved every half minute. `share`: its part of all of them, 0 where it is the only one;
 * a guild that takes most leaves a part of the pool to those who ask now and then.
 */
function createUses(clock: Clock) {
  const held = createRecent<string, { tokens: number; atMs: number }>(GUILDS_MAX);
  let all = { tokens: 0, atMs: 0 };
  const decayed = (use: { readonly tokens: number; readonly atMs: number }, now: number) =>
    use.tokens * 0.5 ** ((now - use.atMs) / HALF_MS);
  const of = (guild: GuildId | null) => {
    const use = held.get(guild ?? "");
    return use === undefined ? 0 : decayed(use, clock.now());
  };
  return {
    of,
    share: (guild: GuildId | null) => {
      const total = decayed(all, clock.now());
      return total < 1 || held.size < 2 ? 0 : Math.min(1, of(guild) / total);
    },
    add(guild: GuildId | null, tokens: number) {
      const now = clock.now();
      held.set(guild ?? "", { tokens: of(guild) + tokens, atMs: now });
      all = { tokens: decayed(all, now) + tokens, atMs: now };
    },
  };
}

/** For `/metrics`: what is left of these models' limits; a model that nobody asked yet is left out. */
export async function levelsLeft(
  hot: Pick<Hot, "get">,
  models: Iterable<string>,
  nowMs: number,
): Promise<readonly ModelLevel[]> {
  const found = [...new Set(models)].map(async (model) => {
    const text = await hot.get(keyOf(model));
    if (text === null) return [];
    return levelsIn(JSON.parse(text) as Pools, nowMs).map((level) => ({ model, ...level }));
  });
  return (await Promise.all(found)).flat();
}

function keyOf(model: string): string {
  return hotKey("global", "model", model.replaceAll(":", "_"));
}

function wantsOf({ task, tokens }: BudgetCall, hogFloor: number): readonly Want[] {
  return [
    { pool: "tokens", amount: tokens, floor: Math.min(FLOOR_MAX, FLOORS[task] + hogFloor) },
    { pool: "requests", amount: 1, floor: 0 },
  ];
}

function tooLate(ms: number): AppError {
  const message = `the model's limit is used up for ${ms} ms`;
  return new AppError("rate-limited", message, { retryable: false, retryAfterMs: ms });
}

/** `x-ratelimit-*`: requests a day, tokens a minute. */
function levelsOf(headers: Headers, tokensBack: number): readonly Level[] {
  const read = (of: "tokens" | "requests", windowMs: number, back: number): readonly Level[] => {
    const limit = Number(headers.get(`x-ratelimit-limit-${of}`) ?? Number.NaN);
    const left = Number(headers.get(`x-ratelimit-remaining-${of}`) ?? Number.NaN);
    if (!Number.isFinite(limit) || !Number.isFinite(left) || limit <= 0) return [];
    return [{ pool: of, limit, left, perMs: limit / windowMs, back }];
  };
  return [...read("tokens", 60_000, Math.max(0, tokensBack)), ...read("requests", 86_400_000, 0)];
}
