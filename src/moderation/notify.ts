/**
 * Who hears of a case: the member by a direct message with the reason, the rule and a way to appeal; the moderators in the
 * mod-log channel, with buttons. A raid writes to few: at most 20 direct messages and 30 log lines a minute and guild.
 * Nobody waits for it longer than 3 s, and none of it failing changes a case.
 */
import type { Bus } from "../bus.ts";
import type { Clock } from "../clock.ts";
import type { Outgoing } from "../discord.ts";
import { AppError } from "../errors.ts";
import type { ChannelId, GuildId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import { createRecent } from "../recent.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import type { CaseRow } from "../store/ports/moderation.ts";
import type { Place } from "./standing.ts";
import { failedActs, troubles } from "./trouble-words.ts";
import { isOfName, type ModerationWords, moderationWords, reasonOf, ruleText } from "./words.ts";

export type Tell = (
  one: CaseRow,
  place: Pick<Place, "discord">,
  row: GuildRow,
  when: "before" | "after",
) => Promise<void>;

const DIRECT_PER_MINUTE = 20;
const LOG_PER_MINUTE = 30;
const MINUTE_MS = 60_000;
const WAIT_MS = 3_000;
const GUILDS_MAX = 5_000;

export function createTell(services: {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly bus: Bus;
  /** Where the dashboard is reached; null where nobody said. */
  readonly publicUrl: string | null;
}): Tell {
  const { clock, logger, bus, publicUrl } = services;
  const counts = createRecent<string, { readonly fromMs: number; count: number }>(GUILDS_MAX);

  function mayWrite(what: string, guild: GuildId, max: number): boolean {
    const key = `${what}:${guild}`;
    const found = counts.get(key);
    // Counted from the first message: by the clock's minutes a member could hear twice of one burst.
    const now =
      found !== undefined && clock.now() - found.fromMs < MINUTE_MS ? found : { fromMs: clock.now(), count: 0 };
    counts.set(key, now);
    return ++now.count <= max;
  }

  async function quietly(one: CaseRow, what: string, work: Promise<unknown>): Promise<void> {
    try {
      await Promise.race([work, clock.sleep(WAIT_MS)]);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // Many members take no direct messages; that is no failure.
      logger.debug({ guild: one.guild, case: one.number, reason: error.kind }, what);
    }
  }

  async function writeTo(one: CaseRow, place: Pick<Place, "discord">, row: GuildRow): Promise<void> {
    const channel = await place.discord.messages.direct(one.author);
    const message = directMessage(one, row.name, moderationWords(row.settings.language));
    await place.discord.messages.send(channel, message, `d${one.message}`.slice(0, 25));
  }

  return async (one, place, row, when) => {
    const hard = one.plan.acts.some((act) => act === "kick" || act === "ban");
    const acted = happened(one).length > 0 && (one.state === "planned" || one.state === "applied");
    // A warning is seen in its channel; and a member hears once of one burst.
    const worth = !one.plan.acts.includes("warn");
    const due = acted && hard === (when === "before");
    const first = due && mayWrite(`member:${one.author}`, one.guild, 1);
    if (first && worth && mayWrite("direct", one.guild, DIRECT_PER_MINUTE))
      await quietly(one, "member-not-told", writeTo(one, place, row));
    if (when === "before") return;
    await bus.publish({ type: "case-added", guild: one.guild, case: one.id });
    const log = row.settings.moderation.logChannel as ChannelId | null;
    // Of a raid the moderators hear once, not of each newcomer.
    if (log === null || one.verdict.source === "raid" || !mayWrite("log", one.guild, LOG_PER_MINUTE)) return;
    const told = place.discord.messages.send(log, logMessage(one, row, publicUrl), `c${one.id}`.slice(0, 25));
    await quietly(one, "mod-log-not-told", told);
  };
}

/** The acts done so far; if all of them failed, the acts that were tried. */
function happened(one: CaseRow): CaseRow["plan"]["acts"] {
  const failed = one.state === "applied" ? failedActs(one) : [];
  return one.plan.acts.filter((act) => !failed.includes(act));
}

/** The member's message. It quotes their own text, so that they know which one it is about. */
function directMessage(one: CaseRow, guild: string, say: ModerationWords): Outgoing {
  const act = happened(one).at(-1) ?? "warn";
  const until = one.plan.timeoutUntilMs;
  const rule = ruleText(one, say);
  const lines = [
    one.plan.title && act === "delete" ? say.dmTitle(plain(guild)) : say.dm[act](plain(guild)),
    ...(act === "timeout" && until !== undefined ? [say.until(`<t:${Math.floor(until / 1_000)}:f>`)] : []),
    ...(rule === "" ? [] : [say.rule(plain(rule))]),
    ...(one.evidence === "" ? [] : [say.yourMessage(quoted(one.evidence))]),
    say.appealHow,
  ];
  return {
    content: lines.join("\n").slice(0, 1_900),
    suppressEmbeds: true,
    buttons: [{ id: `appeal:${one.guild}:${one.id}`, label: say.appeal }],
  };
}

/** The moderators' message about a case, with buttons. */
function logMessage(one: CaseRow, row: Pick<GuildRow, "settings">, publicUrl: string | null): Outgoing {
  const say = moderationWords(row.settings.language);
  const told = happened(one);
  const acts = told.length > 0 ? told.map((act) => say.act[act]).join(" + ") : say.act[one.action];
  const theirs = one.verdict.source === "automod";
  const state = theirs ? say.autoMod : `${acts} · ${say.state[one.state]}`;
  const reason = reasonOf(one.verdict, row.settings.language);
  const rule = ruleText(one, say);
  const author = `<@${one.author}> (${plain(one.authorName)})`;
  const lines = [
    `**${say.case(one.number)}** · ${state}`,
    isOfName(one) ? say.byName(author) : say.by(author, `<#${one.channel}>`),
    [rule === "" ? "" : say.rule(rule), reason]
      .filter((part) => part !== "")
      .map(plain)
      .join(" · "),
    ...(theirs ? [] : troubles(one, row.settings.language).map(plain)),
    quoted(one.evidence),
  ];
  return { ...lineOf(lines), buttons: buttonsOf(one, say, publicUrl) };
}

/** The moderators' message about an appeal, with the same buttons. */
export function appealMessage(
  one: CaseRow,
  text: string,
  row: Pick<GuildRow, "settings">,
  publicUrl: string | null,
): Outgoing {
  const say = moderationWords(row.settings.language);
  const from = say.appealFrom(`<@${one.author}> (${plain(one.authorName)})`);
  const lines = [
    `**${say.case(one.number)}** · ${from}`,
    quoted(text, 1_000),
    publicUrl === null ? "" : say.appealNext,
  ];
  return { ...lineOf(lines), buttons: buttonsOf(one, say, publicUrl) };
}

function lineOf(lines: readonly string[]): Pick<Outgoing, "content" | "suppressEmbeds"> {
  const content = lines.filter((line) => line !== "").join("\n");
  return { content: content.slice(0, 1_900), suppressEmbeds: true };
}

/** A moderator's buttons for a case in Discord. */
function buttonsOf(one: CaseRow, say: ModerationWords, publicUrl: string | null): NonNullable<Outgoing["buttons"]> {
  const undo = one.state === "applied" ? [{ id: `case:undo:${one.id}`, label: say.undo }] : [];
  const link = publicUrl === null ? [] : [{ id: "", label: say.open, url: caseUrl(publicUrl, one) }];
  return [...undo, { id: `case:wrong:${one.id}`, label: say.wrong }, ...link];
}

function caseUrl(publicUrl: string, one: CaseRow): string {
  return `${publicUrl.replace(/\/$/, "")}/guilds/${one.guild}/moderation/${one.id}`;
}

/** One line that formats nothing and links nowhere. */
function plain(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[\\*_~`|>[\]()#<]/g, "\\$&")
    .slice(0, 400);
}

/** In a code span nothing is clickable, and nothing pings. */
function quoted(text: string, charsMax = 500): string {
  const line = text.replaceAll("`", "'").replace(/\s+/g, " ").trim().slice(0, charsMax);
  return line === "" ? "" : `\`${line}\``;
}
