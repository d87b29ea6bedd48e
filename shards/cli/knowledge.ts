/** `gatehouse knowledge import | list | remove`: a guild's knowledge base from the command line. */
import { Command, InvalidArgumentError } from "commander";
import type { GuildId } from "../../src/ids.ts";
import { importFiles } from "../../src/knowledge.ts";
import { ExitError } from "./exit.ts";
import { showProgress } from "./progress.ts";
import { readGuildId, withServices } from "./run.ts";

export function knowledgeCommand(): Command {
  const command = new Command("knowledge");
  command.addCommand(importCommand());
  command.addCommand(listCommand());
  command.addCommand(removeCommand());
  return command;
}

function importCommand(): Command {
  return new Command("import")
    .description(
      "import files and folders (Markdown, HTML, text, PDF, DOCX, CSV, or a ZIP of them); unchanged documents are skipped, vanished ones removed",
    )
    .requiredOption("--guild <id>", "whose knowledge base", readGuildId)
    .option("--name <name>", "what the source is called; importing again under one name updates it")
    .option(
      "--base-url <url>",
      "the web address of these files, for links to pages that do not name their own",
      readBaseUrl,
    )
    .option("--json", "print the result as one JSON line")
    .argument("<paths...>")
    .action(
      async (paths: readonly string[], options: { guild: GuildId; name?: string; baseUrl?: string; json?: true }) => {
        await withServices(async ({ store, bus, clock }) => {
          const progress = showProgress("importing");
          const done = await importFiles(
            {
              guild: options.guild,
              name: options.name ?? paths.join(" "),
              paths,
              onProgress: progress.update,
              ...(options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl }),
            },
            { store: store.knowledge, bus, clock },
          );
          progress.end(
            `${done.imported} imported, ${done.unchanged} unchanged, ${done.removed} removed, ${done.failures.length} failed`,
          );
          for (const { what, reason } of done.failures) process.stderr.write(`  ${what}: ${reason}\n`);
          if (options.json) process.stdout.write(`${JSON.stringify(done)}\n`);
          if (done.imported + done.unchanged === 0) throw new ExitError(1, "nothing was imported");
        });
      },
    );
}

function listCommand(): Command {
  return new Command("list")
    .description("list a server's sources")
    .requiredOption("--guild <id>", "whose knowledge base", readGuildId)
    .option("--json", "print one JSON line for each source")
    .action(async (options: { guild: GuildId; json?: true }) => {
      await withServices(async ({ store }) => {
        const sources = await store.knowledge.sources(options.guild);
        if (sources.length === 0)
          process.stderr.write(
            "This server has no knowledge yet; fill it: gatehouse knowledge import --guild ID PATH…\n",
          );
        for (const source of sources) {
          const line = `${source.id}  ${source.name}  ${counted(source.documents, "document")}, ${counted(source.passages, "passage")}`;
          process.stdout.write(`${options.json ? JSON.stringify(source) : line}\n`);
        }
      });
    });
}

function removeCommand(): Command {
  return new Command("remove")
    .description("remove a source with its documents and passages")
    .requiredOption("--guild <id>", "whose knowledge base", readGuildId)
    .argument("<source>", "its id, from `gatehouse knowledge list`")
    .action(async (source: string, options: { guild: GuildId }) => {
      await withServices(async ({ store, bus }) => {
        if (!(await store.knowledge.removeSource(options.guild, source)))
          throw new ExitError(1, `no source ${source} in this guild: gatehouse knowledge list --guild ID shows them`);
        await bus.publish({ type: "knowledge-changed", guild: options.guild });
        process.stdout.write(`removed ${source}\n`);
      });
    });
}

function readBaseUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new InvalidArgumentError("It must be an address that starts with https:// or http://.");
  return text;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
