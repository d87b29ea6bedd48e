/** Guilds with their settings. A change writes the audit row with it; a guild that returns finds its settings again. */

import { and, desc, eq, inArray, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import { accounts, audit, bots, guilds, memberships } from "../../../drizzle/schema.ts";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { ApplicationId, ChannelId, GuildId, RoleId } from "../../ids.ts";
import type { Logger } from "../../logger.ts";
import { FIRST_ACCOUNT } from "../../plans/plans.ts";
import { defaultSettings, type GuildSettings, guildSettingsSchema, LANGUAGES } from "../../settings/form.ts";
import type { Addressing, GuildRow, GuildsStore } from "../ports/guilds.ts";
import type { PersonRole } from "../ports/people.ts";
import { decoded } from "./decoded.ts";
import type { Pool } from "./pool.ts";

/** Whose guilds are that nobody has assigned; its plan is a self-hoster's: unlimited. */
export const DEFAULT_ACCOUNT = FIRST_ACCOUNT.id;

/** Threads kept a guild; a message in an older one needs a mention again after a restart. */
const OWN_THREADS_MAX = 200;

export function toGuildRow(row: typeof guilds.$inferSelect, logger: Logger): GuildRow {
  return {
    guild: row.guildId as GuildId,
    application: row.applicationId as ApplicationId,
    account: row.accountId,
    name: row.name,
    settings: readSettings(row.settings, row.guildId, logger),
    version: row.version,
    joinedAtMs: row.joinedAt,
    leftAtMs: row.leftAt,
    addressing: { botRole: row.botRole as RoleId | null, ownThreads: row.ownThreads as ChannelId[] },
  };
}

export function createGuilds(pool: Pool, clock: Clock, logger: Logger): GuildsStore {
  const toGuild = (row: typeof guilds.$inferSelect) => toGuildRow(row, logger);

  /** `takesOver`: the announcing application holds the guild from now on, even if another one held it. */
  async function enter(
    guild: GuildId,
    application: ApplicationId,
    name: string,
    locale: string | null,
    { addressing, takesOver }: { readonly addressing: Addressing | undefined; readonly takesOver: boolean },
  ): Promise<GuildRow> {
    const addressed = addressing && {
      botRole: addressing.botRole,
      ownThreads: addressing.ownThreads.slice(-OWN_THREADS_MAX),
    };
    const now = clock.now();
    const fresh = { ...{ guild, application, name, now }, language: languageOf(locale), ...(addressed ?? UNADDRESSED) };
    const [begun] = await pool.write((db) => db.execute(beginGuild(fresh)));
    if (begun !== undefined) return toGuild(decoded(guilds, begun));
    const row = await pool.transaction(async (db) => {
      const [there] = await db.select().from(guilds).where(eq(guilds.guildId, guild));
      if (there === undefined) return undefined;
      const mine = there.applicationId === application;
      if (mine && there.name === name && there.leftAt === null && isAddressed(there, addressed)) return there;
      if (!mine && !takesOver) return there;
      if (!mine && there.leftAt === null) {
        const brought = await db
          .select({ application: bots.applicationId })
          .from(bots)
          .where(and(eq(bots.guildId, guild), inArray(bots.applicationId, [application, there.applicationId])));
        const own = brought.map((bot) => bot.application);
        if (own.includes(there.applicationId) && !own.includes(application)) return there;
      }
      const [written] = await db
        .update(guilds)
        .set({
          applicationId: application,
          name,
          joinedAt: sql`case when ${guilds.leftAt} is null then ${guilds.joinedAt} else ${sql.param(now, guilds.joinedAt)} end`,
          leftAt: null,
          ...addressed,
        })
        .where(and(eq(guilds.guildId, guild), takesOver ? undefined : eq(guilds.applicationId, application)))
        .returning();
      // Another application took it in the meantime.
      return written ?? (await db.select().from(guilds).where(eq(guilds.guildId, guild)))[0];
    });
    if (row === undefined) throw new Error(`guild ${guild} was neither written nor there`);
    return toGuild(row);
  }

  return {
    join: (guild, application, name, locale, addressing) =>
      enter(guild, application, name, locale, { addressing, takesOver: true }),

    meet: (guild, application, name, locale) =>
      enter(guild, application, name, locale, { addressing: undefined, takesOver: false }),

    async address(guild, change) {
      const without = (thread: ChannelId) => sql`array_remove(${guilds.ownThreads}, ${thread})`;
      const set =
        "botRole" in change
          ? { botRole: change.botRole }
          : "closed" in change
            ? { ownThreads: without(change.closed) }
            : {
                ownThreads: sql`(array_append(${without(change.opened)}, ${change.opened}))[greatest(1, cardinality(${guilds.ownThreads}) + 2 - ${OWN_THREADS_MAX}::int):]`,
              };
      await pool.write((db) => db.update(guilds).set(set).where(eq(guilds.guildId, guild)));
    },

    async handOver(guild, application) {
      await pool.write((db) =>
        db
          .update(guilds)
          .set({ applicationId: application, botRole: null, ownThreads: [] })
          .where(eq(guilds.guildId, guild)),
      );
    },

    async leave(guild) {
      await pool.write((db) =>
        db
          .update(guilds)
          .set({ leftAt: clock.now() })
          .where(and(eq(guilds.guildId, guild), isNull(guilds.leftAt))),
      );
    },

    async get(guild) {
      const rows = await pool.read((db) => db.select().from(guilds).where(eq(guilds.guildId, guild)));
      return rows[0] === undefined ? null : toGuild(rows[0]);
    },

    async list(application) {
      const rows = await pool.read((db) =>
        db
          .select()
          .from(guilds)
          .where(application === undefined ? undefined : eq(guilds.applicationId, application))
          .orderBy(guilds.name, guilds.guildId),
      );
      return rows.map(toGuild);
    },

    async find({ text = "", person }, limit, before) {
      const wanted = text.trim();
      const pattern = `%${wanted.replaceAll(/[\\%_]/g, "\\$&")}%`;
      const found = await pool.read((db) => {
        const matching = and(
          wanted === "" ? undefined : or(sql`lower(${guilds.name}) like lower(${pattern})`, eq(guilds.guildId, wanted)),
          before === undefined ? undefined : further(before),
        );
        const place = [sql`${guilds.leftAt} is not null`, sql`lower(${guilds.name})`, guilds.guildId];
        return person === undefined
          ? db
              .select({ guild: guilds, role: sql<string>`'operator'` })
              .from(guilds)
              .where(matching)
              .orderBy(...place)
              .limit(limit + 1)
          : db
              .select({ guild: guilds, role: memberships.role })
              .from(guilds)
              .innerJoin(memberships, and(eq(memberships.guildId, guilds.guildId), eq(memberships.userId, person)))
              .where(matching)
              .orderBy(...place)
              .limit(limit + 1);
      });
      const items = found
        .slice(0, limit)
        .map(({ guild, role }) => ({ guild: toGuild(guild), role: role as PersonRole }));
      const last = items.at(-1)?.guild;
      return { items, cursor: found.length > limit && last !== undefined ? last.guild : null };
    },

    async change(guild, settings, by, what, version) {
      const after = guildSettingsSchema.parse(settings);
      const row = await pool.transaction(async (db, attempt) => {
        const [before] = await db.select().from(guilds).where(eq(guilds.guildId, guild)).for("update");
        if (before === undefined) throw new AppError("not-found", `guild ${guild} is not known`);
        const [mine] = await db
          .select({ id: audit.id })
          .from(audit)
          .where(and(eq(audit.guildId, guild), eq(audit.attempt, attempt)));
        // The first run was committed and its answer lost.
        if (mine !== undefined) return before;
        if (version !== undefined && before.version !== version) return null;
        const [changed] = await db
          .update(guilds)
          .set({ settings: after, version: before.version + 1 })
          .where(eq(guilds.guildId, guild))
          .returning();
        await db.insert(audit).values({
          guildId: guild,
          at: clock.now(),
          by,
          what,
          before: before.settings,
          after,
          attempt,
        });
        return changed;
      });
      if (row === undefined) throw new Error(`guild ${guild} vanished under its lock`);
      return row === null ? null : toGuild(row);
    },

    async audit(guild, limit, before) {
      const rows = await pool.read((db) =>
        db
          .select()
          .from(audit)
          .where(and(eq(audit.guildId, guild), before === undefined ? undefined : lt(audit.id, Number(before))))
          .orderBy(desc(audit.id))
          .limit(limit),
      );
      return rows.map(({ id, at, ...row }) => ({
        id: String(id),
        atMs: at,
        by: row.by,
        what: row.what,
        before: row.before,
        after: row.after,
      }));
    },
  };
}

/** Behind the guild that the page before ended with, wherever its name puts it now. */
function further(cursor: string): SQL {
  return sql`(${guilds.leftAt} is not null, lower(${guilds.name}), ${guilds.guildId}) >
    (select c.left_at is not null, lower(c.name), c.guild_id from ${guilds} c where c.guild_id = ${cursor})`;
}

function isAddressed(
  row: { readonly botRole: string | null; readonly ownThreads: readonly string[] },
  by: Addressing | undefined,
): boolean {
  if (by === undefined) return true;
  return row.botRole === by.botRole && row.ownThreads.join() === by.ownThreads.join();
}

/** Settings of an older version get today's defaults; unreadable ones become all defaults, and are named in the log. */
function readSettings(stored: unknown, guild: string, logger: Logger): GuildSettings {
  // Most guilds never change a setting, and a form is checked field by field.
  if (Bun.deepEquals(stored, defaultSettings)) return defaultSettings;
  const read = guildSettingsSchema.safeParse(stored);
  if (read.success) return read.data;
  logger.error({ guild, problem: read.error.message }, "settings-unreadable");
  return defaultSettings;
}

type Begun = Addressing & {
  readonly guild: GuildId;
  readonly application: ApplicationId;
  readonly name: string;
  readonly language: GuildSettings["language"];
  readonly now: number;
};

const UNADDRESSED: Addressing = { botRole: null, ownThreads: [] };

/** Records a guild that nobody has, and the account that all begin in; without a row where somebody has. */
function beginGuild({ guild, application, name, language, now, botRole, ownThreads }: Begun): SQL {
  const settings = sql.param({ ...defaultSettings, language }, guilds.settings);
  return sql`
    with account as (
      insert into ${accounts} (id, name, created_at)
      values (${FIRST_ACCOUNT.id}, ${FIRST_ACCOUNT.name}, ${sql.param(now, accounts.createdAt)}) on conflict do nothing
    )
    insert into ${guilds} (guild_id, application_id, account_id, name, settings, joined_at, bot_role, own_threads)
    values (${guild}, ${application}, ${DEFAULT_ACCOUNT}, ${name}, ${settings}, ${sql.param(now, guilds.joinedAt)}, ${botRole},
      ${sql.param(ownThreads, guilds.ownThreads)})
    on conflict do nothing returning *`;
}

function languageOf(locale: string | null): GuildSettings["language"] {
  const language = locale?.slice(0, 2).toLowerCase();
  return LANGUAGES.find((known) => known === language) ?? defaultSettings.language;
}
