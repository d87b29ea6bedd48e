/** A custom bot: looked at with Discord, kept, tested, taken away. The token is read from one form and shown by no page. */
import type { CheckedBot, CustomBotProblem } from "../../src/bots/custom.ts";
import type { ApplicationId } from "../../src/ids.ts";
import { field, readForm } from "../body.ts";
import { type Route, route, withForm } from "../guard.ts";
import type { Kit } from "../kit.ts";
import { htmlResponse, redirect } from "../respond.ts";
import type { GuildVisit } from "../visit.ts";
import type { SelfTest } from "../webhook.ts";
import { botPage, type OwnBotFacts, type TypedBot } from "./view.ts";

const PATH = "/guilds/:guild/bot";
const NOTHING: TypedBot = { application: "", publicKey: "" };

export function botRoutes({ customBots, webhook }: Kit): readonly Route[] {
  const show = async (visit: GuildVisit, more: Partial<OwnBotFacts>, status = 200) => {
    const own = await visit.services.store.bots.ofGuild(visit.guild.guild);
    const saved = visit.url.searchParams.get("saved") === "1";
    const facts = { own, checked: null, problem: null, typed: NOTHING, test: null, saved, ...more };
    return htmlResponse(botPage(visit, facts), status);
  };
  const refuse = (visit: GuildVisit, problem: CustomBotProblem, typed: TypedBot) =>
    show(visit, { problem, typed }, 422);

  return [
    route("admin", "GET", PATH, (visit) => show(visit, {})),

    route("admin", "POST", `${PATH}/check`, async (visit) => {
      const form = await readForm(visit);
      const typed = { application: field(form, "application", 30), publicKey: field(form, "publicKey", 100) };
      const checked = await customBots.check(visit.guild.guild, { ...typed, token: field(form, "token", 300) });
      return "problem" in checked ? refuse(visit, checked.problem, typed) : show(visit, { checked });
    }),

    route("admin", "POST", PATH, async (visit) => {
      const form = await readForm(visit);
      const checked: Pick<CheckedBot, "application" | "publicKey" | "name" | "pending"> = {
        application: field(form, "application", 30) as ApplicationId,
        publicKey: field(form, "publicKey", 100),
        name: field(form, "name", 100),
        pending: field(form, "pending", 1_000),
      };
      const problem = await customBots.save(visit.guild.guild, checked);
      if (problem !== null) return refuse(visit, problem, checked);
      return redirect(visit, `/guilds/${visit.guild.guild}/bot?saved=1`);
    }),

    route("admin", "POST", `${PATH}/self-test`, async (visit) => {
      await customBots.takeOver(visit.guild.guild);
      const test: SelfTest = await webhook.selfTest(visit.publicUrl);
      return show(visit, { test });
    }),

    ...withForm("admin", "DELETE", PATH, async (visit) => {
      await customBots.remove(visit.guild.guild);
      return redirect(visit, `/guilds/${visit.guild.guild}/bot`);
    }),
  ];
}
