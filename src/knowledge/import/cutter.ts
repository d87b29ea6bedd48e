/**
 * What people type (texts, question-and-answer pairs) → passages, in a child process with a deadline. One is cut at a time, guilds
 * take turns, and a child that nobody needs for a while is ended.
 */
import { createTurnstile } from "../../answer-queue.ts";
import type { Clock, Timer } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { GuildId } from "../../ids.ts";
import type { DocumentInput } from "../../store/ports/knowledge.ts";
import { createExtractor, type Extractor, type Uncut } from "../extract.ts";

export type Cutter = {
  /** A document for each. Throws AppError `invalid` where it takes too long or too much, `overloaded` where the guild has several waiting. */
  cut(guild: GuildId, texts: readonly Uncut[]): Promise<readonly DocumentInput[]>;
  close(): void;
};

const LIMITS = { timeMsMax: 8_000, memoryBytesMax: 700 * 1024 * 1024 };
const IDLE_MS = 60_000;
const TURNS = {
  ...{ atOnce: 1, guildAtOnce: 1, personAtOnce: 1 },
  ...{ waiting: 60, guildWaiting: 20, personWaiting: 20 },
};

export function createCutter(clock: Clock): Cutter {
  const turnstile = createTurnstile(TURNS);
  let extractor: Extractor | null = null;
  let idle: Timer | null = null;

  function close(): void {
    idle?.cancel();
    extractor?.close();
    extractor = null;
  }

  return {
    close,
    async cut(guild, texts) {
      return await turnstile.pass({ guild, person: guild, talk: guild }, async () => {
        idle?.cancel();
        extractor ??= createExtractor(clock, LIMITS);
        const cut = await extractor.cut(texts);
        idle = clock.after(IDLE_MS, close);
        if ("refused" in cut) throw new AppError("invalid", `The text was not taken: ${cut.refused}.`);
        return cut;
      });
    },
  };
}
