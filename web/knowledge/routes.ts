/** What the bot answers from: sources with their state, live while one is imported; uploads; removal, which asks first. */
import type { SourceRow } from "../../src/store.ts";
import { type BodyBound, field, readForm } from "../body.ts";
import type { Live } from "../events.ts";
import { type Route, route } from "../guard.ts";
import type { Html } from "../html.ts";
import { HttpRefusal } from "../refusal.ts";
import { htmlResponse, redirect } from "../respond.ts";
import type { GuildVisit } from "../visit.ts";
import type { Jobs, Upload } from "./jobs.ts";
import { knowledgePage, removePage, sourcesPart } from "./view.ts";

/** Several files of at most 20 MB; each is looked at by itself, the sum is what one request may hold in memory. */
const UPLOAD_BOUND: BodyBound = { bytesMax: 100 * 1024 * 1024, deadlineMs: 180_000 };
const FILES_MAX = 200;

export type KnowledgeProblem = "no-files" | "too-many-files" | "running" | "url";

export type KnowledgeFacts = {
  readonly sources: readonly SourceRow[];
  /** Sources whose import runs in this process, and can be stopped here. */
  readonly stoppable: ReadonlySet<string>;
  readonly started: boolean;
  readonly problem: KnowledgeProblem | null;
};

export function knowledgeRoutes(live: Live, jobs: Jobs): readonly Route[] {
  const base = "/guilds/:guild/knowledge";
  const facts = async (visit: GuildVisit, problem: KnowledgeProblem | null = null): Promise<KnowledgeFacts> => {
    const { guild } = visit.guild;
    const sources = await visit.services.store.knowledge.sources(guild);
    const stoppable = new Set(sources.filter((one) => jobs.running(guild, one.name)).map((one) => one.id));
    return { sources, stoppable, problem, started: visit.url.searchParams.get("started") === "1" };
  };
  const refuse = async (visit: GuildVisit, problem: KnowledgeProblem) =>
    htmlResponse(knowledgePage(visit, await facts(visit, problem)), 422);

  return [
    route("viewer", "GET", base, async (visit) => knowledgePage(visit, await facts(visit))),

    route("viewer", "GET", `${base}/live`, (visit) =>
      live.stream("viewer", visit, {
        concerns: (news) =>
          (news.type === "job-progressed" || news.type === "knowledge-changed") && news.guild === visit.guild.guild,
        render: async (reader): Promise<Html> => sourcesPart(reader, await facts(reader)),
      }),
    ),

    route("admin", "POST", `${base}/files`, async (visit) => {
      const form = await readForm(visit.request, visit.services.clock, UPLOAD_BOUND);
      const files = await uploads(form);
      if (files.length === 0) return refuse(visit, "no-files");
      if (files.length > FILES_MAX) return refuse(visit, "too-many-files");
      const baseUrl = field(form, "base", 500);
      if (baseUrl !== "" && !/^https?:\/\/[^\s/]+/.test(baseUrl)) return refuse(visit, "url");
      const name = field(form, "name", 100) || visit.words.knowledge.uploads;
      const started = await jobs.startFiles(visit.guild.guild, name, baseUrl || null, files);
      if (!started) return refuse(visit, "running");
      return redirect(visit, `/guilds/${visit.guild.guild}/knowledge?started=1`);
    }),

    route("admin", "GET", `${base}/:source/remove`, async (visit) => removePage(visit, await sourceOf(visit))),

    route("admin", "POST", `${base}/:source/remove`, async (visit) => {
      const { guild } = visit.guild;
      const source = await sourceOf(visit);
      jobs.cancel(guild, source.name);
      await visit.services.store.knowledge.removeSource(guild, source.id);
      await visit.services.bus.publish({ type: "knowledge-changed", guild });
      return redirect(visit, `/guilds/${guild}/knowledge`);
    }),

    route("admin", "POST", `${base}/:source/cancel`, async (visit) => {
      jobs.cancel(visit.guild.guild, (await sourceOf(visit)).name);
      return redirect(visit, `/guilds/${visit.guild.guild}/knowledge`);
    }),
  ];
}

async function sourceOf(visit: GuildVisit): Promise<SourceRow> {
  const sources = await visit.services.store.knowledge.sources(visit.guild.guild);
  const found = sources.find((source) => source.id === visit.params.source);
  if (found === undefined) throw new HttpRefusal("not-found");
  return found;
}

/** Names are a browser's word: cut to what is shown, never used as a path. Two of one name get a number. */
async function uploads(form: FormData): Promise<Upload[]> {
  const files: Upload[] = [];
  const taken = new Set<string>();
  for (const value of form.getAll("files")) {
    if (typeof value === "string" || (value.size === 0 && value.name === "")) continue;
    const plain = value.name.replace(/[\p{Cc}\p{Cf}]/gu, "").toWellFormed();
    const base = plain.split(/[/\\]/).at(-1)?.slice(-150) || "file";
    let name = base;
    for (let n = 2; taken.has(name); n++) name = base.replace(/(\.[^.]*)?$/, (end) => ` (${n})${end}`);
    taken.add(name);
    files.push({ name, bytes: new Uint8Array(await value.arrayBuffer()) });
  }
  return files;
}
