/** People who may sign in, and their roles by guild. Secrets arrive hashed. */
import { and, eq, gt, isNull, lt, or, sql } from "drizzle-orm";
import { audit, memberships, sessions, signInLinks, users } from "../../../drizzle/schema.ts";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { GuildId } from "../../ids.ts";
import type { PeopleStore, PersonRole, SessionRow } from "../ports/people.ts";
import type { Db } from "./connection.ts";
import type { Pool } from "./pool.ts";

export function createPeople(pool: Pool, clock: Clock): PeopleStore {
  async function session(db: Db, idHash: string): Promise<SessionRow | null> {
    const [row] = await db
      .select({ user: users, expiresAt: sessions.expiresAt })
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.userId))
      .where(and(eq(sessions.idHash, idHash), gt(sessions.expiresAt, clock.now())));
    if (row === undefined) return null;
    const { user } = row;
    return { id: idHash, person: user.id, name: user.name, operator: user.operator, expiresAtMs: row.expiresAt };
  }

  return {
    session: (idHash) => pool.read((db) => session(db, idHash)),

    async issueLink(secretHash, person, ttlMs) {
      const expiresAt = clock.now() + ttlMs;
      await pool.write((db) =>
        db.insert(signInLinks).values({ secretHash, userId: person, expiresAt }).onConflictDoNothing(),
      );
    },

    async redeemLink(secretHash) {
      const now = clock.now();
      const [row] = await pool.write((db, attempt) =>
        db
          .update(signInLinks)
          .set({ usedAt: now, usedBy: attempt })
          .where(
            and(
              eq(signInLinks.secretHash, secretHash),
              gt(signInLinks.expiresAt, now),
              or(isNull(signInLinks.usedAt), eq(signInLinks.usedBy, attempt)),
            ),
          )
          .returning({ person: signInLinks.userId }),
      );
      return row?.person ?? null;
    },

    async openSession(idHash, person, ttlMs) {
      const now = clock.now();
      const opened = await pool.transaction(async (db) => {
        const [user] = await db.select({ id: users.id }).from(users).where(eq(users.id, person));
        if (user === undefined) throw new AppError("not-found", `nobody is known as ${person}`);
        await db.delete(sessions).where(lt(sessions.expiresAt, now));
        await db
          .insert(sessions)
          .values({ idHash, userId: person, createdAt: now, expiresAt: now + ttlMs })
          .onConflictDoNothing();
        return session(db, idHash);
      });
      if (opened === null) throw new AppError("invalid", "a session that is over before it began");
      return opened;
    },

    async closeSession(idHash) {
      await pool.write((db) => db.delete(sessions).where(eq(sessions.idHash, idHash)));
    },

    async savePerson(person) {
      const values = { name: person.name, operator: person.operator, updatedAt: clock.now() };
      await pool.write((db) =>
        db
          .insert(users)
          .values({ id: person.id, ...values })
          .onConflictDoUpdate({ target: users.id, set: values }),
      );
    },

    async role(person, guild) {
      const [row] = await pool.read((db) =>
        db
          .select({ operator: users.operator, role: memberships.role })
          .from(users)
          .leftJoin(memberships, and(eq(memberships.userId, users.id), eq(memberships.guildId, guild)))
          .where(eq(users.id, person)),
      );
      if (row?.operator) return "operator";
      return (row?.role ?? null) as PersonRole | null;
    },

    async memberships(person) {
      const rows = await pool.read((db) =>
        db.select().from(memberships).where(eq(memberships.userId, person)).orderBy(memberships.guildId),
      );
      return rows.map((row) => ({ guild: row.guildId as GuildId, role: row.role as PersonRole }));
    },

    async giveRole(guild, { person, name, role }, by) {
      const now = clock.now();
      return pool.transaction(async (db, attempt) => {
        const [mine] = await db
          .select({ id: audit.id })
          .from(audit)
          .where(and(eq(audit.guildId, guild), eq(audit.attempt, attempt)));
        // The first run was committed and its answer lost.
        if (mine !== undefined) return true;
        if (name !== null) {
          await db.insert(users).values({ id: person, name, operator: false, updatedAt: now }).onConflictDoNothing();
        }
        const its = and(eq(memberships.userId, person), eq(memberships.guildId, guild));
        const [user] = await db.select().from(users).where(eq(users.id, person));
        const [member] = await db.select().from(memberships).where(its).for("update");
        if (user?.operator || member?.role === "admin") return false;
        const before = member?.role ?? null;
        if (before === role) return true;
        if (role === null) await db.delete(memberships).where(its);
        else {
          await db
            .insert(memberships)
            .values({ guildId: guild, userId: person, role, updatedAt: now })
            .onConflictDoUpdate({ target: [memberships.guildId, memberships.userId], set: { role, updatedAt: now } });
        }
        const who = { person, name: user?.name ?? name };
        const rows = { before: { ...who, role: before }, after: { ...who, role } };
        await db.insert(audit).values({ guildId: guild, at: now, by, what: "team", attempt, ...rows });
        return true;
      });
    },

    async team(guild, limit) {
      const rank = sql`array_position(array['admin', 'agent', 'viewer'], ${memberships.role})`;
      const rows = await pool.read((db) =>
        db
          .select({ person: memberships.userId, name: users.name, role: memberships.role })
          .from(memberships)
          .leftJoin(users, eq(users.id, memberships.userId))
          .where(eq(memberships.guildId, guild))
          .orderBy(rank, sql`lower(${users.name})`, memberships.userId)
          .limit(limit),
      );
      return rows.map((row) => ({ ...row, role: row.role as PersonRole }));
    },

    async setRole(person, guild, role) {
      const updatedAt = clock.now();
      await pool.write(async (db) => {
        if (role === null) {
          await db.delete(memberships).where(and(eq(memberships.userId, person), eq(memberships.guildId, guild)));
          return;
        }
        await db
          .insert(memberships)
          .values({ guildId: guild, userId: person, role, updatedAt })
          .onConflictDoUpdate({ target: [memberships.guildId, memberships.userId], set: { role, updatedAt } });
      });
    },
  };
}
