/**
 * Does the right page come up, how sure are we that there is one, how fast, and what does it cost to hold? By default ray_docs
 * and ubuntu_factoids of the shared data; `--data DIR…` takes BEIR-style folders of your own. Ranking was tuned on questions
 * whose hash of `_id` is even; figures are the odd ones'. `--set half=all|even|odd` reports others.
 */
import { basename } from "node:path";
import { systemClock } from "../../src/clock.ts";
import type { GuildId } from "../../src/ids.ts";
import { buildIndex, type PassageIndex } from "../../src/knowledge/search/index.ts";
import { retrieveFrom } from "../../src/knowledge/search/rank.ts";
import { createKnowledge } from "../../src/knowledge/search/service.ts";
import type { PassageRow } from "../../src/knowledge.ts";
import { createLogger } from "../../src/logger.ts";
import { sharedData } from "../data.ts";
import { auroc, isTuned, loadCorpus, type Question, score } from "../retrieval.ts";
import {
  atLeast,
  atMost,
  type Goal,
  percentile,
  type Result,
  result,
  type Suite,
  type SuiteOptions,
} from "../suite.ts";

const GUILDS = 100;
const PASSAGES_A_GUILD = 1_000;
const CUTS = [1, 3, 5, 9] as const;

/** What issue and baseline ask of the shared sets, page among the first k passages. */
const GOALS: Readonly<Record<string, Readonly<Partial<Record<1 | 3 | 5 | 9, number>>>>> = {
  ray_docs: { 1: 0.3, 3: 0.4, 5: 0.58, 9: 0.68 },
  ubuntu_factoids: { 1: 0.26, 5: 0.46 },
};

type Loaded = {
  readonly name: string;
  readonly passages: readonly PassageRow[];
  readonly index: PassageIndex;
  readonly indexMs: number;
  readonly questions: readonly Question[];
};

export const suite: Suite = {
  name: "retrieval",
  description: "right page found, answerable or not, milliseconds and bytes; --data DIR… takes BEIR-style folders",
  async run(options) {
    const results: Result[] = [];
    const goals: Goal[] = [];
    const corpora: Loaded[] = [];
    for (const folder of foldersOf(options)) {
      options.progress(`indexing ${basename(folder)}`);
      const loaded = await load(folder, options.set.half ?? "odd");
      corpora.push(loaded);
      measureHits(loaded, options, results, goals);
    }
    measureAnswerable(corpora, options, results, goals);
    await measureScale(corpora, options, results, goals);
    return { results, goals };
  },
};

function foldersOf(options: SuiteOptions): readonly string[] {
  if (options.data.length > 0) return options.data;
  const shared = [sharedData("retrieval", "ray_docs"), sharedData("retrieval", "ubuntu_factoids")];
  const found = shared.filter((folder) => folder !== null);
  if (found.length === 0) throw new Error("the shared data is not there: give a BEIR-style folder with --data");
  return found;
}

async function load(folder: string, half: string): Promise<Loaded> {
  const corpus = await loadCorpus(folder);
  const started = performance.now();
  const index = await buildIndex(corpus.passages);
  const indexMs = performance.now() - started;
  const questions = corpus.questions.filter((q) => half === "all" || isTuned(q) === (half === "even"));
  return { name: basename(folder), passages: corpus.passages, index, indexMs, questions };
}

function measureHits(
  { name, index, indexMs, questions }: Loaded,
  options: SuiteOptions,
  results: Result[],
  goals: Goal[],
): void {
  const times: number[] = [];
  const scores = score(questions, (question) => {
    const started = performance.now();
    const { passages } = retrieveFrom(index, question.text, 20);
    times.push(performance.now() - started);
    options.progress(`asking ${name}`, times.length / questions.length);
    return passages.map(({ passage }) => passage.document);
  });
  for (const k of CUTS)
    results.push(result(`${name}: page among the first ${k} passages`, "share", scores.passagesHit[k]));
  for (const k of CUTS)
    results.push(result(`${name}: page among the first ${k} pages`, "share", scores.documentsHit[k]));
  results.push(
    result(`${name}: MRR`, "share", scores.mrr),
    result(`${name}: nDCG@10`, "share", scores.ndcg10),
    result(`${name}: questions`, "count", scores.questions),
    result(`${name}: passages`, "count", index.passages.length),
    result(`${name}: index time`, "ms", indexMs),
    result(`${name}: bytes a passage`, "bytes", index.bytes / Math.max(1, index.passages.length)),
    result(`${name}: query p50`, "ms", percentile(times, 0.5)),
    result(`${name}: query p99`, "ms", percentile(times, 0.99)),
  );
  for (const [k, least] of Object.entries(GOALS[name] ?? {})) {
    goals.push(atLeast(`${name}: page among the first ${k} passages`, least, scores.passagesHit[Number(k) as 1]));
  }
}

/** Questions of each corpus on each other one: none of them is answered there. */
function measureAnswerable(corpora: readonly Loaded[], options: SuiteOptions, results: Result[], goals: Goal[]): void {
  for (const home of corpora) {
    for (const foreign of corpora) {
      if (home === foreign) continue;
      const values = (questions: readonly Question[]) =>
        questions.map((q) => retrieveFrom(home.index, q.text, 9).answerable);
      options.progress(`asking ${home.name} what ${foreign.name} knows`);
      const can = values(home.questions).sort((a, b) => a - b);
      const cannot = values(foreign.questions);
      const area = auroc(can, cannot);
      const keeps95 = can[Math.floor(0.05 * can.length)] ?? 0;
      const abstained = cannot.filter((value) => value < keeps95).length / Math.max(1, cannot.length);
      const what = `${home.name} against ${foreign.name}'s questions`;
      results.push(
        result(`answerable, ${what}: AUROC`, "share", area),
        result(`answerable, ${what}: abstains where 95 % are answered`, "share", abstained),
      );
      if (home.name === "ray_docs") goals.push(atLeast(`answerable, ${what}: AUROC`, 0.9, area));
    }
  }
}

/** 100 guilds of 1,000 passages each behind the worker's own cache, asked in turn. */
async function measureScale(
  corpora: readonly Loaded[],
  options: SuiteOptions,
  results: Result[],
  goals: Goal[],
): Promise<void> {
  const pool = corpora.flatMap((c) => c.passages);
  const questions = corpora.flatMap((c) => c.questions.map((q) => q.text));
  if (pool.length === 0 || questions.length === 0) return;
  const guilds = options.quick ? GUILDS / 5 : GUILDS;
  const names = Array.from({ length: guilds }, (_, i) => String(10n ** 17n + BigInt(i)) as GuildId);
  const loadMs: number[] = [];
  const knowledge = createKnowledge({
    bus: { subscribe: () => () => undefined },
    bytesMax: Number.POSITIVE_INFINITY,
    clock: systemClock,
    logger: createLogger({ level: "silent", format: "json" }),
    store: {
      load: async (guild) => ({ version: 1, passages: sliceOf(pool, Number(BigInt(guild) - 10n ** 17n)) }),
      sources: async () => [],
      version: async () => 1,
    },
  });
  Bun.gc(true);
  const before = process.memoryUsage().rss;
  for (const [i, guild] of names.entries()) {
    const started = performance.now();
    await knowledge.retrieve(guild, "warm", 1);
    loadMs.push(performance.now() - started);
    options.progress(`loading ${guilds} guilds`, i / guilds);
  }
  Bun.gc(true);
  const grown = process.memoryUsage().rss - before;

  const rounds = options.quick ? 1_000 : 6_000;
  const times = new Float64Array(rounds);
  let cpu = process.cpuUsage();
  for (let i = -200; i < rounds; i++) {
    const guild = names[Math.abs(i * 7) % guilds] as GuildId;
    const question = questions[Math.abs(i * 13) % questions.length] ?? "";
    const started = performance.now();
    await knowledge.retrieve(guild, question, 9);
    if (i >= 0) times[i] = performance.now() - started;
    if (i === -1) cpu = process.cpuUsage();
    if (i % 200 === 0) options.progress("asking them", Math.max(0, i) / rounds);
  }
  cpu = process.cpuUsage(cpu);
  const { bytes } = knowledge.stats();
  knowledge.close();

  const size = `${(guilds * PASSAGES_A_GUILD).toLocaleString("en-US")} passages in ${guilds} guilds`;
  const p99 = percentile(times, 0.99);
  results.push(
    result(`${size}: query p50`, "ms", percentile(times, 0.5)),
    result(`${size}: query p99`, "ms", p99),
    result(`${size}: CPU a query`, "ms", (cpu.user + cpu.system) / 1_000 / rounds),
    result(`${size}: a guild's load`, "ms", ...loadMs),
    result(`${size}: bytes a passage, counted`, "bytes", bytes / (guilds * PASSAGES_A_GUILD)),
    result(`${size}: bytes a passage, resident`, "bytes", grown / (guilds * PASSAGES_A_GUILD)),
  );
  goals.push(atMost(`${size}: query p99`, 10, p99, "ms"));
}

/** Another stretch of the pool for each guild, its texts copied so that guilds share no memory here as they share none in life. */
function sliceOf(pool: readonly PassageRow[], guild: number): PassageRow[] {
  return Array.from({ length: PASSAGES_A_GUILD }, (_, i) => {
    const row = pool[(guild * 73 + i) % pool.length];
    if (row === undefined) throw new Error("the pool of passages is empty");
    return { ...row, id: `${guild}-${i}`, text: Buffer.from(row.text).toString() };
  });
}
