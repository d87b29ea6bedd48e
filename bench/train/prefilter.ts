/**
 * `bun bench/train/prefilter.ts`: trains the prefilter's weights from the shared data and writes
 * src/prefilter/{domain,risk}.weights.json. What they are worth is cross-validated by `bun run bench prefilter`.
 */
import { join } from "node:path";
import { riskSample, shipRisk, trainRiskHead } from "./abuse-and-scam.ts";
import { hostSample, trainDomains } from "./domains.ts";
import { readChat, readHosts, readTexts, SCAM_SETS, TOXIC_SETS } from "./moderation-data.ts";

const OUT = join(import.meta.dir, "..", "..", "src", "prefilter");

const hosts = await readHosts();
const toxic = await readTexts(TOXIC_SETS);
const scam = await readTexts(SCAM_SETS);
const chat = await readChat();
if (hosts === null || toxic === null || scam === null || chat === null) {
  process.stdout.write(
    "The shared data is not there (GATEHOUSE_SHARED, or ../shared beside the checkout): nothing trained.\n",
  );
} else {
  await Bun.write(join(OUT, "domain.weights.json"), `${JSON.stringify(trainDomains(hosts.map(hostSample)))}\n`);
  const clean = chat.map(riskSample);
  const abuse = shipRisk(trainRiskHead([...toxic.map(riskSample), ...clean], "abuse"));
  const scams = shipRisk(trainRiskHead([...scam.map(riskSample), ...clean], "scam"));
  await Bun.write(join(OUT, "risk.weights.json"), `${JSON.stringify({ abuse, scam: scams })}\n`);
}
