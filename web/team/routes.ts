/**
 * Who may look into a server besides its admins: agents and viewers, found by name or Discord id. Admins come from Discord itself
 * (Manage Server): admins always mirror Discord's.
 */
import { AppError } from "../../src/errors.ts";
import type { UserId } from "../../src/ids.ts";
import { field, readForm } from "../body.ts";
import { type Route, route, withForm } from "../guard.ts";
import { htmlResponse, redirect } from "../respond.ts";
import { type GuildVisit, signature } from "../visit.ts";
import { GIVEN_ROLES, type GivenRole, type TeamFacts, type TeamProblem } from "./facts.ts";
import { teamPage } from "./view.ts";

const SHOWN_MAX = 200;
const MATCHES_MAX = 10;

export const teamRoutes: readonly Route[] = [
  route("admin", "GET", "/guilds/:guild/team", async (visit) => teamPage(visit, await facts(visit))),

  route("admin", "POST", "/guilds/:guild/team", async (visit) => {
    const form = await readForm(visit);
    const typed = field(form, "person", 40);
    const person = typed.replace(/^<@!?(\d+)>$/, "$1");
    const role = GIVEN_ROLES.find((known) => known === field(form, "role"));
    const refuse = (problem: TeamProblem) => refused(visit, problem, { person: typed, role: role ?? "viewer" });
    if (role === undefined) return refuse("role");
    if (!/^\d{15,20}$/.test(person)) {
      const matches = await membersNamed(visit, person.replace(/^@/, ""));
      if (matches === null) return refuse("id");
      if (matches.length === 0) return refuse("nobody-named");
      return htmlResponse(teamPage(visit, { ...(await facts(visit)), matches, typed: { person: typed, role } }));
    }
    const member = await memberName(visit, person);
    if (member.known && member.name === null) return refuse("not-member");
    return (await give(visit, person, role, member.name)) ? back(visit) : refuse("fixed");
  }),

  ...withForm("admin", "DELETE", "/guilds/:guild/team/:person", async (visit) =>
    (await give(visit, visit.params.person ?? "", null, null))
      ? back(visit)
      : refused(visit, "fixed", { person: "", role: "viewer" }),
  ),
];

async function give(visit: GuildVisit, person: string, role: GivenRole | null, name: string | null): Promise<boolean> {
  const { guild, services } = visit;
  const given = await services.store.people.giveRole(guild.guild, { person, name, role }, signature(visit.person));
  if (given) await services.bus.publish({ type: "access-changed", person });
  return given;
}

/** Discord knows who is a member; where it cannot be asked, an id is taken as it is. */
async function memberName(visit: GuildVisit, person: string): Promise<{ known: boolean; name: string | null }> {
  const { guild, services } = visit;
  try {
    const member = await services.discord(guild.application).members.get(guild.guild, person as UserId);
    return { known: true, name: member?.name ?? null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    services.logger.info({ guild: guild.guild, reason: error.kind }, "member-unknown");
    return { known: false, name: null };
  }
}

/** Null where Discord cannot be asked, or there is no name to ask for. */
async function membersNamed(visit: GuildVisit, name: string): Promise<TeamFacts["matches"]> {
  const { guild, services } = visit;
  if (name === "" || /^\d+$/.test(name)) return null;
  try {
    return await services.discord(guild.application).members.search(guild.guild, name, MATCHES_MAX);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    services.logger.info({ guild: guild.guild, reason: error.kind }, "members-unknown");
    return null;
  }
}

async function facts(visit: GuildVisit): Promise<TeamFacts> {
  const { services, guild, url } = visit;
  return {
    team: await services.store.people.team(guild.guild, SHOWN_MAX),
    signIn: services.config.discord.clientSecret !== null,
    saved: url.searchParams.get("saved") === "1",
    problem: null,
    matches: null,
    typed: { person: "", role: "agent" },
  };
}

async function refused(visit: GuildVisit, problem: TeamProblem, typed: TeamFacts["typed"]): Promise<Response> {
  return htmlResponse(teamPage(visit, { ...(await facts(visit)), problem, typed }), 422);
}

function back(visit: GuildVisit): Response {
  return redirect(visit, `/guilds/${visit.guild.guild}/team?saved=1`);
}
