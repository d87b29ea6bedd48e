/**
 * What the simulator answers, held against Discord's own description of its HTTP API: every required property is there,
 * of the right type. Properties that Discord sends without describing them are allowed.
 */
import { expect } from "bun:test";
import { ChannelType, PermissionFlagsBits } from "discord-api-types/v10";
import { Compiler, type Schema } from "../../../bench/simulator/openapi/compile.ts";
import type { Violation } from "../../../bench/simulator/openapi/violation.ts";
import { type Simulator, startSimulator } from "../../../bench/simulator/simulator.ts";
import { shared } from "../../support/shared.ts";
import { rest } from "./client.ts";

const { file: DESCRIPTION, test } = shared("discord/openapi.json");

type Description = {
  readonly paths: Record<
    string,
    Record<
      string,
      { readonly responses?: Record<string, { readonly content?: Record<string, { readonly schema?: Schema }> }> }
    >
  >;
  readonly components: { readonly schemas: Record<string, Schema> };
};

test("every answer has the properties that Discord's description requires", async () => {
  const description = (await Bun.file(DESCRIPTION).json()) as Description;
  const simulator = startSimulator({ limits: { enforced: false }, interactions: { ackMs: 500 } });
  await useEverything(simulator);
  const compiler = new Compiler(description.components.schemas);
  const wrong: string[] = [];
  const checked = new Set<string>();
  for (const entry of simulator.services.ledger.list({ kind: "request" })) {
    if (entry.kind !== "request" || entry.status >= 300) continue;
    const operation = find(description, entry.method, entry.path);
    if (!operation) {
      // OAuth2's own endpoints are documented, but not part of the description.
      if (!entry.path.startsWith("/oauth2/")) wrong.push(`${entry.method} ${entry.path} is not in the description`);
      continue;
    }
    const answers = operation.item.responses ?? {};
    const schema = answers[String(entry.status)]?.content?.["application/json"]?.schema;
    checked.add(`${entry.method} ${operation.template}`);
    if (!answers[String(entry.status)])
      wrong.push(`${entry.method} ${operation.template}: status ${entry.status} is not described`);
    if (!schema) continue;
    const out: Violation[] = [];
    compiler.compile(schema)(JSON.parse(JSON.stringify(entry.response)), "", out);
    for (const violation of out) {
      if (violation.kind !== "unknown-property")
        wrong.push(`${entry.method} ${operation.template}: ${violation.at} ${violation.message}`);
    }
  }
  await simulator.stop();
  expect([...new Set(wrong)]).toEqual([]);
  expect(checked.size).toBeGreaterThan(60);
});

function find(description: Description, method: string, path: string) {
  const parts = path.split("/");
  const fits = Object.keys(description.paths).filter((template) => {
    const wanted = template.split("/");
    return wanted.length === parts.length && wanted.every((part, i) => part.startsWith("{") || part === parts[i]);
  });
  const [template] = fits.sort((a, b) => a.split("{").length - b.split("{").length);
  const item = template === undefined ? undefined : description.paths[template]?.[method.toLowerCase()];
  return item && template !== undefined ? { template, item } : undefined;
}

/** One request of each kind, in a guild where the bot may do everything. */
async function useEverything(simulator: Simulator): Promise<void> {
  const all =
    Object.values(PermissionFlagsBits).reduce((bits, bit) => bits | bit, 0n) & ~PermissionFlagsBits.Administrator;
  const { guild, channel } = simulator.actions.createGuild({ name: "All", permissions: all });
  const own = [...guild.roles.values()].find((role) => role.botId);
  if (own) own.position = 50;
  const ada = simulator.actions.addMember(guild.id, { username: "ada" }).userId;
  const app = simulator.bots[0]?.applicationId ?? "";
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await rest(simulator, method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const g = `/guilds/${guild.id}`;
  const c = `/channels/${channel.id}`;
  const asked = simulator.actions.say({ channelId: channel.id, userId: ada, content: "?" });
  for (const path of [
    "/gateway",
    "/gateway/bot",
    "/users/@me",
    "/users/@me/guilds",
    `/users/${ada}`,
    g,
    `${g}?with_counts=true`,
    `${g}/channels`,
    `${g}/roles`,
    `${g}/members?limit=10`,
    `${g}/members/search?query=a`,
    `${g}/members/${ada}`,
    "/applications/@me",
    "/oauth2/applications/@me",
    c,
  ]) {
    await call("GET", path);
  }
  await call("POST", `${c}/invites`, { max_age: 60, max_uses: 1, unique: true });
  await call("GET", `${c}/invites`);
  await call("PATCH", "/users/@me", { username: "Gatehouse" });
  await call("PATCH", "/applications/@me", { description: "x" });
  await call("PATCH", g, { name: "All of it" });
  const { id: dm } = await call("POST", "/users/@me/channels", { recipient_id: ada });
  await call("GET", `/channels/${dm}`);

  const row = { type: 1, components: [{ type: 2, style: 1, label: "👍", custom_id: "up" }] };
  const form = new FormData();
  form.set("payload_json", JSON.stringify({ content: "file" }));
  form.set("files[0]", new File(["x"], "x.txt", { type: "text/plain" }));
  await call("POST", `${c}/messages`, form);
  const own1 = await call("POST", `${c}/messages`, {
    content: `<@${ada}> hi`,
    embeds: [{ title: "t", fields: [{ name: "n", value: "v" }] }],
    components: [row],
    message_reference: { message_id: asked.id },
    nonce: "1",
    enforce_nonce: true,
  });
  const m = `${c}/messages/${own1.id}`;
  const thumb = encodeURIComponent("👍");
  await call("PUT", `${m}/reactions/${thumb}/@me`);
  await call("GET", m);
  await call("GET", `${c}/messages?limit=5`);
  await call("GET", `${m}/reactions/${thumb}`);
  await call("DELETE", `${m}/reactions/${thumb}/@me`);
  await call("DELETE", `${m}/reactions/${thumb}/${ada}`);
  await call("DELETE", `${m}/reactions/${thumb}`);
  await call("DELETE", `${m}/reactions`);
  await call("PATCH", m, { content: "edited" });
  await call("PUT", `${c}/messages/pins/${own1.id}`);
  await call("GET", `${c}/messages/pins`);
  await call("DELETE", `${c}/messages/pins/${own1.id}`);
  await call("PUT", `${c}/pins/${own1.id}`);
  await call("GET", `${c}/pins`);
  await call("DELETE", `${c}/pins/${own1.id}`);
  await call("POST", `${c}/typing`);
  const more = [
    await call("POST", `${c}/messages`, { content: "1" }),
    await call("POST", `${c}/messages`, { content: "2" }),
  ];
  await call("POST", `${c}/messages/bulk-delete`, { messages: more.map((message) => message.id) });

  const thread = await call("POST", `${m}/threads`, { name: "T" });
  await call("GET", m);
  await call("POST", `${c}/threads`, { name: "P", type: ChannelType.PrivateThread });
  await call("GET", `${g}/threads/active`);
  for (const who of ["@me", ada]) {
    await call("PUT", `/channels/${thread.id}/thread-members/${who}`);
    await call("GET", `/channels/${thread.id}/thread-members/${who === "@me" ? simulator.bots[0]?.userId : who}`);
  }
  await call("GET", `/channels/${thread.id}/thread-members`);
  await call("DELETE", `/channels/${thread.id}/thread-members/${ada}`);
  await call("DELETE", `/channels/${thread.id}/thread-members/@me`);
  await call("PATCH", `/channels/${thread.id}`, { archived: true });
  await call("GET", `${c}/threads/archived/public`);
  await call("GET", `${c}/threads/archived/private`);
  const forum = await call("POST", `${g}/channels`, {
    name: "forum",
    type: ChannelType.GuildForum,
    available_tags: [{ name: "bug" }],
  });
  await call("POST", `/channels/${forum.id}/threads`, {
    name: "Post",
    message: { content: "x" },
    applied_tags: [forum.available_tags[0].id],
  });
  await call("GET", `/channels/${forum.id}`);
  for (const type of [ChannelType.GuildVoice, ChannelType.GuildCategory, ChannelType.GuildText]) {
    const made = await call("POST", `${g}/channels`, { name: "made", type });
    await call("PATCH", `/channels/${made.id}`, { name: "renamed" });
    await call("PUT", `/channels/${made.id}/permissions/${ada}`, { type: 1, deny: "2048" });
    await call("GET", `/channels/${made.id}`);
    await call("DELETE", `/channels/${made.id}/permissions/${ada}`);
    await call("DELETE", `/channels/${made.id}`);
  }

  const role = await call("POST", `${g}/roles`, { name: "R" });
  await call("GET", `${g}/roles/${role.id}`);
  await call("PATCH", `${g}/roles/${role.id}`, { name: "S" });
  await call("PATCH", `${g}/roles`, [{ id: role.id, position: 1 }]);
  await call("PUT", `${g}/members/${ada}/roles/${role.id}`);
  await call("DELETE", `${g}/members/${ada}/roles/${role.id}`);
  await call("DELETE", `${g}/roles/${role.id}`);
  await call("PATCH", `${g}/members/@me`, { nick: "Bot" });
  await call("PATCH", `${g}/members/${ada}`, {
    communication_disabled_until: new Date(Date.now() + 60_000).toISOString(),
  });
  await call("PATCH", `${g}/members/${ada}`, { communication_disabled_until: null });
  await call("PUT", `${g}/bans/${ada}`, { delete_message_seconds: 0 });
  await call("GET", `${g}/bans`);
  await call("GET", `${g}/bans/${ada}`);
  await call("DELETE", `${g}/bans/${ada}`);
  simulator.actions.addMember(guild.id, { userId: ada });
  const bob = simulator.actions.addMember(guild.id, { username: "bob" }).userId;
  await call("POST", `${g}/bulk-ban`, { user_ids: [bob] });
  const eve = simulator.actions.addMember(guild.id, { username: "eve" }).userId;
  await call("DELETE", `${g}/members/${eve}`);
  await call("GET", `${g}/audit-logs`);

  const commands = `/applications/${app}/commands`;
  const ask = {
    name: "ask",
    description: "Ask",
    name_localizations: { tr: "sor" },
    options: [{ type: 3, name: "question", description: "q", required: true }],
  };
  await call("PUT", commands, [ask, { name: "Ask AI", type: 3 }]);
  const [first] = await call("GET", `${commands}?with_localizations=true`);
  await call("GET", `${commands}/${first.id}`);
  await call("PATCH", `${commands}/${first.id}`, { description: "Ask it" });
  const temp = await call("POST", `/applications/${app}/guilds/${guild.id}/commands`, {
    name: "temp",
    description: "t",
  });
  await call("GET", `/applications/${app}/guilds/${guild.id}/commands`);
  await call("DELETE", `/applications/${app}/guilds/${guild.id}/commands/${temp.id}`);
  const used = simulator.actions.command({
    userId: ada,
    channelId: channel.id,
    name: "ask",
    options: { question: "?" },
  });
  const [interaction] = [...simulator.world.interactions.values()];
  await call("POST", `/interactions/${interaction?.id}/${interaction?.token}/callback?with_response=true`, { type: 5 });
  await used;
  const hook = `/webhooks/${app}/${interaction?.token}`;
  await call("PATCH", `${hook}/messages/@original`, { content: "answer" });
  await call("GET", `${hook}/messages/@original`);
  const { id: followUp } = await call("POST", `${hook}?wait=true`, { content: "more" });
  await call("PATCH", `${hook}/messages/${followUp}`, { content: "and more" });
  await call("GET", `${hook}/messages/${followUp}`);
  await call("DELETE", `${hook}/messages/${followUp}`);
  await call("DELETE", `${hook}/messages/@original`);

  const bearer = {
    authorization: `Bearer ${simulator.services.oauth.issue({ applicationId: app, userId: ada, scopes: ["identify", "guilds", "guilds.members.read"] }).access}`,
  };
  for (const path of ["/users/@me", "/users/@me/guilds", `/users/@me/guilds/${guild.id}/member`, "/oauth2/@me"]) {
    await rest(simulator, "GET", path, undefined, bearer);
  }
  await call("DELETE", `${c}/messages/${own1.id}`);
  await call("DELETE", `/users/@me/guilds/${guild.id}`);
}
