/**
 * Who speaks in a conversation: the bot, or an agent who took over.
 *
 *   bot ── claim | agent-message ──▶ agent ── release | idle ──▶ bot
 *
 * Pure: state and event in, new state or refusal out. The conversations store applies it in one
 * transaction; a send marks itself in flight under `fence` and is refused once an agent holds.
 */
import type { UserId } from "./ids.ts";

/** An agent who goes quiet loses the conversation, so that no member waits for someone who left. */
export const IDLE_MS_MAX = 3 * 60_000;

export type Takeover =
  | { readonly by: "bot"; readonly fence: number }
  | { readonly by: "agent"; readonly agent: UserId; readonly idleAtMs: number; readonly fence: number };

export type TakeoverEvent =
  | { readonly type: "claim"; readonly agent: UserId }
  | { readonly type: "agent-message"; readonly agent: UserId }
  | { readonly type: "release"; readonly agent: UserId };

/** An expected "no": the inbox shows it, nobody catches it. */
export type Refusal =
  | { readonly refused: "held-by-another"; readonly agent: UserId; readonly idleAtMs: number }
  | { readonly refused: "not-holding" };

/** Who may speak at `nowMs`. A hold counts until the millisecond it goes idle, not after. */
export function speaker(state: Takeover, nowMs: number): "bot" | UserId {
  return holdAt(state, nowMs)?.agent ?? "bot";
}

/** Applies `event` at `nowMs`, or says why it can't be applied. The fence grows with every change of speaker. */
export function step(state: Takeover, event: TakeoverEvent, nowMs: number): Takeover | Refusal {
  const held = holdAt(state, nowMs);

  switch (event.type) {
    // A message claims as well: an agent in a hurry just types. Either one renews a hold.
    case "claim":
    case "agent-message":
      if (held && held.agent !== event.agent) {
        return { refused: "held-by-another", agent: held.agent, idleAtMs: held.idleAtMs };
      }
      return { by: "agent", agent: event.agent, idleAtMs: nowMs + IDLE_MS_MAX, fence: state.fence + (held ? 0 : 1) };

    case "release":
      return held?.agent === event.agent ? { by: "bot", fence: state.fence + 1 } : { refused: "not-holding" };
  }
}

type Hold = Extract<Takeover, { by: "agent" }>;

function holdAt(state: Takeover, nowMs: number): Hold | undefined {
  return state.by === "agent" && nowMs < state.idleAtMs ? state : undefined;
}
