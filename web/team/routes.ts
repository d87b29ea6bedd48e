/**
 * Who may look into a server besides its admins: agents and viewers, found by name or Discord id. Admins come from Discord itself
 * (Manage Server): admins always mirror Discord's.
 */
import { readForm } from "../body.ts";
import { type Route, route, withForm } from "../guard.ts";
import { addToTeam, giveRole, type TeamProblem } from "../parts/team-members.ts";
import { htmlResponse, redirect } from "../respond.ts";
import type { GuildVisit } from "../visit.ts";
import type { TeamFacts } from "./facts.ts";
import { teamPage } from "./view.ts";

const SHOWN_MAX = 200;

export const teamRoutes: readonly Route[] = [
  route("admin", "GET", "/guilds/:guild/team", async (visit) => teamPage(visit, await facts(visit))),

  route("admin", "POST", "/guilds/:guild/team", async (visit) => {
    const made = await addToTeam(visit, await readForm(visit));
    if ("problem" in made) return refused(visit, made.problem, made.typed);
    if ("added" in made) return back(visit);
    return htmlResponse(teamPage(visit, { ...(await facts(visit)), matches: made.matches, typed: made.typed }));
  }),

  ...withForm("admin", "DELETE", "/guilds/:guild/team/:person", async (visit) =>
    (await giveRole(visit, visit.params.person ?? "", null, null))
      ? back(visit)
      : refused(visit, "fixed", { person: "", role: "viewer" }),
  ),
];

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
