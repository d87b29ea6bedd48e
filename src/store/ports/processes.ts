/** The processes of a deployment, each as it last said of itself. */

export type ProcessRole = "gateway" | "web" | "jobs";

/** What a process says of itself. */
export type ProcessReport = {
  /** The name under which it holds leases; no other process ever has it. */
  readonly holder: string;
  /** As it stands in its log lines: host and pid. */
  readonly instance: string;
  readonly roles: readonly ProcessRole[];
  readonly version: string;
  readonly startedAtMs: number;
  readonly memoryBytes: number;
  /** Shards that it runs, and how many of them are live. */
  readonly shards: number;
  readonly shardsLive: number;
  /** Messages in progress. */
  readonly open: number;
};

export type ProcessRow = ProcessReport & {
  /** Since it last said so, by the store's clock. */
  readonly silentMs: number;
  /** When somebody asked it to give away what it runs; null: nobody did. */
  readonly drainAskedAtMs: number | null;
};

export type ProcessesStore = {
  /** Says that the process lives, and answers whether it was asked to drain. */
  report(process: ProcessReport): Promise<{ readonly drainAsked: boolean }>;
  /** It ends. */
  leave(holder: string): Promise<void>;
  /** Asks a process to drain; false where there is none of that name. Asked again, it stays asked since the first time. */
  askToDrain(holder: string): Promise<boolean>;
  /** Those that said something within `withinMs`, the eldest first; what has been silent for a day is forgotten. */
  list(withinMs: number): Promise<readonly ProcessRow[]>;
};
