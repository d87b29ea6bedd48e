/**
 * Groq's rate limits: four leaky buckets a model (requests and tokens, a minute and a day), refilled
 * continuously, with the headers and the 429 and 413 bodies that go with them.
 * Source: console.groq.com/docs/rate-limits; the refill was read off published replies
 * ("Limit 6000, Used 5034, Requested 1443 … try again in 4.77s" is (5034 + 1443 − 6000) / 6000 of a minute).
 */
import { duration, type GroqError } from "./protocol.ts";

export interface Limits {
  readonly requestsPerMinute: number;
  readonly requestsPerDay: number;
  readonly tokensPerMinute: number;
  readonly tokensPerDay: number;
}

export type LimitKind = keyof Limits;

/** The developer tier of gpt-oss, so that only who asks for small limits meets them. */
const LIMITS: Limits = {
  requestsPerMinute: 1000,
  requestsPerDay: 500_000,
  tokensPerMinute: 250_000,
  tokensPerDay: 1_000_000_000,
};

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const KINDS: Readonly<
  Record<LimitKind, { readonly label: string; readonly type: "requests" | "tokens"; readonly windowMs: number }>
> = {
  requestsPerMinute: { label: "requests per minute (RPM)", type: "requests", windowMs: MINUTE_MS },
  requestsPerDay: { label: "requests per day (RPD)", type: "requests", windowMs: DAY_MS },
  tokensPerMinute: { label: "tokens per minute (TPM)", type: "tokens", windowMs: MINUTE_MS },
  tokensPerDay: { label: "tokens per day (TPD)", type: "tokens", windowMs: DAY_MS },
};

interface Bucket {
  used: number;
  atMs: number;
}

/** The buckets of one organisation, by model. */
export class RateLimits {
  readonly limits: Limits;
  readonly #buckets = new Map<string, Bucket>();

  constructor(limits: Partial<Limits> = {}) {
    this.limits = { ...LIMITS, ...limits };
  }

  /** Takes one request of `tokens` from every bucket, or says which one is too full. */
  take(
    model: string,
    tokens: number,
    nowMs: number,
  ): { readonly refused: GroqError; readonly retryAfterS: number } | undefined {
    const kinds = Object.keys(KINDS) as LimitKind[];
    const impossible = kinds.find((kind) => KINDS[kind].type === "tokens" && tokens > this.limits[kind]);
    if (impossible) {
      return { refused: tooLarge(model, impossible, this.limits[impossible], tokens), retryAfterS: 0 };
    }
    for (const kind of kinds) {
      const requested = KINDS[kind].type === "tokens" ? tokens : 1;
      const limit = this.limits[kind];
      const used = this.#used(model, kind, nowMs);
      if (used + requested > limit) {
        const waitMs = ((used + requested - limit) / limit) * KINDS[kind].windowMs;
        return { refused: tooMany(model, kind, limit, used, requested, waitMs), retryAfterS: Math.ceil(waitMs / 1000) };
      }
    }
    this.#add(model, tokens, 1, nowMs);
    return undefined;
  }

  /** What generation cost on top of the prompt that was taken. */
  spend(model: string, tokens: number, nowMs: number): void {
    this.#add(model, tokens, 0, nowMs);
  }

  /** The six headers of every reply: requests a day, tokens a minute. */
  headers(model: string, nowMs: number): Record<string, string> {
    const requests = this.#used(model, "requestsPerDay", nowMs);
    const tokens = this.#used(model, "tokensPerMinute", nowMs);
    const { requestsPerDay, tokensPerMinute } = this.limits;
    return {
      "x-ratelimit-limit-requests": String(requestsPerDay),
      "x-ratelimit-limit-tokens": String(tokensPerMinute),
      "x-ratelimit-remaining-requests": String(Math.max(0, Math.floor(requestsPerDay - requests))),
      "x-ratelimit-remaining-tokens": String(Math.max(0, Math.floor(tokensPerMinute - tokens))),
      "x-ratelimit-reset-requests": duration((requests / requestsPerDay) * DAY_MS),
      "x-ratelimit-reset-tokens": duration((tokens / tokensPerMinute) * MINUTE_MS),
    };
  }

  #used(model: string, kind: LimitKind, nowMs: number): number {
    const bucket = this.#buckets.get(`${kind} ${model}`);
    if (!bucket) return 0;
    const drained = ((nowMs - bucket.atMs) / KINDS[kind].windowMs) * this.limits[kind];
    bucket.used = Math.max(0, bucket.used - drained);
    bucket.atMs = nowMs;
    return bucket.used;
  }

  #add(model: string, tokens: number, requests: number, nowMs: number): void {
    for (const kind of Object.keys(KINDS) as LimitKind[]) {
      const used = this.#used(model, kind, nowMs);
      const amount = KINDS[kind].type === "tokens" ? tokens : requests;
      this.#buckets.set(`${kind} ${model}`, { used: used + amount, atMs: nowMs });
    }
  }
}

/** The 429 of `kind`, also for faults that pretend it. */
export function tooMany(
  model: string,
  kind: LimitKind,
  limit: number,
  used: number,
  requested: number,
  waitMs: number,
): GroqError {
  const { label, type } = KINDS[kind];
  const message = `Rate limit reached for model \`${model}\` in organization \`org_01standin\` service tier \`on_demand\` on ${label}: Limit ${limit}, Used ${Math.round(used)}, Requested ${requested}. Please try again in ${duration(waitMs)}. Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing`;
  return { status: 429, error: { message, type, code: "rate_limit_exceeded" } };
}

function tooLarge(model: string, kind: LimitKind, limit: number, requested: number): GroqError {
  const { label, type } = KINDS[kind];
  const message = `Request too large for model \`${model}\` in organization \`org_01standin\` service tier \`on_demand\` on ${label}: Limit ${limit}, Requested ${requested}, please reduce your message size and try again. Visit https://console.groq.com/docs/rate-limits for more information.`;
  return { status: 413, error: { message, type, code: "rate_limit_exceeded" } };
}
