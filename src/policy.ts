/**
 * Every deadline and every bound on retries, in one place (cockatiel's policies): the house waits for nobody longer than this.
 *
 *   deadline ⊃ breaker ⊃ retry ⊃ one attempt
 *
 * The deadline covers all attempts and the waits between them. Only what says `retryable` is tried again; the breaker counts
 * only an other side that is away, so that calls fail at once while it is, and one of them looks whether it is back.
 */
import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  type IPolicy,
  noop,
  retry,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from "cockatiel";
import { AppError } from "./errors.ts";

export type Bound = {
  readonly deadlineMs: number;
  readonly retriesMax: number;
  /** The first wait, doubled each time with jitter, up to `waitMsMax`. */
  readonly waitMs: number;
  readonly waitMsMax: number;
  /** After so many failures in a row calls are refused, for `openMs`; then one looks again. */
  readonly breaker: { readonly failures: number; readonly openMs: number } | null;
};

export const bounds = {
  /** A call of the store, with all its statements and attempts. */
  postgres: { deadlineMs: 2_000, retriesMax: 4, waitMs: 25, waitMsMax: 400, breaker: { failures: 8, openMs: 500 } },
  /** Reading a whole knowledge base page by page: long, but not endless. */
  postgresLong: { deadlineMs: 60_000, retriesMax: 2, waitMs: 100, waitMsMax: 1_000, breaker: null },
  /** Rewriting rows of large tables, and the wait for another process that does it. */
  migrations: { deadlineMs: 3_600_000, retriesMax: 2, waitMs: 100, waitMsMax: 1_000, breaker: null },
  /** Hot state is worth no second try: callers go on without. */
  redis: { deadlineMs: 250, retriesMax: 0, waitMs: 0, waitMsMax: 0, breaker: { failures: 8, openMs: 500 } },
  /** One request that Discord lets us repeat; `nonce` makes a message one of those for two minutes. */
  discord: { deadlineMs: 10_000, retriesMax: 2, waitMs: 200, waitMsMax: 2_000, breaker: null },
  /** One call of a model. */
  model: { deadlineMs: 8_000, retriesMax: 1, waitMs: 200, waitMsMax: 1_000, breaker: null },
  /** A moderation verdict; past it the prefilter decides alone. */
  verdict: { deadlineMs: 5_000, retriesMax: 1, waitMs: 100, waitMsMax: 500, breaker: null },
  /** From the trigger to the send; past it the answer is extractive. */
  answer: { deadlineMs: 12_000, retriesMax: 0, waitMs: 0, waitMsMax: 0, breaker: null },
} as const satisfies Record<string, Bound>;

/**
 * What one guild and one person may take of what all share, in one thread. The rest is others', whatever the one does. Plans know
 * nothing of these: they bound a month, these a moment.
 */
export const shares = {
  /** Answers being made, and those that wait for their turn; 4,000 are 20 s of the 200 commands a second an endpoint must take. */
  answers: {
    ...{ atOnce: 48, guildAtOnce: 32, personAtOnce: 2 },
    ...{ waiting: 4_000, guildWaiting: 1_000, personWaiting: 20 },
  },
  /** Questions and considered lines that may reach a model in a minute. */
  model: { guildMinute: 1_200, personMinute: 30 },
  /** Messages whose work goes on (a model, the store): those that come beyond it are dropped, and counted. A raid comes to thousands. */
  held: { guild: 8_192, person: 64 },
} as const;

type Attempt = {
  /** From 0. */
  readonly attempt: number;
  /** Aborted at the deadline: the attempt must then release its resources. */
  readonly signal: AbortSignal;
};

export type Policy = {
  /** Settles within the deadline, even if `work` never does. Throws AppError `timeout` past it, `unavailable` while the breaker is open. */
  run<T>(work: (attempt: Attempt) => Promise<T>): Promise<T>;
};

/** `name` is what error messages call the other side; `counts` which errors the breaker minds. */
export function createPolicy(name: string, bound: Bound, counts: (error: unknown) => boolean = isAway): Policy {
  const deadline = timeout(bound.deadlineMs, TimeoutStrategy.Aggressive);
  const breaker: IPolicy =
    bound.breaker === null
      ? noop
      : circuitBreaker(handleWhen(counts), {
          halfOpenAfter: bound.breaker.openMs,
          breaker: new ConsecutiveBreaker(bound.breaker.failures),
        });
  const retries: IPolicy =
    bound.retriesMax === 0
      ? noop
      : retry(
          handleWhen((error) => error instanceof AppError && error.retryable),
          {
            maxAttempts: bound.retriesMax,
            backoff: new ExponentialBackoff({ initialDelay: bound.waitMs, maxDelay: bound.waitMsMax }),
          },
        );
  const policy = wrap(deadline, breaker, retries);

  return {
    async run(work) {
      let attempt = 0;
      try {
        return await policy.execute(({ signal }) => work({ attempt: attempt++, signal }));
      } catch (error) {
        if (error instanceof TaskCancelledError) {
          throw new AppError("timeout", `${name} did not answer within ${bound.deadlineMs} ms`, { cause: error });
        }
        if (error instanceof BrokenCircuitError) {
          throw new AppError("unavailable", `${name} is away`, { cause: error });
        }
        throw error;
      }
    },
  };
}

function isAway(error: unknown): boolean {
  return error instanceof AppError && (error.kind === "unavailable" || error.kind === "timeout");
}
