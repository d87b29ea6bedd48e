/**
 * How long the whole prefilter takes on real chat and on hostile text, and how well it judges. Quality is by cross-validation in
 * five folds (marked `cv`): every figure is of texts that the weights behind it did not see. `--data FILE…` takes JSON lines
 * `{text, label: 0|1}` of your own, judged by the shipped weights.
 */
import { basename } from "node:path";
import { judgeBy } from "../../src/prefilter/domains.ts";
import { createRisk, type RiskHead, riskOf } from "../../src/prefilter/risk.ts";
import type { Verdict } from "../../src/prefilter/verdict.ts";
import { createPrefilterMemory, prefilter } from "../../src/prefilter.ts";
import { unpackGrams } from "../../src/text/grams.ts";
import { readJsonLines, sharedData } from "../data.ts";
import { measureStage } from "../gateway/stage.ts";
import { messageOf, verdictOf } from "../messages.ts";
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
import { riskSample, shipRisk, trainRiskHead } from "../train/abuse-and-scam.ts";
import { hostSample, trainDomains } from "../train/domains.ts";
import { seeded, shuffle } from "../train/linear.ts";
import {
  auroc,
  FOLDS,
  readChat,
  readHosts,
  readTexts,
  SCAM_SETS,
  type TextRow,
  TOXIC_SETS,
} from "../train/moderation-data.ts";

/** The plain way, measured on the same rows: twelve words as a server's first filter has them, in each language. */
const TWELVE_WORDS = {
  en: /\b(?:fuck|shit|bitch|cunt|dick|pussy|bastard|whore|slut|fag|retard|asshole)/i,
  tr: /(?<!\p{L})(?:orospu|piç|göt|sik|amk|amına|yarrak|ibne|kahpe|pezevenk|şerefsiz|salak)/iu,
};
/** And a pattern for hosts that are to look like Discord's or Steam's. */
const LOOK_ALIKE = /d[il1][sc]{1,3}[ck]?[o0]?r?[o0]?[dt]|n[il1]tr[o0]|st[e3]{1,2}a?[mn]|gift/i;

export const suite: Suite = {
  name: "prefilter",
  description:
    "microseconds a message on real and hostile text; found and false alarms by cross-validation; --data FILE… {text, label}",
  async run(options) {
    const results: Result[] = [];
    const goals: Goal[] = [];
    const chat = await readChat();
    const toxic = await readTexts(TOXIC_SETS);
    const scam = await readTexts(SCAM_SETS);
    if (chat === null || toxic === null || scam === null) {
      throw new Error(
        "the shared data is not there: set GATEHOUSE_SHARED, or put the folder shared beside the checkout",
      );
    }
    measureSpeed([...chat, ...toxic, ...scam], options, results, goals);
    await measureStage(
      chat.map(({ text }) => text),
      options,
      results,
      goals,
    );
    measureHostile(await hostileTexts(), options, results, goals);
    for (const path of options.data) {
      const rows = await readJsonLines<{ text: string; label: 0 | 1 }>(path);
      report(
        basename(path),
        rows.map((row) => ({ ...row, verdict: verdictOf(row.text, riskOf) })),
        results,
      );
    }
    if (options.data.length > 0) return { results, goals };
    await measureDomains(options, results, goals);
    measureTexts(toxic, scam, chat, options, results, goals);
    return { results, goals };
  },
};

/** Messages timed at a stretch: shorter than a time slice, so that other processes disturb some stretches and not all. */
const STRETCH = 200;

/** As a worker does it: a message object in, its triage out, the guild's memory between them. Authors and times as in a lively guild. */
function measureSpeed(rows: readonly TextRow[], options: SuiteOptions, results: Result[], goals: Goal[]): void {
  const order = Int32Array.from(rows.keys());
  shuffle(order, seeded(options.seed));
  const messages = [...order].map((index, i) => messageOf(rows[index]?.text ?? "", i));
  const memory = createPrefilterMemory();
  for (const message of messages) prefilter(message, memory);
  const means: number[] = [];
  const p99s: number[] = [];
  const cpu: number[] = [];
  const spent = new Float64Array(messages.length);
  const rounds = options.quick ? 3 : 9;
  for (let round = 0; round < rounds; round++) {
    options.progress("timing real chat", round / rounds);
    const stretches: number[] = [];
    const before = process.cpuUsage();
    for (let from = 0; from < messages.length; from += STRETCH) {
      const stretch = messages.slice(from, from + STRETCH);
      const began = Bun.nanoseconds();
      for (const message of stretch) prefilter(message, memory);
      stretches.push((Bun.nanoseconds() - began) / 1_000 / stretch.length);
    }
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / messages.length);
    means.push(percentile(stretches, 0.5));
    messages.forEach((message, i) => {
      const began = Bun.nanoseconds();
      prefilter(message, memory);
      spent[i] = (Bun.nanoseconds() - began) / 1_000;
    });
    p99s.push(percentile(spent, 0.99));
  }
  const mean = result(`real chat, mean (middle of stretches of ${STRETCH})`, "us", ...means);
  const p99 = result("real chat, p99", "us", ...p99s);
  const chars = rows.reduce((sum, { text }) => sum + text.length, 0) / rows.length;
  results.push(mean, result("real chat, CPU time a message", "us", ...cpu), p99);
  results.push(
    result("real chat, characters a message", "count", chars),
    result("real chat, messages", "count", rows.length),
  );
  goals.push(atMost("mean on real chat", 5, mean.value, "us"), atMost("p99 on real chat", 50, p99.value, "us"));
}

function measureHostile(texts: readonly string[], { progress }: SuiteOptions, results: Result[], goals: Goal[]): void {
  const memory = createPrefilterMemory();
  let worst = 0;
  let worstOnce = 0;
  texts.forEach((text, i) => {
    progress("timing hostile text", i / texts.length);
    const message = messageOf(text, i);
    const times = Array.from({ length: 7 }, () => {
      const from = Bun.nanoseconds();
      prefilter(message, memory);
      return (Bun.nanoseconds() - from) / 1_000_000;
    });
    worst = Math.max(worst, percentile(times, 0.5));
    worstOnce = Math.max(worstOnce, ...times);
  });
  results.push(
    result("hostile text, worst (middle of 7 runs)", "ms", worst),
    result("hostile text, worst single run", "ms", worstOnce),
    result("hostile texts", "count", texts.length),
  );
  goals.push(atMost("hostile text, worst", 2, worst, "ms"));
}

async function measureDomains({ progress }: SuiteOptions, results: Result[], goals: Goal[]): Promise<void> {
  const rows = ((await readHosts()) ?? []).map(hostSample);
  const found = { scam: 0, scams: 0, alarms: 0, real: 0 };
  for (let k = 0; k < FOLDS; k++) {
    progress("cross-validating domains", k / FOLDS);
    const model = unpackGrams(trainDomains(rows.filter(({ row }) => row.fold !== k)));
    for (const { row } of rows) {
      if (row.fold !== k || row.invented) continue;
      const { kind } = judgeBy(model, row.host, () => false);
      const raised = kind === "look-alike" || kind === "suspect" ? 1 : 0;
      if (row.label === 1) {
        found.scams++;
        found.scam += raised;
      } else {
        found.real++;
        found.alarms += raised;
      }
    }
  }
  const recall = found.scam / found.scams;
  const plain = (label: 0 | 1) => {
    const those = rows.filter(({ row }) => row.label === label);
    return those.filter(({ row }) => LOOK_ALIKE.test(row.host)).length / those.length;
  };
  results.push(
    result("cv discord_domains: scam domains found", "share", recall),
    result("cv discord_domains: false alarms on real hosts", "share", found.alarms / found.real),
    result("a look-alike pattern on the same hosts: found", "share", plain(1)),
    result("a look-alike pattern on the same hosts: false alarms", "share", plain(0)),
  );
  goals.push(
    atLeast("scam domains found: more than by a look-alike pattern on the same hosts", plain(1), recall),
    atMost("false alarms on real hosts: fewer than by that pattern", plain(0), found.alarms / found.real),
  );
}

type Judged = { readonly text: string; readonly label: 0 | 1; readonly verdict: Verdict };

function measureTexts(
  toxic: readonly TextRow[],
  scam: readonly TextRow[],
  chat: readonly TextRow[],
  { quick, progress }: SuiteOptions,
  results: Result[],
  goals: Goal[],
): void {
  const judged = new Map<string, Judged[]>();
  const abuseSamples = [...toxic, ...chat].map(riskSample);
  const scamSamples = [...scam, ...chat].map(riskSample);
  const folds = quick ? 1 : FOLDS;
  for (let k = 0; k < folds; k++) {
    progress("cross-validating texts", k / folds);
    const heads = { abuse: headWithout(abuseSamples, k, "abuse"), scam: headWithout(scamSamples, k, "scam") };
    const risk = createRisk(heads.abuse, heads.scam);
    for (const row of [...toxic, ...scam, ...chat]) {
      if (row.fold !== k) continue;
      const of = judged.get(row.set) ?? [];
      judged.set(row.set, of);
      of.push({ text: row.text, label: row.label, verdict: verdictOf(row.text, risk) });
    }
  }
  for (const [set, rows] of judged) report(`cv ${set}`, rows, results);
  const all = TOXIC_SETS.flatMap((set) => judged.get(set) ?? []);
  const turkish = judged.get("turkish_offensive") ?? [];
  for (const [what, rows, words] of [
    ["toxic, all sets", all, TWELVE_WORDS.en],
    ["turkish_offensive", turkish, TWELVE_WORDS.tr],
  ] as const) {
    const share = (label: 0 | 1) => {
      const those = rows.filter((row) => row.label === label);
      return those.filter(({ text }) => words.test(text)).length / Math.max(1, those.length);
    };
    // Held against each other where both raise as many false alarms.
    const found = foundAt(rows, share(0));
    results.push(
      result(`${what}: found by twelve words`, "share", share(1)),
      result(`${what}: false alarms of twelve words`, "share", share(0)),
      result(`cv ${what}: found by risk at as many false alarms`, "share", found),
    );
    goals.push(atLeast(`${what}: found by risk, more than by twelve words at as many false alarms`, share(1), found));
  }
}

function headWithout(
  samples: readonly ReturnType<typeof riskSample>[],
  fold: number,
  kind: "abuse" | "scam",
): RiskHead {
  return shipRisk(
    trainRiskHead(
      samples.filter(({ row }) => row.fold !== fold),
      kind,
    ),
  );
}

function report(name: string, rows: readonly Judged[], results: Result[]): void {
  const share = (label: 0 | 1, of: (verdict: Verdict) => boolean) => {
    const those = rows.filter((row) => row.label === label);
    return those.length === 0 ? null : those.filter(({ verdict }) => of(verdict)).length / those.length;
  };
  const push = (what: string, value: number | null) => {
    if (value !== null) results.push(result(`${name}: ${what}`, "share", value));
  };
  const raised = (verdict: Verdict) => verdict.moderation !== "clear";
  push("found (not clear)", share(1, raised));
  push("false alarms (not clear)", share(0, raised));
  push(
    "certain, of the bad",
    share(1, ({ moderation }) => moderation === "certain"),
  );
  push(
    "certain, of the clean",
    share(0, ({ moderation }) => moderation === "certain"),
  );
  if (rows.some(({ label }) => label === 1)) {
    push("AUROC of risk", auroc(rows.map(({ label, verdict }) => ({ label, score: verdict.risk }))));
  }
}

function foundAt(rows: readonly Judged[], falseAlarms: number): number {
  const clean = rows.flatMap(({ label, verdict }) => (label === 0 ? [verdict.risk] : [])).sort((a, b) => b - a);
  const bar = clean[Math.floor(clean.length * falseAlarms)] ?? 1;
  const bad = rows.filter(({ label }) => label === 1);
  return bad.filter(({ verdict }) => verdict.risk > bar).length / bad.length;
}

/** What breaks naive filters: at least 100,000 characters each where length is the weapon. */
async function hostileTexts(): Promise<string[]> {
  const long = 100_000;
  const made = [
    "a",
    ".",
    "a.",
    "@",
    "@everyone ",
    "<@1> ",
    "<",
    "<@",
    "](",
    "[a](http://b.ru) ",
    "http://",
    "https://discord.com.",
    "discord-nitro.ru ",
    "x.com/",
    "a@",
    "http://a@b.com ",
    "Z\u0351\u036b\u0343\u036a",
    "\u200b",
    "😀",
    "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
    "İ",
    "ﷺ",
    "𝓯",
    "fuck ",
    "f u c k ",
    "free nitro claim your ",
    "steamcommunit.y",
    "\n",
    "A",
    "nigge",
    "aaaaaaaaaaaaaaaaaaaaaaaaa!",
  ].map((piece) => piece.repeat(Math.ceil(long / piece.length)));
  const hosts = Array.from({ length: 4_000 }, (_, i) => `https://discorb-${i}.gift/x`).join(" ");
  const naughty = sharedData("security", "naughty-strings", "blns.json");
  const redos = sharedData("security", "redos.jsonl");
  const xss = sharedData("security", "xss.jsonl");
  const injections = sharedData("security", "prompt_injection_discord.jsonl");
  const read = async (path: string | null) => (path === null ? [] : await readJsonLines<Record<string, unknown>>(path));
  const strings = (rows: readonly Record<string, unknown>[]) =>
    rows.flatMap((row) => Object.values(row).filter((value): value is string => typeof value === "string"));
  const pumps = (await read(redos)).map(
    ({ prefix, pump, suffix }) =>
      `${String(prefix)}${String(pump).repeat(Math.ceil(long / Math.max(1, String(pump).length)))}${String(suffix)}`,
  );
  return [
    ...made,
    hosts,
    ...(naughty === null ? [] : ((await Bun.file(naughty).json()) as string[])),
    ...pumps,
    ...strings(await read(xss)),
    ...strings(await read(injections)),
  ];
}
