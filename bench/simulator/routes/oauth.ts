/**
 * OAuth2's token endpoint, revocation, and what a token is good for.
 * https://discord.com/developers/docs/topics/oauth2
 * PKCE: RFC 7636.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { ApiError } from "../api-error.ts";
import { applicationFlags } from "../application-payload.ts";
import { TOKEN_MS, type Token } from "../oauth-tokens.ts";
import { guildPayload, ownUserPayload } from "../payloads.ts";
import { type Context, ok, type Reply, type Route } from "../route.ts";
import type { Application, Json } from "../world.ts";

export const oauthRoutes: readonly Route[] = [
  { method: "POST", path: "/oauth2/token", auth: "none", handle: issue },
  {
    method: "POST",
    path: "/oauth2/token/revoke",
    auth: "none",
    handle(context) {
      client(context);
      context.services.oauth.revoke(String(context.body.token ?? ""));
      return ok({});
    },
  },
  {
    method: "GET",
    path: "/oauth2/@me",
    auth: "bearer",
    handle: ({ application, scopes, user }) =>
      ok({
        application: {
          id: application.id,
          name: application.name,
          icon: null,
          type: null,
          flags: applicationFlags(application),
          flags_new: String(applicationFlags(application)),
          description: application.description,
          hook: true,
          bot_public: true,
          bot_require_code_grant: false,
          verify_key: application.publicKey,
        },
        scopes,
        expires: new Date(Date.now() + TOKEN_MS).toISOString(),
        ...(user && scopes.includes("identify") ? { user: ownUserPayload(user) } : {}),
      }),
  },
];

function issue(context: Context): Reply {
  const { oauth, world } = context.services;
  const { body } = context;
  const application = client(context);
  switch (body.grant_type) {
    case "authorization_code": {
      const code = oauth.takeCode(String(body.code ?? ""));
      if (!code || code.applicationId !== application.id) throw refuse("invalid_grant", 'Invalid "code" in request.');
      if (code.redirectUri !== body.redirect_uri) throw refuse("invalid_grant", 'Invalid "redirect_uri" in request.');
      if (code.challenge && !proves(code.challenge, String(body.code_verifier ?? ""))) {
        throw refuse("invalid_grant", 'Invalid "code_verifier" in request.');
      }
      const guild = code.guildId === undefined ? undefined : world.guilds.get(code.guildId);
      return ok({ ...tokenBody(oauth.issue(code)), ...(guild ? { guild: guildPayload(guild) } : {}) });
    }
    case "refresh_token": {
      const old = oauth.takeRefresh(String(body.refresh_token ?? ""));
      if (!old || old.applicationId !== application.id)
        throw refuse("invalid_grant", 'Invalid "refresh_token" in request.');
      return ok(tokenBody(oauth.issue(old)));
    }
    case "client_credentials": {
      const scopes = String(body.scope ?? "identify").split(" ");
      // It stands for the application's owner; the bot's user does in this world.
      const { refresh_token: _none, ...token } = tokenBody(
        oauth.issue({ applicationId: application.id, userId: application.botId, scopes }),
      );
      return ok(token);
    }
    default:
      throw refuse("unsupported_grant_type", "Grant type None is not supported");
  }
}

/** The application that asks, by Basic authorization or in the body. */
function client(context: Context): Application {
  const basic = /^Basic (.+)$/.exec(context.authorization ?? "")?.[1];
  const [id, secret] = basic
    ? Buffer.from(basic, "base64").toString("utf8").split(":")
    : [String(context.body.client_id ?? ""), String(context.body.client_secret ?? "")];
  const application = context.services.world.applications.get(id ?? "");
  if (!application || application.clientSecret !== secret) throw new ApiError(401, { error: "invalid_client" });
  return application;
}

function tokenBody(token: Token): Json {
  return {
    token_type: "Bearer",
    access_token: token.access,
    expires_in: TOKEN_MS / 1000,
    refresh_token: token.refresh,
    scope: token.scopes.join(" "),
  };
}

function proves(challenge: { readonly method: "S256" | "plain"; readonly value: string }, verifier: string): boolean {
  const answer = challenge.method === "plain" ? verifier : createHash("sha256").update(verifier).digest("base64url");
  return answer.length === challenge.value.length && timingSafeEqual(Buffer.from(answer), Buffer.from(challenge.value));
}

function refuse(error: string, description: string): ApiError {
  return new ApiError(400, { error, error_description: description });
}
