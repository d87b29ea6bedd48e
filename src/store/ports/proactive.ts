/** Schedules of posts, and what came of their slots: one row a slot, whoever gets to it first. */
import type { ChannelId, GuildId, MessageId } from "../../ids.ts";
import type { Schedule } from "../../proactive.ts";
import type { Spent } from "../../record.ts";
import type { Source } from "./conversations.ts";
import type { ListPage } from "./page.ts";

export type ScheduleRow = {
  readonly id: string;
  readonly guild: GuildId;
  readonly schedule: Schedule;
  readonly paused: boolean;
  /** A fixed word; why it could not post the last time. */
  readonly problem: string | null;
  readonly nextAtMs: number;
};

/** `waiting`: people are talking there; `draft`: a person is to read it. */
export type PostState = "working" | "waiting" | "draft" | "posted" | "skipped" | "failed" | "discarded";

export type PostRow = {
  readonly guild: GuildId;
  readonly schedule: string;
  readonly slotMs: number;
  readonly channel: ChannelId;
  readonly topic: string;
  /** Empty until it is written. */
  readonly text: string;
  readonly state: PostState;
  readonly message: MessageId | null;
  /** A fixed word: why it was skipped, or failed. */
  readonly problem: string | null;
  readonly sources: readonly Source[];
  /** What writing it took, until it is counted. */
  readonly spent: Spent | null;
  readonly reactions: number;
  readonly replies: number;
  readonly atMs: number;
};

export type PostChange = Partial<
  Pick<PostRow, "text" | "state" | "message" | "problem" | "sources" | "spent" | "reactions" | "replies">
>;

export type ProactiveStore = {
  /**
   * Makes a schedule or changes one; null where the guild has `max` of them, or the one is gone. Throws "conflict" where the one is
   * no longer `over`: somebody else changed it.
   */
  save(
    guild: GuildId,
    schedule: Pick<ScheduleRow, "schedule" | "paused" | "nextAtMs"> & {
      readonly id: string | null;
      readonly over?: Schedule;
    },
    max: number,
  ): Promise<ScheduleRow | null>;
  remove(guild: GuildId, schedule: string): Promise<boolean>;
  /** Oldest first. */
  schedules(guild: GuildId): Promise<readonly ScheduleRow[]>;
  /** Of all guilds that the bot is in, those whose slot has come, longest waiting first. */
  due(nowMs: number, limit: number): Promise<readonly ScheduleRow[]>;
  /** The slot is over. `from` is the slot it waited for: of two processes one moves it on. */
  advance(guild: GuildId, schedule: string, from: number, to: number, problem: string | null): Promise<void>;
  /**
   * Makes the slot's row, or takes over one that nobody works on: null where another has it or it is over. The row as it is
   * now comes back, with the text if it was written.
   */
  claim(
    guild: GuildId,
    slot: {
      readonly schedule: string;
      readonly slotMs: number;
      readonly channel: ChannelId;
      readonly topic: string;
      readonly holder: string;
      readonly ttlMs: number;
      /** Take a draft too: a person said yes. */
      readonly draft?: boolean;
    },
  ): Promise<PostRow | null>;
  /** False where `holder` does not have it any more; null as holder: a row nobody works on; nor where its text is no longer `over`. `waitMs`: not to be taken for so long. */
  write(
    guild: GuildId,
    post: {
      readonly schedule: string;
      readonly slotMs: number;
      readonly holder: string | null;
      readonly over?: string;
    },
    change: PostChange,
    waitMs?: number,
  ): Promise<boolean>;
  /** Newest first; of one schedule, or of the guild. */
  posts(guild: GuildId, limit: number, before?: string): Promise<ListPage<PostRow>>;
  /** Of all guilds: posted since, to be looked after. */
  posted(sinceMs: number, limit: number): Promise<readonly PostRow[]>;
};
