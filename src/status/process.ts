/** A process's report about its gateway: written by shards/, shown by the operator's page and /readyz. */

/**
 * What a gateway, or a shard of it, waits for before it is live. `breaker`: five sessions were begun in ten minutes; `budget`: most of the
 * day's are; `operator`: nothing goes on by itself, the log says what to do.
 */
export type Wait =
  | "workers"
  | "discord"
  | "lease"
  | "next-try"
  | "connection"
  | "hello"
  | "turn"
  | "breaker"
  | "budget"
  | "ready"
  | "resumed"
  | "save"
  | "operator";

/** Of this process; set by the role that runs a gateway in it. */
export type GatewayStatus = {
  readonly application: string;
  /** While it has no shards; null once it has, which wait for themselves. */
  readonly waitsFor: Wait | null;
  readonly shards: readonly {
    /** Of which bot; left out: of the shared one. */
    readonly application?: string;
    readonly shard: number;
    readonly phase: string;
    readonly sinceMs: number;
    /** Null: it is live. */
    readonly waitsFor: Wait | null;
    /** When it waits no more, whatever comes; null: that is not known. */
    readonly waitsUntilMs: number | null;
    readonly latencyMs: number | null;
    readonly lastDispatchAtMs: number | null;
    /** Its session is saved: after a crash the shard's next holder misses nothing. */
    readonly resumable: boolean;
    readonly counts: { readonly identifies: number; readonly resumed: number; readonly zombies: number };
  }[];
  readonly workers: readonly {
    readonly worker: number;
    readonly state: string;
    readonly restarts: number;
    readonly held: number;
    readonly lanes: number;
    readonly shedEvents: number;
  }[];
  readonly messagesIn: number;
  readonly outcomes: readonly { readonly kind: string; readonly reason: string; readonly count: number }[];
};
