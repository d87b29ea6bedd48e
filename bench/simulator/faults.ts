/**
 * Faults on demand. A rule names where it strikes (a REST route, a gateway connection), what happens, and how often.
 *
 * REST, around any route:  latency · slow-body · reset · black-hole · lost-reply (done, but the answer is a reset) ·
 *   status (answers with `status` instead) · rate-limit (a 429 of `scope`) · garbage (200 with a body that is no JSON)
 * Gateway, per connection:  refuse (upgrade answered with `status`) · no-hello · no-ack (zombie) · black-hole (half-open: nothing read, nothing sent) ·
 *   no-ready · no-resumed · invalid-session (op 9, `resumable`) · close (`code`) · garbage (bytes that do not inflate or parse) ·
 *   latency · duplicate · reorder
 */

export const FAULT_KINDS = {
  rest: ["latency", "slow-body", "reset", "black-hole", "lost-reply", "status", "rate-limit", "garbage"],
  gateway: [
    "refuse",
    "no-hello",
    "no-ack",
    "black-hole",
    "no-ready",
    "no-resumed",
    "invalid-session",
    "close",
    "garbage",
    "latency",
    "duplicate",
    "reorder",
  ],
} as const;

export const RATE_LIMIT_SCOPES = ["user", "global", "shared", "bare"] as const;

export type FaultRule = {
  readonly target: "rest" | "gateway";
  readonly kind: (typeof FAULT_KINDS)["rest" | "gateway"][number];
  /** REST: only this method; only this route's template, or its beginning followed by `*`. */
  readonly method?: string;
  readonly route?: string;
  /** Gateway: only this application's, this shard's connections; only at this moment. */
  readonly applicationId?: string;
  readonly shard?: number;
  readonly on?: "identify" | "resume";
  readonly ms?: number;
  readonly status?: number;
  readonly code?: number;
  readonly resumable?: boolean;
  readonly scope?: (typeof RATE_LIMIT_SCOPES)[number];
  /** How often it strikes; left out, until it is taken away. */
  readonly times?: number;
  /** Strikes with this chance, by the seed; left out, always. */
  readonly chance?: number;
};

export type Fault = FaultRule & { readonly id: number; left: number; struck: number };

type FaultPlace = {
  readonly method?: string;
  readonly route?: string | undefined;
  readonly applicationId?: string | undefined;
  readonly shard?: number | undefined;
  readonly on?: "identify" | "resume";
};

export type Faults = {
  readonly add: (rule: FaultRule) => Fault;
  readonly remove: (id: number) => boolean;
  readonly clear: () => void;
  readonly list: () => Fault[];
  /** The first rule of one of `kinds` that fits the place; counts as one strike. */
  readonly strike: (target: Fault["target"], kinds: readonly Fault["kind"][], place: FaultPlace) => Fault | undefined;
};

export function createFaults(seed: number): Faults {
  let faults: Fault[] = [];
  let nextId = 1;
  const random = mulberry32(seed);
  return {
    add(rule) {
      const fault: Fault = { ...rule, id: nextId, left: rule.times ?? Number.POSITIVE_INFINITY, struck: 0 };
      nextId += 1;
      faults.push(fault);
      return fault;
    },
    remove(id) {
      const before = faults.length;
      faults = faults.filter((fault) => fault.id !== id);
      return faults.length < before;
    },
    clear() {
      faults = [];
    },
    list: () => faults,
    strike(target, kinds, place) {
      const fault = faults.find((f) => f.target === target && f.left > 0 && kinds.includes(f.kind) && fits(f, place));
      if (!fault || (fault.chance !== undefined && random() >= fault.chance)) return undefined;
      fault.left -= 1;
      fault.struck += 1;
      return fault;
    },
  };
}

function fits(fault: Fault, place: FaultPlace): boolean {
  if (fault.method !== undefined && fault.method !== place.method) return false;
  if (fault.applicationId !== undefined && fault.applicationId !== place.applicationId) return false;
  if (fault.shard !== undefined && fault.shard !== place.shard) return false;
  if (fault.on !== undefined && fault.on !== place.on) return false;
  if (fault.route === undefined) return true;
  const route = place.route ?? "";
  return fault.route.endsWith("*") ? route.startsWith(fault.route.slice(0, -1)) : route === fault.route;
}

/** A small seeded generator, so that a run with chances can be repeated. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
