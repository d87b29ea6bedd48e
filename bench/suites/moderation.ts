/**
 * How well the prefilter's signals tell harm from talk, on texts that nothing here was trained on. Each labelled set is judged by weights
 * trained without it (a whole file, and with Turkish a whole language, held out), our own lines by their reported half. `--data FILE…`
 * takes JSON lines `{text, label: 0|1}`, judged by the shipped weights. Real chat is a fifth of the help channels, never trained on.
 *
 * "Reaches the model" is the share of real chat whose risk is at least what the given share of a file's harmful texts have.
 */
import { basename } from "node:path";
import { judgeBy } from "../../src/prefilter/domains.ts";
import { createRisk, type RiskOf, riskOf } from "../../src/prefilter/risk.ts";
import type { Verdict } from "../../src/prefilter/verdict.ts";
import { createPrefilterMemory, prefilter } from "../../src/prefilter.ts";
import { unpackGrams } from "../../src/text/grams.ts";
import { readJsonLines } from "../data.ts";
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
import { type RiskSample, riskSample, shipRisk, trainRiskHead } from "../train/abuse-and-scam.ts";
import { hostSample, trainDomains } from "../train/domains.ts";
import {
  auroc,
  FOLDS,
  OWN_LANGUAGES,
  type OwnRow,
  readChat,
  readFriendly,
  readHosts,
  readOwn,
  readTexts,
  SCAM_SETS,
  type TextRow,
  TOXIC_SETS,
} from "../train/moderation-data.ts";

/** Of real chat at 95 % recall; false alarms of `certain`; scam domains; Turkish; our own lines. */
const GOALS = {
  reached: 0.35,
  certain: 0.001,
  domains: 0.6,
  domainAlarms: 0.005,
  turkish: 0.8,
  scams: 0.92,
  benign: 0.15,
} as const;

/** Held out of everything that is trained here, so that it is chat as new as a user's. */
const CHAT_FOLD = 0;
const SHOWN = [0.9, 0.95, 0.99] as const;

type Judged = { readonly text: string; readonly label: number; readonly verdict: Verdict };

export const suite: Suite = {
  name: "moderation",
  description:
    "AUROC, share of chat that reaches the model, certain's false alarms on unseen files; --data FILE… {text, label}",
  async run(options) {
    const results: Result[] = [];
    const goals: Goal[] = [];
    const chat = await readChat();
    if (options.data.length > 0) {
      for (const path of options.data) {
        const rows = await readJsonLines<{ text: string; label: 0 | 1 }>(path);
        reportFile(basename(path), rows, judgeAll(rows, riskOf), judgeAll(chat ?? [], riskOf), results);
      }
      return { results, goals };
    }
    await reportOwn(results, goals);
    const toxic = await readTexts(TOXIC_SETS);
    const scam = await readTexts(SCAM_SETS);
    if (chat === null || toxic === null || scam === null) {
      throw new Error(
        "the shared data is not there: set GATEHOUSE_SHARED, put the folder shared beside the checkout, or give --data",
      );
    }
    const unseen = chat.filter(({ fold }) => fold === CHAT_FOLD);
    await reportHeldOut(toxic, scam, chat, unseen, options, results, goals);
    await reportDomains(options, results, goals);
    reportChat(unseen, options, results);
    return { results, goals };
  },
};

function judgeAll(rows: readonly { readonly text: string; readonly label: number }[], risk: RiskOf): Judged[] {
  return rows.map(({ text, label }) => ({ text, label, verdict: verdictOf(text, risk) }));
}

/** Rows of one file; `chat` judged by the same weights. */
function reportFile(
  name: string,
  rows: readonly { readonly text: string }[],
  judged: readonly Judged[],
  chat: readonly Judged[],
  results: Result[],
): { readonly reached: number; readonly certain: number; readonly turkish: number } {
  const harmful = judged.filter(({ label }) => label === 1);
  const benign = judged.filter(({ label }) => label === 0);
  const risks = Float64Array.from(harmful, ({ verdict }) => verdict.risk).sort();
  const chatRisks = chat.map(({ verdict }) => verdict.risk);
  const above = (of: readonly number[], bar: number) =>
    of.filter((risk) => risk >= bar).length / Math.max(1, of.length);
  let reached = Number.NaN;
  if (harmful.length > 0 && benign.length > 0) {
    const scores = judged.map(({ label, verdict }) => ({ label, score: verdict.risk }));
    results.push(result(`${name}: AUROC of risk`, "share", auroc(scores)));
  }
  for (const recall of harmful.length === 0 ? [] : SHOWN) {
    const bar = risks[Math.floor(risks.length * (1 - recall))] ?? 0;
    const of = chatRisks.length > 0 ? chatRisks : benign.map(({ verdict }) => verdict.risk);
    const share = above(of, bar);
    if (recall === 0.95) reached = share;
    const whose = chatRisks.length > 0 ? "real chat" : "its benign";
    results.push(
      result(`${name}: share of ${whose} that reaches the model at ${recall * 100} % recall`, "share", share),
    );
  }
  const bar = chatRisks.length === 0 ? 1 : percentile(chatRisks, 1 - GOALS.reached);
  const atShare = harmful.filter(({ verdict }) => verdict.risk > bar).length / Math.max(1, harmful.length);
  if (harmful.length > 0 && chatRisks.length > 0) {
    results.push(
      result(`${name}: recall where ${GOALS.reached * 100} % of real chat reach the model`, "share", atShare),
    );
  }
  const not = (of: readonly Judged[], what: Verdict["moderation"]) =>
    of.filter(({ verdict }) => verdict.moderation === what).length / Math.max(1, of.length);
  const certain = not(benign, "certain");
  if (harmful.length > 0)
    results.push(result(`${name}: harmful not cleared, as shipped`, "share", 1 - not(harmful, "clear")));
  if (benign.length > 0) {
    results.push(
      result(`${name}: benign to the model, as shipped`, "share", not(benign, "ask-the-model")),
      result(`${name}: false alarms of certain`, "share", certain),
    );
  }
  results.push(result(`${name}: time a message`, "us", ...timed(rows)));
  return { reached, certain, turkish: atShare };
}

function timed(rows: readonly { readonly text: string }[]): number[] {
  const memory = createPrefilterMemory();
  const messages = rows.slice(0, 5_000).map(({ text }, i) => messageOf(text, i));
  return Array.from({ length: 5 }, () => {
    const began = Bun.nanoseconds();
    for (const message of messages) prefilter(message, memory);
    return (Bun.nanoseconds() - began) / 1_000 / Math.max(1, messages.length);
  });
}

async function reportOwn(results: Result[], goals: Goal[]): Promise<void> {
  const all: { readonly row: OwnRow; readonly verdict: Verdict }[] = [];
  for (const language of OWN_LANGUAGES) {
    const rows = await readOwn("reported", [language]);
    const judged = rows.map((row) => ({ row, verdict: verdictOf(row.text, riskOf) }));
    all.push(...judged);
    const share = (label: 0 | 1, what: (verdict: Verdict) => boolean) => {
      const of = judged.filter(({ row }) => row.label === label);
      return of.filter(({ verdict }) => what(verdict)).length / of.length;
    };
    const caught = share(1, ({ moderation }) => moderation !== "clear");
    const asked = share(0, ({ moderation }) => moderation !== "clear");
    const certain = share(0, ({ moderation }) => moderation === "certain");
    results.push(
      result(`own lines, ${language}, reported half: scams not cleared`, "share", caught),
      result(`own lines, ${language}, reported half: benign look-alikes to the model`, "share", asked),
      result(`own lines, ${language}, reported half: certain, of the benign`, "share", certain),
    );
    goals.push(
      atLeast(`own lines, ${language}: scams not cleared`, GOALS.scams, caught),
      atMost(`own lines, ${language}: benign to the model`, GOALS.benign, asked),
      atMost(`own lines, ${language}: certain on benign`, 0, certain),
    );
  }
  for (const kind of new Set(all.map(({ row }) => row.kind))) {
    const of = all.filter(({ row }) => row.kind === kind);
    const right = of.filter(({ row, verdict }) => (verdict.moderation !== "clear") === (row.label === 1)).length;
    results.push(result(`own lines, ${kind}: rightly cleared or not`, "share", right / of.length));
  }
}

/** Each file judged by weights that saw neither it nor the chat it is set beside. */
async function reportHeldOut(
  toxic: readonly TextRow[],
  scam: readonly TextRow[],
  chat: readonly TextRow[],
  unseen: readonly TextRow[],
  { progress, quick }: SuiteOptions,
  results: Result[],
  goals: Goal[],
): Promise<void> {
  const sample = (rows: readonly TextRow[]) => rows.map(riskSample);
  const own = sample(await readOwn("tuned"));
  const extra = [...sample(readFriendly()), ...sample(chat.filter(({ fold }) => fold !== CHAT_FOLD))];
  const harmless = [...own.filter(({ label }) => label === 0), ...extra];
  const toxicSamples = sample(toxic);
  const scamSamples = sample(scam);
  const without = (rows: readonly RiskSample[], set: string) => rows.filter(({ row }) => row.set !== set);
  const head = (rows: readonly RiskSample[], kind: "abuse" | "scam") => shipRisk(trainRiskHead(rows, kind));
  const sets = quick ? (["surge_toxicity", "janitr_x_scam"] as const) : [...TOXIC_SETS, ...SCAM_SETS];
  for (const [i, set] of sets.entries()) {
    progress(`held out ${set}`, i / sets.length);
    const abuse = head([...without(toxicSamples, set), ...harmless], "abuse");
    const scams = head([...without(scamSamples, set), ...own, ...extra], "scam");
    const risk = createRisk(abuse, scams);
    const rows = [...toxic, ...scam].filter((row) => row.set === set);
    const told = reportFile(`held out ${set}`, rows, judgeAll(rows, risk), judgeAll(unseen, risk), results);
    goals.push(
      atMost(`held out ${set}: chat that reaches the model at 95 % recall`, GOALS.reached, told.reached),
      atMost(`held out ${set}: false alarms of certain`, GOALS.certain, told.certain),
    );
  }
  if (quick) return;
  // Turkish as a language that was taught, by lines that were not: five folds, reported as one.
  const recalls: number[] = [];
  for (let k = 1; k < FOLDS; k++) {
    progress("Turkish, by folds", k / FOLDS);
    const abuse = head(
      [...toxicSamples.filter(({ row }) => row.set !== "turkish_offensive" || row.fold !== k), ...harmless],
      "abuse",
    );
    const scams = head([...scamSamples, ...own, ...extra], "scam");
    const risk = createRisk(abuse, scams);
    const rows = toxic.filter((row) => row.set === "turkish_offensive" && row.fold === k);
    const chatRisks = judgeAll(unseen, risk).map(({ verdict }) => verdict.risk);
    const bar = percentile(chatRisks, 1 - GOALS.reached);
    const bad = judgeAll(rows, risk).filter(({ label }) => label === 1);
    recalls.push(bad.filter(({ verdict }) => verdict.risk > bar).length / bad.length);
  }
  const turkish = result("Turkish, unseen lines: recall where 35 % of real chat reach the model", "share", ...recalls);
  results.push(turkish);
  goals.push(
    atLeast("Turkish, unseen lines: recall where 35 % of real chat reach the model", GOALS.turkish, turkish.value),
  );
}

async function reportDomains({ progress }: SuiteOptions, results: Result[], goals: Goal[]): Promise<void> {
  const rows = ((await readHosts()) ?? []).map(hostSample);
  const found = { scam: 0, scams: 0, alarms: 0, real: 0 };
  for (let k = 0; k < FOLDS; k++) {
    progress("unseen domains", k / FOLDS);
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
  const alarms = found.alarms / found.real;
  results.push(
    result("unseen scam domains found", "share", recall),
    result("unseen benign domains taken for scams", "share", alarms),
    result("unseen benign domains", "count", found.real),
  );
  goals.push(
    atLeast("unseen scam domains found", GOALS.domains, recall),
    atMost("unseen benign domains taken for scams", GOALS.domainAlarms, alarms),
  );
}

/** A model's call as it will be: rules and schema once a batch, each text with its place, a verdict for each. */
const CALL_TOKENS = 700;
const MESSAGE_TOKENS = 15;
const VERDICT_TOKENS = 45;
const TOKEN_CHARS = 4;
const BATCH_MESSAGES = 16;
const BATCH_MS = 250;

/** A guild's chat at two paces: calls and tokens for what the shipped prefilter does not clear. */
function reportChat(chat: readonly TextRow[], { progress }: SuiteOptions, results: Result[]): void {
  progress("real chat, batched");
  const asked = judgeAll(chat, riskOf).map(({ text, verdict }, i) => ({
    text,
    i,
    asked: verdict.moderation === "ask-the-model",
  }));
  results.push(result("real chat: asked about", "share", asked.filter((one) => one.asked).length / asked.length));
  for (const perSecond of [5, 200]) {
    let calls = 0;
    let tokens = 0;
    let batch = 0;
    let sinceMs = Number.NEGATIVE_INFINITY;
    for (const { text, i, asked: ask } of asked) {
      if (!ask) continue;
      const atMs = (i * 1_000) / perSecond;
      if (batch === 0 || batch >= BATCH_MESSAGES || atMs - sinceMs > BATCH_MS) {
        calls++;
        tokens += CALL_TOKENS;
        batch = 0;
        sinceMs = atMs;
      }
      batch++;
      tokens += text.length / TOKEN_CHARS + MESSAGE_TOKENS + VERDICT_TOKENS;
    }
    const thousands = asked.length / 1_000;
    results.push(
      result(`real chat at ${perSecond} a second: model calls per 1,000 messages`, "count", calls / thousands),
      result(`real chat at ${perSecond} a second: tokens per 1,000 messages (estimated)`, "count", tokens / thousands),
    );
  }
}
