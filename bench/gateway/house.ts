/** What a suite needs around its subjects: a folder and a database of its own. Gone when it ends, however it ends; when it is stopped, too. */
import { createLogger } from "../../src/logger.ts";
import { type Embedded, startEmbedded } from "../../src/store/embedded.ts";
import { temporaryFolder } from "../../test/support/folder.ts";
import type { SuiteOptions } from "../suite.ts";

export type House = { readonly dataDir: string; readonly databaseUrl: string };

export async function withHouse<T>(options: SuiteOptions, run: (house: House) => Promise<T>): Promise<T> {
  // Open to the account that runs PostgreSQL: of a closed folder it keeps the database elsewhere, and that would stay.
  const folder = temporaryFolder("bench");
  const dataDir = folder.path;
  let database: Embedded | null = null;
  const end = async () => {
    await database?.stop();
    folder.remove();
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
