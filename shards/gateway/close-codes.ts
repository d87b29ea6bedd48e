/**
 * A close code's meaning for the session: try to resume, start a new one, or stop for good.
 *
 * A session is resumed unless Discord calls it ended: a RESUME that is refused costs seconds, an IDENTIFY that
 * was not needed costs every event of the gap. https://docs.discord.com/developers/topics/opcodes-and-status-codes
 */

export type CloseMeaning = "resume" | "identify" | "stop";

/** We close with this code when we want to resume. 1000 and 1001 from a client end the session; a code from 4000 on keeps it. */
export const CLOSE_RESUMABLE = 4200;
export const CLOSE_FOR_GOOD = 1000;

const NEW_SESSION: ReadonlySet<number> = new Set([4003, 4007, 4009]);

/** Never retried: the next attempt would be refused for the same reason, and Discord counts refusals. */
const STOP: ReadonlyMap<number, string> = new Map([
  [
    4004,
    "Discord refused the bot token. Make a new one in the Developer Portal (Bot, Reset Token) and set DISCORD_TOKEN",
  ],
  [4010, "Discord refused the shard number. Check DISCORD_SHARDS, or leave it out to take what Discord recommends"],
  [4011, "This bot is in too many servers for so few shards. Raise DISCORD_SHARDS, or leave it out"],
  [4012, "Discord no longer speaks this gateway version. Update Gatehouse"],
  [4013, "Discord does not know an intent that was asked for. Update Gatehouse"],
  [
    4014,
    "Discord refused an intent. Switch on the Message Content intent in the Developer Portal (Bot, Privileged Gateway Intents), or set DISCORD_MESSAGE_CONTENT=off; then start Gatehouse again",
  ],
]);

/** `null`: the connection broke without a close frame. */
export function meaningOf(code: number | null): CloseMeaning {
  if (code === null) return "resume";
  if (STOP.has(code)) return "stop";
  return NEW_SESSION.has(code) ? "identify" : "resume";
}

/** One sentence that says what to do, for the codes that stop a shard. */
export function adviceFor(code: number): string {
  return STOP.get(code) ?? `Discord closed the connection with ${code}`;
}
