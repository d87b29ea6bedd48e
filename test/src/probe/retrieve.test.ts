import { expect, test } from "bun:test";
import { dirname, join } from "node:path";
import { readJsonLines } from "../../../bench/data.ts";
import { loadCorpus, score } from "../../../bench/retrieval.ts";
import { probed } from "../../support/probe.ts";
import { shared } from "../../support/shared.ts";

type Answer = {
  readonly _id: string;
  readonly answerable: number;
  readonly ranked: readonly { readonly id: string; readonly passage: string; readonly chars: number }[];
};

/** Well below what `bun run bench retrieval` reports, so that only a break is a failure. */
const FOUND_FIRST_MIN = 0.3;
const FOUND_AMONG_FIVE_MIN = 0.5;

const { file, test: testOnShared } = shared("retrieval/ubuntu_factoids/corpus.jsonl");

testOnShared(
  "on real help articles the right one comes up, at most 20 passages of at most 1,000 characters, ids the corpus's",
  async () => {
    const folder = dirname(file);
    const [{ questions }, rows, documents] = await Promise.all([
      loadCorpus(folder),
      readJsonLines<{ _id: string; text: string }>(join(folder, "queries.jsonl")),
      readJsonLines<{ _id: string }>(file),
    ]);
    const answers = await probed<Answer>("retrieve", rows, ["--corpus", file]);
    const ids = new Set(documents.map(({ _id }) => _id));
    expect(answers.map(({ _id }) => _id)).toEqual(rows.map(({ _id }) => _id));
    for (const { answerable, ranked } of answers) {
      expect(answerable >= 0 && answerable <= 1).toBe(true);
      expect(ranked.length).toBeLessThanOrEqual(20);
      for (const { id, passage, chars } of ranked) {
        expect(ids.has(id)).toBe(true);
        expect(chars).toBe(passage.length);
        expect(chars).toBeLessThanOrEqual(1_000);
      }
    }
    const byId = new Map(answers.map((answer) => [answer._id, answer.ranked.map(({ id }) => id)]));
    const { passagesHit } = score(questions, ({ id }) => byId.get(id) ?? []);
    expect(passagesHit[1]).toBeGreaterThanOrEqual(FOUND_FIRST_MIN);
    expect(passagesHit[5]).toBeGreaterThanOrEqual(FOUND_AMONG_FIVE_MIN);
  },
  30_000,
);

test("a corpus with a hole is refused by the line's number, and none at all by what is missing", async () => {
  const path = join(import.meta.dir, "no-such-corpus.jsonl");
  await expect(probed("retrieve", [])).rejects.toThrow(/--corpus/);
  await expect(probed("retrieve", [], ["--corpus", path])).rejects.toThrow();
  await expect(probed("retrieve", [], ["--corpus", import.meta.path])).rejects.toThrow(/retrieve\.test\.ts:1 is not/);
});
