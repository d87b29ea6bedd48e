/** `gatehouse settings export | diff | import`: a server's settings as a YAML file. */
import { Command } from "commander";
import type { GuildId } from "../../src/ids.ts";
import type { Services } from "../../src/services.ts";
import { changeSettings } from "../../src/settings/change.ts";
import { settingsChanges } from "../../src/settings/differences.ts";
import {
  readSettingsFile,
  SETTINGS_FILE_BYTES_MAX,
  type SettingsFileProblem,
  writeSettingsFile,
} from "../../src/settings/file.ts";
import type { GuildSettings } from "../../src/settings/form.ts";
import type { GuildRow } from "../../src/store/ports/guilds.ts";
import { ExitError } from "./exit.ts";
import { readGuildId, withServices } from "./run.ts";

export function settingsCommand(): Command {
  return new Command("settings")
    .addCommand(
      guildCommand("export", "print the settings as YAML").action(async ({ guild }: Options) => {
        await withServices(async (services) => {
          const row = await rowOf(services, guild);
          process.stdout.write(writeSettingsFile(row.settings, row.name));
        });
      }),
    )
    .addCommand(
      guildCommand("diff", "print what a file would change; exits 1 when it would change something")
        .argument("<file>", 'a YAML file; "-" is standard input')
        .action(async (file: string, { guild }: Options) => {
          await withServices(async (services) => {
            const row = await rowOf(services, guild);
            const changed = tell(row.settings, await read(file, row.settings));
            if (changed > 0) throw new ExitError(1, "");
          });
        }),
    )
    .addCommand(
      guildCommand("import", "put a file's settings in force, and print what changed")
        .argument("<file>", 'a YAML file; "-" is standard input')
        .action(async (file: string, { guild }: Options) => {
          await withServices(async (services) => {
            const row = await rowOf(services, guild);
            const settings = await read(file, row.settings);
            tell(row.settings, settings);
            const ports = { guilds: services.store.guilds, bus: services.bus };
            const changed = await changeSettings(ports, row, settings, "command line");
            if (changed === null)
              throw new ExitError(1, "Somebody changed the settings just now. Nothing was written: run it again.");
          });
        }),
    );
}

type Options = { readonly guild: GuildId };

function guildCommand(name: string, description: string): Command {
  return new Command(name).description(description).requiredOption("--guild <id>", "whose settings", readGuildId);
}

async function rowOf({ store }: Services, guild: GuildId): Promise<GuildRow> {
  const row = await store.guilds.get(guild);
  if (row === null) throw new ExitError(1, `The bot is not in the server ${guild}: add it first.`);
  return row;
}

async function read(path: string, current: GuildSettings): Promise<GuildSettings> {
  const file = path === "-" ? Bun.stdin : Bun.file(path);
  if (path !== "-" && !(await Bun.file(path).exists())) throw new ExitError(1, `There is no file ${path}.`);
  if (file.size > SETTINGS_FILE_BYTES_MAX && path !== "-") throw new ExitError(1, sayProblem({ kind: "too-large" }));
  const { settings, problem } = readSettingsFile(await file.text(), current);
  if (settings === null) throw new ExitError(1, sayProblem(problem));
  return settings;
}

function sayProblem(problem: SettingsFileProblem): string {
  switch (problem.kind) {
    case "too-large":
      return "The file is larger than any settings are (256 kB, 20,000 values).";
    case "not-yaml":
      return `This is no settings file: it must be YAML, with the names of settings at its top level. ${problem.where}`;
    case "unknown-name":
      return `There is no setting "${problem.where}". Most likely it is misspelt: compare with "gatehouse settings export".`;
    case "wrong-value":
      return `The setting "${problem.where}" does not take that value.`;
  }
}

/** `- mode: mention` and `+ mode: all`, one pair a change; how many. */
function tell(before: GuildSettings, after: GuildSettings): number {
  const changes = settingsChanges(before, after);
  for (const change of changes) {
    if (change.before !== undefined) process.stdout.write(`- ${change.path}: ${JSON.stringify(change.before)}\n`);
    if (change.after !== undefined) process.stdout.write(`+ ${change.path}: ${JSON.stringify(change.after)}\n`);
  }
  if (changes.length === 0) process.stdout.write("nothing changes\n");
  return changes.length;
}
