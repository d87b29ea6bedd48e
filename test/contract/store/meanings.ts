/** Vectors of passages: of one model and one guild, true to the text they were made of, gone with their passage. */
import { describe, expect, test } from "bun:test";
import type { GuildId } from "../../../src/ids.ts";
import type { PassageRow } from "../../../src/knowledge.ts";
import type { DocumentInput } from "../../../src/store/ports/knowledge.ts";
import { loadAll } from "../../support/knowledge-store.ts";
import { type House, newApplication, newGuild } from "./house.ts";

const VECTOR = Int8Array.of(127, -128, 0, 5);

function newDocument(key: string, texts: readonly string[]): DocumentInput {
  const page = { title: key, url: null, language: "en" };
  const passages = texts.map((text, position) => ({ ...page, headings: [], text, position }));
  return { key, ...page, hash: texts.join(), passages };
}

export function meaningsSuite(house: () => House): void {
  describe("meanings", () => {
    async function filled(texts: readonly string[]) {
      const { knowledge } = house().store;
      const guild = newGuild();
      const { id } = await knowledge.saveSource(guild, { kind: "files", name: "Handbook", config: {} });
      await knowledge.putDocument(guild, id, newDocument("a", texts));
      return { guild, source: id, passages: (await loadAll(knowledge, guild)).passages };
    }

    async function kept(guild: GuildId, model: string, passages: readonly PassageRow[]) {
      const found: [string, Int8Array][] = [];
      const documents = [...new Set(passages.map(({ document }) => document))];
      for await (const rows of house().store.meanings.load(guild, model, documents)) {
        for (const { passage, vector } of rows) found.push([passage, vector]);
      }
      return found;
    }

    const rowsOf = (passages: readonly PassageRow[], vector = VECTOR) =>
      passages.map(({ id, text }) => ({ passage: id, text, vector }));

    test("vectors come back byte for byte, thousands of them, and of the documents asked for", async () => {
      const { meanings } = house().store;
      const { guild, passages } = await filled(Array.from({ length: 2_100 }, (_, i) => `passage ${i}`));
      await meanings.save(guild, "m1", rowsOf(passages));
      const found = await kept(guild, "m1", passages);
      expect(found.map(([id]) => id)).toEqual(passages.map(({ id }) => id));
      expect(found.every(([, vector]) => Bun.deepEquals(vector, VECTOR))).toBe(true);
      expect(await meanings.count(guild, "m1")).toBe(2_100);
      expect(await kept(guild, "m1", [])).toEqual([]);
    });

    test("another model's are not seen, and go when a passage is embedded anew", async () => {
      const { meanings } = house().store;
      const { guild, passages } = await filled(["one", "two"]);
      await meanings.save(guild, "m1", rowsOf(passages));
      await meanings.save(guild, "m2", rowsOf(passages.slice(0, 1), Int8Array.of(1)));
      expect(await kept(guild, "m2", passages)).toEqual([[passages[0]?.id ?? "", Int8Array.of(1)]]);
      expect([await meanings.count(guild, "m1"), await meanings.count(guild, "m2")]).toEqual([1, 1]);
    });

    test("a vector of what a passage said before, or of another guild's, is not kept", async () => {
      const { meanings } = house().store;
      const { guild, passages } = await filled(["one", "two"]);
      const stale = passages.map((passage) => ({ ...passage, text: `${passage.text} as it was` }));
      await meanings.save(guild, "m1", rowsOf(stale));
      await meanings.save(newGuild(), "m1", rowsOf(passages));
      await meanings.save(guild, "m1", [{ passage: "gone.0", text: "one", vector: VECTOR }]);
      expect(await kept(guild, "m1", passages)).toEqual([]);
    });

    test("they go with their passage, with their source, and when the guild is erased", async () => {
      const { meanings, knowledge, guilds, retention } = house().store;
      const { guild, source, passages } = await filled(["one", "two"]);
      const save = async () => {
        const { passages } = await loadAll(knowledge, guild);
        await meanings.save(guild, "m1", rowsOf(passages));
        return meanings.count(guild, "m1");
      };
      expect(await save()).toBe(2);
      await knowledge.putDocument(guild, source, newDocument("a", ["uno"]));
      expect(await kept(guild, "m1", passages)).toEqual([]);
      expect(await save()).toBe(1);
      await knowledge.removeSource(guild, source);
      expect(await meanings.count(guild, "m1")).toBe(0);

      const again = await knowledge.saveSource(guild, { kind: "files", name: "Handbook", config: {} });
      await knowledge.putDocument(guild, again.id, newDocument("a", ["one"]));
      expect(await save()).toBe(1);
      await guilds.join(guild, newApplication(), "Lumen", null);
      await guilds.leave(guild);
      await retention.eraseLeft(guild, 500);
      expect(await meanings.count(guild, "m1")).toBe(0);
    });

    test("what a guild has is forgotten at once, and no other's", async () => {
      const { meanings } = house().store;
      const [mine, other] = [await filled(["one"]), await filled(["one"])];
      for (const { guild, passages } of [mine, other]) await meanings.save(guild, "m1", rowsOf(passages));
      await meanings.clear(mine.guild);
      expect([await meanings.count(mine.guild, "m1"), await meanings.count(other.guild, "m1")]).toEqual([0, 1]);
    });
  });
}
