/**
 * A person's rows. Which columns may name somebody is read from the schema: a table that is added later is searched and
 * cleared without anybody having to remember it here. Cases are cleared by forgotten-cases.ts, because their chain must hold.
 */
import { and, eq, getTableColumns, getTableName, is, type SQL, sql } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";
import * as schema from "../../../drizzle/schema.ts";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { ApplicationId, GuildId, UserId } from "../../ids.ts";
import type { KeptText, PrivacyStore } from "../ports/privacy.ts";
import type { RetentionStore } from "../ports/retention.ts";
import type { Db } from "./connection.ts";
import { forgetInCases } from "./forgotten-cases.ts";
import type { Pool } from "./pool.ts";

const TABLES: readonly PgTable[] = Object.values(schema).flatMap((table: unknown) =>
  is(table, PgTable) ? [table] : [],
);
/** The team's own texts and settings, which it changes itself; bots and shards, which are no people; cases, see above. */
const UNTOUCHED: readonly PgTable[] = [
  ...[schema.guilds, schema.sources, schema.documents, schema.passages, schema.meanings, schema.knowledge, schema.bots],
  ...[schema.shards, schema.gateways, schema.identifies, schema.identifyTurns],
  ...[schema.moderationCases, schema.moderationEvents, schema.moderationHeads],
  // A wish not to be read outlives a wish to be forgotten.
  schema.optOuts,
];
/** They open doors, or say nothing about a person. */
const NOT_HANDED_OUT = [
  "secret_hash",
  "id_hash",
  "used_by",
  "attempt",
  "takeover_attempt",
  "evidence_salt",
  "text_salt",
];
const ROWS_A_READ = 500;

export function createPrivacy(pool: Pool, clock: Clock, retention: RetentionStore): PrivacyStore {
  return {
    everything(user, guild) {
      return pool.longTransaction(async (db) => {
        const kept: Record<string, Record<string, unknown>[]> = {};
        for (const table of TABLES) {
          const theirs = rowsOf(table, user);
          if (theirs === null) continue;
          const names = columnsOf(table).map(({ name }) => name);
          if (guild !== null && !names.includes("guild_id")) continue;
          const here = guild === null ? sql`true` : sql`guild_id = ${guild}`;
          const rows = await db.execute<{ row: string }>(
            sql`select to_jsonb(t)::text as row from ${table} t where ${here} and (${theirs})`,
          );
          if (rows.length === 0) continue;
          kept[getTableName(table)] = rows.map(({ row }) => {
            const fields = Object.entries(JSON.parse(row) as Record<string, unknown>);
            return Object.fromEntries(fields.filter(([name]) => !NOT_HANDED_OUT.includes(name)));
          });
        }
        return kept;
      });
    },

    async forget(user) {
      const [bot] = await pool.read((db) =>
        db.execute(sql`select 1 from ${schema.bots} where application_id = ${user} limit 1`),
      );
      if (bot !== undefined) throw new AppError("invalid", `${user} is a bot of this installation, not a person.`);
      const talked = await guildsOf(pool, sql`select guild_id from ${schema.conversations} where member_id = ${user}`);
      for (const guild of talked) await retention.forgetMember(guild, user);
      const alias = nobody(clock);
      const names = (
        await pool.read((db) =>
          db.execute<{ name: string }>(sql`
            select name from ${schema.users} where id = ${user}
            union select member_name from ${schema.conversations} where member_id = ${user}
            union select author_name from ${schema.moderationCases} where author_id = ${user}`),
        )
      ).flatMap(({ name }) => (name === "" ? [] : [name]));
      const judged = await guildsOf(pool, sql`select guild_id from ${schema.moderationHeads}`);
      const inCases: GuildId[] = [];
      for (const guild of judged) {
        const found = await pool.longTransaction((db, attempt) =>
          forgetInCases(db, { guild, attempt, user, alias, names, now: clock.now() }),
        );
        if (found) inCases.push(guild);
      }
      const member = await guildsOf(pool, sql`select guild_id from ${schema.memberships} where user_id = ${user}`);
      await pool.longTransaction((db) => emptyNames(db, user));
      // A table at a time: none waits for another, and a forget that was cut off goes on when it is asked for again.
      for (const table of TABLES) {
        if (!UNTOUCHED.includes(table)) await pool.longTransaction((db) => rename(db, table, user, alias));
      }
      return [...new Set([...talked, ...inCases, ...member])];
    },

    async guilds(application, user) {
      const { guilds, conversations, moderationCases, memberships } = schema;
      const theirs = sql`
        select guild_id from ${conversations} where member_id = ${user}
        union select guild_id from ${moderationCases} where author_id = ${user}
        union select guild_id from ${memberships} where user_id = ${user}`;
      return await guildsOf(
        pool,
        sql`select guild_id from ${guilds} where application_id = ${application} and guild_id in (${theirs})`,
      );
    },

    async optOuts() {
      const rows = await pool.read((db) => db.select().from(schema.optOuts));
      return rows.map(({ applicationId, userId }) => ({
        application: applicationId as ApplicationId,
        user: userId as UserId,
      }));
    },

    async setOptOut(application, user, out) {
      const { optOuts } = schema;
      await pool.write((db) =>
        out
          ? db
              .insert(optOuts)
              .values({ applicationId: application, userId: user, createdAt: clock.now() })
              .onConflictDoNothing()
          : db.delete(optOuts).where(and(eq(optOuts.applicationId, application), eq(optOuts.userId, user))),
      );
    },

    async *texts() {
      const tables = await pool.read((db) =>
        db.execute<{ name: string }>(sql`
          select table_name as name from information_schema.tables
          where table_schema = current_schema() and table_type = 'BASE TABLE' order by 1`),
      );
      for (const { name } of tables) {
        // By their place on disk, so that no statement takes long however large the table is.
        for (let after = "(0,0)"; ; ) {
          const rows = await pool.read((db) =>
            db.execute<{ row: string; place: string }>(sql`
              select to_jsonb(t)::text as row, ctid::text as place from ${sql.identifier(name)} t
              where ctid > ${after}::tid order by ctid limit ${ROWS_A_READ}`),
          );
          yield rows.flatMap(({ row }) => textsOf(name, row));
          const last = rows.at(-1);
          if (last === undefined || rows.length < ROWS_A_READ) break;
          after = last.place;
        }
      }
    },
  };
}

/** Which rows are a person's own; null for a table that holds none. */
function rowsOf(table: PgTable, user: UserId): SQL | null {
  // A row that names them as its agent is another member's.
  if (table === schema.conversations) return sql`member_id = ${user}`;
  if (table === schema.moderationCases) return sql`author_id = ${user}`;
  if (UNTOUCHED.includes(table) && table !== schema.moderationEvents && table !== schema.optOuts) return null;
  const columns = columnsOf(table);
  const named = columns.filter(({ type }) => type === "text").map(({ name }) => sql`${sql.identifier(name)} = ${user}`);
  const has = (name: string) => columns.some((column) => column.name === name);
  if (has("conversation_id"))
    named.push(sql`conversation_id in (select id from ${schema.conversations} where member_id = ${user})`);
  if (has("case_id")) named.push(sql`case_id in (select id from ${schema.moderationCases} where author_id = ${user})`);
  return named.length === 0 ? null : sql.join(named, sql` or `);
}

/** Columns that name the person without their id, and rows that mean nothing without the person. */
async function emptyNames(db: Db, user: UserId): Promise<void> {
  const { conversations, turns, conversationNotes, decisions, outbox, users, signInLinks, memberships } = schema;
  const theirs = sql`(select id from ${conversations} where member_id = ${user})`;
  const teamNames = sql`(select name from ${users} where id = ${user})`;
  for (const statement of [
    sql`update ${turns} set author = '' where (role = 'member' and conversation_id in ${theirs}) or (role = 'agent' and author in ${teamNames})`,
    sql`update ${conversationNotes} set text = '' where conversation_id in ${theirs} or by_id = ${user}`,
    sql`update ${conversationNotes} set by_name = '' where by_id = ${user}`,
    sql`update ${decisions} set why = null where conversation_id in ${theirs}`,
    // Unsent messages to them, or about them, are dropped.
    sql`update ${outbox} set payload = null, state = case when state = 'planned' then 'refused' else state end,
      problem = case when state = 'planned' then 'the person was forgotten' else problem end where conversation_id in ${theirs}`,
    sql`update ${conversations} set agent_name = '' where agent_id = ${user}`,
    sql`update ${conversations} set assignee_name = '' where assignee_id = ${user}`,
    sql`update ${conversations} set member_name = '', last_text = '' where member_id = ${user}`,
    // Messages that nobody has handled yet, and answers kept for repeated requests.
    sql`delete from ${schema.inbox} where strpos(payload, ${user}) > 0`,
    sql`delete from ${schema.apiRequests} where strpos(response::text, ${user}) > 0`,
    sql`update ${schema.accounts} set owner_id = null, mail = null where owner_id = ${user}`,
    sql`delete from ${memberships} where user_id = ${user}`,
    sql`delete from ${signInLinks} where user_id = ${user}`,
    // Changes of settings are written with their author's name.
    sql`update ${schema.audit} set "by" = '' where "by" in ${teamNames}`,
    sql`delete from ${users} where id = ${user}`,
  ])
    await db.execute(statement);
}

/** Puts `alias` in place of the id in every text and JSON of the table. */
async function rename(db: Db, table: PgTable, user: UserId, alias: string): Promise<void> {
  const columns = columnsOf(table);
  if (columns.length === 0) return;
  const sets = columns.map(({ name, type }) => {
    const column = sql.identifier(name);
    return sql`${column} = regexp_replace(${column}::text, ${`(?<![0-9a-z])${user}(?![0-9a-z])`}, ${alias}, 'g')::${sql.raw(type)}`;
  });
  const named = columns.map(({ name }) => sql`strpos(${sql.identifier(name)}::text, ${user}) > 0`);
  await db.execute(sql`update ${table} set ${sql.join(sets, sql`, `)} where ${sql.join(named, sql` or `)}`);
}

function columnsOf(table: PgTable): readonly { readonly name: string; readonly type: string }[] {
  return Object.values(getTableColumns(table)).flatMap((column) => {
    const type = column.getSQLType();
    return ["text", "text[]", "jsonb"].includes(type) ? [{ name: column.name, type }] : [];
  });
}

async function guildsOf(pool: Pool, query: SQL): Promise<readonly GuildId[]> {
  const rows = await pool.read((db) =>
    db.execute<{ guild_id: string }>(sql`select distinct guild_id from (${query}) g`),
  );
  return rows.map(({ guild_id }) => guild_id as GuildId);
}

/** A well-formed Discord id, of an account that would be made in 2083: every reader of ids still reads it. */
function nobody(clock: Clock): string {
  return `9${String(BigInt(`0x${clock.id()}`) % 10n ** 18n).padStart(18, "0")}`;
}

function textsOf(table: string, row: string): KeptText[] {
  return Object.entries(JSON.parse(row) as Record<string, unknown>).flatMap(([column, value]) =>
    leaves(value).map((text) => ({ table, column, text })),
  );
}

function leaves(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return [...(Array.isArray(value) ? [] : Object.keys(value)), ...Object.values(value).flatMap(leaves)];
}
