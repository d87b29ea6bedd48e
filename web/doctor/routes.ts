/** What is wrong with the bot in this server, and what to do about it. */
import { diagnose, examine } from "../../src/status/doctor.ts";
import { type Route, route } from "../guard.ts";
import { doctorPage, findingsPart } from "./view.ts";

export const doctorRoutes: readonly Route[] = [
  route("admin", "GET", "/guilds/:guild/doctor", (visit) => doctorPage(visit)),

  route("admin", "GET", "/guilds/:guild/doctor/findings", async (visit) => {
    const { glances, guild } = visit;
    if (visit.url.searchParams.get("again") === "1") glances.again(guild.application, guild.guild);
    const facts = await examine({ ...visit.services, discord: glances.discord }, guild.guild);
    const all = diagnose(facts, visit.language);
    // Findings about the whole deployment are for the operator.
    const mine = visit.role === "operator" ? all : all.filter((finding) => finding.where !== null);
    return visit.fragment ? findingsPart(visit, mine) : doctorPage(visit, mine);
  }),
];
