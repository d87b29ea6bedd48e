/**
 * Imports that this process runs. What was uploaded lies in a folder of its own, with an order beside it, until the import is
 * over: a process that finds the order of one that crashed goes on where it stopped (what is done is unchanged by then).
 */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { importFiles } from "../src/knowledge.ts";
import type { GuildId } from "../src/message.ts";
import type { Services } from "../src/services.ts";

export type Upload = { readonly name: string; readonly bytes: Uint8Array };

export type Uploads = {
  /** False while an import of the same source runs: two of them would remove each other's documents. */
  startFiles(guild: GuildId, source: string, baseUrl: string | null, files: readonly Upload[]): Promise<boolean>;
  /** True when it ran here. */
  cancel(guild: GuildId, source: string): boolean;
  running(guild: GuildId, source: string): boolean;
  /** Goes on with what a process that is gone left over. */
  resume(): Promise<void>;
  /** Ends all of them; they go on with the next start. */
  stop(): Promise<void>;
};

type Order = {
  readonly guild: GuildId;
  readonly source: string;
  readonly baseUrl: string | null;
  /** The file on disk is named by its place in this list. */
  readonly names: readonly string[];
  readonly process: number;
};

const ORDER = "order.json";

export function createUploads(services: Services): Uploads {
  const { config, clock, logger, store, bus } = services;
  const root = join(config.dataDir, "uploads");
  const running = new Map<string, { readonly stop: AbortController; readonly ended: Promise<void> }>();
  /** Being written to disk: as good as running. */
  const arriving = new Set<string>();
  let stopping = false;
  const key = (guild: GuildId, source: string) => `${guild}/${source}`;

  function run(folder: string, order: Order): void {
    const { guild, source, baseUrl, names } = order;
    const stop = new AbortController();
    const work = async () => {
      try {
        const report = await importFiles(
          {
            guild,
            name: source,
            paths: names.map((_, index) => join(folder, String(index))),
            nameOf: (path) => names[Number(path.slice(folder.length + 1))] ?? path,
            removeVanished: false,
            signal: stop.signal,
            ...(baseUrl === null ? {} : { baseUrl }),
          },
          { store: store.knowledge, bus, clock },
        );
        const { imported, unchanged, failures, cancelled } = report;
        logger.info({ guild, source, imported, unchanged, failures: failures.length, cancelled }, "import-ended");
      } catch (error) {
        logger.error({ error, guild, source }, "import-failed");
      }
      // An import that ends with its process is to go on, every other one is over.
      if (!stopping) await rm(folder, { recursive: true, force: true });
      running.delete(key(guild, source));
      await bus.publish({ type: "job-progressed", guild, job: source }).catch(() => undefined);
    };
    running.set(key(guild, source), { stop, ended: Promise.resolve().then(work) });
  }

  return {
    running: (guild, source) => running.has(key(guild, source)),

    async startFiles(guild, source, baseUrl, files) {
      const which = key(guild, source);
      if (running.has(which) || arriving.has(which)) return false;
      arriving.add(which);
      try {
        const folder = join(root, clock.id());
        await mkdir(folder, { recursive: true, mode: 0o700 });
        for (const [index, file] of files.entries()) await writeFile(join(folder, String(index)), file.bytes);
        const order: Order = { guild, source, baseUrl, names: files.map((file) => file.name), process: process.pid };
        await writeFile(join(folder, ORDER), JSON.stringify(order));
        run(folder, order);
        return true;
      } finally {
        arriving.delete(which);
      }
    },

    cancel(guild, source) {
      const job = running.get(key(guild, source));
      job?.stop.abort();
      return job !== undefined;
    },

    async resume() {
      for (const name of await readdir(root).catch(() => [])) {
        const folder = join(root, name);
        const order = await readOrder(folder);
        // Without an order the upload never came to its end, and nobody was told that it had.
        if (order === null) await rm(folder, { recursive: true, force: true });
        else if (!isAlive(order.process) && !running.has(key(order.guild, order.source))) {
          logger.info({ guild: order.guild, source: order.source }, "import-resumed");
          await writeFile(join(folder, ORDER), JSON.stringify({ ...order, process: process.pid }));
          run(folder, order);
        }
      }
    },

    async stop() {
      stopping = true;
      const all = [...running.values()];
      for (const job of all) job.stop.abort();
      await Promise.all(all.map((job) => job.ended));
    },
  };
}

async function readOrder(folder: string): Promise<Order | null> {
  try {
    return JSON.parse(await readFile(join(folder, ORDER), "utf8")) as Order;
  } catch {
    return null;
  }
}

/** Another process of this machine that still runs; our own number stands for an earlier life of ours. */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
