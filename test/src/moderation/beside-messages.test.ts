/** What is moderated beside messages, through the pipeline: members who join, threads' titles, what Discord's AutoMod did; and what Discord refuses. */
import { describe, expect, test } from "bun:test";
import { createAsk } from "../../../src/ask.ts";
import { AppError } from "../../../src/errors.ts";
import type { ChannelId, UserId } from "../../../src/ids.ts";
import { createScripted } from "../../../src/llm/scripted.ts";
import { createCaseWork, createUpkeep, endRaid } from "../../../src/moderation.ts";
import { PERMISSIONS } from "../../../src/permissions.ts";
import { defaultSettings } from "../../../src/settings/form.ts";
import { APPLICATION, CHANNEL, MEMBER, snowflake } from "../../support/build.ts";
import { communities } from "../../support/community.ts";
import { MODS, onAll } from "../../support/moderated-guild.ts";
import { until } from "../../support/until.ts";

const house = communities();

const RUDE = "you are a complete idiot and everybody hates you";
const LOG = "200000000000000077";
const { open } = house;
type Open = Awaited<ReturnType<typeof open>>;

/** A dispatch, and all the work that it begins. */
const tell = async ({ pipeline }: Open, type: string, data: unknown) => {
  await pipeline.observe(APPLICATION, type, data);
  await pipeline.drain(5_000);
};

describe("members who join in a raid", () => {
  const raid = { ...defaultSettings.moderation.raid, on: true, live: true, joinsMin: 4, slow: false, timeout: true };
  const id = (n: number) => `30000000000004${1000 + n}` as UserId;
  const join = async (community: Open, from: number, to: number) => {
    for (let n = from; n <= to; n++) {
      const roles = n === 2 ? [MODS] : [];
      community.recorded.welcome({
        id: id(n),
        name: `m${n}`,
        roles,
        timedOutUntilMs: null,
        joinedAtMs: house.clock.now(),
      });
      await tell(community, "GUILD_MEMBER_ADD", {
        ...{ guild_id: community.guild, roles, joined_at: new Date(house.clock.now()).toISOString() },
        user: { id: id(n), username: `m${n}`, bot: n === 9 },
      });
    }
  };
  const timedOut = ({ recorded }: Open) =>
    recorded.acts.flatMap((one) => (one.act === "time-out" ? [one.user.slice(-2)] : []));

  test("are timed out, each in a case with a direct message; not staff, not bots; told once, and ended from the mod-log", async () => {
    const community = await open({ moderation: { raid, logChannel: LOG } });
    await join(community, 1, 6);
    await until(async () => (await community.cases()).every(({ state }) => state !== "planned"), 5_000);
    expect(timedOut(community).toSorted()).toEqual(["01", "03", "04", "05", "06"]);
    const cases = await community.cases();
    expect(cases.filter(({ state }) => state === "applied")).toHaveLength(5);
    expect(cases.find(({ author }) => author === id(2))).toMatchObject({ state: "held", problem: "moderator" });
    expect(cases.find(({ author }) => author === id(1))).toMatchObject({
      ...{ action: "timeout", rule: null, plan: { acts: ["timeout"] } },
      verdict: { source: "raid", reason: "", found: { kind: "raid", cause: "joins", members: 4, seconds: 60 } },
    });
    const log = community.recorded.sent.filter(({ channel }) => channel === LOG);
    expect(log.map(({ message }) => message.content)).toEqual([
      expect.stringMatching(
        /^\*\*Raid\*\* · 4 members joined within 60 s\nNewcomers are timed out until then\.\nIt ends by itself <t:/,
      ),
    ]);
    expect(log[0]?.message.buttons?.map((button) => button.id)).toEqual(["raid:end", ""]);
    const direct = community.recorded.sent.find(({ channel }) => channel === (`7${id(1)}`.slice(0, 20) as ChannelId));
    expect(direct?.message.content).toContain("Raid protection");

    const ask = createAsk(community.services);
    const press = async (permissions: bigint) => {
      const asked = await ask.handle({
        ...{ application: APPLICATION, receivedAtMs: house.clock.now() },
        data: {
          ...{ id: snowflake(), application_id: APPLICATION, type: 3, token: "t", guild_id: community.guild },
          ...{ channel_id: LOG, data: { component_type: 2, custom_id: "raid:end" }, message: { id: snowflake() } },
          member: { user: { id: "300000000000000900", username: "mod" }, permissions: String(permissions), roles: [] },
        },
      });
      await asked?.work?.();
      const said = community.recorded.acts.findLast((one) => one.act === "edit-response");
      return said?.act === "edit-response" ? said.message.content : "";
    };
    expect(await press(PERMISSIONS.manageMessages)).toContain("you lack here: Timeout Members.");
    expect(timedOut(community)).toHaveLength(5);
    expect(await press(PERMISSIONS.moderateMembers)).toContain("is ended");
    // Taking a time-out back is one more, to none.
    expect(timedOut(community)).toHaveLength(10);
    expect((await community.cases()).filter(({ state }) => state === "undone")).toHaveLength(5);
    expect(await press(PERMISSIONS.moderateMembers)).toContain("no raid any more");
  });

  test("are only said to have been in a dry run, and acted on where a person says so", async () => {
    const moderation = { raid: { ...raid, live: false }, actions: { ...NO_ACTIONS }, logChannel: LOG };
    const community = await open({ moderation });
    await join(community, 1, 5);
    expect(timedOut(community)).toEqual([]);
    // Nothing in it sounds as if it had been done.
    expect(community.recorded.sent.find(({ channel }) => channel === LOG)?.message.content).toBe(
      "**Raid** · 4 members joined within 60 s · dry run: nothing was done\nNewcomers would be timed out.",
    );
    house.clock.pass(120_000);
    await join(community, 6, 6);
    const times = (await community.cases()).toReversed().map(({ atMs }) => atMs);
    // Who joins later is met later, not when the raid began.
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(119_000);
    const [first] = (await community.cases()).filter(({ state }) => state === "dry-run");
    expect(await createCaseWork(community.services).apply(community.guild, first?.id ?? "", "Mod")).toMatchObject({
      ok: true,
    });
    expect(timedOut(community)).toHaveLength(1);
  });

  test("may write again once a person ended it, also where Discord did not take all of it at once", async () => {
    let busy = false;
    const freed: string[] = [];
    const community = await open({
      moderation: { raid },
      discord: (found) => ({
        ...found,
        members: {
          ...found.members,
          async timeOut(guild, user, untilMs, reason) {
            busy = untilMs === null && !busy;
            if (busy) throw new AppError("rate-limited", "wait", { retryAfterMs: 1 });
            if (untilMs === null) freed.push(user.slice(-2));
            await found.members.timeOut(guild, user, untilMs, reason);
          },
        },
      }),
    });
    await join(community, 21, 24);
    const states = async () => (await community.cases()).map(({ state }) => state);
    await until(async () => (await states()).every((state) => state === "applied"), 5_000);
    expect(await endRaid(community.services, community.guild, "Mod")).toBe("ended");
    expect(freed.toSorted()).toEqual(["21", "22", "23", "24"]);
    expect(await states()).toEqual(Array(4).fill("undone"));
    expect(await endRaid(community.services, community.guild, "Mod")).toBe("none");
  });

  test("whose time-out nobody confirmed are timed out once, unless the raid is over by then", async () => {
    let lost = true;
    const tried: string[] = [];
    const community = await open({
      moderation: { raid, actions: { ...NO_ACTIONS } },
      discord: (found) => ({
        ...found,
        members: {
          ...found.members,
          async timeOut(...by) {
            tried.push(by[1]);
            if (lost) throw new AppError("unknown-outcome", "no reply");
            await found.members.timeOut(...by);
          },
        },
      }),
    });
    await join(community, 11, 14);
    await until(async () => tried.length === 4, 5_000);
    lost = false;
    expect((await community.cases()).map(({ state }) => state)).toEqual(["planned", "planned", "planned", "planned"]);
    house.clock.pass(21_000);
    await createUpkeep(community.services).settle();
    expect(timedOut(community).toSorted()).toEqual(["11", "12", "13", "14"]);
  });
});

const NO_ACTIONS = { delete: false, warn: false, timeout: false, kick: false, ban: false };

describe("a thread's title", () => {
  const thread = (community: Open, name: string, fields: Record<string, unknown> = {}) => ({
    ...{ id: snowflake(), guild_id: community.guild, parent_id: CHANNEL, owner_id: MEMBER, type: 11, name },
    ...fields,
  });
  const renames = ({ recorded }: Open) => recorded.acts.flatMap((one) => (one.act === "rename" ? [one.name] : []));

  test("that breaks a rule is taken away and its author warned; undone, it is there again", async () => {
    const community = await open({ llm: createScripted(onAll() as never) });
    community.recorded.welcome({ id: MEMBER, name: "Ada", roles: [], timedOutUntilMs: null, joinedAtMs: null });
    await tell(community, "THREAD_CREATE", { ...thread(community, RUDE), newly_created: true });
    expect(renames(community)).toEqual(["[title removed]"]);
    const [one] = await community.cases();
    expect(one).toMatchObject({
      state: "applied",
      evidence: RUDE,
      author: MEMBER,
      plan: { acts: ["delete", "warn"], title: true },
    });
    expect(await createCaseWork(community.services).undo(community.guild, one?.id ?? "", "Mod")).toMatchObject({
      ok: true,
    });
    expect(renames(community)).toEqual(["[title removed]", RUDE]);
  });

  test("that is changed later is taken away as well, once, and nobody is punished: Discord does not tell who changed it", async () => {
    const community = await open({ llm: createScripted(onAll({ severity: "severe" }) as never) });
    const first = thread(community, "How do I reset it?");
    await tell(community, "THREAD_UPDATE", { ...first, name: RUDE });
    await tell(community, "THREAD_UPDATE", {
      ...first,
      name: RUDE,
      thread_metadata: { archived: false, locked: true },
    });
    await tell(community, "THREAD_UPDATE", { ...first, name: "[title removed]" });
    expect(renames(community)).toEqual(["[title removed]"]);
    expect(community.acts()).toEqual(["rename"]);
    expect((await community.cases()).map(({ plan }) => plan.acts)).toEqual([["delete"]]);
    const [said] = community.recorded.sent;
    expect(said?.message.content).toContain("The title of your thread");
  });

  test("of a moderator's thread is left alone", async () => {
    const community = await open({ llm: createScripted(onAll() as never) });
    community.recorded.welcome({ id: MEMBER, name: "Ada", roles: [MODS], timedOutUntilMs: null, joinedAtMs: null });
    await tell(community, "THREAD_CREATE", { ...thread(community, RUDE), newly_created: true });
    expect(renames(community)).toEqual([]);
  });
});

describe("what Discord's AutoMod did", () => {
  const event = (community: Open, type: number, fields: Record<string, unknown> = {}) => ({
    ...{
      guild_id: community.guild,
      action: { type, metadata: {} },
      rule_id: "600000000000000001",
      rule_trigger_type: 1,
    },
    ...{ user_id: MEMBER, channel_id: CHANNEL, content: RUDE, matched_keyword: "idiot", matched_content: "idiot" },
    ...fields,
  });

  test("stands in the log and the mod-log, one case for all its actions, and nothing is done about it", async () => {
    const community = await open({ llm: createScripted(onAll() as never), moderation: { logChannel: LOG } });
    community.recorded.welcome({ id: MEMBER, name: "Ada", roles: [], timedOutUntilMs: null, joinedAtMs: null });
    const { pipeline } = community;
    for (const type of [1, 3, 1])
      void pipeline.observe(APPLICATION, "AUTO_MODERATION_ACTION_EXECUTION", event(community, type));
    await pipeline.observe(APPLICATION, "AUTO_MODERATION_ACTION_EXECUTION", event(community, 99));
    await pipeline.drain(5_000);
    expect(await community.cases()).toMatchObject([
      {
        ...{ state: "held", problem: "automod", action: "none", author: MEMBER, authorName: "Ada", evidence: RUDE },
        plan: { acts: [], held: [] },
        verdict: { source: "automod", found: { kind: "automod", did: ["blocked", "timed-out"], matched: "idiot" } },
      },
    ]);
    expect(community.acts()).toEqual([]);
    expect(community.recorded.sent.map(({ message }) => message.content)).toEqual([
      expect.stringMatching(
        /^\*\*Case 1\*\* · done by Discord's AutoMod\n.*\nRule: .* · AutoMod blocked the message, timed the member out: idiot\n/,
      ),
    ]);
  });

  test("is not done again: a message that it dealt with is recorded and left; one it only told of is ours", async () => {
    const verdict = onAll({ severity: "high" }) as never;
    const community = await open({ llm: createScripted(verdict, verdict) });
    const dealt = community.say(RUDE);
    const told = community.say(`${RUDE} too`);
    const { pipeline } = community;
    void pipeline.observe(
      APPLICATION,
      "AUTO_MODERATION_ACTION_EXECUTION",
      event(community, 3, { message_id: dealt.id }),
    );
    const alert = { message_id: told.id, content: told.content };
    void pipeline.observe(APPLICATION, "AUTO_MODERATION_ACTION_EXECUTION", event(community, 2, alert));
    expect(await community.handle(dealt)).toMatchObject({ kind: "silent" });
    expect(await community.isThere(dealt)).toBe(true);
    expect(community.acts()).toEqual([]);
    expect(await community.handle(told)).toMatchObject({ kind: "moderated" });
    expect(await community.isThere(told)).toBe(false);
    await pipeline.drain(5_000);
  });
});

test("an act that Discord refuses is shown, and not tried again in that server for ten minutes, by any process", async () => {
  const tried: string[] = [];
  const verdict = onAll({ severity: "high" }) as never;
  const refusing = await open({
    ...{
      llm: createScripted(verdict, verdict, verdict),
      moderation: { actions: { ...NO_ACTIONS, timeout: true } },
    },
    discord: (found) => ({
      ...found,
      members: {
        ...found.members,
        async timeOut(_guild, user) {
          tried.push(user);
          throw new AppError("forbidden", "Missing Permissions (50013)");
        },
      },
    }),
  });
  const author = (n: number) => ({ author: { id: `30000000000005${1000 + n}`, username: `m${n}` } });
  for (const n of [1, 2]) {
    refusing.recorded.welcome({
      ...{ id: author(n).author.id as UserId, name: "m", roles: [], timedOutUntilMs: null, joinedAtMs: null },
    });
  }
  await refusing.handle(refusing.say(`${RUDE} 1`, author(1)));
  expect((await house.store.alerts.open(refusing.guild)).map(({ kind, detail }) => [kind, detail.action])).toEqual([
    ["missing-permission", "timeout"],
  ]);
  await refusing.handle(refusing.say(`${RUDE} 2`, author(2)));
  expect(tried).toHaveLength(1);
  expect((await refusing.cases()).map(({ state, problem }) => [state, problem])).toEqual([
    ["held", "missing-permission"],
    ["failed", "timeout: forbidden"],
  ]);
  house.clock.pass(10 * 60_000 + 1);
  await refusing.handle(refusing.say(`${RUDE} 3`, author(2)));
  expect(tried).toHaveLength(2);
});
