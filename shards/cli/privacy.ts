/**
 * `gatehouse privacy export | forget | prove --user ID`: what is kept about a person as JSON, the same taken out, and a search
 * that shows that nothing of it is left.
 */
import { readFile } from "node:fs/promises";
import { Command, InvalidArgumentError } from "commander";
import { AppError } from "../../src/errors.ts";
import type { GuildId, UserId } from "../../src/ids.ts";
import { exportPerson, forgetPerson, type PrivacyHit, searchPerson } from "../../src/privacy.ts";
import { logLines } from "./log-lines.ts";
import { readGuildId, withServices } from "./run.ts";

type Options = { readonly user: UserId; readonly guild?: GuildId; readonly texts?: string; readonly logs?: string[] };

const NO_REDIS =
  "Without Redis, running processes hold talks in memory: that goes within 30 minutes, or with a restart.\n";

export function privacyCommand(): Command {
  return new Command("privacy")
    .addCommand(
      personCommand("export", "print everything that is kept about a person, as JSON")
        .option("--guild <id>", "only of this server", readGuildId)
        .action(async ({ user, guild }: Options) => {
          await withServices(async (services) => {
            const found = await exportPerson(services, user, guild ?? null);
            process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
          });
        }),
    )
    .addCommand(
      personCommand("forget", "empty a person's texts and names everywhere; counts stay").action(
        async ({ user }: Options) => {
          await withServices(async (services) => {
            const { guilds, keys } = await forgetPerson(services, user);
            process.stdout.write(`Forgotten in ${guilds} servers, ${keys} keys of Redis dropped.\n`);
            if (services.hotEntries === null) process.stderr.write(NO_REDIS);
          });
        },
      ),
    )
    .addCommand(
      personCommand("prove", "search every table, Redis and logs for a person; exits 1 when something is left")
        .option("--texts <file>", "what `privacy export` printed: five words in a row of it are searched for too")
        .option(
          "--logs <places...>",
          "log files, folders of them (.gz too), or - for standard input, to be searched as well",
        )
        .action(async ({ user, texts, logs }: Options) => {
          await withServices(async (services) => {
            const exported = texts === undefined ? null : await readExport(texts);
            const { grams, hits } = await searchPerson(
              services,
              user,
              exported,
              logs === undefined ? null : logLines(logs),
            );
            process.stdout.write(proofText(hits, grams));
            if (services.hotEntries === null) process.stderr.write(NO_REDIS);
            if (hits.some(({ reason }) => reason === null)) process.exitCode = 1;
          });
        }),
    );
}

export function proofText(hits: readonly PrivacyHit[], grams: number): string {
  const left = hits.filter(({ reason }) => reason === null).length;
  return [
    ...hits.map(
      ({ place, saw, count, reason }) =>
        `${reason === null ? "✗" : "·"} ${place}: ${count} × ${saw}${reason === null ? "" : ` (${reason})`}`,
    ),
    `${left === 0 ? "✓" : "✗"} the id and ${grams} runs of five words: ${left} places that nothing explains, ${hits.length - left} explained.`,
    "",
  ].join("\n");
}

function personCommand(name: string, description: string): Command {
  return new Command(name).description(description).requiredOption("--user <id>", "whose data", readUserId);
}

function readUserId(text: string): UserId {
  if (!/^\d{15,20}$/.test(text)) {
    throw new InvalidArgumentError(
      "It must be a Discord user id: 15 to 20 digits (Developer Mode, right click, Copy User ID).",
    );
  }
  return text as UserId;
}

async function readExport(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new AppError("invalid", `${file} cannot be read as what \`gatehouse privacy export\` prints.`, {
      cause: error,
    });
  }
}
