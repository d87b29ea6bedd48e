/** API keys and idempotent requests. A request that nobody answered within a minute may be taken over. */
import { and, count, desc, eq, gt, isNull, lt, or, sql } from "drizzle-orm";
import { apiKeys, apiRequests } from "../../../drizzle/schema.ts";
import type { Clock } from "../../clock.ts";
import type { GuildId } from "../../ids.ts";
import type { ApiKey, ContactStore, KeyScope } from "../ports/contact.ts";
import type { Pool } from "./pool.ts";

const RUNNING_MS = 60_000;
const KEPT_MS = 24 * 3_600_000;
const LISTED_MAX = 100;
const USED_EVERY_MS = 60_000;

export function createContact(pool: Pool, clock: Clock): ContactStore {
  return {
    makeKey(guild, { name, hint, scopes, origins, createdBy, secretHash }, max) {
      const now = clock.now();
      return pool.transaction(async (db, attempt) => {
        await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`api-keys:${guild}`}, 0))`);
        const [there] = await db.select().from(apiKeys).where(eq(apiKeys.id, attempt));
        // The first run was committed and its answer lost.
        if (there !== undefined) return toKey(there);
        const [had] = await db
          .select({ n: count() })
          .from(apiKeys)
          .where(and(eq(apiKeys.guildId, guild), or(isNull(apiKeys.endsAt), gt(apiKeys.endsAt, now))));
        if ((had?.n ?? 0) >= max) return null;
        const [made] = await db
          .insert(apiKeys)
          .values({
            ...{ id: attempt, guildId: guild, name, secretHash, hint, createdAt: now, createdBy },
            scopes: [...scopes],
            origins: [...origins],
          })
          .returning();
        return made === undefined ? null : toKey(made);
      });
    },

    async keys(guild) {
      const rows = await pool.read((db) =>
        db
          .select()
          .from(apiKeys)
          .where(eq(apiKeys.guildId, guild))
          .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
          .limit(LISTED_MAX),
      );
      return rows.map(toKey);
    },

    async find(secretHash) {
      const [row] = await pool.read((db) =>
        db
          .select()
          .from(apiKeys)
          .where(and(eq(apiKeys.secretHash, secretHash), or(isNull(apiKeys.endsAt), gt(apiKeys.endsAt, clock.now())))),
      );
      return row === undefined ? null : toKey(row);
    },

    async used(guild, key) {
      const now = clock.now();
      await pool.write((db) =>
        db
          .update(apiKeys)
          .set({ lastUsedAt: now })
          .where(
            and(
              eq(apiKeys.guildId, guild),
              eq(apiKeys.id, key),
              or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, now - USED_EVERY_MS)),
            ),
          ),
      );
    },

    async end(guild, key, atMs) {
      const rows = await pool.write((db) =>
        db
          .update(apiKeys)
          .set({ endsAt: atMs })
          .where(
            and(eq(apiKeys.guildId, guild), eq(apiKeys.id, key), or(isNull(apiKeys.endsAt), gt(apiKeys.endsAt, atMs))),
          )
          .returning({ id: apiKeys.id }),
      );
      return rows.length > 0;
    },

    begin(guild, keyId, idempotencyKey, bodyHash) {
      const now = clock.now();
      return pool.transaction(async (db) => {
        await db.delete(apiRequests).where(and(eq(apiRequests.keyId, keyId), lt(apiRequests.at, now - KEPT_MS)));
        const values = { keyId, idempotencyKey, guildId: guild, bodyHash, at: now };
        const [mine] = await db.insert(apiRequests).values(values).onConflictDoNothing().returning();
        if (mine !== undefined) return { state: "new" } as const;
        const its = and(eq(apiRequests.keyId, keyId), eq(apiRequests.idempotencyKey, idempotencyKey));
        const [there] = await db.select().from(apiRequests).where(its).for("update");
        if (there === undefined || there.bodyHash !== bodyHash) return { state: "another" } as const;
        if (there.response !== null) return { state: "same", response: there.response } as const;
        if (there.at > now - RUNNING_MS) return { state: "running" } as const;
        await db.update(apiRequests).set({ at: now }).where(its);
        return { state: "new" } as const;
      });
    },

    async answered(guild, keyId, idempotencyKey, response) {
      const its = and(
        eq(apiRequests.guildId, guild),
        eq(apiRequests.keyId, keyId),
        eq(apiRequests.idempotencyKey, idempotencyKey),
      );
      await pool.write((db) =>
        response === null ? db.delete(apiRequests).where(its) : db.update(apiRequests).set({ response }).where(its),
      );
    },
  };
}

function toKey(row: typeof apiKeys.$inferSelect): ApiKey {
  return {
    id: row.id,
    guild: row.guildId as GuildId,
    name: row.name,
    hint: row.hint,
    scopes: row.scopes as KeyScope[],
    origins: row.origins,
    createdAtMs: row.createdAt,
    createdBy: row.createdBy,
    lastUsedAtMs: row.lastUsedAt,
    endsAtMs: row.endsAt,
  };
}
