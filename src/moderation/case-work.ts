/**
 * What a person does about a case: take it back, call it wrong, do what a dry run only said, note, answer an appeal.
 * Callers have checked the person's right to it; what the bot may do is checked here, fresh. Each is done once however often it
 * is pressed.
 */
import type { Clock } from "../clock.ts";
import type { Discord } from "../discord.ts";
import { AppError } from "../errors.ts";
import { type Hot, hotKey } from "../hot.ts";
import type { ApplicationId, ChannelId, GuildId, MessageId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import type { Action } from "../settings/form.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import type { CaseEvent, CaseRow } from "../store/ports/moderation.ts";
import type { Store } from "../store.ts";
import { confirm } from "./act.ts";
import { exemptionOf } from "./guard.ts";
import { isSwitchedOn } from "./newcomers.ts";
import { appealMessage, type Tell } from "./notify.ts";
import type { Done, Perform } from "./perform.ts";
import { reach } from "./reach.ts";
import type { Standings } from "./standing.ts";
import { moderationWords } from "./words.ts";

export type Worked =
  | {
      readonly ok: true;
      readonly case: CaseRow /** What could not be taken back. */;
      readonly left: readonly Remains[];
    }
  | { readonly ok: false; readonly why: NotWorked };

/** A kick is nothing that can be taken back; a deleted text whose time is over cannot be posted again. */
export type Remains = "kick-stays" | "text-gone" | `${Action}-failed`;
export type NotWorked = "not-found" | "not-now" | "already" | "exempt" | "busy" | "discord" | "too-long";

export type CaseWork = {
  /** Unbans, ends the time-out, takes the warning away, posts the deleted text again by the bot, with its author named. */
  undo(guild: GuildId, id: string, by: string): Promise<Worked>;
  /** Clears the strike and keeps the text as an example; does not undo. */
  wrong(guild: GuildId, id: string, by: string): Promise<Worked>;
  /** Does what a dry run, a doubt or a cap left undone, because a person says so. */
  apply(guild: GuildId, id: string, by: string): Promise<Worked>;
  note(guild: GuildId, id: string, by: string, text: string): Promise<Worked>;
  /** A member's one appeal, ≤ 1,000 characters; only the case's own author's. */
  appeal(guild: GuildId, id: string, by: string, text: string): Promise<Worked>;
  /** Reaches the member by a direct message. `undo` and `wrong` are separate. */
  answerAppeal(guild: GuildId, id: string, by: string, text: string): Promise<Worked>;
};

const TEXT_CHARS_MAX = 1_000;
const BUSY_MS = 30_000;

export function createCaseWorker(services: {
  readonly store: Pick<Store, "cases" | "guilds" | "reports">;
  readonly hot: Hot;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly discord: (application: ApplicationId) => Discord;
  readonly standings: Standings;
  readonly perform: Perform;
  readonly tell: Tell;
  /** Where the dashboard is reached; null where nobody said. */
  readonly publicUrl: string | null;
}): CaseWork {
  const { store, hot, clock, logger, discord, standings, perform, tell, publicUrl } = services;

  type Found = { readonly one: CaseRow; readonly events: readonly CaseEvent[]; readonly row: GuildRow };

  async function find(guild: GuildId, id: string): Promise<Found | null> {
    const [found, row] = await Promise.all([store.cases.get(guild, id), store.guilds.get(guild)]);
    return found === null || row === null ? null : { one: found.case, events: found.events, row };
  }

  /** One person at a time works on a case; where nobody can say who does, nobody does. */
  async function alone(guild: GuildId, id: string, work: () => Promise<Worked>): Promise<Worked> {
    const key = hotKey(guild, "moderation", "case", id);
    const owner = clock.id();
    if (!(await hot.claim(key, owner, BUSY_MS))) return { ok: false, why: "busy" };
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      logger.warn({ guild, case: id, error }, "case-work-failed");
      return { ok: false, why: "discord" };
    } finally {
      await hot.claim(key, owner, 0).catch(() => undefined);
    }
  }

  async function written(
    guild: GuildId,
    id: string,
    event: Parameters<typeof store.cases.append>[1][number]["event"],
    left: readonly Remains[] = [],
  ): Promise<Worked> {
    const [change] = await store.cases.append(guild, [{ case: id, event }]);
    if (change !== "changed") return { ok: false, why: change ?? "not-found" };
    const found = await store.cases.get(guild, id);
    return found === null ? { ok: false, why: "not-found" } : { ok: true, case: found.case, left };
  }

  async function takeBack({ one, events, row }: Found, act: Action, by: string): Promise<Remains | null> {
    const bot = discord(row.application);
    const reason = `Gatehouse case ${one.number}: undone by ${by}`;
    try {
      switch (act) {
        case "ban":
          await perform.taken(() => bot.members.unban(one.guild, one.author, reason));
          return null;
        case "timeout":
          await perform.taken(() => bot.members.timeOut(one.guild, one.author, null, reason));
          return null;
        case "kick":
          return "kick-stays";
        case "warn": {
          const sent = warningOf(events);
          if (sent !== null) await bot.messages.remove(one.channel, [sent], reason);
          return null;
        }
        case "delete": {
          if (one.redacted || one.evidence === "") return "text-gone";
          if (one.plan.title) {
            await bot.channels.rename(one.message as string as ChannelId, one.evidence, reason);
            return null;
          }
          const say = moderationWords(row.settings.language);
          const content =
            `${say.restored(one.authorName.replace(/[\\*_~`|>[\]()#<@]/g, "\\$&"))}\n${one.evidence}`.slice(0, 1_990);
          await bot.messages.send(one.channel, { content, suppressEmbeds: true }, `u${one.message}`.slice(0, 25));
          return null;
        }
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // A member who left is not timed out, and a deleted message needs no removal.
      if (error.kind === "not-found") return null;
      return `${act}-failed`;
    }
  }

  /** The moderators hear of it in the mod-log; it failing changes nothing of the appeal, which stands on the case's page. */
  async function tellAppeal({ one, row }: Found, text: string): Promise<void> {
    const log = row.settings.moderation.logChannel as ChannelId | null;
    if (log === null) return;
    const said = appealMessage(one, text, row, publicUrl);
    try {
      await discord(row.application).messages.send(log, said, `p${one.id}`.slice(0, 25));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      logger.warn({ guild: one.guild, case: one.number, error }, "mod-log-not-told");
    }
  }

  return {
    undo: (guild, id, by) =>
      alone(guild, id, async () => {
        const found = await find(guild, id);
        if (found === null) return { ok: false, why: "not-found" };
        if (found.one.state !== "applied")
          return { ok: false, why: found.one.state === "undone" ? "already" : "not-now" };
        const left: Remains[] = [];
        for (const act of found.one.plan.acts) {
          const stays = await takeBack(found, act, by);
          if (stays !== null) left.push(stays);
        }
        // Nothing could be taken back for want of a permission: it is not undone.
        if (left.length === found.one.plan.acts.length && left.every((one) => one.endsWith("-failed")))
          return { ok: false, why: "discord" };
        return await written(guild, id, { kind: "undone", by, detail: { left } }, left);
      }),

    async wrong(guild, id, by) {
      const worked = await written(guild, id, { kind: "wrong", by });
      if (worked.ok && worked.case.verdict.source === "report")
        await store.reports.settle(guild, worked.case.message, "dismissed");
      return worked;
    },

    apply: (guild, id, by) =>
      alone(guild, id, async () => {
        const found = await find(guild, id);
        if (found === null) return { ok: false, why: "not-found" };
        const { one, row } = found;
        if (!["dry-run", "review", "held"].includes(one.state))
          return { ok: false, why: one.state === "applied" ? "already" : "not-now" };
        const { moderation, language } = row.settings;
        const due = [...new Set([...one.plan.acts, ...one.plan.held.map(({ action }) => action)])];
        const bot = discord(row.application);
        const { userId: self } = await bot.directory.self();
        const title = one.plan.title ? { title: true as const } : {};
        const place = { discord: bot, guild, self, channel: one.channel, parent: null, ...title };
        const seen = await standings.see(place, one.author, moderation);
        // A person may overrule doubt and cap, never the exemptions and the switches.
        if (seen === null || exemptionOf(seen.author) !== null) return { ok: false, why: "exempt" };
        const acts = due.filter(
          (act) =>
            isSwitchedOn(one, act, moderation) && (act === "delete" || act === "warn" || seen.standing(act).belowBot),
        );
        if (acts.length === 0) return { ok: false, why: "not-now" };
        const done: Done[] = [];
        // A time-out counts from now, not from when it was due.
        const timeoutMs = Math.max(60_000, (one.plan.timeoutUntilMs ?? 0) - one.atMs);
        const planned: CaseRow = { ...one, plan: { ...one.plan, acts, timeoutUntilMs: clock.now() + timeoutMs } };
        // The member hears of it as of any other act, with the way to appeal.
        await tell({ ...planned, state: "planned" }, place, row, "before");
        for (const act of acts)
          done.push(await perform.run(bot, planned, act, { language, warnSeconds: moderation.warnSeconds }));
        const after = await confirm(store, planned, done, by);
        if (one.verdict.source === "report") await store.reports.settle(guild, one.message, "upheld");
        await tell(after, place, row, "after");
        return after.state === "applied" ? { ok: true, case: after, left: [] } : { ok: false, why: "discord" };
      }),

    async note(guild, id, by, text) {
      if (text.trim() === "" || text.length > TEXT_CHARS_MAX) return { ok: false, why: "too-long" };
      return await written(guild, id, { kind: "note", by, text });
    },

    async appeal(guild, id, by, text) {
      if (text.trim() === "" || text.length > TEXT_CHARS_MAX) return { ok: false, why: "too-long" };
      const found = await find(guild, id);
      // Somebody else's case is no business of theirs: not even that it is there.
      if (found === null || found.one.author !== by) return { ok: false, why: "not-found" };
      const worked = await written(guild, id, { kind: "appeal", by, text });
      if (worked.ok) await tellAppeal(found, text);
      return worked;
    },

    async answerAppeal(guild, id, by, text) {
      if (text.trim() === "" || text.length > TEXT_CHARS_MAX) return { ok: false, why: "too-long" };
      const found = await find(guild, id);
      if (found === null) return { ok: false, why: "not-found" };
      if (!found.events.some(({ kind }) => kind === "appeal")) return { ok: false, why: "not-now" };
      const worked = await written(guild, id, { kind: "appeal-answer", by, text });
      if (!worked.ok) return worked;
      const { one, row, events } = found;
      const say = moderationWords(row.settings.language);
      const content = `${say.appealAnswer(row.name.replace(/[*_~`|\\]/g, "\\$&"))}\n${text}`.slice(0, 1_990);
      // A second answer is another message.
      const nth = events.filter(({ kind }) => kind === "appeal-answer").length;
      const message = { content, suppressEmbeds: true };
      const told = await reach(discord(row.application), clock, one.author, message, `a${nth}:${one.message}`);
      if (told === "told") return worked;
      logger.info({ guild, case: one.number, reason: told }, "appeal-answer-unsent");
      // Many members take no direct messages: the answering moderator sees that on the case's page.
      await written(guild, id, { kind: "answer-unsent", by: "bot", detail: { told } });
      return worked;
    },
  };
}

function warningOf(events: readonly CaseEvent[]): MessageId | null {
  const done = events.findLast(({ kind }) => kind === "applied")?.detail.done;
  if (!Array.isArray(done)) return null;
  const warned = (done as { act?: unknown; message?: unknown }[]).find(({ act }) => act === "warn");
  return typeof warned?.message === "string" ? (warned.message as MessageId) : null;
}
