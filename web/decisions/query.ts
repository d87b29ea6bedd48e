/** The query of a list of decisions, and its results. */
import type { OutcomeKind } from "../../src/record.ts";
import type { DecisionRow } from "../../src/store/ports/decisions.ts";
import type { ListPage } from "../../src/store/ports/page.ts";
import type { ChannelName } from "../parts/channels.ts";

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

/** The page's default: silences. */
const SILENT = "silent";
export const ANY = "any";

export type DecisionList = {
  readonly kind: OutcomeKind | typeof ANY;
  readonly channel: string;
  /** "" for any. */
  readonly reason: string;
  readonly before: string;
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
  readonly found: ListPage<DecisionRow>;
  readonly channels: readonly ChannelName[];
};

export function readKind(value: string): DecisionList["kind"] {
  return value === ANY ? ANY : (KINDS.find((known) => known === value) ?? SILENT);
}
