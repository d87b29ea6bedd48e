/** Trains the score of host names in src/prefilter/domains.ts. */
import type { PackedGrams } from "../../src/text/grams.ts";
import { gramsOf, type Sample, trainGrams } from "./linear.ts";
import type { HostRow } from "./moderation-data.ts";

const DOMAIN = { bits: 13, epochs: 6, rate: 0.3, decay: 1e-4, seed: 1 };

export type HostSample = Sample & { readonly row: HostRow };

export function hostSample(row: HostRow): HostSample {
  const bytes = Buffer.from(row.host, "latin1");
  // Real clean hosts are few and count more; invented ones teach what ordinary words look like.
  const weight = row.label === 1 ? 1 : row.invented ? 0.7 : 3;
  return { row, grams: gramsOf(bytes, 0, bytes.length), label: row.label, weight };
}

export function trainDomains(samples: readonly HostSample[]): PackedGrams {
  return trainGrams(samples, DOMAIN);
}
