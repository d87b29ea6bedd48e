/** The interactions endpoint: what Discord signs is answered in time, everything else is refused, and each thing happens once. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { ApplicationId } from "../../src/ids.ts";
import { APPLICATION, CHANNEL, GUILD, MEMBER, snowflake } from "../support/build.ts";
import { type Dashboard, fillWorld, openDashboard } from "../support/dashboard.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(60_000);

const CUSTOM = "500000000000000002" as ApplicationId;
const shared = generateKeyPairSync("ed25519");
const custom = generateKeyPairSync("ed25519");
const raw = (key: KeyObject) => key.export({ format: "der", type: "spki" }).subarray(-32).toString("hex");

let dashboard: Dashboard;
beforeAll(async () => {
  dashboard = await openDashboard({
    environment: { DISCORD_APPLICATION_ID: APPLICATION, DISCORD_PUBLIC_KEY: raw(shared.publicKey) },
  });
  await fillWorld(dashboard.services);
  await dashboard.services.store.bots.save({
    application: CUSTOM,
    shared: false,
    guild: null,
    publicKey: raw(custom.publicKey),
    tokenSealed: null,
    name: "Lumi",
    commandsHash: null,
    commandsRefused: null,
  });
});
afterAll(() => dashboard.stop());

function command(fields: Readonly<Record<string, unknown>> = {}) {
  return {
    id: snowflake(),
    application_id: APPLICATION,
    type: 2,
    token: "a-token",
    guild_id: GUILD,
    channel_id: CHANNEL,
    channel: { id: CHANNEL, name: "help", type: 0 },
    member: { user: { id: MEMBER, username: "ada", global_name: "Ada" }, roles: [], permissions: "0" },
    locale: "en-US",
    guild_locale: "en-US",
    version: 1,
    data: { id: "1", name: "ask", type: 1, options: [{ name: "question", type: 3, value: "How do I pair a sensor?" }] },
    ...fields,
  };
}

async function send(
  body: unknown,
  options: { readonly path?: string; readonly key?: KeyObject; readonly headers?: Record<string, string> } = {},
): Promise<Response> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = sign(null, Buffer.from(timestamp + text), options.key ?? shared.privateKey).toString("hex");
  return fetch(`${dashboard.web.url}${options.path ?? "/discord/webhook"}`, {
    method: "POST",
    body: text,
    headers: {
      "content-type": "application/json",
      "x-signature-ed25519": signature,
      "x-signature-timestamp": timestamp,
      ...options.headers,
    },
  });
}

describe("the endpoint", () => {
  test("answers a signed PING, and refuses a wrong signature as Discord tries it", async () => {
    const ping = await send({ type: 1 });
    expect([ping.status, await ping.json()]).toEqual([200, { type: 1 }]);
    for (const headers of [
      { "x-signature-ed25519": "0".repeat(128) },
      { "x-signature-ed25519": "" },
      { "x-signature-timestamp": "1" },
      { "x-signature-timestamp": "" },
    ]) {
      expect((await send({ type: 1 }, { headers })).status).toBe(401);
    }
    expect((await send({ type: 1 }, { key: custom.privateKey })).status).toBe(401);
  });

  test("defers /ask before the answer is made, and edits it in, with no gateway", async () => {
    const { discord } = dashboard.services;
    const edited: string[] = [];
    const deferred = Promise.withResolvers<void>();
    const { interactions } = discord(APPLICATION);
    const edit = interactions.edit;
    interactions.edit = async (token, message) => {
      await deferred.promise;
      edited.push(`${token}: ${message.content}`);
      return edit(token, message);
    };
    const kept = async () => (await dashboard.services.store.inbox.holders("interactions")).length;
    const response = await send(command());
    expect([response.status, await response.json()]).toMatchObject([200, { type: 5 }]);
    expect(await kept()).toBe(1);
    deferred.resolve();
    await until(() => edited.length === 1);
    await until(async () => (await kept()) === 0);
    expect(edited[0]).toStartWith("a-token: ");
    interactions.edit = edit;
  });

  test("takes an interaction once, however often it is sent", async () => {
    const one = command();
    const answers = await Promise.all([send(one), send(one), send(one)]);
    expect(answers.map((response) => response.status).sort()).toEqual([200, 409, 409]);
  });

  test("of a custom bot goes by that bot's key, and by no other's", async () => {
    const path = `/discord/webhook/${CUSTOM}`;
    const one = command({ application_id: CUSTOM });
    expect((await send(one, { path, key: custom.privateKey })).status).toBe(200);
    expect((await send(command({ application_id: CUSTOM }), { path })).status).toBe(401);
    expect((await send(command(), { path, key: custom.privateKey })).status).toBe(401);
    expect((await send({ type: 1 }, { path: "/discord/webhook/999999999999999999" })).status).toBe(404);
  });

  test("refuses what is signed but no interaction", async () => {
    for (const body of ["", "[]", "null", "{", '"x"', "{}", '{"type":2}', '{"type":99,"id":"1"}']) {
      expect([body, (await send(body)).status]).toEqual([body, 400]);
    }
    expect((await send(JSON.stringify({ type: 1, x: "y".repeat(600_000) }))).status).toBe(413);
  });

  test("tests itself by its public address, for the operator", async () => {
    const cookie = await dashboard.signIn();
    const setup = await (await dashboard.get("/setup", cookie)).text();
    expect(setup).toContain(`${dashboard.web.url}/discord/webhook`);
    expect(setup).toContain('href="/sign-in/discord/add"');
    const result = await (await dashboard.post("/setup/self-test", {}, cookie)).text();
    expect(result.match(/finding-ok/g)).toHaveLength(2);
  });

  test("whose commands Discord refused says so on the setup page, with its reason", async () => {
    const cookie = await dashboard.signIn();
    const { bots } = dashboard.services.store;
    const row = {
      application: APPLICATION,
      shared: true,
      guild: null,
      publicKey: raw(shared.publicKey),
      tokenSealed: null,
    };
    await bots.save({ ...row, name: "Moor", commandsHash: null, commandsRefused: "register: too many <commands>" });
    expect(await (await dashboard.get("/setup", cookie)).text()).toContain("(register: too many &lt;commands&gt;)");
    await bots.setCommandsHash(APPLICATION, "h");
    expect(await (await dashboard.get("/setup", cookie)).text()).not.toContain("too many");
  });

  test("of a bot that was introduced after somebody asked for it is served at once", async () => {
    const application = "500000000000000003" as ApplicationId;
    const path = `/discord/webhook/${application}`;
    const ping = () => send({ type: 1 }, { path, key: custom.privateKey });
    expect((await ping()).status).toBe(404);
    const row = {
      application,
      shared: false,
      guild: null,
      tokenSealed: null,
      name: "Late",
      commandsHash: null,
      commandsRefused: null,
    };
    await dashboard.services.store.bots.save({ ...row, publicKey: raw(custom.publicKey) });
    await dashboard.services.bus.publish({ type: "bots-changed", application });
    await until(async () => (await ping()).status === 200, 3_000);
  });

  test("is no page: other methods find nothing", async () => {
    expect((await dashboard.get("/discord/webhook")).status).toBe(404);
  });
});

test("400 requests at once are all deferred while not one of their answers is done", async () => {
  const { interactions } = dashboard.services.discord(APPLICATION);
  const edit = interactions.edit;
  const done = Promise.withResolvers<void>();
  interactions.edit = async (token, message) => {
    await done.promise;
    return await edit(token, message);
  };
  const responses = await Promise.all(Array.from({ length: 400 }, () => send(command())));
  const types = await Promise.all(
    responses.map(async (response) => ((await response.json()) as { type: number }).type),
  );
  expect(types).toEqual(Array(400).fill(5));
  interactions.edit = edit;
  done.resolve();
});
