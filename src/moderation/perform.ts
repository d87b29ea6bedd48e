/**
 * Does to Discord what a case's plan says, act by act. While a request that deletes in a channel is on its way, and Discord takes
 * about one a second, and for 150 ms at least, the next deletions there gather into one. Sanctions of one kind go one after the
 * other in their order, warnings by channel: Discord takes about one time-out a second, and what it does not take yet waits, with
 * no deadline but the caller's. What Discord refuses is a result; what may or may not have happened is left to moderation/settle.ts.
 */
import type { Clock } from "../clock.ts";
import type { Discord } from "../discord.ts";
import { AppError } from "../errors.ts";
import type { Hot } from "../hot.ts";
import { hotKey } from "../hot.ts";
import type { Language } from "../i18n.ts";
import type { ChannelId, GuildId, MessageId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import { createRecent } from "../recent.ts";
import type { Action } from "../settings/form.ts";
import type { CaseRow } from "../store/ports/moderation.ts";
import type { OutboxStore } from "../store/ports/outbox.ts";
import { WARNING_OVER, type WarningOver } from "./warnings.ts";
import { auditReason, moderationWords, reasonOf, ruleText } from "./words.ts";

export type Done =
  | { readonly act: Action; readonly ok: true; readonly message?: MessageId }
  /** `unknown`: nobody knows whether it happened. */
  | { readonly act: Action; readonly ok: false; readonly why: string; readonly unknown: boolean };

export type ActBy = {
  readonly language: Language;
  readonly warnSeconds: number;
  /** Asked of a sanction whose turn came so late that what was read before is old: why it is not due any more, or null. */
  readonly stillDue?: () => Promise<string | null>;
  /** An earlier reading is too old. */
  readonly asksFirst?: boolean;
};

export type Perform = {
  run(discord: Discord, one: CaseRow, act: Action, by: ActBy): Promise<Done>;
  /** Calls until Discord takes it, as acts are; anything else that goes wrong is thrown. */
  taken<T>(call: () => Promise<T>): Promise<T>;
  /** An act that met a 403 in this guild less than 10 minutes ago, in whichever process: another's is known 2 s later at most. */
  isRefused(guild: GuildId, act: Action): Promise<boolean>;
};

const GATHER_MS = 150;
const BULK_MAX = 100;
/** Maximum age of the author's roles and the bot's permissions when an act uses them. */
const FRESH_MS = 2_000;
const WAIT_MS_MIN = 500;
const WAIT_MS_MAX = 60_000;
const REFUSED_MS = 10 * 60_000;
const REFUSED_MAX = 10_000;

function refusedKey(guild: GuildId, act: Action): string {
  return hotKey(guild, "moderation", "refused", act);
}

/** At most 25 characters, the same for every attempt. */
function warningNonce(message: MessageId): string {
  return `w${message}`.slice(0, 25);
}

export function warningText(one: CaseRow, language: Language): string {
  const say = moderationWords(language);
  return `<@${one.author}> ${say.warning(ruleText(one, say))}`.slice(0, 1_900);
}

type Gathering = { readonly ids: MessageId[]; readonly reasons: string[]; readonly done: Promise<void> };

/** `waitMsMax`: so long an act waits for Discord to take it; `rate-limited` after that. */
export function createPerform(services: {
  readonly outbox: Pick<OutboxStore, "plan">;
  readonly clock: Clock;
  readonly hot: Hot;
  readonly logger: Logger;
  readonly waitMsMax: number;
}): Perform {
  const { outbox, clock, hot, logger, waitMsMax } = services;
  const gathering = new Map<string, Gathering>();
  /** Of a channel the last request that deletes, sent or waiting for its turn. */
  const deleting = new Map<string, Promise<void>>();
  /** A guild has one for each kind of act. */
  const refused = createRecent<string, number>(REFUSED_MAX);
  /** Questions to the other processes that are open or younger than `FRESH_MS`: a raid asks the same thousands of times. */
  const asked = createRecent<string, { readonly atMs: number; readonly found: Promise<boolean> }>(REFUSED_MAX);
  /** Of a guild's sanctions of one kind, or a channel's warnings, the last that waits. */
  const lines = new Map<string, Promise<void>>();

  /** Repeats a call until Discord takes it; other errors are the caller's. */
  async function taken<T>(call: () => Promise<T>): Promise<T> {
    const untilMs = clock.now() + waitMsMax;
    for (;;) {
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== "rate-limited") throw error;
        const waitMs = Math.min(WAIT_MS_MAX, Math.max(WAIT_MS_MIN, error.retryAfterMs ?? 0));
        if (clock.now() + waitMs > untilMs) throw error;
        await clock.sleep(waitMs);
      }
    }
  }

  function inTurn<T>(key: string, call: () => Promise<T>): Promise<T> {
    const done = (lines.get(key) ?? Promise.resolve()).then(call);
    const end = done.then(
      () => undefined,
      () => undefined,
    );
    lines.set(key, end);
    void end.then(() => {
      if (lines.get(key) === end) lines.delete(key);
    });
    return done;
  }

  function remove(discord: Discord, channel: ChannelId, message: MessageId, reason: string): Promise<void> {
    const key = `${discord.application}:${channel}`;
    const open = gathering.get(key);
    if (open !== undefined && open.ids.length < BULK_MAX) {
      open.ids.push(message);
      open.reasons.push(reason);
      return open.done;
    }
    const ids = [message];
    const reasons = [reason];
    const before = deleting.get(key);
    const done = (async () => {
      // A lone deletion goes at once: most people see a raid's first harm.
      if (before !== undefined) await Promise.all([clock.sleep(GATHER_MS), before.catch(() => undefined)]);
      if (gathering.get(key)?.ids === ids) gathering.delete(key);
      const more = ids.length > 1 ? ` (and ${ids.length - 1} more)` : "";
      await taken(() => discord.messages.remove(channel, [...new Set(ids)], `${reasons[0]}${more}`));
    })();
    if (before !== undefined) gathering.set(key, { ids, reasons, done });
    deleting.set(key, done);
    const end = () => {
      if (deleting.get(key) === done) deleting.delete(key);
    };
    done.then(end, end);
    return done;
  }

  /** In the store, so that a warning does not outlive its time where this process does not. */
  async function endLater({ guild, channel }: CaseRow, discord: Discord, message: MessageId, seconds: number) {
    const payload: WarningOver = { application: discord.application, channel, message };
    const task = { key: `${WARNING_OVER}:${guild}:${message}`, kind: WARNING_OVER, payload };
    try {
      await outbox.plan(guild, { ...task, atMs: clock.now() + seconds * 1_000 });
    } catch (error) {
      // The warning stands: one that stays too long harms less than one that is said to have failed.
      if (!(error instanceof AppError)) throw error;
      logger.warn({ guild, channel, error }, "warning-end-not-planned");
    }
  }

  async function warn(discord: Discord, one: CaseRow, by: ActBy) {
    const content = warningText(one, by.language);
    const sent = await discord.messages.send(one.channel, { content, mention: one.author }, warningNonce(one.message));
    if (by.warnSeconds > 0) await endLater(one, discord, sent, by.warnSeconds);
    return sent;
  }

  async function apply(discord: Discord, one: CaseRow, act: Action, by: ActBy): Promise<MessageId | undefined> {
    const reason = auditReason(one.number, act, one.rule?.text ?? "", reasonOf(one.verdict, by.language));
    switch (act) {
      case "delete":
        if (one.plan.title) {
          const { titleRemoved } = moderationWords(by.language);
          await discord.channels.rename(one.message as string as ChannelId, titleRemoved, reason);
        } else await remove(discord, one.channel, one.message, reason);
        return undefined;
      case "warn":
        return await warn(discord, one, by);
      case "timeout":
        await discord.members.timeOut(one.guild, one.author, one.plan.timeoutUntilMs ?? clock.now() + 600_000, reason);
        return undefined;
      case "kick":
        await discord.members.kick(one.guild, one.author, reason);
        return undefined;
      case "ban":
        await discord.members.ban(one.guild, one.author, one.plan.deleteSeconds ?? 0, reason);
        return undefined;
    }
  }

  async function isRefusedAnywhere(guild: GuildId, act: Action): Promise<boolean> {
    try {
      return (await hot.get(refusedKey(guild, act))) !== null;
    } catch (error) {
      if (error instanceof AppError) return false;
      throw error;
    }
  }

  return {
    async run(discord, one, act, by) {
      const key = `${discord.application}:${act}:${act === "warn" ? one.channel : one.guild}`;
      const startedMs = clock.now();
      const call = async (): Promise<Done> => {
        const late = act !== "delete" && (by.asksFirst === true || clock.now() - startedMs > FRESH_MS);
        const why = late && by.stillDue !== undefined ? await by.stillDue() : null;
        if (why !== null) return { act, ok: false, why, unknown: false };
        const message = await apply(discord, one, act, by);
        return message === undefined ? { act, ok: true } : { act, ok: true, message };
      };
      try {
        return act === "delete" ? await call() : await inTurn(key, () => taken(call));
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        if (error.kind === "forbidden") {
          refused.set(`${one.guild}:${act}`, clock.now());
          await hot.set(refusedKey(one.guild, act), error.message.slice(0, 200), REFUSED_MS).catch(() => undefined);
        }
        // A message that is gone needs no deletion.
        if (error.kind === "not-found" && act === "delete") return { act, ok: true };
        const unknown = UNKNOWN.has(error.kind);
        return { act, ok: false, why: error.kind, unknown };
      }
    },
    taken,
    async isRefused(guild, act) {
      const at = refused.get(`${guild}:${act}`);
      if (at !== undefined && clock.now() - at < REFUSED_MS) return true;
      const before = asked.get(`${guild}:${act}`);
      if (before !== undefined && clock.now() - before.atMs < FRESH_MS) return await before.found;
      const found = isRefusedAnywhere(guild, act);
      asked.set(`${guild}:${act}`, { atMs: clock.now(), found });
      return await found;
    },
  };
}

const UNKNOWN: ReadonlySet<string> = new Set([
  "unknown-outcome",
  "timeout",
  "unavailable",
  "rate-limited",
  "overloaded",
]);
