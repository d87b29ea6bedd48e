/**
 * Cases that were planned and never confirmed: the process died, or Discord's reply was lost. Each act but a deletion is looked
 * for first, and done only if it did not happen; standing and settings are those of now. One process at a time settles a case.
 */
import type { Clock } from "../clock.ts";
import type { Discord } from "../discord.ts";
import { AppError } from "../errors.ts";
import { type ApplicationId, type ChannelId, isNewer } from "../ids.ts";
import type { Logger } from "../logger.ts";
import type { Action } from "../settings/form.ts";
import type { Settings } from "../settings/held.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import type { CaseRow } from "../store/ports/moderation.ts";
import type { Store } from "../store.ts";
import { confirm } from "./act.ts";
import { exemptionOf } from "./guard.ts";
import { isSwitchedOn } from "./newcomers.ts";
import { type Done, type Perform, warningText } from "./perform.ts";
import type { Standings } from "./standing.ts";

/** Whatever still runs is done within this: a case older than that has nobody. */
const UNSETTLED_MS = 20_000;
const AT_ONCE = 50;
/** A warning or a time-out that comes later than this surprises more than it helps. */
const LATE_MS = 15 * 60_000;

export type Settle = () => Promise<number>;

export function createSettle(services: {
  readonly store: Pick<Store, "cases">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: Pick<Settings, "load">;
  readonly discord: (application: ApplicationId) => Discord;
  readonly standings: Standings;
  readonly perform: Perform;
}): Settle {
  const { store, clock, logger, settings, discord, standings, perform } = services;

  async function settleOne(one: CaseRow): Promise<void> {
    const row = await settings.load(one.guild);
    if (row === null || row.leftAtMs !== null) return await fail(one, "the bot has left");
    const bot = discord(row.application);
    const self = (await bot.directory.self()).userId;
    const done: Done[] = [];
    for (const act of one.plan.acts) {
      if (await happened(bot, self, one, act)) {
        done.push({ act, ok: true });
        continue;
      }
      const why = await whyNot(one, act, row, bot, self);
      if (why === null) {
        const { language, moderation } = row.settings;
        done.push(await perform.run(bot, one, act, { language, warnSeconds: moderation.warnSeconds }));
      } else done.push({ act, ok: false, why, unknown: false });
    }
    await confirm(store, one, done);
  }

  /** What speaks against doing now what was due then. */
  async function whyNot(one: CaseRow, act: Action, row: GuildRow, bot: Discord, self: string): Promise<string | null> {
    const { moderation } = row.settings;
    if (!moderation.on || !moderation.live || !isSwitchedOn(one, act, moderation)) return "switched-off";
    if (act === "timeout" && (one.plan.timeoutUntilMs ?? Number.POSITIVE_INFINITY) <= clock.now()) return "too-late";
    if (clock.now() - one.atMs > LATE_MS && act !== "delete") return "too-late";
    const place = {
      discord: bot,
      guild: one.guild,
      self: self as CaseRow["author"],
      channel: one.channel,
      parent: null,
      ...(one.plan.title ? { title: true as const } : {}),
    };
    const seen = await standings.see(place, one.author, moderation);
    if (seen === null) return "target-gone";
    if (exemptionOf(seen.author) !== null) return "exempt";
    const { present, belowBot, permitted } = seen.standing(act);
    if (!present && act !== "delete" && act !== "ban") return "target-gone";
    if (!belowBot && act !== "delete" && act !== "warn") return "role-order";
    return permitted || act === "warn" ? null : "missing-permission";
  }

  async function fail(one: CaseRow, problem: string): Promise<void> {
    await store.cases.append(one.guild, [{ case: one.id, event: { kind: "failed", by: "bot", problem } }]);
  }

  async function happened(bot: Discord, self: string, one: CaseRow, act: Action): Promise<boolean> {
    const { guild, author, plan } = one;
    switch (act) {
      case "delete":
        // Deleting what is gone changes nothing, and many go in one request; looking first would cost one each.
        return false;
      case "warn": {
        const recent = await bot.messages.recent(one.channel as ChannelId, 100);
        const texts = [warningText(one, "en"), warningText(one, "tr")];
        return recent.some((m) => m.author.id === self && isNewer(m.id, one.message) && texts.includes(m.content));
      }
      case "timeout": {
        const member = await bot.members.get(guild, author);
        return member !== null && (member.timedOutUntilMs ?? 0) >= (plan.timeoutUntilMs ?? 0) - 1_000;
      }
      case "kick": {
        const member = await bot.members.get(guild, author);
        // Whoever came back after it was kicked out.
        return member === null || (member.joinedAtMs ?? 0) > one.atMs;
      }
      case "ban":
        return await bot.members.banned(guild, author);
    }
  }

  return async () => {
    const open = await store.cases.takeUnsettled(UNSETTLED_MS, AT_ONCE);
    // Side by side, so that deletions in one channel go together.
    await Promise.all(
      open.map(async (one) => {
        try {
          await settleOne(one);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          logger.warn({ guild: one.guild, case: one.number, error }, "case-unsettled");
        }
      }),
    );
    return open.length;
  };
}
