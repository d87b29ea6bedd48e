/** Answers to open questions, and the check set: added, run, removed. */
import { addCheck, runChecks } from "../../src/checks.ts";
import { learnPair } from "../../src/learning.ts";
import { createOpenQuestions } from "../../src/open-questions.ts";
import { field, readForm } from "../body.ts";
import { type Route, route, withForm } from "../guard.ts";
import type { Kit } from "../kit.ts";
import { HttpRefusal } from "../refusal.ts";
import { htmlResponse, redirect } from "../respond.ts";
import type { GuildVisit } from "../visit.ts";
import { type QuestionFacts, questionsPage } from "./view.ts";
import { questionWords } from "./words.ts";

/** Of what an answer must hold. */
const SAYS_CHARS_MAX = 100;

export function questionRoutes({ services }: Kit): readonly Route[] {
  const { store } = services;
  const open = createOpenQuestions(services);
  const base = "/guilds/:guild/questions";

  async function shown(visit: GuildVisit, more: Partial<QuestionFacts> = {}, status = 200): Promise<Response> {
    const { guild } = visit.guild;
    const [groups, checks] = await Promise.all([open.of(guild), store.checks.list(guild)]);
    return htmlResponse(
      questionsPage(visit, { groups, checks, told: null, problem: null, typed: null, ...more }),
      status,
    );
  }

  return [
    route("admin", "GET", base, (visit) => {
      const saved = visit.url.searchParams.get("saved") === "1";
      return shown(visit, { told: saved ? questionWords[visit.language].saved : null });
    }),

    route("admin", "POST", `${base}/answers`, async (visit) => {
      const form = await readForm(visit);
      const { guild } = visit.guild;
      const pair = { question: field(form, "question", 501), answer: field(form, "answer", 4_001) };
      const problem = questionWords[visit.language].refused;
      if (!(await learnPair(guild, pair, services))) return await shown(visit, { problem, typed: form }, 422);
      // A pair's title is its question: that is what the check must find.
      if (form.get("check") !== null)
        await store.checks.add(guild, { question: pair.question, expected: pair.question, says: null });
      return redirect(visit, `/guilds/${guild}/questions?saved=1`);
    }),

    route("admin", "POST", `${base}/checks`, async (visit) => {
      const { guild } = visit.guild;
      const form = await readForm(visit);
      const question = field(form, "question", 500);
      const wish = { question, says: field(form, "says", SAYS_CHARS_MAX), absent: form.get("absent") !== null };
      if (question === "" || !(await addCheck(guild, wish, services)))
        return await shown(visit, { problem: questionWords[visit.language].nothingFound, typed: form }, 422);
      return redirect(visit, `/guilds/${guild}/questions`);
    }),

    route("admin", "POST", `${base}/checks/run`, async (visit) => {
      await runChecks(visit.guild.guild, services);
      return redirect(visit, `/guilds/${visit.guild.guild}/questions`);
    }),

    ...withForm("admin", "DELETE", `${base}/checks/:check`, async (visit) => {
      const gone = await store.checks.remove(visit.guild.guild, visit.params.check ?? "");
      if (!gone) throw new HttpRefusal("not-found");
      return redirect(visit, `/guilds/${visit.guild.guild}/questions`);
    }),
  ];
}
