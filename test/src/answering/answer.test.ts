import { expect, test } from "bun:test";
import { answer } from "../../../src/answering/answer.ts";
import { systemClock } from "../../../src/clock.ts";
import type { PassageRow } from "../../../src/knowledge.ts";
import { createScripted } from "../../../src/llm/scripted.ts";

const CODE = "```sh\ncd ./gizmo\ndocker build .\ncp settings.json ..\necho $argv[0] $argv[3]\n  .then(done) ;\n```";

const passages = [
  "Copy the .env file to ./config.",
  "The gizmo folder holds it.",
  `Run this in the gizmo folder:\n\n${CODE}`,
  "An odd page about $argv[3].",
].map(
  (text, position): PassageRow => ({
    ...{ id: `p${position}`, document: `d${position}`, source: "s", kind: "text", title: `Page ${position + 1}` },
    ...{ headings: [], url: null, language: "en", text, position: 0 },
  }),
);

async function answered(text: string, used: readonly number[] = []) {
  const llm = createScripted({ answer: text, used, known: true, wantsHuman: false });
  const input = { question: "How do I set up the gizmo?", passages, history: [], channel: [], language: "en" };
  const how = { instructions: "", botName: "Gatehouse", trustMin: 0 };
  const models = { llm, extractive: llm, clock: systemClock };
  const { text: said, sources } = await answer({ ...input, ...how }, models, systemClock.now() + 5_000);
  return { said, sources: sources.map(({ n, title }) => `${n} ${title}`) };
}

test("what stands in code is not touched: no index in brackets is taken for a source, no space before a dot is lost", async () => {
  const { said, sources } = await answered(
    `Copy the .env file to ./config [1]. Then run, with \`$argv[3]\`:\n\n${CODE}\n[3]`,
  );
  expect(said).toBe(`Copy the .env file to ./config [1]. Then run, with \`$argv[3]\`:\n\n${CODE}\n[2]`);
  expect(sources).toEqual(["1 Page 1", "2 Page 3"]);
});

test("marks are numbered in the order of their sources, and one that names no passage goes with its space", async () => {
  const { said, sources } = await answered("The gizmo folder holds the .env file [3, 2] [9]. Copy it [2] [2] .", [3]);
  expect(said).toBe("The gizmo folder holds the .env file [1][2]. Copy it [2] .");
  expect(sources).toEqual(["1 Page 3", "2 Page 2"]);
});

test("a quote that is not trusted enough is not given: the page that it stands on is named instead, where it is about the matter", async () => {
  const quoted = { answer: "> The gizmo folder holds it. [2]", used: [2], known: true, wantsHuman: false, trust: 0.5 };
  const ask = async (trustMin: number, answerable: number) => {
    const models = { llm: null, extractive: createScripted(quoted), clock: systemClock };
    const input = { question: "Where is the gizmo?", passages, history: [], channel: [], language: "en" };
    const how = { instructions: "", botName: "Gatehouse", trustMin, found: { answerable } };
    return await answer({ ...input, ...how }, models, systemClock.now() + 5_000);
  };
  expect(await ask(0.4, 0.9)).toMatchObject({ kind: "known", nearest: null, sources: [{ title: "Page 2" }] });
  expect(await ask(0.6, 0.9)).toMatchObject({ kind: "unknown", text: "", sources: [], nearest: { title: "Page 2" } });
  expect(await ask(0.6, 0.3)).toMatchObject({ kind: "unknown", nearest: null });
});
