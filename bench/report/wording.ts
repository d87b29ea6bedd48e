/** A change in words: "+12 % slower". */
import type { Compared } from "./compare.ts";

export function changeText({ now, change, ratio }: Compared): string {
  if (change === "new") return "new";
  if (change === "same" || change === "gone" || now === null) return "";
  const by = ratio === null ? "" : ratio >= 3 || ratio <= 1 / 3 ? `${times(ratio)} × ` : `${percent(ratio)} `;
  return `${by}${wordFor(change, now.unit)}`;
}

function percent(ratio: number): string {
  const share = Math.round((ratio - 1) * 100);
  return `${share < 0 ? "−" : "+"}${Math.abs(share)} %`;
}

function times(ratio: number): string {
  return ratio.toPrecision(2);
}

function wordFor(change: Compared["change"], unit: string): string {
  if (change !== "better" && change !== "worse") return "changed";
  if (/^(?:ns|us|µs|ms|s|min)$|\/s$/.test(unit)) return change === "worse" ? "slower" : "faster";
  if (/^(?:bytes|[KMG]i?B)$/.test(unit)) return change === "worse" ? "larger" : "smaller";
  return change;
}
