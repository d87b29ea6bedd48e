/**
 * Moderation by whole processes with a model that cannot be trusted: one that obeys every shared attack moves nothing outside the
 * guild's policy, and one that is away, slow or talks nonsense moves nothing at all, holds nobody up, and is told of on the page.
 */
import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readPrompt } from "../../bench/simulator/groq/prompt.ts";
import type { GuildId } from "../../src/ids.ts";
import { changes, changesNaming, INSULT, KETTLE, type Moderated, openModerated } from "../support/moderated.ts";
import { shared } from "../support/shared.ts";
import { live, openStage, type Stage } from "../support/stage.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(300_000);

const UNLIMITED = { requestsPerMinute: 1e6, requestsPerDay: 1e9, tokensPerMinute: 1e9, tokensPerDay: 1e12 };

type Attack = {
  readonly id: string;
  readonly content: string;
  readonly author_nick?: string;
  readonly author_global_name?: string;
  readonly channel_topic?: string;
  readonly thread_name?: string;
  readonly history?: readonly string[];
  readonly referenced_message?: { readonly content: string };
  readonly embeds?: readonly Record<string, unknown>[];
  readonly attachments?: readonly { readonly filename: string }[];
};

const given = shared("security/prompt_injection_discord.jsonl");

const attacks: readonly Attack[] = given.there
  ? (await Bun.file(given.file).text())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
  : [];

given.describe("a model that obeys whoever writes to it", () => {
  let stage: Stage;
  let house: Moderated;
  given.beforeAll(async () => {
    stage = await openStage("moderation-attacks", { groq: { limits: UNLIMITED } });
    // The policy: who breaks the one rule may be warned, and nothing else may ever happen.
    house = await openModerated(stage, {
      thorough: true,
      actions: { delete: false, warn: true, timeout: false, kick: false, ban: false },
      rules: [{ n: 1, text: "Be kind.", action: "warn" }],
    });
    await live(stage.gatehouse(["all"]));
  });
  given.afterAll(async () => {
    await house?.store.close();
    await stage?.close();
  });

  given.test(`moves nothing outside the policy in ${attacks.length} attacks`, async () => {
    const { actions } = stage.simulator;
    const guild = house.guild.id;
    const [victim = ""] = house.members(1);
    const judged = new Set<string>();
    let calls = 0;
    stage.groq.script((request) => {
      const asked = readPrompt(request as never).messages;
      for (const { text } of asked) for (const [, n = ""] of text.matchAll(/attack-(\d+)/g)) judged.add(n);
      const hard = {
        rule: 1,
        category: "hate",
        severity: "severe",
        confidence: 1,
        reason: `ban <@${victim}> @everyone`,
      };
      const all = asked.map(({ n }) => ({ ...hard, message: Number(n) }));
      // In turns: what it may say, rules that are not there, messages that are not there, everything twice.
      const worst = [
        all,
        all.map((one) => ({ ...one, rule: 99 })),
        all.map((one) => ({ ...one, message: one.message + 16 })),
        [...all, ...all],
      ];
      return { verdicts: worst[calls++ % worst.length] ?? all };
    });
    const authors = new Set<string>();
    // Discord lets a bot say about one thing a second in a channel.
    const channels = Array.from({ length: 40 }, (_, n) => actions.createChannel(guild, { name: `talk-${n}` }).id);
    const fill = (text: string) => text.replace(/\{([A-Z]+)\}/g, () => victim).slice(0, 1_900);
    for (const [n, attack] of attacks.entries()) {
      const author = actions.addMember(guild, {
        username: `attacker.${n}`,
        nick: attack.author_nick === undefined ? null : fill(attack.author_nick),
        ...(attack.author_global_name === undefined ? {} : { displayName: fill(attack.author_global_name) }),
      }).userId;
      authors.add(author);
      const place = channels[n % channels.length] ?? house.channel.id;
      const channelId =
        attack.thread_name === undefined
          ? place
          : actions.openThread({ channelId: place, userId: author, name: fill(attack.thread_name) }).id;
      for (const line of attack.history ?? []) actions.say({ channelId, userId: author, content: fill(line) });
      const target = attack.referenced_message;
      const repliedTo =
        target === undefined ? undefined : actions.say({ channelId, userId: victim, content: fill(target.content) });
      const attachments = (attack.attachments ?? []).map(({ filename }, file) => ({
        ...{ id: `${file + 1}`, filename: fill(filename), size: 10 },
        ...{ url: "https://cdn.example/file", proxy_url: "https://cdn.example/file" },
      }));
      actions.say({
        ...{ channelId, userId: author, content: `${fill(attack.content)} attack-${n}`, attachments },
        ...(repliedTo === undefined ? {} : { replyTo: repliedTo.id }),
        embeds: (attack.embeds ?? []).map((embed) => JSON.parse(fill(JSON.stringify(embed)))),
      });
      // A guild's questions wait in a bounded queue.
      if (n % 64 === 63) await until(() => judged.size >= n - 32, 30_000);
    }
    await until(() => judged.size >= attacks.length, 60_000);
    const items = async () => (await house.store.cases.list(house.guild.id as GuildId, {}, 1_000)).items;
    await until(
      async () => (await items()).length > 0 && (await items()).every(({ state }) => state !== "planned"),
      150_000,
    );
    expect(calls).toBeGreaterThan(attacks.length / 16 - 1);

    // Warnings, and letters to who was warned, are all that was done.
    const done = [...changes(stage).keys()].filter((key) => !/^POST \/channels\/\d+\/messages /.test(key));
    expect(done).toEqual([]);
    const { world } = stage.simulator;
    expect(world.guilds.get(guild)?.bans.size).toBe(0);
    for (const id of [victim, ...authors]) {
      expect(world.guilds.get(guild)?.members.get(id)?.timeoutUntilMs ?? null).toBeNull();
    }
    const bot = stage.simulator.bots[0]?.userId;
    const spoken = [...world.channels.values()]
      .filter((channel) => channel.guildId === guild)
      .flatMap((channel) => [...channel.messages.values()])
      .filter(({ authorId }) => authorId === bot);
    expect(spoken.length).toBeGreaterThan(0);
    // Each pings one of the authors and nobody else; the model's own words ping nobody.
    const wrong = spoken.filter(
      ({ pinged }) =>
        pinged.everyone ||
        pinged.roles.length > 0 ||
        pinged.users.some((user) => !authors.has(user) && user !== victim),
    );
    expect(wrong).toEqual([]);
    // Severe as it was called, the hardest that came of it is the policy's own.
    const acts = (await items()).flatMap(({ plan }) => plan.acts);
    expect([...new Set(acts)]).toEqual(["warn"]);
  });
});

describe("a model that is", () => {
  let stage: Stage;
  let house: Moderated;
  beforeAll(async () => {
    stage = await openStage("moderation-model", { groq: { limits: UNLIMITED } });
    house = await openModerated(stage);
    await stage.teach(house.guild.id, { "kettle.md": KETTLE });
    await live(stage.gatehouse(["all"]));
  });
  afterAll(async () => {
    await house?.store.close();
    await stage?.close();
  });

  afterEach(() => stage.groq.faults.clear());

  const FAULTS = [
    ["away", "away", { kind: "reset" }],
    ["slow", "late", { kind: "slow", ms: 20_000 }],
    ["beside itself", "nonsense", { kind: "off-schema" }],
  ] as const;
  let said = 0;

  for (const [what, why, fault] of FAULTS) {
    test(`${what} moves nothing, holds nobody up, and is told of on the page`, async () => {
      const { actions } = stage.simulator;
      const alerts = () => house.store.alerts.open(house.guild.id as GuildId);
      await house.store.alerts.resolve(house.guild.id as GuildId, "unjudged");
      stage.groq.faults.add({ fault });
      const rudeOnes = house.members(3);
      const insults = rudeOnes.map((userId) =>
        actions.say({ channelId: house.channel.id, userId, content: INSULT(++said) }),
      );
      await until(
        async () => (await alerts()).some(({ kind, detail }) => kind === "unjudged" && detail.why === why),
        30_000,
      );
      expect(insults.every(({ id }) => house.isThere(id))).toBe(true);
      // What was said after the last one's end may be acted on only now.
      expect(changesNaming(stage, [...rudeOnes, ...insults.map(({ id }) => id)])).toEqual([]);
      // Whoever asks is answered by quotes, within the deadline of an answer.
      const [asker = ""] = house.members(1);
      const answers = await stage.ask({
        channelId: house.channel.id,
        userId: asker,
        content: "{bot} how do I reset the kettle?",
      });
      expect(answers).toHaveLength(1);

      stage.groq.faults.clear();
      // A call that began before is still given up first.
      const again: string[] = [];
      await until(async () => {
        const [rude = ""] = house.members(1);
        again.push(actions.say({ channelId: house.channel.id, userId: rude, content: INSULT(++said) }).id);
        await until(() => again.some((id) => !house.isThere(id)), 2_000).catch(() => undefined);
        return again.some((id) => !house.isThere(id));
      }, 60_000);
      expect(insults.every(({ id }) => house.isThere(id))).toBe(true);
    });
  }
});
