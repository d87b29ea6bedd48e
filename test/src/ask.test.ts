import { describe, expect, test } from "bun:test";
import { createAsk, registerCommands } from "../../src/ask.ts";
import { AppError } from "../../src/errors.ts";
import { words } from "../../src/i18n.ts";
import type { ApplicationId, GuildId, UserId } from "../../src/ids.ts";
import { createScripted, type ScriptStep } from "../../src/llm/scripted.ts";
import { APPLICATION, CHANNEL, GUILD, MEMBER, mention, messagePayload, snowflake } from "../support/build.ts";
import { openHouse } from "../support/house.ts";

const ANSWER = { answer: "Hold the hub's button for 3 seconds [1].", used: [1], known: true, wantsHuman: false };
const QUESTION = "How do I pair a sensor with the hub button?";

function command(name: string, fields: object = {}, options: Readonly<Record<string, unknown>> = {}) {
  return {
    id: snowflake(),
    application_id: APPLICATION,
    token: `token-${snowflake()}`,
    type: 2,
    version: 1,
    guild_id: GUILD,
    guild: { id: GUILD, name: "Lumen" },
    channel_id: CHANNEL,
    channel: { id: CHANNEL, name: "help", type: 0 },
    member: { user: { id: MEMBER, username: "ada", global_name: "Ada" }, roles: [] },
    locale: "en-US",
    guild_locale: "en-US",
    data: { type: 1, name, options: Object.entries(options).map(([n, value]) => ({ name: n, value, type: 3 })) },
    ...fields,
  };
}

async function open(...script: readonly ScriptStep[]) {
  const llm = createScripted(...script);
  const house = await openHouse({ llm });
  const ask = createAsk(house.services);
  const run = async (data: unknown) => {
    const asked = await ask.handle({
      application: APPLICATION,
      data,
      receivedAtMs: house.clock.now(),
      botName: "Gatehouse",
    });
    return { response: asked?.response, outcome: (await asked?.work?.()) ?? null };
  };
  const edits = () => house.discord.acts.flatMap((a) => (a.act === "edit-response" ? [a.message.content] : []));
  return { ...house, llm, ask, run, edits };
}

describe("/ask", () => {
  test("is deferred, then answered by an edit with buttons, and is on record", async () => {
    const { run, discord, store, edits } = await open(ANSWER);
    const { response, outcome } = await run(command("ask", {}, { question: QUESTION }));
    expect(response).toEqual({ type: "defer", ephemeral: false });
    expect(outcome).toMatchObject({ kind: "answered", reason: "ask", model: "scripted" });
    expect(edits()[0]).toContain("Hold the hub's button for 3 seconds [1].");
    const edit = discord.acts.find((a) => a.act === "edit-response");
    expect(edit?.message.buttons?.map((b) => b.id)).toEqual([
      `feedback:up:${GUILD}`,
      `feedback:down:${GUILD}`,
      `human:${GUILD}`,
    ]);
    expect(store.exchanges[0]?.turns.map((t) => [t.role, t.text])).toEqual([
      ["member", QUESTION],
      ["bot", "Hold the hub's button for 3 seconds [1]."],
    ]);
    expect(store.exchanges[0]?.usage).toMatchObject({ kind: "answer", count: 1 });
  });

  test("in private is deferred so that only the asker sees it, and is not remembered for public answers", async () => {
    const { run, hot } = await open(ANSWER);
    const { response } = await run(command("ask", {}, { question: QUESTION, private: true }));
    expect(response).toEqual({ type: "defer", ephemeral: true });
    expect([...hot.values.keys()].filter((key) => key.includes(":talk:"))).toEqual([]);
  });

  test("goes on in follow-ups where the answer is long", async () => {
    const long = Array(12)
      .fill("Hold the hub's button for 3 seconds, until the light blinks blue. ".repeat(5))
      .join("\n\n");
    const { run, discord } = await open({ ...ANSWER, answer: long });
    await run(command("ask", {}, { question: QUESTION }));
    const kinds = discord.acts.map((a) => a.act);
    expect(kinds.slice(0, 2)).toEqual(["edit-response", "follow"]);
  });

  test("works in ask mode and in every other, but is privately off where the bot is off", async () => {
    const { run, store, clock } = await open(ANSWER, ANSWER);
    for (const mode of ["ask", "all"] as const) {
      store.configure(GUILD, { mode });
      clock.advance(31_000);
      expect((await run(command("ask", {}, { question: QUESTION }))).outcome).toMatchObject({
        kind: "answered",
        reason: "ask",
      });
    }
    store.configure(GUILD, { mode: "off" });
    const other = createAsk((await openHouse({ settings: { mode: "off" } })).services);
    const asked = await other.handle({
      application: APPLICATION,
      data: command("ask", {}, { question: QUESTION }),
      receivedAtMs: 0,
    });
    expect(asked).toMatchObject({ response: { type: "message", ephemeral: true }, work: null });
  });

  test("needs no gateway: a guild that nobody announced is made known by it, by its name where Discord tells it", async () => {
    const unnamed = { guild: { id: GUILD, locale: "en-US", features: [] } };
    for (const name of [GUILD, "Lumen"]) {
      const { run, store, discord } = await open(ANSWER);
      store.rows.clear();
      if (name !== GUILD) discord.name(GUILD, name);
      const { outcome } = await run(command("ask", unnamed, { question: QUESTION }));
      expect(outcome).toMatchObject({ kind: "answered" });
      expect(store.rows.get(GUILD)?.name).toBe(name);
    }
  });

  test("delivered twice is answered once", async () => {
    const { run, discord, clock } = await open(ANSWER, ANSWER);
    const data = command("ask", {}, { question: QUESTION });
    await run(data);
    const again = run(data);
    await clock.advance(10_000);
    expect((await again).outcome).toMatchObject({ kind: "dropped", reason: "duplicate" });
    expect(discord.acts.filter((a) => a.act === "edit-response")).toHaveLength(1);
  });

  test("waits for an absent store, and at last says that it may be tried again, in the asker's language", async () => {
    const { run, store, edits, clock } = await open(ANSWER);
    store.conversations.open = () => Promise.reject(new AppError("unavailable", "the database is away"));
    const done = run(command("ask", { locale: "tr" }, { question: QUESTION }));
    await clock.advance(7_000);
    expect(edits()).toEqual([]);
    await clock.advance(8_000);
    expect((await done).outcome).toMatchObject({ kind: "failed", reason: "unavailable" });
    expect(edits()).toEqual(["Benim tarafımda bir şeyler ters gitti. Lütfen bir dakika sonra yeniden dene."]);
  });

  test("is answered where the store comes back in time", async () => {
    const { run, store, edits, clock } = await open(ANSWER);
    const { open: opened } = store.conversations;
    store.conversations.open = () => Promise.reject(new AppError("unavailable", "the database is away"));
    const done = run(command("ask", {}, { question: QUESTION }));
    await clock.advance(2_000);
    store.conversations.open = opened;
    await clock.advance(4_000);
    expect((await done).outcome).toMatchObject({ kind: "answered", reason: "ask" });
    expect(edits()).toHaveLength(1);
  });

  test("that wants a person is marked for the team, once an hour, and the member is told just that", async () => {
    const { run, edits, store } = await open({ ...ANSWER, known: false, answer: "" }, ANSWER);
    const { outcome } = await run(command("ask", {}, { question: "I want to talk to a human please" }));
    expect(outcome).toMatchObject({ kind: "escalated", reason: "wants-human" });
    expect(edits().at(-1)).toContain("I've marked this conversation for the team");
    expect(store.exchanges.at(-1)?.usage).toBeNull();
  });

  test("that wants a person, where the plan has no escalation, is told that nobody tells the team", async () => {
    const { services, discord, store, clock } = await openHouse({ features: ["discord", "live"] });
    const ask = createAsk(services);
    const button = { type: 3, message: { id: snowflake() }, data: { custom_id: `human:${GUILD}` } };
    const asked = { question: "I want to talk to a human please" };
    for (const data of [command("ask", {}, asked), command("ask", button)]) {
      const { work } =
        (await ask.handle({ application: APPLICATION, data, receivedAtMs: clock.now(), botName: "Gatehouse" })) ?? {};
      await work?.();
    }
    const said = discord.acts.flatMap((a) => (a.act === "edit-response" ? [a.message.content] : []));
    const { notTold } = words("en").bot;
    expect(said.map((text) => text.endsWith(notTold))).toEqual([true, true]);
    // It is noted all the same, as the member was told.
    expect([...store.talks.values()].map(({ row }) => row.escalatedAtMs)).not.toContain(null);
  });

  test("in a conversation that an agent holds is left to them", async () => {
    const { run, store, edits } = await open(ANSWER, ANSWER);
    await run(command("ask", {}, { question: QUESTION }));
    const id = [...store.talks.keys()][0] ?? "";
    await store.conversations.takeover(GUILD, id, { type: "claim", agent: "9" as UserId });
    expect((await run(command("ask", {}, { question: "And then?" }))).outcome).toMatchObject({ kind: "left-to-agent" });
    expect(edits().at(-1)).toContain("Somebody from the team");
  });

  test("of what is not held says so in one line, without buttons", async () => {
    const { run, discord } = await open({ ...ANSWER, known: false, answer: "" });
    await run(command("ask", {}, { question: "How do I pair a goat?" }));
    const edit = discord.acts.find((a) => a.act === "edit-response");
    expect(edit?.message).toMatchObject({
      content: "> How do I pair a goat?\nI couldn't find that in this server's knowledge base.",
    });
    expect(edit?.message.buttons).toBeUndefined();
  });
});

test("one member's flood of questions is answered one at a time, and beyond a few turned away with what to do", async () => {
  const thinking = Promise.withResolvers<typeof ANSWER>();
  const { run, edits } = await open(...Array.from({ length: 40 }, () => () => thinking.promise));
  const all = Array.from({ length: 24 }, () => run(command("ask", {}, { question: QUESTION })));
  const other = { member: { user: { id: snowflake(), username: "eve", global_name: "Eve" }, roles: [] } };
  const another = run(command("ask", other, { question: QUESTION }));
  const turnedAway = (await Promise.all(all.slice(21))).map(({ outcome }) => outcome);
  expect(turnedAway.map((one) => [one?.kind, one?.reason])).toEqual(Array(3).fill(["refused", "member-busy"]));
  expect(edits()).toEqual(Array(3).fill(words("en").bot.refused["member-busy"]));
  thinking.resolve(ANSWER);
  const answered = await Promise.all([...all.slice(0, 21), another]);
  expect(answered.map(({ outcome }) => outcome?.kind)).toEqual(Array(22).fill("answered"));
});

test("one member's flood of /forget is taken a few at a time, and others' commands are not behind it", async () => {
  const { run, edits, store } = await open();
  const erasing = Promise.withResolvers<void>();
  store.retention.forgetMember = async (_, member) => {
    if (member === MEMBER) await erasing.promise;
    return 0;
  };
  const all = Array.from({ length: 24 }, () => run(command("forget")));
  const other = { member: { user: { id: snowflake(), username: "eve", global_name: "Eve" }, roles: [] } };
  expect((await run(command("forget", other))).outcome).toMatchObject({ kind: "cleared", reason: "forgotten" });
  const busy = words("en").bot.refused["member-busy"];
  expect(edits().filter((line) => line === busy)).toHaveLength(3);
  erasing.resolve();
  const ends = (await Promise.all(all)).map(({ outcome }) => outcome?.kind);
  expect(ends.toSorted()).toEqual([...Array(21).fill("cleared"), ...Array(3).fill("refused")]);
});

describe("Ask AI about this", () => {
  test("answers the message it was used on", async () => {
    const { run } = await open(ANSWER);
    const target = messagePayload({ content: QUESTION });
    const data = {
      type: 3,
      name: "Ask AI about this",
      target_id: target.id,
      resolved: { messages: { [String(target.id)]: target } },
    };
    const { outcome } = await run(command("", { data }));
    expect(outcome).toMatchObject({ kind: "answered", reason: "ask-about" });
  });

  test("says so where the message has no text", async () => {
    const { run } = await open(ANSWER);
    const target = messagePayload({ content: "" });
    const data = { type: 3, name: "x", target_id: target.id, resolved: { messages: { [String(target.id)]: target } } };
    expect((await run(command("", { data }))).response).toMatchObject({ type: "message", ephemeral: true });
  });
});

test("/forget clears the member's own memory and nobody else's, without a walk through everybody's keys", async () => {
  const { run, handle, hot, store } = await open(ANSWER, ANSWER);
  const erased: string[] = [];
  const forgetMember = async (guild: string, member: string) => erased.push(`${guild} ${member}`);
  Object.assign(store.retention, { forgetMember });
  hot.drop = () => Promise.reject(new Error("walks through every key"));
  await handle(mention(QUESTION));
  await handle(mention(QUESTION, { author: { id: "300000000000000002", username: "eve" } }));
  const talks = () => [...hot.values.keys()].filter((key) => key.includes(":talk:"));
  expect(talks()).toHaveLength(2);
  await run(command("forget"));
  expect(talks()).toEqual([expect.stringContaining("300000000000000002")]);
  expect(erased).toEqual([`${GUILD} ${MEMBER}`]);
});

test("a button under an answer is recorded and thanked for", async () => {
  const { run, store } = await open(ANSWER);
  const calls: unknown[] = [];
  store.conversations.feedback = async (...args) => calls.push(args) > 0;
  const data = { custom_id: `feedback:down:${GUILD}`, component_type: 2 };
  const { response, outcome } = await run(command("", { type: 3, data, message: { id: "77" } }));
  expect(response).toMatchObject({ type: "message", ephemeral: true });
  expect(outcome).toMatchObject({ reason: "feedback-down" });
  expect(calls).toEqual([[GUILD, "77", "down"]]);
});

test("a ping is answered at once, an unknown command privately, and what is no interaction not at all", async () => {
  const { run } = await open();
  expect((await run({ id: "1", type: 1 })).response).toEqual({ type: "pong" });
  expect((await run(command("dance"))).response).toMatchObject({ type: "message", ephemeral: true });
  for (const data of [null, 1, "x", [], {}, { id: "x" }, { id: "1", type: 2 }])
    expect((await run(data)).response).toBeUndefined();
});

test("over the gateway the same handler answers", async () => {
  const { pipeline, discord } = await open(ANSWER);
  await pipeline.observe(APPLICATION, "INTERACTION_CREATE", command("ask", {}, { question: QUESTION }));
  expect(discord.acts.map((a) => a.act)).toEqual(["respond", "edit-response"]);
});

test("commands are registered once, and again only when they change", async () => {
  const { services, discord } = await open();
  let hash: string | null = null;
  Object.assign(services.store, {
    bots: {
      get: async () => ({ application: APPLICATION, commandsHash: hash }),
      setCommandsHash: async (_: ApplicationId, now: string) => {
        hash = now;
      },
    },
  });
  expect(await registerCommands(APPLICATION, services)).toBe("registered");
  expect(await registerCommands(APPLICATION, services)).toBe("known");
  const registered = discord.acts.filter((a) => a.act === "register");
  expect(registered).toHaveLength(1);
  expect(JSON.stringify(registered[0])).toContain("soru");
});

test("why Discord refuses the commands is kept; what may be over in a moment, and a refused token, are not", async () => {
  const kept: string[] = [];
  for (const kind of ["invalid", "forbidden", "unavailable", "unauthorized"] as const) {
    const { services, discord } = await open();
    const bots = { get: async () => null, setCommandsRefused: async (_: ApplicationId, why: string) => kept.push(why) };
    Object.assign(services.store, { bots });
    discord.interactions.register = () => Promise.reject(new AppError(kind, `register: ${kind}`));
    await expect(registerCommands(APPLICATION, services)).rejects.toMatchObject({ kind });
  }
  expect(kept).toEqual(["register: invalid", "register: forbidden"]);
});

describe("a guild is one application's", () => {
  const OTHER = "500000000000000777" as ApplicationId;

  test("a command signed by another application's key reads nothing of it and takes nothing over", async () => {
    for (const left of [false, true]) {
      const { ask, store, services, clock } = await open(ANSWER);
      if (left) await services.store.guilds.leave(GUILD);
      const before = await services.store.guilds.get(GUILD);
      const asked = await ask.handle({
        application: OTHER,
        data: command("ask", { application_id: OTHER }, { question: QUESTION }),
        receivedAtMs: clock.now(),
      });
      await asked?.work?.();
      expect(asked?.response).toMatchObject({ type: "message", ephemeral: true });
      expect(JSON.stringify(asked?.response)).not.toContain("3 seconds");
      expect(store.exchanges).toHaveLength(0);
      expect(await services.store.guilds.get(GUILD)).toEqual(before);
    }
  });

  test("a button signed by another application's key marks nothing and takes nobody over", async () => {
    for (const custom_id of [`human:${GUILD}`, `takeover:${"a".repeat(32)}`]) {
      const { ask, store, clock } = await open(ANSWER);
      const data = command("ask", {
        application_id: OTHER,
        type: 3,
        message: { id: snowflake() },
        data: { custom_id },
      });
      const asked = await ask.handle({ application: OTHER, data, receivedAtMs: clock.now() });
      expect((await asked?.work?.())?.kind).not.toBe("escalated");
      expect([store.exchanges.length, store.talks.size]).toEqual([0, 0]);
    }
  });

  test("a press of Take over from another guild is refused, whoever presses it", async () => {
    const elsewhere = "100000000000000002" as GuildId;
    const { services, discord, store, clock } = await openHouse({ joined: [GUILD, elsewhere] });
    const ask = createAsk(services);
    const who = { channel: CHANNEL, channelName: "help", member: MEMBER, memberName: "Ada" };
    const { id } = await services.store.conversations.open(GUILD, who, 600_000);
    const press = async (guild: GuildId) => {
      const data = command("ask", {
        ...{ type: 3, guild_id: guild, guild: { id: guild, name: "Lumen" }, message: { id: snowflake() } },
        // An administrator, there.
        member: { user: { id: "700000000000000001", username: "grace" }, roles: [], permissions: "8" },
        data: { custom_id: `takeover:${id}` },
      });
      const asked = await ask.handle({
        application: APPLICATION,
        data,
        receivedAtMs: clock.now(),
        botName: "Gatehouse",
      });
      return (await asked?.work?.())?.reason;
    };
    expect(await press(elsewhere)).toBe("not-taken");
    expect(store.talks.get(id)?.row.takeover.by).toBe("bot");
    const said = discord.acts.flatMap((a) => (a.act === "edit-response" ? [a.message.content] : []));
    expect(said.join()).not.toMatch(/Ada|\/live\//);
    expect(await press(GUILD)).toBe("taken-over");
  });

  test("a token that is none of Discord's is no interaction", async () => {
    const { run } = await open(ANSWER);
    for (const token of ["../../../users/@me", "a b", "x".repeat(257), ""]) {
      expect((await run(command("ask", { token }, { question: QUESTION }))).response).toBeUndefined();
    }
  });
});

describe("/privacy", () => {
  const press = (id: string) => ({
    ...command("privacy"),
    type: 3,
    message: { id: snowflake() },
    data: { component_type: 2, custom_id: id },
  });

  test("says to the asker alone what is kept for how long, with the buttons for it", async () => {
    const { run, discord } = await open();
    const { response } = await run(command("privacy"));
    expect(response).toEqual({ type: "defer", ephemeral: true });
    const edit = discord.acts.find((act) => act.act === "edit-response");
    expect(edit?.message.content).toContain("180 days");
    expect(edit?.message.buttons?.map(({ id }) => id)).toEqual(["privacy:file", "privacy:forget", "privacy:unread"]);
  });

  test("whoever asked not to be read is answered neither by mention nor by command, until they take it back", async () => {
    const { run, handle, edits, llm, optOuts } = await open(ANSWER);
    await run(press("privacy:unread"));
    expect(optOuts.has(APPLICATION, MEMBER)).toBe(true);
    expect(await handle(mention(QUESTION))).toMatchObject({ kind: "silent", reason: "opted-out" });
    expect((await run(command("ask", {}, { question: QUESTION }))).outcome).toMatchObject({ reason: "opted-out" });
    expect(edits().at(-1)).toContain("/privacy");
    expect(llm.asked).toHaveLength(0);
    await run(press("privacy:read"));
    expect((await run(command("ask", {}, { question: QUESTION }))).outcome).toMatchObject({ kind: "answered" });
  });

  test("what somebody wrote who asked not to be read cannot be asked about by others", async () => {
    const { run, edits, llm, optOuts } = await open(ANSWER);
    const author = "99887766554433221" as UserId;
    await optOuts.set(APPLICATION, author, true);
    const about = messagePayload({ content: QUESTION, author: { id: author, username: "bo" } });
    const data = {
      type: 3,
      name: "Ask AI about this",
      target_id: about.id,
      resolved: { messages: { [String(about.id)]: about } },
    };
    expect((await run(command("Ask AI about this", { data }))).outcome).toMatchObject({ reason: "opted-out" });
    expect(edits().at(-1)).toContain("/ask");
    expect(llm.asked).toHaveLength(0);
  });

  test("the file comes by direct message, once in six hours", async () => {
    const { run, discord, edits } = await open();
    await run(press("privacy:file"));
    expect(discord.sent.map(({ message }) => message.file?.name)).toEqual(["gatehouse-privacy.json.gz"]);
    const bytes = discord.sent[0]?.message.file?.bytes ?? new Uint8Array();
    expect(JSON.parse(new TextDecoder().decode(Bun.gunzipSync(new Uint8Array(bytes))))).toMatchObject({
      user: MEMBER,
      bot: APPLICATION,
      notToBeRead: false,
      servers: [],
    });
    await run(press("privacy:file"));
    expect(discord.sent).toHaveLength(1);
    expect(edits().at(-1)).toContain("6 hours");
  });

  test("a member who takes no direct messages is told what to do, and can press again", async () => {
    const { run, discord, edits } = await open();
    discord.failNext(new AppError("forbidden", "50007"));
    await run(press("privacy:file"));
    expect(edits().at(-1)).toContain("Allow direct messages");
    await run(press("privacy:file"));
    expect(discord.sent).toHaveLength(1);
  });
});
