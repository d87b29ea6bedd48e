/** Control: who is signed in to Discord in the browser, so that a test needs no hand on the consent page. */
import type { ControlRoute } from "../control.ts";
import { found } from "../world.ts";
import { optional, text } from "./input.ts";

export const oauthControls: readonly ControlRoute[] = [
  {
    method: "POST",
    path: "/oauth/consent",
    handle({ services, body }) {
      const userId = text(body, "userId");
      found(services.world.users.get(userId), 10013);
      const guildId = optional(body.guildId);
      services.oauth.consent = {
        userId,
        ...(guildId === undefined ? {} : { guildId }),
        ...(body.deny === true ? { deny: true } : {}),
      };
    },
  },
  {
    method: "DELETE",
    path: "/oauth/consent",
    handle({ services }) {
      services.oauth.consent = undefined;
    },
  },
  {
    method: "POST",
    path: "/oauth/token",
    handle({ services, body }) {
      const [application] = services.world.applications.values();
      const applicationId = optional(body.applicationId) ?? application?.id ?? "";
      const scopes = String(body.scope ?? "identify guilds").split(" ");
      return { access_token: services.oauth.issue({ applicationId, userId: text(body, "userId"), scopes }).access };
    },
  },
];
