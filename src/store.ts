/**
 * What is kept: one small port a noun, bundled. Whatever belongs to a guild takes the guild first and reaches no other's rows.
 *
 * Every query has a client-side deadline (2 s) and throws `AppError`; a commit whose answer was lost is settled by its key,
 * so every write that must happen once carries one. Texts are cleaned of NUL and lone surrogates at this edge.
 * Implementations: store/sql on any PostgreSQL 15–18, by URL or from store/embedded.
 */
import type { GuildSettings } from "./guilds.ts";
import type { PassageRow } from "./knowledge.ts";
import type { ApplicationId, ChannelId, GuildId, MessageId, RoleId, UserId } from "./message.ts";
import type { AccountsStore } from "./plans.ts";
import type { QuotaStore } from "./quota.ts";
import type { Outcome, OutcomeKind } from "./record.ts";
import type { AlertsStore, CasesStore, ReportsStore } from "./store/ports/moderation.ts";
import type { Refusal, Takeover, TakeoverEvent } from "./takeover.ts";

export * from "./store/ports/moderation.ts";

export type Store = {
  readonly bots: BotsStore;
  readonly guilds: GuildsStore;
  readonly knowledge: KnowledgeStore;
  readonly conversations: ConversationsStore;
  readonly effects: EffectsStore;
  readonly usage: UsageStore;
  readonly accounts: AccountsStore;
  readonly quota: QuotaStore;
  readonly people: PeopleStore;
  readonly shards: ShardsStore;
  readonly inbox: InboxStore;
  readonly cases: CasesStore;
  readonly alerts: AlertsStore;
  readonly reports: ReportsStore;
  /** Applies missing migrations under an advisory lock; says which it applied. */
  migrate(): Promise<readonly string[]>;
  /** A query that answers within the deadline, or why not. */
  health(): Promise<{ readonly ok: true; readonly version: string } | { readonly ok: false; readonly problem: string }>;
  close(): Promise<void>;
};

/** Newest first, where nothing else is said; `before` is the `cursor` of the page before. */
export type Page<T> = { readonly items: readonly T[]; readonly cursor: string | null };

// — bots —————————————————————————————————————————————————————————————————————

export type BotRow = {
  readonly application: ApplicationId;
  readonly shared: boolean;
  readonly publicKey: string;
  /** AES-256-GCM, see crypto.ts; null for the shared bot, whose token is in the environment. */
  readonly tokenSealed: string | null;
  readonly name: string;
  /** The hash of the commands that Discord knows, so that they are registered once and not at every start. */
  readonly commandsHash: string | null;
};

export type BotsStore = {
  save(bot: BotRow): Promise<void>;
  get(application: ApplicationId): Promise<BotRow | null>;
  list(): Promise<readonly BotRow[]>;
  setCommandsHash(application: ApplicationId, hash: string | null): Promise<void>;
};

// — guilds ———————————————————————————————————————————————————————————————————

export type GuildRow = {
  readonly guild: GuildId;
  readonly application: ApplicationId;
  readonly account: string;
  readonly name: string;
  readonly settings: GuildSettings;
  /** Grows with every change of settings. */
  readonly version: number;
  readonly joinedAtMs: number;
  readonly leftAtMs: number | null;
  readonly addressing: Addressing;
};

export type AddressingChange =
  | { readonly botRole: RoleId }
  | { readonly opened: ChannelId }
  | { readonly closed: ChannelId };

/** How the bot is addressed there besides its name: what a process must know that resumed and was not told of the guild. */
export type Addressing = {
  /** The role that Discord made for the bot. */
  readonly botRole: RoleId | null;
  /** Threads that it opened, the newest last; archived ones may be missing. */
  readonly ownThreads: readonly ChannelId[];
};

export type GuildsStore = {
  /** Upserts on GUILD_CREATE; settings are kept for a guild that returns. `locale` becomes the default language of a new one. */
  join(
    guild: GuildId,
    application: ApplicationId,
    name: string,
    locale: string | null,
    /** Left out: as it was. */
    addressing?: Addressing,
  ): Promise<GuildRow>;
  /** A change of how the bot is addressed; a guild that is not there is left alone. */
  address(guild: GuildId, change: AddressingChange): Promise<void>;
  leave(guild: GuildId): Promise<void>;
  get(guild: GuildId): Promise<GuildRow | null>;
  list(application?: ApplicationId): Promise<readonly GuildRow[]>;
  /** By name, those the bot has left at the end; `text` is a part of the name, or an id. */
  find(filter: GuildFilter, limit: number, before?: string): Promise<Page<FoundGuild>>;
  /** Writes settings and an audit row in one transaction. */
  change(guild: GuildId, settings: GuildSettings, by: string, what: string): Promise<GuildRow>;
  audit(guild: GuildId, limit: number): Promise<readonly AuditRow[]>;
};

export type GuildFilter = {
  readonly text?: string;
  /** Only where this person has a role; left out: all of them, as an operator sees them. */
  readonly person?: string;
};

export type FoundGuild = { readonly guild: GuildRow; readonly role: PersonRole };

export type AuditRow = {
  readonly atMs: number;
  readonly by: string;
  readonly what: string;
  readonly before: unknown;
  readonly after: unknown;
};

// — knowledge ————————————————————————————————————————————————————————————————

export type SourceKind = "files" | "website" | "pairs" | "text";

export type SourceRow = {
  readonly id: string;
  readonly kind: SourceKind;
  readonly name: string;
  readonly config: unknown;
  readonly state: "idle" | "running" | "failed";
  readonly progress: {
    readonly done: number;
    readonly total: number;
    readonly failures: readonly { readonly what: string; readonly reason: string }[];
  };
  readonly documents: number;
  readonly passages: number;
  readonly updatedAtMs: number;
};

export type DocumentInput = {
  /** Unique within its source: a path or a URL. */
  readonly key: string;
  readonly title: string;
  readonly url: string | null;
  readonly language: string;
  /** SHA-256 of the extracted text and the chunker's version: equal means unchanged. */
  readonly hash: string;
  readonly passages: readonly Omit<PassageRow, "id" | "document" | "source" | "kind">[];
};

export type KnowledgeStore = {
  /** Makes a source, or changes the one of that `id`; "not-found" where it has been removed since. */
  saveSource(
    guild: GuildId,
    source: { readonly id?: string; readonly kind: SourceKind; readonly name: string; readonly config: unknown },
  ): Promise<SourceRow>;
  setProgress(
    guild: GuildId,
    source: string,
    state: SourceRow["state"],
    progress: SourceRow["progress"],
  ): Promise<void>;
  sources(guild: GuildId): Promise<readonly SourceRow[]>;
  /**
   * Websites of all guilds the bot is in that are to be read: marked as running (by whoever runs them, or left so by a process
   * that ended), or due by their schedule. One that an admin stopped is the admin's to go on with. Longest untouched first.
   */
  websitesDue(limit: number): Promise<readonly { readonly guild: GuildId; readonly source: string }[]>;
  /** Key → hash of what is indexed, for change detection. */
  hashes(guild: GuildId, source: string): Promise<ReadonlyMap<string, string>>;
  /** Replaces a document and its passages in one transaction; grows the guild's knowledge version. */
  putDocument(guild: GuildId, source: string, document: DocumentInput): Promise<void>;
  removeDocuments(guild: GuildId, source: string, keys: readonly string[]): Promise<number>;
  removeSource(guild: GuildId, source: string): Promise<boolean>;
  /** All passages of a guild for its index, with the version they belong to. */
  load(guild: GuildId): Promise<{
    readonly version: number;
    readonly passages: readonly PassageRow[];
  }>;
  version(guild: GuildId): Promise<number>;
};

// — conversations ————————————————————————————————————————————————————————————

export type ConversationRow = {
  readonly id: string;
  readonly guild: GuildId;
  readonly channel: ChannelId;
  readonly channelName: string;
  readonly member: UserId;
  readonly memberName: string;
  readonly startedAtMs: number;
  readonly lastAtMs: number;
  readonly turns: number;
  readonly takeover: Takeover;
  readonly escalatedAtMs: number | null;
  readonly lastText: string;
};

export type Source = {
  readonly n: number;
  readonly title: string;
  readonly url: string | null;
  readonly passage: string;
};

export type TurnRow = {
  readonly id: string;
  readonly role: "member" | "bot" | "agent";
  readonly author: string;
  readonly text: string;
  readonly atMs: number;
  readonly message: MessageId | null;
  readonly sources: readonly Source[];
  readonly outcome: Outcome | null;
  readonly feedback: "up" | "down" | null;
};

export type ConversationFilter = {
  readonly text?: string;
  readonly member?: UserId;
  readonly channel?: ChannelId;
  readonly state?: "open" | "agent" | "escalated";
  readonly sinceMs?: number;
};

export type ConversationsStore = {
  /** The running conversation of a member in a channel, or a new one when the last turn is older than `idleMs`. */
  open(
    guild: GuildId,
    who: {
      readonly channel: ChannelId;
      readonly channelName: string;
      readonly member: UserId;
      readonly memberName: string;
    },
    idleMs: number,
  ): Promise<ConversationRow>;
  /** Writes what one trigger led to: its turns, outcome and usage, once per `trigger`; false when it was there already. */
  record(guild: GuildId, exchange: Exchange): Promise<boolean>;
  list(guild: GuildId, filter: ConversationFilter, limit: number, before?: string): Promise<Page<ConversationRow>>;
  get(
    guild: GuildId,
    id: string,
  ): Promise<{ readonly conversation: ConversationRow; readonly turns: readonly TurnRow[] } | null>;
  feedback(guild: GuildId, message: MessageId, value: "up" | "down"): Promise<boolean>;
  /** Applies `event` to the takeover of a conversation in one transaction. */
  takeover(guild: GuildId, conversation: string, event: TakeoverEvent): Promise<Takeover | Refusal | null>;
  /** Channels that have conversations, by newest: what a filter can offer. */
  channels(guild: GuildId, limit: number): Promise<readonly { readonly id: ChannelId; readonly name: string }[]>;
  /** What became of messages and why, newest first: "why was it silent?" */
  decisions(guild: GuildId, filter: DecisionFilter, limit: number, before?: string): Promise<Page<DecisionRow>>;
  /** The newest conversation of any guild this member spoke in with this bot: where a direct message finds its knowledge. */
  homeOf(application: ApplicationId, member: UserId): Promise<GuildId | null>;
};

export type DecisionFilter = {
  readonly kind?: OutcomeKind;
  readonly channel?: ChannelId;
  readonly reason?: string;
  /** The one of this trigger. */
  readonly trigger?: string;
};

export type DecisionRow = {
  readonly trigger: string;
  readonly atMs: number;
  readonly channel: ChannelId;
  readonly conversation: string | null;
  readonly outcome: Outcome;
  /** The model's own words, where it was asked whether to speak. */
  readonly why: string | null;
};

export type Exchange = {
  readonly trigger: string;
  readonly conversation: string | null;
  readonly channel: ChannelId;
  readonly turns: readonly Omit<TurnRow, "id" | "feedback">[];
  /** `escalated` marks the conversation for the team, from now on. */
  readonly outcome: Outcome;
  readonly why?: string | null;
  readonly usage: UsageEntry | null;
};

// — effects: what is to be done to the world, once ——————————————————————————

/** An effect's life: planned → sent (in flight under a fence) → done | failed | refused. Keyed by what triggered it. */
export type EffectsStore = {
  /**
   * Marks a send in flight, in one transaction with the takeover's fence. `held`: an agent speaks here now.
   * `done`: it happened already (with what it made). `in-flight`: somebody sent it and did not say how it ended.
   */
  begin(guild: GuildId | null, key: string, conversation: string | null): Promise<EffectBegin>;
  finish(key: string, result: { readonly message: MessageId } | { readonly failed: string }): Promise<void>;
  /** Sends still in flight in a conversation, for a takeover that waits for them. */
  inFlight(guild: GuildId, conversation: string): Promise<number>;
};

export type EffectBegin =
  | { readonly state: "begun" }
  | { readonly state: "held"; readonly agent: UserId }
  | { readonly state: "done"; readonly message: MessageId | null }
  | { readonly state: "in-flight"; readonly sinceMs: number };

// — usage ————————————————————————————————————————————————————————————————————

export type UsageKind = "answer" | "moderation" | "proactive";

/** Where it came from. */
export type Contact = "discord" | "api" | "widget";

export type UsageEntry = {
  readonly kind: UsageKind;
  /** Left out: Discord. */
  readonly contact?: Contact;
  readonly count: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly costUsd: number;
};

export type UsageRow = UsageEntry & { readonly guild: GuildId; readonly day: string; readonly contact: Contact };

export type UsageStore = {
  /** Per day (of the account's time zone) and kind, oldest first. */
  days(guild: GuildId, sinceMs: number): Promise<readonly (UsageEntry & { readonly day: string })[]>;
  /** Of all guilds of an account, from one day to before another, oldest first. */
  rows(account: string, from: string, until: string): Promise<readonly UsageRow[]>;
  /** Dollars that a guild cost on a day. */
  costOn(guild: GuildId, day: string): Promise<number>;
};

// — people ———————————————————————————————————————————————————————————————————

export type PersonRole = "operator" | "admin" | "agent" | "viewer";

export type SessionRow = {
  readonly id: string;
  readonly person: string;
  readonly name: string;
  readonly operator: boolean;
  readonly expiresAtMs: number;
};

export type TeamRow = { readonly person: string; readonly name: string | null; readonly role: PersonRole };

export type PeopleStore = {
  /** A one-time sign-in link: only the hash of its secret is kept; it works once, until `ttlMs`. */
  issueLink(secretHash: string, person: string, ttlMs: number): Promise<void>;
  redeemLink(secretHash: string): Promise<string | null>;
  openSession(idHash: string, person: string, ttlMs: number): Promise<SessionRow>;
  session(idHash: string): Promise<SessionRow | null>;
  closeSession(idHash: string): Promise<void>;
  savePerson(person: { readonly id: string; readonly name: string; readonly operator: boolean }): Promise<void>;
  role(person: string, guild: GuildId): Promise<PersonRole | null>;
  setRole(person: string, guild: GuildId, role: PersonRole | null): Promise<void>;
  /**
   * The same by somebody, with an audit row. `name` is what a person who never signed in is called until then. An operator or
   * an admin of the guild is left alone: false.
   */
  giveRole(
    guild: GuildId,
    to: { readonly person: string; readonly name: string | null; readonly role: "agent" | "viewer" | null },
    by: string,
  ): Promise<boolean>;
  /** Everybody with a role in the guild, by role and name. */
  team(guild: GuildId, limit: number): Promise<readonly TeamRow[]>;
  /** Every guild where this person has a role. */
  memberships(person: string): Promise<readonly { readonly guild: GuildId; readonly role: PersonRole }[]>;
};

// — shards ———————————————————————————————————————————————————————————————————

export type ShardRow = {
  readonly application: ApplicationId;
  readonly shard: number;
  readonly shards: number;
  readonly holder: string | null;
  /** Grows with every change of holder; a write under an older fence is refused. */
  readonly fence: number;
  readonly untilMs: number;
  readonly session: { readonly id: string; readonly resumeUrl: string; readonly settled: number } | null;
};

export type ShardsStore = {
  /** Takes a free or expired shard, or renews one's own; null while another holds it. */
  lease(
    application: ApplicationId,
    shard: number,
    shards: number,
    holder: string,
    ttlMs: number,
  ): Promise<ShardRow | null>;
  release(application: ApplicationId, shard: number, holder: string, fence: number): Promise<void>;
  /** False when `fence` is no longer the newest. */
  saveSession(application: ApplicationId, shard: number, fence: number, session: ShardRow["session"]): Promise<boolean>;
  /** Counts an IDENTIFY in the ledger before it is sent, and answers how many there were since `sinceMs` (this one included). */
  countIdentify(application: ApplicationId, shard: number, sinceMs: number): Promise<number>;
  /**
   * Takes the next turn of `key` (shard % max_concurrency) among all processes: in how many ms it is, 0 for now. Turns are
   * `paceMs` apart by the store's clock; one that is not used is lost.
   */
  takeIdentifyTurn(application: ApplicationId, key: number, paceMs: number): Promise<number>;
  /** Forgets leases, sessions and the ledger of a bot whose Discord is a new one: the demo's. */
  forget(application: ApplicationId): Promise<void>;
  list(application?: ApplicationId): Promise<readonly ShardRow[]>;
};

// — inbox: messages whose work outlives the sequence number ——————————————————

/**
 * A message held over 2 s is written here and its sequence settles; a restart runs it again. `holder` names the process that
 * works on it. What was taken three times, or parked, is kept and not taken any more.
 */
export type InboxStore = {
  put(
    application: ApplicationId,
    message: MessageId,
    guild: GuildId | null,
    payload: string,
    holder: string,
  ): Promise<void>;
  remove(application: ApplicationId, message: MessageId): Promise<void>;
  /** Nobody is to try this one again by itself: it ends who does. */
  park(application: ApplicationId, message: MessageId): Promise<void>;
  /** Every process that some message here belongs to. */
  holders(application: ApplicationId): Promise<readonly string[]>;
  /**
   * What others left, oldest first: those of the `dead` at once, anybody's whose time is up, but never one's own. Marks it
   * taken by `holder` for `ttlMs`.
   */
  take(
    application: ApplicationId,
    by: {
      readonly holder: string;
      readonly dead: readonly string[];
      readonly limit: number;
      readonly ttlMs: number;
    },
  ): Promise<
    readonly {
      readonly message: MessageId;
      readonly guild: GuildId | null;
      readonly payload: string;
      readonly attempts: number;
    }[]
  >;
};
