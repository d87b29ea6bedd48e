/**
 * `gatehouse ask --guild ID "question"`: the answer on standard output, what it was made of on standard error. Posts nothing,
 * counts nothing.
 */
import { Command } from "commander";
import type { GuildId } from "../../src/ids.ts";
import type { RankedPassage } from "../../src/knowledge.ts";
import { defaultSettings } from "../../src/settings/form.ts";
import { attempt, readEarlierLines, staysSilent, type Trial } from "../../src/trial.ts";
import { EXIT, ExitError } from "./exit.ts";
import { readGuildId, readKnowledge, withServices } from "./run.ts";

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
          const { guild, unasked = false } = options;
          const row = await services.store.guilds.get(guild);
          if (row === null && (await services.knowledge.empty(guild))) {
            const known = (await services.store.guilds.list()).map((g) => `  ${g.guild}  ${g.name}`);
            throw new ExitError(1, unknownGuild(guild, known));
          }
          await readKnowledge(guild, question, services);
          const before = readEarlierLines((options.before ?? []).join("\n"));
          const settings = row?.settings ?? defaultSettings;
          const trial = await attempt({ guild, question, unasked, before, settings }, services);
          if (options.json) {
            process.stdout.write(`${JSON.stringify(asJson(trial))}\n`);
            return;
          }
          process.stdout.write(`${asText(trial)}\n`);
          process.stderr.write(`\n${details(trial)}\n`);
        });
      },
    );
}

function unknownGuild(guild: GuildId, known: readonly string[]): string {
  const todo =
    known.length === 0
      ? "Add the bot to it, or fill its knowledge base: gatehouse knowledge import --guild ID PATH…"
      : `There are:\n${known.join("\n")}`;
  return `No server ${guild} is known here. ${todo}`;
}

/** As Discord gets it, without the mark that makes Discord write the sources small. */
function asText(trial: Trial): string {
  if (staysSilent(trial)) return "(the bot would stay silent)";
  return trial.answered.parts.join("\n").replaceAll(/^-# /gm, "");
}

function details(trial: Trial): string {
  const { answered, triage, ms } = trial;
  const { retrieval, spent, declined, answer, sources } = answered;
  const facts = [
    staysSilent(trial) ? "silent" : answered.kind,
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

function asJson(trial: Trial) {
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
    silent: staysSilent(trial),
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
