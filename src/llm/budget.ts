/**
 * What Groq's limits leave us, from the headers of its answers: tokens a minute and requests a day, refilled as time passes.
 *
 * The limits are the organisation's, so other processes draw from the same; each answer's headers put us right again. Answers
 * may take everything, moderation and smart mode only what is above their floor: a busy chat never starves a question.
 */
import type { Clock } from "../clock.ts";
import type { Task } from "../llm.ts";

/** The share of a minute's tokens that each kind of task leaves to the kinds above it. */
const FLOORS: Readonly<Record<Task["task"], number>> = {
  answer: 0,
  summary: 0.1,
  rewrite: 0.1,
  judge: 0.3,
  moderate: 0.4,
  post: 0.5,
};

type Pool = { limit: number; left: number; atMs: number; perMs: number };

export type Budget = {
  /** Milliseconds until a call of so many tokens fits; 0 when it does, and then it is taken. */
  take(task: Task["task"], tokens: number): number;
  learn(headers: Headers): void;
  /** A refusal: nothing goes out until then. */
  pause(ms: number): void;
};

export function createBudget(clock: Clock): Budget {
  let tokens: Pool | null = null;
  let requests: Pool | null = null;
  let pausedUntilMs = 0;

  return {
    take(task, wanted) {
      const now = clock.now();
      if (now < pausedUntilMs) return pausedUntilMs - now;
      const wait = Math.max(missing(tokens, wanted, FLOORS[task], now), missing(requests, 1, 0, now));
      if (wait > 0) return wait;
      if (tokens !== null) tokens.left -= wanted;
      if (requests !== null) requests.left -= 1;
      return 0;
    },
    learn(headers) {
      tokens = learned(headers, "tokens", clock.now()) ?? tokens;
      requests = learned(headers, "requests", clock.now()) ?? requests;
    },
    pause(ms) {
      pausedUntilMs = Math.max(pausedUntilMs, clock.now() + ms);
    },
  };
}

function missing(pool: Pool | null, wanted: number, floor: number, now: number): number {
  if (pool === null) return 0;
  pool.left = Math.min(pool.limit, pool.left + (now - pool.atMs) * pool.perMs);
  pool.atMs = now;
  // A call larger than the pool waits for a full one, not for ever.
  const needed = Math.min(pool.limit, wanted + pool.limit * floor);
  return pool.left >= needed ? 0 : Math.ceil((needed - pool.left) / Math.max(pool.perMs, 1e-9));
}

function learned(headers: Headers, of: "tokens" | "requests", now: number): Pool | null {
  const limit = Number(headers.get(`x-ratelimit-limit-${of}`) ?? Number.NaN);
  const left = Number(headers.get(`x-ratelimit-remaining-${of}`) ?? Number.NaN);
  if (!Number.isFinite(limit) || !Number.isFinite(left) || limit <= 0) return null;
  const resetMs = durationMs(headers.get(`x-ratelimit-reset-${of}`) ?? "");
  const used = limit - left;
  const perMs = used > 0 && resetMs > 0 ? used / resetMs : limit / (of === "tokens" ? 60_000 : 86_400_000);
  return { limit, left, atMs: now, perMs };
}

/** "2m59.56s", "7.66s", "120ms" → milliseconds; 0 for what is not a duration. */
function durationMs(text: string): number {
  let ms = 0;
  for (const [, value, unit] of text.matchAll(/([\d.]+)(ms|s|m|h|d)/g)) {
    const scale = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit ?? "ms"] ?? 0;
    ms += Number(value) * scale;
  }
  return ms;
}
