/** What is read besides new messages, and what is looked at later: edits, rehearsals, strikes that fade. */
import { describe, expect, test } from "bun:test";
import { AppError } from "../../../src/errors.ts";
import { createScripted } from "../../../src/llm/scripted.ts";
import type { ModerateTask } from "../../../src/llm.ts";
import { isOfName, rehearsalOf } from "../../../src/moderation.ts";
import { APPLICATION, CHANNEL, MEMBER } from "../../support/build.ts";
import { changesOf, communities } from "../../support/community.ts";
import { onAll } from "../../support/moderated-guild.ts";
import { until } from "../../support/until.ts";

const house = communities();

describe("what else is read", () => {
  test("an edit is judged like a message, once", async () => {
    const llm = createScripted(onAll() as never);
    const open = await house.open({ llm });
    const first = open.say("good morning");
    await open.handle(first);
    const edit = {
      ...{
        id: first.id,
        channel_id: CHANNEL,
        guild_id: open.guild,
        content: "you are a complete idiot, everybody hates you",
      },
      ...{
        author: { id: MEMBER, username: "ada" },
        member: { roles: [] },
        edited_timestamp: new Date(house.clock.now()).toISOString(),
      },
    };
    for (const _ of [1, 2]) await open.pipeline.observe(APPLICATION, "MESSAGE_UPDATE", edit);
    await open.pipeline.drain(5_000);
    expect(await open.isThere(first)).toBe(false);
    expect(llm.asked).toHaveLength(1);
  });

  test("a repeated text costs one call, and an ordinary one none", async () => {
    const llm = createScripted(onAll({ rule: 0, severity: "none", category: "none" }) as never);
    const open = await house.open({ llm });
    for (const _ of [1, 2, 3]) await open.handle(open.say("you are a complete idiot, everybody hates you"));
    for (const text of ["good morning", "how do I pair the sensor?", "thanks!"]) await open.handle(open.say(text));
    expect(llm.asked).toHaveLength(1);
  });

  test("a name that breaks a rule is left to a person, once, where names are read", async () => {
    const llm = createScripted(onAll() as never);
    const open = await house.open({ llm, moderation: { names: true } });
    const author = { id: MEMBER, username: "you are a complete idiot, everybody hates you" };
    for (const text of ["good morning", "thanks!"]) await open.handle(open.say(text, { author }));
    await until(async () => (await open.cases()).length > 0);
    expect(await open.cases()).toEqual([expect.objectContaining({ state: "review", evidence: author.username })]);
    expect(changesOf(open)).toBe(0);
  });

  test("a name is read when it is brought or taken, as it is then: in no channel, however old its bearer's account", async () => {
    const llm = createScripted(onAll() as never, onAll() as never);
    const open = await house.open({ llm, moderation: { names: true } });
    const user = { id: "80351110224678912", username: "old", global_name: "Discord Support" };
    const member = { guild_id: open.guild, roles: [], joined_at: new Date(house.clock.now()).toISOString(), user };
    await open.pipeline.observe(APPLICATION, "GUILD_MEMBER_ADD", member);
    await open.pipeline.observe(APPLICATION, "GUILD_MEMBER_UPDATE", { ...member, nick: "Ad0lf H1tler" });
    await open.pipeline.observe(APPLICATION, "GUILD_MEMBER_UPDATE", { ...member, nick: "Alice" });
    await until(async () => (await open.cases()).length > 1);
    const cases = await open.cases();
    expect(cases.map(({ evidence }) => evidence).toSorted()).toEqual(["Ad0lf H1tler", "Discord Support"]);
    expect(cases.map(({ verdict: { signals } }) => signals.map(({ name }) => name).at(-1)).toSorted()).toEqual([
      "hateful-name",
      "staff-name",
    ]);
    for (const one of cases) {
      expect(Math.abs(one.atMs - house.clock.now())).toBeLessThan(60_000);
      expect(one).toMatchObject({ channelName: "", problem: "name", state: "review" });
      expect(isOfName(one)).toBe(true);
    }
    expect(llm.asked.flatMap((task) => (task as ModerateTask).messages)).toHaveLength(2);
  });

  test("a bad name does not spare its bearer's first breach the sanction", async () => {
    const open = await house.open({
      llm: createScripted(onAll() as never, onAll() as never),
      moderation: { names: true },
    });
    const user = { id: MEMBER, username: "you are a complete idiot, everybody hates you" };
    const member = { guild_id: open.guild, roles: [], joined_at: new Date(house.clock.now()).toISOString(), user };
    await open.pipeline.observe(APPLICATION, "GUILD_MEMBER_ADD", member);
    await until(async () => (await open.cases()).length > 0);
    await open.handle(open.say("you are a complete moron, everybody hates you"));
    const acted = (await open.cases()).filter((one) => !isOfName(one));
    expect(acted.map(({ plan }) => plan.acts)).toEqual([["delete", "warn"]]);
  });

  test("without a model only what is certain is acted on", async () => {
    const open = await house.open();
    await open.handle(open.say("you are a complete idiot, everybody hates you"));
    expect(changesOf(open)).toBe(0);
    expect(await open.cases()).toEqual([]);
  });
});

describe("a rehearsal", () => {
  test("of a file needs no bot that Discord knows; of the days it says what is missing; neither writes to Discord", async () => {
    const tokenless = () => Promise.reject(new AppError("not-found", "This process has no token."));
    const open = await house.open({
      llm: createScripted(onAll() as never),
      discord: (bot) => ({ ...bot, directory: { ...bot.directory, guild: tokenless, channels: tokenless } }),
    });
    const line = JSON.stringify({ author: "bob", text: "you are a complete idiot, everybody hates you" });
    const file = async function* () {
      yield new TextEncoder().encode(`${line}\n`);
    };
    const made = await rehearsalOf(open.services, open.guild, { lines: file() });
    expect(await made?.run()).toMatchObject({ staffKnown: false, hits: [{ authorName: "bob" }] });
    await expect(rehearsalOf(open.services, open.guild, { days: 7 })).rejects.toThrow("no token");
    expect(open.recorded.acts).toEqual([]);
  });
});

// Last of all: the days that pass here pass for the whole file.
describe("strikes fade", () => {
  test.each([
    { strikeDays: 2, led: ["warn", "timeout", "warn"] },
    { strikeDays: 0, led: ["warn", "timeout", "timeout"] },
  ])("after the days that the admin set, and never where that is 0: $strikeDays", async ({ strikeDays, led }) => {
    const llm = createScripted();
    const open = await house.open({
      llm,
      moderation: { strikeDays, rules: [{ n: 1, text: "Be kind.", action: "kick", on: true, kind: null }] },
    });
    for (const [n, days] of [0, 1, 3].entries()) {
      house.clock.pass(days * 24 * 3_600_000);
      llm.say(onAll() as never);
      await open.handle(open.say(`you are a complete idiot number ${n} and everybody hates you`));
    }
    expect((await open.cases()).map(({ action }) => action).toReversed()).toEqual(led as never);
  });
});
