/** What `bench cluster` tells of one fault: lost and doubled questions, sessions begun, and how long a member waited. */
import type { Interaction } from "../simulator/world.ts";
import { atMost, type Goal, percentile, type Result, result, type SuiteReport } from "../suite.ts";
import type { Exchange } from "./exchanges.ts";

const SILENCE_MS_MAX = 10_000;
/** Of what a fault tells beside: until a gateway that joins has its share. */
const JOINED_MS_MAX = 60_000;

export type Told = {
  /** The fault's name. */
  readonly name: string;
  readonly exchanges: readonly Exchange[];
  readonly commands: readonly Interaction[];
  readonly identifies: number;
  readonly identifiesDue: number;
  /** Within five seconds of another of their key. */
  readonly tooEarly: number;
  readonly resumes: number;
  readonly more: Readonly<Record<string, number>>;
};

const lostOf = ({ exchanges }: Told) => exchanges.filter(({ replies }) => replies === 0).length;
const doubledOf = ({ exchanges }: Told) => exchanges.filter(({ replies }) => replies > 1).length;
/** Cut off before their deferral: Discord tells the member at once that the bot did not respond. */
const commandsCutOf = ({ commands }: Told) => commands.filter(({ state }) => state === "failed").length;
/** Deferred and never answered. */
const commandsLostOf = (told: Told) =>
  told.commands.filter(({ state }) => state !== "answered").length - commandsCutOf(told);

/** How long each waited for a reply that came. */
function waitsOf({ exchanges }: Told): readonly number[] {
  return exchanges.flatMap(({ askedAtMs, repliedAtMs }) => (repliedAtMs === null ? [] : [repliedAtMs - askedAtMs]));
}

export function sentence(told: Told): string {
  const longest = Math.round(Math.max(0, ...waitsOf(told)));
  const counts = `${told.exchanges.length} asked, ${lostOf(told)} lost, ${doubledOf(told)} doubled`;
  return `${told.name}: ${counts}, ${told.identifies} IDENTIFYs, ${told.resumes} RESUMEs, ${longest} ms at most`;
}

export function report(all: readonly Told[]): SuiteReport {
  const results: Result[] = [];
  const goals: Goal[] = [];
  for (const told of all) {
    const { name } = told;
    const waits = waitsOf(told);
    const longest = Math.max(0, ...waits);
    results.push(
      result(`${name}: questions`, "count", told.exchanges.length),
      result(`${name}: lost`, "count", lostOf(told)),
      result(`${name}: doubled`, "count", doubledOf(told)),
      result(`${name}: /ask`, "count", told.commands.length),
      result(`${name}: /ask lost`, "count", commandsLostOf(told)),
      result(`${name}: /ask cut off before its deferral`, "count", commandsCutOf(told)),
      result(`${name}: IDENTIFYs`, "count", told.identifies),
      result(`${name}: IDENTIFYs too early`, "count", told.tooEarly),
      result(`${name}: RESUMEs`, "count", told.resumes),
      result(`${name}: wait for a reply, p50`, "ms", percentile(waits, 0.5)),
      result(`${name}: longest wait for a reply`, "ms", longest),
      ...Object.entries(told.more).map(([what, ms]) => result(`${name}: ${what}`, "ms", ms)),
    );
    goals.push(
      atMost(`${name}: lost`, 0, lostOf(told)),
      atMost(`${name}: doubled`, 0, doubledOf(told)),
      atMost(`${name}: /ask lost`, 0, commandsLostOf(told)),
      atMost(`${name}: IDENTIFYs`, told.identifiesDue, told.identifies),
      atMost(`${name}: IDENTIFYs too early`, 0, told.tooEarly),
      atMost(`${name}: longest wait for a reply`, SILENCE_MS_MAX, longest, "ms"),
      ...Object.entries(told.more).map(([what, ms]) => atMost(`${name}: ${what}`, JOINED_MS_MAX, ms, "ms")),
    );
  }
  return { results, goals };
}
