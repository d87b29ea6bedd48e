/** A KnowledgeStore in memory, for what imports and loads: the same shapes, no SQL. The contract suite holds the real one. */
import { AppError } from "../../src/errors.ts";
import type { GuildId } from "../../src/ids.ts";
import type { PassageRow } from "../../src/knowledge.ts";
import type { DocumentInput, KnowledgeStore, SourceRow } from "../../src/store/ports/knowledge.ts";

type Kept = { readonly source: SourceRow; readonly documents: Map<string, DocumentInput> };

export function createKnowledgeStore(): KnowledgeStore {
  const guilds = new Map<GuildId, Map<string, Kept>>();
  const versions = new Map<GuildId, number>();
  let made = 0;

  const of = (guild: GuildId): Map<string, Kept> => {
    const kept = guilds.get(guild) ?? new Map<string, Kept>();
    guilds.set(guild, kept);
    return kept;
  };
  const grow = (guild: GuildId): void => {
    versions.set(guild, (versions.get(guild) ?? 0) + 1);
  };
  const sourceOf = (guild: GuildId, id: string): Kept => {
    const found = of(guild).get(id);
    if (found === undefined) throw new AppError("not-found", `this guild has no source ${id}`);
    return found;
  };
  const count = ({ source, documents }: Kept): SourceRow => ({
    ...source,
    documents: documents.size,
    passages: [...documents.values()].reduce((sum, d) => sum + d.passages.length, 0),
  });

  return {
    async saveSource(guild, { id: known, kind, name, config, over }) {
      const before = known === undefined ? undefined : sourceOf(guild, known);
      const twin = [...of(guild).values()].some(({ source }) => source.kind === kind && source.name === name);
      const taken = before === undefined ? (kind === "pairs" || kind === "text") && twin : false;
      const changed = over !== undefined && !Bun.deepEquals(before?.source.config, over);
      if (taken || changed) throw new AppError("conflict", `somebody else changed the source ${name}`);
      const id = known ?? `source-${++made}`;
      const source: SourceRow = {
        state: "idle",
        progress: { done: 0, total: 0, failures: [] },
        documents: 0,
        excluded: 0,
        passages: 0,
        updatedAtMs: 0,
        ...before?.source,
        id,
        kind,
        name,
        config,
      };
      of(guild).set(id, { source, documents: before?.documents ?? new Map() });
      return count(sourceOf(guild, id));
    },
    async setProgress(guild, id, state, progress) {
      const kept = of(guild).get(id);
      if (kept === undefined) return;
      of(guild).set(id, { ...kept, source: { ...kept.source, state, progress: structuredClone(progress) } });
    },
    sources: async (guild) => [...of(guild).values()].map(count),
    async websitesDue() {
      return [...guilds].flatMap(([guild, kept]) =>
        [...kept.values()]
          .filter(({ source }) => source.kind === "website" && source.state === "running")
          .map(({ source }) => ({ guild, source: source.id })),
      );
    },
    async hashes(guild, id) {
      return new Map([...sourceOf(guild, id).documents.values()].map((d) => [d.key, d.hash]));
    },
    async putDocument(guild, id, document) {
      sourceOf(guild, id).documents.set(document.key, document);
      grow(guild);
    },
    async removeDocuments(guild, id, keys) {
      const removed = keys.filter((key) => sourceOf(guild, id).documents.delete(key)).length;
      if (removed > 0) grow(guild);
      return removed;
    },
    async removeSource(guild, id) {
      const removed = of(guild).delete(id);
      if (removed) grow(guild);
      return removed;
    },
    async marks(guild) {
      const all = [...of(guild).values()].flatMap(({ source, documents }) =>
        [...documents.values()].map(({ key, hash }): [string, string] => [`${source.id}/${key}`, hash]),
      );
      return { version: versions.get(guild) ?? 0, marks: new Map(all) };
    },
    async *read(guild, ids) {
      for (const { source, documents } of of(guild).values()) {
        for (const { key, passages } of documents.values()) {
          const document = `${source.id}/${key}`;
          if (!ids.includes(document)) continue;
          const kind = source.kind === "pairs" ? ("pair" as const) : ("text" as const);
          yield passages.map((p) => ({ ...p, id: `${document}#${p.position}`, document, source: source.id, kind }));
        }
      }
    },
    version: async (guild) => versions.get(guild) ?? 0,
  };
}

/** All that a guild's index is made of. */
export async function loadAll(
  store: Pick<KnowledgeStore, "marks" | "read">,
  guild: GuildId,
): Promise<{ readonly version: number; readonly passages: readonly PassageRow[] }> {
  const { version, marks } = await store.marks(guild);
  const passages: PassageRow[] = [];
  for await (const page of store.read(guild, [...marks.keys()])) passages.push(...page);
  return { version, passages };
}
