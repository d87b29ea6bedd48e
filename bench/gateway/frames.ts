/**
 * The load: MESSAGE_CREATE frames of about 1.5 kB as Discord writes them (compact, its order of members, the guild last), encoded once.
 * Numbers have a fixed width, so that a frame is sent again by overwriting digits: its sequence, its id, its time, its guild.
 *
 * Every guild has a real talk: one log's lines in their order, by their authors, each guild at another place of it. Algorithm: the
 * frames are the log, GUILDS pieces of LINES_A_PASS lines. In pass p guild g says the piece g + p, so all guilds talk at once, and
 * each goes on with its log in the next pass. Frames sent again as they are would be the same people who say the same thing in the same
 * second, and moderation would act on that flood instead of reading talk.
 */
import { readJsonLines, sharedData } from "../data.ts";

/** Every dispatch counts from here, so that all sequence numbers have eight digits. */
export const SEQUENCE_START = 10_000_000;
const SEQUENCE_DIGITS = 8;

export const GUILDS = 1_024;
export const CHANNELS = 20;
/** Where a guild's talk is. */
export const TALK_CHANNEL = 1;
/** One talk in a hundred is with the bot. */
export const ACTIVE_EVERY = 100;
export const ACTIVE_TALKS = Math.ceil(GUILDS / ACTIVE_EVERY);
/** Consecutive lines of a talk between which all other guilds have their turn. */
const LINES_A_PASS = 4;
export const PASS_FRAMES = GUILDS * LINES_A_PASS;
/** In a busy channel somebody says something every two seconds. */
const LINE_MS = 2_000;
const BEGAN_MS = Date.UTC(2026, 0, 5, 10);

export type Frame = {
  readonly bytes: Buffer;
  /** Where the digits of its sequence start. */
  readonly digitsAt: number;
  /** Null: it is no message. */
  readonly message: MessagePlaces | null;
};

type MessagePlaces = {
  /** Which piece of the log it belongs to, and its turn in that. */
  readonly piece: number;
  readonly turn: number;
  /** Where these start: the last digits of its id, its time, the ids of its guild and channel. */
  readonly idAt: number;
  readonly timeAt: number;
  readonly guildAt: number;
  readonly channelAt: number;
};

/** What a pass writes into frames: its times by turn, and the ids of the guilds by number. */
export type Pass = { readonly n: number; readonly times: readonly Uint8Array[]; readonly ids: readonly TalkIds[] };
export type TalkIds = { readonly guild: Uint8Array; readonly channel: Uint8Array };

export function guildId(index: number): string {
  return String(200_000_000_000_000_000n + BigInt(index) * 4_194_304n);
}

function channelId(guild: number, channel: number): string {
  return String(300_000_000_000_000_000n + BigInt(guild * 1_000 + channel) * 4_194_304n);
}

function userId(index: number): string {
  return String(400_000_000_000_000_000n + BigInt(index) * 4_194_304n);
}

type Line = { readonly author: string; readonly text: string };

/** Real talk where the shared data is, else sentences made of common words. */
async function talk(count: number): Promise<readonly Line[]> {
  const path = sharedData("smart-mode", "ubuntu_irc_train.jsonl");
  if (path === null) {
    const words = "the hub does not connect since update please help with sensor after restart it works thanks".split(
      " ",
    );
    return Array.from({ length: count }, (_, i) => ({
      author: `member-${(i * 7) % 12}`,
      text: Array.from({ length: 4 + (i % 23) }, (_, j) => words[(i * 7 + j * j) % words.length]).join(" "),
    }));
  }
  const lines = await readJsonLines<Line>(path);
  return Array.from({ length: count }, (_, i) => lines[i % lines.length] ?? { author: "", text: "" });
}

export async function chatLines(count: number): Promise<readonly string[]> {
  return (await talk(count)).map(({ text }) => text);
}

/** Each bot has guilds of its own, from this number on: settings in one database are a guild's, not a bot's. */
export function firstGuild(application: string): number {
  return Number(BigInt(application) % 100n) * 10_000;
}

/** All of one pass, in the order in which they are sent. */
export async function messageFrames(application: string): Promise<readonly Frame[]> {
  const lines = await talk(PASS_FRAMES);
  const people = new Map<string, number>();
  for (const { author } of lines) if (!people.has(author)) people.set(author, people.size);
  const first = firstGuild(application);
  return Array.from({ length: PASS_FRAMES }, (_, i) => {
    const piece = i % GUILDS;
    const turn = Math.floor(i / GUILDS);
    const { author, text } = lines[piece * LINES_A_PASS + turn] ?? { author: "", text: "" };
    const by = { number: people.get(author) ?? 0, name: author };
    return encode("MESSAGE_CREATE", message(i, first + piece, TALK_CHANNEL, text, [], by), piece, turn);
  });
}

export function encode(type: string, data: unknown, piece = 0, turn = 0): Frame {
  const text = `{"t":"${type}","s":${SEQUENCE_START},"op":0,"d":${JSON.stringify(data)}}`;
  const bytes = Buffer.from(text);
  const digitsAt = `{"t":"${type}","s":`.length;
  if (type !== "MESSAGE_CREATE") return { bytes, digitsAt, message: null };
  const { id, timestamp, guild_id, channel_id } = data as Readonly<Record<string, string>>;
  const valueAt = (key: string, value = "") => bytes.indexOf(`"${key}":"${value}"`) + key.length + 4;
  const places = {
    ...{ piece, turn },
    idAt: valueAt("id", id) + (id?.length ?? 0) - SEQUENCE_DIGITS,
    timeAt: valueAt("timestamp", timestamp),
    guildAt: valueAt("guild_id", guild_id),
    channelAt: valueAt("channel_id", channel_id),
  };
  return { bytes, digitsAt, message: places };
}

export function idsOf(application: string): readonly TalkIds[] {
  const first = firstGuild(application);
  return Array.from({ length: GUILDS }, (_, i) => ({
    guild: Buffer.from(guildId(first + i)),
    channel: Buffer.from(channelId(first + i, TALK_CHANNEL)),
  }));
}

/** `n` counts from 0. */
export function passOf(n: number, ids: readonly TalkIds[]): Pass {
  const times = Array.from({ length: LINES_A_PASS }, (_, turn) =>
    Buffer.from(new Date(BEGAN_MS + (n * LINES_A_PASS + turn) * LINE_MS).toISOString().slice(0, SECOND_CHARS)),
  );
  return { n, times, ids };
}

/** `2026-01-05T10:00:00`: what a pass writes of a time. */
const SECOND_CHARS = 19;

/** Makes the frame that starts at `at` the one with this sequence. A talk's line becomes the one of this pass; an id is never used twice. */
export function number(
  bytes: Uint8Array,
  at: number,
  { digitsAt, message: places }: Omit<Frame, "bytes">,
  sequence: number,
  pass: Pass | null,
): void {
  putDigits(bytes, at + digitsAt, sequence);
  if (places === null) return;
  putDigits(bytes, at + places.idAt, sequence);
  if (pass === null) return;
  const ids = pass.ids[(places.piece - (pass.n % GUILDS) + GUILDS) % GUILDS];
  const time = pass.times[places.turn];
  if (ids === undefined || time === undefined) return;
  bytes.set(time, at + places.timeAt);
  bytes.set(ids.guild, at + places.guildAt);
  bytes.set(ids.channel, at + places.channelAt);
}

/** Writes `sequence` over the digits at `at`. */
function putDigits(bytes: Uint8Array, at: number, sequence: number): void {
  let rest = sequence;
  for (let i = at + SEQUENCE_DIGITS - 1; i >= at; i--) {
    bytes[i] = 48 + (rest % 10);
    rest = (rest / 10) | 0;
  }
}

/** Letters that no codec can guess, as hashes and ids are; the same for the same `n`. */
function hex(n: number, digits: number): string {
  let state = Math.imul(n + 1, 0x9e3779b1) >>> 0;
  let text = "";
  while (text.length < digits) {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x297a2d39) >>> 0;
    text += (state >>> 4).toString(16).padStart(7, "0");
  }
  return text.slice(0, digits);
}

/** A snowflake of its own. */
function flake(n: number): string {
  return String(900_000_000_000_000_000n + (BigInt(`0x${hex(n, 14)}`) % 500_000_000_000_000_000n));
}

/** Who wrote a message, and when. */
type By = { readonly number: number; readonly name: string };

export function message(
  n: number,
  guild: number,
  channel: number,
  content: string,
  mentions: readonly unknown[] = [],
  by: By = { number: n, name: `Member ${hex(n + 90_000, 8)}` },
): object {
  const author = by.number;
  const tag = {
    tag: hex(author, 4).toUpperCase(),
    identity_guild_id: flake(author + 10_000),
    identity_enabled: true,
    badge: hex(author + 20_000, 32),
  };
  return {
    type: 0,
    tts: false,
    timestamp: `2026-01-05T10:00:00.${String(n % 1_000_000).padStart(6, "0")}+00:00`,
    pinned: false,
    nonce: flake(n + 30_000),
    mentions,
    mention_roles: [],
    mention_everyone: false,
    member: {
      roles: [flake(author + 40_000), flake((n % 20) + 50_000), flake((author % 40) + 60_000)],
      premium_since: null,
      pending: false,
      nick: null,
      mute: false,
      joined_at: `2023-04-05T06:07:08.${hex(author, 6).replace(/\D/g, "7")}+00:00`,
      flags: 0,
      deaf: false,
      communication_disabled_until: null,
      banner: null,
      avatar: null,
    },
    // Its last digits are written anew with each frame: ids grow with time, as Discord's do.
    id: `90${String(SEQUENCE_START + n).padStart(16, "0")}`,
    flags: 0,
    embeds: [],
    edited_timestamp: null,
    content,
    components: [],
    channel_type: 0,
    channel_id: channelId(guild, channel),
    author: {
      username: `${hex(author + 80_000, 9)}`,
      public_flags: 64,
      primary_guild: tag,
      id: userId(author),
      global_name: by.name,
      display_name_styles: { font_id: 1, effect_id: 2, colors: [5_793_266, 16_777_215] },
      discriminator: "0",
      collectibles: {
        nameplate: {
          sku_id: flake(author + 100_000),
          palette: "violet",
          label: "COLLECTIBLES_NEBULA",
          expires_at: null,
          asset: `nameplates/${hex(author + 110_000, 12)}/`,
        },
      },
      clan: tag,
      avatar_decoration_data: {
        sku_id: flake(author + 120_000),
        expires_at: null,
        asset: `a_${hex(author + 130_000, 32)}`,
      },
      avatar: hex(author + 140_000, 32),
    },
    attachments: [],
    guild_id: guildId(guild),
  };
}

/** A use of /ask in one of the first guilds, by a member of its own. */
export function ask(n: number, token: string, application: string): object {
  const guild = firstGuild(application) + (n % GUILDS);
  return {
    version: 1,
    id: flake(n + 700_000_000),
    type: 2,
    token,
    application_id: application,
    guild_id: guildId(guild),
    guild: { id: guildId(guild), locale: "en-US", features: [] },
    guild_locale: "en-US",
    channel_id: channelId(guild, 0),
    channel: { id: channelId(guild, 0), name: "channel-0", type: 0 },
    member: { user: { id: userId(600_000 + n), username: `asker-${n}` }, roles: [], permissions: "0" },
    locale: "en-US",
    data: { id: "1", name: "ask", type: 1, options: [{ name: "question", type: 3, value: "How do I connect it?" }] },
  };
}

export type GuildSize = { readonly members: number; readonly channels: number; readonly roles: number };

export function guildCreate(
  index: number,
  bot: { readonly id: string; readonly name: string },
  size: GuildSize,
): object {
  const id = guildId(index);
  const joined = "2023-04-05T06:07:08.900000+00:00";
  return {
    id,
    name: `Guild number ${index}`,
    icon: "0123456789abcdef0123456789abcdef",
    owner_id: userId(1),
    preferred_locale: "en-US",
    joined_at: joined,
    large: false,
    unavailable: false,
    member_count: size.members + 1,
    features: ["COMMUNITY", "NEWS"],
    verification_level: 1,
    default_message_notifications: 1,
    explicit_content_filter: 2,
    mfa_level: 0,
    premium_tier: 0,
    nsfw_level: 0,
    premium_progress_bar_enabled: false,
    system_channel_flags: 0,
    afk_timeout: 300,
    afk_channel_id: null,
    application_id: null,
    system_channel_id: null,
    rules_channel_id: null,
    public_updates_channel_id: null,
    vanity_url_code: null,
    description: null,
    banner: null,
    splash: null,
    discovery_splash: null,
    emojis: [],
    stickers: [],
    voice_states: [],
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
    threads: [],
    roles: [
      role(id, "@everyone", 0, "1071698660929"),
      ...Array.from({ length: size.roles }, (_, i) =>
        role(
          String(BigInt(id) + BigInt(i + 1)),
          i === 0 ? bot.name : `Role ${i}`,
          i + 1,
          "309237730304",
          i === 0 ? bot.id : null,
        ),
      ),
    ],
    channels: Array.from({ length: size.channels }, (_, i) => ({
      id: channelId(index, i),
      type: 0,
      name: `channel-${i}`,
      topic: "Talk about everything that has to do with this channel's name",
      position: i,
      parent_id: null,
      nsfw: false,
      flags: 0,
      rate_limit_per_user: 0,
      last_message_id: null,
      last_pin_timestamp: null,
      permission_overwrites: [{ id, type: 0, allow: "0", deny: "2048" }],
    })),
    members: [
      member(bot.id, bot.name, true, joined, [String(BigInt(id) + 1n)]),
      ...Array.from({ length: size.members }, (_, i) =>
        member(userId(index * 50 + i), `member${i}`, false, joined, []),
      ),
    ],
  };
}

function role(id: string, name: string, position: number, permissions: string, botId: string | null = null): object {
  return {
    id,
    name,
    position,
    permissions,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: botId !== null,
    mentionable: false,
    icon: null,
    unicode_emoji: null,
    flags: 0,
    ...(botId === null ? {} : { tags: { bot_id: botId } }),
  };
}

function member(id: string, username: string, bot: boolean, joined: string, roles: readonly string[]): object {
  return {
    user: {
      id,
      username,
      global_name: username,
      discriminator: "0",
      avatar: "0123456789abcdef0123456789abcdef",
      bot,
      public_flags: 0,
    },
    roles,
    joined_at: joined,
    nick: null,
    avatar: null,
    premium_since: null,
    pending: false,
    mute: false,
    deaf: false,
    flags: 0,
    communication_disabled_until: null,
  };
}
