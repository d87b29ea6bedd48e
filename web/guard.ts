/**
 * Who may come in. A route is made with its guard or not at all; what a guard lets through has the visit it promises.
 *
 *   anyone · signature (no browser: the handler checks one) · person (signed in) · operator
 *   any-role (agent, viewer or admin of the guild) · viewer-or-admin · agent-or-admin · admin. An operator has every role.
 *
 * A guild that a person has no role in does not exist for them: 404, like one that is not there.
 * Unsafe methods: `Sec-Fetch-Site` must say same-origin; where a browser does not send it, `Origin` must be ours; with neither, refused.
 */
import type { GuildId } from "../src/ids.ts";
import type { PersonRole } from "../src/store/ports/people.ts";
import { personOf } from "./auth.ts";
import type { Html } from "./html.ts";
import { HttpRefusal } from "./refusal.ts";
import { redirect } from "./respond.ts";
import type { GuildVisit, PersonVisit, Visit } from "./visit.ts";

export const GUARDS = [
  "anyone",
  "signature",
  "person",
  "operator",
  "any-role",
  "viewer-or-admin",
  "agent-or-admin",
  "admin",
] as const;
export type Guard = (typeof GUARDS)[number];
type GuildGuard = keyof typeof ROLES;

export type VisitOf<G extends Guard> = G extends "anyone" | "signature"
  ? Visit
  : G extends "person" | "operator"
    ? PersonVisit
    : GuildVisit;

export type Method = "GET" | "POST" | "PUT" | "DELETE";

export type Route = {
  readonly guard: Guard;
  readonly method: Method;
  readonly path: string;
  /** Runs the guard, then the handler. */
  readonly answer: (visit: Visit) => Promise<Html | Response>;
};

const ROLES = {
  "any-role": ["viewer", "agent", "admin", "operator"],
  "viewer-or-admin": ["viewer", "admin", "operator"],
  "agent-or-admin": ["agent", "admin", "operator"],
  admin: ["admin", "operator"],
} as const satisfies Readonly<Record<string, readonly PersonRole[]>>;

/** The path of a guild's page holds `:guild`. */
export function route<G extends Guard>(
  guard: G,
  method: Method,
  path: string,
  handle: (visit: VisitOf<G>) => Promise<Html | Response> | Html | Response,
): Route {
  if (isGuildGuard(guard) !== path.includes("/:guild")) {
    throw new Error(`${path} and its guard "${guard}" do not fit`);
  }
  return {
    guard,
    method,
    path,
    async answer(visit) {
      if (guard !== "signature" && method !== "GET") sameOrigin(visit);
      const admitted = await admit(guard, visit);
      return admitted instanceof Response ? admitted : await handle(admitted as VisitOf<G>);
    },
  };
}

/**
 * What changes or removes one thing: PUT or DELETE for htmx, and for a plain form a POST: on the same path in place of PUT, on
 * `…/delete` in place of DELETE.
 */
export function withForm<G extends Guard>(
  guard: G,
  method: "PUT" | "DELETE",
  path: string,
  handle: (visit: VisitOf<G>) => Promise<Html | Response> | Html | Response,
): readonly Route[] {
  const form = method === "DELETE" ? `${path}/delete` : path;
  return [route(guard, method, path, handle), route(guard, "POST", form, handle)];
}

function isGuildGuard(guard: Guard): guard is GuildGuard {
  return Object.hasOwn(ROLES, guard);
}

/** May somebody with this role in the guild pass `guard`? */
function allows(guard: GuildGuard, role: PersonRole): boolean {
  const roles: readonly PersonRole[] = ROLES[guard];
  return roles.includes(role);
}

/** Would this visitor pass `guard`? For links only: the route's own guard decides. */
export function maySee(guard: Guard, visit: Visit | GuildVisit): boolean {
  if (guard === "anyone" || guard === "signature") return true;
  if (guard === "person") return visit.person !== null;
  if (guard === "operator") return visit.person?.operator ?? false;
  return "role" in visit && allows(guard, visit.role);
}

/** Lets a visitor in again, as they are now: null when the session or the role is gone. For what outlives a request. */
export async function readmit<G extends Guard>(guard: G, visit: VisitOf<G>): Promise<VisitOf<G> | null> {
  const { services, request } = visit;
  const person = await personOf(services, request, visit.publicUrl.startsWith("https:"));
  try {
    const admitted = await admit(guard, { ...visit, person, nowMs: services.clock.now() });
    return admitted instanceof Response ? null : (admitted as VisitOf<G>);
  } catch (error) {
    if (error instanceof HttpRefusal) return null;
    throw error;
  }
}

async function admit(guard: Guard, visit: Visit): Promise<Visit | GuildVisit | Response> {
  if (guard === "anyone" || guard === "signature") return visit;
  const { person } = visit;
  if (person === null) {
    const next = visit.request.method === "GET" && !visit.fragment ? visit.url.pathname + visit.url.search : "/";
    return redirect(visit, next === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(next)}`);
  }
  if (guard === "person") return visit;
  if (guard === "operator") {
    if (!person.operator) throw new HttpRefusal("not-found");
    return visit;
  }
  const id = visit.params.guild ?? "";
  if (!/^\d{1,20}$/.test(id)) throw new HttpRefusal("not-found");
  const { store } = visit.services;
  const kept = person.operator ? "operator" : await store.people.role(person.id, id as GuildId);
  if (kept === null || !allows(guard, kept)) throw new HttpRefusal("not-found");
  const guild = await store.guilds.get(id as GuildId);
  if (guild === null) throw new HttpRefusal("not-found");
  const role = await visit.memberships.confirm(guild, person.id, kept);
  if (role === null || !allows(guard, role)) throw new HttpRefusal("not-found");
  return { ...visit, person, guild, role };
}

function sameOrigin(visit: Visit): void {
  const site = visit.request.headers.get("sec-fetch-site");
  if (site !== null) {
    if (site === "same-origin") return;
    throw new HttpRefusal("cross-site");
  }
  const origin = visit.request.headers.get("origin");
  const own = [new URL(visit.publicUrl).origin, visit.url.origin];
  if (origin === null || !own.includes(origin)) throw new HttpRefusal("cross-site");
}
