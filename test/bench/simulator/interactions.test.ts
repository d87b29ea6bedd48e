/**
 * Application commands and interactions, over the gateway and signed to an endpoint.
 * https://discord.com/developers/docs/interactions/application-commands
 * https://discord.com/developers/docs/interactions/receiving-and-responding
 */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createPublicKey, verify } from "node:crypto";
import { type Simulator, startSimulator } from "../../../bench/simulator/simulator.ts";
import type { Channel, Guild } from "../../../bench/simulator/world.ts";
import { login, rest } from "./client.ts";

let simulator: Simulator;
let guild: Guild;
let channel: Channel;
let userId: string;
let nowMs: number | undefined;

beforeEach(() => {
  nowMs = undefined;
  simulator = startSimulator({
    limits: { enforced: false },
    identify: { windowMs: 0 },
    interactions: { ackMs: 250, badSignatureEvery: 0 },
    now: () => nowMs ?? Date.now(),
  });
  ({ guild, channel } = simulator.actions.createGuild({ name: "Test", locale: "tr" }));
  userId = simulator.actions.addMember(guild.id, { username: "ada" }).userId;
});
afterEach(() => simulator.stop());

const app = () => simulator.bots[0]?.applicationId ?? "";
const call = (method: string, path: string, body?: unknown) => rest(simulator, method, path, body);
const ASK = {
  name: "ask",
  description: "Ask the knowledge base",
  name_localizations: { tr: "sor" },
  options: [
    { type: 3, name: "question", description: "What to ask", required: true },
    { type: 5, name: "private", description: "Only you see the answer" },
  ],
};
const register = () => call("PUT", `/applications/${app()}/commands`, [ASK, { type: 3, name: "Ask AI about this" }]);
const ask = (options: Record<string, string | boolean> = { question: "why?" }) =>
  simulator.actions.command({ userId, channelId: channel.id, name: "ask", options });

describe("registering commands (interactions/application-commands#endpoints)", () => {
  test("a bulk overwrite replaces all, keeps ids of the same name, and lists them with localisations on request", async () => {
    const first = await register();
    expect(first.status).toBe(200);
    const again = await call("PUT", `/applications/${app()}/commands`, [ASK]);
    expect(again.body.map((c: { id: string }) => c.id)).toEqual([first.body[0].id]);
    expect((await call("GET", `/applications/${app()}/commands`)).body[0].name_localizations).toBeUndefined();
    const full = await call("GET", `/applications/${app()}/commands?with_localizations=true`);
    expect(full.body[0].name_localizations).toEqual({ tr: "sor" });
  });

  test("create is 201, and 200 when the name exists; guild commands are the guild's own", async () => {
    const path = `/applications/${app()}/guilds/${guild.id}/commands`;
    expect((await call("POST", path, ASK)).status).toBe(201);
    expect((await call("POST", path, ASK)).status).toBe(200);
    expect((await call("GET", `/applications/${app()}/commands`)).body).toEqual([]);
    const [command] = (await call("GET", path)).body;
    expect((await call("PATCH", `${path}/${command.id}`, { description: "New" })).body.description).toBe("New");
    expect((await call("DELETE", `${path}/${command.id}`)).status).toBe(204);
    expect((await call("GET", `${path}/${command.id}`)).body.code).toBe(10063);
  });

  test("names, locales, option order and counts are checked", async () => {
    const put = async (...commands: object[]) => (await call("PUT", `/applications/${app()}/commands`, commands)).body;
    expect((await put({ ...ASK, name: "Ask" })).errors["0"].name._errors[0].code).toBe(
      "APPLICATION_COMMAND_INVALID_NAME",
    );
    expect((await put({ ...ASK, name_localizations: { xx: "x" } })).errors["0"].name_localizations.xx).toBeDefined();
    expect((await put({ ...ASK, options: [ASK.options[1], ASK.options[0]] })).errors["0"].options["1"]).toBeDefined();
    expect((await put(ASK, ASK)).errors["1"].name._errors[0].code).toBe("APPLICATION_COMMANDS_DUPLICATE_NAME");
    const many = Array.from({ length: 101 }, (_, n) => ({ name: `c${n}`, description: "x" }));
    expect((await put(...many)).code).toBe(30032);
    expect((await call("GET", "/applications/1/commands")).body.code).toBe(20012);
  });
});

describe("interactions over the gateway (receiving-and-responding)", () => {
  test("a command carries its options, the member with permissions, the locales and the context", async () => {
    await register();
    const { client } = await login(simulator);
    void ask({ question: "why?", private: true });
    const { d } = await client.event("INTERACTION_CREATE");
    expect(d).toMatchObject({
      type: 2,
      application_id: app(),
      guild_id: guild.id,
      channel_id: channel.id,
      guild_locale: "tr",
      locale: "en-US",
      context: 0,
      member: { user: { id: userId }, permissions: expect.stringMatching(/^\d+$/) },
      data: {
        name: "ask",
        type: 1,
        options: [
          { name: "question", value: "why?" },
          { name: "private", value: true },
        ],
      },
    });
    expect(d.token.length).toBeGreaterThan(100);
  });

  test("deferred, then answered by editing; a follow-up after that; the answer can be read and deleted", async () => {
    await register();
    const { client } = await login(simulator);
    const asked = ask();
    const { d } = await client.event("INTERACTION_CREATE");
    expect((await call("POST", `/interactions/${d.id}/${d.token}/callback`, { type: 5 })).status).toBe(204);
    const interaction = await asked;
    expect(interaction.state).toBe("deferred");
    expect((await client.event("MESSAGE_CREATE")).d).toMatchObject({
      flags: 128,
      type: 20,
      interaction_metadata: { id: d.id },
    });
    const hook = `/webhooks/${app()}/${d.token}`;
    const edited = await call("PATCH", `${hook}/messages/@original`, { content: "Because." });
    expect(edited.body).toMatchObject({ content: "Because.", flags: 0 });
    const more = await call("POST", hook, { content: "And more." });
    expect(more.body.id).not.toBe(edited.body.id);
    expect((await call("GET", `${hook}/messages/@original`)).body.content).toBe("Because.");
    expect((await call("DELETE", `${hook}/messages/@original`)).status).toBe(204);
    expect([...channel.messages.values()].map((m) => m.content)).toEqual(["And more."]);
  });

  test("an ephemeral answer is the asker's alone", async () => {
    await register();
    const { client } = await login(simulator);
    const asked = ask();
    const { d } = await client.event("INTERACTION_CREATE");
    await call("POST", `/interactions/${d.id}/${d.token}/callback`, { type: 4, data: { content: "psst", flags: 64 } });
    const interaction = await asked;
    expect(channel.messages.get(interaction.originalId ?? "")).toMatchObject({ content: "psst", ephemeralFor: userId });
    expect((await call("GET", `/channels/${channel.id}/messages`)).body).toEqual([]);
    expect(client.frames.some((frame) => frame.t === "MESSAGE_CREATE")).toBe(false);
  });

  test("a second response is 40060, one after the deadline 10062, the token ends after 15 minutes", async () => {
    await register();
    const { client } = await login(simulator);
    const late = ask();
    const first = await client.event("INTERACTION_CREATE");
    expect((await late).failure).toBe("no response in time");
    expect((await call("POST", `/interactions/${first.d.id}/${first.d.token}/callback`, { type: 5 })).body.code).toBe(
      10062,
    );
    const asked = ask();
    const { d } = await client.event("INTERACTION_CREATE");
    const callback = `/interactions/${d.id}/${d.token}/callback`;
    await call("POST", callback, { type: 5 });
    await asked;
    expect((await call("POST", callback, { type: 4, data: { content: "x" } })).body.code).toBe(40060);
    nowMs = Date.now() + 15 * 60_000 + 1000;
    const ended = await call("PATCH", `/webhooks/${app()}/${d.token}/messages/@original`, { content: "late" });
    expect([ended.status, ended.body.code]).toEqual([401, 50027]);
  });

  test("a context-menu command brings its message; a component its message and custom id; a modal its fields", async () => {
    await register();
    const { client } = await login(simulator);
    const target = simulator.actions.say({ channelId: channel.id, userId, content: "what is this?" });
    const menu = simulator.actions.command({
      userId,
      channelId: channel.id,
      name: "Ask AI about this",
      targetId: target.id,
    });
    const used = await client.event("INTERACTION_CREATE");
    expect(used.d.data).toMatchObject({
      type: 3,
      target_id: target.id,
      resolved: { messages: { [target.id]: { content: "what is this?" } } },
    });
    const row = { type: 1, components: [{ type: 2, style: 1, label: "👍", custom_id: "up" }] };
    await call("POST", `/interactions/${used.d.id}/${used.d.token}/callback`, {
      type: 4,
      data: { content: "this", components: [row] },
    });
    const messageId = (await menu).originalId ?? "";

    const click = simulator.actions.component({ userId, channelId: channel.id, messageId, customId: "up" });
    const clicked = await client.event("INTERACTION_CREATE");
    expect(clicked.d).toMatchObject({
      type: 3,
      data: { custom_id: "up", component_type: 2 },
      message: { id: messageId },
    });
    const modal = {
      custom_id: "why",
      title: "Why?",
      components: [{ type: 1, components: [{ type: 4, custom_id: "text", label: "Tell", style: 1 }] }],
    };
    await call("POST", `/interactions/${clicked.d.id}/${clicked.d.token}/callback`, { type: 9, data: modal });
    const interactionId = (await click).id;

    const submit = simulator.actions.modal({ userId, interactionId, fields: { text: "it helped" } });
    const submitted = await client.event("INTERACTION_CREATE");
    expect(submitted.d.data).toMatchObject({
      custom_id: "why",
      components: [{ components: [{ custom_id: "text", value: "it helped" }] }],
    });
    await call("POST", `/interactions/${submitted.d.id}/${submitted.d.token}/callback`, {
      type: 7,
      data: { components: [] },
    });
    await submit;
    expect(channel.messages.get(messageId)?.components).toEqual([]);
  });

  test("who may not use commands, cannot", async () => {
    await register();
    channel.overwrites = [{ id: userId, type: 1, allow: 0n, deny: 1n << 31n }];
    await expect(ask()).rejects.toThrow("Missing Permissions");
  });
});

describe("interactions to an endpoint (interactions/overview#setting-up-an-endpoint)", () => {
  const endpoint = (answer: (body: { type: number }) => Response | Promise<Response>, checks = true) => {
    const seen: { valid: boolean; body: { type: number } }[] = [];
    const server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      async fetch(request) {
        const raw = await request.text();
        const der = Buffer.concat([
          Buffer.from("302a300506032b6570032100", "hex"),
          Buffer.from(simulator.bots[0]?.publicKey ?? "", "hex"),
        ]);
        const key = createPublicKey({ key: der, format: "der", type: "spki" });
        const signature = Buffer.from(request.headers.get("x-signature-ed25519") ?? "", "hex");
        const valid = verify(null, Buffer.from(request.headers.get("x-signature-timestamp") + raw), key, signature);
        const body = JSON.parse(raw) as { type: number };
        seen.push({ valid, body });
        if (checks && !valid) return new Response("bad signature", { status: 401 });
        return body.type === 1 ? Response.json({ type: 1 }) : answer(body);
      },
    });
    return { url: server.url.href, seen, stop: () => server.stop(true) };
  };
  const setUrl = (url: string | null) => call("PATCH", "/applications/@me", { interactions_endpoint_url: url });

  test("saving the URL sends a good and a bad signature; the gateway gets no interactions then", async () => {
    await register();
    const { client } = await login(simulator);
    const server = endpoint(() => Response.json({ type: 4, data: { content: "from the endpoint" } }));
    expect((await setUrl(server.url)).body.interactions_endpoint_url).toBe(server.url);
    expect(server.seen.map((s) => s.valid)).toEqual([true, false]);
    const interaction = await ask();
    expect(interaction.state).toBe("answered");
    expect(channel.messages.get(interaction.originalId ?? "")?.content).toBe("from the endpoint");
    expect(client.frames.some((frame) => frame.t === "INTERACTION_CREATE")).toBe(false);
    await server.stop();
  });

  test("an endpoint that takes any signature is refused, and loses its URL when it starts to", async () => {
    await register();
    const careless = endpoint(() => Response.json({ type: 5 }), false);
    const { status, body } = await setUrl(careless.url);
    expect([status, body.errors.interactions_endpoint_url._errors[0].code]).toEqual([
      400,
      "APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID",
    ]);
    const application = simulator.world.applications.get(app());
    if (!application) throw new Error("no application");
    application.interactionsEndpointUrl = careless.url;
    Object.assign(simulator.services.interactions.options, { badSignatureEvery: 1 });
    await ask();
    expect(application.interactionsEndpointUrl).toBeNull();
    await careless.stop();
  });

  test("an error or silence for three seconds fails the interaction", async () => {
    await register();
    let answer: () => Response | Promise<Response> = () => new Response("oops", { status: 500 });
    const server = endpoint(() => answer());
    await setUrl(server.url);
    expect(await ask()).toMatchObject({ state: "failed", failure: "endpoint answered 500" });
    answer = () => new Promise<Response>(() => undefined);
    expect(await ask()).toMatchObject({ state: "failed" });
    await server.stop();
  });
});
