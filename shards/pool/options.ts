/** What a pool of workers is made of, and what it calls. */
import type { Bus } from "../../src/bus.ts";
import type { Clock } from "../../src/clock.ts";
import type { ApplicationId } from "../../src/ids.ts";
import type { Logger } from "../../src/logger.ts";
import type { Outcome } from "../../src/record.ts";
import type { InboxStore } from "../../src/store/ports/inbox.ts";

export type PoolOptions = {
  readonly workers: number;
  /** Structured-cloneable; each worker builds its services from it. */
  readonly config: unknown;
  readonly logger: Logger;
  /** Ports that workers reach through the border, by name: `hot`, `bus`, `discord:<application>`… */
  readonly ports: Readonly<Record<string, object>>;
  /** Its news is pushed to every worker. */
  readonly bus: Bus;
  readonly inbox: InboxStore;
  /** The shard's new low-water mark. */
  readonly settle: (application: ApplicationId, shard: number, seq: number) => void;
  /** The end of a message that cost something or took long; the others are only counted. */
  readonly onOutcome?: (application: ApplicationId, outcome: Outcome) => void;
  readonly clock?: Clock;
  /** Names this process among those that share the inbox, and tells which of them have ended. */
  readonly holder?: string;
  readonly isDead?: (holder: string) => boolean;
  readonly entry?: string | URL;
  readonly ringBytes?: number;
  /** A worker that shows no sign of life for this long is replaced. */
  readonly stallMs?: number;
};
