/**
 * `gatehouse moderation verify | rehearse`: whether a guild's cases are as they were written, and what today's rules would do
 * with the past. A rehearsal says what it costs before it asks a model, and can change nothing in Discord.
 */
import { constants, createReadStream } from "node:fs";
import { access, stat } from "node:fs/promises";
import { Command, InvalidArgumentError } from "commander";
import { AppError } from "../../src/errors.ts";
import type { GuildId } from "../../src/ids.ts";
import { type Rehearsal, type Rehearsed, rehearsalOf } from "../../src/moderation.ts";
import { EXIT, ExitError } from "./exit.ts";
import { readGuildId, withServices } from "./run.ts";

type Options = { readonly guild: GuildId; readonly days: number; readonly file?: string; readonly json?: true };

export function moderationCommand(): Command {
  return new Command("moderation").addCommand(verifyCommand()).addCommand(rehearseCommand());
}

function verifyCommand(): Command {
  return new Command("verify")
    .description("say whether a server's cases are as they were written; exits 1 if one was changed by hand")
    .option("--guild <id>", "only this server; otherwise all that have cases", readGuildId)
    .action(async ({ guild }: { guild?: GuildId }) => {
      await withServices(async ({ store }) => {
        const guilds = guild === undefined ? await store.cases.guilds() : [guild];
        if (guilds.length === 0) process.stdout.write(verifiedText([]));
        for (const one of guilds) {
          const found = await store.cases.verify(one);
          process.stdout.write(verifiedText([{ guild: one, ...found }]));
          if (found.problem !== null) process.exitCode = 1;
        }
      });
    });
}

type Verified = {
  readonly guild: GuildId;
  readonly cases: number;
  readonly events: number;
  readonly problem: string | null;
};

/** A line a server; where nothing was there to look at, that is said. */
export function verifiedText(all: readonly Verified[]): string {
  if (all.length === 0) return "No server has a case yet, so there is nothing to verify.\n";
  return all
    .map(({ guild, cases, events, problem }) => {
      const found = problem === null ? `✓ ${cases} cases, ${events} events` : `✗ ${problem}`;
      return `${guild}: ${found}\n`;
    })
    .join("");
}

function rehearseCommand(): Command {
  return new Command("rehearse")
    .description("what today's rules would do with the past; changes nothing")
    .requiredOption("--guild <id>", "whose rules, and whose past", readGuildId)
    .option("--days <n>", "how far back", readDays, 7)
    .option("--file <path>", "instead of Discord's past: JSON lines of {id?, channel?, author, ts?, text}")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      "\nExample:\n  gatehouse moderation rehearse --guild 123456789012345678 --days 7\n\nWith a database of its own in another folder, such as the demo's, name the folder:\n  GATEHOUSE_DATA_DIR=.data/demo gatehouse moderation rehearse --guild 123456789012345678 --file messages.jsonl",
    )
    .action(async ({ guild, days, file, json }: Options) => {
      await withServices(async (services) => {
        const input = file === undefined ? { days } : { lines: await pastLinesOf(file) };
        const rehearsal = await rehearsalOf(services, guild, input).catch((error: unknown) => {
          if (file !== undefined || !(error instanceof AppError)) throw error;
          throw new ExitError(EXIT.outOfReach, unreadable(error.message));
        });
        if (rehearsal === null) throw new ExitError(1, `The bot is not in the server ${guild}: add it first.`);
        process.stderr.write(surveyText(rehearsal.survey, services.llm !== null));
        const done = await rehearsal.run();
        process.stdout.write(json ? `${JSON.stringify(done)}\n` : rehearsalText(done));
      });
    });
}

/** The bytes of a file of messages; a refusal in one sentence. */
export async function pastLinesOf(file: string): Promise<AsyncIterable<Uint8Array>> {
  try {
    await access(file, constants.R_OK);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new ExitError(
      EXIT.usage,
      `${file} cannot be read (${code}): give a file of JSON lines that this user may read.`,
    );
  }
  if ((await stat(file)).isDirectory())
    throw new ExitError(EXIT.usage, `${file} is a folder: give a file of JSON lines.`);
  return createReadStream(file);
}

export function unreadable(why: string): string {
  return `The past is read from Discord, and that did not work: ${why} Or rehearse on the dashboard (Moderation, Rehearse), or give messages with --file, which needs no Discord.`;
}

/** The cost, before anything is asked. */
export function surveyText(found: Rehearsal["survey"], model: boolean): string {
  const { messages, clear, certain, toTheModel, calls, tokens } = found;
  const judged = model
    ? `${toTheModel} to the model in ${calls === 1 ? "1 call" : `${calls} calls`}, about ${tokens} tokens`
    : `${toTheModel} for a model, but there is none (GROQ_API_KEY is not set): they are not rehearsed`;
  return `${messages === 1 ? "1 message" : `${messages} messages`}: ${clear} cleared and ${certain} certain without a model, ${judged}.\n`;
}

export function rehearsalText({ hits, spared, examples, unjudged, staffKnown }: Rehearsal): string {
  const acted = hits.filter(({ acts }) => acts.length > 0);
  const wrong = examples.filter(({ hit }) => hit);
  return [
    ...hits.map(lineOf),
    `${acted.length} of ${hits.length} findings would be acted on; ${staffKnown ? `${hits.filter(({ staff }) => staff).length} are by staff (never acted on)` : "nobody could say who is staff, since Discord was not asked"}; ` +
      `${hits.filter(({ differs }) => differs).length} differ from what happened.`,
    ...spared.map(
      ({ number, acts, text }) => `Case ${number} (${acts.join(" + ")}) would not happen again: ${oneLine(text)}`,
    ),
    ...wrong.map(({ text }) => `Still found, though people said it was wrong: ${oneLine(text)}`),
    ...(unjudged > 0 ? [`${unjudged} got no verdict: the model was away, late or answered out of form.`] : []),
    "",
  ].join("\n");
}

function lineOf(one: Rehearsed): string {
  const acts = one.acts.length === 0 ? "nothing" : one.acts.join(" + ");
  const rule = one.rule === null ? "certain" : `rule ${one.rule.n}`;
  const then = one.before === null ? "" : ` (then: ${one.before.acts.join(" + ") || "nothing"}, ${one.before.state})`;
  return `${one.staff ? "STAFF " : ""}${one.authorName}: ${acts}${then} · ${rule} · ${one.severity} ${one.confidence.toFixed(2)} · ${oneLine(one.text)}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").slice(0, 100);
}

function readDays(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 30) throw new InvalidArgumentError("It must be 1 to 30 days.");
  return days;
}
