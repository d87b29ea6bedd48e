/**
 * Who speaks in a conversation: the bot, or an agent who took over.
 *
 *   bot ── claim | agent-message ──▶ agent ── release | idle ──▶ bot
 *
 * An agent's activity (typing on the page) renews a hold and never begins one. How long a hold lasts without activity is the
 * guild's setting.
 *
 * Pure: state and event in, new state or refusal out. The conversations store applies it in one
 * transaction; a send marks itself in flight under `fence` and is refused once an agent holds.
 */
import type { UserId } from "./ids.ts";

/** An agent who goes quiet loses the conversation, so that no member waits for someone who left. Where no admin set it. */
export const IDLE_MS_MAX = 3 * 60_000;

/**
 * A send that marked itself in flight leaves within `SEND_MS_MAX` or takes the fence again, and a call to Discord ends within
 * 10 s: a send marked for longer than `IN_FLIGHT_MS_MAX` is not issued any more.
 */
export const SEND_MS_MAX = 4_000;
export const IN_FLIGHT_MS_MAX = 15_000;

export type Takeover =
  | { readonly by: "bot"; readonly fence: number }
  | { readonly by: "agent"; readonly agent: UserId; readonly idleAtMs: number; readonly fence: number };

export type TakeoverEvent =
  | { readonly type: "claim"; readonly agent: UserId }
  | { readonly type: "agent-message"; readonly agent: UserId }
  | { readonly type: "activity"; readonly agent: UserId }
  | { readonly type: "release"; readonly agent: UserId };

/** An expected "no": the inbox shows it, nobody catches it. */
export type TakeoverRefusal =
  | { readonly refused: "held-by-another"; readonly agent: UserId; readonly idleAtMs: number }
  | { readonly refused: "not-holding" };

/** Who may speak at `nowMs`. A hold counts until the millisecond it goes idle, not after. */
export function speaker(state: Takeover, nowMs: number): "bot" | UserId {
  return holdAt(state, nowMs)?.agent ?? "bot";
}

/** Applies `event` at `nowMs`, or says why it can't be applied. The fence grows with every change of speaker. */
export function step(
  state: Takeover,
  event: TakeoverEvent,
  nowMs: number,
  idleMs: number = IDLE_MS_MAX,
): Takeover | TakeoverRefusal {
  const held = holdAt(state, nowMs);

  switch (event.type) {
    // A message claims as well: an agent in a hurry just types. Either one renews a hold.
    case "claim":
    case "agent-message":
      if (held && held.agent !== event.agent) {
        return { refused: "held-by-another", agent: held.agent, idleAtMs: held.idleAtMs };
      }
      return { by: "agent", agent: event.agent, idleAtMs: nowMs + idleMs, fence: state.fence + (held ? 0 : 1) };

    case "activity":
      return held?.agent === event.agent ? { ...held, idleAtMs: nowMs + idleMs } : { refused: "not-holding" };

    case "release":
      return held?.agent === event.agent ? { by: "bot", fence: state.fence + 1 } : { refused: "not-holding" };
  }
}

type Hold = Extract<Takeover, { by: "agent" }>;

function holdAt(state: Takeover, nowMs: number): Hold | undefined {
  return state.by === "agent" && nowMs < state.idleAtMs ? state : undefined;
}
