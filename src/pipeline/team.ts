/**
 * People in the loop, as a worker sees them: somebody of the team who answers a member in Discord takes that conversation over,
 * and what its member says while an agent holds it goes to the transcript and to nobody else.
 *
 * An answer is a reply to the member, or to what the bot said to the member, or a line in the channel within two minutes after
 * the bot spoke there. The team is who has a role that the admin named, else who may manage messages.
 */
import type { Agents } from "../agents.ts";
import type { Bus } from "../bus.ts";
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { exchangeOf, type Occasion } from "../exchange.ts";
import type { ApplicationId, ChannelId, GuildId, MessageId } from "../ids.ts";
import { MEMORY_MS, type Memory } from "../memory.ts";
import type { Message } from "../message.ts";
import type { Plans } from "../plans/plans.ts";
import { createRecent } from "../recent.ts";
import { type Outcome, outcome, type Recorder } from "../record.ts";
import type { DeskStore, FindBy, HeldRow } from "../store/ports/desk.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import type { KnownBot } from "./discovery.ts";
import type { OwnWords } from "./own-words.ts";

export type Team = {
  /** An agent holds a conversation in this channel, as far as this process knows. */
  holds(guild: GuildId, channel: ChannelId, nowMs: number): boolean;
  /** All holds were read once. */
  holdsKnown(): boolean;
  /** A message in a channel where an agent holds a conversation was edited, or deleted (null): the transcript follows. */
  reworded(guild: GuildId, channel: ChannelId, message: MessageId, text: string | null): Promise<void> | undefined;
  /** Null: of no concern to the team. */
  notice(bot: KnownBot, row: GuildRow, message: Message, spoken: Spoken): Promise<Outcome | null> | null;
  close(): void;
};

/** How the message stands to the bot. */
type Spoken = { readonly toBot: boolean; readonly repliesToBot: boolean; readonly receivedAtMs: number };

/** After the bot spoke, a line of the team's so soon is an answer to the same member. */
const AFTER_BOT_MS = 2 * 60_000;
const AGAIN_MS = 5_000;
const GUILDS_MAX = 20_000;
const NOBODY: readonly HeldRow[] = [];

export function createTeam(services: {
  readonly desk: DeskStore;
  readonly agents: Agents;
  readonly recorder: Recorder;
  readonly memory: Memory;
  readonly ownWords: OwnWords;
  readonly bus: Bus;
  readonly plans: Pick<Plans, "features">;
  readonly clock: Clock;
  /** For what nobody waits for. */
  readonly behind: (work: Promise<unknown>) => void;
  /** An agent holds a conversation in this channel until then. */
  readonly holding?: (channel: ChannelId, untilMs: number) => void;
}): Team {
  const { desk, agents, recorder, memory, ownWords, bus, plans, clock, behind, holding } = services;
  const held = createRecent<GuildId, readonly HeldRow[]>(GUILDS_MAX);

  /** All holds are read once, so that a guild that nobody holds anything in costs no query. */
  let all: "unread" | "reading" | "read" = "unread";

  /** Guilds that are being read; true: news came meanwhile, so what is read may be older than they are. */
  const loading = new Map<GuildId, boolean>();
  function hold(guild: GuildId, rows: readonly HeldRow[]): void {
    held.set(guild, rows);
    for (const { channel, idleAtMs } of rows) holding?.(channel, idleAtMs);
  }
  async function load(guild: GuildId): Promise<void> {
    if (loading.has(guild)) {
      loading.set(guild, true);
      return;
    }
    try {
      do {
        loading.set(guild, false);
        hold(guild, await desk.held(guild));
      } while (loading.get(guild) === true);
    } finally {
      loading.delete(guild);
    }
  }
  async function loadAll(): Promise<void> {
    all = "reading";
    try {
      for (const one of await desk.held(null)) {
        const others = (held.get(one.guild) ?? NOBODY).filter(({ conversation }) => conversation !== one.conversation);
        hold(one.guild, [...others, one]);
      }
      all = "read";
    } catch (error) {
      all = "unread";
      triedAtMs = clock.now();
      if (!(error instanceof AppError)) throw error;
    }
  }
  let triedAtMs = Number.NEGATIVE_INFINITY;

  const unsubscribe = bus.subscribe((news) => {
    if (news.type === "takeover-changed") behind(load(news.guild));
  });

  function heldIn(guild: GuildId, channel: ChannelId, nowMs: number): readonly HeldRow[] {
    const known = held.get(guild);
    // While the store is away it is asked again now and then; answering asks it itself before it speaks.
    if (all === "unread" && nowMs - triedAtMs > AGAIN_MS) behind(loadAll());
    if (known === undefined) return NOBODY;
    return known.length === 0 ? known : known.filter((one) => one.channel === channel && one.idleAtMs > nowMs);
  }

  function isTeam({ directory }: KnownBot, { guild, settings }: GuildRow, { author, member }: Message): boolean {
    const roles = member?.roles ?? [];
    const { teamRoles } = settings.people;
    return teamRoles.length > 0
      ? roles.some((role) => teamRoles.includes(role))
      : directory.staff(guild, author.id, roles);
  }

  /** Whose question the team member answers, most certain first. */
  function answered(message: Message, mine: readonly HeldRow[], repliesToBot: boolean): readonly FindBy[] {
    const { replyTo, channelId: channel, author, mentions } = message;
    const now = message.createdAtMs;
    if (replyTo !== null) {
      const member = replyTo.authorId;
      const ways: FindBy[] = [{ message: replyTo.messageId }];
      if (member !== null && member !== author.id && !repliesToBot) {
        ways.push({ channel, member, sinceMs: now - MEMORY_MS });
      }
      return ways;
    }
    const [named] = mentions.users;
    if (named !== undefined) return [{ channel, member: named, sinceMs: now - MEMORY_MS }];
    const [own] = mine;
    if (own !== undefined) return [{ channel, member: own.member, sinceMs: 0 }];
    if (!ownWords.spokeSince(channel, now - AFTER_BOT_MS)) return [];
    return [{ channel, botSpokeSinceMs: now - AFTER_BOT_MS }];
  }

  async function takeBy(
    row: GuildRow,
    message: Message,
    ways: readonly FindBy[],
    receivedAtMs: number,
  ): Promise<Outcome | null> {
    if (!(await plans.features(row.guild)).has("takeover")) return null;
    for (const way of ways) {
      const found = await desk.find(row.guild, way);
      if (found === null || found.member === message.author.id || found.channel !== message.channelId) continue;
      const { id, name } = message.author;
      // The claim waits for answers in flight; the message's own way does not.
      const claimed = agents.claim(row.guild, found.id, { id, name }, "answer");
      const said = await desk.say(row.guild, found.id, {
        ...{ role: "agent", author: name, text: message.content, atMs: message.createdAtMs, message: message.id },
        ...{ sources: [], outcome: null, files: message.attachments.map((file) => file.name) },
      });
      if (said && message.content !== "") {
        const turn = { role: "bot", author: name, text: message.content } as const;
        await memory.remember(row.guild, found.channel, found.member, [turn], message.createdAtMs);
      }
      behind(claimed);
      return outcome("silent", "staff-answered", clock.now() - receivedAtMs);
    }
    return null;
  }

  /** The member's own words, for the agent to read. */
  async function keepForAgent(
    application: ApplicationId,
    message: Message,
    one: HeldRow,
    receivedAtMs: number,
  ): Promise<Outcome> {
    const { id, author, content, createdAtMs, channelId, guildId, attachments } = message;
    const result = outcome("left-to-agent", "agent-holds", clock.now() - receivedAtMs);
    const files = attachments.map((file) => file.name);
    const text = content === "" && files.length > 0 ? files.join(", ") : content;
    const member = { name: author.name, text, atMs: createdAtMs, message: id };
    const occasion: Occasion = { application, trigger: id, conversation: one.conversation, channel: channelId, member };
    await recorder.keep(guildId as GuildId, exchangeOf(occasion, null, result));
    const turn = { role: "member", author: author.name, text } as const;
    await memory.remember(guildId as GuildId, channelId, author.id, [turn], createdAtMs);
    return result;
  }

  return {
    holds: (guild, channel, nowMs) => heldIn(guild, channel, nowMs).length > 0,
    holdsKnown: () => all === "read",
    reworded(guild, channel, message, text) {
      const here = heldIn(guild, channel, clock.now());
      if (here.length === 0) return undefined;
      return desk.reword(guild, message, text).then(async (found) => {
        if (!found) return;
        for (const { conversation } of here) await bus.publish({ type: "conversation-changed", guild, conversation });
      });
    },
    notice(bot, row, message, { toBot, repliesToBot, receivedAtMs }) {
      const { application } = bot.discord;
      const here = heldIn(row.guild, message.channelId, clock.now());
      const own = here.find((one) => one.member === message.author.id);
      if (own !== undefined) return keepForAgent(application, message, own, receivedAtMs);
      if (toBot || message.content === "") return null;
      const mine = here.filter((one) => one.agent === message.author.id);
      const lately = ownWords.lately(message.channelId, clock.now());
      if (mine.length === 0 && !lately && message.replyTo === null) return null;
      if (!isTeam(bot, row, message)) return null;
      const ways = answered(message, mine, repliesToBot);
      return ways.length === 0 ? null : takeBy(row, message, ways, receivedAtMs);
    },
    close: unsubscribe,
  };
}
