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
import { answerInWidget, talkInWidget, widgetScript } from "./widget.ts";

export type ContactFacts = {
  readonly keys: readonly ApiKey[];
  /** Shown this once. */
  readonly secret: string | null;
  /** It is a widget's, which stands in pages. */
  readonly widget: boolean;
  readonly saved: boolean;
  readonly problem: "name" | "origins" | "too-many" | null;
};

const ORIGINS_MAX = 20;

export function contactRoutes({ machine }: Kit): readonly Route[] {
  const contact = createContacts(machine.services);
  return [
    route("admin", "GET", "/guilds/:guild/contact", async (visit) => contactPage(visit, await facts(visit))),

    route("admin", "POST", "/guilds/:guild/contact/keys", async (visit) => {
      const { services, guild, person } = visit;
      const form = await readForm(visit);
      const name = field(form, "name", 80);
      if (name === "") return refused(visit, "name");
      const origins = originsIn(field(form, "origins", 2_000));
      if (origins === null) return refused(visit, "origins");
      const { secret, hash: secretHash, hint } = newKeySecret();
      const scopes = [origins.length > 0 ? "widget" : "answers"] as const;
      // The dashboard itself may show what it makes.
      const from = origins.length > 0 ? [...origins, new URL(visit.publicUrl).origin] : [];
      const key = { name, hint, secretHash, scopes, origins: from, createdBy: signature(person) };
      const made = await services.store.contact.makeKey(guild.guild, key, KEYS_MAX);
      return made === null ? refused(visit, "too-many") : shown(visit, secret, origins.length > 0);
    }),

    route("admin", "POST", "/guilds/:guild/contact/keys/:key/rotate", async (visit) => {
      const key = await keyOf(visit);
      const secret = await rotateKey(visit.guild.guild, key, signature(visit.person), visit.services);
      return secret === null ? refused(visit, "too-many") : shown(visit, secret, key.scopes.includes("widget"));
    }),

    ...withForm("admin", "DELETE", "/guilds/:guild/contact/keys/:key", async (visit) => {
      const { services, guild } = visit;
      await services.store.contact.end(guild.guild, (await keyOf(visit)).id, services.clock.now());
      return redirect(visit, `/guilds/${guild.guild}/contact?saved=1`);
    }),

    route("signature", "POST", "/api/v1/answers", (visit) => answerByKey(visit, contact)),
    route("signature", "GET", "/api/v1/conversations", (visit) => talkByKey(visit, contact)),
    route("signature", "POST", "/widget/v1/answers", (visit) => answerInWidget(visit, contact)),
    route("signature", "GET", "/widget/v1/talk", (visit) => talkInWidget(visit, contact)),
    route("anyone", "GET", "/widget.js", (visit) => widgetScript(visit.request)),
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
    widget: false,
    saved: visit.url.searchParams.get("saved") === "1",
    problem: null,
  };
}

async function refused(visit: GuildVisit, problem: NonNullable<ContactFacts["problem"]>): Promise<Response> {
  return htmlResponse(contactPage(visit, { ...(await facts(visit)), problem }), 422);
}

/** Not by a redirect: a key that is shown once must not stand in an address. */
async function shown(visit: GuildVisit, secret: string, widget: boolean): Promise<Response> {
  return htmlResponse(contactPage(visit, { ...(await facts(visit)), secret, widget }));
}

/** One page's address a line, as a browser names its origin; null where one is none. */
function originsIn(text: string): readonly string[] | null {
  const lines = text
    .split(/[\s,]+/)
    .filter((line) => line !== "")
    .slice(0, ORIGINS_MAX);
  const origins = lines.map((line) => (/^https?:\/\//i.test(line) && URL.canParse(line) ? new URL(line).origin : null));
  return origins.includes(null) ? null : [...new Set(origins.filter((origin) => origin !== null))];
}
