/**
 * Channel logs in the form of `shared/data/smart-mode`: rows as they stand, as lines that the smart decision reads, and how well
 * a set of decisions does by the definitions of the bench (see `scoreDecisions`).
 */

import { lineOf } from "../../src/probe/smart.ts";
import type { SmartLine } from "../../src/smart.ts";
import { readJsonLines, sharedData } from "../data.ts";

export type LogRow = {
  readonly id: string;
  readonly channel: string;
  readonly ts: string | null;
  readonly author: string | null;
  readonly text: string;
  readonly label?: string;
  readonly expected?: "answer_candidate" | "wait" | "silent" | "ambiguous" | null;
  readonly block?: string | null;
  /** The ids of the rows it answers, where people have linked them. */
  readonly reply_to?: readonly string[] | null;
  readonly dialog?: string | null;
  readonly addressed_to?: string | null;
  /** Which log it came from, where several are scored together. */
  readonly log?: string;
};

export type Log = {
  readonly name: string;
  /** `casual`: made up, for training only. */
  readonly community: "irc" | "gitter" | "casual";
  readonly rows: readonly LogRow[];
  readonly lines: readonly SmartLine[];
};

const LOGS = [
  "ubuntu_irc_train",
  "ubuntu_irc_dev",
  "gitter_angular",
  "gitter_docker",
  "gitter_gitter",
  "gitter_nodejs",
] as const;

export async function readLogs(): Promise<Log[] | null> {
  const logs: Log[] = [];
  for (const name of LOGS) {
    const path = sharedData("smart-mode", `${name}.jsonl`);
    if (path === null) return null;
    logs.push(await readLog(path, name));
  }
  return logs;
}

export async function readLog(path: string, name: string): Promise<Log> {
  const rows = await readJsonLines<LogRow>(path);
  const read = lineOf();
  // As Discord flags them.
  const bots = new Set(rows.filter(({ label }) => label === "bot").map(({ author }) => author));
  const community = rows.some(({ block }) => block !== undefined) ? "irc" : "gitter";
  const lines = rows.map((row) => {
    const line = read(row);
    return bots.has(row.author) ? { ...line, machine: true } : line;
  });
  return { name, community, rows, lines };
}

export type SmartFigures = {
  readonly precision: number;
  readonly recall: number;
  readonly blockRecall: number;
  /** The same where only a request's first lines count, those that nobody had answered yet. */
  readonly openingRecall: number;
  readonly falseTriggers: number;
  /** Share of all human lines that would cost a model call. */
  readonly asked: number;
  readonly blocks: number;
};

/**
 * A request is one block (IRC), or one dialog and its first author (Gitter), that holds an `answer_candidate`; found = at least
 * one trigger among its lines. False triggers: the triggered share of `silent` rows that are not system, bot or addressed.
 * `wait`, `ambiguous` and null count nowhere but among the lines that cost a call.
 */
export function scoreDecisions(rows: readonly LogRow[], triggered: readonly boolean[]): SmartFigures {
  const requests = new Set<string>();
  const found = new Set<string>();
  const foundOpen = new Set<string>();
  const firstAuthor = new Map<string, string | null>();
  let hits = 0;
  let candidates = 0;
  let wrong = 0;
  let quiet = 0;
  let human = 0;
  let asked = 0;
  rows.forEach((row, i) => {
    const on = triggered[i] === true;
    if (isMachine(row)) return;
    human++;
    if (on) asked++;
    const request = requestOf(row);
    if (request !== null && !firstAuthor.has(request)) firstAuthor.set(request, row.author);
    if (request !== null && on && firstAuthor.get(request) === row.author) found.add(request);
    if (row.expected === "answer_candidate") {
      candidates++;
      if (on) hits++;
      if (request !== null) requests.add(request);
      if (request !== null && on) foundOpen.add(request);
    } else if (row.expected === "silent" && (row.addressed_to ?? null) === null) {
      quiet++;
      if (on) wrong++;
    }
  });
  return {
    precision: hits / (hits + wrong),
    recall: hits / candidates,
    blockRecall: requests.intersection(found).size / requests.size,
    openingRecall: foundOpen.size / requests.size,
    falseTriggers: wrong / quiet,
    asked: asked / human,
    blocks: requests.size,
  };
}

/** What its lines are found together as; null where a row belongs to none. */
export function requestOf({ block, dialog, log }: LogRow): string | null {
  const key = block ?? dialog ?? null;
  return key === null ? null : `${log ?? ""}:${key}`;
}

export function isMachine({ label, author }: LogRow): boolean {
  return label === "system" || label === "bot" || author === null;
}
