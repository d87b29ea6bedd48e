/**
 * Does smart mode find the requests and leave the rest alone? A request = one block (IRC), or one dialog and its first author
 * (Gitter), that holds an `answer_candidate`; found = at least one trigger among its lines. False triggers = the triggered share
 * of `silent` rows that are not system, bot or addressed to somebody. Asked = the share of all human lines that would cost a
 * model call. Spoken to = the whole decision without a model as a server makes it (smart-decision.ts), of a help channel
 * over its own subject's pages, of all others over the demo's, which hold nothing of theirs. Without `--data`: cross-validation by community and by channel over the shared logs. `--data FILE…`: the shipped
 * weights, as `gatehouse probe smart` runs them, on logs of your own.
 */
import { basename, join } from "node:path";
import { type FixedDocument, fixedKnowledge } from "../../src/knowledge.ts";
import { consider, createSmartContext, type SmartLine } from "../../src/smart.ts";
import { readJsonLines, sharedData } from "../data.ts";
import { createSpeaks, type Pages } from "../smart-decision.ts";
import { atLeast, atMost, type Goal, type Result, result, type Suite, type SuiteOptions } from "../suite.ts";
import { casualLog } from "../train/casual.ts";
import { readTexts } from "../train/moderation-data.ts";
import { crossValidate } from "../train/smart.ts";
import { type Log, readLog, readLogs, type SmartFigures, scoreDecisions } from "../train/smart-data.ts";

/** Of lines of our own, in three languages. */
const OWN_RECALL = 0.9;
const OWN_FALSE = 0.15;
const START_MS = Date.parse("2026-01-01T00:00:00Z");

const BLOCK_RECALL = 0.95;
const FALSE_TRIGGERS = 0.1;
const ASKED = 0.2;

export const suite: Suite = {
  name: "smart-mode",
  description:
    "requests found, false triggers, share of lines that cost a model call; --data FILE… takes channel logs; --set only=decision trains nothing",
  async run(options) {
    return options.data.length > 0 ? await onLogs(options) : await validated(options);
  },
};

/** Short lines in three languages, written before anything was tuned on lines of their kind: each alone, and all in one channel. */
async function ownLines(pages: Pages, results: Result[], goals: Goal[]): Promise<void> {
  const speaks = createSpeaks(pages);
  for (const language of ["en", "tr", "de"]) {
    const path = join(import.meta.dir, "..", "data", "smart", `${language}.jsonl`);
    const rows = await readJsonLines<{ text: string; request: boolean }>(path);
    const alone = rows.map((row, i) => ({ ...row, on: considered(row.text, i, createSmartContext()) }));
    const context = createSmartContext();
    // Requests and company by turns: 37 and 101 have no factor in common.
    const mixed = rows.map((row, i) => ({ ...row, order: (i * 37) % 101 })).sort((a, b) => a.order - b.order);
    const together = mixed.map((row, i) => ({ ...row, on: considered(row.text, i, context) }));
    for (const [how, of] of [
      ["alone", alone],
      ["in one channel", together],
    ] as const) {
      const share = (request: boolean) => {
        const those = of.filter((row) => row.request === request);
        return those.filter(({ on }) => on).length / those.length;
      };
      const company = of.filter(({ request }) => !request);
      const spoken = (await spokenTo(company, speaks)) / company.length;
      results.push(
        result(`own lines, ${language}, ${how}: requests considered`, "share", share(true)),
        result(`own lines, ${language}, ${how}: false triggers`, "share", share(false)),
        result(
          `own lines, ${language}, ${how}: false triggers of the whole decision, over other pages`,
          "share",
          spoken,
        ),
      );
      goals.push(
        atLeast(`own lines, ${language}, ${how}: requests considered`, OWN_RECALL, share(true)),
        atMost(`own lines, ${language}, ${how}: false triggers`, OWN_FALSE, share(false)),
      );
    }
  }
}

function considered(text: string, i: number, context: ReturnType<typeof createSmartContext>): boolean {
  const line = { channel: "own", author: `a${i}`, name: `user${i}`, atMs: START_MS + i * 60_000, text, machine: false };
  return consider({ ...line, to: null }, context).decision !== "silent";
}

async function onLogs({ data, progress }: SuiteOptions) {
  const results: Result[] = [];
  const goals: Goal[] = [];
  for (const [i, path] of data.entries()) {
    progress(basename(path), i / data.length);
    const log = await readLog(path, basename(path, ".jsonl"));
    const { triggered, usPerLine } = decide(log);
    report(log.name, scoreDecisions(log.rows, triggered), results, goals);
    results.push(result(`${log.name}: time a line`, "us", usPerLine));
  }
  return { results, goals };
}

async function validated({ progress, quick, set }: SuiteOptions) {
  const logs = await readLogs();
  if (logs === null) {
    throw new Error(
      "the shared data is not there: set GATEHOUSE_SHARED, put the folder shared beside the checkout, or give --data",
    );
  }
  const results: Result[] = [];
  const goals: Goal[] = [];
  let done = 0;
  const trained = set.only === "decision" ? [] : crossValidate(logs, await casualLog(), quick);
  for (const { name, figures, nested, atLimit, reachable } of trained) {
    progress(`cross-validated ${name}`, ++done / (logs.length + 1));
    report(`cv ${name}`, figures, results, goals);
    results.push(...nestedResults(name, nested.figures));
    results.push(
      result(`cv ${name}: block recall where false triggers are ${FALSE_TRIGGERS}`, "share", atLimit.blockRecall),
      result(
        `cv ${name}: block recall if all were considered but what is said to somebody by name`,
        "share",
        reachable,
      ),
    );
  }
  const pages = await fixedKnowledge(await demoPages());
  for (const [kind, lines] of await channelKinds(logs)) {
    const { considered, spoken } = await shares(lines, pages);
    results.push(
      result(`considered, shipped weights: ${kind}`, "share", considered),
      result(`spoken to, shipped weights, over other pages: ${kind}`, "share", spoken),
    );
  }
  await overOwnPages(logs, results);
  await ownLines(pages, results, goals);
  const speeds = logs.map((log) => decide(log).usPerLine);
  results.push(result("time a line, shipped weights", "us", ...speeds));
  return { results, goals };
}

/**
 * Channels of each kind, as lines of people: what is considered follows from what they say, not from a share that was agreed.
 * Posts are clean ones without a question mark; only of code reviews no text was trained on.
 */
async function channelKinds(logs: readonly Log[]): Promise<(readonly [string, readonly SmartLine[]])[]> {
  const of = (community: Log["community"]) =>
    logs.filter((log) => log.community === community).flatMap((log) => log.lines);
  const posts = async (set: string) => {
    const rows = (await readTexts([set])) ?? [];
    return rows
      .filter(({ label, text }) => label === 0 && !/[?？]/.test(text))
      .map(({ text }, i): SmartLine => {
        const author = `author ${i % 40}`;
        return { ...{ channel: set, author, name: author, text, machine: false, to: null }, atMs: i * 20_000 };
      });
  };
  return [
    ["help channel", of("irc")],
    ["project channels", of("gitter")],
    ["social posts", await posts("davidson")],
    ["Turkish social posts", await posts("turkish_offensive")],
    ["code reviews", await posts("codereview_toxicity")],
  ];
}

/** Of the lines of people. */
async function shares(
  lines: readonly SmartLine[],
  pages: Pages,
): Promise<{ readonly considered: number; readonly spoken: number }> {
  const context = createSmartContext();
  const people = lines.map((line) => ({ line, on: consider(line, context).decision !== "silent" }));
  const human = people.filter(({ line }) => !line.machine);
  const considered = human.filter(({ on }) => on);
  const spoken = await spokenTo(
    considered.map(({ line, on }) => ({ text: line.text, on })),
    createSpeaks(pages),
  );
  const of = Math.max(1, human.length);
  return { considered: considered.length / of, spoken: spoken / of };
}

async function spokenTo(
  lines: readonly { readonly text: string; readonly on: boolean }[],
  speaks: (text: string) => Promise<boolean>,
): Promise<number> {
  let spoken = 0;
  for (const { text, on } of lines) if (on && (await speaks(text))) spoken++;
  return spoken;
}

/** A help channel over its own subject's pages: what of its requests is answered, and what of its silent lines is spoken to. */
async function overOwnPages(logs: readonly Log[], results: Result[]): Promise<void> {
  const corpus = sharedData("retrieval", "ubuntu_factoids", "corpus.jsonl");
  if (corpus === null) return;
  const documents = await readJsonLines<{ _id: string; title?: string; text: string }>(corpus);
  const pages = await fixedKnowledge(
    documents.map(({ _id, title, text }) => ({ id: _id, title: title ?? "", text, url: null })),
  );
  const speaks = createSpeaks(pages);
  for (const log of logs.filter(({ community }) => community === "irc")) {
    const { triggered } = decide(log);
    const spoken: boolean[] = [];
    for (const [i, on] of triggered.entries()) spoken.push(on && (await speaks(log.lines[i]?.text ?? "")));
    const { falseTriggers, blockRecall } = scoreDecisions(log.rows, spoken);
    results.push(
      result(`whole decision over its subject's pages, ${log.name}: false triggers`, "share", falseTriggers),
      result(`whole decision over its subject's pages, ${log.name}: requests spoken to`, "share", blockRecall),
    );
  }
}

async function demoPages(): Promise<FixedDocument[]> {
  const folder = join(import.meta.dir, "..", "demo", "knowledge");
  const paths = await Array.fromAsync(new Bun.Glob("**/*.md").scan({ cwd: folder }));
  return await Promise.all(
    paths.toSorted().map(async (id) => {
      const written = await Bun.file(join(folder, id)).text();
      const [, title = id] = /^title: "?([^"\n]*)/m.exec(written) ?? [];
      return { id, title, text: written.replace(/^---\n[\s\S]*?\n---\n/, ""), url: null };
    }),
  );
}

function decide(log: Log) {
  const context = createSmartContext();
  const began = Bun.nanoseconds();
  const triggered = log.lines.map((line) => consider(line, context).decision !== "silent");
  return { triggered, usPerLine: (Bun.nanoseconds() - began) / 1_000 / Math.max(1, log.lines.length) };
}

/** With nothing of the tried logs in it but the models' own constants. */
function nestedResults(name: string, { blockRecall, falseTriggers, asked }: SmartFigures): Result[] {
  const how = `cv ${name}, the bar's shape chosen on inner folds`;
  return [
    result(`${how}: block recall`, "share", blockRecall),
    result(`${how}: false triggers`, "share", falseTriggers),
    result(`${how}: asked`, "share", asked),
  ];
}

function report(name: string, figures: SmartFigures, results: Result[], goals: Goal[]): void {
  const { precision, recall, blockRecall, openingRecall, falseTriggers, asked, blocks } = figures;
  results.push(
    result(`${name}: precision`, "share", precision),
    result(`${name}: recall`, "share", recall),
    result(`${name}: block recall`, "share", blockRecall),
    result(`${name}: block recall by lines nobody had answered yet`, "share", openingRecall),
    result(`${name}: false triggers`, "share", falseTriggers),
    result(`${name}: asked`, "share", asked),
    result(`${name}: requests`, "count", blocks),
  );
  goals.push(
    atLeast(`${name}: block recall`, BLOCK_RECALL, blockRecall),
    atMost(`${name}: false triggers`, FALSE_TRIGGERS, falseTriggers),
    atMost(`${name}: asked`, ASKED, asked),
  );
}
