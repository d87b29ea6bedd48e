/** What a suite needs around its subjects: a folder and a database of its own. Gone when it ends, however it ends; when it is stopped, too. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "../../src/logger.ts";
import { type Embedded, startEmbedded } from "../../src/store/embedded.ts";
import type { SuiteOptions } from "../suite.ts";

export type House = { readonly dataDir: string; readonly databaseUrl: string };

export async function withHouse<T>(options: SuiteOptions, run: (house: House) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), "gatehouse-bench-"));
  let database: Embedded | null = null;
  const end = async () => {
    await database?.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  // Subjects end with this process (subject.ts).
  const stop = () => void end().finally(() => process.exit(STOPPED));
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    options.progress("starting a database");
    database = await startEmbedded({ dataDir, logger: createLogger({ level: "error", format: "text" }) });
    return await run({ dataDir, databaseUrl: database.url });
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
    await end();
  }
}

/** What a shell says of a command that was interrupted. */
const STOPPED = 130;
