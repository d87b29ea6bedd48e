/** Sources, documents, passages: replaced as a whole, counted, and one guild's only. */
import { describe, expect, test } from "bun:test";
import type { DocumentInput } from "../../../src/store/ports/knowledge.ts";
import { createSqlStore } from "../../../src/store/sql.ts";
import { loadAll } from "../../support/knowledge-store.ts";
import { quiet } from "../../support/postgres.ts";
import { HOUR_MS, type House, newApplication, newExchange, newGuild, newWho } from "./house.ts";

export function newDocument(key: string, texts: readonly string[], fields: Partial<DocumentInput> = {}): DocumentInput {
  const page = { title: `Title of ${key}`, url: `https://lumen.example/${key}`, language: "en" };
  return {
    key,
    ...page,
    hash: `hash of ${texts.join()}`,
    passages: texts.map((text, position) => ({ ...page, headings: ["Help", key], text, position })),
    ...fields,
  };
}

export function knowledgeSuite(house: () => House): void {
  describe("knowledge", () => {
    const newSource = (guild: ReturnType<typeof newGuild>, kind: "files" | "pairs" = "files") =>
      house().store.knowledge.saveSource(guild, { kind, name: "Handbook", config: { path: "help" } });

    test("a source is made, changed and listed with what it holds", async () => {
      const { knowledge } = house().store;
      const guild = newGuild();
      const source = await newSource(guild);
      expect(source).toMatchObject({
        kind: "files",
        state: "idle",
        documents: 0,
        passages: 0,
        config: { path: "help" },
      });
      await knowledge.putDocument(guild, source.id, newDocument("a", ["one", "two"]));
      await knowledge.putDocument(guild, source.id, newDocument("b", ["three"]));
      const progress = { done: 2, total: 3, failures: [{ what: "c.pdf", reason: "is encrypted" }] };
      await knowledge.setProgress(guild, source.id, "running", progress);
      await knowledge.saveSource(guild, { id: source.id, kind: "files", name: "New name", config: {} });
      expect(await knowledge.sources(guild)).toEqual([
        expect.objectContaining({
          id: source.id,
          name: "New name",
          state: "running",
          progress,
          documents: 2,
          passages: 3,
        }),
      ]);
    });

    test("a guild keeps so many sources and passages and no more, counted where they are written", async () => {
      const { database, time } = house();
      const knowledgeLimits = { passages: 4, sources: 2, bytes: 1_000_000 };
      const store = createSqlStore({ url: database.url, clock: time, logger: quiet, knowledgeLimits });
      const [guild, other] = [newGuild(), newGuild()];
      const save = (name: string, of = guild) => store.knowledge.saveSource(of, { kind: "files", name, config: {} });
      try {
        const saved = await Promise.allSettled(["one", "two", "three", "four"].map((name) => save(name)));
        expect(saved.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
        const [source] = await store.knowledge.sources(guild);
        const id = source?.id ?? "";
        await store.knowledge.putDocument(guild, id, newDocument("a", ["one", "two"]));
        const puts = ["b", "c"].map((key) => store.knowledge.putDocument(guild, id, newDocument(key, ["one", "two"])));
        const [refused] = (await Promise.allSettled(puts)).filter(({ status }) => status === "rejected");
        expect(String((refused as PromiseRejectedResult).reason)).toContain("at most 4 passages");
        expect((await loadAll(store.knowledge, guild)).passages).toHaveLength(4);
        // What is replaced does not count twice, and other guilds have limits of their own.
        await store.knowledge.putDocument(guild, id, newDocument("a", ["uno", "due"]));
        await save("five", other);
      } finally {
        await store.close();
      }
    });

    test("a guild keeps so many bytes and no more, of passages and of what its sources keep, counted where they are written", async () => {
      const { database, time } = house();
      const knowledgeLimits = { passages: 100, sources: 10, bytes: 6_000 };
      const store = createSqlStore({ url: database.url, clock: time, logger: quiet, knowledgeLimits });
      const [guild, other] = [newGuild(), newGuild()];
      const save = (fields: { id?: string; text: string }, of = guild) => {
        const { text, ...source } = fields;
        return store.knowledge.saveSource(of, { ...source, kind: "files", name: "F", config: { text } });
      };
      try {
        const { id } = await save({ text: "x".repeat(1_000) });
        await store.knowledge.putDocument(guild, id, newDocument("a", ["ü".repeat(900)]));
        const puts = ["b", "c"].map((key) =>
          store.knowledge.putDocument(guild, id, newDocument(key, ["ü".repeat(900)])),
        );
        const ends = await Promise.allSettled(puts);
        expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
        const refused = ends.find(({ status }) => status === "rejected") as PromiseRejectedResult;
        expect(refused.reason).toMatchObject({ kind: "overloaded" });
        expect(String(refused.reason)).toContain("MB of text");
        expect((await loadAll(store.knowledge, guild)).passages).toHaveLength(2);
        // What a source keeps beside its passages counts too; what is replaced does not count twice.
        await expect(save({ id, text: "x".repeat(5_000) })).rejects.toMatchObject({ kind: "overloaded" });
        await expect(save({ text: "x".repeat(5_000) })).rejects.toMatchObject({ kind: "overloaded" });
        await save({ id, text: "x".repeat(1_200) });
        await save({ text: "x".repeat(5_000) }, other);
      } finally {
        await store.close();
      }
    });

    test("websites that run or are due are found in all guilds, where the bot still is", async () => {
      const { store, time } = house();
      const { knowledge, guilds } = store;
      const [here, left] = [newGuild(), newGuild()];
      for (const guild of [here, left]) await guilds.join(guild, newApplication(), "Lumen", null);
      const crawled = { everyHours: 24, crawledAtMs: time.now(), job: null };
      const add = async (guild: typeof here, fields: object) =>
        (await knowledge.saveSource(guild, { kind: "website", name: "Docs", config: { ...crawled, ...fields } })).id;
      const due = async () =>
        (await knowledge.websitesDue(1_000)).flatMap(({ guild, source }) =>
          guild === here || guild === left ? [source] : [],
        );
      const daily = await add(here, {});
      const running = await add(here, { everyHours: null });
      await add(here, { everyHours: null });
      await add(here, { crawledAtMs: null });
      await add(here, { job: { queue: [] } });
      await add(left, {});
      await knowledge.saveSource(here, { kind: "files", name: "Files", config: { ...crawled } });
      await knowledge.setProgress(here, running, "running", { done: 0, total: 1, failures: [] });
      await guilds.leave(left);
      expect(await due()).toEqual([running]);
      time.pass(24 * HOUR_MS);
      expect((await due()).sort()).toEqual([daily, running].sort());
      expect(await knowledge.websitesDue(1)).toHaveLength(1);
    });

    test("a document is replaced with all its passages, and the version grows", async () => {
      const { knowledge } = house().store;
      const guild = newGuild();
      const { id } = await newSource(guild);
      expect(await knowledge.version(guild)).toBe(0);
      await knowledge.putDocument(guild, id, newDocument("a", ["one", "two", "three"]));
      await knowledge.putDocument(guild, id, newDocument("a", ["uno"]));
      const loaded = await loadAll(knowledge, guild);
      expect(loaded.version).toBe(2);
      expect(loaded.passages.map((passage) => passage.text)).toEqual(["uno"]);
      expect(loaded.passages[0]).toMatchObject({
        source: id,
        kind: "text",
        title: "Title of a",
        headings: ["Help", "a"],
        url: "https://lumen.example/a",
        language: "en",
        position: 0,
      });
      expect(await knowledge.hashes(guild, id)).toEqual(new Map([["a", "hash of uno"]]));
    });

    test("passages are loaded in order, thousands of them, with ids of their own", async () => {
      const { knowledge } = house().store;
      const guild = newGuild();
      const { id } = await newSource(guild);
      const texts = Array.from({ length: 1_100 }, (_, i) => `passage ${i} of a long handbook`);
      for (const key of ["a", "b", "c"]) await knowledge.putDocument(guild, id, newDocument(key, texts));
      const { passages } = await loadAll(knowledge, guild);
      expect(passages).toHaveLength(3_300);
      expect(new Set(passages.map((passage) => passage.id)).size).toBe(3_300);
      expect(passages.slice(0, 1_100).map((passage) => passage.text)).toEqual(texts);
    });

    test("a pair says that it is one", async () => {
      const { knowledge } = house().store;
      const guild = newGuild();
      const { id } = await newSource(guild, "pairs");
      await knowledge.putDocument(guild, id, newDocument("a", ["Q: … A: …"], { url: null }));
      expect((await loadAll(knowledge, guild)).passages.map((passage) => passage.kind)).toEqual(["pair"]);
    });

    test("documents and sources leave with everything below them", async () => {
      const { knowledge } = house().store;
      const guild = newGuild();
      const { id } = await newSource(guild);
      for (const key of ["a", "b, with a comma", 'c "quoted"']) {
        await knowledge.putDocument(guild, id, newDocument(key, ["text"]));
      }
      expect(await knowledge.removeDocuments(guild, id, [])).toBe(0);
      expect(await knowledge.removeDocuments(guild, id, ["b, with a comma", 'c "quoted"', "not there"])).toBe(2);
      expect((await loadAll(knowledge, guild)).passages).toHaveLength(1);
      const version = await knowledge.version(guild);
      expect(await knowledge.removeSource(guild, id)).toBe(true);
      expect(await knowledge.removeSource(guild, id)).toBe(false);
      expect((await loadAll(knowledge, guild)).passages).toEqual([]);
      expect(await knowledge.version(guild)).toBeGreaterThan(version);
    });

    test("of two who change what they both read, one does; the other's is a conflict, and so is a second of one name", async () => {
      const { store, other } = house();
      const guild = newGuild();
      const pairs = (answer: string) => ({ pairs: [{ question: "How?", answer, url: null }] });
      const made = { kind: "pairs" as const, name: "FAQ", config: pairs("so") };
      const first = await Promise.allSettled([store, other].map(({ knowledge }) => knowledge.saveSource(guild, made)));
      expect(first.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      const [kept] = await store.knowledge.sources(guild);
      const change = (answer: string, of = store) =>
        of.knowledge.saveSource(guild, { ...made, id: kept?.id ?? "", config: pairs(answer), over: kept?.config });
      const changes = await Promise.allSettled([change("this way"), change("that way", other)]);
      expect(changes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      const refused = [...first, ...changes].flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
      expect(refused).toEqual([
        expect.objectContaining({ kind: "conflict" }),
        expect.objectContaining({ kind: "conflict" }),
      ]);
      const won = changes[0]?.status === "fulfilled" ? "this way" : "that way";
      expect((await store.knowledge.sources(guild))[0]?.config).toEqual(pairs(won));
      // The answer of the one that won may be lost: written again, it is no conflict with itself.
      expect((await change(won)).config).toEqual(pairs(won));
    });

    test("a source that was removed does not come back by being saved late", async () => {
      const { knowledge } = house().store;
      const guild = newGuild();
      const { id } = await newSource(guild);
      await knowledge.removeSource(guild, id);
      await expect(
        knowledge.saveSource(guild, { id, kind: "files", name: "Handbook", config: {} }),
      ).rejects.toMatchObject({ kind: "not-found" });
      await knowledge.setProgress(guild, id, "idle", { done: 1, total: 1, failures: [] });
      expect(await knowledge.sources(guild)).toEqual([]);
    });

    test("documents are listed by key, page by page, found by title and key, and shown with their passages", async () => {
      const { knowledge, documents } = house().store;
      const guild = newGuild();
      const { id } = await newSource(guild);
      for (const key of ["c", "a", "b_50%"]) await knowledge.putDocument(guild, id, newDocument(key, ["one", "two"]));
      const first = await documents.list(guild, id, {}, 2);
      expect([first.items.map(({ key }) => key), first.cursor]).toEqual([["a", "b_50%"], "b_50%"]);
      expect((await documents.list(guild, id, {}, 2, "b_50%")).items.map(({ key }) => key)).toEqual(["c"]);
      const found = async (text: string) => (await documents.list(guild, id, { text }, 9)).items.map(({ key }) => key);
      expect([await found("TITLE OF A"), await found("b_5"), await found("%"), await found("x")]).toEqual([
        ["a"],
        ["b_50%"],
        ["b_50%"],
        [],
      ]);
      const shown = await documents.get(guild, first.items[0]?.id ?? "");
      expect(shown?.document).toMatchObject({
        key: "a",
        title: "Title of a",
        passages: 2,
        excludedAtMs: null,
        source: id,
      });
      expect(shown?.passages.map(({ text, position }) => [text, position])).toEqual([
        ["one", 0],
        ["two", 1],
      ]);
      expect(await documents.get(newGuild(), first.items[0]?.id ?? "")).toBeNull();
    });

    test("an excluded document is not answered from, stays so when it is read again, and comes back when it is let in", async () => {
      const { knowledge, documents } = house().store;
      const guild = newGuild();
      const { id } = await newSource(guild);
      for (const key of ["a", "b"]) await knowledge.putDocument(guild, id, newDocument(key, [`text of ${key}`]));
      const [a] = (await documents.list(guild, id, {}, 9)).items;
      const texts = async () => (await loadAll(knowledge, guild)).passages.map(({ text }) => text);
      const version = await knowledge.version(guild);
      expect(await documents.setExcluded(newGuild(), a?.id ?? "", true)).toBe(false);
      expect(await documents.setExcluded(guild, a?.id ?? "", true)).toBe(true);
      expect(await knowledge.version(guild)).toBeGreaterThan(version);
      expect(await texts()).toEqual(["text of b"]);
      await knowledge.putDocument(guild, id, newDocument("a", ["new text of a"]));
      expect(await texts()).toEqual(["text of b"]);
      expect((await knowledge.sources(guild))[0]).toMatchObject({ documents: 1, passages: 1, excluded: 1 });
      expect((await documents.list(guild, id, { excluded: true }, 9)).items.map(({ key }) => key)).toEqual(["a"]);
      expect(await documents.setExcluded(guild, a?.id ?? "", false)).toBe(true);
      expect((await texts()).sort()).toEqual(["new text of a", "text of b"]);
      expect(await documents.remove(newGuild(), a?.id ?? "")).toBe(false);
      expect(await documents.remove(guild, a?.id ?? "")).toBe(true);
      expect(await texts()).toEqual(["text of b"]);
    });

    test("an excluded page that a website lost for a while is still excluded when it is back", async () => {
      const { knowledge, documents } = house().store;
      const guild = newGuild();
      const { id } = await knowledge.saveSource(guild, { kind: "website", name: "Docs", config: {} });
      await knowledge.putDocument(guild, id, newDocument("a", ["old"]));
      const [a] = (await documents.list(guild, id, {}, 9)).items;
      await documents.setExcluded(guild, a?.id ?? "", true);
      expect(await knowledge.removeDocuments(guild, id, ["a"])).toBe(0);
      await knowledge.putDocument(guild, id, newDocument("a", ["new"]));
      expect((await loadAll(knowledge, guild)).passages).toEqual([]);
    });

    test("a document knows the questions that were answered from it, newest first, and nobody else's", async () => {
      const { knowledge, documents, conversations } = house().store;
      const guild = newGuild();
      const { id } = await newSource(guild);
      for (const key of ["a", "b"]) await knowledge.putDocument(guild, id, newDocument(key, ["one", "two"]));
      const [a, b] = (await documents.list(guild, id, {}, 9)).items;
      const source = (n: number, document: string | undefined, position: number) => ({
        ...{ n, title: "Title", url: null, passage: `${document}.${position}` },
      });
      const ask = async (text: string, sources: readonly ReturnType<typeof source>[], of = guild) => {
        const conversation = (await conversations.open(of, newWho(), HOUR_MS)).id;
        const exchange = newExchange(conversation);
        const turns = exchange.turns.map((turn) => (turn.role === "member" ? { ...turn, text } : { ...turn, sources }));
        await conversations.record(of, { ...exchange, turns });
        return conversation;
      };
      await ask("first?", [source(1, a?.id, 1), source(2, a?.id, 0)]);
      const last = await ask("second?", [source(1, a?.id, 0), source(2, b?.id, 0)]);
      await ask("nothing?", []);
      await ask("a text's own words?", [{ n: 1, title: "T", url: null, passage: "Open Settings… 1.0" }]);
      await ask("elsewhere?", [source(1, a?.id, 0)], newGuild());
      const uses = await documents.uses(guild, a?.id ?? "", 9);
      expect(uses.map(({ question, passages }) => [question, passages])).toEqual([
        ["second?", [0]],
        ["first?", [0, 1]],
      ]);
      expect(uses[0]?.conversation).toBe(last);
      expect((await documents.uses(guild, a?.id ?? "", 1)).length).toBe(1);
      expect(await documents.useCounts(guild, [a?.id ?? "", b?.id ?? "", "none"])).toEqual(
        new Map([
          [a?.id ?? "", 2],
          [b?.id ?? "", 1],
        ]),
      );
    });

    test("no guild reaches another's source", async () => {
      const { knowledge } = house().store;
      const [guild, stranger] = [newGuild(), newGuild()];
      const { id } = await newSource(guild);
      await knowledge.putDocument(guild, id, newDocument("a", ["ours"]));
      await expect(knowledge.putDocument(stranger, id, newDocument("a", ["theirs"]))).rejects.toMatchObject({
        kind: "not-found",
      });
      await expect(
        knowledge.saveSource(stranger, { id, kind: "text", name: "Theirs", config: {} }),
      ).rejects.toMatchObject({ kind: "not-found" });
      expect(await knowledge.removeDocuments(stranger, id, ["a"])).toBe(0);
      expect(await knowledge.removeSource(stranger, id)).toBe(false);
      expect(await knowledge.hashes(stranger, id)).toEqual(new Map());
      expect((await loadAll(knowledge, stranger)).passages).toEqual([]);
      expect((await loadAll(knowledge, guild)).passages.map((passage) => passage.text)).toEqual(["ours"]);
    });
  });
}
