/** The bot's sources with their state, live while one is imported; adding, editing, and removal, which asks first. */

import { AppError } from "../../src/errors.ts";
import { addPairs, savePairs, saveText, saveWebsite } from "../../src/knowledge.ts";
import type { SourceRow } from "../../src/store/ports/knowledge.ts";
import { field, readForm } from "../body.ts";
import { type Route, route } from "../guard.ts";
import type { Html } from "../html.ts";
import type { Kit } from "../kit.ts";
import { HttpRefusal } from "../refusal.ts";
import { htmlResponse, redirect } from "../respond.ts";
import type { GuildVisit } from "../visit.ts";
import { documentRoutes, sourceOf } from "./documents-routes.ts";
import { type Draft, type DraftProblem, editPage } from "./editors.ts";
import type { KnowledgeFacts, KnowledgeProblem, Typed } from "./facts.ts";
import {
  FILES_MAX,
  NAME_CHARS_MAX,
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

export function knowledgeRoutes(kit: Kit): readonly Route[] {
  const { live, jobs } = kit;
  const base = "/guilds/:guild/knowledge";

  const facts = async (
    visit: GuildVisit,
    problem: KnowledgeProblem | null = null,
    typed: Typed = {},
  ): Promise<KnowledgeFacts> => {
    const { guild } = visit.guild;
    const { embedder, store } = visit.services;
    const sources = await store.knowledge.sources(guild);
    const meant =
      embedder === null ? null : { model: embedder.model, passages: await store.meanings.count(guild, embedder.model) };
    return { sources, meant, problem, typed, started: visit.url.searchParams.get("started") === "1" };
  };
  const refuse = async (visit: GuildVisit, problem: KnowledgeProblem, form?: FormData) =>
    htmlResponse(knowledgePage(visit, await facts(visit, problem, form === undefined ? {} : typedIn(form))), 422);
  const back = (visit: GuildVisit, started = false) =>
    redirect(visit, `/guilds/${visit.guild.guild}/knowledge${started ? "?started=1" : ""}`);

  /** Here, and in the process where it runs. */
  const stop = async (visit: GuildVisit, source: SourceRow) => {
    const { guild } = visit.guild;
    await Promise.all([jobs.imports.cancel(guild, source.name), jobs.crawls.cancel(guild, source.id)]);
    if (source.state !== "running") return;
    await visit.services.bus.publish({ type: "job-cancelled", guild, source: source.id, name: source.name });
  };

  /** A refused form is shown with its input and the reason; another person's save meanwhile stands beside it. */
  const redraw = (visit: GuildVisit, draft: Draft, problem: DraftProblem) =>
    htmlResponse(editPage(visit, draft, problem), problem === "changed" || problem === "removed" ? 409 : 422);

  /** A refusal of src/knowledge is the form's problem; every other error is ours. */
  const saving = async (visit: GuildVisit, draft: Draft, save: () => Promise<unknown>) => {
    try {
      await save();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const known = await typedSource(visit, draft);
      const refused = { ...draft, known };
      if (isFull(error)) return redraw(visit, refused, "full");
      if (error.kind === "invalid") return redraw(visit, refused, draft.kind);
      if (error.kind !== "conflict" && error.kind !== "not-found") throw error;
      return redraw(visit, refused, known === undefined ? "removed" : "changed");
    }
    return back(visit);
  };

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
      const form = await readForm(visit, UPLOAD_BOUND);
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
      const form = await readForm(visit);
      const website = readWebsite(form);
      const { guild } = visit.guild;
      if (!URL.canParse(website.start)) return refuse(visit, "website", form);
      try {
        const source = await saveWebsite(guild, website, { store: visit.services.store.knowledge });
        await jobs.crawls.order(guild, source.id);
      } catch (error) {
        if (isFull(error)) return refuse(visit, "full", form);
        if (error instanceof AppError && error.kind === "invalid") return refuse(visit, "website", form);
        throw error;
      }
      return back(visit, true);
    }),

    route("admin", "POST", `${base}/pairs`, async (visit) => {
      const form = await readForm(visit, TEXT_BOUND);
      const { guild, services } = { guild: visit.guild.guild, services: visit.services };
      const ports = { store: services.store.knowledge, bus: services.bus, cutter: services.cutter };
      const name = field(form, "name", NAME_CHARS_MAX) || knowledgeWords[visit.language].kinds.pairs;
      // The editor sends all pairs; the form for new ones adds to the existing pairs.
      const whole = form.has("whole");
      const pairs = readPairs(form);
      if (pairs.length === 0 && !whole) return refuse(visit, "pairs");
      const over = field(form, "version");
      const draft: Draft = { kind: "pairs", name, whole, config: { pairs }, known: undefined };
      const order = { guild, name, pairs };
      return saving(visit, draft, () => (whole ? savePairs({ ...order, over }, ports) : addPairs(order, ports)));
    }),

    route("admin", "POST", `${base}/texts`, async (visit) => {
      const form = await readForm(visit, TEXT_BOUND);
      const { store, bus, cutter } = visit.services;
      const name = field(form, "name", NAME_CHARS_MAX);
      const config = readText(form);
      const whole = form.has("whole");
      const draft: Draft = { kind: "text", name, whole, config, known: undefined };
      if (name === "") return redraw(visit, draft, "text");
      // Under another name than the refused one it replaces nothing.
      const taken = whole || (await typedSource(visit, draft)) !== undefined;
      const over = taken ? field(form, "version") : "";
      const order = { guild: visit.guild.guild, name, over, ...config };
      return saving(visit, draft, () => saveText(order, { store: store.knowledge, bus, cutter }));
    }),

    route("admin", "GET", `${base}/:source/edit`, async (visit) => {
      const known = await sourceOf(visit);
      const { kind, name, config } = known;
      if (kind !== "pairs" && kind !== "text") throw new HttpRefusal("not-found");
      return editPage(visit, { kind, name, config, known, whole: true });
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
      if (source.kind === "files") await jobs.imports.drop(guild, source.name);
      await visit.services.store.knowledge.removeSource(guild, source.id);
      await visit.services.bus.publish({ type: "knowledge-changed", guild });
      return back(visit);
    }),

    route("admin", "POST", `${base}/:source/cancel`, async (visit) => {
      await stop(visit, await sourceOf(visit));
      return back(visit);
    }),

    // Where it was stopped.
    route("admin", "POST", `${base}/:source/continue`, async (visit) => {
      const { guild } = visit.guild;
      const source = await sourceOf(visit);
      if (source.kind === "website") {
        return (await jobs.crawls.order(guild, source.id)) ? back(visit, true) : refuse(visit, "running");
      }
      if (source.kind !== "files") throw new HttpRefusal("not-found");
      return (await jobs.imports.goOn(guild, source.name)) ? back(visit, true) : refuse(visit, "gone");
    }),

    ...documentRoutes(kit),
  ];
}

/** The source that such a draft is kept in. */
async function typedSource(visit: GuildVisit, { kind, name }: Draft): Promise<SourceRow | undefined> {
  const sources = await visit.services.store.knowledge.sources(visit.guild.guild);
  return sources.find((one) => one.kind === kind && one.name === name);
}

/** The store counts where it writes; only it refuses so, and pressure has other words. */
function isFull(error: unknown): boolean {
  return error instanceof AppError && error.kind === "overloaded" && error.message.includes("knowledge base is full");
}
