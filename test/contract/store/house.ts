/** What every store suite is given: a store, a clock that can be put forward, and ids that nobody else uses. */
import { type Clock, systemClock } from "../../../src/clock.ts";
import type { ApplicationId, ChannelId, GuildId, MessageId, UserId } from "../../../src/ids.ts";
import type { Outcome } from "../../../src/record.ts";
import type { Exchange } from "../../../src/store/ports/conversations.ts";
import type { Store } from "../../../src/store.ts";
import type { TestDatabase } from "../../support/postgres.ts";

export type House = {
  readonly store: Store;
  /** A second process on the same database. */
  readonly other: Store;
  readonly database: TestDatabase;
  readonly time: ShiftedClock;
};

export type ShiftedClock = Clock & { pass(ms: number): void };

export function shiftedClock(): ShiftedClock {
  let passed = 0;
  return {
    ...systemClock,
    now: () => systemClock.now() + passed,
    pass(ms) {
      passed += ms;
    },
  };
}

let last = 900_000_000_000_000_000n;

function next(): string {
  return String(++last);
}

export const newGuild = () => next() as GuildId;
export const newApplication = () => next() as ApplicationId;
const newChannel = () => next() as ChannelId;
export const newMember = () => next() as UserId;
export const newMessage = () => next() as MessageId;

export const ANSWERED: Outcome = {
  kind: "answered",
  reason: "known",
  ms: 812.5,
  model: "openai/gpt-oss-120b",
  prompts: 3,
  tokensIn: 900,
  tokensOut: 120,
  costUsd: 0.000217,
};

/** A question and its answer, with one counted message. */
export function newExchange(conversation: string | null, fields: Partial<Exchange> = {}): Exchange {
  const question = newMessage();
  return {
    trigger: question,
    conversation,
    channel: newChannel(),
    turns: [
      {
        role: "member",
        author: "Ada",
        text: "How do I reset my password?",
        atMs: 1_767_268_800_000,
        message: question,
        sources: [],
        outcome: null,
      },
      {
        role: "bot",
        author: "Gatehouse",
        text: "Open Settings, then Account [1].",
        atMs: 1_767_268_801_000,
        message: newMessage(),
        sources: [
          { n: 1, title: "Account and sign-in", url: "https://lumen.example/account", passage: "Open Settings…" },
        ],
        outcome: ANSWERED,
      },
    ],
    outcome: ANSWERED,
    usage: { kind: "answer", count: 1, tokensIn: 900, tokensOut: 120, costUsd: 0.000217 },
    ...fields,
  };
}

export function newWho(fields: Partial<Parameters<Store["conversations"]["open"]>[1]> = {}) {
  return { channel: newChannel(), channelName: "help", member: newMember(), memberName: "Ada", ...fields };
}

export const HOUR_MS = 3_600_000;
