/**
 * OAuth2 with state and PKCE, and installing a bot.
 * https://discord.com/developers/docs/topics/oauth2
 */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { createHash, randomBytes } from "node:crypto";
import { type Simulator, startSimulator } from "../../../bench/simulator/simulator.ts";
import type { Guild } from "../../../bench/simulator/world.ts";
import { rest } from "./client.ts";

const REDIRECT = "http://127.0.0.1:9/callback";

let simulator: Simulator;
let guild: Guild;

beforeEach(() => {
  simulator = startSimulator({ limits: { enforced: false } });
  ({ guild } = simulator.actions.createGuild({ name: "Test" }));
});
afterEach(() => simulator.stop());

const authorize = (params: Record<string, string>) => {
  const query = new URLSearchParams({ client_id: simulator.bots[0]?.applicationId ?? "", ...params });
  return fetch(`${simulator.origin}/oauth2/authorize?${query}`, { redirect: "manual" });
};
const token = async (body: Record<string, string>) => {
  const client = {
    client_id: simulator.bots[0]?.applicationId ?? "",
    client_secret: simulator.bots[0]?.clientSecret ?? "",
  };
  const response = await fetch(`${simulator.api}/oauth2/token`, {
    method: "POST",
    body: new URLSearchParams({ ...client, ...body }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
};
const signIn = async (extra: Record<string, string> = {}) => {
  simulator.services.oauth.consent = { userId: guild.ownerId };
  const response = await authorize({
    response_type: "code",
    scope: "identify guilds",
    redirect_uri: REDIRECT,
    state: "s-1",
    ...extra,
  });
  return new URL(response.headers.get("location") ?? "http://none").searchParams;
};

test("code and state come back; the token reads who it is and which guilds with which permissions", async () => {
  const back = await signIn();
  expect(back.get("state")).toBe("s-1");
  const { body } = await token({
    grant_type: "authorization_code",
    code: back.get("code") ?? "",
    redirect_uri: REDIRECT,
  });
  expect(body).toMatchObject({ token_type: "Bearer", scope: "identify guilds", expires_in: 604_800 });
  const bearer = { authorization: `Bearer ${body.access_token}` };
  expect((await rest(simulator, "GET", "/users/@me", undefined, bearer)).body.id).toBe(guild.ownerId);
  const [own] = (await rest(simulator, "GET", "/users/@me/guilds", undefined, bearer)).body;
  expect(own).toMatchObject({ id: guild.id, owner: true, permissions: expect.stringMatching(/^\d+$/) });
  expect((await rest(simulator, "POST", "/users/@me/channels", {}, bearer)).status).toBe(403);
});

test("a code works once, and only with its redirect_uri", async () => {
  const code = (await signIn()).get("code") ?? "";
  expect(
    (await token({ grant_type: "authorization_code", code, redirect_uri: "http://127.0.0.1:9/other" })).body.error,
  ).toBe("invalid_grant");
  expect((await token({ grant_type: "authorization_code", code, redirect_uri: REDIRECT })).status).toBe(400);
});

test("with PKCE the code is worth nothing without the verifier", async () => {
  const verifier = randomBytes(32).toString("base64url");
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const pkce = { code_challenge: challenge, code_challenge_method: "S256" };
  const exchange = async (extra: Record<string, string>) => {
    const code = (await signIn(pkce)).get("code") ?? "";
    return (await token({ grant_type: "authorization_code", code, redirect_uri: REDIRECT, ...extra })).status;
  };
  expect(await exchange({})).toBe(400);
  expect(await exchange({ code_verifier: "wrong" })).toBe(400);
  expect(await exchange({ code_verifier: verifier })).toBe(200);
});

test("refresh gives a new token and ends the old; revoke ends it for good", async () => {
  const code = (await signIn()).get("code") ?? "";
  const first = (await token({ grant_type: "authorization_code", code, redirect_uri: REDIRECT })).body;
  const second = (await token({ grant_type: "refresh_token", refresh_token: first.refresh_token ?? "" })).body;
  const me = async (access: string | undefined) =>
    (await rest(simulator, "GET", "/users/@me", undefined, { authorization: `Bearer ${access}` })).status;
  expect([await me(first.access_token), await me(second.access_token)]).toEqual([401, 200]);
  const client = {
    client_id: simulator.bots[0]?.applicationId ?? "",
    client_secret: simulator.bots[0]?.clientSecret ?? "",
  };
  await fetch(`${simulator.api}/oauth2/token/revoke`, {
    method: "POST",
    body: new URLSearchParams({ ...client, token: second.access_token ?? "" }),
  });
  expect(await me(second.access_token)).toBe(401);
});

test("a wrong client secret is 401, a foreign redirect is never followed, a refusal comes back as access_denied", async () => {
  expect((await token({ grant_type: "authorization_code", client_secret: "wrong" })).body).toEqual({
    error: "invalid_client",
  });
  const foreign = await authorize({ response_type: "code", scope: "identify", redirect_uri: "https://evil.example/" });
  expect([foreign.status, foreign.headers.get("location")]).toEqual([400, null]);
  simulator.services.oauth.consent = { userId: guild.ownerId, deny: true };
  const denied = await authorize({ response_type: "code", scope: "identify", redirect_uri: REDIRECT, state: "s-2" });
  const back = new URL(denied.headers.get("location") ?? "").searchParams;
  expect([back.get("error"), back.get("state")]).toEqual(["access_denied", "s-2"]);
});

test("the install link adds the bot with its permissions, where the user manages the server", async () => {
  const empty = simulator.actions.createGuild({ name: "New", bots: [] }).guild;
  const install = { scope: "bot applications.commands", permissions: "309237730304", guild_id: empty.id };
  simulator.services.oauth.consent = { userId: guild.ownerId };
  expect((await authorize(install)).status).toBe(400);
  simulator.services.oauth.consent = { userId: empty.ownerId };
  expect((await authorize(install)).status).toBe(200);
  expect(empty.members.has(simulator.bots[0]?.userId ?? "")).toBe(true);
  expect([...empty.roles.values()].find((role) => role.botId)?.permissions).toBe(309_237_730_304n);
});

test("without a consent decided beforehand a person chooses on the page", async () => {
  const page = await authorize({ response_type: "code", scope: "identify", redirect_uri: REDIRECT });
  const html = await page.text();
  expect(html).toContain("wants access");
  const action = /action="([^"]+)"/.exec(html)?.[1]?.replaceAll("&#38;", "&") ?? "";
  const chosen = await fetch(simulator.origin + action, {
    method: "POST",
    body: new URLSearchParams({ user: guild.ownerId }),
    redirect: "manual",
  });
  expect(chosen.headers.get("location")).toContain("code=");
});
