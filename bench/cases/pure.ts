/** Checks that need no server: extraction, passages, ranking, quotes and the split of long answers, by the product's own code. */
import { join } from "node:path";
import { cutOne } from "../../src/knowledge/extract.ts";
import { type createExtractor, fixedKnowledge } from "../../src/knowledge.ts";
import { createExtractive } from "../../src/llm/extractive.ts";
import { splitText } from "../../src/reply.ts";
import {
  corpusOf,
  type ExtractCheck,
  type Finding,
  type PassagesCheck,
  type Place,
  type QuoteCheck,
  type RetrieveCheck,
  type SplitCheck,
  short,
  textProblem,
} from "./check.ts";

type Extractor = ReturnType<typeof createExtractor>;

export async function checkFile(
  place: Place,
  check: ExtractCheck | PassagesCheck,
  extractor: Extractor,
): Promise<Finding> {
  const path = join(place.folder, check.file);
  const extracted = await extractor.extract(new Uint8Array(await Bun.file(path).arrayBuffer()), { path });
  const finding = (problem: string | null): Finding => ({ case: place.name, what: check.file, problem });
  if ("refused" in extracted) return finding(`refused: ${extracted.refused}`);
  if (check.kind === "extract") return finding(textProblem(extracted.text, check));
  const at = { key: path, title: "Untitled", url: "https://docs.example/x", anchored: true };
  const document = await cutOne(extractor, { extracted, place: at });
  if ("refused" in document) return finding(`refused: ${document.refused}`);
  const { title, passages } = document;
  if (check.title !== undefined && title !== check.title) return finding(`title is ${short(title)}`);
  const heading = check.noHeading?.find((text) => passages.some((passage) => passage.headings.includes(text)));
  if (heading !== undefined) return finding(`heading ${short(heading)}`);
  if (passages.length < (check.least ?? 1)) return finding(`${passages.length} passages`);
  return finding(textProblem(passages.map((passage) => passage.text).join("\n\n"), check));
}

export async function checkRanking(place: Place, check: RetrieveCheck): Promise<Finding[]> {
  const knowledge = await fixedKnowledge([...(await corpusOf(place, check.corpus))]);
  return check.queries.map(({ text, want }) => {
    const ranked = knowledge.retrieve(text, 20).passages.map(({ passage }) => passage.document);
    const at = ranked.indexOf(want);
    const problem = at === 0 ? null : `want ${want}, got ${ranked[0] ?? "nothing"}${at > 0 ? ` (at ${at + 1})` : ""}`;
    return { case: place.name, what: text, problem };
  });
}

export async function checkQuotes(place: Place, check: QuoteCheck): Promise<Finding[]> {
  const knowledge = await fixedKnowledge([...(await corpusOf(place, check.corpus))]);
  const findings: Finding[] = [];
  for (const { text, language, has } of check.queries) {
    const { result } = await createExtractive().complete(
      {
        task: "answer",
        question: text,
        passages: knowledge.retrieve(text, 8).passages.map(({ passage }) => passage),
        history: [],
        channel: [],
        language,
        instructions: "",
        botName: "Gatehouse",
      },
      { deadlineMs: 5_000 },
    );
    const right = result.known && result.answer.includes(has);
    findings.push({
      case: place.name,
      what: text,
      problem: right ? null : `known ${result.known}: ${short(result.answer)}`,
    });
  }
  return findings;
}

export async function checkSplit(place: Place, check: SplitCheck): Promise<Finding> {
  const parts = splitText(await Bun.file(join(place.folder, check.file)).text());
  const broken = parts.findIndex((part, i) => SPLIT_BREAKS[check.rule](part, i));
  return {
    case: place.name,
    what: check.file,
    problem: broken < 0 ? null : `part ${broken + 1} breaks "${check.rule}"`,
  };
}

const SPLIT_BREAKS: Readonly<Record<SplitCheck["rule"], (part: string, at: number) => boolean>> = {
  spoilers: (part) => (part.split("||").length - 1) % 2 === 1,
  bold: (part) => (part.split("**").length - 1) % 2 === 1,
  "quote-rest": (part, at) => at > 0 && !/^>(?:>>)? /.test(part),
  "quoted-fence": (part) => part.split("\n").some((line) => !line.startsWith("> ") && line.includes("```")),
};
