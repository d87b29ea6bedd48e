/**
 * `gatehouse probe smart`: a channel's log, line by line → `{id, decision: silent|consider|must, reason, score}`. Reads id,
 * channel, ts, author and text, and only earlier lines.
 */
import { z } from "zod";
import type { Probe } from "../probe.ts";
import { consider, createSmartContext, type SmartLine } from "../smart.ts";

const logRow = z.object({
  id: z.union([z.string(), z.number()]),
  channel: z.string().nullish(),
  ts: z.string().nullish(),
  author: z.string().nullish(),
  text: z.string(),
});

export const smartProbe: Probe = () => {
  const context = createSmartContext({ whole: true });
  const read = lineOf();
  return {
    async handle(row) {
      const line = logRow.parse(row);
      const { decision, reason, score } = consider(read(line), context);
      return { id: line.id, decision, reason, score: Number(score.toFixed(4)) };
    },
  };
};

export type LogLine = {
  readonly channel?: string | null | undefined;
  readonly ts?: string | null | undefined;
  readonly author?: string | null | undefined;
  readonly text: string;
};

/** Reads a log's rows one after the other; a row without a time has the time of the one before. */
export function lineOf(): (row: LogLine) => SmartLine {
  const lastAt = new Map<string, number>();
  return ({ channel, ts, author, text }) => {
    const key = channel ?? "";
    const read = ts === null || ts === undefined ? Number.NaN : Date.parse(ZONED.test(ts) ? ts : `${ts}Z`);
    const atMs = Number.isNaN(read) ? (lastAt.get(key) ?? 0) : read;
    lastAt.set(key, atMs);
    const name = author ?? "";
    const machine = name === "" || MACHINE.test(name);
    return { channel: key, author: name.toLowerCase(), name, atMs, text, machine, to: null };
  };
}

/** A time that says no zone is UTC's. */
const ZONED = /(?:Z|[+-]\d\d:?\d\d)$/i;

/** Logs do not flag bots: a name that sets "bot" or "serv" off says so (`FloodBot1`, `log-bot`). A bridge (`matrixbot`) speaks for people. */
const MACHINE = /(?:(?:^|[-_])(?:[Bb]ot|BOT|[Ss]erv|SERV)|[a-z](?:Bot|Serv))[-_\d]*$/;
