/**
 * The store's own pool: a few connections, each lent to one call at a time, replaced as soon as one fails.
 *
 * A call settles within its deadline (policy.ts), the wait for a connection included. Past it its connection gets the rest of the
 * time that a statement may take, in the background: a server that is only slow has answered by then, and is spared a new
 * connection, of which an overloaded one would have to make more and more. Then it is ended, and its lane gets a new one. What the server rolled back, and what was lost before it was sent, is run
 * again. A write whose answer was lost is run again too, with the same `attempt` id: the store's methods find by it, or
 * by their natural key, what the first run left. If time runs out before, the error says `unknown-outcome`.
 */
import type { SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import { createOutage } from "../../outage.ts";
import { bounds, createPolicy, type Policy } from "../../policy.ts";
import { type Connection, type Db, openConnection } from "./connection.ts";
import { connectionSurvives, failure, isServerAway } from "./failures.ts";

export type Pool = {
  read<T>(work: (db: Db) => Promise<T>): Promise<T>;
  /** One statement that is a transaction of its own and may be run twice. */
  write<T>(work: (db: Db, attempt: string) => Promise<T>): Promise<T>;
  /** All or nothing; may be run twice. `lock` is a name that nobody else holds meanwhile. */
  transaction<T>(work: (db: Db, attempt: string, last: Last) => Promise<T>, lock?: string): Promise<T>;
  /** A transaction that may take a minute, or as long as migrations do. */
  longTransaction<T>(work: (db: Db, attempt: string) => Promise<T>, bound?: "postgresLong" | "migrations"): Promise<T>;
  /** Connections, those that are lent now, and calls that wait for one. */
  load(): { readonly connections: number; readonly busy: number; readonly waiting: number };
  /** Ends every connection; calls in progress get until their deadline. */
  close(): Promise<void>;
};

/**
 * Sends a transaction's last statements, one behind the other, with the commit behind them, so that all are one trip; the last one's rows by
 * the columns' names. Where one fails, PostgreSQL makes a rollback of the commit.
 */
export type Last = (...statements: readonly SQL[]) => Promise<readonly Readonly<Record<string, unknown>>[]>;

const dialect = new PgDialect();

/** Calls that wait for a connection; more are refused at once. */
const WAITING_CALLS_MAX = 1_000;
/** An answer that lies in the socket is read, though the deadline's timer came first. */
const RECOVERY_MS_MIN = 250;

export function createPool(options: {
  readonly url: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly connections: number;
}): Pool {
  const { url, clock, logger } = options;
  const policy = createPolicy("PostgreSQL", bounds.postgres, isServerAway);
  const longPolicies = {
    postgresLong: createPolicy("PostgreSQL", bounds.postgresLong),
    migrations: createPolicy("PostgreSQL", bounds.migrations),
  };
  const lanes = createLanes(url, options.connections, clock);

  /** A server that never answered is no outage: the error tells the starting process. */
  let reached = false;
  const outage = createOutage({ began: "store-away", ended: "store-back" }, { clock, logger });

  async function run<T>(by: Policy, mode: "read" | "write", job: (connection: Connection, sent: Sent) => Promise<T>) {
    const sent: Sent = { unanswered: false };
    try {
      const result = await by.run(async ({ signal }) => lanes.lend(signal, (connection) => job(connection, sent)));
      reached = true;
      outage.worked();
      return result;
    } catch (error) {
      if (reached && error instanceof AppError && isAway(error)) outage.failed(error);
      if (mode === "write" && sent.unanswered && error instanceof AppError && isAway(error)) {
        throw new AppError("unknown-outcome", "PostgreSQL's answer to a write was lost", { cause: error });
      }
      throw error;
    }
  }

  function transact<T>(
    by: Policy,
    setup: readonly Statement[],
    work: (db: Db, attempt: string, last: Last) => Promise<T>,
  ) {
    const attempt = clock.id();
    return run(by, "write", async (connection, sent) => {
      const before = sent.unanswered;
      let ended: Promise<string> | null = null;
      function commit(): Promise<string> {
        sent.unanswered = true;
        ended = connection.command("commit");
        ended.catch(() => {});
        return ended;
      }
      let result: T;
      try {
        // Not waited for: what comes next is sent behind them, and fails where they do.
        const begun = ["begin", ...setup].map((one) =>
          typeof one === "string" ? connection.command(one) : connection.command(one.statement, one.parameters),
        );
        for (const one of begun) one.catch(() => {});
        result = await work(connection.db, attempt, async (...statements) => {
          const sent = statements.map((one) => {
            const { sql, params } = dialect.sqlToQuery(one);
            return connection.rows(sql, params);
          });
          void commit();
          // The first to fail says why: those behind it are refused for its sake.
          return (await Promise.all(sent)).at(-1) ?? [];
        });
        await Promise.all(begun);
      } catch (error) {
        if (!connection.lost && connectionSurvives(error)) {
          await connection.command("rollback");
          // What failed was said by the server, so nothing of it happened.
          sent.unanswered = before;
        }
        throw error;
      }
      const tag = await (ended ?? commit());
      sent.unanswered = before;
      if (tag !== "COMMIT") throw new Error("a transaction went on after one of its statements had failed");
      // An earlier run whose answer was lost is settled by this one.
      sent.unanswered = false;
      return result;
    });
  }

  return {
    read: (work) => run(policy, "read", (connection) => work(connection.db)),
    write(work) {
      const attempt = clock.id();
      return run(policy, "write", async (connection, sent) => {
        const before = sent.unanswered;
        sent.unanswered = true;
        try {
          const result = await work(connection.db, attempt);
          sent.unanswered = false;
          return result;
        } catch (error) {
          if (!connection.lost && connectionSurvives(error)) sent.unanswered = before;
          throw error;
        }
      });
    },
    transaction: (work, lock) => transact(policy, lock === undefined ? [] : [lockOf(lock)], work),
    longTransaction: (work, bound = "postgresLong") =>
      transact(
        longPolicies[bound],
        [`set local statement_timeout = ${bounds[bound].deadlineMs}`, "set local lock_timeout = 0"],
        work,
      ),
    load: () => lanes.load(),
    close: () => lanes.close(),
  };
}

type Statement = string | { readonly statement: string; readonly parameters: readonly unknown[] };

/** Held until the transaction ends. */
function lockOf(name: string): Statement {
  return { statement: "select pg_advisory_xact_lock(hashtextextended($1, 0))", parameters: [name] };
}

/** Whether something was sent that may have happened, and nobody said so. */
type Sent = { unanswered: boolean };

function isAway(error: AppError): boolean {
  return error.kind === "timeout" || error.kind === "unavailable" || error.kind === "overloaded";
}

// — lanes: a connection each, lent to one call at a time ——————————————————————

type Lane = { connection: Connection | null };
type Waiter = { readonly take: (lane: Lane) => void; readonly refuse: (error: Error) => void };

function createLanes(url: string, count: number, clock: Clock) {
  const free: Lane[] = Array.from({ length: count }, () => ({ connection: null }));
  const waiting = new Set<Waiter>();
  const lent = new Set<Lane>();
  const idle = Promise.withResolvers<void>();
  let closed = false;

  function acquire(signal: AbortSignal): Promise<Lane> {
    if (closed) return Promise.reject(new AppError("unavailable", "the store is closed", { retryable: false }));
    // The last one back is the likeliest to be connected.
    const lane = free.pop();
    if (lane !== undefined) return Promise.resolve(lane);
    if (waiting.size >= WAITING_CALLS_MAX) {
      return Promise.reject(new AppError("overloaded", `${WAITING_CALLS_MAX} calls wait for PostgreSQL already`));
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { take: resolve, refuse: reject };
      waiting.add(waiter);
      signal.addEventListener(
        "abort",
        () => {
          if (waiting.delete(waiter))
            reject(new AppError("overloaded", "no connection to PostgreSQL came free in time"));
        },
        { once: true },
      );
    });
  }

  function release(lane: Lane): void {
    lent.delete(lane);
    if (lane.connection?.lost) lane.connection = null;
    if (closed) {
      lane.connection?.end();
      if (lent.size === 0) idle.resolve();
      return;
    }
    const [next] = waiting;
    if (next === undefined) {
      free.push(lane);
      return;
    }
    waiting.delete(next);
    lent.add(lane);
    next.take(lane);
  }

  async function lend<T>(signal: AbortSignal, job: (connection: Connection) => Promise<T>): Promise<T> {
    const lane = await acquire(signal);
    lent.add(lane);
    if (lane.connection?.lost) lane.connection = null;
    const { promise: expiry, reject: expire } = Promise.withResolvers<never>();
    const onAbort = () => expire(new AppError("timeout", "PostgreSQL did not answer in time", { retryable: false }));
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    const beganAtMs = performance.now();
    let work: Promise<T> | null = null;
    try {
      const fresh = lane.connection === null;
      const connection = lane.connection ?? openConnection(url);
      lane.connection = connection;
      // Asked once, so that a write is only ever sent to a server that is there.
      work = fresh ? connection.command("select 1").then(() => job(connection)) : job(connection);
      const result = await Promise.race([connection.unlessLost(work), expiry]);
      release(lane);
      return result;
    } catch (error) {
      if (signal.aborted && work !== null) void recover(lane, work, beganAtMs).then(() => release(lane));
      else {
        if (!connectionSurvives(error)) drop(lane);
        release(lane);
      }
      throw failure(error);
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Waits for what a call left behind when its time was over, without letting it go on. */
  async function recover(lane: Lane, work: Promise<unknown>, beganAtMs: number): Promise<void> {
    const { connection } = lane;
    if (connection === null) return;
    connection.stop();
    const settled = work.then(
      () => true,
      (error: unknown) => connectionSurvives(error),
    );
    const kept = settled.then(async (survives) => {
      if (survives) await connection.reset();
      return survives;
    });
    const { promise: overdue, resolve } = Promise.withResolvers<boolean>();
    const leftMs = Math.max(RECOVERY_MS_MIN, beganAtMs + bounds.postgres.deadlineMs - performance.now());
    const timer = clock.after(leftMs, () => resolve(false));
    if (!(await Promise.race([connection.unlessLost(kept), overdue]).catch(() => false))) drop(lane);
    timer.cancel();
  }

  function drop(lane: Lane): void {
    lane.connection?.end();
    lane.connection = null;
  }

  return {
    lend,
    load: () => ({ connections: count, busy: lent.size, waiting: waiting.size }),
    async close() {
      if (closed) return idle.promise;
      closed = true;
      for (const waiter of waiting) waiter.refuse(new AppError("unavailable", "the store is closed"));
      waiting.clear();
      for (const lane of free.splice(0)) lane.connection?.end();
      if (lent.size === 0) idle.resolve();
      await idle.promise;
    },
  };
}
