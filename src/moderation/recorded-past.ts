/** The past that a rehearsal looks at: of Discord's last days or of a file, with what was done then and what people called wrong. */
import { AppError } from "../errors.ts";
import type { GuildId } from "../ids.ts";
import type { Services } from "../services.ts";
import { messagesIn } from "./past-file.ts";
import type { Past, PastReads, Rehearsal, Survey } from "./rehearsal.ts";

const PAST_CASES_MAX = 5_000;
const PAST_EXAMPLES_MAX = 200;
const DAY_MS = 24 * 3_600_000;

/** A rehearsal that is ready: what it costs, and `run`, which asks. Null where the bot is not in the guild. */
export async function rehearsalOf(
  services: Services,
  guild: GuildId,
  input: { readonly days: number } | { readonly lines: AsyncIterable<Uint8Array> },
): Promise<{ readonly survey: Survey; run(): Promise<Rehearsal> } | null> {
  const { store, clock, llm, discord } = services;
  const row = await store.guilds.get(guild);
  if (row === null) return null;
  // The prefilter comes with it, which a process that rehearses nothing does without.
  const { readPast, readsOf, rehearse, survey } = await import("./rehearsal.ts");
  const reads = readsOf(discord(row.application));
  const fromDiscord = "days" in input;
  const sinceMs = fromDiscord ? clock.now() - input.days * DAY_MS : 0;
  await services.optOuts.load();
  const recorded = fromDiscord ? await readPast(reads, guild, sinceMs) : await messagesIn(input.lines, guild);
  const past: Past = {
    ...{ guild, settings: row.settings.moderation },
    messages: recorded.filter(({ author }) => services.optOuts.has(row.application, author.id) === false),
    cases: (await store.cases.list(guild, { fromMs: sinceMs }, PAST_CASES_MAX)).items,
    examples: await store.cases.examples(guild, PAST_EXAMPLES_MAX),
  };
  // A file is rehearsed without Discord too: then nobody says who is staff.
  const told = fromDiscord || (await isReached(reads, guild)) ? reads : null;
  return { survey: survey(past), run: () => rehearse(past, llm, told) };
}

async function isReached({ directory }: PastReads, guild: GuildId): Promise<boolean> {
  try {
    return (await directory.guild(guild)) !== null;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}
