/**
 * What is done at a slot: claim it, look whether the channel wants a post, write, send once, count.
 *
 *   claim ─▶ (quota · unanswered · people talking) ─▶ write ─▶ draft (approval) ─▶ send ─▶ posted
 *                         └▶ skipped, with the reason · waiting, for a quarter of the interval at most
 *
 * The row of the slot is written before anything else, so that one process of all has it; who dies in the middle leaves it to
 * the next after two minutes, with the text if it was written. The send is an effect of the outbox with a nonce of the same
 * slot: sent twice within minutes it is one message, and afterwards it is looked for in the channel, never sent blind.
 */
import { AppError } from "../errors.ts";
import type { ChannelId, GuildId, MessageId } from "../ids.ts";
import type { Message } from "../message.ts";
import { createNotices } from "../notices.ts";
import type { Wish } from "../plans/quota.ts";
import type { Services } from "../services.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import type { PostChange, PostRow, ScheduleRow } from "../store/ports/proactive.ts";
import { lateMsMax, nextSlot, slotDue } from "./schedule.ts";
import { POST_CHARS_MAX, writePost } from "./write.ts";

export type Proactive = {
  /** Looks for slots that have come, and works on them one after another; some are left to the next look. */
  tick(signal: AbortSignal): Promise<void>;
  /** Counts reactions and replies under the posts of the last days. */
  lookAfter(signal: AbortSignal): Promise<void>;
  /** Writes a draft for a person to read, whatever the time; a fixed word where there is none. */
  draft(guild: GuildRow, schedule: ScheduleRow): Promise<PostRow | { readonly refused: string }>;
  /** Sends a draft as it is now; null when it went out, else why not. */
  send(guild: GuildRow, draft: Pick<PostRow, "schedule" | "slotMs">): Promise<string | null>;
};

const DUE_MAX = 20;
const HELD_MS = 2 * 60_000;
const WAIT_MS = 60_000;
/** So many of a person's lines in so long are a talk. */
const TALK_MS = 5 * 60_000;
const TALK_LINES_MIN = 2;
const LOOKED_AT = 20;
const PREVIOUS_MAX = 20;
const NONCE_MS = 2 * 60_000;
const AFTER_MS = 3 * 24 * 3_600_000;
const AFTER_POSTS_MAX = 100;
const FAR_MS = 365 * 24 * 3_600_000;

export function createProactive(
  services: Pick<Services, "store" | "discord" | "knowledge" | "llm" | "quota" | "clock" | "logger" | "bus">,
): Proactive {
  const { store, clock, logger, quota } = services;
  const holder = clock.id();
  const notices = createNotices(services);

  async function tick(signal: AbortSignal): Promise<void> {
    for (const row of await store.proactive.due(clock.now(), DUE_MAX)) {
      if (signal.aborted) return;
      try {
        await atSlot(row);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        // The slot stays with its row, and comes again while it is not late.
        logger.warn({ guild: row.guild, schedule: row.id, error }, "post-failed");
      }
    }
  }

  async function atSlot(row: ScheduleRow): Promise<void> {
    const now = clock.now();
    const slotMs = slotDue(row.schedule, now);
    const guild = await store.guilds.get(row.guild);
    if (guild === null) return;
    if (slotMs === null) {
      await skipMissed(row);
      return await advance(row, row.problem);
    }
    const post = await claim(row, slotMs);
    if (post === null) {
      // Over already, or another process has it. Of what is over the schedule may not know yet.
      const [newest] = (await store.proactive.posts(row.guild, PREVIOUS_MAX)).items.filter(
        (one) => one.schedule === row.id && one.slotMs === slotMs,
      );
      if (newest !== undefined && newest.state !== "working" && newest.state !== "waiting")
        await advance(row, row.problem);
      return;
    }
    const left = slotMs + lateMsMax(row.schedule) - now;
    const done = await work(guild, row, post, left);
    if (done !== "waiting") await advance(row, done === "channel-lost" ? done : null);
  }

  /** What nobody was there for is in the history, once. */
  async function skipMissed(row: ScheduleRow): Promise<void> {
    const post = await claim(row, row.nextAtMs);
    if (post === null) return;
    // Somebody died between the send and its record: it is settled, not skipped.
    if (post.text !== "") {
      const guild = await store.guilds.get(row.guild);
      if (guild !== null) await deliver(guild, row, post);
    } else await write(post, { state: "skipped", problem: "late" });
  }

  async function advance(row: ScheduleRow, problem: string | null): Promise<void> {
    const next = nextSlot(row.schedule, clock.now()) ?? clock.now() + FAR_MS;
    await store.proactive.advance(row.guild, row.id, row.nextAtMs, next, problem);
  }

  async function claim(row: ScheduleRow, slotMs: number, draft = false): Promise<PostRow | null> {
    const topic = await topicFor(row);
    const channel = row.schedule.channel as ChannelId;
    return store.proactive.claim(row.guild, {
      ...{ schedule: row.id, slotMs, channel, topic, holder, ttlMs: HELD_MS, draft },
    });
  }

  /** The one after the last; from the beginning where that was taken out. */
  async function topicFor(row: ScheduleRow): Promise<string> {
    const { topics } = row.schedule;
    const before = (await store.proactive.posts(row.guild, PREVIOUS_MAX)).items;
    const last = before.find((post) => post.schedule === row.id && post.state !== "working" && post.problem !== "late");
    const place = last === undefined ? -1 : topics.indexOf(last.topic);
    return topics[(place + 1) % topics.length] ?? "";
  }

  type Done = "posted" | "draft" | "waiting" | "skipped" | "channel-lost";

  async function work(guild: GuildRow, row: ScheduleRow, post: PostRow, leftMs: number): Promise<Done> {
    if (post.text !== "") return await deliver(guild, row, post);
    const recent = await channelOf(guild, post);
    if (recent === "channel-lost") return await skip(post, recent);
    if (await isUnanswered(guild.guild, recent)) return await skip(post, "unanswered");
    if (isTalking(recent, clock.now())) {
      if (leftMs < WAIT_MS) return await skip(post, "people-talking");
      await write(post, { state: "waiting" }, WAIT_MS);
      return "waiting";
    }
    const wish = wishFor(guild, post, "");
    const admission = await quota.admit(guild.guild, wish);
    if (!admission.admitted) return await skip(post, admission.reason);
    const written = await compose(guild, post);
    if (written.state === "nothing") {
      await quota.commit(guild.guild, wish.request, { kind: "proactive", count: 0, ...costOf(written.spent) });
      return await skip(post, written.why);
    }
    const { text, sources, spent } = written;
    if (!row.schedule.approval) {
      await write(post, { text, sources, spent });
      return await deliver(guild, row, { ...post, text, sources, spent });
    }
    await write(post, { text, sources, spent: null, state: "draft" });
    await quota.commit(guild.guild, wish.request, { kind: "proactive", count: 0, ...costOf(spent) });
    await notices.plan(guild.guild, `draft:${post.schedule}:${post.slotMs}`, (said) => said.draft(post.topic));
    return "draft";
  }

  async function compose(guild: GuildRow, post: PostRow) {
    const { items } = await store.proactive.posts(guild.guild, 2 * PREVIOUS_MAX);
    const previous = items.filter((one) => one.text !== "" && one.slotMs !== post.slotMs).map((one) => one.text);
    const self = await services.discord(guild.application).directory.self();
    return await writePost(
      {
        ...{ guild: guild.guild, topic: post.topic, settings: guild.settings, botName: self.name },
        ...{ previous: previous.slice(0, PREVIOUS_MAX), charsMax: POST_CHARS_MAX },
      },
      services,
    );
  }

  async function channelOf(guild: GuildRow, post: PostRow): Promise<readonly Message[] | "channel-lost"> {
    try {
      return await services.discord(guild.application).messages.recent(post.channel, LOOKED_AT);
    } catch (error) {
      if (isLost(error)) return "channel-lost";
      throw error;
    }
  }

  /** The last word in the channel is a post of ours: nobody took it up. */
  async function isUnanswered(guild: GuildId, recent: readonly Message[]): Promise<boolean> {
    const last = recent.at(-1);
    if (last === undefined) return false;
    const { items } = await store.proactive.posts(guild, PREVIOUS_MAX);
    return items.some((one) => one.message === last.id);
  }

  async function deliver(guild: GuildRow, row: ScheduleRow, post: PostRow, step: Step = ""): Promise<Done> {
    const discord = services.discord(guild.application);
    const key = `proactive:${guild.guild}:${post.schedule}:${post.slotMs}`;
    const began = await store.outbox.begin(guild.guild, key, null);
    let message: MessageId | null = began.state === "done" ? began.message : null;
    if (began.state === "closed") return await skip(post, "unknown");
    if (began.state === "in-flight" && clock.now() - began.sinceMs >= NONCE_MS) {
      const { userId } = await discord.directory.self();
      const recent = await discord.messages.recent(post.channel, 100);
      const found = recent.find((one) => one.author.id === userId && one.content === post.text);
      if (found === undefined) {
        await store.outbox.finish(guild.guild, key, { unknown: "not-found" });
        return await skip(post, "unknown");
      }
      message = found.id;
    }
    if (message === null) {
      try {
        message = await discord.messages.send(
          post.channel,
          { content: post.text, suppressEmbeds: true },
          nonceOf(post),
        );
      } catch (error) {
        if (!isLost(error)) throw error;
        await store.outbox.finish(guild.guild, key, { refused: "channel-lost" });
        await quota.release(guild.guild, wishFor(guild, post, step));
        return await skip(post, "channel-lost");
      }
    }
    await store.outbox.finish(guild.guild, key, { message });
    // Counted before it is over: whoever takes it up again counts it under the same request.
    const { request } = wishFor(guild, post, step);
    await quota.commit(guild.guild, request, { kind: "proactive", count: 1, ...costOf(post.spent) });
    await write(post, { state: "posted", message, problem: null });
    if (row.schedule.publish) await publish(guild, post.channel, message);
    return "posted";
  }

  async function publish(guild: GuildRow, channel: ChannelId, message: MessageId): Promise<void> {
    try {
      await services.discord(guild.application).messages.publish(channel, message);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      logger.warn({ guild: guild.guild, channel, reason: error.kind }, "post-unpublished");
    }
  }

  async function skip(post: PostRow, why: string): Promise<"skipped" | "channel-lost"> {
    await write(post, { state: why === "channel-lost" || why === "unknown" ? "failed" : "skipped", problem: why });
    if (why === "channel-lost") {
      await notices.plan(post.guild, `lost:${post.schedule}:${post.channel}`, (said) => said.channelLost);
    }
    return why === "channel-lost" ? why : "skipped";
  }

  async function write(post: PostRow, change: PostChange, waitMs?: number): Promise<void> {
    const { schedule, slotMs } = post;
    const mine = await store.proactive.write(post.guild, { schedule, slotMs, holder }, change, waitMs);
    if (!mine) throw new AppError("unavailable", "another process has this slot by now");
  }

  async function lookAfter(signal: AbortSignal): Promise<void> {
    const posts = await store.proactive.posted(clock.now() - AFTER_MS, AFTER_POSTS_MAX);
    for (const [channel, own] of Map.groupBy(posts, (post) => post.channel)) {
      if (signal.aborted) return;
      const [first] = own;
      const guild = first === undefined ? null : await store.guilds.get(first.guild);
      if (guild === null || guild.leftAtMs !== null) continue;
      try {
        const recent = await services.discord(guild.application).messages.recent(channel, 100);
        for (const post of own) await count(post, recent);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        logger.debug({ channel, reason: error.kind }, "posts-uncounted");
      }
    }
  }

  /** Replies are never fewer than were seen before: older ones leave the page that is read. */
  async function count(post: PostRow, recent: readonly Message[]): Promise<void> {
    const reactions = recent.find((one) => one.id === post.message)?.reactions ?? post.reactions;
    const seen = recent.filter((one) => one.replyTo?.messageId === post.message && !one.author.bot).length;
    const replies = Math.max(post.replies, seen);
    if (reactions === post.reactions && replies === post.replies) return;
    const { schedule, slotMs } = post;
    await store.proactive.write(post.guild, { schedule, slotMs, holder: null }, { reactions, replies });
  }

  return {
    tick,
    lookAfter,
    async draft(guild, row) {
      const post = await claim(row, clock.now());
      if (post === null) return { refused: "working" };
      const wish = wishFor(guild, post, "");
      const admission = await quota.admit(guild.guild, wish);
      const written = admission.admitted ? await compose(guild, post) : null;
      const why = !admission.admitted ? admission.reason : written?.state === "nothing" ? written.why : null;
      if (written !== null) {
        await quota.commit(guild.guild, wish.request, { kind: "proactive", count: 0, ...costOf(written.spent) });
      }
      if (why !== null || written === null || written.state === "nothing") {
        await skip(post, why ?? "unknown");
        return { refused: why ?? "unknown" };
      }
      const { text, sources } = written;
      await write(post, { text, sources, spent: null, state: "draft" });
      return { ...post, text, sources, state: "draft" };
    },

    async send(guild, { schedule, slotMs }) {
      const row = (await store.proactive.schedules(guild.guild)).find(({ id }) => id === schedule);
      if (row === undefined) return "gone";
      const post = await claim(row, slotMs, true);
      if (post === null || post.text === "") return "gone";
      const wish = wishFor(guild, post, "send");
      const admission = await quota.admit(guild.guild, wish);
      if (!admission.admitted) {
        await write(post, { state: "draft" });
        return admission.reason;
      }
      // What it cost was counted when it was written.
      const done = await deliver(guild, row, post, "send");
      if (done !== "posted") return done;
      return null;
    },
  };
}

/** A draft is counted twice: what writing it cost, and the message when it goes out. */
type Step = "" | "send";

function wishFor(guild: GuildRow, post: PostRow, step: Step): Wish {
  const request = `proactive:${post.guild}:${post.schedule}:${post.slotMs}${step === "" ? "" : `:${step}`}`;
  return { request, kind: "proactive", limits: guild.settings.limits };
}

function costOf(spent: PostRow["spent"]) {
  return { tokensIn: spent?.tokensIn ?? 0, tokensOut: spent?.tokensOut ?? 0, costUsd: spent?.costUsd ?? 0 };
}

/** At most 25 characters, the same for every attempt. */
function nonceOf({ slotMs, schedule }: PostRow): string {
  return `p${slotMs.toString(36)}-${schedule.slice(0, 12)}`;
}

function isTalking(recent: readonly Message[], nowMs: number): boolean {
  const lines = recent.filter(
    ({ author, webhook, system, createdAtMs }) =>
      !author.bot && !webhook && !system && createdAtMs > nowMs - TALK_MS && createdAtMs <= nowMs,
  );
  return lines.length >= TALK_LINES_MIN;
}

/** "invalid": a channel that takes no messages, such as a forum. */
function isLost(error: unknown): boolean {
  return error instanceof AppError && ["not-found", "forbidden", "invalid"].includes(error.kind);
}
