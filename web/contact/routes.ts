/** Keys to make, replace and revoke; the endpoint they open, and its description. */
import { createContacts, KEYS_MAX, newKeySecret, rotateKey } from "../../src/contact.ts";
import type { ApiKey } from "../../src/store/ports/contact.ts";
import { field, readForm } from "../body.ts";
import { type Route, route, withForm } from "../guard.ts";
import type { Kit } from "../kit.ts";
import { HttpRefusal } from "../refusal.ts";
import { htmlResponse, redirect } from "../respond.ts";
import { type GuildVisit, signature } from "../visit.ts";
import { answerByKey, talkByKey } from "./answers.ts";
import { openapi } from "./openapi.ts";
import { contactPage } from "./view.ts";

export type ContactFacts = {
  readonly keys: readonly ApiKey[];
  /** Shown this once. */
  readonly secret: string | null;
  readonly saved: boolean;
  readonly problem: "name" | "too-many" | null;
};

export function contactRoutes({ machine }: Kit): readonly Route[] {
  const contact = createContacts(machine.services);
  return [
    route("admin", "GET", "/guilds/:guild/contact", async (visit) => contactPage(visit, await facts(visit))),

    route("admin", "POST", "/guilds/:guild/contact/keys", async (visit) => {
      const { services, guild, person } = visit;
      const name = field(await readForm(visit.request, services.clock), "name", 80);
      if (name === "") return refused(visit, "name");
      const { secret, hash: secretHash, hint } = newKeySecret();
      const key = { name, hint, secretHash, scopes: ["answers"], createdBy: signature(person) } as const;
      const made = await services.store.contact.makeKey(guild.guild, key, KEYS_MAX);
      return made === null ? refused(visit, "too-many") : shown(visit, secret);
    }),

    route("admin", "POST", "/guilds/:guild/contact/keys/:key/rotate", async (visit) => {
      const secret = await rotateKey(visit.guild.guild, await keyOf(visit), signature(visit.person), visit.services);
      return secret === null ? refused(visit, "too-many") : shown(visit, secret);
    }),

    ...withForm("admin", "DELETE", "/guilds/:guild/contact/keys/:key", async (visit) => {
      const { services, guild } = visit;
      await services.store.contact.end(guild.guild, (await keyOf(visit)).id, services.clock.now());
      return redirect(visit, `/guilds/${guild.guild}/contact?saved=1`);
    }),

    route("signature", "POST", "/api/v1/answers", (visit) => answerByKey(visit, contact)),
    route("signature", "GET", "/api/v1/conversations", (visit) => talkByKey(visit, contact)),
    route("anyone", "GET", "/api/v1/openapi.json", () => Response.json(openapi)),
  ];
}

async function keyOf(visit: GuildVisit): Promise<ApiKey> {
  const keys = await visit.services.store.contact.keys(visit.guild.guild);
  const found = keys.find(({ id }) => id === visit.params.key);
  if (found === undefined) throw new HttpRefusal("not-found");
  return found;
}

async function facts(visit: GuildVisit): Promise<ContactFacts> {
  return {
    keys: await visit.services.store.contact.keys(visit.guild.guild),
    secret: null,
    saved: visit.url.searchParams.get("saved") === "1",
    problem: null,
  };
}

async function refused(visit: GuildVisit, problem: NonNullable<ContactFacts["problem"]>): Promise<Response> {
  return htmlResponse(contactPage(visit, { ...(await facts(visit)), problem }), 422);
}

/** Not by a redirect: what is shown once must not lie in an address. */
async function shown(visit: GuildVisit, secret: string): Promise<Response> {
  return htmlResponse(contactPage(visit, { ...(await facts(visit)), secret }));
}
