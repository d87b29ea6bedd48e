/**
 * `gatehouse check --guild ID`: asks the server's check set, of the model or (`--no-model`) of the knowledge base alone, and says what passes
 * and what does not. Exit code 1 where something fails, 69 where the model gave no answer to judge.
 */
import { Command, InvalidArgumentError } from "commander";
import { type JudgedCheck, judgeChecks, runChecks } from "../../src/checks.ts";
import type { GuildId } from "../../src/ids.ts";
import type { Llm } from "../../src/llm.ts";
import type { MainServices } from "../../src/services.ts";
import { CHECKS_MAX } from "../../src/store/ports/checks.ts";
import { EXIT, ExitError } from "./exit.ts";
import { readGuildId, readKnowledge, withServices } from "./run.ts";

type Options = { readonly guild: GuildId; readonly model: boolean; readonly most: number; readonly json?: true };

export function checkCommand(): Command {
  return new Command("check")
    .requiredOption("--guild <id>", "whose check set", readGuildId)
    .option("--no-model", "look the questions up without asking the model: costs nothing")
    .option("--most <n>", "ask at most so many of them, the oldest first", readMost, CHECKS_MAX)
    .option("--json", "print one JSON object")
    .action(async (options: Options) => {
      await withServices(async (services) => {
        const checks = (await services.store.checks.list(options.guild)).slice(0, options.most);
        if (checks[0] === undefined) {
          process.stderr.write(
            "This server has no check set yet: add questions to it on the dashboard, under Open questions.\n",
          );
          return;
        }
        await readKnowledge(options.guild, checks[0].question, services);
        if (options.model && services.llm !== null) return await throughModel(checks, services.llm, options, services);
        if (options.model) process.stderr.write(NO_MODEL);
        await withoutModel(options, services);
      });
    });
}

const NO_MODEL =
  "No model is configured (GROQ_API_KEY is not set), so the questions are only looked up, as with --no-model.\n";

async function withoutModel({ guild, most, json }: Options, services: MainServices): Promise<void> {
  const results = (await runChecks(guild, services, most)).map(({ question, expected, found, passed, broke }) => ({
    ...{ question, expected, found, passed, broke },
  }));
  const failed = results.filter(({ passed }) => !passed).length;
  const lines = results.map(({ question, expected, found, passed, broke }) => {
    const wanted = expected === null ? "should find nothing" : `should find "${expected}"`;
    return `${passed ? "passes" : broke ? "BROKE " : "fails "}  ${question}${passed ? "" : `\n        ${wanted}, finds "${found}"`}\n`;
  });
  const total = `${results.length - failed} of ${results.length} pass\n`;
  const object = { guild, model: null, checks: results, passed: results.length - failed, failed };
  process.stdout.write(json ? `${JSON.stringify(object)}\n` : [...lines, total].join(""));
  if (failed > 0) throw new ExitError(1, `${failed} of ${results.length} checks fail.`);
}

async function throughModel(
  checks: Parameters<typeof judgeChecks>[1],
  llm: Llm,
  { guild, json }: Options,
  services: MainServices,
): Promise<void> {
  const { model, prompts } = llm.answers ?? { model: llm.name, prompts: 0 };
  process.stderr.write(
    `${checks.length} ${checks.length === 1 ? "question" : "questions"} for ${model}, prompts version ${prompts}: at most ${checks.length} ` +
      `${checks.length === 1 ? "call" : "calls"} of the model, none repeated. --no-model asks none.\n`,
  );
  let ended = 0;
  const results = await judgeChecks(guild, checks, services, () => {
    ended++;
    if (!json && process.stderr.isTTY) process.stderr.write(`\r${ended} of ${checks.length} `);
  });
  const total = totalOf(results);
  const { passed, failed, unjudged } = total;
  if (json)
    process.stdout.write(`${JSON.stringify({ guild, model, prompts, ...total, checks: results.map(asJson) })}\n`);
  else process.stdout.write(judgedText(results));
  if (failed > 0) throw new ExitError(1, `${failed} of ${results.length} checks fail.`);
  const todo = "Look at `gatehouse doctor` and run the check again: what was answered is kept, but asked again.";
  if (unjudged > 0) throw new ExitError(EXIT.outOfReach, `${passed} pass, ${unjudged} could not be judged. ${todo}`);
}

/** A row a question, what is wrong with it below, and the sum of all. */
export function judgedText(results: readonly JudgedCheck[]): string {
  const rows = results.map((one) => {
    const { fault, unjudged, dropped, question } = one;
    const state = unjudged !== null ? "?" : fault === null ? "passes" : "FAILS";
    const why = unjudged !== null ? `not judged: ${UNJUDGED[unjudged] ?? unjudged}` : wrongOf(one);
    const row = `${state.padEnd(8)}${String(dropped).padStart(9)}  ${question.replace(/\s+/g, " ")}\n`;
    return why === null ? row : `${row}${" ".repeat(19)}${why}\n`;
  });
  const { passed, failed, unjudged, dropped, tokensIn, tokensOut, costUsd } = totalOf(results);
  const spent = `${tokensIn} → ${tokensOut} tokens, $${costUsd.toFixed(4)}`;
  const unknown = unjudged === 0 ? "" : "; what calls without an answer cost is not known";
  const head = `${"result".padEnd(8)}left out  question\n`;
  return (
    `${head}${rows.join("")}${passed} of ${results.length} pass, ${failed} fail, ${unjudged} not judged; ` +
    `${dropped} sentences left out, since their source does not say them\n${spent}${unknown}\n`
  );
}

function totalOf(results: readonly JudgedCheck[]) {
  const sum = (of: (one: JudgedCheck) => number) => results.reduce((all, one) => all + of(one), 0);
  return {
    passed: sum((one) => Number(one.unjudged === null && one.fault === null)),
    failed: sum((one) => Number(one.fault !== null)),
    unjudged: sum((one) => Number(one.unjudged !== null)),
    dropped: sum((one) => one.dropped),
    tokensIn: sum((one) => one.spent.tokensIn),
    tokensOut: sum((one) => one.spent.tokensOut),
    costUsd: sum((one) => one.spent.costUsd),
  };
}

function wrongOf({ fault, expected, says, cited }: JudgedCheck): string | null {
  const pages = cited.length === 0 ? "nothing" : cited.map((title) => `"${title}"`).join(", ");
  switch (fault) {
    case null:
      return null;
    case "not-answered":
      return `says that it is not in the knowledge base; should answer from "${expected}"`;
    case "another-source":
      return `cites ${pages}, not "${expected}"`;
    case "fact-missing":
      return `does not say "${says}"; cites ${pages}`;
    case "answered":
      return `should say that it is not in the knowledge base; answers from ${pages}`;
    case "wants-person":
      return "takes it for the wish to speak to a person";
  }
}

const UNJUDGED: Readonly<Record<string, string>> = {
  timeout: "the model did not answer in time",
  unavailable: "the model could not be reached",
  unauthorized: "the model's key was refused: check GROQ_API_KEY",
  "rate-limited": "the model's limits were reached, for more than a minute",
  overloaded: "too many calls wait for the model",
  invalid: "the model's answer does not have its form",
  "not-found": "the model is not served any more: check GROQ_ANSWER_MODEL",
  "not-asked": "not asked, since the model gave no answer to those before",
  "knowledge-loading": "the knowledge base is still being read",
};

function asJson({ question, expected, says, fault, unjudged, cited, dropped, text, spent }: JudgedCheck) {
  const { tokensIn, tokensOut, costUsd, model } = spent;
  return {
    question,
    expected,
    says,
    fault,
    unjudged,
    cited,
    leftOut: dropped,
    answer: text,
    model,
    tokensIn,
    tokensOut,
    costUsd,
  };
}

function readMost(text: string): number {
  const most = Number(text);
  if (Number.isInteger(most) && most >= 1 && most <= CHECKS_MAX) return most;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${CHECKS_MAX}.`);
}
