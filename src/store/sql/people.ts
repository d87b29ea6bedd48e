/** Who may sign in, and what they may do in which guild. Secrets arrive hashed. */
import { and, eq, gt, isNull, lt, or } from "drizzle-orm";
import { memberships, sessions, signInLinks, users } from "../../../drizzle/schema.ts";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { GuildId } from "../../message.ts";
import type { PeopleStore, PersonRole, SessionRow } from "../../store.ts";
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
