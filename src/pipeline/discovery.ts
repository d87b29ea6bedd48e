/**
 * What this process was not told of: after a RESUME there is no READY and no GUILD_CREATE, and a worker that was replaced
 * starts from nothing. Asked of Discord when a message needs it, each once, a few at a time; what cannot be had is not asked
 * for again for a while. Until then the message waits, outside its lane, and at last goes on with what is known.
 */
import type { Clock } from "../clock.ts";
import type { Directory, DirectoryChange, DirectoryFeed } from "../directory.ts";
import type { Discord } from "../discord.ts";
import { AppError, type ErrorKind } from "../errors.ts";
import type { ApplicationId, GuildId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import { fieldsOf, snowflake } from "../payload.ts";
import { createRecent } from "../recent.ts";

export type KnownBot = { readonly discord: Discord; readonly directory: Directory & DirectoryFeed };

export type Discovery = {
  /** Settles with whether the directory knows who the bot is; after a minute of trying, with false. */
  introduce(bot: KnownBot): Promise<boolean>;
  /** Settles once the directory knows the guild, or it is not worth waiting any longer. Never throws. */
  meet(bot: KnownBot, guild: GuildId): Promise<void>;
  /** A dispatch, after the directory has had it: told again to a guild that is just being met. */
  hear(bot: KnownBot, type: string, data: unknown): void;
};

const AT_ONCE_MAX = 3;
const QUEUE_MAX = 1_000;
/** How long a message waits for its guild. */
const WAIT_MS_MAX = 5_000;
const HOPELESS_MS = 60_000;
const HOPELESS_MAX = 5_000;
/** Events of a guild between the question and its answer; more of them are not worth keeping: it is asked again. */
const EVENTS_MAX = 500;
const INTRODUCE_MS_MAX = 60_000;
const PAUSE_MS = 1_000;
/** Trying again is of no use. */
const REFUSED: ReadonlySet<ErrorKind> = new Set(["unauthorized", "forbidden", "not-found", "invalid"]);

type Meeting = {
  readonly bot: KnownBot;
  readonly guild: GuildId;
  readonly done: PromiseWithResolvers<void>;
  /** `done`, or `WAIT_MS_MAX` after the first who asked. */
  readonly patience: Promise<void>;
  events: { readonly type: string; readonly data: unknown }[];
  /** The gateway has told of it meanwhile, or too much happened. */
  over: boolean;
};

type Joined = Extract<DirectoryChange, { type: "guild-joined" }>;

/** `met` hears what was learned of a guild, as if it had just been joined. */
export function createDiscovery(
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
  met: (application: ApplicationId, joined: Joined) => void,
): Discovery {
  const meetings = new Map<string, Meeting>();
  const queue: Meeting[] = [];
  const hopelessAtMs = createRecent<string, number>(HOPELESS_MAX);
  const introductions = new Map<KnownBot, Promise<boolean>>();
  let running = 0;

  async function askSelf({ discord, directory }: KnownBot): Promise<boolean> {
    const untilMs = clock.now() + INTRODUCE_MS_MAX;
    // READY may tell it meanwhile.
    while (directory.self() === null) {
      try {
        directory.setSelf(await discord.directory.self());
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        logger.warn({ application: discord.application, error }, "self-unknown");
        if (REFUSED.has(error.kind) || clock.now() > untilMs) return false;
        await clock.sleep(Math.max(PAUSE_MS, error.retryAfterMs ?? 0));
      }
    }
    return true;
  }

  async function run(): Promise<void> {
    running++;
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await ask(next);
    running--;
  }

  async function ask(meeting: Meeting): Promise<void> {
    const { bot, guild } = meeting;
    const key = keyOf(bot, guild);
    try {
      const told = meeting.over ? null : await bot.discord.directory.whole(guild);
      if (!meeting.over && told !== null) {
        const joined = bot.directory.observe("GUILD_CREATE", told);
        if (joined?.type === "guild-joined") met(bot.discord.application, joined);
        for (const { type, data } of meeting.events) bot.directory.observe(type, data);
      } else if (told === null) hopelessAtMs.set(key, clock.now());
    } catch (error) {
      hopelessAtMs.set(key, clock.now());
      logger.warn({ guild, error }, "guild-unknown");
    }
    meetings.delete(key);
    meeting.done.resolve();
  }

  return {
    introduce(bot) {
      const known = introductions.get(bot);
      if (known !== undefined) return known;
      const asking = askSelf(bot).finally(() => introductions.delete(bot));
      introductions.set(bot, asking);
      return asking;
    },

    meet(bot, guild) {
      const key = keyOf(bot, guild);
      const meeting = meetings.get(key);
      if (meeting !== undefined) return meeting.patience;
      const hopeless = clock.now() - (hopelessAtMs.get(key) ?? Number.NEGATIVE_INFINITY) < HOPELESS_MS;
      if (bot.directory.knows(guild) || hopeless || queue.length >= QUEUE_MAX) return Promise.resolve();

      const done = Promise.withResolvers<void>();
      const patience = Promise.race([done.promise, clock.sleep(WAIT_MS_MAX)]);
      const asked = { bot, guild, done, patience, events: [], over: false };
      meetings.set(key, asked);
      queue.push(asked);
      if (running < AT_ONCE_MAX) void run();
      return patience;
    },

    hear(bot, type, data) {
      if (meetings.size === 0) return;
      const fields = fieldsOf(data);
      const guild = snowflake(fields?.guild_id) ?? snowflake(fields?.id);
      const meeting = guild === null ? undefined : meetings.get(keyOf(bot, guild as GuildId));
      if (meeting === undefined) return;
      if (type === "GUILD_CREATE" || type === "GUILD_DELETE" || meeting.events.length >= EVENTS_MAX) {
        meeting.over = true;
        meeting.events = [];
        if (bot.directory.knows(meeting.guild)) meeting.done.resolve();
      } else meeting.events.push({ type, data });
    },
  };
}

function keyOf(bot: KnownBot, guild: GuildId): string {
  return `${bot.discord.application}:${guild}`;
}
