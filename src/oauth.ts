/**
 * Sign-in by Discord: the authorization code grant with state and PKCE (S256), then who it is and where they may manage.
 *
 *   authorizeUrl ── browser ──▶ Discord ── code ──▶ visitorOf: token, /users/@me, /users/@me/guilds; the token is dropped
 *
 * Nothing of Discord's is kept but the id, the name and the guilds. Used by the dashboard's sign-in.
 * Source: https://discord.com/developers/docs/topics/oauth2#authorization-code-grant, RFC 7636
 */
import { createHash } from "node:crypto";
import { AppError } from "./errors.ts";
import type { GuildId } from "./ids.ts";
import { cleanText, fieldsOf, listOf, snowflake } from "./payload.ts";
import { PERMISSIONS } from "./permissions.ts";
import { bounds, createPolicy } from "./policy.ts";

export type OauthApplication = {
  readonly apiBase: string;
  readonly applicationId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
};

export type OauthVisitor = {
  readonly id: string;
  readonly name: string;
  /** Owner, Administrator or Manage Server. */
  readonly manages: readonly GuildId[];
};

const SIGN_IN_SCOPES = "identify guilds";
const BOT_SCOPES = "bot applications.commands";
const GUILDS_MAX = 200;
const BODY_CHARS_MAX = 4_000_000;
const NAME_CHARS_MAX = 80;

const policy = createPolicy("Discord's OAuth2", bounds.discord);

/** Where people say yes. Discord's own page is not below its API; a stand-in or proxy of the API has it there. */
function consentUrl(apiBase: string): string {
  return `${new URL(apiBase).hostname === "discord.com" ? "https://discord.com" : apiBase}/oauth2/authorize`;
}

/** What a bot is to be added to, and with which permissions, as bits; `guild` null: it is chosen on Discord's page. */
export type Adding = { readonly permissions: bigint; readonly guild: string | null };

/** Where the browser goes to sign in; with `adding` also to add the bot, which Discord then asks about on the same page. */
export function authorizeUrl(
  application: OauthApplication,
  state: string,
  verifier: string,
  adding: Adding | null = null,
): string {
  const { apiBase, applicationId, redirectUri } = application;
  const query = new URLSearchParams({
    client_id: applicationId,
    response_type: "code",
    redirect_uri: redirectUri,
    scope: adding === null ? SIGN_IN_SCOPES : `${SIGN_IN_SCOPES} ${BOT_SCOPES}`,
    state,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...(adding === null ? { prompt: "none" } : { permissions: String(adding.permissions) }),
    ...(adding?.guild ? { guild_id: adding.guild, disable_guild_select: "true" } : {}),
  });
  return `${consentUrl(apiBase)}?${query}`;
}

/** Throws AppError `unauthorized` for a code that Discord does not take. A code works once, so nothing is tried twice. */
export async function visitorOf(
  application: OauthApplication,
  code: string,
  verifier: string,
  refusals: { note(): void; admit(): void },
): Promise<OauthVisitor> {
  const { apiBase, applicationId, clientSecret, redirectUri } = application;
  refusals.admit();
  return policy.run(async ({ signal }) => {
    const call = (url: string, signal: AbortSignal, init: RequestInit) => ask(url, signal, init, refusals);
    const granted = await call(`${apiBase}/v10/oauth2/token`, signal, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "authorization_code",
        code,
        redirect_uri: redirectUri,
        client_id: applicationId,
        client_secret: clientSecret,
        code_verifier: verifier,
      }),
    });
    const token = fieldsOf(granted)?.access_token;
    if (typeof token !== "string" || token === "") throw new AppError("unauthorized", "Discord gave no token");
    const headers = { authorization: `Bearer ${token}` };
    const user = fieldsOf(await call(`${apiBase}/v10/users/@me`, signal, { headers }));
    const guilds = await call(`${apiBase}/v10/users/@me/guilds?limit=${GUILDS_MAX}`, signal, { headers });
    const id = snowflake(user?.id);
    if (id === null) throw new AppError("invalid", "Discord did not say who it is");
    const name = cleanText(user?.global_name, NAME_CHARS_MAX) || cleanText(user?.username, NAME_CHARS_MAX) || id;
    return { id, name, manages: listOf(guilds, GUILDS_MAX).flatMap(managed) };
  });
}

function managed(value: unknown): GuildId[] {
  const guild = fieldsOf(value);
  const id = snowflake(guild?.id);
  if (id === null) return [];
  const bits = typeof guild?.permissions === "string" && /^\d{1,20}$/.test(guild.permissions) ? guild.permissions : "0";
  const manages = (BigInt(bits) & (PERMISSIONS.administrator | PERMISSIONS.manageGuild)) !== 0n;
  return guild?.owner === true || manages ? [id as GuildId] : [];
}

async function ask(url: string, signal: AbortSignal, init: RequestInit, refusals: { note(): void }): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, signal, redirect: "error" });
  } catch (error) {
    throw new AppError("unavailable", "Discord cannot be reached", { cause: error, retryable: false });
  }
  const text = (await response.text()).slice(0, BODY_CHARS_MAX);
  if (!response.ok) {
    if ([401, 403, 429].includes(response.status)) refusals.note();
    const refused = response.status === 400 || response.status === 401 || response.status === 403;
    throw new AppError(refused ? "unauthorized" : "unavailable", `Discord answered ${response.status}`, {
      retryable: false,
    });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError("invalid", "Discord's answer is no JSON", { cause: error });
  }
}

/** Permissions that a bot asks for before a server has settings: for answering, and for answering with every act of moderation. */
export const INVITED = { answering: 309_237_730_304n, moderating: 1_408_749_366_278n } as const;

/** Where an admin adds a bot to a server, or gives it what it lacks. `permissions`: as bits. `guild` is chosen already. */
export function inviteUrl(
  apiBase: string,
  application: string,
  permissions: bigint,
  guild: string | null = null,
): string {
  const query = new URLSearchParams({
    client_id: application,
    scope: BOT_SCOPES,
    permissions: String(permissions),
    ...(guild === null ? {} : { guild_id: guild }),
  });
  return `${consentUrl(apiBase)}?${query}`;
}
