/**
 * A kick cannot be taken back, and whoever was banned stays outside when the ban is lifted: what a person can do for them is an
 * invitation, good for one use and seven days. Discord is asked once; what it made stands in the case before the member is told.
 *
 * Callers have checked the person's right to it; what the bot may do is read here, fresh. `after` is how many invitations the
 * person saw when they pressed: a press that arrives twice finds one more, and gets that one.
 */
import type { ChannelView } from "../channel.ts";
import type { Clock } from "../clock.ts";
import type { Discord, Invitation, MemberView } from "../discord.ts";
import { AppError } from "../errors.ts";
import { type Hot, hotKey } from "../hot.ts";
import type { ApplicationId, ChannelId, GuildId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import { guildPermissions, invitableChannels, missingPermissions, type PermissionFacts } from "../permissions.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import type { CaseEvent, CaseRow, NewCaseEvent } from "../store/ports/moderation.ts";
import type { Store } from "../store.ts";
import { type Reached, reach, reachedOf } from "./reach.ts";
import { moderationWords } from "./words.ts";

export type Invited = Invitation & {
  readonly by: string;
  readonly atMs: number;
  /** Null: it is being sent. */
  readonly told: Reached | null;
};

export type NotInvited =
  | "not-found"
  /** Nobody was put out of the server by this case, or they were not let in again. */
  | "not-now"
  | "busy"
  | "gone"
  | "back"
  | "banned"
  | "may-not-invite"
  | "no-channel"
  /** Discord did not say whether it made one. */
  | "unknown"
  | "not-made";

export type InviteBack = (
  guild: GuildId,
  id: string,
  by: string,
  after: number,
) => Promise<{ readonly ok: true; readonly invited: Invited } | { readonly ok: false; readonly why: NotInvited }>;

export const INVITE_DAYS = 7;
const INVITE_S = INVITE_DAYS * 86_400;
/** Longer than Discord's deadlines of all that is asked meanwhile. */
const BUSY_MS = 60_000;
const WAIT_MS = 200;
const WAIT_MS_MAX = 5_000;

export function createInviteBack(services: {
  readonly store: Pick<Store, "cases" | "guilds">;
  readonly hot: Hot;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly discord: (application: ApplicationId) => Discord;
}): InviteBack {
  const { store, hot, clock, logger, discord } = services;

  async function invite(guild: GuildId, id: string, by: string, after: number): ReturnType<InviteBack> {
    const [found, row] = await Promise.all([store.cases.get(guild, id), store.guilds.get(guild)]);
    if (found === null || row === null) return { ok: false, why: "not-found" };
    const { case: one, events } = found;
    const made = invitationsOf(events);
    const last = made.at(-1);
    if (last !== undefined && made.length > after) return { ok: true, invited: last };
    if (!wasPutOut(one, events)) return { ok: false, why: "not-now" };
    const bot = discord(row.application);
    const channel = await channelFor(bot, one);
    if ("why" in channel) return { ok: false, why: channel.why };
    const reason = `Gatehouse case ${one.number}: invited back by ${by}`;
    const { url, expiresAtMs } = await bot.channels.invite(channel.id, INVITE_S, reason);
    await written(one, { kind: "invited", by, detail: { url, expiresAtMs, channel: channel.id } });
    const told = await tell(bot, one, row, { url, expiresAtMs }, made.length);
    await written(one, { kind: told === "told" ? "invite-sent" : "invite-unsent", by: "bot", detail: { told } });
    return { ok: true, invited: { url, expiresAtMs, by, atMs: clock.now(), told } };
  }

  /** A press that arrives twice waits for the first, and gets what that one made. */
  async function claimed(key: string, owner: string): Promise<boolean> {
    const untilMs = clock.now() + WAIT_MS_MAX;
    try {
      for (;;) {
        if (await hot.claim(key, owner, BUSY_MS)) return true;
        if (clock.now() >= untilMs) return false;
        await clock.sleep(WAIT_MS);
      }
    } catch (error) {
      if (error instanceof AppError) return false;
      throw error;
    }
  }

  async function written({ guild, id }: CaseRow, event: NewCaseEvent): Promise<void> {
    await store.cases.append(guild, [{ case: id, event }]);
  }

  /** The channel to come back by: where it happened if everybody sees that, else another that everybody sees, else any. */
  async function channelFor(
    bot: Discord,
    { guild, author, channel }: CaseRow,
  ): Promise<{ readonly id: ChannelId } | { readonly why: NotInvited }> {
    const { userId } = await bot.directory.self();
    const [view, own, channels, member] = await Promise.all([
      bot.directory.guild(guild),
      bot.members.get(guild, userId),
      bot.directory.channels(guild),
      bot.members.get(guild, author),
    ]);
    if (view === null || own === null) return { why: "gone" };
    if (member !== null) return { why: "back" };
    const facts = { guild, ownerId: view.ownerId, roles: new Map(view.roles.map((role) => [role.id, role])) };
    if (await isBanned(bot, facts, own, author)) return { why: "banned" };
    const { seen, may } = invitableChannels(facts, own, channels);
    const chosen = bestOf(facts, may, channel);
    if (chosen !== undefined) return { id: chosen.id };
    return { why: seen.length === 0 ? "no-channel" : "may-not-invite" };
  }

  /** Only who may ban is told of bans. */
  async function isBanned(bot: Discord, facts: PermissionFacts, own: MemberView, author: MemberView["id"]) {
    if (missingPermissions(guildPermissions(facts, own), ["banMembers"]).length > 0) return false;
    return await bot.members.banned(facts.guild, author);
  }

  async function tell(bot: Discord, one: CaseRow, row: GuildRow, made: Invitation, nth: number): Promise<Reached> {
    const say = moderationWords(row.settings.language);
    const until = `<t:${Math.floor(made.expiresAtMs / 1_000)}:f>`;
    const content = say.invitation(row.name.replace(/[*_~`|\\]/g, "\\$&"), made.url, until);
    const told = await reach(bot, clock, one.author, { content }, `i${nth}${one.id}`);
    if (told !== "told") logger.info({ guild: one.guild, case: one.number, reason: told }, "invitation-unsent");
    return told;
  }

  return async (guild, id, by, after) => {
    const key = hotKey(guild, "moderation", "invite", id);
    const owner = clock.id();
    if (!(await claimed(key, owner))) return { ok: false, why: "busy" };
    try {
      return await invite(guild, id, by, after);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      logger.warn({ guild, case: id, error }, "invitation-not-made");
      if (error.kind === "forbidden") return { ok: false, why: "may-not-invite" };
      return { ok: false, why: error.kind === "unknown-outcome" ? "unknown" : "not-made" };
    } finally {
      await hot.claim(key, owner, 0).catch(() => undefined);
    }
  };
}

/** Kicked, or banned and then let off. The case's events tell the outcome of each act; an older case has only its plan. */
export function wasPutOut({ plan, state }: CaseRow, events: readonly CaseEvent[]): boolean {
  if (state !== "applied" && state !== "undone") return false;
  const done = events.findLast(({ kind }) => kind === "applied")?.detail.done;
  const acts = Array.isArray(done) ? (done as { act?: unknown }[]).map(({ act }) => act) : plan.acts;
  if (acts.includes("kick")) return true;
  const left = events.findLast(({ kind }) => kind === "undone")?.detail.left;
  return acts.includes("ban") && state === "undone" && !(Array.isArray(left) && left.includes("ban-failed"));
}

/** The invitations of a case, oldest first, with each one's fate. */
export function invitationsOf(events: readonly CaseEvent[]): readonly Invited[] {
  const found: Invited[] = [];
  for (const { kind, by, atMs, detail } of events) {
    const last = found.at(-1);
    if (kind === "invited")
      found.push({ url: String(detail.url), expiresAtMs: Number(detail.expiresAtMs), by, atMs, told: null });
    else if (last !== undefined && (kind === "invite-sent" || kind === "invite-unsent"))
      found[found.length - 1] = {
        ...last,
        told: reachedOf(detail.told),
      };
  }
  return found;
}

function bestOf(facts: PermissionFacts, may: readonly ChannelView[], here: ChannelId): ChannelView | undefined {
  const open = invitableChannels(facts, { id: NOBODY, roles: [] }, may).seen;
  return open.find(({ id }) => id === here) ?? open[0] ?? may[0];
}

/** Somebody who is in the server and has no role. */
const NOBODY = "0" as MemberView["id"];
