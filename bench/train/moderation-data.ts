/**
 * What the prefilter's learned scores are trained and measured on: the labelled sets of `shared/data/moderation`, real chat of
 * `shared/data/smart-mode` (taken for clean), and host names from documentation. Rows are folded as the product folds them.
 */
import { join, resolve } from "node:path";
import { fold } from "../../src/text/fold.ts";
import { linksOf } from "../../src/text/links.ts";
import { readJsonLines, sharedData } from "../data.ts";
import { friendlyLines } from "./friendly.ts";
import { spokenLines } from "./spoken.ts";

export type TextRow = {
  readonly id: string;
  readonly text: string;
  readonly label: 0 | 1;
  readonly set: string;
  /** Cross-validation: rows that look the same share a fold. */
  readonly fold: number;
};

export const FOLDS = 5;
export const TOXIC_SETS = ["surge_toxicity", "codereview_toxicity", "davidson", "turkish_offensive"] as const;
export const SCAM_SETS = ["janitr_x_scam"] as const;
const CHAT_SETS = [
  "ubuntu_irc_train",
  "ubuntu_irc_dev",
  "gitter_angular",
  "gitter_docker",
  "gitter_gitter",
  "gitter_nodejs",
];

/** Null where the shared data is absent. */
export async function readTexts(sets: readonly string[]): Promise<TextRow[] | null> {
  const rows: TextRow[] = [];
  for (const set of sets) {
    const path = sharedData("moderation", `${set}.jsonl`);
    if (path === null) return null;
    for (const { id, text, label } of await readJsonLines<{ id: string; text: string; label: 0 | 1 }>(path)) {
      rows.push({ id, text, label, set, fold: foldOf(text) });
    }
  }
  return rows;
}

export const OWN_LANGUAGES = ["en", "tr", "de"] as const;

export type OwnRow = TextRow & { readonly kind: string };

/**
 * Our own lines (bench/data/moderation): scams as they come in the wild and what only looks like them. Rules and weights are tuned
 * on every second one; the others are reported and never trained on.
 */
export async function readOwn(
  half: "tuned" | "reported",
  languages: readonly string[] = OWN_LANGUAGES,
): Promise<OwnRow[]> {
  const rows: OwnRow[] = [];
  for (const language of languages) {
    const lines = await readJsonLines<{ id: string; text: string; label: 0 | 1; kind: string }>(
      resolve(import.meta.dir, "..", "data", "moderation", `${language}.jsonl`),
    );
    lines.forEach(({ id, text, label, kind }, i) => {
      const of = i % 2 === 0 ? "tuned" : "reported";
      if (of === half) rows.push({ id, text, label, kind, set: "own", fold: foldOf(text) });
    });
  }
  return rows;
}

/** Rough talk among friends and plain talk in three languages, made up: clean to both scores. */
export function readFriendly(): TextRow[] {
  const rough = friendlyLines().map((text) => ({ text, set: "own" }));
  const plain = spokenLines().map(({ text }) => ({ text, set: "spoken" }));
  return [...rough, ...plain].map(({ text, set }, i) => ({ id: `made-${i}`, text, label: 0, set, fold: foldOf(text) }));
}

/** Real chat lines of people, taken for clean: help channels are, but for a curse now and then. */
export async function readChat(): Promise<TextRow[] | null> {
  const rows: TextRow[] = [];
  for (const set of CHAT_SETS) {
    const path = sharedData("smart-mode", `${set}.jsonl`);
    if (path === null) return null;
    type Line = { readonly id: string; readonly text: string; readonly label: string };
    for (const { id, text, label } of await readJsonLines<Line>(path)) {
      if (label === "system" || label === "bot") continue;
      rows.push({ id, text, label: 0, set: "chat", fold: foldOf(text) });
    }
  }
  return rows;
}

export type HostRow = {
  readonly host: string;
  readonly label: 0 | 1;
  readonly fold: number;
  readonly invented: boolean;
};

export async function readHosts(): Promise<HostRow[] | null> {
  const path = sharedData("moderation", "discord_domains.jsonl");
  if (path === null) return null;
  const rows = new Map<string, HostRow>();
  for (const { domain, label } of await readJsonLines<{ domain: string; label: 0 | 1 }>(path)) {
    const host = domain.toLowerCase().replace(/^\.+|^www\./g, "");
    rows.set(host, { host, label, fold: foldOf(host), invented: false });
  }
  for (const host of await documentedHosts()) {
    if (!rows.has(host)) rows.set(host, { host, label: 0, fold: foldOf(host), invented: false });
  }
  for (const host of await inventedHosts(9_000)) {
    if (!rows.has(host)) rows.set(host, { host, label: 0, fold: foldOf(host), invented: true });
  }
  return [...rows.values()];
}

/** Hosts that documentation links to: the dependencies' own pages and the retrieval corpora. */
async function documentedHosts(): Promise<Set<string>> {
  const hosts = new Set<string>();
  const roots = [
    { root: resolve(import.meta.dir, "..", "..", "node_modules"), files: "**/{README.md,package.json,CHANGELOG.md}" },
    { root: sharedData("retrieval") ?? "", files: "**/*.jsonl" },
    { root: sharedData("kb") ?? "", files: "**/*.{md,mdx}" },
  ];
  for (const { root, files } of roots) {
    if (root === "") continue;
    for (const file of [...new Bun.Glob(files).scanSync({ cwd: root })].sort()) {
      const text = await Bun.file(join(root, file)).text();
      for (const [, host = ""] of text.matchAll(/https?:\/\/([a-z0-9.-]+\.[a-z]{2,})/gi)) {
        hosts.add(host.toLowerCase().replace(/^www\./, ""));
      }
    }
  }
  return hosts;
}

/** Names that a project or a shop might have: one or two ordinary words of real chat, with ordinary endings. */
async function inventedHosts(count: number): Promise<string[]> {
  const chat = (await readChat()) ?? [];
  const seen = new Map<string, number>();
  for (const { text } of chat) {
    for (const word of text.toLowerCase().match(/\b[a-z]{3,10}\b/g) ?? []) seen.set(word, (seen.get(word) ?? 0) + 1);
  }
  const words = [...seen].flatMap(([word, times]) =>
    times >= 4 && !/steam|discord|nitro|gift/.test(word) ? [word] : [],
  );
  const endings = [
    "com",
    "com",
    "com",
    "org",
    "net",
    "io",
    "dev",
    "co.uk",
    "de",
    "app",
    "me",
    "xyz",
    "com.tr",
    "info",
    "ru",
    "gg",
  ];
  let state = 17;
  const next = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  return Array.from({ length: count }, () => {
    const first = words[next(words.length)] ?? "a";
    const second = words[next(words.length)] ?? "b";
    const name = [first + second, `${first}-${second}`, first, `${second}.${first}`][next(4)] ?? first;
    return `${name}.${endings[next(endings.length)] ?? "com"}`;
  });
}

/** Where links stand in a folded text: the text scores leave them out. */
export function foldOf(text: string): number {
  return fold(text.slice(0, 400)).hash % FOLDS;
}

export function linkSpans(text: string): { from: number; to: number }[] {
  return linksOf(text, fold(text)).map(({ from, to }) => ({ from, to }));
}

/** Area under the ROC curve, ties counted half. */
export function auroc(scores: readonly { readonly score: number; readonly label: number }[]): number {
  const sorted = scores.toSorted((a, b) => a.score - b.score);
  let positives = 0;
  let ranks = 0;
  for (let i = 0; i < sorted.length; ) {
    let j = i;
    while (j < sorted.length && sorted[j]?.score === sorted[i]?.score) j++;
    for (let k = i; k < j; k++) {
      if (sorted[k]?.label !== 1) continue;
      positives++;
      ranks += (i + j + 1) / 2;
    }
    i = j;
  }
  const negatives = sorted.length - positives;
  return positives === 0 || negatives === 0
    ? Number.NaN
    : (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Share of the positives found when at most `share` of the negatives are. */
export function recallAt(scores: readonly { readonly score: number; readonly label: number }[], share: number): number {
  const negatives = scores.flatMap(({ score, label }) => (label === 0 ? [score] : [])).sort((a, b) => b - a);
  const bar = negatives[Math.floor(negatives.length * share)] ?? Number.NEGATIVE_INFINITY;
  const positives = scores.filter(({ label }) => label === 1);
  return positives.filter(({ score }) => score > bar).length / positives.length;
}
