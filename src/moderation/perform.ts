/**
 * Does to Discord what a case's plan says, act by act. Deletions in one channel wait 150 ms for each other and go as one
 * request; while it is on its way, and Discord takes about one a second, the next gathers. What Discord refuses is a result; what may or may not have happened is left to moderation/settle.ts.
 */
import type { Clock } from "../clock.ts";
import type { Discord } from "../discord.ts";
import { AppError } from "../errors.ts";
import type { Hot } from "../hot.ts";
import { hotKey } from "../hot.ts";
import type { Language } from "../i18n.ts";
import type { ChannelId, GuildId, MessageId } from "../ids.ts";
import { createRecent } from "../recent.ts";
import type { Action } from "../settings/form.ts";
import type { CaseRow } from "../store/ports/moderation.ts";
import { auditReason, moderationWords, ruleText } from "./words.ts";

export type Done =
  | { readonly act: Action; readonly ok: true; readonly message?: MessageId }
  /** `unknown`: nobody knows whether it happened. */
  | { readonly act: Action; readonly ok: false; readonly why: string; readonly unknown: boolean };

export type Perform = {
  run(
    discord: Discord,
    one: CaseRow,
    act: Action,
    by: { readonly language: Language; readonly warnSeconds: number },
  ): Promise<Done>;
  /** An act that met a 403 in this guild less than 10 minutes ago, in whichever process. */
  isRefused(guild: GuildId, act: Action): Promise<boolean>;
};

const GATHER_MS = 150;
const BULK_MAX = 100;
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

export function createPerform(services: { readonly clock: Clock; readonly hot: Hot }): Perform {
  const { clock, hot } = services;
  const gathering = new Map<string, Gathering>();
  /** Of a channel the last request that deletes, sent or waiting for its turn. */
  const deleting = new Map<string, Promise<void>>();
  const refused = createRecent<string, number>(REFUSED_MAX);

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
      await Promise.all([clock.sleep(GATHER_MS), before?.catch(() => undefined)]);
      if (gathering.get(key)?.ids === ids) gathering.delete(key);
      const more = ids.length > 1 ? ` (and ${ids.length - 1} more)` : "";
      await discord.messages.remove(channel, [...new Set(ids)], `${reasons[0]}${more}`);
    })();
    gathering.set(key, { ids, reasons, done });
    deleting.set(key, done);
    const end = () => {
      if (deleting.get(key) === done) deleting.delete(key);
    };
    done.then(end, end);
    return done;
  }

  async function warn(
    discord: Discord,
    one: CaseRow,
    by: { readonly language: Language; readonly warnSeconds: number },
  ) {
    const content = warningText(one, by.language);
    const sent = await discord.messages.send(one.channel, { content, mention: one.author }, warningNonce(one.message));
    if (by.warnSeconds > 0) {
      clock.after(by.warnSeconds * 1_000, () => {
        // A warning that somebody removed already, or that stays a little longer, harms nobody.
        discord.messages.remove(one.channel, [sent], "Gatehouse: the warning's time is over").catch(() => undefined);
      });
    }
    return sent;
  }

  async function apply(
    discord: Discord,
    one: CaseRow,
    act: Action,
    by: { readonly language: Language; readonly warnSeconds: number },
  ): Promise<MessageId | undefined> {
    const reason = auditReason(one.number, act, one.rule?.text ?? "", one.verdict.reason);
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

  return {
    async run(discord, one, act, by) {
      try {
        const message = await apply(discord, one, act, by);
        return message === undefined ? { act, ok: true } : { act, ok: true, message };
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        if (error.kind === "forbidden") {
          refused.set(`${one.guild}:${act}`, clock.now());
          await hot.set(refusedKey(one.guild, act), error.message.slice(0, 200), REFUSED_MS).catch(() => undefined);
        }
        // What is gone needs no deletion.
        if (error.kind === "not-found" && act === "delete") return { act, ok: true };
        const unknown = UNKNOWN.has(error.kind);
        return { act, ok: false, why: error.kind, unknown };
      }
    },
    async isRefused(guild, act) {
      const at = refused.get(`${guild}:${act}`);
      if (at !== undefined && clock.now() - at < REFUSED_MS) return true;
      try {
        return (await hot.get(refusedKey(guild, act))) !== null;
      } catch (error) {
        if (error instanceof AppError) return false;
        throw error;
      }
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
