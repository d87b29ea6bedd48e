/**
 * `bun bench/train/prefilter.ts`: trains the prefilter's weights from the shared data and writes
 * src/prefilter/{domain,risk}.weights.json. What they are worth is cross-validated by `bun run bench prefilter`.
 */
import { join } from "node:path";
import { judgeBy } from "../../src/prefilter/domains.ts";
import { fingerprint } from "../../src/prefilter/scam-domains.ts";
import { type GramModel, unpackGrams } from "../../src/text/grams.ts";
import { riskSample, shipRisk, trainRiskHead } from "./abuse-and-scam.ts";
import { hostSample, trainDomains } from "./domains.ts";
import {
  type HostRow,
  readChat,
  readFriendly,
  readHosts,
  readOwn,
  readTexts,
  SCAM_SETS,
  TOXIC_SETS,
} from "./moderation-data.ts";

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
  const domains = trainDomains(hosts.map(hostSample));
  await Bun.write(join(OUT, "domain.weights.json"), `${JSON.stringify(domains)}\n`);
  await Bun.write(
    join(OUT, "scam-domains.json"),
    `${JSON.stringify({ prints: knownScams(hosts, unpackGrams(domains)) }, null, 2)}\n`,
  );
  const clean = chat.map(riskSample);
  const own = (await readOwn("tuned")).map(riskSample);
  const friendly = readFriendly().map(riskSample);
  const harmless = [...friendly, ...own.filter(({ label }) => label === 0)];
  const abuse = shipRisk(trainRiskHead([...toxic.map(riskSample), ...harmless, ...clean], "abuse"));
  const scams = shipRisk(trainRiskHead([...scam.map(riskSample), ...own, ...friendly, ...clean], "scam"));
  await Bun.write(join(OUT, "risk.weights.json"), `${JSON.stringify({ abuse, scam: scams })}\n`);
}

/** Only what nothing else knows better: not a sub-domain of a service, not a known site that somebody reported. */
function knownScams(rows: readonly HostRow[], model: GramModel): string {
  const clean = new Set(rows.flatMap(({ host, label }) => (label === 0 ? [host] : [])));
  const scams = rows.filter(({ host, label }) => {
    if (label === 0 || clean.has(host)) return false;
    const { kind } = judgeBy(model, host, () => false);
    return kind !== "known" && kind !== "invite" && kind !== "shortener" && kind !== "address";
  });
  const prints = Uint32Array.from(new Set(scams.map(({ host }) => fingerprint(host)))).sort();
  return Buffer.from(prints.buffer).toString("base64");
}
