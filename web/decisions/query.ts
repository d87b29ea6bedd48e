/** What a list of decisions was asked for, and what was found. */
import type { OutcomeKind } from "../../src/record.ts";
import type { DecisionRow, Page } from "../../src/store.ts";
import type { ChannelName } from "../channels.ts";

/** The kinds that are kept. */
export const KINDS = [
  "silent",
  "answered",
  "escalated",
  "left-to-agent",
  "moderated",
  "merged",
  "refused",
  "failed",
  "dropped",
] as const satisfies readonly OutcomeKind[];

export type DecisionList = {
  readonly kind: OutcomeKind | "";
  readonly channel: string;
  readonly before: string;
  readonly found: Page<DecisionRow>;
  readonly channels: readonly ChannelName[];
};
