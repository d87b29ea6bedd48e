/**
 * Cases that were planned and never confirmed: the process died, or Discord's reply was lost. Each act but a deletion is looked
 * for first, and done only if it did not happen; standing and settings are those of now. One process at a time settles a case.
 */
import type { Clock } from "../clock.ts";
import type { Discord } from "../discord.ts";
import { AppError } from "../errors.ts";
import { type ApplicationId, type ChannelId, isNewer, type MessageId, type UserId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import type { Action } from "../settings/form.ts";
import type { Settings } from "../settings/held.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import type { CaseRow } from "../store/ports/moderation.ts";
import type { Store } from "../store.ts";
import { confirm } from "./act.ts";
import { type Holds, UNSETTLED_MS } from "./holds.ts";
import { type Done, type Perform, warningText } from "./perform.ts";
import type { StillDue } from "./still-due.ts";

const AT_ONCE = 50;
/** A warning or a time-out that comes later than this surprises more than it helps. */
const LATE_MS = 15 * 60_000;
/** So long at least Discord makes one message of two with the same nonce. */
const NONCE_MS = 2 * 60_000;
/** Of a channel's messages since; a busier one keeps its warning's fate to itself. */
const PAGE = 100;
const PAGES_MAX = 10;

export type Settle = () => Promise<number>;

export function createSettle(services: {
  readonly store: Pick<Store, "cases" | "unsettled">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: Pick<Settings, "load">;
  readonly discord: (application: ApplicationId) => Discord;
  readonly stillDue: StillDue;
  readonly holds: Holds;
  readonly perform: Perform;
}): Settle {
  const { store, clock, logger, settings, discord, stillDue, holds, perform } = services;

  async function settleOne(one: CaseRow): Promise<void> {
    const row = await settings.load(one.guild);
    if (row === null || row.leftAtMs !== null) return await fail(one, "the bot has left");
    const bot = discord(row.application);
    const self = (await bot.directory.self()).userId;
    const done: Done[] = [];
    for (const act of one.plan.acts) {
      const before = await happened(bot, self, one, act);
      if (before === true) {
        done.push({ act, ok: true });
        continue;
      }
      if (before === "unknown") {
        done.push({ act, ok: false, why: "unknown-outcome", unknown: false });
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

  async function whyNot(one: CaseRow, act: Action, row: GuildRow, bot: Discord, self: UserId): Promise<string | null> {
    if (clock.now() - one.atMs > LATE_MS && act !== "delete") return "too-late";
    return await stillDue(one, act, { discord: bot, row, self });
  }

  async function fail(one: CaseRow, problem: string): Promise<void> {
    await store.cases.append(one.guild, [{ case: one.id, event: { kind: "failed", by: "bot", problem } }]);
  }

  async function happened(bot: Discord, self: UserId, one: CaseRow, act: Action): Promise<boolean | "unknown"> {
    const { guild, author, plan } = one;
    switch (act) {
      case "delete":
        // Deleting what is gone changes nothing, and many go in one request; looking first would cost one each.
        return false;
      case "warn":
        // Sent again while Discord knows its nonce, it is the same message.
        return clock.now() - one.atMs < NONCE_MS ? false : await warned(bot, self, one);
      case "timeout": {
        const member = await bot.members.get(guild, author);
        return member !== null && (member.timedOutUntilMs ?? 0) >= (plan.timeoutUntilMs ?? 0) - 1_000;
      }
      case "kick": {
        const member = await bot.members.get(guild, author);
        // A member who came back was kicked before.
        return member === null || (member.joinedAtMs ?? 0) > one.atMs;
      }
      case "ban":
        return await bot.members.banned(guild, author);
    }
  }

  /** Looks for the warning in what the channel got since. */
  async function warned(bot: Discord, self: UserId, one: CaseRow): Promise<boolean | "unknown"> {
    const texts = [warningText(one, "en"), warningText(one, "tr")];
    let before: MessageId | undefined;
    for (let page = 0; page < PAGES_MAX; page++) {
      const some = await bot.messages.recent(one.channel as ChannelId, PAGE, before);
      const young = some.filter(({ id }) => isNewer(id, one.message));
      if (young.some(({ author, content }) => author.id === self && texts.includes(content))) return true;
      before = some[0]?.id;
      if (before === undefined || young.length < some.length || some.length < PAGE) return false;
    }
    return "unknown";
  }

  return async () => {
    const open = await store.unsettled.take(UNSETTLED_MS, AT_ONCE);
    // Side by side, so that deletions in one channel go together.
    await Promise.all(
      open.map(async (one) => {
        try {
          await holds.during(one, () => settleOne(one));
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          logger.warn({ guild: one.guild, case: one.number, error }, "case-unsettled");
        }
      }),
    );
    return open.length;
  };
}
