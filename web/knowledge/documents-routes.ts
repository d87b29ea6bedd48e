/** Documents one by one: the list of a source, one document, leaving it out, reading it again, removing it. */
import type { SourceRow } from "../../src/store/ports/knowledge.ts";
import { field } from "../body.ts";
import { type Route, route } from "../guard.ts";
import type { Html } from "../html.ts";
import type { Kit } from "../kit.ts";
import { HttpRefusal } from "../refusal.ts";
import { redirect } from "../respond.ts";
import type { GuildVisit } from "../visit.ts";
import {
  type DocumentFacts,
  documentPage,
  documentsPart,
  passagesPart,
  removeDocumentPage,
  type SourceFacts,
  sourcePage,
} from "./documents-view.ts";

const PAGE_SIZE = 50;
const USES_SHOWN = 20;

export function documentRoutes({ live, jobs, names }: Kit): readonly Route[] {
  const base = "/guilds/:guild/knowledge/:source";
  const one = `${base}/documents/:document`;

  const leaveOut = (excluded: boolean) => async (visit: GuildVisit) => {
    const { guild } = visit.guild;
    const { document } = await documentOf(visit);
    await visit.services.store.documents.setExcluded(guild, document.id, excluded);
    await visit.services.bus.publish({ type: "knowledge-changed", guild });
    return redirect(visit, pathOf(visit));
  };

  return [
    route("viewer-or-admin", "GET", base, async (visit) => {
      const facts = await documentsOf(visit);
      return visit.fragment ? documentsPart(visit, facts) : sourcePage(visit, facts);
    }),

    route("viewer-or-admin", "GET", one, async (visit) => {
      const [facts, nameOf] = await Promise.all([factsOf(visit), names.of(visit)]);
      return documentPage(visit, { ...facts, nameOf });
    }),

    // A page that is read again shows its new passages by itself.
    route("viewer-or-admin", "GET", `${one}/live`, async (visit) => {
      await documentOf(visit);
      return live.stream("viewer-or-admin", visit, {
        concerns: (news) => news.type === "knowledge-changed" && news.guild === visit.guild.guild,
        render: async (reader): Promise<Html> => passagesPart(reader, (await documentOf(reader)).passages),
      });
    }),

    route("admin", "POST", `${one}/exclude`, leaveOut(true)),
    route("admin", "POST", `${one}/include`, leaveOut(false)),

    route("admin", "POST", `${one}/read`, async (visit) => {
      const { document, source } = await documentOf(visit);
      if (source.kind !== "website") throw new HttpRefusal("not-found");
      const ordered = await jobs.crawls.order(visit.guild.guild, source.id, document.key);
      return redirect(visit, `${pathOf(visit)}?told=${ordered ? "ordered" : "busy"}`);
    }),

    route("admin", "GET", `${one}/remove`, async (visit) => {
      const { source, document } = await documentOf(visit);
      if (source.kind !== "files") throw new HttpRefusal("not-found");
      return removeDocumentPage(visit, source, document);
    }),

    route("admin", "POST", `${one}/remove`, async (visit) => {
      const { guild } = visit.guild;
      const { source, document } = await documentOf(visit);
      if (source.kind !== "files") throw new HttpRefusal("not-found");
      await visit.services.store.documents.remove(guild, document.id);
      await visit.services.bus.publish({ type: "knowledge-changed", guild });
      return redirect(visit, `/guilds/${guild}/knowledge/${source.id}`);
    }),
  ];
}

const pathOf = ({ guild, params }: GuildVisit) =>
  `/guilds/${guild.guild}/knowledge/${params.source}/documents/${params.document}`;

export async function sourceOf(visit: GuildVisit): Promise<SourceRow> {
  const sources = await visit.services.store.knowledge.sources(visit.guild.guild);
  const found = sources.find((source) => source.id === visit.params.source);
  if (found === undefined) throw new HttpRefusal("not-found");
  return found;
}

async function documentsOf(visit: GuildVisit): Promise<SourceFacts> {
  const { documents } = visit.services.store;
  const { guild } = visit.guild;
  const search = visit.url.searchParams;
  const source = await sourceOf(visit);
  const text = field(search, "q");
  const asked = field(search, "which", 20);
  const which = asked === "included" || asked === "excluded" ? asked : "";
  const after = field(search, "after", 2_000);
  const filter = {
    ...(text === "" ? {} : { text }),
    ...(which === "" ? {} : { excluded: which === "excluded" }),
  };
  const found = await documents.list(guild, source.id, filter, PAGE_SIZE, after === "" ? undefined : after);
  const ids = found.items.map(({ id }) => id);
  return { source, text, which, after, found, uses: await documents.useCounts(guild, ids) };
}

/** A document is reached through its own source only. */
async function documentOf(visit: GuildVisit) {
  const id = visit.params.document ?? "";
  const source = await sourceOf(visit);
  const found = await visit.services.store.documents.get(visit.guild.guild, id);
  if (found === null || found.document.source !== source.id) throw new HttpRefusal("not-found");
  return { ...found, source };
}

async function factsOf(visit: GuildVisit): Promise<Omit<DocumentFacts, "nameOf">> {
  const found = await documentOf(visit);
  const uses = await visit.services.store.documents.uses(visit.guild.guild, found.document.id, USES_SHOWN);
  const told = field(visit.url.searchParams, "told", 20);
  return { ...found, uses, told: told === "ordered" || told === "busy" ? told : null };
}
