/**
 * The authorisation page: who signs in, which guild a bot is added to, and the way back with code and state.
 * https://discord.com/developers/docs/topics/oauth2#authorization-code-grant
 *
 * A person chooses on the page; a test sets a consent beforehand, and the page answers with the redirect at once.
 */
import { PermissionFlagsBits } from "discord-api-types/v10";
import { basePermissions } from "./permissions.ts";
import type { Services } from "./services.ts";
import { installBot } from "./world/members.ts";
import type { Application, Guild, Id } from "./world.ts";

export type OauthPages = {
  readonly owns: (path: string) => boolean;
  readonly handle: (request: Request, url: URL) => Promise<Response>;
};

const PATH = /^(\/api(\/v10)?)?\/oauth2\/authorize$/;
const KNOWN_SCOPES = new Set([
  "identify",
  "email",
  "guilds",
  "guilds.members.read",
  "bot",
  "applications.commands",
  "connections",
]);

type Asked = {
  readonly application: Application;
  readonly scopes: readonly string[];
  readonly redirectUri: string | undefined;
  readonly query: URLSearchParams;
};

type Choice = { readonly userId: Id; readonly guildId: Id | undefined; readonly deny: boolean };

export function createOauthPages(services: Services): OauthPages {
  const { world, oauth } = services;

  return {
    owns: (path) => PATH.test(path),
    async handle(request, url) {
      const asked = read(url.searchParams);
      if (typeof asked === "string") return message(400, "Error", asked);
      if (request.method === "POST") {
        const form = new URLSearchParams(await request.text());
        return decide(asked, {
          userId: form.get("user") ?? "",
          guildId: form.get("guild") ?? undefined,
          deny: form.has("deny"),
        });
      }
      const { consent } = oauth;
      return consent
        ? decide(asked, {
            userId: consent.userId,
            guildId: consent.guildId ?? asked.query.get("guild_id") ?? undefined,
            deny: consent.deny ?? false,
          })
        : consentPage(asked, url);
    },
  };

  /** The request, or what is wrong with it; a wrong redirect is never followed. */
  function read(query: URLSearchParams): Asked | string {
    const application = world.applications.get(query.get("client_id") ?? "");
    if (!application) return "Unknown Application";
    const scopes = (query.get("scope") ?? "").split(/[ +]/).filter(Boolean);
    if (scopes.length === 0 || scopes.some((scope) => !KNOWN_SCOPES.has(scope)))
      return "The requested scope is invalid, unknown, or malformed.";
    const redirectUri = query.get("redirect_uri") ?? undefined;
    const botOnly = scopes.every((scope) => scope === "bot" || scope === "applications.commands");
    if (redirectUri === undefined)
      return botOnly ? { application, scopes, redirectUri, query } : "OAuth2 redirect_uri is missing";
    const allowed =
      application.redirectUris.length > 0 ? application.redirectUris.includes(redirectUri) : isLoopback(redirectUri);
    if (!allowed) return "Invalid OAuth2 redirect_uri";
    if (query.get("response_type") !== "code") return "Invalid response_type";
    const method = query.get("code_challenge_method");
    if (method !== null && method !== "S256" && method !== "plain") return "Invalid code_challenge_method";
    return { application, scopes, redirectUri, query };
  }

  function decide(asked: Asked, choice: Choice): Response {
    const { application, scopes, redirectUri, query } = asked;
    const state = query.get("state");
    const back = (params: Record<string, string>): Response => {
      if (redirectUri === undefined)
        return message(200, "Authorized", `${application.name} was added. You may close this page.`);
      const target = new URL(redirectUri);
      for (const [name, value] of Object.entries(params)) target.searchParams.set(name, value);
      if (state !== null) target.searchParams.set("state", state);
      return new Response(null, { status: 302, headers: { location: target.href } });
    };
    if (choice.deny) {
      return back({
        error: "access_denied",
        error_description: "The resource owner or authorization server denied the request",
      });
    }
    const user = world.users.get(choice.userId);
    if (!user) return message(400, "Error", "Choose who signs in.");
    const installs = scopes.includes("bot");
    const guild = installs ? world.guilds.get(choice.guildId ?? "") : undefined;
    if (installs && (!guild || !manages(guild, user.id)))
      return message(400, "Error", "A server where this user has Manage Server must be chosen.");
    const permissions = BigInt(query.get("permissions") ?? 0);
    if (guild) installBot(world, guild, application, permissions);
    const challenge = query.get("code_challenge");
    const code = oauth.issueCode({
      applicationId: application.id,
      userId: user.id,
      scopes,
      redirectUri: redirectUri ?? "",
      challenge:
        challenge === null
          ? undefined
          : {
              method:
                query.get("code_challenge_method") === "plain" || query.get("code_challenge_method") === null
                  ? "plain"
                  : "S256",
              value: challenge,
            },
      guildId: guild?.id,
    });
    return back({ code, ...(guild ? { guild_id: guild.id, permissions: permissions.toString() } : {}) });
  }

  function manages(guild: Guild, userId: Id): boolean {
    const member = guild.members.get(userId);
    return (
      member !== undefined && (basePermissions(guild, member, world.now()) & PermissionFlagsBits.ManageGuild) !== 0n
    );
  }

  function consentPage({ application, scopes }: Asked, url: URL): Response {
    const people = [...world.users.values()].filter((user) => !user.bot);
    const guilds = [...world.guilds.values()];
    const users = people.map((user) => {
      const managed = guilds.filter((guild) => manages(guild, user.id)).map((guild) => guild.name);
      const note = managed.length > 0 ? ` (manages ${managed.join(", ")})` : "";
      return option(user.id, `${user.globalName ?? user.username}${note}`, url.searchParams.get("user") === user.id);
    });
    const guildField = scopes.includes("bot")
      ? `<label>Add to <select name="guild">${guilds.map((g) => option(g.id, g.name, g.id === url.searchParams.get("guild_id"))).join("")}</select></label>`
      : "";
    return html(
      200,
      `<h1>${escaped(application.name)} wants access</h1><p>${scopes.map((scope) => `<code>${escaped(scope)}</code>`).join(" ")}</p>
      <form method="post" action="${escaped(url.pathname + url.search)}"><label>Sign in as <select name="user">${users.join("")}</select></label>${guildField}
      <button>Authorize</button> <button name="deny" value="1" class="quiet">Cancel</button></form>
      <p class="dim">This is the simulated Discord: nobody's account is involved.</p>`,
    );
  }
}

function isLoopback(uri: string): boolean {
  try {
    return ["127.0.0.1", "localhost", "[::1]"].includes(new URL(uri).hostname);
  } catch {
    return false;
  }
}

function message(status: number, title: string, text: string): Response {
  return html(status, `<h1>${escaped(title)}</h1><p>${escaped(text)}</p>`);
}

function html(status: number, body: string): Response {
  return new Response(
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Authorize · simulated Discord</title>
    <style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:28rem;margin:10vh auto;padding:0 1rem}label{display:block;margin:.8rem 0}select,button{font:inherit;padding:.4rem .6rem}button{background:#4450d6;color:#fff;border:0;border-radius:6px}.quiet{background:none;color:inherit}.dim{opacity:.65;font-size:.85rem}</style>
    ${body}</html>`,
    { status, headers: { "content-type": "text/html; charset=utf-8" } },
  );
}

function option(value: string, label: string, selected: boolean): string {
  return `<option value="${escaped(value)}"${selected ? " selected" : ""}>${escaped(label)}</option>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
