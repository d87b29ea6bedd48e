/**
 * Moderation by whole processes against the simulated Discord, whose ledger says what was really done: what breaks a rule goes
 * once, staff and reporters are spared, a raid is met without a storm of refused requests, a process that dies between plan
 * and act leaves nothing undone and nothing done twice.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Message } from "../../bench/simulator/world.ts";
import type { GuildId } from "../../src/ids.ts";
import { changes, INSULT, KETTLE, type Moderated, openModerated, refusedRequests, SCAM } from "../support/moderated.ts";
import { live, openStage, type Stage } from "../support/stage.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(180_000);

const MODERATOR_PERMISSIONS = 1n << 13n;

describe("a community that misbehaves", () => {
  let stage: Stage;
  let house: Moderated;
  beforeAll(async () => {
    stage = await openStage("moderation");
    house = await openModerated(stage);
    await stage.teach(house.guild.id, { "kettle.md": KETTLE });
    await live(stage.gatehouse(["all"]));
  });
  afterAll(async () => {
    await house?.store.close();
    await stage?.close();
  });

  const say = (userId: string, content: string) =>
    stage.simulator.actions.say({ channelId: house.channel.id, userId, content });
  const isThere = (id: string) => stage.simulator.world.channels.get(house.channel.id)?.messages.has(id) ?? false;
  const cases = async () => (await house.store.cases.list(house.guild.id as GuildId, {}, 500)).items;

  test("an insult goes and its author is warned; who asks is answered all the same", async () => {
    const [rude = "", polite = ""] = house.members(2);
    const insult = say(rude, INSULT(1));
    const [answer] = await stage.ask({
      channelId: house.channel.id,
      userId: polite,
      content: "{bot} how do I reset the kettle?",
      count: 2,
    });
    expect(answer).toBeDefined();
    await until(() => !isThere(insult.id));
    await until(async () => (await cases()).some(({ message, state }) => message === insult.id && state === "applied"));
    const warned = [...(stage.simulator.world.channels.get(house.channel.id)?.messages.values() ?? [])];
    expect(
      warned.filter(({ content }) => content.includes(`<@${rude}>`) && content.includes("No insults")),
    ).toHaveLength(1);
  });

  test("staff, and who reports a scam, are spared", async () => {
    const { actions } = stage.simulator;
    const role = actions.createRole(house.guild.id, { name: "Mods", permissions: MODERATOR_PERMISSIONS });
    const staff = actions.addMember(house.guild.id, { username: "sam", roles: [role.id] }).userId;
    const [reporter = "", rude = ""] = house.members(2);
    const spared = [
      say(staff, INSULT(2)),
      say(reporter, "mods please ban this guy, he posted `free nitro https://dlscord-gift.com/claim`"),
    ];
    const last = say(rude, INSULT(3));
    await until(() => !isThere(last.id));
    expect(spared.map(({ id }) => isThere(id))).toEqual([true, true]);
  });

  test("the log's chain holds, and the command line says so", async () => {
    const done = await stage.finished(["moderation", "verify", "--guild", house.guild.id]);
    expect(done.stdout).toContain("✓");
    expect(done.code).toBe(0);
    await stage.database.admin`update moderation_cases set rule = 'No fun.' where number = 1`;
    expect((await stage.finished(["moderation", "verify"])).code).toBe(1);
  });
});

describe("a raid", () => {
  let stage: Stage;
  let house: Moderated;
  beforeAll(async () => {
    stage = await openStage("raid", { simulator: { limits: { timesFaster: 1 } } });
    house = await openModerated(stage);
    await stage.teach(house.guild.id, { "kettle.md": KETTLE });
    await live(stage.gatehouse(["all"]));
  });
  afterAll(async () => {
    await house?.store.close();
    await stage?.close();
  });

  test("is cleared, with few refused requests, while ordinary members are answered", async () => {
    const { actions, world } = stage.simulator;
    const raiders = house.members(60);
    const quiet_ = actions.createChannel(house.guild.id, { name: "help" });
    const harm = raiders.flatMap((userId) =>
      Array.from({ length: 5 }, () => {
        try {
          return [actions.say({ channelId: house.channel.id, userId, content: SCAM })];
        } catch {
          // Timed out meanwhile.
          return [];
        }
      }).flat(),
    );
    expect(harm.length).toBeGreaterThan(100);
    const [member = ""] = house.members(1);
    const answered = stage.ask({ channelId: quiet_.id, userId: member, content: "{bot} how do I reset the kettle?" });
    const there = () => harm.filter(({ id }) => world.channels.get(house.channel.id)?.messages.has(id)).length;
    await until(() => there() === 0, 140_000).catch(async (error: unknown) => {
      // What is left tells where it got lost.
      const left = harm.filter(({ id }) => world.channels.get(house.channel.id)?.messages.has(id)).map(({ id }) => id);
      const known = (await house.store.cases.list(house.guild.id as GuildId, {}, 500)).items;
      throw new Error(
        `left: ${JSON.stringify(left.map((id) => [id, known.find((one) => one.message === id)?.state]))}`,
        { cause: error },
      );
    });
    expect(await answered).toHaveLength(1);
    expect(refusedRequests(stage)).toBeLessThanOrEqual(100);
  });
});

describe("a process that dies between plan and act", () => {
  let stage: Stage;
  let house: Moderated;
  beforeAll(async () => {
    stage = await openStage("moderation-killed");
    house = await openModerated(stage);
  });
  afterAll(async () => {
    await house?.store.close();
    await stage?.close();
  });

  test("leaves each act to be done once, however often the message is delivered", async () => {
    const { actions, world } = stage.simulator;
    let process = stage.gatehouse(["all"]);
    await live(process);
    const said: Message[] = [];
    for (const [n, userId] of house.members(40).entries()) {
      said.push(actions.say({ channelId: house.channel.id, userId, content: INSULT(n + 100) }));
      if (n % 10 === 9) {
        // In the middle of the last ones' work.
        process.kill("SIGKILL");
        await process.exited;
        process = stage.gatehouse(["all"]);
      }
    }
    await live(process);
    const there = () => said.filter(({ id }) => world.channels.get(house.channel.id)?.messages.has(id)).length;
    // Each kill leaves leases that must first run out: alone on two cores some 50 s.
    await until(() => there() === 0, 140_000);
    const items = async () => (await house.store.cases.list(house.guild.id as GuildId, {}, 500)).items;
    await until(async () => (await items()).every(({ state }) => state === "applied"), 90_000);
    expect(await items()).toHaveLength(said.length);
    const twice = [...changes(stage)].filter(([key, count]) => count > 1 && !/bulk-delete/.test(key));
    expect(twice).toEqual([]);
  });
});
