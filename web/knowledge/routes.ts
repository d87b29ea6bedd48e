/** What the bot answers from: sources with their state, live while one is imported; adding, editing, and removal, which asks first. */

import { AppError } from "../../src/errors.ts";
import { savePairs, saveText, saveWebsite } from "../../src/knowledge.ts";
import type { SourceRow } from "../../src/store/ports/knowledge.ts";
import { field, readForm } from "../body.ts";
import { type Route, route } from "../guard.ts";
import type { Html } from "../html.ts";
import type { Kit } from "../kit.ts";
import { HttpRefusal } from "../refusal.ts";
import { htmlResponse, redirect } from "../respond.ts";
import type { GuildVisit } from "../visit.ts";
import { type Draft, editPage } from "./editors.ts";
import type { KnowledgeFacts, KnowledgeProblem, Typed } from "./facts.ts";
import {
  FILES_MAX,
  NAME_CHARS_MAX,
  pairsOf,
  readFiles,
  readPairs,
  readText,
  readWebsite,
  TEXT_BOUND,
  typedIn,
  UPLOAD_BOUND,
} from "./forms.ts";
import { knowledgePage, removePage, sourcesPart } from "./view.ts";
import { knowledgeWords } from "./words.ts";

export function knowledgeRoutes({ live, jobs }: Kit): readonly Route[] {
  const base = "/guilds/:guild/knowledge";

  const facts = async (
    visit: GuildVisit,
    problem: KnowledgeProblem | null = null,
    typed: Typed = {},
  ): Promise<KnowledgeFacts> => {
    const { guild } = visit.guild;
    const sources = await visit.services.store.knowledge.sources(guild);
    return { sources, problem, typed, started: visit.url.searchParams.get("started") === "1" };
  };
  const refuse = async (visit: GuildVisit, problem: KnowledgeProblem, form?: FormData) =>
    htmlResponse(knowledgePage(visit, await facts(visit, problem, form === undefined ? {} : typedIn(form))), 422);
  const back = (visit: GuildVisit, started = false) =>
    redirect(visit, `/guilds/${visit.guild.guild}/knowledge${started ? "?started=1" : ""}`);

  /** Here, or in the process where it runs. */
  const stop = async (visit: GuildVisit, source: SourceRow) => {
    const { guild } = visit.guild;
    const here = (
      await Promise.all([jobs.imports.cancel(guild, source.name), jobs.crawls.cancel(guild, source.id)])
    ).some(Boolean);
    if (here || source.state !== "running") return;
    await visit.services.bus.publish({ type: "job-cancelled", guild, source: source.id, name: source.name });
  };

  /** What src/knowledge refuses is the form's problem, shown with the form; everything else is ours. */
  const adding = async (
    visit: GuildVisit,
    refused: () => Promise<Response> | Response,
    save: () => Promise<unknown>,
    started = false,
  ) => {
    try {
      await save();
    } catch (error) {
      if (error instanceof AppError && error.kind === "invalid") return refused();
      if (isFull(error)) return refuse(visit, "full");
      throw error;
    }
    return back(visit, started);
  };
  const redraw = (visit: GuildVisit, draft: Draft) =>
    htmlResponse(editPage(visit, draft, knowledgeWords[visit.language].problems[draft.kind]), 422);

  return [
    route("viewer-or-admin", "GET", base, async (visit) => knowledgePage(visit, await facts(visit))),

    route("viewer-or-admin", "GET", `${base}/live`, (visit) =>
      live.stream("viewer-or-admin", visit, {
        concerns: (news) =>
          (news.type === "job-progressed" || news.type === "knowledge-changed") && news.guild === visit.guild.guild,
        render: async (reader): Promise<Html> => sourcesPart(reader, await facts(reader)),
      }),
    ),

    route("admin", "POST", `${base}/files`, async (visit) => {
      const form = await readForm(visit.request, visit.services.clock, UPLOAD_BOUND);
      const files = await readFiles(form);
      if (files.length === 0) return refuse(visit, "no-files", form);
      if (files.length > FILES_MAX) return refuse(visit, "too-many-files", form);
      const baseUrl = field(form, "base", 500);
      if (baseUrl !== "" && !/^https?:\/\/[^\s/]+/.test(baseUrl)) return refuse(visit, "url", form);
      const name = field(form, "name", NAME_CHARS_MAX) || knowledgeWords[visit.language].uploads;
      const answer = await jobs.imports
        .order(visit.guild.guild, name, baseUrl || null, files)
        .catch((error: unknown) => (isFull(error) ? ("full-base" as const) : Promise.reject(error)));
      if (answer === "full-base") return refuse(visit, "full", form);
      if (answer === "ordered") return back(visit, true);
      return refuse(visit, answer === "busy" ? "running" : "too-many-imports", form);
    }),

    route("admin", "POST", `${base}/websites`, async (visit) => {
      const form = await readForm(visit.request, visit.services.clock);
      const website = readWebsite(form);
      const { guild } = visit.guild;
      if (!URL.canParse(website.start)) return refuse(visit, "website", form);
      const save = async () => {
        const source = await saveWebsite(guild, website, { store: visit.services.store.knowledge });
        await jobs.crawls.order(guild, source.id);
      };
      return adding(visit, () => refuse(visit, "website", form), save, true);
    }),

    route("admin", "POST", `${base}/pairs`, async (visit) => {
      const form = await readForm(visit.request, visit.services.clock, TEXT_BOUND);
      const { guild, services } = { guild: visit.guild.guild, services: visit.services };
      const ports = { store: services.store.knowledge, bus: services.bus };
      const name = field(form, "name", NAME_CHARS_MAX) || knowledgeWords[visit.language].kinds.pairs;
      const known = (await ports.store.sources(guild)).find((one) => one.kind === "pairs" && one.name === name);
      // The editor sends all of them; the form for new ones adds to what is there.
      const whole = form.has("whole");
      const before = known !== undefined && !whole ? pairsOf(known.config) : [];
      const added = readPairs(form);
      if (added.length === 0 && !whole) return refuse(visit, "pairs");
      return adding(
        visit,
        () => redraw(visit, { kind: "pairs", name, whole, config: { pairs: added } }),
        () => savePairs({ guild, name, pairs: [...before, ...added] }, ports),
      );
    }),

    route("admin", "POST", `${base}/texts`, async (visit) => {
      const form = await readForm(visit.request, visit.services.clock, TEXT_BOUND);
      const { store, bus } = visit.services;
      const name = field(form, "name", NAME_CHARS_MAX);
      const config = readText(form);
      const refused = () => redraw(visit, { kind: "text", name, whole: false, config });
      if (name === "") return refused();
      const order = { guild: visit.guild.guild, name, ...config };
      return adding(visit, refused, () => saveText(order, { store: store.knowledge, bus }));
    }),

    route("admin", "GET", `${base}/:source/edit`, async (visit) => {
      const { kind, name, config } = await sourceOf(visit);
      if (kind !== "pairs" && kind !== "text") throw new HttpRefusal("not-found");
      return editPage(visit, { kind, name, config, whole: true });
    }),

    route("admin", "POST", `${base}/:source/crawl`, async (visit) => {
      const source = await sourceOf(visit);
      if (source.kind !== "website") throw new HttpRefusal("not-found");
      return (await jobs.crawls.order(visit.guild.guild, source.id)) ? back(visit, true) : refuse(visit, "running");
    }),

    route("admin", "GET", `${base}/:source/remove`, async (visit) => removePage(visit, await sourceOf(visit))),

    route("admin", "POST", `${base}/:source/remove`, async (visit) => {
      const { guild } = visit.guild;
      const source = await sourceOf(visit);
      await stop(visit, source);
      await visit.services.store.knowledge.removeSource(guild, source.id);
      await visit.services.bus.publish({ type: "knowledge-changed", guild });
      return back(visit);
    }),

    route("admin", "POST", `${base}/:source/cancel`, async (visit) => {
      await stop(visit, await sourceOf(visit));
      return back(visit);
    }),
  ];
}

async function sourceOf(visit: GuildVisit): Promise<SourceRow> {
  const sources = await visit.services.store.knowledge.sources(visit.guild.guild);
  const found = sources.find((source) => source.id === visit.params.source);
  if (found === undefined) throw new HttpRefusal("not-found");
  return found;
}

/** The store counts where it writes; only it refuses so, and pressure has other words. */
function isFull(error: unknown): boolean {
  return error instanceof AppError && error.kind === "overloaded" && error.message.includes("knowledge base is full");
}
