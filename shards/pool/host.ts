/** The options of a worker's supervisor, and the calls it makes to its pool. */
import type { Clock } from "../../src/clock.ts";
import type { Logger } from "../../src/logger.ts";
import type { Outcome, OutcomeKind } from "../../src/record.ts";
import type { PortReply, PortRequest } from "../../src/worker-door.ts";
import type { ShardSource } from "../border/protocol.ts";
import type { OutcomeCount } from "../outcome-counts.ts";
import type { Entry } from "./entry.ts";

export type SupervisorHost = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly sources: () => readonly ShardSource[];
  serve(request: PortRequest): Promise<PortReply>;
  count(kind: OutcomeKind, reason: string): OutcomeCount;
  settle(source: number, token: number): void;
  /** The end of a message that waited: silent, or it would have had to be read, and nobody can any more. */
  waited(source: number, token: number, isSilent: boolean): void;
  /** Called when a run of `settle` is over. */
  settled(): void;
  /** The end of something held. Null: not a message. */
  ended(entry: Entry, outcome: Outcome | null): void;
  /** It killed `DEATHS_MAX` workers. */
  parked(entry: Entry): void;
  /** The first word of a worker that lives. */
  ready(worker: number): void;
};

export type SupervisorOptions = {
  readonly worker: number;
  readonly entry: string | URL;
  readonly config: unknown;
  readonly ringBytes: number;
  readonly stallMs: number;
  readonly host: SupervisorHost;
};
