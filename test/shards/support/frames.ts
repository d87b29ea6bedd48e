/** Gateway frames as Discord writes them: compact, its own order of members, the guild last. */

export type MessageFrame = {
  readonly seq: number;
  readonly id?: string;
  readonly guild?: string | null;
  readonly channel?: string;
  readonly author?: string;
  readonly content?: string;
  readonly mentions?: readonly string[];
};

export const BOT = "990000000000000001";

export function messageData(frame: MessageFrame): Record<string, unknown> {
  const data: Record<string, unknown> = {
    type: 0,
    tts: false,
    timestamp: "2026-01-05T10:00:00.000000+00:00",
    pinned: false,
    mentions: (frame.mentions ?? []).map((id) => ({ id, username: "someone", discriminator: "0", avatar: null })),
    mention_roles: [],
    mention_everyone: false,
    id: frame.id ?? String(1_400_000_000_000_000_000n + BigInt(frame.seq)),
    flags: 0,
    embeds: [],
    edited_timestamp: null,
    content: frame.content ?? "hello there",
    components: [],
    channel_id: frame.channel ?? "300000000000000001",
    author: { username: "ada", id: frame.author ?? "400000000000000001", global_name: "Ada", discriminator: "0" },
    attachments: [],
  };
  if (frame.guild !== null) data.guild_id = frame.guild ?? "200000000000000001";
  return data;
}

export function messageFrame(frame: MessageFrame): Buffer {
  return Buffer.from(JSON.stringify({ t: "MESSAGE_CREATE", s: frame.seq, op: 0, d: messageData(frame) }));
}

export function eventFrame(type: string, seq: number, data: unknown): Buffer {
  return Buffer.from(JSON.stringify({ t: type, s: seq, op: 0, d: data }));
}
