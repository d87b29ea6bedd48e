/**
 * The store on PostgreSQL 15–18: one file a noun in sql/, over one pool that this store owns (sql/pool.ts says why).
 * Called by services.ts, once in the main thread and once in each worker.
 */
import { sql } from "drizzle-orm";
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Store } from "../store.ts";
import type { KnowledgeLimits } from "./ports/knowledge.ts";
import { createAccounts } from "./sql/accounts.ts";
import { createAlerts, createReports } from "./sql/alerts.ts";
import { createBots } from "./sql/bots.ts";
import { buildIndexes } from "./sql/building-indexes.ts";
import { createCases } from "./sql/cases.ts";
import { createChecks } from "./sql/checks.ts";
import { createContact } from "./sql/contact.ts";
import { createConversations } from "./sql/conversations.ts";
import { createDecisions } from "./sql/decisions.ts";
import { createDesk } from "./sql/desk.ts";
import { createDocuments } from "./sql/documents.ts";
import { createEscalations } from "./sql/escalations.ts";
import { createFigures } from "./sql/figures.ts";
import { createGuilds } from "./sql/guilds.ts";
import { createInbox } from "./sql/inbox.ts";
import { createKnowledgeRows, KNOWLEDGE_LIMITS } from "./sql/knowledge.ts";
import { createMeaningRows } from "./sql/meanings.ts";
import { migrate } from "./sql/migrate.ts";
import { createOutbox } from "./sql/outbox.ts";
import { createPeople } from "./sql/people.ts";
import { createPool } from "./sql/pool.ts";
import { createPrivacy } from "./sql/privacy.ts";
import { createProactiveRows } from "./sql/proactive.ts";
import { createProcesses } from "./sql/processes.ts";
import { createQuotaRows } from "./sql/quota.ts";
import { createRetention } from "./sql/retention.ts";
import { createShards } from "./sql/shards.ts";
import { createStates } from "./sql/states.ts";
import { createUnsettled } from "./sql/unsettled-cases.ts";
import { createUsage } from "./sql/usage.ts";

/** Every worker has a store of its own. */
const CONNECTIONS = 4;

/** Searches wait for each other here, and nothing else waits for them. */
const SEARCHING_CONNECTIONS = 2;

/** Connects when it is first used. */
export function createSqlStore(options: {
  readonly url: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly connections?: number;
  readonly knowledgeLimits?: KnowledgeLimits;
}): Store {
  const { url, clock, logger } = options;
  const pool = createPool({ url, clock, logger, connections: options.connections ?? CONNECTIONS });
  const searching = createPool({ url, clock, logger, connections: SEARCHING_CONNECTIONS });
  const retention = createRetention(pool, clock);
  return {
    bots: createBots(pool, clock),
    guilds: createGuilds(pool, clock, logger),
    states: createStates(pool, logger),
    knowledge: createKnowledgeRows(pool, clock, options.knowledgeLimits ?? KNOWLEDGE_LIMITS),
    meanings: createMeaningRows(pool),
    documents: createDocuments(pool, clock),
    conversations: createConversations(pool, clock, searching),
    decisions: createDecisions(pool),
    desk: createDesk(pool, clock),
    checks: createChecks(pool, clock),
    escalations: createEscalations(pool, clock),
    outbox: createOutbox(pool, clock),
    usage: createUsage(pool),
    accounts: createAccounts(pool, clock),
    quota: createQuotaRows(pool, clock),
    figures: createFigures(pool),
    proactive: createProactiveRows(pool, clock),
    contact: createContact(pool, clock),
    people: createPeople(pool, clock),
    retention,
    privacy: createPrivacy(pool, clock, retention),
    shards: createShards(pool, clock),
    processes: createProcesses(pool),
    inbox: createInbox(pool, clock),
    cases: createCases(pool, clock, searching),
    unsettled: createUnsettled(pool, clock),
    alerts: createAlerts(pool, clock),
    reports: createReports(pool, clock),
    migrate: () => migrate(pool, clock, logger),
    buildIndexes: (signal, told = () => {}) => buildIndexes({ pool, url, logger }, signal, told),
    async health() {
      try {
        const [row] = await pool.read((db) => db.execute<{ server_version: string }>(sql`show server_version`));
        return { ok: true, version: row?.server_version ?? "unknown" };
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return { ok: false, problem: error.message };
      }
    },
    load: () => pool.load(),
    async close() {
      await Promise.all([pool.close(), searching.close()]);
    },
  };
}
