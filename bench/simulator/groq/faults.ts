/**
 * Faults on demand for the Groq stand-in: what goes wrong, and for which requests. A rule fires for
 * the next N matching requests, or with a seeded probability, so that a failing run can be repeated.
 */
import type { LimitKind } from "./limits.ts";
import { type ChatRequest, textOf } from "./protocol.ts";

export type GroqFault =
  /** 429 of one kind; `retryAfterS: null` leaves the header out. */
  | { readonly kind: "rate-limit"; readonly of: LimitKind; readonly retryAfterS?: number | null }
  /** 498: the flex tier is full. */
  | { readonly kind: "flex-full" }
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Record<string, string>;
    }
  /** Holds the reply for good at that point; the socket stays open. */
  | { readonly kind: "stall"; readonly at: "before-headers" | "after-headers" | "mid-body" }
  /** Ends the connection with a FIN at that point, the reply unfinished. */
  | { readonly kind: "cut"; readonly at: "before-headers" | "mid-body" }
  /** Ends the connection with a RST before any reply. */
  | { readonly kind: "reset" }
  /** A complete HTTP reply whose JSON stops half-way. */
  | { readonly kind: "truncated-json" }
  /** A complete HTTP reply of 200 that is not JSON. */
  | { readonly kind: "garbage" }
  /** A right envelope, its content text that is not JSON (`"Sure! Here is …"`). */
  | { readonly kind: "garbage-content" }
  /** A right envelope, its content JSON that breaks the schema. */
  | { readonly kind: "off-schema" }
  /** A right envelope without content: `null`, or no choices at all. */
  | { readonly kind: "empty"; readonly choices?: 0 | 1 }
  /** 400 `json_validate_failed`, as when the model did not keep to the schema. */
  | { readonly kind: "json-validate-failed" }
  /** Answers rightly after `ms`. */
  | { readonly kind: "slow"; readonly ms: number }
  /** Answers rightly, the body at this pace. */
  | { readonly kind: "slow-body"; readonly bytesPerSecond: number };

export interface FaultRule {
  readonly fault: GroqFault;
  /** How many requests it hits before it is used up; without it, all. */
  readonly times?: number;
  /** 0..1; drawn from a generator seeded by `seed` (default 1). */
  readonly chance?: number;
  readonly seed?: number;
  readonly model?: string;
  /** Only requests with this text in any message. */
  readonly contains?: string;
  readonly match?: (request: ChatRequest) => boolean;
}

interface Armed {
  readonly rule: FaultRule;
  readonly draw: () => number;
  left: number;
  hits: number;
}

const RULES_MAX = 1000;

export class FaultPlan {
  #armed: Armed[] = [];

  /** Adds a rule; rules are tried in the order they were added, the first that fires wins. */
  add(rule: FaultRule): void {
    if (this.#armed.length >= RULES_MAX) throw new Error(`more than ${RULES_MAX} fault rules`);
    this.#armed.push({ rule, draw: seeded(rule.seed ?? 1), left: rule.times ?? Number.POSITIVE_INFINITY, hits: 0 });
  }

  /** Short form: `fault` for the next `times` requests. */
  next(fault: GroqFault, times = 1): void {
    this.add({ fault, times });
  }

  clear(): void {
    this.#armed = [];
  }

  list(): readonly { readonly rule: FaultRule; readonly hits: number; readonly left: number | null }[] {
    return this.#armed.map(({ rule, hits, left }) => ({ rule, hits, left: Number.isFinite(left) ? left : null }));
  }

  /** The fault for this request, if a rule fires; uses the rule up. */
  pick(request: ChatRequest): GroqFault | undefined {
    for (const armed of this.#armed) {
      if (armed.left <= 0 || !applies(armed.rule, request)) continue;
      if (armed.rule.chance !== undefined && armed.draw() >= armed.rule.chance) continue;
      armed.left -= 1;
      armed.hits += 1;
      return armed.rule.fault;
    }
    return undefined;
  }
}

function applies(rule: FaultRule, request: ChatRequest): boolean {
  const { model, contains, match } = rule;
  if (model !== undefined && request.model !== model) return false;
  if (contains !== undefined && !request.messages.some((message) => textOf(message).includes(contains))) return false;
  return match?.(request) ?? true;
}

/** mulberry32: small, good enough, the same on every machine. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
