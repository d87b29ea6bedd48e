/** The last lines of channels, so that a verdict sees the lines that a message answers. */
import type { ChannelId } from "../ids.ts";
import { type Message, wholeTextOf } from "../message.ts";
import { createRecent } from "../recent.ts";

/** Lines kept per channel, so that a verdict sees what a message answers to. */
const CONTEXT_LINES = 4;
const CHANNELS_MAX = 5_000;

export type Line = { readonly id: string; readonly author: string; readonly name: string; readonly text: string };

/** The last lines of channels, bounded in both. */
export function createLines() {
  const channels = createRecent<ChannelId, Line[]>(CHANNELS_MAX);
  return {
    /** False for a message that says nothing. */
    note(message: Message): boolean {
      const text = wholeTextOf(message).slice(0, 300);
      if (text === "") return false;
      const { id, author, channelId } = message;
      let lines = channels.get(channelId);
      if (lines === undefined) {
        lines = [];
        channels.set(channelId, lines);
      }
      // An edit has the id of the message that it changes.
      for (let i = lines.length - 1; i >= 0; i--) if (lines[i]?.id === id) lines.splice(i, 1);
      if (lines.length > CONTEXT_LINES) lines.shift();
      lines.push({ id, author: author.id, name: author.name, text });
      return true;
    },
    before({ id, channelId, replyTo }: Message): readonly Line[] {
      const lines = channels.get(channelId) ?? [];
      const answered = lines.find((line) => line.id === replyTo?.messageId);
      // A line without context is judged alone, and its verdict is reused.
      if (answered === undefined) return [];
      const at = lines.findIndex((line) => line.id === id);
      return lines.slice(0, at < 0 ? undefined : at);
    },
  };
}
