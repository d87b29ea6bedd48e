/**
 * `bun bench/train/prefilter.ts`: trains the prefilter's weights from the shared data, prints what cross-validation says of
 * them, and writes src/prefilter/{domain,risk}.weights.json. `--report` prints only.
 */
import { join } from "node:path";
import { type PackedGrams, unpackGrams } from "../../src/prefilter/grams.ts";
import type { RiskHead } from "../../src/prefilter/risk.ts";
import { type RiskSample, riskLogit, riskSample, trainRisk } from "./abuse-and-scam.ts";
import { gramsOf, scoreGrams, trainGrams } from "./linear.ts";
import {
  auroc,
  FOLDS,
  type HostRow,
  readChat,
  readHosts,
  readTexts,
  recallAt,
  SCAM_SETS,
  TOXIC_SETS,
} from "./moderation-data.ts";

const OUT = join(import.meta.dir, "..", "..", "src", "prefilter");
const DOMAIN = { bits: 13, epochs: 6, rate: 0.3, decay: 1e-4, seed: 1 };
const ABUSE_BITS = 16;
const SCAM_BITS = 14;
/** The share of clean chat that may go to the model because of each learned score. */
const CHAT_SHARE = { abuse: 0.02, scam: 0.005 };

const say = (text: string) => process.stdout.write(`${text}\n`);

if (import.meta.main) await main();

async function main(): Promise<void> {
  const hosts = await readHosts();
  const toxic = await readTexts(TOXIC_SETS);
  const scam = await readTexts(SCAM_SETS);
  const chat = await readChat();
  if (hosts === null || toxic === null || scam === null || chat === null) {
    say("The shared data is not there (GATEHOUSE_SHARED, or ../shared beside the checkout): nothing trained.");
    return;
  }
  const domain = trainHosts(hosts);
  const chatSamples = chat.map(riskSample);
  const abuse = trainText("abuse", [...toxic.map(riskSample), ...chatSamples], ABUSE_BITS, CHAT_SHARE.abuse);
  const scams = trainText("scam", [...scam.map(riskSample), ...chatSamples], SCAM_BITS, CHAT_SHARE.scam);
  if (process.argv.includes("--report")) return;
  await Bun.write(join(OUT, "domain.weights.json"), `${JSON.stringify(domain)}\n`);
  await Bun.write(join(OUT, "risk.weights.json"), `${JSON.stringify({ abuse, scam: scams })}\n`);
}

export function hostSample(row: HostRow) {
  const bytes = Buffer.from(row.host, "latin1");
  return {
    row,
    grams: gramsOf(bytes, 0, bytes.length),
    label: row.label,
    weight: row.label === 1 ? 1 : row.invented ? 0.7 : 3,
  };
}

export function trainDomains(samples: readonly ReturnType<typeof hostSample>[]): PackedGrams {
  return trainGrams(samples, DOMAIN);
}

function trainHosts(rows: readonly HostRow[]) {
  const samples = rows.map(hostSample);
  const held: { score: number; label: number; invented: boolean }[] = [];
  for (let k = 0; k < FOLDS; k++) {
    const model = unpackGrams(trainDomains(samples.filter((s) => s.row.fold !== k)));
    for (const { row, grams, label } of samples) {
      if (row.fold === k) held.push({ score: scoreGrams(model, grams), label, invented: row.invented });
    }
  }
  const real = held.filter(({ invented }) => !invented);
  say(
    `domains: ${real.length} real hosts, AUROC ${auroc(real).toFixed(4)}, recall at 1 % false alarms ${recallAt(real, 0.01).toFixed(3)}`,
  );
  return trainDomains(samples);
}

function trainText(name: string, samples: readonly RiskSample[], bits: number, chatShare: number): RiskHead {
  const held: { score: number; label: number; set: string }[] = [];
  for (let k = 0; k < FOLDS; k++) {
    const head = trainRisk(
      samples.filter((s) => s.row.fold !== k),
      bits,
    );
    for (const sample of samples) {
      if (sample.row.fold === k)
        held.push({ score: riskLogit(head, sample), label: sample.label, set: sample.row.set });
    }
  }
  const clean = held.flatMap(({ score, set }) => (set === "chat" ? [score] : [])).sort((a, b) => b - a);
  const bar = clean[Math.floor(clean.length * chatShare)] ?? 0;
  for (const set of [...new Set(samples.map(({ row }) => row.set))]) {
    if (set === "chat") continue;
    const of = held.filter((row) => row.set === set);
    const share = (label: number) =>
      of.filter((row) => row.label === label && row.score > bar).length /
      of.filter((row) => row.label === label).length;
    say(
      `${name} ${set}: AUROC ${auroc(of).toFixed(3)}, recall at .4 % ${recallAt(of, 0.004).toFixed(3)}, at 5 % ${recallAt(of, 0.05).toFixed(3)}; ` +
        `at the bar (${(chatShare * 100).toFixed(1)} % of chat): found ${share(1).toFixed(3)}, false alarms ${share(0).toFixed(3)}`,
    );
  }
  const labelled = held.filter(({ set }) => set !== "chat");
  say(
    `${name} all: AUROC ${auroc(labelled).toFixed(3)}, recall at .4 % ${recallAt(labelled, 0.004).toFixed(3)}, at 5 % ${recallAt(labelled, 0.05).toFixed(3)}`,
  );
  const head = trainRisk(samples, bits);
  return { ...head, bias: Number((head.bias - bar).toFixed(4)) };
}
