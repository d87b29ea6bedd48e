/**
 * A PostgreSQL for who has none: real binaries from npm, run under the data folder, so that there is one SQL path.
 *
 * The server is a process of its own, which a kill of ours leaves running: the next start finds it by its pid file and
 * goes on with it. Several of our processes may use one; the last one out stops it, also where it exits in a hurry.
 * Started and stopped by main.ts.
 */
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Clock, systemClock } from "../clock.ts";
import type { Logger } from "../logger.ts";
import { findHome } from "./embedded/account.ts";
import { findPrograms } from "./embedded/binaries.ts";
import {
  askToStop,
  findRunning,
  isRunning,
  makeCluster,
  startCluster,
  stopCluster,
  urlOf,
} from "./embedded/cluster.ts";
import { alone, countUsers, hold, register } from "./embedded/users.ts";

/** How soon a lost server is missed. */
const WATCH_MS = 500;

export type Embedded = {
  /** For `createSqlStore`; holds the password. */
  readonly url: string;
  /** Stops the server unless another process uses it. The second call does nothing. */
  stop(): Promise<void>;
};

/** Throws AppError that says what to do when PostgreSQL cannot run here. */
export async function startEmbedded(options: {
  readonly dataDir: string;
  readonly logger: Logger;
  readonly clock?: Clock;
}): Promise<Embedded> {
  const { dataDir, logger, clock = systemClock } = options;
  const { cluster, account } = findHome(dataDir, logger);
  const programs = findPrograms(account, copyPlaces(cluster, account.spawn.uid !== undefined), logger);

  const findOrStart = async (known: number | null) => {
    const startedAtMs = clock.now();
    const found = await findRunning(cluster, clock);
    const running = found ?? (await startCluster(cluster, account, programs, clock, known));
    const ms = clock.now() - startedAtMs;
    logger.info({ port: running.port, pid: running.pid, ms }, found ? "embedded-adopted" : "embedded-started");
    return running;
  };
  const { port, leave } = await alone(cluster, clock, async () => {
    await makeCluster(cluster, account, programs, clock, logger);
    const running = await findOrStart(null);
    return { port: running.port, leave: register(cluster, clock) };
  });

  let stopped = false;
  let watch = clock.after(WATCH_MS, look);

  /** A server that was killed (out of memory, an operator's mistake) is started again, where it was. */
  function look(): void {
    const restart = async () => {
      if (stopped || isRunning(cluster)) return;
      logger.error({ cluster }, "embedded-lost");
      const again = await findOrStart(port);
      if (again.port !== port) logger.error({ port, now: again.port }, "embedded-moved");
    };
    const next = () => {
      if (!stopped) watch = clock.after(WATCH_MS, look);
    };
    if (isRunning(cluster)) next();
    else {
      alone(cluster, clock, restart)
        .catch((error: unknown) => logger.error({ error }, "embedded-not-restarted"))
        .finally(next);
    }
  }

  /** Who exits without having stopped can still ask. A user that comes in this moment misses the server, and starts it again. */
  function exiting(): void {
    leave();
    if (countUsers(cluster) === 0) askToStop(cluster);
  }
  process.once("exit", exiting);

  return {
    url: urlOf(cluster, port),
    async stop() {
      if (stopped) return;
      stopped = true;
      watch.cancel();
      await alone(cluster, clock, async () => {
        leave();
        const others = countUsers(cluster);
        if (others > 0) {
          logger.info({ others }, "embedded-left-running");
          return;
        }
        await stopCluster(cluster, programs, account, clock);
        logger.info({}, "embedded-stopped");
      }).finally(() => process.off("exit", exiting));
    },
  };
}

/** The folder is this process's alone until the returned function is called; null while another process has it. */
export function holdFolder(folder: string, clock: Clock = systemClock): (() => void) | null {
  mkdirSync(folder, { recursive: true });
  return hold(join(folder, "in-use"), clock);
}

/** Never a folder that others may write to: its programs are run. */
function copyPlaces(cluster: string, forAnother: boolean): string[] {
  return forAnother ? ["/var/cache/gatehouse", "/opt/gatehouse"] : [dirname(cluster)];
}
