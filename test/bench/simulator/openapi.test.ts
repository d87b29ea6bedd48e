/**
 * Requests that @discordjs/core and @discordjs/rest (discord.js's own layers) really send pass the
 * check against Discord's description; bad ones give the violation they deserve. The description is
 * shared data, not part of the project: where it is absent this says so, and in CI it fails.
 */
import { afterAll, expect } from "bun:test";
import {
  API,
  ApplicationCommandOptionType,
  ButtonStyle,
  ChannelType,
  ComponentType,
  Locale,
  MessageFlags,
  OverwriteType,
} from "@discordjs/core";
import { REST } from "@discordjs/rest";
import {
  checkLedger,
  checkRequest,
  compileSpec,
  loadSpec,
  type RecordedRequest,
  type Spec,
} from "../../../bench/simulator/openapi.ts";
import { shared } from "../../support/shared.ts";

const { file, describe, test, beforeAll } = shared("discord/openapi.json");

const CHANNEL = "1100000000000000001";
const MESSAGE = "1100000000000000002";
const GUILD = "1100000000000000003";
const USER = "1100000000000000004";
const APPLICATION = "1100000000000000005";
const TOKEN = "aW50ZXJhY3Rpb24udG9rZW4";

let spec: Spec;
let server: ReturnType<typeof Bun.serve>;
const recorded: RecordedRequest[] = [];

beforeAll(async () => {
  spec = await loadSpec(file);
  server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: record });
});

afterAll(() => server?.stop(true));

async function record(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const headers = Object.fromEntries(request.headers);
  const type = headers["content-type"] ?? "";
  let body: unknown;
  if (type.startsWith("multipart/"))
    body = Object.fromEntries((await request.formData()) as unknown as Iterable<[string, unknown]>);
  else if (type.startsWith("application/x-www-form-urlencoded"))
    body = Object.fromEntries(new URLSearchParams(await request.text()));
  else if (request.body) body = await request.json();
  recorded.push({
    method: request.method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers,
    body,
  });
  return Response.json({ id: MESSAGE });
}

/** What the library sends when `use` calls it. */
async function sent(use: (api: API) => Promise<unknown>): Promise<RecordedRequest[]> {
  recorded.length = 0;
  const rest = new REST({ version: "10", api: `http://127.0.0.1:${server.port}/api`, retries: 0 }).setToken("a.b.c");
  await use(new API(rest));
  rest.clearHashSweeper();
  rest.clearHandlerSweeper();
  return [...recorded];
}

const buttons = {
  type: ComponentType.ActionRow as const,
  components: [
    {
      type: ComponentType.Button as const,
      style: ButtonStyle.Secondary as const,
      custom_id: "up",
      label: "Helpful",
      emoji: { name: "👍" },
    },
    {
      type: ComponentType.Button as const,
      style: ButtonStyle.Link as const,
      url: "https://example.com/docs",
      label: "Source",
    },
  ],
};

const good: readonly (readonly [string, (api: API) => Promise<unknown>])[] = [
  [
    "a reply that pings nobody but its author, with embeds, buttons and a nonce",
    (api) =>
      api.channels.createMessage(CHANNEL, {
        content: "Open Settings. [1]",
        nonce: "g1100000000000000002",
        enforce_nonce: true,
        message_reference: { message_id: MESSAGE, fail_if_not_exists: false },
        allowed_mentions: { parse: [], users: [USER], replied_user: true },
        embeds: [
          {
            title: "Sources",
            description: "1. Settings",
            url: "https://example.com",
            color: 0x5865f2,
            fields: [{ name: "1", value: "Settings", inline: true }],
            timestamp: new Date(0).toISOString(),
          },
        ],
        components: [buttons],
        flags: MessageFlags.SuppressEmbeds,
      }),
  ],
  [
    "a message with a file, as multipart",
    (api) =>
      api.channels.createMessage(CHANNEL, {
        content: "the log",
        attachments: [{ id: "0", filename: "log.txt", description: "log" }],
        files: [{ name: "log.txt", data: Buffer.from("one\ntwo") }],
      }),
  ],
  [
    "an edit",
    (api) =>
      api.channels.editMessage(CHANNEL, MESSAGE, {
        content: "better",
        components: [],
        allowed_mentions: { parse: [] },
      }),
  ],
  [
    "a deletion with a reason",
    (api) => api.channels.deleteMessage(CHANNEL, MESSAGE, { reason: "spam: “free nitro” ✅" }),
  ],
  ["a bulk deletion", (api) => api.channels.bulkDeleteMessages(CHANNEL, [MESSAGE, USER])],
  ["reading a channel's messages", (api) => api.channels.getMessages(CHANNEL, { limit: 50, before: MESSAGE })],
  ["typing", (api) => api.channels.showTyping(CHANNEL)],
  ["a reaction", (api) => api.channels.addMessageReaction(CHANNEL, MESSAGE, "👍")],
  [
    "a thread from a message",
    (api) => api.channels.createThread(CHANNEL, { name: "Password", auto_archive_duration: 1440 }, MESSAGE),
  ],
  [
    "a thread without one",
    (api) => api.channels.createThread(CHANNEL, { name: "Help", type: ChannelType.PrivateThread, invitable: false }),
  ],
  [
    "a forum post",
    (api) =>
      api.channels.createForumThread(CHANNEL, { name: "Question", message: { content: "How?" }, applied_tags: [] }),
  ],
  ["a channel edit", (api) => api.channels.edit(CHANNEL, { archived: true, locked: false })],
  [
    "a time-out",
    (api) =>
      api.guilds.editMember(
        GUILD,
        USER,
        { communication_disabled_until: new Date(1e12).toISOString() },
        { reason: "flood" },
      ),
  ],
  ["lifting a time-out", (api) => api.guilds.editMember(GUILD, USER, { communication_disabled_until: null })],
  ["a kick", (api) => api.guilds.removeMember(GUILD, USER, { reason: "scam" })],
  ["a ban", (api) => api.guilds.banUser(GUILD, USER, { delete_message_seconds: 3600 }, { reason: "scam" })],
  ["an unban", (api) => api.guilds.unbanUser(GUILD, USER)],
  [
    "an overwrite",
    (api) =>
      api.channels.editPermissionOverwrite(CHANNEL, USER, { type: OverwriteType.Member, allow: "1024", deny: "0" }),
  ],
  [
    "a new channel",
    (api) => api.guilds.createChannel(GUILD, { name: "mod-log", type: ChannelType.GuildText, topic: "log" }),
  ],
  ["members", (api) => api.guilds.getMembers(GUILD, { limit: 1000, after: "0" })],
  ["my guilds", (api) => api.users.getGuilds({ limit: 200 })],
  ["a direct channel", (api) => api.users.createDM(USER)],
  ["the gateway", (api) => api.rest.get("/gateway/bot")],
  [
    "commands with localisations",
    (api) =>
      api.applicationCommands.bulkOverwriteGlobalCommands(APPLICATION, [
        {
          name: "ask",
          name_localizations: { [Locale.Turkish]: "sor" },
          description: "Ask the knowledge base",
          description_localizations: { [Locale.Turkish]: "Bilgi tabanına sor" },
          options: [
            {
              type: ApplicationCommandOptionType.String,
              name: "question",
              description: "What you want to know",
              required: true,
              min_length: 2,
              max_length: 1000,
            },
            { type: ApplicationCommandOptionType.Boolean, name: "private", description: "Only you see the answer" },
          ],
          default_member_permissions: "8",
          contexts: [0, 1],
          integration_types: [0],
        },
        { type: 3, name: "Ask AI about this" },
      ]),
  ],
  ["a deferred, private answer", (api) => api.interactions.defer(MESSAGE, TOKEN, { flags: MessageFlags.Ephemeral })],
  [
    "an answer at once",
    (api) =>
      api.interactions.reply(MESSAGE, TOKEN, {
        content: "Here.",
        allowed_mentions: { parse: [] },
        components: [buttons],
        flags: MessageFlags.Ephemeral,
      }),
  ],
  [
    "the deferred answer's edit",
    (api) => api.interactions.editReply(APPLICATION, TOKEN, { content: "Here.", allowed_mentions: { parse: [] } }),
  ],
  [
    "a follow-up",
    (api) => api.interactions.followUp(APPLICATION, TOKEN, { content: "And more.", flags: MessageFlags.Ephemeral }),
  ],
  [
    "a component's update",
    (api) => api.interactions.updateMessage(MESSAGE, TOKEN, { content: "Thanks!", components: [] }),
  ],
  [
    "a modal",
    (api) =>
      api.interactions.createModal(MESSAGE, TOKEN, {
        custom_id: "note",
        title: "Note",
        components: [
          {
            type: ComponentType.ActionRow,
            components: [
              { type: ComponentType.TextInput, custom_id: "text", label: "Why?", style: 2, max_length: 500 },
            ],
          },
        ],
      }),
  ],
  [
    "the application's endpoint",
    (api) => api.applications.editCurrent({ interactions_endpoint_url: "https://bot.example/discord/webhook" }),
  ],
  [
    "an OAuth2 code exchange",
    (api) =>
      api.oauth2.tokenExchange({
        client_id: APPLICATION,
        client_secret: "s",
        grant_type: "authorization_code",
        code: "c",
        redirect_uri: "http://localhost/cb",
      }),
  ],
];

describe("what discord.js sends passes", () => {
  for (const [name, use] of good) {
    test(name, async () => {
      const requests = await sent(use);
      expect(requests.length).toBeGreaterThan(0);
      expect(checkLedger(spec, requests)).toEqual([]);
    });
  }
});

const message = (body: unknown, headers?: Record<string, string>): RecordedRequest => ({
  method: "POST",
  path: `/api/v10/channels/${CHANNEL}/messages`,
  body,
  ...(headers ? { headers } : {}),
});
const row = (...components: unknown[]) => ({ components: [{ type: 1, components }] });

const bad: readonly (readonly [string, RecordedRequest, string, string])[] = [
  ["an unknown path", { method: "GET", path: "/api/v10/channels/1/secrets" }, "unknown-path", "path"],
  ["an unknown method", { method: "PUT", path: `/channels/${CHANNEL}/messages` }, "unknown-method", "path"],
  ["an id that is none", { method: "GET", path: "/channels/general" }, "bad-format", "path/channel_id"],
  [
    "an unknown query",
    { method: "GET", path: `/channels/${CHANNEL}/messages?limit=5&order=asc` },
    "unknown-query",
    "query/order",
  ],
  [
    "a limit out of range",
    { method: "GET", path: `/channels/${CHANNEL}/messages?limit=500` },
    "out-of-range",
    "query/limit",
  ],
  ["an unknown property", message({ content: "x", colour: "red" }), "unknown-property", "body/colour"],
  [
    "an unknown property deep down",
    message(row({ type: 2, style: 1, custom_id: "a", lable: "typo" })),
    "unknown-property",
    "body/components/0/components/0/lable",
  ],
  [
    "an unknown property behind a nullable union",
    message({ allowed_mentions: { parse: [], user: [] } }),
    "unknown-property",
    "body/allowed_mentions/user",
  ],
  ["an unknown property of an embed", message({ embeds: [{ titel: "x" }] }), "unknown-property", "body/embeds/0/titel"],
  ["a wrong type", message({ content: 42 }), "wrong-type", "body/content"],
  [
    "an id as a number",
    message({ message_reference: { message_id: 12 } }),
    "wrong-type",
    "body/message_reference/message_id",
  ],
  [
    "a missing property",
    message({ message_reference: { channel_id: CHANNEL } }),
    "missing-property",
    "body/message_reference/message_id",
  ],
  [
    "a mention type that does not exist",
    message({ allowed_mentions: { parse: ["here"] } }),
    "not-in-enum",
    "body/allowed_mentions/parse/0",
  ],
  [
    "a component type that does not exist",
    message({ components: [{ type: 99, components: [] }] }),
    "not-in-enum",
    "body/components/0/type",
  ],
  [
    "a button style that does not exist",
    message(row({ type: 2, style: 9, custom_id: "a" })),
    "not-in-enum",
    "body/components/0/components/0/style",
  ],
  ["content over 2,000 characters", message({ content: "x".repeat(2001) }), "too-long", "body/content"],
  ["content over 4,000 characters, once", message({ content: "x".repeat(4001) }), "too-long", "body/content"],
  ["a nonce over 25 characters", message({ content: "x", nonce: "n".repeat(26) }), "too-long", "body/nonce"],
  [
    "a label over 80 characters",
    message(row({ type: 2, style: 1, custom_id: "a", label: "l".repeat(81) })),
    "too-long",
    "body/components/0/components/0/label",
  ],
  [
    "eleven embeds",
    message({ embeds: Array.from({ length: 11 }, () => ({ title: "x" })) }),
    "too-many-items",
    "body/embeds",
  ],
  [
    "six buttons in a row",
    message(row(...Array.from({ length: 6 }, (_, i) => ({ type: 2, style: 1, custom_id: `${i}` })))),
    "too-many-items",
    "body/components/0/components",
  ],
  ["an empty row", message(row()), "too-few-items", "body/components/0/components"],
  [
    "a user mentioned twice",
    message({ allowed_mentions: { users: [USER, USER] } }),
    "duplicate-items",
    "body/allowed_mentions/users",
  ],
  [
    "one message to delete in bulk",
    { method: "POST", path: `/channels/${CHANNEL}/messages/bulk-delete`, body: { messages: [MESSAGE] } },
    "too-few-items",
    "body/messages",
  ],
  [
    "a body that is missing",
    { method: "POST", path: `/channels/${CHANNEL}/messages/bulk-delete` },
    "missing-body",
    "body",
  ],
  [
    "a body where none belongs",
    { method: "POST", path: `/channels/${CHANNEL}/typing`, body: { seconds: 5 } },
    "unexpected-body",
    "body",
  ],
  [
    "a time-out that is no date",
    { method: "PATCH", path: `/guilds/${GUILD}/members/${USER}`, body: { communication_disabled_until: "in an hour" } },
    "bad-format",
    "body/communication_disabled_until",
  ],
  [
    "a ban that deletes eight days",
    { method: "PUT", path: `/guilds/${GUILD}/bans/${USER}`, body: { delete_message_seconds: 691_200 } },
    "out-of-range",
    "body/delete_message_seconds",
  ],
  [
    "an interaction answer of a type that does not exist",
    { method: "POST", path: `/interactions/${MESSAGE}/${TOKEN}/callback`, body: { type: 99 } },
    "not-in-enum",
    "body/type",
  ],
  [
    "an interaction answer that is too long",
    {
      method: "POST",
      path: `/interactions/${MESSAGE}/${TOKEN}/callback`,
      body: { type: 4, data: { content: "x".repeat(2001) } },
    },
    "too-long",
    "body/data/content",
  ],
  [
    "a forum post that is too long",
    {
      method: "POST",
      path: `/channels/${CHANNEL}/threads`,
      body: { name: "n", message: { content: "x".repeat(2001) } },
    },
    "too-long",
    "body/message/content",
  ],
  [
    "a command with a bad option",
    {
      method: "PUT",
      path: `/applications/${APPLICATION}/commands`,
      body: [{ name: "ask", description: "d", options: [{ type: 3, name: "q", description: "d", requird: true }] }],
    },
    "unknown-property",
    "body/0/options/0/requird",
  ],
  [
    "a reason that is not encoded",
    { method: "DELETE", path: `/channels/${CHANNEL}/messages/${MESSAGE}`, headers: { "x-audit-log-reason": "çöp" } },
    "bad-header",
    "headers/x-audit-log-reason",
  ],
  [
    "a reason over 512 characters",
    {
      method: "DELETE",
      path: `/channels/${CHANNEL}/messages/${MESSAGE}`,
      headers: { "x-audit-log-reason": "x".repeat(513) },
    },
    "bad-header",
    "headers/x-audit-log-reason",
  ],
  [
    "a token without Bot",
    { method: "GET", path: "/users/@me", headers: { authorization: "a.b.c" } },
    "bad-header",
    "headers/authorization",
  ],
  [
    "a bad payload_json",
    message(
      { payload_json: JSON.stringify({ contents: "x" }), "files[0]": "…" },
      { "content-type": "multipart/form-data; boundary=x" },
    ),
    "unknown-property",
    "body/contents",
  ],
  [
    "a stray multipart field",
    message({ payload_json: "{}", upload: "…" }, { "content-type": "multipart/form-data; boundary=x" }),
    "unknown-property",
    "body/upload",
  ],
];

describe("what is wrong is named", () => {
  for (const [name, request, kind, at] of bad) {
    test(name, () => {
      expect(checkRequest(spec, request).map((violation) => [violation.kind, violation.at] as const)).toEqual([
        [kind, at] as never,
      ]);
    });
  }

  test("two thousand characters are counted as Discord counts them, and undefined is absent", () => {
    expect(checkRequest(spec, message({ content: "👍".repeat(2000), nonce: undefined }))).toEqual([]);
  });
});

test("a ledger's violations name their request; other kinds of entries are passed over", () => {
  const entries = [
    { kind: "gateway" },
    message({ content: "fine" }),
    { ...message({ contnet: "typo" }), kind: "request" },
  ];
  expect(checkLedger(spec, entries).map(({ index, method, at }) => [index, method, at])).toEqual([
    [2, "POST", "body/contnet"],
  ]);
});

test("what is not a description is refused", () => {
  expect(() => compileSpec({ openapi: "3.1.0" })).toThrow("not an OpenAPI description");
});
