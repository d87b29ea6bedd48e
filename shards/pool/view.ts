/** The state of the pool and its workers, for /metrics and the operator's page. */
import type { OutcomeCounts } from "../outcome-counts.ts";
import type { WorkerSupervisor } from "./supervisor.ts";

export type WorkerView = {
  readonly worker: number;
  readonly state: WorkerSupervisor["state"];
  readonly restarts: number;
  readonly ringBytes: number;
  readonly ringFrames: number;
  readonly held: number;
  readonly lanes: number;
  readonly heapBytes: number;
  readonly shedEvents: number;
  /** Messages that had their verdict, since this thread started, or that main proved silent for it. */
  readonly verdicts: number;
  /** Messages of its guilds that main proved silent by itself. */
  readonly proven: number;
  /** Verdicts by latency: bucket i counts up to 2^(i/4) µs. */
  readonly latency: Int32Array;
};

export type PoolMetrics = {
  /** MESSAGE_CREATE dispatches taken in. Equal to the sum of outcomes when nothing is open. */
  messagesIn: number;
  /** Dispatches of any kind. */
  dispatches: number;
  /** Dispatches that no worker wants. */
  ignored: number;
  interactionsIn: number;
  parked: number;
  inboxed: number;
  readonly outcomes: OutcomeCounts;
  workers(): readonly WorkerView[];
};

export function view(worker: WorkerSupervisor, index: number): WorkerView {
  return {
    worker: index,
    state: worker.state,
    restarts: worker.restarts,
    ringBytes: worker.ring.used,
    ringFrames: worker.ring.depth,
    held: worker.held.size,
    lanes: worker.ring.lanes,
    heapBytes: worker.ring.heapBytes,
    shedEvents: worker.shedEvents,
    verdicts: worker.ring.verdicts + worker.quiet.proven,
    proven: worker.quiet.proven,
    latency: worker.ring.latency().map((count, i) => count + (worker.quiet.latency[i] as number)),
  };
}
