/**
 * A community's talk: lines said one after the other, each after its pause, by members who are held to their permissions.
 * Who was timed out is refused and goes on later; the lines of who was kicked or banned are dropped.
 */
import { ChannelType } from "discord-api-types/v10";
import { z } from "zod";
import type { Actions } from "../actions.ts";
import { ApiError } from "../api-error.ts";
import type { Services } from "../services.ts";
import { type Channel, channelOf, type Id, type Message } from "../world.ts";

export const SCRIPT_LINE = z.object({
  afterMs: z.number().nonnegative(),
  channel: z.string(),
  member: z.string(),
  /** `{bot}` is the bot's mention, `{@key}` a member's. */
  text: z.string(),
  mentionBot: z.boolean().optional(),
  /** Replies to the bot's last answer to this member in this channel; where there is none yet, mentions the bot. */
  replyToBot: z.boolean().optional(),
  /** Index of the script line that this one replies to. */
  replyTo: z.number().int().optional(),
});

export type ScriptLine = z.infer<typeof SCRIPT_LINE>;

export type Script = {
  /** Begins; a second call does nothing. `speed` 2 = twice as fast. */
  readonly start: (speed?: number) => void;
  readonly stop: () => void;
  readonly status: () => { running: boolean; said: number; refused: number; dropped: number; rounds: number };
};

type Cast = {
  readonly lines: readonly ScriptLine[];
  readonly loop: boolean;
  readonly channels: ReadonlyMap<string, Id>;
  readonly members: ReadonlyMap<string, Id>;
  /** Who joins when they first speak. */
  readonly late: Set<Id>;
};

const BETWEEN_ROUNDS_MS = 5_000;

export function createScript({ world }: Services, actions: Actions, cast: Cast): Script {
  const botId = [...world.applications.values()][0]?.botId;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  let said = 0;
  let refused = 0;
  let dropped = 0;
  let rounds = 0;
  let messages: (Message | undefined)[] = [];

  function schedule(index: number, speed: number): void {
    timer = setTimeout(() => speak(index, speed), (cast.lines[index]?.afterMs ?? 0) / speed);
  }

  function speak(index: number, speed: number): void {
    const line = cast.lines[index];
    if (line !== undefined) perform(line, index);
    if (index + 1 < cast.lines.length) {
      schedule(index + 1, speed);
      return;
    }
    rounds += 1;
    messages = [];
    running = cast.loop && cast.lines.length > 0;
    if (running) timer = setTimeout(() => speak(0, speed), BETWEEN_ROUNDS_MS / speed);
  }

  function perform(line: ScriptLine, index: number): void {
    const channel = channelOf(world, cast.channels.get(line.channel) ?? "");
    const userId = cast.members.get(line.member) ?? "";
    if (channel.guildId !== null && cast.late.delete(userId)) actions.addMember(channel.guildId, { userId });
    if (channel.guildId === null || !world.guilds.get(channel.guildId)?.members.has(userId)) {
      dropped += 1;
      return;
    }
    try {
      messages[index] = say(line, channel, userId);
      said += 1;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refused += 1;
    }
  }

  function say(line: ScriptLine, channel: Channel, userId: Id): Message {
    const content = line.text.replace(/\{@([\w.-]+)\}/g, (written, key: string) => {
      const named = cast.members.get(key);
      return named === undefined ? written : `<@${named}>`;
    });
    if (channel.type === ChannelType.GuildForum) {
      const thread = actions.openThread({ channelId: channel.id, userId, name: line.text.slice(0, 90), content });
      const first = [...thread.messages.values()][0];
      if (first) return first;
    }
    const answer = line.replyToBot ? lastAnswerTo(channel, userId) : undefined;
    const earlier = line.replyTo === undefined ? undefined : messages[line.replyTo];
    const repliedTo = answer ?? (earlier && channel.messages.get(earlier.id));
    const mentionBot = line.mentionBot || (line.replyToBot && answer === undefined);
    return actions.say({
      channelId: channel.id,
      userId,
      content,
      ...(mentionBot ? { mentionBot } : {}),
      ...(repliedTo ? { replyTo: repliedTo.id } : {}),
    });
  }

  function lastAnswerTo(channel: Channel, userId: Id): Message | undefined {
    return [...channel.messages.values()].findLast(
      ({ authorId, repliedToId }) =>
        authorId === botId && repliedToId !== undefined && channel.messages.get(repliedToId)?.authorId === userId,
    );
  }

  return {
    start(speed = 1) {
      if (running) return;
      running = true;
      schedule(0, speed);
    },
    stop() {
      running = false;
      clearTimeout(timer);
    },
    status: () => ({ running, said, refused, dropped, rounds }),
  };
}
