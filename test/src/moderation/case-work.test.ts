/** What people do about a case, from the dashboard and by the buttons in Discord. */
import { describe, expect, test } from "bun:test";
import { createAsk } from "../../../src/ask.ts";
import { AppError } from "../../../src/errors.ts";
import { createScripted } from "../../../src/llm/scripted.ts";
import { createCaseWork, numbered, rulePresets } from "../../../src/moderation.ts";
import { PERMISSIONS } from "../../../src/permissions.ts";
import { APPLICATION, CHANNEL, MEMBER, messagePayload, snowflake } from "../../support/build.ts";
import { communities } from "../../support/community.ts";
import { MODS, onAll, type Verdict } from "../../support/moderated-guild.ts";

const house = communities();

describe("what a person does about a case", () => {
  const MOD = "300000000000000900";
  const acted = async (fields: Partial<Verdict>, options: Parameters<typeof house.open>[0] = {}) => {
    const open = await house.open({ llm: createScripted(onAll(fields) as never), ...options });
    const rude = open.say("you are a complete idiot, everybody hates you @everyone");
    await open.handle(rude);
    const [one] = await open.cases();
    if (one === undefined) throw new Error("no case came of it");
    return { ...open, rude, one, work: createCaseWork(open.services) };
  };

  test("undo unbans and posts the deleted text again with its author's name, once, and clears the strike", async () => {
    const rules = [{ n: 1, text: "Be kind.", action: "ban", on: true, kind: null }] as const;
    const open = await acted({ severity: "severe" }, { moderation: { rules: [...rules] } });
    expect(open.acts()).toEqual(["ban"]);
    const before = open.recorded.sent.length;
    const twice = await Promise.all([
      open.work.undo(open.guild, open.one.id, MOD),
      open.work.undo(open.guild, open.one.id, MOD),
    ]);
    expect(twice.filter(({ ok }) => ok)).toHaveLength(1);
    expect(open.acts()).toEqual(["ban", "unban"]);
    const again = open.recorded.sent.slice(before);
    expect(again.map(({ message: { content } }) => content)).toEqual([
      `**Ada** wrote (restored):\n${open.rude.content}`,
    ]);
    expect(await house.store.cases.strikes(open.guild, [MEMBER])).toEqual([0]);
    expect((await open.cases())[0]).toMatchObject({ state: "undone", undoneBy: MOD });
    expect(await open.work.undo(open.guild, open.one.id, MOD)).toEqual({ ok: false, why: "already" });
  });

  test("undo says of a kick that it stays", async () => {
    const ladder = [{ action: "kick", minutes: 10 }] as const;
    const rules = [{ n: 1, text: "Be kind.", action: "kick", on: true, kind: null }] as const;
    const open = await acted({}, { moderation: { ladder: [...ladder], rules: [...rules] } });
    expect(await open.work.undo(open.guild, open.one.id, MOD)).toMatchObject({ ok: true, left: ["kick-stays"] });
  });

  test("wrong clears the strike and keeps the text as an example", async () => {
    const open = await acted({});
    expect(await house.store.cases.strikes(open.guild, [MEMBER])).toEqual([1]);
    expect(await open.work.wrong(open.guild, open.one.id, MOD)).toMatchObject({ ok: true });
    expect(await house.store.cases.strikes(open.guild, [MEMBER])).toEqual([0]);
    expect(await house.store.cases.examples(open.guild, 5)).toEqual([
      expect.objectContaining({ text: open.rude.content }),
    ]);
  });

  test("what a dry run only said is done when a person says so, but never to who may not be touched", async () => {
    const open = await acted({}, { moderation: { live: false } });
    expect(open.acts()).toEqual([]);
    expect(await open.work.apply(open.guild, open.one.id, MOD)).toMatchObject({ ok: true });
    expect(await open.isThere(open.rude)).toBe(false);
    expect(await open.work.apply(open.guild, open.one.id, MOD)).toEqual({ ok: false, why: "already" });
    const kick = { ladder: [{ action: "kick" as const, minutes: 10 }], live: false };
    const rules = [{ n: 1, text: "Be kind.", action: "kick" as const, on: true, kind: null }];
    const kicked = await acted({}, { moderation: { ...kick, rules } });
    await kicked.work.apply(kicked.guild, kicked.one.id, MOD);
    // The member hears of it, and may appeal, as of what the bot did by itself.
    const letter = kicked.recorded.sent.find(({ message }) =>
      message.content.includes("You were removed from **Lumen**"),
    );
    expect(letter?.message.buttons?.[0]?.id).toBe(`appeal:${kicked.guild}:${kicked.one.id}`);

    const spared = await acted({}, { moderation: { live: false } });
    spared.recorded.welcome({ id: MEMBER, name: "Ada", roles: [MODS], timedOutUntilMs: null, joinedAtMs: null });
    expect(await spared.work.apply(spared.guild, spared.one.id, MOD)).toEqual({ ok: false, why: "exempt" });
  });

  test("a member appeals once, only their own case, and hears the answer", async () => {
    const open = await acted({});
    const { work, guild, one } = open;
    expect(await work.appeal(guild, one.id, MOD, "let me in")).toEqual({ ok: false, why: "not-found" });
    expect(await work.appeal(guild, one.id, MEMBER, "x".repeat(1_001))).toEqual({ ok: false, why: "too-long" });
    expect(await work.answerAppeal(guild, one.id, MOD, "what?")).toEqual({ ok: false, why: "not-now" });
    expect(await work.appeal(guild, one.id, MEMBER, "It was a joke among friends.")).toMatchObject({ ok: true });
    expect(await work.appeal(guild, one.id, MEMBER, "And again")).toEqual({ ok: false, why: "already" });
    await work.answerAppeal(guild, one.id, MOD, "Fair enough, we take it back.");
    expect(open.recorded.sent.at(-1)?.message.content).toContain("Fair enough");
    // Whoever adds something is heard as well, and told where Discord let nothing through.
    await work.answerAppeal(guild, one.id, MOD, "And the strike is gone.");
    expect(open.recorded.sent.at(-1)?.message.content).toContain("And the strike is gone.");
    open.recorded.failNext(new AppError("forbidden", "send: Cannot send messages to this user (50007)"));
    expect(await work.answerAppeal(guild, one.id, MOD, "Write again if it is not.")).toMatchObject({ ok: true });
    expect((await house.store.cases.get(guild, one.id))?.events.at(-1)).toMatchObject({
      ...{ kind: "answer-unsent", detail: { told: "closed" } },
    });
    expect((await house.store.cases.verify(guild)).problem).toBeNull();
  });

  test("rules keep their numbers, and new ones get numbers that no rule had", () => {
    const [a, b] = rulePresets("en").map((rule) => ({ ...rule, n: 0 }));
    if (a === undefined || b === undefined) throw new Error("no presets");
    expect(numbered([{ ...a, n: 4 }, b]).map(({ n }) => n)).toEqual([4, 5]);
  });
});

describe("what people press in Discord", () => {
  const press = async (
    open: Awaited<ReturnType<typeof house.open>>,
    fields: Record<string, unknown>,
    permissions = 0n,
  ) => {
    const ask = createAsk(open.services);
    const user = { id: MEMBER, username: "ada" };
    const inGuild =
      fields.guild_id === null
        ? { user }
        : { guild_id: open.guild, member: { user, roles: [], permissions: String(permissions) } };
    const data = { id: snowflake(), token: `t${snowflake()}`, channel_id: CHANNEL, ...inGuild, ...fields };
    const asked = await ask.handle({ application: APPLICATION, data, receivedAtMs: house.clock.now() });
    const outcome = await asked?.work?.();
    const said = open.recorded.acts.findLast((act) => act.act === "edit-response");
    const message = said?.act === "edit-response" ? said.message : undefined;
    return { response: asked?.response, outcome, said: message?.content ?? "", buttons: message?.buttons ?? [] };
  };
  const caseOf = async (log: string | null = null, moderation = {}) => {
    const open = await house.open({
      llm: createScripted(onAll({ severity: "high" }) as never),
      moderation: { logChannel: log, ...moderation },
    });
    const rude = open.say("you are a complete idiot, everybody hates you");
    await open.handle(rude);
    const [one] = await open.cases();
    if (one === undefined) throw new Error("no case came of it");
    return { open, one, rude };
  };
  const button = (id: string) => ({
    type: 3,
    data: { custom_id: id, component_type: 2 },
    message: { id: snowflake() },
  });

  test("each case stands in the mod-log with its buttons, whose presser needs the permissions of its acts", async () => {
    const { open, one } = await caseOf("200000000000000009");
    const told = open.recorded.sent.find(({ channel }) => String(channel) === "200000000000000009");
    expect(told?.message.buttons?.map(({ id, url }) => url ?? id)).toEqual([
      `case:undo:${one.id}`,
      `case:wrong:${one.id}`,
      `https://gatehouse.example/guilds/${open.guild}/moderation/${one.id}`,
    ]);
    const nobody = await press(open, button(`case:undo:${one.id}`), PERMISSIONS.manageMessages);
    expect(nobody.outcome?.reason).toBe("not-allowed");
    expect(nobody.said).toContain("you lack here: Timeout Members.");
    expect((await open.cases())[0]?.state).toBe("applied");
    await press(open, button(`case:undo:${one.id}`), PERMISSIONS.manageMessages | PERMISSIONS.moderateMembers);
    expect((await open.cases())[0]?.state).toBe("undone");
    const again = await press(open, button(`case:undo:${one.id}`), PERMISSIONS.administrator);
    expect(again.said).toBe("That was done already.");
  });

  test("undoing a kick says that it stays and offers an invitation, which takes Create Invite and is made once", async () => {
    const ladder = [{ action: "kick", minutes: 10 }];
    const rules = [{ n: 1, text: "Be kind.", action: "kick", on: true, kind: null }];
    const { open, one } = await caseOf("200000000000000009", { ladder, rules });
    const kicks = PERMISSIONS.manageMessages | PERMISSIONS.kickMembers;
    const undone = await press(open, button(`case:undo:${one.id}`), kicks);
    expect(undone.said).toBe("It is undone. The kick stays: only an invitation brings the member back.");
    expect(undone.buttons).toEqual([
      { id: `case:invite:0:${one.id}`, label: "Create an invitation (one use, 7 days)" },
    ]);
    const offer = button(undone.buttons[0]?.id ?? "");
    const lacks = await press(open, offer, kicks);
    expect([lacks.outcome?.reason, lacks.said]).toEqual([
      "not-allowed",
      expect.stringMatching(/here: Create Invite\.$/),
    ]);
    const made = [];
    for (const _ of [1, 2]) made.push((await press(open, offer, kicks | PERMISSIONS.createInvite)).said);
    expect(made[0]).toMatch(/one use until <t:\d+:f>: https:\/\/discord\.gg\/\w+\nThe member was sent it\.$/);
    expect(made[1]).toBe(made[0] ?? "");
    expect(open.recorded.acts.filter(({ act }) => act === "invite")).toHaveLength(1);
    // Whoever presses Undo once more is offered another one.
    const again = await press(open, button(`case:undo:${one.id}`), PERMISSIONS.administrator);
    expect([again.said, again.buttons[0]?.id]).toEqual([
      "That was done already. The kick stays: only an invitation brings the member back.",
      `case:invite:1:${one.id}`,
    ]);
    const plain = await caseOf();
    const none = await press(plain.open, button(`case:undo:${plain.one.id}`), PERMISSIONS.administrator);
    expect([none.said, none.buttons]).toEqual(["It is undone.", []]);
  });

  test("the mod-log says in the server's language why something was held back, in a sentence", async () => {
    const log = "200000000000000009";
    const open = await house.open({
      llm: createScripted(onAll({ severity: "high" }) as never),
      moderation: { logChannel: log },
      botPermissions: PERMISSIONS.viewChannel | PERMISSIONS.sendMessages,
      language: "tr",
    });
    await open.handle(open.say("you are a complete idiot, everybody hates you"));
    const told = open.recorded.sent.find(({ channel }) => String(channel) === log)?.message.content ?? "";
    expect(told).toContain("yapılmadı. Botun bunun için izni yok.");
    expect(told).not.toContain("missing-permission");
  });

  test("the member's message holds an appeal, which opens a form and reaches the case once", async () => {
    const log = "200000000000000008";
    const { open, one } = await caseOf(log);
    const told = open.recorded.sent.find(({ message: { buttons } }) => buttons?.[0]?.id.startsWith("appeal:"));
    expect(told?.message.buttons?.[0]?.id).toBe(`appeal:${open.guild}:${one.id}`);
    const opened = await press(open, { ...button(told?.message.buttons?.[0]?.id ?? ""), guild_id: null });
    expect(opened.response).toMatchObject({ type: "form", id: `appealed:${open.guild}:${one.id}`, charsMax: 1_000 });
    const form = {
      ...{ type: 5, guild_id: null },
      data: {
        custom_id: `appealed:${open.guild}:${one.id}`,
        components: [{ components: [{ custom_id: "text", value: "a joke" }] }],
      },
    };
    expect((await press(open, form)).outcome?.reason).toBe("appealed");
    expect((await press(open, form)).outcome?.reason).toBe("appeal-already");
    // The moderators read it where they work, once.
    const lines = open.recorded.sent.filter(({ channel }) => String(channel) === log).map(({ message }) => message);
    expect(lines.filter(({ content }) => content.includes("appeal by") && content.includes("`a joke`"))).toHaveLength(
      1,
    );
    expect(lines.at(-1)?.buttons?.map(({ id }) => id)).toEqual([`case:undo:${one.id}`, `case:wrong:${one.id}`, ""]);
    expect((await house.store.cases.get(open.guild, one.id))?.events.at(-1)).toMatchObject({
      kind: "appeal",
      text: "a joke",
    });
  });

  test("a reported message becomes one case for a person, and who was mostly wrong weighs less", async () => {
    const LOG = "200000000000000007";
    const open = await house.open({ moderation: { logChannel: LOG } });
    const raw = (content: string) => messagePayload({ content, author: { id: "300000000000000444", username: "bob" } });
    const reported = (payload: ReturnType<typeof raw>) =>
      press(open, {
        type: 2,
        data: {
          type: 3,
          name: "Report to moderators",
          target_id: payload.id,
          resolved: { messages: { [String(payload.id)]: payload } },
        },
      });
    const first = raw("something nasty");
    expect((await reported(first)).outcome?.reason).toBe("report-taken");
    expect((await reported(first)).outcome?.reason).toBe("report-already");
    const told = open.recorded.sent.find(({ channel }) => String(channel) === LOG)?.message.content ?? "";
    expect(told).toContain("reported by ada");
    // Nobody said which rule it breaks.
    expect(told).not.toContain("Rule:");
    const [one] = await open.cases();
    expect(one).toMatchObject({ state: "review", evidence: "something nasty", author: "300000000000000444" });
    for (const n of [1, 2, 3]) await reported(raw(`harmless ${n}`));
    for (const found of await open.cases()) await createCaseWork(open.services).wrong(open.guild, found.id, "mod");
    const before = (await open.cases()).length;
    await reported(raw("harmless again"));
    expect(await open.cases()).toHaveLength(before);
  });
});
