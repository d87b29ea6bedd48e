/** A direct message to a member about a case; the sender hears whether Discord let it through. */
import type { Clock } from "../clock.ts";
import type { Discord, Outgoing } from "../discord.ts";
import { AppError } from "../errors.ts";
import type { UserId } from "../ids.ts";

/** `closed`: Discord lets the bot write to nobody whom it shares no server with, or who takes no direct messages. */
export type Reached = "told" | "closed" | "unknown";

const WAIT_MS = 8_000;

/** `nonce`: the same for a repeat of the same message alone. Waits at most 8 s. */
export async function reach(
  discord: Discord,
  clock: Clock,
  user: UserId,
  message: Outgoing,
  nonce: string,
): Promise<Reached> {
  const send = async (): Promise<Reached> => {
    const channel = await discord.messages.direct(user);
    await discord.messages.send(channel, message, nonce.slice(0, 25));
    return "told";
  };
  try {
    return await Promise.race([send(), clock.sleep(WAIT_MS).then((): Reached => "unknown")]);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return ["forbidden", "not-found", "invalid"].includes(error.kind) ? "closed" : "unknown";
  }
}

/** As an event of a case keeps it. */
export function reachedOf(told: unknown): Reached {
  return told === "told" || told === "closed" ? told : "unknown";
}
