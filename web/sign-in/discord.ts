/**
 * Sign-in by Discord. What the way back is checked against (state, PKCE verifier, where to go) travels in a signed cookie of ten
 * minutes that only this browser has and that works once (sign-in-gate.ts). Manage Server in a guild that the bot is in makes an admin there, until the next sign-in;
 * roles that were given by hand stay.
 */
import { timingSafeEqual } from "node:crypto";
import { addedApplication } from "../../src/config.ts";
import { AppError } from "../../src/errors.ts";
import type { GuildId } from "../../src/ids.ts";
import {
  type Adding,
  authorizeUrl,
  INVITED,
  inviteUrl,
  type OauthApplication,
  type OauthVisitor,
  visitorOf,
} from "../../src/oauth.ts";
import { neededBits } from "../../src/permissions.ts";
import type { Services } from "../../src/services.ts";
import { isSecret, openSession } from "../auth.ts";
import { cookie, cookies } from "../cookies.ts";
import { type Route, route } from "../guard.ts";
import type { Kit } from "../kit.ts";
import { HttpRefusal } from "../refusal.ts";
import { htmlResponse, ownPath, redirect } from "../respond.ts";
import { type SignInGate, WAY_MS } from "../sign-in-gate.ts";
import type { Visit } from "../visit.ts";
import { arrivingPage, type SignInProblem, signInPage } from "./view.ts";

/** Manage Server may be taken away meanwhile: a day, then Discord is asked again. */
const SESSION_MS = 24 * 3_600_000;

export const discordRoutes = ({ signInGate: gate }: Kit): readonly Route[] => [
  route("anyone", "GET", "/sign-in/discord", (visit) =>
    leave(visit, gate, visit.url.searchParams.get("next") ?? "", null),
  ),

  // The same way out and back, with the bot added on it. Where there is no way back, Discord's own page is the end of it.
  route("anyone", "GET", "/sign-in/discord/add", async (visit) => {
    const { config } = visit.services;
    const { apiBase, applicationId, clientSecret } = config.discord;
    const application = addedApplication(config);
    if (application === null) throw new HttpRefusal("not-found");
    const adding = await addingOf(visit);
    if (applicationId !== null && clientSecret !== null) return leave(visit, gate, "", adding);
    return toDiscord(inviteUrl(apiBase, application, adding.permissions, adding.guild));
  }),

  // The bot joins by the gateway, a moment before or after the browser is back.
  route("person", "GET", "/sign-in/discord/added/:server", async (visit) => {
    const server = visit.params.server ?? "";
    if (!isServerId(server)) throw new HttpRefusal("not-found");
    const { guilds, people } = visit.services.store;
    const row = await guilds.get(server as GuildId);
    const mine = visit.person.operator || (await people.role(visit.person.id, server as GuildId)) === "admin";
    if (row !== null && row.leftAtMs === null && mine) return redirect(visit, `/guilds/${server}/setup`);
    const tries = Number(/^\d{1,2}$/.exec(visit.url.searchParams.get("tries") ?? "")?.[0] ?? 0);
    const response = htmlResponse(arrivingPage(visit, tries >= ARRIVING_TRIES));
    if (tries < ARRIVING_TRIES)
      response.headers.set("refresh", `1; url=/sign-in/discord/added/${server}?tries=${tries + 1}`);
    return response;
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
    // Which server the bot was added to, in the browser's word: it counts where they may manage it.
    const added = visitor.manages.find((guild) => guild === visit.url.searchParams.get("guild_id")) ?? null;
    if (!(await admit(visit.services, visitor, added))) return refuse("no-guilds", 403);
    const next = added === null ? ownPath(way.next, "/guilds") : `/sign-in/discord/added/${added}`;
    const headers = new Headers({ location: next });
    headers.append("set-cookie", forget);
    // Whoever runs the deployment and adds a bot stays who they are.
    const stays = added !== null && visit.person?.operator === true;
    if (!stays) headers.append("set-cookie", await openSession(visit.services, visitor.id, secure, SESSION_MS));
    return new Response(null, { status: 303, headers });
  }),
];

/** How often the browser looks whether the bot has joined, once a second. */
const ARRIVING_TRIES = 30;

function leave(visit: Visit, gate: SignInGate, next: string, adding: Adding | null): Response {
  const application = applicationOf(visit);
  const secure = isSecure(visit);
  const way = gate.open(next);
  const response = toDiscord(authorizeUrl(application, way.state, way.verifier, adding));
  response.headers.append("set-cookie", cookie(wayCookie(secure), way.cookie, WAY_MS / 1_000, secure));
  return response;
}

function toDiscord(location: string): Response {
  return new Response(null, { status: 303, headers: { location } });
}

/** What is switched on in that server, for whoever may see it; else what answering needs, or moderation too. */
async function addingOf({ url, person, services }: Visit): Promise<Adding> {
  const asked = url.searchParams.get("guild") ?? "";
  const guild = isServerId(asked) ? (asked as GuildId) : null;
  const moderating = url.searchParams.get("moderation") === "1";
  const least = { permissions: moderating ? INVITED.moderating : INVITED.answering, guild };
  if (guild === null || person === null) return least;
  const { guilds, people } = services.store;
  const admin = person.operator || (await people.role(person.id, guild)) === "admin";
  const row = admin ? await guilds.get(guild) : null;
  return row === null ? least : { permissions: neededBits(row.settings), guild };
}

function isServerId(text: string): boolean {
  return /^\d{15,20}$/.test(text);
}

/**
 * Writes down who it is and where they are admin, also where the bot is `added` and has not joined yet; false when they may see
 * nothing.
 */
async function admit(services: Services, visitor: OauthVisitor, added: GuildId | null): Promise<boolean> {
  const { people, guilds } = services.store;
  // The operator stays operator, also after a sign-in by Discord.
  const operator = (await people.role(visitor.id, "0" as GuildId)) === "operator";
  await people.savePerson({ id: visitor.id, name: visitor.name, operator });

  const manages = new Set<GuildId>(added === null ? [] : [added]);
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
