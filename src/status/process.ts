/** A process's report about its gateway: written by shards/, shown by the operator's page and /readyz. */

/** Of this process; set by the role that runs a gateway in it. */
export type GatewayStatus = {
  readonly application: string;
  readonly shards: readonly {
    /** Of which bot; left out: of the shared one. */
    readonly application?: string;
    readonly shard: number;
    readonly phase: string;
    readonly sinceMs: number;
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
