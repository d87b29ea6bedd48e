/** `gatehouse ask --guild ID "question"`: the answer on the terminal, with what it was made from. Posts nothing, counts nothing. */
import { Command } from "commander";
import { defaultSettings } from "../../src/guilds.ts";
import type { GuildId } from "../../src/message.ts";
import { type Response, respond } from "../../src/respond.ts";
import { ExitError, readGuildId, withServices } from "../run.ts";

const DEADLINE_MS = 12_000;

export function askCommand(): Command {
  return new Command("ask")
    .description("answer a question from a guild's knowledge base, on the terminal")
    .requiredOption("--guild <id>", "whose knowledge base", readGuildId)
    .option("--json", "print one JSON line: answer, sources, passages with scores, milliseconds, tokens")
    .argument("<question...>")
    .action(async (words: readonly string[], options: { guild: GuildId; json?: true }) => {
      const question = words.join(" ").trim();
      if (question === "") throw new ExitError(64, 'Ask something: gatehouse ask --guild ID "How do I …?"');
      await withServices(async (services) => {
        const { clock, store, logger, llm, extractive, knowledge } = services;
        const row = await store.guilds.get(options.guild);
        if (row === null && (await knowledge.empty(options.guild))) {
          const known = (await store.guilds.list()).map((g) => `  ${g.guild}  ${g.name}`);
          throw new ExitError(
            1,
            `No guild ${options.guild} is known here.${known.length === 0 ? "" : ` There are:\n${known.join("\n")}`}`,
          );
        }
        const startedAtMs = clock.now();
        const response = await respond(
          {
            guild: options.guild,
            question,
            history: [],
            channel: [],
            settings: row?.settings ?? defaultSettings,
            botName: "Gatehouse",
            deadlineAtMs: startedAtMs + DEADLINE_MS,
          },
          { knowledge, llm, extractive, clock, logger },
        );
        const ms = Math.round(clock.now() - startedAtMs);
        process.stdout.write(
          options.json ? `${JSON.stringify(asJson(response, ms))}\n` : `${response.parts.join("\n")}\n`,
        );
        if (!options.json)
          process.stderr.write(`(${response.kind}, ${ms} ms, ${response.spent.model ?? "no model"})\n`);
      });
    });
}

function asJson({ kind, question, language, text, sources, retrieval, spent }: Response, ms: number) {
  const passages = retrieval.passages.map(({ passage, score }) => ({
    title: passage.title,
    headings: passage.headings,
    url: passage.url,
    score,
    text: passage.text,
  }));
  return { kind, question, language, answer: text, sources, answerable: retrieval.answerable, passages, ms, ...spent };
}
