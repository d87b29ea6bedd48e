/** Shared by the commands that end by themselves: services that come and go, ids. */
import { InvalidArgumentError } from "commander";
import { loadCommandConfig } from "../../src/config.ts";
import type { GuildId } from "../../src/ids.ts";
import type { MainServices } from "../../src/services.ts";
import { waiting } from "./waiting.ts";

export function readGuildId(text: string): GuildId {
  if (!/^\d{15,20}$/.test(text)) {
    throw new InvalidArgumentError(
      "It must be a Discord server id: 15 to 20 digits (Developer Mode, right click, Copy Server ID).",
    );
  }
  return text as GuildId;
}

/** Each is a few seconds. */
const WAITS_MAX = 12;

/** A member is told to ask again while a large knowledge base is read. Whoever runs a command would rather wait, and see why. */
export async function readKnowledge(guild: GuildId, question: string, { knowledge }: MainServices): Promise<void> {
  for (let waits = 0; waits < WAITS_MAX; waits++) {
    const { loading } = await knowledge.retrieve(guild, question, 1);
    if (loading !== true) return;
    process.stderr.write("Reading the knowledge base …\n");
  }
}

/** Services up, `work`, services down, also after an error. They are loaded here, so that a wrong option or configuration is told at once. */
export async function withServices<T>(
  work: (services: MainServices, migrations: readonly string[]) => Promise<T>,
): Promise<T> {
  const config = loadCommandConfig();
  const [{ createServices }, { migrated }] = await Promise.all([
    import("../../src/services.ts"),
    import("../migrated.ts"),
  ]);
  const what = config.databaseUrl === null ? "Starting the embedded database" : "Waiting for the services";
  const services = await waiting(what, createServices(config));
  try {
    const migrations = await waiting("Waiting for the database", migrated(services));
    return await work(services, migrations);
  } finally {
    await services.close();
  }
}
