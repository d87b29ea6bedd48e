/**
 * What is kept: one small port a noun, bundled. Whatever belongs to a guild takes the guild first and reaches no other's rows.
 *
 * Every query has a client-side deadline (2 s) and throws `AppError`; a commit whose answer was lost is settled by its key,
 * so every write that must happen once carries one. Texts are cleaned of NUL and lone surrogates at this edge.
 * Implementations: store/sql on any PostgreSQL 15–18, by URL or from store/embedded.
 */
import type { AccountsStore } from "./plans/plans.ts";
import type { QuotaStore } from "./plans/quota.ts";
import type { BotsStore } from "./store/ports/bots.ts";
import type { ChecksStore } from "./store/ports/checks.ts";
import type { ContactStore } from "./store/ports/contact.ts";
import type { ConversationsStore } from "./store/ports/conversations.ts";
import type { DecisionsStore } from "./store/ports/decisions.ts";
import type { DeskStore } from "./store/ports/desk.ts";
import type { DocumentsStore } from "./store/ports/documents.ts";
import type { EscalationsStore } from "./store/ports/escalations.ts";
import type { FiguresStore } from "./store/ports/figures.ts";
import type { GuildsStore } from "./store/ports/guilds.ts";
import type { InboxStore } from "./store/ports/inbox.ts";
import type { KnowledgeStore } from "./store/ports/knowledge.ts";
import type { MeaningsStore } from "./store/ports/meanings.ts";
import type { AlertsStore, CasesStore, ReportsStore, UnsettledStore } from "./store/ports/moderation.ts";
import type { OutboxStore } from "./store/ports/outbox.ts";
import type { PeopleStore } from "./store/ports/people.ts";
import type { PrivacyStore } from "./store/ports/privacy.ts";
import type { ProactiveStore } from "./store/ports/proactive.ts";
import type { ProcessesStore } from "./store/ports/processes.ts";
import type { RetentionStore } from "./store/ports/retention.ts";
import type { ShardsStore } from "./store/ports/shards.ts";
import type { StatesStore } from "./store/ports/states.ts";
import type { UsageStore } from "./store/ports/usage.ts";

export { holdFolder } from "./store/embedded.ts";

export type IndexBuild = {
  readonly built: readonly string[];
  /** Left to another process, which is at it. */
  readonly elsewhere: readonly string[];
};

export type Store = {
  readonly bots: BotsStore;
  readonly guilds: GuildsStore;
  readonly states: StatesStore;
  readonly knowledge: KnowledgeStore;
  readonly meanings: MeaningsStore;
  readonly documents: DocumentsStore;
  readonly conversations: ConversationsStore;
  readonly decisions: DecisionsStore;
  readonly desk: DeskStore;
  readonly checks: ChecksStore;
  readonly escalations: EscalationsStore;
  readonly outbox: OutboxStore;
  readonly usage: UsageStore;
  readonly accounts: AccountsStore;
  readonly quota: QuotaStore;
  readonly figures: FiguresStore;
  readonly proactive: ProactiveStore;
  readonly contact: ContactStore;
  readonly people: PeopleStore;
  readonly retention: RetentionStore;
  readonly privacy: PrivacyStore;
  readonly shards: ShardsStore;
  readonly processes: ProcessesStore;
  readonly inbox: InboxStore;
  readonly cases: CasesStore;
  readonly unsettled: UnsettledStore;
  readonly alerts: AlertsStore;
  readonly reports: ReportsStore;
  /** Applies missing migrations under an advisory lock; says which it applied. Indexes over large tables are `buildIndexes`'s. */
  migrate(): Promise<readonly string[]>;
  /**
   * Makes indexes that are missing or were left unfinished, while others read and write: minutes where tables are large. `told` is called
   * at the start of each. Aborted, it leaves at once, and the server ends what it has begun.
   */
  buildIndexes(signal: AbortSignal, told?: (index: string) => void): Promise<IndexBuild>;
  /** A query that answers within the deadline, or why not. */
  health(): Promise<{ readonly ok: true; readonly version: string } | { readonly ok: false; readonly problem: string }>;
  /** How busy its connections are. */
  load(): { readonly connections: number; readonly busy: number; readonly waiting: number };
  close(): Promise<void>;
};
