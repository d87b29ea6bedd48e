/** The first page of a server. The doctor's findings come after the page, since they ask Discord. */
import { diagnose, examine } from "../../src/status/doctor.ts";
import { createOverviews } from "../../src/status/overview.ts";
import { type Route, route } from "../guard.ts";
import type { Kit } from "../kit.ts";
import { redirect } from "../respond.ts";
import { homePage, problemsPart } from "./view.ts";

export function homeRoutes({ services, names }: Kit): readonly Route[] {
  const overviews = createOverviews(services);
  return [
    route("any-role", "GET", "/guilds/:guild", async (visit) => {
      const [overview, nameOf] = await Promise.all([overviews.of(visit.guild.guild), names.of(visit)]);
      return homePage(visit, overview, nameOf);
    }),

    route("admin", "GET", "/guilds/:guild/home/findings", async (visit) => {
      if (!visit.fragment) return redirect(visit, `/guilds/${visit.guild.guild}/doctor`);
      const all = diagnose(
        await examine({ ...visit.services, discord: visit.glances.discord }, visit.guild.guild),
        visit.language,
      );
      return problemsPart(
        visit,
        all.filter(({ state, where }) => state === "problem" && (where !== null || visit.role === "operator")),
      );
    }),
  ];
}
