/** `gatehouse dossier --guild ID | --all`: what Discord's review of privileged intents asks for, as Markdown on stdout. */
import { Command, Option } from "commander";
import metadata from "../../package.json" with { type: "json" };
import { AppError } from "../../src/errors.ts";
import type { GuildId } from "../../src/ids.ts";
import { dossier } from "../../src/status/dossier.ts";
import { EXIT, ExitError } from "./exit.ts";
import { readGuildId, withServices } from "./run.ts";

type Options = { readonly guild?: GuildId; readonly all?: true };

export function dossierCommand(): Command {
  return new Command("dossier")
    .addOption(new Option("--guild <id>", "of one server").argParser(readGuildId).conflicts("all"))
    .option("--all", "of every server where the bot is")
    .action(async ({ guild, all }: Options) => {
      if (guild === undefined && all === undefined) {
        throw new ExitError(EXIT.usage, "Say which servers: --guild ID for one, --all for every one.");
      }
      await withServices(async ({ config, store, clock }) => {
        const rows = guild === undefined ? await store.guilds.list() : [await store.guilds.get(guild)];
        const servers = rows.filter((row) => row !== null && row.leftAtMs === null).filter((row) => row !== null);
        if (servers.length === 0) {
          const which = guild === undefined ? "any server" : `the server ${guild}`;
          throw new AppError("not-found", `The bot is not in ${which}: add it first, then ask again.`);
        }
        const text = dossier({ config, servers, version: metadata.version, atMs: clock.now() });
        process.stdout.write(`${text}\n`);
      });
    });
}
