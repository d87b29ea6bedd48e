/** `gatehouse rotate-key`: seals every kept secret anew with the newest key of GATEHOUSE_KEY. Killed, it goes on when started again. */
import { Command } from "commander";
import { rotate } from "../../src/bots/rotate-key.ts";
import { loadCommandConfig } from "../../src/config.ts";
import { createSealer } from "../../src/crypto.ts";
import { EXIT, ExitError } from "./exit.ts";
import { withServices } from "./run.ts";

const NAMED_MAX = 20;

export function rotateKeyCommand(): Command {
  return new Command("rotate-key").action(async () => {
    const { keys } = loadCommandConfig();
    if (keys.length === 0) {
      throw new ExitError(EXIT.wrongConfiguration, "GATEHOUSE_KEY is not set: there is no other key to rotate to.");
    }
    const sealer = createSealer(keys);
    await withServices(async ({ store }) => {
      const { resealed, current, unreadable } = await rotate(store.bots, sealer);
      process.stdout.write(`${resealed} sealed anew, ${current} were already, ${unreadable.length} cannot be read\n`);
      for (const { application, problem } of unreadable.slice(0, NAMED_MAX)) {
        process.stderr.write(`  bot ${application}: ${problem}\n`);
      }
      if (unreadable.length > NAMED_MAX) process.stderr.write(`  and ${unreadable.length - NAMED_MAX} more\n`);
      if (unreadable.length > 0) {
        throw new ExitError(1, "Keep the old keys in GATEHOUSE_KEY until every secret can be read.");
      }
      process.stdout.write(`Every secret is sealed with key "${keys[0]?.id}": older keys can be dropped.\n`);
    });
  });
}
