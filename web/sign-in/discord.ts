/**
 * Sign-in by Discord. What the way back is checked against (state, PKCE verifier, where to go) travels in a signed cookie of ten
 * minutes that only this browser has and that works once (sign-in-gate.ts). Manage Server in a guild that the bot is in makes an admin there, until the next sign-in;
 * roles that were given by hand stay.
 */
import { timingSafeEqual } from "node:crypto";
import { AppError } from "../../src/errors.ts";
import type { GuildId } from "../../src/ids.ts";
import { authorizeUrl, type OauthApplication, type OauthVisitor, visitorOf } from "../../src/oauth.ts";
import type { Services } from "../../src/services.ts";
import { isSecret, openSession } from "../auth.ts";
import { cookie, cookies } from "../cookies.ts";
import { type Route, route } from "../guard.ts";
import type { Kit } from "../kit.ts";
import { HttpRefusal } from "../refusal.ts";
import { htmlResponse, ownPath } from "../respond.ts";
import { WAY_MS } from "../sign-in-gate.ts";
import type { Visit } from "../visit.ts";
import { type SignInProblem, signInPage } from "./view.ts";

/** Manage Server may be taken away meanwhile: a day, then Discord is asked again. */
const SESSION_MS = 24 * 3_600_000;

export const discordRoutes = ({ signInGate: gate }: Kit): readonly Route[] => [
  route("anyone", "GET", "/sign-in/discord", (visit) => {
    const application = applicationOf(visit);
    const secure = isSecure(visit);
    const way = gate.open(visit.url.searchParams.get("next") ?? "");
    return new Response(null, {
      status: 303,
      headers: {
        location: authorizeUrl(application, way.state, way.verifier),
        "set-cookie": cookie(wayCookie(secure), way.cookie, WAY_MS / 1_000, secure),
      },
    });
  }),

  route("anyone", "GET", "/sign-in/discord/return", async (visit) => {
    const application = applicationOf(visit);
    const secure = isSecure(visit);
    const forget = cookie(wayCookie(secure), "", 0, secure);
    const refuse = (problem: SignInProblem, status: number) => {
      const response = htmlResponse(signInPage(visit, problem), status);
      response.headers.append("set-cookie", forget);
      return response;
    };

    const state = visit.url.searchParams.get("state") ?? "";
    const code = visit.url.searchParams.get("code") ?? "";
    const proof = cookies(visit.request).get(wayCookie(secure)) ?? "";
    if (!isSecret(state) || !/^[\w.~-]{1,512}$/.test(code)) return refuse("discord", 400);
    // Before anything is looked up: a stranger costs Discord nothing that a bucket does not grant.
    if (!gate.admit(visit.address)) return refuse("busy", 429);
    const way = await gate.close(proof);
    if (way === null || !same(state, way.state)) return refuse("discord", 400);

    let visitor: OauthVisitor;
    try {
      visitor = await visitorOf(application, code, way.verifier, visit.services.refusals);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      visit.services.logger.warn({ reason: error.kind, problem: error.message }, "sign-in-refused");
      if (error.kind === "overloaded") return refuse("busy", 429);
      return refuse("discord", error.kind === "unauthorized" ? 403 : 502);
    }
    if (!(await admit(visit.services, visitor))) return refuse("no-guilds", 403);
    const headers = new Headers({ location: ownPath(way.next, "/guilds") });
    headers.append("set-cookie", forget);
    headers.append("set-cookie", await openSession(visit.services, visitor.id, secure, SESSION_MS));
    return new Response(null, { status: 303, headers });
  }),
];

/** Writes down who it is and where they are admin; false when they may see nothing. */
async function admit(services: Services, visitor: OauthVisitor): Promise<boolean> {
  const { people, guilds } = services.store;
  // The operator stays operator, also after a sign-in by Discord.
  const operator = (await people.role(visitor.id, "0" as GuildId)) === "operator";
  await people.savePerson({ id: visitor.id, name: visitor.name, operator });

  const manages = new Set<GuildId>();
  for (const guild of visitor.manages) {
    const row = await guilds.get(guild);
    if (row !== null && row.leftAtMs === null) manages.add(guild);
  }
  const before = await people.memberships(visitor.id);
  for (const { guild, role } of before) {
    if (role === "admin" && !manages.has(guild)) await people.setRole(visitor.id, guild, null);
  }
  for (const guild of manages) await people.setRole(visitor.id, guild, "admin");
  await services.bus.publish({ type: "access-changed", person: visitor.id });
  return operator || manages.size > 0 || before.some(({ role }) => role !== "admin");
}

function applicationOf(visit: Visit): OauthApplication {
  const { apiBase, applicationId, clientSecret } = visit.services.config.discord;
  if (applicationId === null || clientSecret === null) throw new HttpRefusal("not-found");
  return { apiBase, applicationId, clientSecret, redirectUri: `${visit.publicUrl}/sign-in/discord/return` };
}

function wayCookie(secure: boolean): string {
  return secure ? "__Host-gatehouse-way" : "gatehouse-way";
}

function isSecure(visit: Visit): boolean {
  return visit.publicUrl.startsWith("https:");
}

function same(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
