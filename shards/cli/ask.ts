/**
 * `gatehouse ask --guild ID "question"`: the answer on standard output, what it was made of on standard error. Posts nothing,
 * counts nothing.
 */
import { Command } from "commander";
import type { Config } from "../../src/config.ts";
import type { GuildId } from "../../src/ids.ts";
import type { RankedPassage } from "../../src/knowledge.ts";
import type { Trial } from "../../src/trial.ts";
import { EXIT, ExitError } from "./exit.ts";
import { readGuildId, readKnowledge, withServices } from "./run.ts";
import { waiting } from "./waiting.ts";

export function askCommand(): Command {
  return new Command("ask")
    .requiredOption("--guild <id>", "whose knowledge base", readGuildId)
    .option("--unasked", "as smart mode hears it: written in a channel, not to the bot")
    .option("--before <line...>", 'what was said before it, oldest first: "you: …", "bot: …" or a name')
    .option("--json", "print one JSON line: answer, sources, passages with scores, what each stage made of it")
    .argument("<question...>", "in any language, in quotes or not")
    .addHelpText("after", '\nExample:\n  gatehouse ask --guild 123456789012345678 "How do I reset it?"')
    .action(
      async (words: readonly string[], options: { guild: GuildId; unasked?: true; before?: string[]; json?: true }) => {
        const question = words.join(" ").trim();
        if (question === "") throw new ExitError(EXIT.usage, 'Ask something: gatehouse ask --guild ID "How do I …?"');
        await withServices(async (services) => {
          const { attempt, readEarlierLines, staysSilent } = await import("../../src/trial.ts");
          const { defaultSettings } = await import("../../src/settings/form.ts");
          const { guild, unasked = false } = options;
          const row = await services.store.guilds.get(guild);
          if (row === null && (await services.knowledge.empty(guild))) {
            const known = (await services.store.guilds.list()).map((g) => `  ${g.guild}  ${g.name}`);
            throw new ExitError(1, unknownGuild(guild, known, services.config));
          }
          await readKnowledge(guild, question, services);
          const before = readEarlierLines((options.before ?? []).join("\n"));
          const settings = row?.settings ?? defaultSettings;
          const asked = { guild, question, unasked, before, settings };
          const trial = await waiting("Waiting for the answer", attempt(asked, services));
          const silent = staysSilent(trial);
          if (options.json) {
            process.stdout.write(`${JSON.stringify(asJson(trial, silent))}\n`);
            return;
          }
          process.stdout.write(`${asText(trial, silent)}\n`);
          process.stderr.write(`\n${details(trial, silent)}\n`);
        });
      },
    );
}

function unknownGuild(guild: GuildId, known: readonly string[], { databaseUrl, dataDir }: Config): string {
  const unknown = `No server ${guild} is known here.`;
  if (known.length > 0) return `${unknown} There are:\n${known.join("\n")}`;
  const place = databaseUrl === null ? `the database under ${dataDir}` : "the database of DATABASE_URL";
  return (
    `${unknown} There is none in ${place}. Add the bot to it, or fill its knowledge base: ` +
    "gatehouse knowledge import --guild ID PATH…\nFor a demo's database set GATEHOUSE_DATA_DIR=.data/demo."
  );
}

/** As Discord gets it, without the mark that makes Discord write the sources small. */
function asText(trial: Trial, silent: boolean): string {
  if (silent) return "(the bot would stay silent)";
  return trial.answered.parts.join("\n").replaceAll(/^-# /gm, "");
}

function details(trial: Trial, silent: boolean): string {
  const { answered, triage, ms } = trial;
  const { retrieval, spent, declined, answer, sources } = answered;
  const facts = [
    silent ? "silent" : answered.kind,
    triage === null ? null : `first look: ${triage.answering}`,
    `answerable ${Math.round(retrieval.answerable * 100)} %`,
    declined === null ? null : [declined.reason, declined.why].filter(Boolean).join(": "),
    answer !== null && answer.fellBack !== null && answer.fellBack !== "no-model"
      ? `the model did not answer: ${answer.fellBack}`
      : null,
    spent.model ?? "no model",
    `${Math.round(ms)} ms`,
    spent.tokensIn + spent.tokensOut === 0 ? null : `${spent.tokensIn} → ${spent.tokensOut} tokens`,
  ];
  const asked = answered.question === trial.question ? [] : [`looked for: ${answered.question}`];
  const used = new Set(sources.map((source) => source.passage));
  const passages = retrieval.passages.map(
    (ranked) =>
      `${ranked.score.toFixed(2).padStart(8)}  ${used.has(ranked.passage.id) ? "used" : "    "}  ${titleOf(ranked)}${ranked.passage.url === null ? "" : `  ${ranked.passage.url}`}`,
  );
  return [facts.filter((fact) => fact !== null).join(" · "), ...asked, ...passages].join("\n");
}

function titleOf({ passage }: RankedPassage): string {
  return [passage.title, ...passage.headings.filter((one) => one !== passage.title)].join(" › ");
}

function asJson(trial: Trial, silent: boolean) {
  const { answered, triage, ms } = trial;
  const { kind, question, language, text, sources, retrieval, declined, escalation, answer, spent } = answered;
  const passages = retrieval.passages.map(({ passage, score }) => ({
    title: passage.title,
    headings: passage.headings,
    url: passage.url,
    score,
    text: passage.text,
  }));
  return {
    kind,
    silent,
    question,
    language,
    answer: text,
    sources,
    firstLook: triage?.answering ?? null,
    answerable: retrieval.answerable,
    declined,
    wantsHuman: escalation !== null,
    fellBack: answer?.fellBack ?? null,
    passages,
    ms: Math.round(ms),
    ...spent,
  };
}
