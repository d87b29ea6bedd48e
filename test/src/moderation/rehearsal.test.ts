import { expect, test } from "bun:test";
import { systemClock } from "../../../src/clock.ts";
import { createRecording } from "../../../src/discord/recording.ts";
import type { RoleId, UserId } from "../../../src/ids.ts";
import { createScripted } from "../../../src/llm/scripted.ts";
import type { ModerateResult, ModerateTask } from "../../../src/llm.ts";
import { messagesIn } from "../../../src/moderation/past-file.ts";
import { type Past, type PastReads, readPast, readsOf, rehearse, survey } from "../../../src/moderation/rehearsal.ts";
import { PERMISSIONS } from "../../../src/permissions.ts";
import { guildSettingsSchema } from "../../../src/settings/form.ts";
import type { CaseRow } from "../../../src/store/ports/moderation.ts";
import { APPLICATION, BOT, CHANNEL, GUILD, message, snowflake } from "../../support/build.ts";

const MOD = "300000000000000042" as UserId;
const MODS = "100000000000000702" as RoleId;
const settings = guildSettingsSchema.shape.moderation.parse({
  ...{ on: true, rules: ["Be kind."], actions: { delete: true, warn: true, timeout: true } },
});
const RUDE = "you are a complete idiot, everybody hates you";

/** Finds what calls somebody an idiot. */
const judge = async (task: unknown): Promise<ModerateResult> => ({
  verdicts: (task as ModerateTask).messages.map(({ n, text }) => ({
    ...{ message: n, category: "harassment", confidence: 0.9, reason: "an insult" },
    ...(text.includes("idiot") ? { rule: 1, severity: "high" } : { rule: 0, severity: "none" }),
  })) as ModerateResult["verdicts"],
});

const reads: PastReads = {
  messages: { recent: async () => [] },
  members: {
    get: async (_, id) => ({
      ...{ id, name: "x", timedOutUntilMs: null, joinedAtMs: null },
      roles: id === MOD ? [MODS] : [],
    }),
  },
  directory: {
    guild: async () => ({
      ...{ id: GUILD, name: "Lumen", ownerId: null },
      roles: [{ id: MODS, name: "Mods", position: 3, permissions: PERMISSIONS.manageMessages }],
    }),
    channels: async () => [],
  },
};

const past = (fields: Partial<Past> = {}): Past => ({
  ...{ guild: GUILD, settings, cases: [], examples: [] },
  messages: [
    message({ content: "good morning" }),
    message({ content: `${RUDE} 1` }),
    message({ content: `${RUDE} 2`, author: { id: MOD, username: "mod" } }),
  ],
  ...fields,
});

test("what it costs is known before anything is asked", () => {
  expect(survey(past())).toMatchObject({ messages: 3, clear: 1, certain: 0, toTheModel: 2, calls: 1 });
});

test("staff among the hit come first and are never acted on; the same input gives the same output", async () => {
  const input = past();
  const one = await rehearse(input, createScripted(judge as never), reads);
  expect(one.hits.map(({ staff, acts }) => ({ staff, acts }))).toEqual([
    { staff: true, acts: [] },
    { staff: false, acts: ["delete", "timeout"] },
  ]);
  const two = await rehearse(
    { ...input, messages: input.messages.toReversed() },
    createScripted(judge as never),
    reads,
  );
  expect(JSON.stringify(two)).toBe(JSON.stringify(one));
});

test("what was done then and would not be done now is named, and so is a text that people called wrong", async () => {
  const innocent = message({ content: "this damn idiotic sensor of a product is damn broken" });
  const done = {
    id: "c1",
    number: 7,
    message: innocent.id,
    evidence: innocent.content,
    state: "applied",
    plan: { acts: ["kick"], held: [] },
  };
  const input = past({
    messages: [innocent],
    cases: [done as unknown as CaseRow],
    examples: [{ case: "c2", text: "what an idiot I am", rule: "Be kind.", by: "1", atMs: 0 }],
    settings: { ...settings, rules: settings.rules.map((rule) => ({ ...rule, text: "No spam." })) },
  });
  const none = createScripted((async (task: ModerateTask) => ({
    verdicts: task.messages.map(({ n, text }) => ({
      ...{ message: n, category: "other", confidence: 0.9, reason: "" },
      ...(text.startsWith("what an") ? { rule: 1, severity: "medium" } : { rule: 0, severity: "none" }),
    })),
  })) as never);
  const found = await rehearse(input, none, null);
  expect(found.spared).toEqual([{ case: "c1", number: 7, text: innocent.content, acts: ["kick"] }]);
  expect(found.examples).toEqual([{ case: "c2", text: "what an idiot I am", hit: true }]);
});

test("today's own filter finds what it would have found", async () => {
  const filter = { ...settings.filter, words: ["morning"] };
  const found = await rehearse(past({ settings: { ...settings, rules: [], filter } }), null, null);
  expect(found.hits.map(({ source, text }) => [source, text])).toEqual([["certain", "good morning"]]);
});

test("a model that is away leaves messages unjudged, and ends nothing", async () => {
  expect(await rehearse(past(), createScripted(), null)).toMatchObject({ hits: [], unjudged: 2 });
});

test("the past of a channel is read page by page, as far back as was asked", async () => {
  const all = Array.from({ length: 250 }, (_, n) => message({ id: snowflake(), content: `line ${n}` }));
  const recent: PastReads["messages"]["recent"] = async (_, limit, before) =>
    all.filter(({ id }) => before === undefined || BigInt(id) < BigInt(before)).slice(-limit);
  const channels = async () => [{ id: CHANNEL, name: "help", type: 0, parentId: null, ownerId: null, overwrites: [] }];
  const found = await readPast(
    { ...reads, messages: { recent }, directory: { ...reads.directory, channels } },
    GUILD,
    0,
  );
  expect(found.map(({ content }) => content)).toEqual(all.map(({ content }) => content));
});

test("a file's lines become messages in their order; a line that is none is named", async () => {
  const lines = (text: string) => new Blob([text]).stream();
  const found = await messagesIn(
    lines('{"author":"ada","text":"hi"}\n\n{"author":"bob","text":"yo","channel":"c"}\n'),
    GUILD,
  );
  expect(found.map(({ content }) => content)).toEqual(["hi", "yo"]);
  expect(BigInt(found[0]?.id ?? "1")).toBeLessThan(BigInt(found[1]?.id ?? "0"));
  await expect(messagesIn(lines('{"author":"ada","text":"hi"}\n{"text":3}\n'), GUILD)).rejects.toThrow("line 2");
});

test("what it is handed of a bot only reads: nothing that writes messages, makes invitations or deals with members", () => {
  const bot = createRecording(APPLICATION, BOT, systemClock);
  const handed = readsOf(bot);
  const methods = Object.entries(handed).map(([part, of]) => [part, Object.keys(of)]);
  expect(methods).toEqual([
    ["messages", ["recent"]],
    ["members", ["get"]],
    ["directory", ["guild", "channels"]],
  ]);
});

test("a file is rehearsed without Discord, and says that nobody told who is staff", async () => {
  const done = await rehearse(past(), createScripted(judge as never), null);
  expect(done).toMatchObject({ staffKnown: false, model: true });
  expect(done.hits).toHaveLength(2);
  expect(await rehearse(past(), null, reads)).toMatchObject({ staffKnown: true, model: false, hits: [] });
});

test("of what somebody did in one go only the messages would have gone, as it is when it happens", async () => {
  const at = (n: number, seconds: number) =>
    message({ content: `${RUDE} ${n}`, timestamp: new Date(1_790_000_000_000 + seconds * 1_000).toISOString() });
  const messages = [at(1, 0), at(2, 5), at(3, 20), at(4, 90)];
  const done = await rehearse(past({ messages }), createScripted(judge as never), reads);
  expect(done.hits.map(({ acts }) => acts).toReversed()).toEqual([
    ["delete", "timeout"],
    ["delete"],
    ["delete"],
    ["delete", "timeout"],
  ]);
});
