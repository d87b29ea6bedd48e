/** `gatehouse migrate`: brings the database to this version's schema, with all its indexes, and says what it did. */
import { Command } from "commander";
import type { MainServices } from "../../src/services.ts";
import { stopAsked } from "./roles.ts";
import { withServices } from "./run.ts";

/** Between two looks at another process that builds. */
const CHECK_MS = 1_000;

export function migrateCommand(): Command {
  return new Command("migrate").option("--json", "print one JSON line").action(async (options: { json?: true }) => {
    await withServices(async (services, applied) => {
      const tell = (text: string) => void (options.json ? null : process.stdout.write(`${text}\n`));
      for (const name of applied) tell(`applied ${name}`);
      const built = await buildAll(services, tell);
      if (options.json) process.stdout.write(`${JSON.stringify({ applied, built })}\n`);
      else if (applied.length + built.length === 0) tell("The schema is up to date.");
    });
  });
}

/** Until a signal, or until every index is there, whoever builds it. */
async function buildAll({ store, clock }: MainServices, tell: (text: string) => void): Promise<readonly string[]> {
  const ending = new AbortController();
  void stopAsked().then(() => ending.abort());
  const built: string[] = [];
  for (let told = false; !ending.signal.aborted; told = true) {
    const build = await store.buildIndexes(ending.signal, (name) =>
      tell(`building the index ${name} while others write …`),
    );
    built.push(...build.built);
    if (build.elsewhere.length === 0) break;
    if (!told) tell(`waiting for another process, which builds ${build.elsewhere.join(", ")} …`);
    await clock.sleep(CHECK_MS, ending.signal).catch(() => {});
  }
  return built;
}
