/**
 * The setup page: every field is a form of its own. htmx sends it as soon as it changes and gets the line that stands beside it;
 * without JavaScript a button sends it and the whole page comes back.
 */
import { AppError } from "../../src/errors.ts";
import type { ChannelId } from "../../src/ids.ts";
import { saveWebsite } from "../../src/knowledge.ts";
import { settingsIn } from "../../src/settings/form.ts";
import { field, readForm } from "../body.ts";
import { type Route, route } from "../guard.ts";
import type { Html } from "../html.ts";
import type { Kit } from "../kit.ts";
import { channelNames } from "../parts/channels.ts";
import { addToTeam, giveRole } from "../parts/team-members.ts";
import { teamFormWords } from "../parts/team-words.ts";
import { withScheme } from "../parts/typed.ts";
import { HttpRefusal } from "../refusal.ts";
import { htmlResponse, redirect } from "../respond.ts";
import type { GuildVisit } from "../visit.ts";
import { type FieldSaid, type GuildSetupFacts, lookAtDiscord, missingIn, readFacts, type SetupStep } from "./facts.ts";
import { FIELD_NAMES, type SetupField } from "./fields.ts";
import { type Saved, saveField, undoField } from "./save.ts";
import { readingPart } from "./steps-view.ts";
import { fieldPart, guildSetupPage, seenPart, stepPart, undoneStep } from "./view.ts";
import { guildSetupWords } from "./words.ts";

const BASE = "/guilds/:guild/setup";
const MINUTE_MS = 60_000;

export function guildSetupRoutes({ live, jobs, names }: Kit): readonly Route[] {
  return [
    route("admin", "GET", BASE, async (visit) =>
      guildSetupPage(visit, await readFacts(visit, await asked(visit, names))),
    ),

    // What asks Discord comes after the page.
    route("admin", "GET", `${BASE}/discord`, async (visit) =>
      visit.fragment ? seenPart(visit, await lookAtDiscord(visit, names)) : redirect(visit, `${pathOf(visit)}?look=1`),
    ),

    route("admin", "GET", `${BASE}/live`, (visit) =>
      live.stream("admin", visit, {
        concerns: (news) =>
          (news.type === "job-progressed" || news.type === "knowledge-changed") && news.guild === visit.guild.guild,
        render: async (reader): Promise<Html> =>
          readingPart(reader, await reader.services.store.knowledge.sources(reader.guild.guild)),
      }),
    ),

    route("admin", "POST", `${BASE}/fields/:field`, async (visit) => {
      const name = fieldOf(visit);
      const form = await readForm(visit);
      const known = { channels: await channelNames(visit), roles: [] };
      return answerField(visit, name, form, await saveField(visit, name, form, known));
    }),

    route("admin", "POST", `${BASE}/fields/:field/undo`, async (visit) => {
      const name = fieldOf(visit);
      const undone = await undoField(visit, name, field(await readForm(visit), "row", 15));
      if (!visit.fragment)
        return undone.kind === "saved" ? backTo(visit, stepOf(name), { undone: name }) : whole(undone);
      const { now, said } = undone;
      const seen = name === "mode" || name === "moderation" ? await lookAtDiscord(now, names) : null;
      const facts = await readFacts(now, { said, seen });
      return undoneStep(now, facts, stepOf(name));
    }),

    route("admin", "POST", `${BASE}/website`, async (visit) => {
      const form = await readForm(visit);
      const say = guildSetupWords[visit.language].knowledge;
      const start = withScheme(field(form, "start", 2_000));
      const problem = await readWebsite(visit, start, jobs.crawls);
      const says = problem === null ? say.begun : say.problems[problem];
      return answerStep(visit, "knowledge", { at: "knowledge", warn: problem !== null, says }, form);
    }),

    route("admin", "POST", `${BASE}/team`, async (visit) => {
      const form = await readForm(visit);
      const made = await addToTeam(visit, form);
      const at = "team";
      if ("added" in made) {
        const says = guildSetupWords[visit.language].team.addedTo;
        return answerStep(visit, at, { at, warn: false, says, row: made.added }, null);
      }
      const words = teamFormWords[visit.language];
      if ("problem" in made) return answerStep(visit, at, { at, warn: true, says: words.problems[made.problem] }, form);
      const member = { ...made.typed, matches: made.matches };
      return answerStep(visit, at, { at, warn: false, says: words.whoIsMeant(made.typed.person) }, form, { member });
    }),

    route("admin", "POST", `${BASE}/team/undo`, async (visit) => {
      const person = field(await readForm(visit), "row", 20);
      const say = guildSetupWords[visit.language];
      const taken = await giveRole(visit, person, null, null);
      const says = taken ? say.undone : teamFormWords[visit.language].problems.fixed;
      return answerStep(visit, "team", { at: "team", warn: !taken, says }, null);
    }),

    route("admin", "POST", `${BASE}/test`, async (visit) => {
      const form = await readForm(visit);
      return answerStep(visit, "test", await sendTest(visit, field(form, "channel", 20)), form);
    }),
  ];
}

/** What the address says of a form that was sent without JavaScript. */
async function asked(visit: GuildVisit, names: Kit["names"]): Promise<Partial<GuildSetupFacts>> {
  const { url, language } = visit;
  const say = guildSetupWords[language];
  const [saved, undone, row] = ["saved", "undone", "row"].map((name) => field(url.searchParams, name, 20));
  const seen = url.searchParams.get("look") === "1" ? await lookAtDiscord(visit, names) : null;
  if (saved) return { seen, said: { at: saved, warn: false, says: say.saved, ...(row ? { row } : {}) } };
  if (undone) return { seen, said: { at: undone, warn: false, says: say.undone } };
  return { seen };
}

async function answerField(
  visit: GuildVisit,
  name: SetupField,
  form: FormData,
  saved: Saved,
): Promise<Html | Response> {
  const { now, said, kind } = saved;
  if (visit.fragment) {
    // What was said of it already still holds.
    if (kind === "same") return new Response(null, { status: 204 });
    const missing = kind === "saved" && name === "moderation" ? await missingIn(now).catch(unseen) : undefined;
    return htmlResponse(fieldPart(now, name, said, missing), kind === "refused" ? 422 : 200);
  }
  if (kind === "refused") return whole(saved, form);
  return backTo(visit, stepOf(name), { saved: name, row: said.row ?? "" });
}

/** A step that sends something: the step itself for htmx; the whole page, as it was typed, for a browser. */
async function answerStep(
  visit: GuildVisit,
  step: SetupStep,
  said: FieldSaid,
  typed: FormData | null,
  more: Partial<GuildSetupFacts> = {},
): Promise<Response> {
  const facts = await readFacts(visit, { said, typed: said.warn || more.member ? typed : null, ...more });
  const shown = visit.fragment ? stepPart(visit, facts, step) : guildSetupPage(visit, facts);
  return htmlResponse(shown, said.warn ? 422 : 200);
}

async function whole({ now, said }: Saved, typed: FormData | null = null): Promise<Response> {
  return htmlResponse(guildSetupPage(now, await readFacts(now, { said, typed })), 422);
}

function unseen(error: unknown): null {
  if (error instanceof AppError) return null;
  throw error;
}

async function readWebsite(
  visit: GuildVisit,
  start: string,
  crawls: Kit["jobs"]["crawls"],
): Promise<"website" | "full" | null> {
  const { guild } = visit.guild;
  if (!URL.canParse(start)) return "website";
  try {
    const source = await saveWebsite(guild, { start }, { store: visit.services.store.knowledge });
    await crawls.order(guild, source.id);
    return null;
  } catch (error) {
    if (!(error instanceof AppError) || (error.kind !== "invalid" && error.kind !== "overloaded")) throw error;
    return error.kind === "invalid" ? "website" : "full";
  }
}

/** A hello in one of this server's channels; pressed twice within a minute it is sent once. */
async function sendTest(visit: GuildVisit, chosen: string): Promise<FieldSaid> {
  const { guild, services, language, nowMs } = visit;
  const say = guildSetupWords[language].test;
  const at = "test";
  const channel = (await channelNames(visit)).find(({ id }) => id === chosen);
  if (channel === undefined) return { at, warn: true, says: say.problems.channel };
  const spoken = guildSetupWords[guild.settings.language].test;
  const { mode } = settingsIn(guild.settings, channel.id as ChannelId);
  const content = mode === "ask" ? spoken.helloAsk : spoken.hello;
  const minute = Math.floor(nowMs / MINUTE_MS).toString(36);
  const nonce = `s${minute}${BigInt(channel.id).toString(36)}`.slice(0, 25);
  try {
    const sent = await services
      .discord(guild.application)
      .messages.send(channel.id as ChannelId, { content, suppressEmbeds: true }, nonce);
    const href = `https://discord.com/channels/${guild.guild}/${channel.id}/${sent}`;
    return { at, warn: false, says: say.sent(channel.name), link: { href, label: say.open } };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    services.logger.info({ guild: guild.guild, reason: error.kind }, "setup-test-refused");
    return { at, warn: true, says: error.kind === "forbidden" ? say.problems.forbidden : say.problems.failed };
  }
}

function fieldOf(visit: GuildVisit): SetupField {
  const name = FIELD_NAMES.find((known) => known === visit.params.field);
  if (name === undefined) throw new HttpRefusal("not-found");
  return name;
}

function stepOf(name: SetupField): SetupStep {
  return name === "language" || name === "instructions" ? "voice" : name;
}

function pathOf(visit: GuildVisit): string {
  return `/guilds/${visit.guild.guild}/setup`;
}

function backTo(visit: GuildVisit, step: SetupStep, query: Readonly<Record<string, string>>): Response {
  return redirect(visit, `${pathOf(visit)}?${new URLSearchParams(query)}#step-${step}`);
}
