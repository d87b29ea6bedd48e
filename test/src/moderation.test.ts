/** Moderation as the spine runs it: a guild, a bot that records, a scripted model, cases in PostgreSQL. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readJsonLines } from "../../bench/data.ts";
import { createAsk } from "../../src/ask.ts";
import type { Discord } from "../../src/discord.ts";
import { AppError } from "../../src/errors.ts";
import type { MessageId } from "../../src/ids.ts";
import { createScripted, type ScriptedLlm } from "../../src/llm/scripted.ts";
import type { ModerateTask } from "../../src/llm.ts";
import type { Message } from "../../src/message.ts";
import {
  createCaseWork,
  createUpkeep,
  isOfName,
  numbered,
  rehearsalOf,
  rulePresets,
  troubles,
} from "../../src/moderation.ts";
import { PERMISSIONS } from "../../src/permissions.ts";
import { defaultSettings, type GuildSettings } from "../../src/settings/form.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import type { Store } from "../../src/store.ts";
import { shiftedClock } from "../contract/store/house.ts";
import { APPLICATION, BOT, CHANNEL, MEMBER, messagePayload, snowflake } from "../support/build.ts";
import { silentLogger } from "../support/doubles.ts";
import {
  ABOVE,
  HELPERS,
  MODS,
  OWNER,
  onAll,
  openModerated,
  type Verdict,
  verdict,
} from "../support/moderated-guild.ts";
import { openDatabase, type TestDatabase } from "../support/postgres.ts";
import { shared } from "../support/shared.ts";
import { until } from "../support/until.ts";

const SCAM =
  "steam gift 50$ - [steamcommunity.com/gift/50](https://dlscord-gift.com/claim) @everyone free nitro claim now";

let database: TestDatabase;
let store: Store;
const clock = shiftedClock();

beforeAll(async () => {
  database = await openDatabase();
  store = createSqlStore({ url: database.url, clock, logger: silentLogger });
  await store.migrate();
}, 60_000);
afterAll(async () => {
  await store.close();
  await database.drop();
});

const openCommunity = (options: Omit<Parameters<typeof openModerated>[0], "store" | "clock"> = {}) =>
  openModerated({ store, clock, ...options });

const changes = async (open: Awaited<ReturnType<typeof openCommunity>>) =>
  open.acts().length + open.recorded.sent.length;

describe("a message that breaks a rule", () => {
  test("is deleted and its author warned, in one case that says why", async () => {
    const open = await openCommunity({ llm: createScripted(onAll() as never) });
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
    const open = await openCommunity({
      llm: createScripted(onAll() as never),
      moderation: { warnSeconds: seconds },
    });
    // Each recording gives its messages the same ids: what other tests left is ended first.
    clock.pass(3_600_000);
    await createUpkeep(open.services).endWarnings();
    await open.handle(open.say("you are a complete idiot and everybody hates you"));
    const [warning] = open.recorded.sent;
    clock.pass((seconds - 10) * 1_000);
    await createUpkeep(open.services).endWarnings();
    expect(warning).toMatchObject({ deleted: false });
    clock.pass(11_000);
    await createUpkeep(open.services).endWarnings();
    expect(warning).toMatchObject({ deleted: true });

    const stays = await openCommunity({ llm: createScripted(onAll() as never), moderation: { warnSeconds: 0 } });
    await stays.handle(stays.say("you are a complete idiot and everybody hates you"));
    clock.pass(86_400_000);
    await createUpkeep(stays.services).endWarnings();
    expect(stays.recorded.sent[0]).toMatchObject({ deleted: false });
  });

  test("is the request of all that is planned for its case", async () => {
    const open = await openCommunity({ llm: createScripted(onAll() as never), moderation: { warnSeconds: 60 } });
    const rude = open.say("you are a complete idiot and everybody hates you");
    await open.handle(rude);
    clock.pass(61_000);
    const due = await store.outbox.claim(["warning-over"], { limit: 1_000, leaseMs: 1 });
    expect(due.filter(({ guild }) => guild === open.guild).map(({ request }) => request)).toEqual([rude.id]);
  });

  test("is not shown to a model when its author asked not to be read; what needs no judgement is acted on", async () => {
    const llm = createScripted(onAll() as never);
    const open = await openCommunity({ llm });
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
    const first = await openCommunity({ llm });
    const rude = first.say("you are a complete idiot and everybody hates you");
    await Promise.all([first.handle(rude), first.handle(rude)]);
    expect(llm.asked).toHaveLength(1);
    const second = await openCommunity({ llm, guild: first.guild });
    expect(await second.handle(rude)).toMatchObject({ kind: "moderated" });
    expect(await changes(second)).toBe(0);
    expect(await first.cases()).toHaveLength(1);
  });

  test("leads from a warning over time-outs to a kick as strikes build up", async () => {
    const llm = createScripted();
    const open = await openCommunity({
      llm,
      moderation: { rules: [{ n: 1, text: "Be kind.", action: "kick", on: true, kind: null }] },
    });
    for (let n = 0; n < 4; n++) {
      llm.say(onAll() as never);
      await open.handle(open.say(`you are a complete idiot number ${n} and everybody hates you`));
      // One go is one breach: the next comes later.
      clock.pass(61_000);
    }
    expect((await open.cases()).map(({ action }) => action)).toEqual(["kick", "timeout", "timeout", "warn"]);
    expect(open.acts()).toEqual(["time-out", "time-out", "kick"]);
  });

  test("only has its messages deleted for what goes on in one go", async () => {
    const llm = createScripted(onAll() as never, onAll() as never, onAll() as never);
    const open = await openCommunity({ llm });
    for (let n = 0; n < 3; n++)
      await open.handle(open.say(`you are a complete idiot number ${n}, everybody hates you`));
    expect((await open.cases()).map(({ action }) => action)).toEqual(["delete", "delete", "warn"]);
    expect(open.recorded.sent).toHaveLength(1);
  });
});

describe("what the admin's own filter holds", () => {
  const filter = { words: ["pineapple"], patterns: ["order \\d{6}"], mentionsMax: null, allowedDomains: [] };

  test("is acted on without a model, in messages and edits, and under the guard", async () => {
    const open = await openCommunity({
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
      edited_timestamp: new Date(clock.now()).toISOString(),
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
    const open = await openCommunity({ moderation: { filter } });
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
      const open = await openCommunity({ llm, moderation });
      await open.handle(open.say(SCAM, fields));
      expect(await changes(open)).toBe(0);
      expect(llm.asked).toHaveLength(0);
    });
  }

  test("a role above the bot's is deleted from, never timed out, and the admins hear of it", async () => {
    const llm = createScripted(onAll({ severity: "high" }) as never);
    const open = await openCommunity({ llm });
    await open.handle(open.say("you are a complete idiot, everybody hates you", { member: { roles: [ABOVE] } }));
    expect(open.acts()).toEqual([]);
    expect((await open.cases())[0]).toMatchObject({
      plan: { acts: ["delete"], held: [{ action: "timeout", why: "role-order" }] },
    });
    expect((await store.alerts.open(open.guild)).map(({ kind }) => kind)).toEqual(["role-order"]);
  });

  test("a member who became a moderator since the message is spared: roles are read when the verdict is there", async () => {
    const llm = createScripted(async (task) => {
      clock.pass(3_000);
      return await onAll()(task as ModerateTask);
    });
    const open = await openCommunity({ llm });
    open.recorded.welcome({ id: MEMBER, name: "Ada", roles: [MODS], timedOutUntilMs: null, joinedAtMs: null });
    await open.handle(open.say("you are a complete idiot, everybody hates you"));
    expect(await changes(open)).toBe(0);
    expect((await open.cases())[0]).toMatchObject({ state: "held", problem: "moderator" });
  });

  test("only actions that are switched on happen", async () => {
    const off = { delete: false, warn: false, timeout: false, kick: false, ban: false };
    const open = await openCommunity({
      llm: createScripted(onAll({ severity: "severe" }) as never),
      moderation: { actions: off },
    });
    await open.handle(open.say("you are a complete idiot, everybody hates you"));
    expect(await changes(open)).toBe(0);
    expect((await open.cases())[0]).toMatchObject({ state: "held", problem: "no-action-on" });
  });

  test("doubt is left to a person", async () => {
    const open = await openCommunity({ llm: createScripted(onAll({ confidence: 0.6 }) as never) });
    await open.handle(open.say("you are a complete idiot, everybody hates you"));
    expect(await changes(open)).toBe(0);
    expect((await open.cases())[0]).toMatchObject({ state: "review" });
  });

  test("until somebody says that it acts for real, it only says what it would do", async () => {
    const open = await openCommunity({
      llm: createScripted(onAll({ severity: "high" }) as never),
      moderation: { live: false },
    });
    const rude = open.say("you are a complete idiot, everybody hates you");
    expect((await open.handle(rude)).kind).toBe("silent");
    expect(await changes(open)).toBe(0);
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
      const open = await openCommunity({ llm: createScripted(result as never) });
      expect(await open.handle(open.say("you are a complete idiot, everybody hates you"))).toMatchObject({
        kind: "silent",
      });
      expect(await changes(open)).toBe(0);
      const told = await until(async () => (await store.alerts.open(open.guild))[0]);
      expect(told).toMatchObject({ kind: "unjudged", detail: { why: "nonsense" } });
    });
  }

  test("a model that is away does nothing, hangs nobody, and is told of once", async () => {
    const open = await openCommunity({
      llm: createScripted(new AppError("timeout", "late"), new AppError("unavailable", "away")),
    });
    for (const n of [1, 2]) await open.handle(open.say(`you are a complete idiot ${n}, everybody hates you`));
    expect(await changes(open)).toBe(0);
    const alerts = await until(async () => {
      const found = await store.alerts.open(open.guild);
      return found.length > 0 && found;
    });
    expect(alerts.map(({ kind, detail }) => `${kind} ${detail.why}`)).toEqual(["unjudged late"]);
  });
});

describe("caps", () => {
  test("the sixth ban of an hour is not done: it is logged, told once, and a person resets it", async () => {
    const open = await openCommunity({
      llm: createScripted(...Array.from({ length: 9 }, () => onAll({ severity: "severe" }) as never)),
      moderation: { rules: [{ n: 1, text: "Be kind.", action: "ban", on: true, kind: null }] },
    });
    const author = (n: number) => ({ author: { id: `3000000000000020${n}`, username: `m${n}` } });
    for (let n = 10; n < 17; n++)
      await open.handle(open.say(`you are a complete idiot ${n}, everybody hates you`, author(n)));
    expect(open.acts()).toEqual(Array.from({ length: 5 }, () => "ban"));
    expect(await store.alerts.open(open.guild)).toEqual([
      expect.objectContaining({ kind: "cap", detail: expect.objectContaining({ action: "ban" }) }),
    ]);
    clock.pass(3_600_001);
    await open.handle(open.say("you are a complete idiot 17, everybody hates you", author(17)));
    expect(open.acts()).toHaveLength(5);
    await store.alerts.resolve(open.guild, "cap");
    await open.handle(open.say("you are a complete idiot 18, everybody hates you", author(18)));
    expect(open.acts()).toHaveLength(6);
  });
});

describe("caps of an hour", () => {
  test("hold exactly under eight processes that ban at the same time", async () => {
    const rules = [{ n: 1, text: "Be kind.", action: "ban" as const, on: true, kind: null }];
    const severe = () => createScripted(...Array.from({ length: 3 }, () => onAll({ severity: "severe" }) as never));
    const first = await openCommunity({ llm: severe(), moderation: { rules } });
    const others = [];
    for (let n = 1; n < 8; n++)
      others.push(
        await openCommunity({ llm: severe(), guild: first.guild, moderation: { rules }, hot: first.services.hot }),
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
  }, 30_000);
});

describe("raid mode", () => {
  test("slows the channel of one text by many members once, and ends by itself", async () => {
    const raid = { ...defaultSettings.moderation.raid, on: true, live: true, membersMin: 5, slowS: 45 };
    const open = await openCommunity({ moderation: { raid } });
    const { endRaids } = createUpkeep(open.services);
    for (let n = 10; n < 18; n++) {
      const author = { id: `3000000000000030${n}`, username: `m${n}` };
      await open.handle(open.say("hello everyone come and join us over there", { author }));
    }
    const slowed = () => open.recorded.acts.flatMap((one) => (one.act === "slow" ? [one.seconds] : []));
    expect(slowed()).toEqual([45]);
    expect((await store.alerts.open(open.guild)).map(({ kind }) => kind)).toEqual(["raid"]);
    clock.pass(10 * 60_000 + 1);
    await endRaids();
    expect(slowed()).toEqual([45, 0]);
    expect(await store.alerts.open(open.guild)).toEqual([]);
  });
});

test("a crowd's messages do not wait for Discord: with their cases planned they are done with, and deleted once it answers", async () => {
  const answer = Promise.withResolvers<void>();
  const open = await openCommunity({
    discord: (found) => ({
      ...found,
      messages: {
        ...found.messages,
        async remove(...by) {
          await answer.promise;
          await found.messages.remove(...by);
        },
      },
    }),
  });
  const said = Array.from({ length: 80 }, (_, n) =>
    open.say(SCAM, { author: { id: `3000000000000040${n + 10}`, username: `m${n}` } }),
  );
  let handled = 0;
  const all = said.map(async (one) => {
    await open.handle(one);
    handled++;
  });
  await until(async () => handled >= 16, 10_000);
  expect((await open.cases()).every(({ state }) => state === "planned")).toBe(true);
  answer.resolve();
  await Promise.all(all);
  await until(async () => (await open.cases()).every(({ state }) => state === "applied"), 10_000);
}, 30_000);

describe("after a crash", () => {
  const LOST = new AppError("unknown-outcome", "no reply");
  test("an act whose reply was lost is looked for, and done only where it did not happen", async () => {
    for (const happened of [true, false]) {
      const timed: string[] = [];
      const open = await openCommunity({
        llm: createScripted(onAll({ severity: "high" }) as never),
        discord: (found) => ({
          ...found,
          members: {
            ...found.members,
            async timeOut(_guild, user, untilMs) {
              timed.push(user);
              if (timed.length > 1 || happened) found && welcome(found, untilMs);
              if (timed.length === 1) throw LOST;
            },
          },
        }),
      });
      const welcome = (_: Discord, untilMs: number | null) =>
        open.recorded.welcome({ id: MEMBER, name: "Ada", roles: [], timedOutUntilMs: untilMs, joinedAtMs: null });
      open.recorded.welcome({ id: MEMBER, name: "Ada", roles: [], timedOutUntilMs: null, joinedAtMs: null });
      const { settle } = createUpkeep(open.services);
      const now = clock.now();
      await open.handle(
        open.say("you are a complete idiot, everybody hates you", { timestamp: new Date(now).toISOString() }),
      );
      expect((await open.cases())[0]?.state).toBe("planned");
      await settle();
      expect(timed).toHaveLength(1);
      clock.pass(21_000);
      await settle();
      expect(timed).toHaveLength(happened ? 1 : 2);
      expect((await open.cases())[0]?.state).toBe("applied");
      await settle();
      expect(timed).toHaveLength(happened ? 1 : 2);
    }
  });
});

test("a warning whose reply was lost is the same one for two minutes, then looked for; in too busy a channel it is not repeated", async () => {
  const onlyWarn = { delete: false, warn: true, timeout: false, kick: false, ban: false };
  for (const [afterMs, since, happened, state] of [
    [21_000, 0, true, "applied"],
    [180_000, 150, true, "applied"],
    [180_000, 150, false, "applied"],
    [180_000, 1_050, true, "failed"],
  ] as const) {
    const channel: Message[] = [];
    const open = await openCommunity({
      ...{ llm: createScripted(onAll() as never), moderation: { actions: onlyWarn } },
      discord: (found) => ({
        ...found,
        messages: {
          ...found.messages,
          recent: async (_channel, limit, before) =>
            channel.filter(({ id }) => before === undefined || BigInt(id) < BigInt(before)).slice(-limit),
        },
      }),
    });
    open.recorded.welcome({ id: MEMBER, name: "Ada", roles: [], timedOutUntilMs: null, joinedAtMs: null });
    open.recorded.failNext(new AppError("unknown-outcome", "no reply"), happened);
    const at = new Date(clock.now()).toISOString();
    const rude = open.say("you are a complete idiot, everybody hates you", { timestamp: at });
    await open.handle(rude);
    expect((await open.cases())[0]?.state).toBe("planned");
    const said = (content: string, author: Message["author"]) => {
      const id = String(BigInt(rude.id) + BigInt(channel.length + 1)) as MessageId;
      channel.push({ ...rude, id, content, author });
    };
    for (const { message } of happened ? open.recorded.sent : [])
      said(message.content, { id: BOT.userId, name: BOT.name, bot: true });
    for (let n = 0; n < since; n++) said(`small talk ${n}`, rude.author);
    clock.pass(afterMs);
    await createUpkeep(open.services).settle();
    const warnings = open.recorded.sent.filter(({ message }) => message.content.includes("please keep to"));
    expect([(await open.cases())[0]?.state, warnings.length]).toEqual([state, 1]);
  }
}, 20_000);

describe("what a person does about a case", () => {
  const MOD = "300000000000000900";
  const acted = async (fields: Partial<Verdict>, options: Parameters<typeof openCommunity>[0] = {}) => {
    const open = await openCommunity({ llm: createScripted(onAll(fields) as never), ...options });
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
    expect(await store.cases.strikes(open.guild, [MEMBER])).toEqual([0]);
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
    expect(await store.cases.strikes(open.guild, [MEMBER])).toEqual([1]);
    expect(await open.work.wrong(open.guild, open.one.id, MOD)).toMatchObject({ ok: true });
    expect(await store.cases.strikes(open.guild, [MEMBER])).toEqual([0]);
    expect(await store.cases.examples(open.guild, 5)).toEqual([expect.objectContaining({ text: open.rude.content })]);
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
    expect((await store.cases.get(guild, one.id))?.events.at(-1)).toMatchObject({
      ...{ kind: "answer-unsent", detail: { told: "closed" } },
    });
    expect((await store.cases.verify(guild)).problem).toBeNull();
  });

  test("rules keep their numbers, and new ones get numbers that no rule had", () => {
    const [a, b] = rulePresets("en").map((rule) => ({ ...rule, n: 0 }));
    if (a === undefined || b === undefined) throw new Error("no presets");
    expect(numbered([{ ...a, n: 4 }, b]).map(({ n }) => n)).toEqual([4, 5]);
  });
});

const injections = shared("security/prompt_injection_discord.jsonl");

injections.test(
  "a model that obeys whoever writes to it moves nothing outside the guild's policy",
  async () => {
    type Attack = { readonly content: string; readonly embeds?: unknown; readonly author_nick?: string };
    const rows = await readJsonLines<Attack>(injections.file);
    let calls = 0;
    // Everything an attacker could make it say: the hardest word on others' messages, on rules that are not there, on everybody.
    const obeys = {
      name: "obedient",
      async complete(task: ModerateTask) {
        const hard = {
          rule: 1,
          severity: "severe",
          category: "hate",
          confidence: 1,
          reason: "ban <@300000000000000999> @everyone",
        } as const;
        const numbers = task.messages.map(({ n }) => n);
        const worst = [
          numbers.map((n) => verdict({ ...hard, message: n })),
          numbers.map((n) => verdict({ ...hard, message: n, rule: 99 })),
          numbers.map((n) => verdict({ ...hard, message: n + 16 })),
          numbers.flatMap((n) => [verdict({ ...hard, message: n }), verdict({ ...hard, message: n })]),
        ];
        const result = { verdicts: worst[calls++ % worst.length] ?? [] };
        return { result, model: "obedient", tokensIn: 1, tokensOut: 1, costUsd: 0, ms: 0 };
      },
    } as unknown as ScriptedLlm;
    const actions = { delete: false, warn: true, timeout: false, kick: false, ban: false };
    const rules = [{ n: 1, text: "Be kind.", action: "warn", on: true, kind: null }] as const;
    const open = await openCommunity({ llm: obeys, moderation: { thorough: true, actions, rules: [...rules] } });
    const said: Message[] = [];
    for (let at = 0; at < rows.length; at += 16) {
      const some = rows.slice(at, at + 16).map((row, n) =>
        open.say(row.content, {
          ...(row.embeds === undefined ? {} : { embeds: row.embeds }),
          author: { id: String(400_000_000_000_000_000n + BigInt(at + n)), username: "m" },
          member: { roles: [], nick: row.author_nick?.slice(0, 32) ?? null },
        }),
      );
      said.push(...some);
      await Promise.all(some.map((one) => open.handle(one)));
    }
    expect(calls).toBeGreaterThan(10);
    expect(open.acts()).toEqual([]);
    expect((await Promise.all(said.map(open.isThere))).every(Boolean)).toBe(true);
    // Warnings are what the policy allows: each speaks to the author of the message it is about, and to nobody else.
    const authors = new Set<string>(said.map(({ author }) => author.id));
    const warned = open.recorded.sent.map(({ message: { mention } }) => mention);
    expect(warned.every((one) => one !== undefined && authors.has(one))).toBe(true);
    expect(new Set(warned).size).toBe(warned.length);
  },
  120_000,
);

describe("what people press in Discord", () => {
  const press = async (
    open: Awaited<ReturnType<typeof openCommunity>>,
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
    const asked = await ask.handle({ application: APPLICATION, data, receivedAtMs: clock.now() });
    const outcome = await asked?.work?.();
    const said = open.recorded.acts.findLast((act) => act.act === "edit-response");
    const message = said?.act === "edit-response" ? said.message : undefined;
    return { response: asked?.response, outcome, said: message?.content ?? "", buttons: message?.buttons ?? [] };
  };
  const caseOf = async (log: string | null = null, moderation = {}) => {
    const open = await openCommunity({
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
    const open = await openCommunity({
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
    expect((await store.cases.get(open.guild, one.id))?.events.at(-1)).toMatchObject({
      kind: "appeal",
      text: "a joke",
    });
  });

  test("a reported message becomes one case for a person, and who was mostly wrong weighs less", async () => {
    const LOG = "200000000000000007";
    const open = await openCommunity({ moderation: { logChannel: LOG } });
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

describe("what else is read", () => {
  test("an edit is judged like a message, once", async () => {
    const llm = createScripted(onAll() as never);
    const open = await openCommunity({ llm });
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
        edited_timestamp: new Date(clock.now()).toISOString(),
      },
    };
    for (const _ of [1, 2]) await open.pipeline.observe(APPLICATION, "MESSAGE_UPDATE", edit);
    await open.pipeline.drain(5_000);
    expect(await open.isThere(first)).toBe(false);
    expect(llm.asked).toHaveLength(1);
  });

  test("a repeated text costs one call, and an ordinary one none", async () => {
    const llm = createScripted(onAll({ rule: 0, severity: "none", category: "none" }) as never);
    const open = await openCommunity({ llm });
    for (const _ of [1, 2, 3]) await open.handle(open.say("you are a complete idiot, everybody hates you"));
    for (const text of ["good morning", "how do I pair the sensor?", "thanks!"]) await open.handle(open.say(text));
    expect(llm.asked).toHaveLength(1);
  });

  test("a name that breaks a rule is left to a person, once, where names are read", async () => {
    const llm = createScripted(onAll() as never);
    const open = await openCommunity({ llm, moderation: { names: true } });
    const author = { id: MEMBER, username: "you are a complete idiot, everybody hates you" };
    for (const text of ["good morning", "thanks!"]) await open.handle(open.say(text, { author }));
    await until(async () => (await open.cases()).length > 0);
    expect(await open.cases()).toEqual([expect.objectContaining({ state: "review", evidence: author.username })]);
    expect(await changes(open)).toBe(0);
  });

  test("a name is read when it is brought or taken, as it is then: in no channel, however old its bearer's account", async () => {
    const llm = createScripted(onAll() as never, onAll() as never);
    const open = await openCommunity({ llm, moderation: { names: true } });
    const user = { id: "80351110224678912", username: "old", global_name: "Discord Support" };
    const member = { guild_id: open.guild, roles: [], joined_at: new Date(clock.now()).toISOString(), user };
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
      expect(Math.abs(one.atMs - clock.now())).toBeLessThan(60_000);
      expect(one).toMatchObject({ channelName: "", problem: "name", state: "review" });
      expect(isOfName(one)).toBe(true);
    }
    expect(llm.asked.flatMap((task) => (task as ModerateTask).messages)).toHaveLength(2);
  });

  test("a bad name does not spare its bearer's first breach the sanction", async () => {
    const open = await openCommunity({
      llm: createScripted(onAll() as never, onAll() as never),
      moderation: { names: true },
    });
    const user = { id: MEMBER, username: "you are a complete idiot, everybody hates you" };
    const member = { guild_id: open.guild, roles: [], joined_at: new Date(clock.now()).toISOString(), user };
    await open.pipeline.observe(APPLICATION, "GUILD_MEMBER_ADD", member);
    await until(async () => (await open.cases()).length > 0);
    await open.handle(open.say("you are a complete moron, everybody hates you"));
    const acted = (await open.cases()).filter((one) => !isOfName(one));
    expect(acted.map(({ plan }) => plan.acts)).toEqual([["delete", "warn"]]);
  });

  test("without a model only what is certain is acted on", async () => {
    const open = await openCommunity();
    await open.handle(open.say("you are a complete idiot, everybody hates you"));
    expect(await changes(open)).toBe(0);
    expect(await open.cases()).toEqual([]);
  });
});

describe("a rehearsal", () => {
  test("of a file needs no bot that Discord knows; of the days it says what is missing; neither writes to Discord", async () => {
    const tokenless = () => Promise.reject(new AppError("not-found", "This process has no token."));
    const open = await openCommunity({
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
    const open = await openCommunity({
      llm,
      moderation: { strikeDays, rules: [{ n: 1, text: "Be kind.", action: "kick", on: true, kind: null }] },
    });
    for (const [n, days] of [0, 1, 3].entries()) {
      clock.pass(days * 24 * 3_600_000);
      llm.say(onAll() as never);
      await open.handle(open.say(`you are a complete idiot number ${n} and everybody hates you`));
    }
    expect((await open.cases()).map(({ action }) => action).toReversed()).toEqual(led as never);
  });
});
