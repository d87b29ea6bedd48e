/**
 * Whether the bot kept silent while an agent held the conversation, told from a ledger alone: what crossed the border to Discord, what
 * agents did, and when they were told that it is theirs. Who held it at a moment is counted here by the rule itself.
 */
import type { MessageId, UserId } from "../../src/ids.ts";

type Crossing =
  /** A request to make a message has left. */
  | { readonly what: "issued"; readonly nonce: string; readonly atMs: number }
  | { readonly what: "made"; readonly nonce: string; readonly id: MessageId; readonly atMs: number }
  | { readonly what: "gone"; readonly id: MessageId; readonly atMs: number };

type Act = { readonly type: string; readonly agent: UserId; readonly atMs: number };
type Reported = { readonly agent: UserId; readonly askedAtMs: number; readonly atMs: number };

export type Ledger = { readonly crossings: Crossing[]; readonly acts: Act[]; readonly reports: Reported[] };

/** A hold lasts so long after its agent's last act. */
export const HOLD_MS = 180_000;
/** From a mark in the store to its request: what was marked right before a takeover still leaves. */
export const HAND_OVER_MS_MAX = 40;

type Hold = { readonly agent: UserId; readonly sinceMs: number; readonly untilMs: number };

/** All that is wrong; empty where the bot kept silent. */
export function judge(ledger: Ledger): string[] {
  const holds = holdsOf(ledger.acts);
  const problems: string[] = [];
  for (const { what, atMs, ...one } of ledger.crossings) {
    const hold = holdAt(holds, atMs);
    if (what !== "issued" || hold === undefined || atMs - hold.sinceMs <= HAND_OVER_MS_MAX) continue;
    problems.push(`${"nonce" in one && one.nonce} was issued ${atMs - hold.sinceMs} ms after the takeover's commit`);
  }
  for (const report of ledger.reports) {
    const hold = holdAt(holds, report.atMs);
    // Of a hold that was given back meanwhile, or a renewal: another report is the hold's own. A claim is made when it is asked for.
    if (hold?.agent !== report.agent || hold.sinceMs !== report.askedAtMs) continue;
    for (const made of madeIn(ledger, hold)) {
      const gone = ledger.crossings.find((one) => one.what === "gone" && one.id === made.id);
      if (made.atMs > report.atMs) problems.push(`${made.id} landed after the takeover was reported`);
      else if (gone === undefined || gone.atMs > report.atMs)
        problems.push(`${made.id} stands after the takeover was reported`);
    }
  }
  return problems;
}

/** How often it was taken over, and how many messages that were on the wire then were taken away again. */
export function counted(ledger: Ledger): { readonly takeovers: number; readonly withdrawn: number } {
  const holds = holdsOf(ledger.acts);
  const gone = new Set(ledger.crossings.flatMap((one) => (one.what === "gone" ? [one.id] : [])));
  const withdrawn = holds.flatMap((hold) => madeIn(ledger, hold)).filter(({ id }) => gone.has(id)).length;
  return { takeovers: holds.length, withdrawn };
}

function madeIn({ crossings }: Ledger, { sinceMs, untilMs }: Hold) {
  return crossings.flatMap((one) => (one.what === "made" && one.atMs >= sinceMs && one.atMs < untilMs ? [one] : []));
}

/** Whoever took it holds it for 180 s from their last act, until they give it back; nobody takes it from them meanwhile. */
function holdsOf(acts: readonly Act[]): readonly Hold[] {
  const holds: Hold[] = [];
  for (const { type, agent, atMs } of acts) {
    const last = holds.at(-1);
    const running = last !== undefined && atMs < last.untilMs ? last : null;
    if (running !== null && running.agent !== agent) continue;
    if (type === "release") {
      if (running !== null) holds[holds.length - 1] = { ...running, untilMs: atMs };
    } else if (running !== null) holds[holds.length - 1] = { ...running, untilMs: atMs + HOLD_MS };
    else if (type !== "activity") holds.push({ agent, sinceMs: atMs, untilMs: atMs + HOLD_MS });
  }
  return holds;
}

function holdAt(holds: readonly Hold[], atMs: number): Hold | undefined {
  return holds.find(({ sinceMs, untilMs }) => atMs >= sinceMs && atMs < untilMs);
}
