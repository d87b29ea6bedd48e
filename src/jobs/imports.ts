/**
 * Imports of uploaded files. An upload lies in a folder of its own under the data folder, with its order beside it, until the
 * import is over. A process that finds an order that nobody holds goes on where it stopped (what is done is unchanged by
 * then). Processes that take uploads and processes that run jobs must see the same data folder.
 *
 * A folder gets its name only when all of it is written, so that half an upload is never taken for a whole one.
 */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hotKey } from "../hot.ts";
import type { GuildId } from "../ids.ts";
import type { Job } from "../jobs.ts";
import { importFiles } from "../knowledge.ts";
import type { Services } from "../services.ts";
import type { Claim, Claims } from "./claims.ts";
import { createGuildTurns } from "./guild-turns.ts";

export type Upload = { readonly name: string; readonly bytes: Uint8Array };

/** "busy": an import of the same source runs or waits, and two would remove each other's documents. "full": too many wait. */
export type ImportAnswer = "ordered" | "busy" | "full";

export type Imports = {
  /** Takes the place of one that was stopped. */
  order(guild: GuildId, source: string, baseUrl: string | null, files: readonly Upload[]): Promise<ImportAnswer>;
  /** Stops an import that runs in this process or waits; false when there is none. Its files are kept for a week. */
  cancel(guild: GuildId, source: string): Promise<boolean>;
  /** Goes on with one that was stopped; false when its files are gone. */
  goOn(guild: GuildId, source: string): Promise<boolean>;
  /** Throws away the files of one that was stopped. */
  drop(guild: GuildId, source: string): Promise<void>;
  running(guild: GuildId, source: string): boolean;
  /** How many uploads are not imported yet, those that run included. */
  waiting(): Promise<number>;
  readonly job: Job;
};

type Order = {
  readonly guild: GuildId;
  readonly source: string;
  readonly baseUrl: string | null;
  /** The file on disk is named by its place in this list. */
  readonly names: readonly string[];
  readonly orderedAtMs: number;
};

type Found = Order & { readonly folder: string; readonly id: string };

const NAME = "imports";
const ORDER = "order.json";
/** In the folder of an upload that was stopped: nobody takes it up until somebody asks for it. */
const STOPPED = "stopped";
/** How often it was begun, a letter each time. */
const BEGUN = "begun";
const BEGUN_MAX = 2;
const GIVEN_UP = "reading it was begun twice and never came to an end; import its files one by one";
/** Of one process, at a time: an import keeps a core busy with PDFs. */
const RUNNING_MAX = 2;
/** Of one server. */
const WAITING_MAX = 10;
const LOOK_MS = 15_000;
const LOOK_DEADLINE_MS = 30_000;
/** After this a stopped import's files are removed, and the admin uploads them again. */
const STOPPED_MS_MAX = 7 * 24 * 3_600_000;
/** No upload takes so long: a file that is half written by then is removed. */
const HALF_MS_MAX = 3_600_000;

export function createImports(
  { config, clock, logger, store, bus }: Pick<Services, "config" | "clock" | "logger" | "store" | "bus">,
  claims: Claims,
): Imports {
  const root = join(config.dataDir, "uploads");
  const running = new Map<string, { readonly stop: AbortController; readonly ended: Promise<void> }>();
  /** Being written to disk: as good as waiting. */
  const arriving = new Set<string>();
  const turns = createGuildTurns();
  let closed = false;
  const keyOf = ({ guild, source }: Pick<Order, "guild" | "source">) => `${guild}/${source}`;

  async function orders(which: "waiting" | "stopped" = "waiting"): Promise<readonly Found[]> {
    const found: Found[] = [];
    for (const id of (await readdir(root).catch(() => [])).sort()) {
      const folder = join(root, id);
      if (id.startsWith(".")) await removeIfOld(folder, folder, HALF_MS_MAX, clock.now());
      else {
        await removeIfOld(folder, join(folder, STOPPED), STOPPED_MS_MAX, clock.now());
        const order = await readOrder(folder);
        // It ended since the folder was listed.
        if (order === null) continue;
        if ((await exists(join(folder, STOPPED))) === (which === "stopped")) found.push({ ...order, folder, id });
      }
    }
    return found.sort((a, b) => a.orderedAtMs - b.orderedAtMs);
  }

  async function ordersOf(which: "waiting" | "stopped", guild: GuildId, source: string): Promise<readonly Found[]> {
    return (await orders(which)).filter((one) => one.guild === guild && one.source === source);
  }

  function begin(folder: string, order: Order, claim: Claim): void {
    const stop = new AbortController();
    const ended = run(folder, order, claim, stop.signal).finally(async () => {
      running.delete(keyOf(order));
      await bus.publish({ type: "job-progressed", guild: order.guild, job: order.source }).catch(() => undefined);
      // There is room for the next one.
      if (!closed) await bus.publish({ type: "job-ordered", job: NAME }).catch(() => undefined);
    });
    running.set(keyOf(order), { stop, ended });
  }

  async function run(folder: string, order: Order, claim: Claim, stop: AbortSignal): Promise<void> {
    const { guild, source } = order;
    try {
      // Another process may have ended it between the look and the claim.
      if ((await readOrder(folder)) === null) return;
      if (await exists(join(folder, STOPPED))) await setIdle(order);
      else if ((await begun(folder)) >= BEGUN_MAX) await fail(order);
      else await importAll(folder, order, AbortSignal.any([stop, claim.lost]));
    } catch (error) {
      logger.error({ error, guild, source }, "import-failed");
    } finally {
      // An import that ends with its process, that another took over, or that was stopped, may go on; every other one is over.
      const stopped = await exists(join(folder, STOPPED));
      if (!closed && !claim.lost.aborted && !stopped) await rm(folder, { recursive: true, force: true });
      // Ended in order: that was no attempt.
      else if (closed || stopped) await rm(join(folder, BEGUN), { force: true });
      await claim.release();
    }
  }

  async function importAll(folder: string, { guild, source, baseUrl, names }: Order, signal: AbortSignal) {
    const { imported, unchanged, failures, cancelled } = await importFiles(
      {
        guild,
        name: source,
        paths: names.map((_, index) => join(folder, String(index))),
        nameOf: (path) => names[Number(path.slice(folder.length + 1))] ?? path,
        removeVanished: false,
        goOn: true,
        signal,
        ...(baseUrl === null ? {} : { baseUrl }),
      },
      { store: store.knowledge, bus, clock },
    );
    logger.info({ guild, source, imported, unchanged, failures: failures.length, cancelled }, "import-ended");
  }

  async function sourceOf({ guild, source }: Pick<Order, "guild" | "source">) {
    return (await store.knowledge.sources(guild)).find(({ kind, name }) => kind === "files" && name === source);
  }

  async function setIdle(order: Order): Promise<void> {
    const found = await sourceOf(order);
    if (found !== undefined) await store.knowledge.setProgress(order.guild, found.id, "idle", found.progress);
  }

  /** It was begun before and its process did not live to end it: a third time would end like the first two. */
  async function fail(order: Order): Promise<void> {
    const { guild, source } = order;
    logger.warn({ guild, source }, "import-given-up");
    const found = await sourceOf(order);
    if (found === undefined) return;
    const failures = [{ what: source, reason: GIVEN_UP }];
    await store.knowledge.setProgress(guild, found.id, "failed", { ...found.progress, failures });
  }

  /** The page shows it from now on, also while it waits. */
  async function announce({ guild, source, baseUrl, names }: Order): Promise<void> {
    const known = await sourceOf({ guild, source });
    const { id } =
      known ?? (await store.knowledge.saveSource(guild, { kind: "files", name: source, config: { baseUrl } }));
    await store.knowledge.setProgress(guild, id, "running", { done: 0, total: names.length, failures: [] });
    await bus.publish({ type: "job-progressed", guild, job: source });
  }

  return {
    running: (guild, source) => running.has(keyOf({ guild, source })),
    waiting: async () => (await orders()).length,

    async order(guild, source, baseUrl, files) {
      const names = files.map((file) => file.name);
      const order: Order = { guild, source, baseUrl, names, orderedAtMs: clock.now() };
      const key = keyOf(order);
      if (arriving.has(key)) return "busy";
      arriving.add(key);
      try {
        const waiting = (await orders()).filter((one) => one.guild === guild);
        if (running.has(key) || waiting.some((one) => one.source === source)) return "busy";
        if (waiting.length >= WAITING_MAX) return "full";
        const id = clock.id();
        // Keep stopped imports while there is room: remove the oldest first, and one of this source at once.
        const stopped = (await orders("stopped")).filter((one) => one.guild === guild);
        const others = stopped.filter((one) => one.source !== source);
        const tooMany = others.slice(0, Math.max(0, waiting.length + others.length + 1 - WAITING_MAX));
        for (const { folder } of [...stopped.filter((one) => one.source === source), ...tooMany]) {
          await rm(folder, { recursive: true, force: true });
        }
        const half = join(root, `.${id}`);
        await mkdir(half, { recursive: true, mode: 0o700 });
        for (const [index, file] of files.entries()) await writeFile(join(half, String(index)), file.bytes);
        await writeFile(join(half, ORDER), JSON.stringify(order));
        await announce(order);
        await rename(half, join(root, id));
        await bus.publish({ type: "job-ordered", job: NAME });
        return "ordered";
      } finally {
        arriving.delete(key);
      }
    },

    async cancel(guild, source) {
      const waiting = await ordersOf("waiting", guild, source);
      for (const { folder } of waiting) await writeFile(join(folder, STOPPED), "").catch(() => undefined);
      const here = running.get(keyOf({ guild, source }));
      here?.stop.abort(new Error("the import was stopped"));
      // One that runs says so itself, here or where it runs.
      if (here === undefined) for (const order of waiting) await setIdle(order);
      return here !== undefined || waiting.length > 0;
    },

    async goOn(guild, source) {
      const [found, ...older] = (await ordersOf("stopped", guild, source)).toReversed();
      for (const { folder } of older) await rm(folder, { recursive: true, force: true });
      if (found === undefined || running.has(keyOf(found))) return false;
      const known = await sourceOf(found);
      if (known !== undefined) await store.knowledge.setProgress(guild, known.id, "running", known.progress);
      await rm(join(found.folder, STOPPED), { force: true });
      await bus.publish({ type: "job-progressed", guild, job: source });
      await bus.publish({ type: "job-ordered", job: NAME });
      return true;
    },

    async drop(guild, source) {
      for (const { folder } of await ordersOf("stopped", guild, source)) {
        await rm(folder, { recursive: true, force: true });
      }
    },

    job: {
      name: NAME,
      everyMs: LOOK_MS,
      scope: "process",
      deadlineMs: LOOK_DEADLINE_MS,
      async run() {
        for (const { id, folder, ...order } of turns.inTurn(await orders())) {
          if (closed || running.size >= RUNNING_MAX) return;
          // A server's second upload waits for its first: another server's goes ahead.
          if ([...running.keys()].some((key) => key.startsWith(`${order.guild}/`))) continue;
          const claim = await claims.hold(hotKey(order.guild, "import", id), "take");
          if (claim === null) continue;
          turns.took(order.guild);
          begin(folder, order, claim);
        }
      },
      async close() {
        closed = true;
        const all = [...running.values()];
        for (const { stop } of all) stop.abort(new Error("the process ends"));
        await Promise.all(all.map(({ ended }) => ended));
      },
    },
  };
}

/** How often it was begun before; counts this time. */
async function begun(folder: string): Promise<number> {
  const before = await readFile(join(folder, BEGUN), "utf8").catch(() => "");
  await writeFile(join(folder, BEGUN), `${before}x`);
  return before.length;
}

async function readOrder(folder: string): Promise<Order | null> {
  try {
    return JSON.parse(await readFile(join(folder, ORDER), "utf8")) as Order;
  } catch {
    return null;
  }
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

/** `mark` tells since when. */
async function removeIfOld(folder: string, mark: string, ageMsMax: number, nowMs: number): Promise<void> {
  const writtenAtMs = await stat(mark).then(
    ({ mtimeMs }) => mtimeMs,
    () => nowMs,
  );
  if (nowMs - writtenAtMs > ageMsMax) await rm(folder, { recursive: true, force: true });
}
