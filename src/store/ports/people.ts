/** People who use the dashboard: sign-in links, sessions, roles. */
import type { GuildId } from "../../ids.ts";

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
