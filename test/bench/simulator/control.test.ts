/** The control API over HTTP, the process itself, and a community from a file. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { resolve } from "node:path";
import { type Simulator, startSimulator } from "../../../bench/simulator/simulator.ts";
import { login, rest } from "./client.ts";

const MAIN = resolve(import.meta.dir, "../../../bench/simulator/main.ts");

const COMMUNITY = {
  guild: { name: "Small town", locale: "en-GB" },
  roles: [
    { key: "staff", name: "Staff", permissions: "8" },
    { key: "beta", name: "Beta" },
  ],
  channels: [
    { key: "help", name: "help", type: "text", topic: "Questions" },
    { key: "ideas", name: "ideas", type: "forum" },
  ],
  members: [
    { key: "ada", name: "ada", displayName: "Ada", roles: ["beta"] },
    { key: "sam", name: "sam", roles: ["staff"] },
  ],
  script: [
    { afterMs: 1, channel: "help", member: "ada", text: "{bot} how?", mentionBot: true },
    { afterMs: 1, channel: "help", member: "sam", text: "like this", replyTo: 0 },
    { afterMs: 1, channel: "ideas", member: "ada", text: "Dark mode please" },
  ],
  loop: false,
};

async function control(base: string, method: string, path: string, body?: unknown) {
  const response = await fetch(base + path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  // biome-ignore lint/suspicious/noExplicitAny: control answers are read as they come.
  return { status: response.status, body: (await response.json()) as any };
}

describe("over HTTP", () => {
  let simulator: Simulator;
  beforeEach(() => {
    simulator = startSimulator({ identify: { windowMs: 0 }, limits: { enforced: false } });
  });
  afterEach(() => simulator.stop());
  const call = (method: string, path: string, body?: unknown) => control(simulator.controlUrl, method, path, body);

  test("a guild, a channel, a role and a member are made, and the member speaks to the bot", async () => {
    const guild = (await call("POST", "/guilds", { name: "Test", locale: "tr" })).body;
    const channel = (await call("POST", `/guilds/${guild.id}/channels`, { name: "help", type: "text" })).body;
    const role = (await call("POST", `/guilds/${guild.id}/roles`, { name: "Staff", permissions: "8" })).body;
    const member = (await call("POST", `/guilds/${guild.id}/members`, { username: "ada", roles: [role.id] })).body;
    const { client } = await login(simulator);
    const said = (
      await call("POST", `/channels/${channel.id}/messages`, { userId: member.user.id, content: "{bot} hi" })
    ).body;
    expect((await client.event("MESSAGE_CREATE")).d).toMatchObject({
      id: said.id,
      mentions: [{ id: simulator.bots[0]?.userId }],
    });

    const waits = call("GET", `/channels/${channel.id}/wait?after=${said.id}&author=bot&ms=4000`);
    await rest(simulator, "POST", `/channels/${channel.id}/messages`, {
      content: `<@${member.user.id}>`,
      allowed_mentions: { parse: [] },
    });
    const [answer] = (await waits).body;
    expect(answer).toMatchObject({
      content: `<@${member.user.id}>`,
      sim: { pinged: { users: [], roles: [], everyone: false } },
    });
  });

  test("faults are put in and taken out, the ledger is read and awaited", async () => {
    const { body: fault } = await call("POST", "/faults", { target: "rest", kind: "status", status: 500, times: 1 });
    const waits = call("GET", "/ledger/wait?route=/users/@me&method=GET&ms=4000");
    expect((await rest(simulator, "GET", "/users/@me")).status).toBe(500);
    expect((await waits).body).toMatchObject([{ method: "GET", status: 500, fault: "status" }]);
    expect((await call("DELETE", `/faults/${fault.id}`)).body).toEqual({ removed: true });
    expect((await call("POST", "/faults", { kind: "status" })).status).toBe(400);
  });

  test("what is wrong is said: an unknown route lists the known ones, an unknown thing has Discord's code", async () => {
    const unknown = await call("GET", "/nothing");
    expect([unknown.status, unknown.body.known.length > 30]).toEqual([404, true]);
    expect((await call("POST", "/guilds/1/members", { username: "x" })).body).toEqual({
      message: "Unknown Guild",
      code: 10004,
    });
    expect((await call("POST", "/guilds", {})).body.message).toContain('"name"');
  });

  const wrong: readonly [what: string, path: string, body: unknown, says: RegExp][] = [
    [
      "a kind of fault that does not exist",
      "/faults",
      { target: "rest", kind: "losst-reply" },
      /"kind" is one of .*lost-reply/,
    ],
    ["a gateway's fault on REST", "/faults", { target: "rest", kind: "no-ack" }, /"kind" is one of/],
    ["a fault's misspelt field", "/faults", { target: "rest", kind: "reset", rout: "/x" }, /no "rout"/],
    [
      "a fault on no route",
      "/faults",
      { target: "rest", kind: "reset", route: "/channels/1/messages" },
      /"route" is a route's template/,
    ],
    [
      "a fault that strikes never",
      "/faults",
      { target: "rest", kind: "reset", times: 0 },
      /"times" is a whole number from 1/,
    ],
    ["a body that is no object", "/guilds", [1], /the body is a JSON object/],
    [
      "permissions in words",
      "/guilds",
      { name: "x", permissions: "ADMINISTRATOR" },
      /"permissions" are permission bits in decimal/,
    ],
    [
      "a type of channel that does not exist",
      "/guilds/:guild/channels",
      { name: "x", type: "chat" },
      /"type" is one of text/,
    ],
    ["roles that are no list", "/guilds/:guild/members", { username: "x", roles: "1" }, /"roles" is a list of ids/],
    ["a role that does not exist", "/guilds/:guild/members", { username: "x", roles: ["1"] }, /Unknown Role/],
    [
      "a message of nothing",
      "/channels/:channel/messages",
      { userId: ":owner", content: " " },
      /Cannot send an empty message/,
    ],
    [
      "a message over 4,000 characters",
      "/channels/:channel/messages",
      { userId: ":owner", content: "x".repeat(4_001) },
      /Invalid Form Body/,
    ],
    ["a path that is not well encoded", "/guilds/%zz/members", {}, /Unknown Guild/],
  ];
  for (const [what, path, body, says] of wrong) {
    test(`what is wrong is said: ${what}`, async () => {
      const { guild, channel } = simulator.actions.createGuild({ name: "Test" });
      const put = (text: string) =>
        text.replace(":guild", guild.id).replace(":channel", channel.id).replace(":owner", guild.ownerId);
      const answer = await call("POST", put(path), JSON.parse(put(JSON.stringify(body))));
      expect(answer.status).toBeWithin(400, 405);
      expect(answer.body.message).toMatch(says);
      expect(simulator.services.faults.list()).toEqual([]);
    });
  }

  test("the gateway is disturbed from outside", async () => {
    const { client } = await login(simulator);
    expect((await call("GET", "/gateway")).body.sessions).toHaveLength(1);
    expect((await call("POST", "/gateway/dispatch", { t: "UNHEARD_OF", d: { x: 1 } })).body.connections).toBe(1);
    expect((await client.event("UNHEARD_OF")).d).toEqual({ x: 1 });
    expect((await call("POST", "/gateway/close", { code: 4000 })).body).toEqual({ connections: 1 });
    expect(await client.closed).toBe(4000);
  });

  test("the page needs nothing from outside", async () => {
    const response = await fetch(`${simulator.controlUrl}/page`);
    const html = await response.text();
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(html).not.toMatch(/(src|href)="https?:/);
  });
});

describe("a community", () => {
  test("is the same on every start, and talks when told to", async () => {
    const first = startSimulator({ community: COMMUNITY });
    const again = startSimulator({ community: COMMUNITY });
    expect(again.community?.guild.id).toBe(first.community?.guild.id ?? "");
    expect(again.bots).toEqual(first.bots);
    await again.stop();

    const help = first.community?.channels.get("help") ?? "";
    const botId = first.bots[0]?.userId;
    expect((await control(first.controlUrl, "POST", "/community/start", { speed: 10 })).body.running).toBe(true);
    const said = await first.actions.messages({ channelId: help, count: 2, ms: 4000 });
    expect(said.map((message) => message.content)).toEqual([`<@${botId}> how?`, "like this"]);
    expect(said[1]?.repliedToId).toBe(said[0]?.id);
    const { until } = await import("../../../bench/simulator/until.ts");
    const post = await until(first.services, () => [...first.world.channels.values()].find((c) => c.thread), 4000);
    expect(post?.name).toBe("Dark mode please");
    await first.stop();
  });

  test("has the bot above ordinary members, below those with powers", () => {
    const simulator = startSimulator({ community: COMMUNITY });
    const guild = simulator.community?.guild;
    const position = (name: string) =>
      [...(guild?.roles.values() ?? [])].find((role) => role.name === name)?.position ?? -1;
    expect(position("Staff")).toBeGreaterThan(position("Gatehouse"));
    expect(position("Gatehouse")).toBeGreaterThan(position("Beta"));
    return simulator.stop();
  });
});

describe("the process", () => {
  const start = async (...options: string[]) => {
    const child = Bun.spawn([process.execPath, MAIN, ...options], { stdin: "pipe", stdout: "pipe", stderr: "pipe" });
    const reader = child.stdout.getReader();
    let line = "";
    while (!line.includes("\n")) {
      const { value, done } = await reader.read();
      if (done) break;
      line += new TextDecoder().decode(value);
    }
    return { child, ready: line === "" ? undefined : (JSON.parse(line) as Record<string, string>) };
  };

  test("prints one line with every address, serves them, and ends on SIGTERM with 0", async () => {
    const { child, ready } = await start("--bots", "2");
    expect(ready).toMatchObject({ ready: true, pid: child.pid });
    expect(ready?.groq).toStartWith("http://127.0.0.1");
    expect(ready?.bots).toHaveLength(2);
    expect((await fetch(`${ready?.api}/v10/gateway`)).status).toBe(200);
    child.kill("SIGTERM");
    expect(await child.exited).toBe(0);
  });

  test("with --with-parent it ends when stdin closes", async () => {
    const { child } = await start("--with-parent");
    await child.stdin.end();
    expect(await child.exited).toBe(0);
  });

  test("a bad option is named, with exit code 2", async () => {
    const { child } = await start("--port", "x");
    expect(await child.exited).toBe(2);
    expect(await new Response(child.stderr).text()).toContain("--port wants a whole number");
  });
});
