/**
 * Whatever stands in a request's fields, the simulator answers as Discord would: refused with a code or taken, never a 500.
 * https://discord.com/developers/docs/reference#error-messages
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Simulator, startSimulator } from "../../../bench/simulator/simulator.ts";
import { rest } from "./client.ts";

const HOSTILE: readonly unknown[] = [
  null,
  "",
  "abc",
  "1".repeat(30),
  "\u0000",
  true,
  -1,
  1e30,
  [],
  [null],
  ["x"],
  [[]],
  [{}],
  {},
  { id: "x", type: 9, allow: "q", components: "x", options: true },
  [{ id: "1", allow: "q", name: "x", type: 3, choices: 1, options: [null], components: [null], fields: "x" }],
];

let simulator: Simulator;
let place: Readonly<Record<string, string>>;

beforeAll(() => {
  simulator = startSimulator({ limits: { enforced: false, invalidMax: 1_000_000 } });
  const { guild, channel } = simulator.actions.createGuild({ name: "Test", permissions: (1n << 53n) - 1n });
  const ada = simulator.actions.addMember(guild.id, { username: "ada" }).userId;
  const forum = simulator.actions.createChannel(guild.id, { name: "ideas", type: 15 });
  const message = simulator.actions.say({ channelId: channel.id, userId: ada, content: "hello" });
  const role = simulator.actions.createRole(guild.id, { name: "Muted", permissions: 0n });
  const { applicationId: app = "" } = simulator.bots[0] ?? {};
  place = { guild: guild.id, channel: channel.id, forum: forum.id, ada, message: message.id, role: role.id, app };
});
afterAll(() => simulator.stop());

const COMMAND = {
  name: "ask",
  description: "Ask",
  type: 1,
  options: [],
  name_localizations: {},
  default_member_permissions: "8",
};
const MESSAGE = {
  content: "hi",
  embeds: [],
  components: [],
  attachments: [],
  allowed_mentions: { parse: [] },
  message_reference: { message_id: "1" },
  flags: 0,
  nonce: "1",
  sticker_ids: [],
};

const ROUTES: readonly (readonly [method: string, path: string, body: Readonly<Record<string, unknown>>])[] = [
  ["POST", "/channels/:channel/messages", MESSAGE],
  ["PATCH", "/channels/:channel/messages/:message", MESSAGE],
  ["POST", "/channels/:channel/messages/bulk-delete", { messages: [] }],
  ["POST", "/channels/:channel/threads", { name: "x", type: 11, auto_archive_duration: 60 }],
  ["POST", "/channels/:forum/threads", { name: "x", message: MESSAGE, applied_tags: [] }],
  ["PATCH", "/channels/:channel", { name: "x", topic: "x", parent_id: null, position: 1, permission_overwrites: [] }],
  ["POST", "/channels/:channel/invites", { max_age: 60, max_uses: 1, temporary: false, unique: true }],
  ["PUT", "/channels/:channel/permissions/:role", { type: 0, allow: "8", deny: "0" }],
  ["POST", "/guilds/:guild/channels", { name: "x", type: 0, permission_overwrites: [], available_tags: [] }],
  ["PATCH", "/guilds/:guild/members/:ada", { nick: "x", roles: [], communication_disabled_until: null }],
  ["PUT", "/guilds/:guild/bans/:ada", { delete_message_seconds: 0 }],
  ["POST", "/guilds/:guild/roles", { name: "x", permissions: "8", color: 0, hoist: true }],
  ["PATCH", "/guilds/:guild/roles/:role", { name: "x", permissions: "8" }],
  ["POST", "/applications/:app/commands", COMMAND],
  ["POST", "/applications/:app/guilds/:guild/commands", COMMAND],
  ["PATCH", "/applications/@me", { interactions_endpoint_url: null, description: "x" }],
  ["PATCH", "/users/@me", { username: "Gatehouse" }],
  ["POST", "/users/@me/channels", { recipient_id: "1" }],
  ["POST", "/interactions/1/token/callback", { type: 4, data: MESSAGE }],
  ["POST", "/webhooks/:app/token", MESSAGE],
];

const QUERIES: readonly (readonly [path: string, names: readonly string[]])[] = [
  ["/channels/:channel/messages", ["limit", "before", "after", "around"]],
  ["/channels/:channel/messages/:message/reactions/x", ["limit", "after"]],
  ["/guilds/:guild/members", ["limit", "after"]],
  ["/guilds/:guild/members/search", ["query", "limit"]],
  ["/guilds/:guild/bans", ["limit", "before", "after"]],
  ["/guilds/:guild/audit-logs", ["limit", "before", "after", "user_id", "action_type"]],
  ["/users/@me/guilds", ["limit", "before", "after"]],
];

const at = (path: string) => path.replace(/:(\w+)/g, (_, name) => place[name] ?? "1");

for (const [method, path, body] of ROUTES) {
  test(`${method} ${path}`, async () => {
    for (const hostile of HOSTILE) {
      for (const name of Object.keys(body)) {
        const { status } = await rest(simulator, method, at(path), { ...body, [name]: hostile });
        expect([status >= 500, name, hostile]).toEqual([false, name, hostile]);
      }
      expect((await rest(simulator, method, at(path), hostile)).status).toBeLessThan(500);
    }
  });
}

test("a list of commands", async () => {
  for (const hostile of HOSTILE) {
    for (const name of Object.keys(COMMAND)) {
      const bodies = [COMMAND, { ...COMMAND, name: "other", [name]: hostile }, hostile];
      expect((await rest(simulator, "PUT", at("/applications/:app/commands"), bodies)).status).toBeLessThan(500);
    }
  }
});

for (const [path, names] of QUERIES) {
  test(`GET ${path}?…`, async () => {
    for (const name of names) {
      for (const value of ["", "abc", "-1", "1e9", "9".repeat(30), "%00"]) {
        const { status } = await rest(simulator, "GET", `${at(path)}?${name}=${value}`);
        expect([status >= 500, name, value]).toEqual([false, name, value]);
      }
    }
  });
}
