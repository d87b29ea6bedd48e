/** Moderation as the spine runs it: a guild, a bot that records, a scripted model, cases in PostgreSQL. */
import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/errors.ts";
import { createScripted } from "../../src/llm/scripted.ts";
import type { ModerateTask } from "../../src/llm.ts";
import { createUpkeep, numbered, rulePresets, troubles } from "../../src/moderation.ts";
import { defaultSettings, type GuildSettings } from "../../src/settings/form.ts";
import { APPLICATION, CHANNEL, MEMBER, messagePayload } from "../support/build.ts";
import { changesOf, communities } from "../support/community.ts";
import { ABOVE, HELPERS, MODS, OWNER, onAll, verdict } from "../support/moderated-guild.ts";
import { until } from "../support/until.ts";

const SCAM =
  "steam gift 50$ - [steamcommunity.com/gift/50](https://dlscord-gift.com/claim) @everyone free nitro claim now";

const house = communities();

describe("a message that breaks a rule", () => {
  test("is deleted and its author warned, in one case that says why", async () => {
    const open = await house.open({ llm: createScripted(onAll() as never) });
    const rude = open.say("you are a complete idiot and everybody hates you");
    const outcome = await open.handle(rude);
    expect(outcome).toMatchObject({ kind: "moderated", reason: "acted", model: "scripted" });
    expect(await open.isThere(rude)).toBe(false);
    const [warning] = open.recorded.sent;
    expect(warning?.message).toMatchObject({ mention: MEMBER, content: expect.stringContaining("Be kind.") });
    const [one] = await open.cases();
    expect(one).toMatchObject({
      ...{ state: "applied", action: "warn", evidence: rude.content, author: MEMBER, channel: CHANNEL },
      rule: { n: 0, text: "Be kind." },
      verdict: { source: "model", reason: "an insult", severity: "medium", model: "scripted" },
    });
  });

  test("has its warning taken away after the time that is set, also by a process that knows nothing of it", async () => {
    const seconds = 90;
    const open = await house.open({
      llm: createScripted(onAll() as never),
      moderation: { warnSeconds: seconds },
    });
    // Each recording gives its messages the same ids: what other tests left is ended first.
    house.clock.pass(3_600_000);
    await createUpkeep(open.services).endWarnings();
    await open.handle(open.say("you are a complete idiot and everybody hates you"));
    const [warning] = open.recorded.sent;
    house.clock.pass((seconds - 10) * 1_000);
    await createUpkeep(open.services).endWarnings();
    expect(warning).toMatchObject({ deleted: false });
    house.clock.pass(11_000);
    await createUpkeep(open.services).endWarnings();
    expect(warning).toMatchObject({ deleted: true });

    const stays = await house.open({ llm: createScripted(onAll() as never), moderation: { warnSeconds: 0 } });
    await stays.handle(stays.say("you are a complete idiot and everybody hates you"));
    house.clock.pass(86_400_000);
    await createUpkeep(stays.services).endWarnings();
    expect(stays.recorded.sent[0]).toMatchObject({ deleted: false });
  });

  test("is the request of all that is planned for its case", async () => {
    const open = await house.open({ llm: createScripted(onAll() as never), moderation: { warnSeconds: 60 } });
    const rude = open.say("you are a complete idiot and everybody hates you");
    await open.handle(rude);
    house.clock.pass(61_000);
    const due = await house.store.outbox.claim(["warning-over"], { limit: 1_000, leaseMs: 1 });
    expect(due.filter(({ guild }) => guild === open.guild).map(({ request }) => request)).toEqual([rude.id]);
  });

  test("is not shown to a model when its author asked not to be read; what needs no judgement is acted on", async () => {
    const llm = createScripted(onAll() as never);
    const open = await house.open({ llm });
    await open.services.optOuts.set(APPLICATION, MEMBER, true);
    const rude = open.say("you are a complete idiot and everybody hates you");
    expect(await open.handle(rude)).toMatchObject({ kind: "silent", reason: "opted-out" });
    expect(llm.asked).toHaveLength(0);
    const scam = open.say("free nitro for everybody https://discord-nitro.gift/claim");
    expect(await open.handle(scam)).toMatchObject({ kind: "moderated", reason: "acted" });
    await open.services.optOuts.set(APPLICATION, MEMBER, false);
    expect(await open.handle(open.say("you are an idiot, and everybody hates you"))).toMatchObject({ reason: "acted" });
    expect(llm.asked).toHaveLength(1);
  });

  test("comes to one act however often it is delivered, also to a process that knows nothing of it", async () => {
    const llm = createScripted(onAll() as never, onAll() as never);
    const first = await house.open({ llm });
    const rude = first.say("you are a complete idiot and everybody hates you");
    await Promise.all([first.handle(rude), first.handle(rude)]);
    expect(llm.asked).toHaveLength(1);
    const second = await house.open({ llm, guild: first.guild });
    expect(await second.handle(rude)).toMatchObject({ kind: "moderated" });
    expect(changesOf(second)).toBe(0);
    expect(await first.cases()).toHaveLength(1);
  });

  test("leads from a warning over time-outs to a kick as strikes build up", async () => {
    const llm = createScripted();
    const open = await house.open({
      llm,
      moderation: { rules: [{ n: 1, text: "Be kind.", action: "kick", on: true, kind: null }] },
    });
    for (let n = 0; n < 4; n++) {
      llm.say(onAll() as never);
      await open.handle(open.say(`you are a complete idiot number ${n} and everybody hates you`));
      // One go is one breach: the next comes later.
      house.clock.pass(61_000);
    }
    expect((await open.cases()).map(({ action }) => action)).toEqual(["kick", "timeout", "timeout", "warn"]);
    expect(open.acts()).toEqual(["time-out", "time-out", "kick"]);
  });

  test("only has its messages deleted for what goes on in one go", async () => {
    const llm = createScripted(onAll() as never, onAll() as never, onAll() as never);
    const open = await house.open({ llm });
    for (let n = 0; n < 3; n++)
      await open.handle(open.say(`you are a complete idiot number ${n}, everybody hates you`));
    expect((await open.cases()).map(({ action }) => action)).toEqual(["delete", "delete", "warn"]);
    expect(open.recorded.sent).toHaveLength(1);
  });
});

describe("what the admin's own filter holds", () => {
  const filter = { words: ["pineapple"], patterns: ["order \\d{6}"], mentionsMax: null, allowedDomains: [] };

  test("is acted on without a model, in messages and edits, and under the guard", async () => {
    const open = await house.open({
      moderation: { filter, rules: numbered(rulePresets("en").map((rule) => ({ ...rule, n: 0 }))) },
    });
    const word = open.say("no P1neapple here");
    expect(await open.handle(word)).toMatchObject({ kind: "moderated", reason: "acted" });
    expect(await open.isThere(word)).toBe(false);
    // No rule about spam was broken, and the author is told none.
    expect(open.recorded.sent[0]?.message.content).toContain("This server's word filter");
    const fine = open.say("no ananas here");
    expect(await open.handle(fine)).not.toMatchObject({ kind: "moderated" });
    const staff = open.say("pineapple", { member: { roles: [MODS] } });
    await open.handle(staff);
    expect(await open.isThere(staff)).toBe(true);
    const edit = messagePayload({
      ...{ id: fine.id, guild_id: open.guild, content: "order 123456" },
      edited_timestamp: new Date(house.clock.now()).toISOString(),
    });
    await open.pipeline.observe(APPLICATION, "MESSAGE_UPDATE", edit);
    await until(async () => (await open.cases()).length === 2);
    const signals = (await open.cases()).map(({ verdict: { source, signals: seen } }) => [source, seen[0]?.name]);
    expect(signals).toEqual([
      ["certain", "own-pattern"],
      ["certain", "own-word"],
    ]);
  });

  test("is found in names of stickers and files as in words, also where a message has nothing else", async () => {
    const open = await house.open({ moderation: { filter } });
    const sticker = { sticker_items: [{ id: "1", name: "PineApple", format_type: 1 }] };
    const file = { attachments: [{ id: "2", filename: "pineapple.png", size: 1, url: "https://x.example/p.png" }] };
    for (const [fields, evidence] of [
      [sticker, "PineApple"],
      [file, "pineapple.png"],
    ] as const) {
      expect(await open.handle(open.say("", fields))).toMatchObject({ kind: "moderated", reason: "acted" });
      expect((await open.cases())[0]).toMatchObject({ evidence });
    }
  });
});

describe("nobody is punished who should not be", () => {
  const people: Record<
    string,
    { readonly fields?: Record<string, unknown>; readonly moderation?: Partial<GuildSettings["moderation"]> }
  > = {
    "the owner": { fields: { author: { id: OWNER, username: "owner" } } },
    "a moderator": { fields: { member: { roles: [MODS] } } },
    "a bot": { fields: { author: { id: "300000000000000555", username: "other", bot: true } } },
    "a webhook": { fields: { webhook_id: "300000000000000556" } },
    "an exempt role": { fields: { member: { roles: [HELPERS] } }, moderation: { exemptRoles: [HELPERS] } },
    "an exempt channel": { moderation: { exemptChannels: [CHANNEL] } },
  };
  for (const [who, { fields = {}, moderation = {} }] of Object.entries(people)) {
    test(`not ${who}, and no model call is spent`, async () => {
      const llm = createScripted(onAll({ severity: "severe" }) as never);
      const open = await house.open({ llm, moderation });
      await open.handle(open.say(SCAM, fields));
      expect(changesOf(open)).toBe(0);
      expect(llm.asked).toHaveLength(0);
    });
  }

  test("a role above the bot's is deleted from, never timed out, and the admins hear of it", async () => {
    const llm = createScripted(onAll({ severity: "high" }) as never);
    const open = await house.open({ llm });
    await open.handle(open.say("you are a complete idiot, everybody hates you", { member: { roles: [ABOVE] } }));
    expect(open.acts()).toEqual([]);
    expect((await open.cases())[0]).toMatchObject({
      plan: { acts: ["delete"], held: [{ action: "timeout", why: "role-order" }] },
    });
    expect((await house.store.alerts.open(open.guild)).map(({ kind }) => kind)).toEqual(["role-order"]);
  });

  test("a member who became a moderator since the message is spared: roles are read when the verdict is there", async () => {
    const llm = createScripted(async (task) => {
      house.clock.pass(3_000);
      return await onAll()(task as ModerateTask);
    });
    const open = await house.open({ llm });
    open.recorded.welcome({ id: MEMBER, name: "Ada", roles: [MODS], timedOutUntilMs: null, joinedAtMs: null });
    await open.handle(open.say("you are a complete idiot, everybody hates you"));
    expect(changesOf(open)).toBe(0);
    expect((await open.cases())[0]).toMatchObject({ state: "held", problem: "moderator" });
  });

  test("only actions that are switched on happen", async () => {
    const off = { delete: false, warn: false, timeout: false, kick: false, ban: false };
    const open = await house.open({
      llm: createScripted(onAll({ severity: "severe" }) as never),
      moderation: { actions: off },
    });
    await open.handle(open.say("you are a complete idiot, everybody hates you"));
    expect(changesOf(open)).toBe(0);
    expect((await open.cases())[0]).toMatchObject({ state: "held", problem: "no-action-on" });
  });

  test("doubt is left to a person", async () => {
    const open = await house.open({ llm: createScripted(onAll({ confidence: 0.6 }) as never) });
    await open.handle(open.say("you are a complete idiot, everybody hates you"));
    expect(changesOf(open)).toBe(0);
    expect((await open.cases())[0]).toMatchObject({ state: "review" });
  });

  test("until somebody says that it acts for real, it only says what it would do", async () => {
    const open = await house.open({
      llm: createScripted(onAll({ severity: "high" }) as never),
      moderation: { live: false },
    });
    const rude = open.say("you are a complete idiot, everybody hates you");
    expect((await open.handle(rude)).kind).toBe("silent");
    expect(changesOf(open)).toBe(0);
    expect(await open.isThere(rude)).toBe(true);
    const [one] = await open.cases();
    expect(one).toMatchObject({ state: "dry-run", plan: { acts: ["delete", "timeout"] } });
    // Why nothing was done is said once, not for each act.
    expect(one === undefined ? [] : troubles(one, "en")).toEqual([
      expect.stringMatching(/^Delete, Time out: held back\. It was a dry run/),
    ]);
  });
});

describe("a verdict that is none", () => {
  const NONSENSE: Record<string, unknown> = {
    "an unknown rule": { verdicts: [verdict({ rule: 7 })] },
    "another message": { verdicts: [verdict({ message: 2 })] },
    "two words on one message": { verdicts: [verdict(), verdict({ rule: 0, severity: "none" })] },
    "a confidence of 95": { verdicts: [verdict({ confidence: 95 })] },
    nothing: { verdicts: [] },
  };
  for (const [what, result] of Object.entries(NONSENSE)) {
    test(`does nothing: ${what}`, async () => {
      const open = await house.open({ llm: createScripted(result as never) });
      expect(await open.handle(open.say("you are a complete idiot, everybody hates you"))).toMatchObject({
        kind: "silent",
      });
      expect(changesOf(open)).toBe(0);
      const told = await until(async () => (await house.store.alerts.open(open.guild))[0]);
      expect(told).toMatchObject({ kind: "unjudged", detail: { why: "nonsense" } });
    });
  }

  test("a model that is away does nothing, hangs nobody, and is told of once", async () => {
    const open = await house.open({
      llm: createScripted(new AppError("timeout", "late"), new AppError("unavailable", "away")),
    });
    for (const n of [1, 2]) await open.handle(open.say(`you are a complete idiot ${n}, everybody hates you`));
    expect(changesOf(open)).toBe(0);
    const alerts = await until(async () => {
      const found = await house.store.alerts.open(open.guild);
      return found.length > 0 && found;
    });
    expect(alerts.map(({ kind, detail }) => `${kind} ${detail.why}`)).toEqual(["unjudged late"]);
  });
});

describe("caps", () => {
  test("the sixth ban of an hour is not done: it is logged, told once, and a person resets it", async () => {
    const open = await house.open({
      llm: createScripted(...Array.from({ length: 9 }, () => onAll({ severity: "severe" }) as never)),
      moderation: { rules: [{ n: 1, text: "Be kind.", action: "ban", on: true, kind: null }] },
    });
    const author = (n: number) => ({ author: { id: `3000000000000020${n}`, username: `m${n}` } });
    for (let n = 10; n < 17; n++)
      await open.handle(open.say(`you are a complete idiot ${n}, everybody hates you`, author(n)));
    expect(open.acts()).toEqual(Array.from({ length: 5 }, () => "ban"));
    expect(await house.store.alerts.open(open.guild)).toEqual([
      expect.objectContaining({ kind: "cap", detail: expect.objectContaining({ action: "ban" }) }),
    ]);
    house.clock.pass(3_600_001);
    await open.handle(open.say("you are a complete idiot 17, everybody hates you", author(17)));
    expect(open.acts()).toHaveLength(5);
    await house.store.alerts.resolve(open.guild, "cap");
    await open.handle(open.say("you are a complete idiot 18, everybody hates you", author(18)));
    expect(open.acts()).toHaveLength(6);
  });
});

describe("caps of an hour", () => {
  test("hold exactly under eight processes that ban at the same time", async () => {
    const rules = [{ n: 1, text: "Be kind.", action: "ban" as const, on: true, kind: null }];
    const severe = () => createScripted(...Array.from({ length: 3 }, () => onAll({ severity: "severe" }) as never));
    const first = await house.open({ llm: severe(), moderation: { rules } });
    const others = [];
    for (let n = 1; n < 8; n++)
      others.push(
        await house.open({ llm: severe(), guild: first.guild, moderation: { rules }, hot: first.services.hot }),
      );
    const all = [first, ...others];
    await Promise.all(
      all.flatMap((open, n) =>
        [1, 2, 3].map((m) => {
          const author = { id: `30000000000003${n}${m}00`, username: `m${n}${m}` };
          return open.handle(open.say(`you are a complete idiot ${n} ${m}, everybody hates you`, { author }));
        }),
      ),
    );
    expect(all.flatMap((open) => open.acts())).toEqual(Array.from({ length: 5 }, () => "ban"));
    const held = (await first.cases()).filter(({ plan }) => plan.held.some(({ why }) => why === "cap"));
    expect(held).toHaveLength(8 * 3 - 5);
  }, 60_000);
});

describe("raid mode", () => {
  test("slows the channel of one text by many members once, and ends by itself", async () => {
    const raid = { ...defaultSettings.moderation.raid, on: true, live: true, membersMin: 5, slowS: 45 };
    const open = await house.open({ moderation: { raid } });
    const { endRaids } = createUpkeep(open.services);
    for (let n = 10; n < 18; n++) {
      const author = { id: `3000000000000030${n}`, username: `m${n}` };
      await open.handle(open.say("hello everyone come and join us over there", { author }));
    }
    const slowed = () => open.recorded.acts.flatMap((one) => (one.act === "slow" ? [one.seconds] : []));
    expect(slowed()).toEqual([45]);
    expect((await house.store.alerts.open(open.guild)).map(({ kind }) => kind)).toEqual(["raid"]);
    house.clock.pass(10 * 60_000 + 1);
    await endRaids();
    expect(slowed()).toEqual([45, 0]);
    expect(await house.store.alerts.open(open.guild)).toEqual([]);
  });
});
