/** `d` of a frame: of messages and guilds, which are most of the bytes, only what is read of them. */
import type { UserId } from "../../src/ids.ts";
import { guildData, messageData } from "../../src/payload.ts";
import { GUILD_CREATE, MESSAGE_CREATE } from "../border/protocol.ts";

/** Undefined when the frame is not JSON, or nothing. `self`: who the bot is; null where nobody has said so yet. */
export function frameData(kind: number, bytes: Buffer, self: () => UserId | null): unknown {
  if (kind === MESSAGE_CREATE) return messageData(bytes) ?? parse(bytes);
  const bot = kind === GUILD_CREATE ? self() : null;
  return (bot === null ? undefined : guildData(bytes, bot)) ?? parse(bytes);
}

function parse(bytes: Buffer): unknown {
  try {
    const frame: unknown = JSON.parse(bytes.toString("utf8"));
    return typeof frame === "object" && frame !== null && "d" in frame ? frame.d : undefined;
  } catch {
    return undefined;
  }
}
