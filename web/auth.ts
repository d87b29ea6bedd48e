/**
 * Who a browser belongs to: one-time sign-in links and sessions. Both are 256 random bits; only their SHA-256 is stored, so
 * that a copy of the database signs nobody in.
 *
 * A link works once, within its time. Opening it shows a button, and pressing that spends it: previews and scanners spend nothing.
 */
import { createHash, randomBytes } from "node:crypto";
import type { Services } from "../src/services.ts";
import { cookie, cookies } from "./cookies.ts";
import type { Person } from "./visit.ts";

/** Long enough to find the console's line again, short enough to be worthless in an old log. */
const LINK_TTL_MS = 30 * 60_000;
const SESSION_TTL_MS = 7 * 24 * 3_600_000;

/** The person that a link of the console signs in: the operator. */
export const OPERATOR = "operator";

export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** 43 characters of base64url: anything else is not looked up. */
export function isSecret(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}

/** A new one-time link for the operator of this deployment, to be printed on the console. */
export async function issueSignInLink(services: Services, publicUrl: string): Promise<string> {
  const secret = newSecret();
  await services.store.people.savePerson({ id: OPERATOR, name: "Operator", operator: true });
  await services.store.people.issueLink(hashOf(secret), OPERATOR, LINK_TTL_MS);
  return `${publicUrl}/sign-in/${secret}`;
}

/** Spends a link: the cookie of a new session, or null for a link that is used, too old, or none of ours. */
export async function redeem(services: Services, secret: string, secure: boolean): Promise<string | null> {
  if (!isSecret(secret)) return null;
  const person = await services.store.people.redeemLink(hashOf(secret));
  return person === null ? null : await openSession(services, person, secure);
}

/** The cookie of a new session. */
export async function openSession(
  services: Services,
  person: string,
  secure: boolean,
  ttlMs: number = SESSION_TTL_MS,
): Promise<string> {
  const id = newSecret();
  await services.store.people.openSession(hashOf(id), person, ttlMs);
  return cookie(sessionCookie(secure), id, ttlMs / 1_000, secure);
}

export async function personOf(services: Services, request: Request, secure: boolean): Promise<Person | null> {
  const id = cookies(request).get(sessionCookie(secure));
  if (id === undefined || !isSecret(id)) return null;
  const session = await services.store.people.session(hashOf(id));
  if (session === null || session.expiresAtMs <= services.clock.now()) return null;
  return { id: session.person, name: session.name, operator: session.operator };
}

/** Ends the session here, in the store and in what is open of it; the answer is the cookie that removes it. */
export async function closeSession(
  services: Services,
  request: Request,
  person: Person,
  secure: boolean,
): Promise<string> {
  const id = cookies(request).get(sessionCookie(secure));
  if (id !== undefined && isSecret(id)) await services.store.people.closeSession(hashOf(id));
  await services.bus.publish({ type: "access-changed", person: person.id });
  return cookie(sessionCookie(secure), "", 0, secure);
}

/** `__Host-` binds it to this host and to https; browsers refuse that name over plain http. */
function sessionCookie(secure: boolean): string {
  return secure ? "__Host-gatehouse-session" : "gatehouse-session";
}
