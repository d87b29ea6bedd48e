/**
 * One connection to PostgreSQL: a postgres.js client that lives exactly as long as its one socket.
 *
 * postgres.js would reconnect by itself. But a client whose backend died in the middle of a transaction may write to a
 * socket that is gone (a throw outside any promise, which ends the process), keep bytes of the old session, or run the
 * rest of a transaction outside of it. So a lost client is never used again: the pool makes a new one.
 */
import { Socket } from "node:net";
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { cleanText } from "../../../drizzle/columns.ts";
import { AppError } from "../../errors.ts";
import { bounds } from "../../policy.ts";

export type Db = PostgresJsDatabase;

export type Connection = {
  readonly db: Db;
  /** One statement; answers its command tag. Sent at once, behind what was sent before it: nothing needs to be waited for in between. */
  command(statement: string, parameters?: readonly unknown[]): Promise<string>;
  /** The same for a statement whose rows are wanted, by their columns' names. */
  rows(statement: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
  readonly lost: boolean;
  /** Settles as `work` does, but rejects at once when the connection is lost. Keeps nothing of what has settled. */
  unlessLost<T>(work: Promise<T>): Promise<T>;
  /** Refuses every further statement, until `reset`. */
  stop(): void;
  /** Ends what a stopped job left open, once the server has answered all of it. */
  reset(): Promise<void>;
  /** Lets go at once, even of a running query. */
  end(): void;
};

type Row = Readonly<Record<string, unknown>>;

/** Where the server is told to stop by itself, so that a slow statement costs no connection. */
const STATEMENT_MS_MAX = bounds.postgres.deadlineMs - 100;
const LOCK_MS_MAX = 1_000;
const IDLE_IN_TRANSACTION_MS_MAX = 5_000;

export function openConnection(url: string): Connection {
  /** What is in progress. One promise of the loss, raced with each call, would keep every result for as long as the connection lives. */
  const waiting = new Set<(loss: AppError) => void>();
  let lost = false;
  let stopped = false;
  let socket: Socket | null = null;

  function lose(): void {
    if (lost) return;
    lost = true;
    for (const reject of waiting) reject(lossOf());
    waiting.clear();
  }

  async function unlessLost<T>(work: Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    work.then(resolve, reject);
    if (lost) reject(lossOf());
    waiting.add(reject);
    try {
      return await promise;
    } finally {
      waiting.delete(reject);
    }
  }

  const options = {
    max: 1,
    fetch_types: false,
    idle_timeout: undefined,
    max_lifetime: null,
    connect_timeout: bounds.postgres.deadlineMs / 1_000,
    onnotice: () => {},
    onclose: lose,
    connection: {
      application_name: "gatehouse",
      TimeZone: "UTC",
      DateStyle: "ISO",
      statement_timeout: STATEMENT_MS_MAX,
      lock_timeout: LOCK_MS_MAX,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS_MAX,
    },
    // Not in postgres.js's types: it asks this for a socket whenever it wants to connect.
    socket(target: Target) {
      if (socket !== null || lost) {
        lose();
        throw lossOf();
      }
      socket = open(target);
      socket.once("close", lose);
      return socket;
    },
  };
  const client = postgres(url, options);

  function send(statement: string, parameters: readonly unknown[] = []) {
    // From here to the socket there are only microtasks, so the connection cannot be lost in between.
    if (lost) throw lossOf();
    if (stopped) throw new AppError("timeout", "PostgreSQL did not answer in time", { retryable: false });
    const clean = parameters.map((value) => (typeof value === "string" ? cleanText(value) : value));
    return withoutHoles(client.unsafe(inOnePiece(statement), clean as never[], { prepare: true }));
  }

  // drizzle needs no more of a client than this; it would build its own transactions on postgres.js's.
  const door = { options: client.options, unsafe: send } as unknown as typeof client;
  return {
    db: drizzle({ client: door }),
    command: async (statement, parameters) => (await send(statement, parameters)).command,
    rows: async (statement, parameters) => await send(statement, parameters),
    unlessLost,
    stop() {
      stopped = true;
    },
    async reset() {
      stopped = false;
      // Outside of a transaction it is only a notice.
      await send("rollback");
    },
    get lost() {
      return lost;
    },
    end() {
      lose();
      client.end({ timeout: 0 }).catch(() => {});
      socket?.destroy();
    },
  };
}

/**
 * The same text. drizzle puts it together from a hundred pieces, postgres.js keeps it for as long as the connection, and JavaScriptCore keeps
 * the pieces until a letter is asked for; an answer that nobody used would be optimised away.
 */
function inOnePiece(text: string): string {
  return text.charCodeAt(0) > 0 ? text : "";
}

function lossOf(): AppError {
  return new AppError("unavailable", "the connection to PostgreSQL was lost");
}

/**
 * postgres.js goes on counting where a statement failed amid its rows (a time-out, say), so that the next result on the connection begins
 * with as many holes: a session or a setting that is there would seem to be none. Not in postgres.js's types: it hands each result to this.
 * Source: https://github.com/porsager/postgres/issues/1181
 */
function withoutHoles<T extends Promise<unknown>>(query: T): T {
  const settles = query as unknown as { resolve(result: unknown): void };
  const { resolve } = settles;
  settles.resolve = (result) => {
    if (Array.isArray(result)) {
      let holes = 0;
      while (holes < result.length && !(holes in result)) holes++;
      result.splice(0, holes);
    }
    resolve(result);
  };
  return query;
}

type Target = {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path: string | false | undefined;
};

/** Which of several hosts is next. */
let turn = 0;

function open({ host, port, path }: Target): Socket {
  const socket = new Socket();
  socket.setNoDelay(true);
  if (path) return socket.connect(path);
  const which = turn++ % host.length;
  // postgres.js reads both for TLS's server name and for its messages.
  Object.assign(socket, { host: host[which], port: port[which] });
  return socket.connect(port[which] ?? 5432, host[which] ?? "localhost");
}
