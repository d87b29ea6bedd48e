/**
 * A stampede: a thousand ask for what a cache does not know yet, within one turn. Each cache that reads from the store or from Discord
 * asks for each thing once, also where what it asks fails. A cache that is not in the table is not tested: add it.
 */
import { describe, expect, test } from "bun:test";
import { createGuildOf } from "../../src/ask/home.ts";
import { loadConfig } from "../../src/config.ts";
import { createRecording } from "../../src/discord/recording.ts";
import { AppError } from "../../src/errors.ts";
import { createGlances } from "../../src/glances.ts";
import { createHome } from "../../src/home-guild.ts";
import type { GuildId, UserId } from "../../src/ids.ts";
import { createKnowledge } from "../../src/knowledge/search/service.ts";
import { createMemberships } from "../../src/memberships.ts";
import { createStandings } from "../../src/moderation/standing.ts";
import { createOptOuts } from "../../src/opt-outs.ts";
import { createDiscovery } from "../../src/pipeline/discovery.ts";
import { createTeam } from "../../src/pipeline/team.ts";
import { createPlans } from "../../src/plans/plans.ts";
import { createQuota, type Wish } from "../../src/plans/quota.ts";
import { createReads } from "../../src/reads.ts";
import { defaultSettings } from "../../src/settings/form.ts";
import { createSettings } from "../../src/settings/held.ts";
import { createOverviews } from "../../src/status/overview.ts";
import type { DeskStore } from "../../src/store/ports/desk.ts";
import type { GuildRow } from "../../src/store/ports/guilds.ts";
import type { KnowledgeStore } from "../../src/store/ports/knowledge.ts";
import { createBotKeys } from "../../web/bot-keys.ts";
import { APPLICATION, BOT, CHANNEL, GUILD, MEMBER, passage } from "../support/build.ts";
import {
  createBusDouble,
  createClock,
  createHotDouble,
  HELD_BY_NOBODY,
  settled,
  silentLogger,
} from "../support/doubles.ts";

const row = { guild: GUILD, application: APPLICATION, leftAtMs: null, settings: defaultSettings } as GuildRow;
const plan = { id: "free", name: "Free", messages: null, features: ["discord", "takeover"] };
const subscription = { account: { id: "a", name: "A", timeZone: "UTC" }, plan };

/** Ports that answer a turn later, count each call by what it asks, and fail where `away`. */
function open(away: boolean) {
  const asked = new Map<string, number>();
  const answers = <T>(name: string, found: T) => {
    return async (...about: readonly unknown[]): Promise<T> => {
      // Times differ from call to call; how many there are tells "since then" from "from then to then".
      const times = about.filter((one) => typeof one === "number").length;
      const what = `${name} ${about.filter((one) => typeof one === "string").join(" ")} ${times}`;
      asked.set(what, (asked.get(what) ?? 0) + 1);
      await Promise.resolve();
      if (away) throw new AppError("unavailable", "away");
      return found;
    };
  };
  const clock = createClock();
  const recording = createRecording(APPLICATION, BOT, clock);
  const member = { id: MEMBER, name: "Ada", roles: [], timedOutUntilMs: null, joinedAtMs: null };
  const view = { id: GUILD, name: "Lumen", ownerId: MEMBER, roles: [] };
  const discord = {
    ...recording,
    directory: {
      ...recording.directory,
      self: answers("self", BOT),
      about: answers("about", {}),
      guild: answers("guild", view),
      channels: answers("channels", []),
      whole: answers("whole", null),
    },
    members: { ...recording.members, get: answers("member", member) },
    messages: { ...recording.messages, get: answers("message", null) },
  } as unknown as typeof recording;
  const store = {
    guilds: {
      get: answers("guilds.get", row),
      list: answers("guilds.list", [row]),
      meet: answers("guilds.meet", row),
    },
    states: { of: answers("states.of", new Map([[GUILD, { row, subscription, knowledge: 1 }]])) },
    accounts: { of: answers("accounts.of", subscription) },
    usage: { costOn: answers("usage.costOn", 0), days: answers("usage.days", []) },
    quota: {},
    privacy: { optOuts: answers("privacy.optOuts", []), setOptOut: answers("privacy.setOptOut", undefined) },
    conversations: { homeOf: answers("homeOf", GUILD), list: async () => ({ items: [] }) },
    people: { setRole: async () => undefined },
    bots: { list: answers("bots.list", []) },
    desk: { held: answers("desk.held", []) },
    cases: { list: async () => ({ items: [] }) },
    knowledge: {
      marks: answers("knowledge.marks", { version: 1, marks: new Map([["d", "1"]]) }),
      read: async function* () {
        asked.set("knowledge.read", (asked.get("knowledge.read") ?? 0) + 1);
        yield [passage("Keep it dry.")];
      },
      version: answers("knowledge.version", 1),
      sources: answers("knowledge.sources", []),
    },
    figures: {
      outcomes: answers("figures.outcomes", []),
      feedback: answers("figures.feedback", []),
      cases: answers("figures.cases", []),
    },
  };
  const bus = createBusDouble();
  const config = loadConfig({ LOG_LEVEL: "silent" });
  const ports = { clock, bus, logger: silentLogger, config, store: store as never, hot: createHotDouble() };
  const { knowledge, desk } = store as never as { readonly knowledge: KnowledgeStore; readonly desk: DeskStore };
  return {
    ...ports,
    asked,
    discord,
    knowledge,
    desk,
    bot: { discord, directory: { self: () => null, knows: () => false } } as never,
  };
}

type Scene = ReturnType<typeof open>;

const costed: Wish = {
  ...{ request: "r", kind: "answer" },
  limits: { memberHour: 1e9, channelMinute: 1e9, costDayUsd: 5, moderationShare: 50 },
};

const place = {
  ...{ guild: GUILD, self: BOT.userId, channel: CHANNEL, parent: null },
};

/** What is asked a thousand times, on a cache that was just made. */
const CACHES: Readonly<Record<string, (scene: Scene) => () => unknown>> = {
  settings: (scene) => {
    const settings = createSettings({ ...scene, ...HELD_BY_NOBODY });
    return () => (settings.peek(GUILD) === undefined ? settings.load(GUILD) : null);
  },
  plans: (scene) => {
    const plans = createPlans(scene);
    return () => plans.of(GUILD);
  },
  "the quota's cost of the day": (scene) => {
    const quota = createQuota({ ...scene, plans: createPlans(scene) });
    return () => quota.admit(GUILD, costed);
  },
  "opt-outs": (scene) => {
    const optOuts = createOptOuts(scene);
    return () => (optOuts.has(APPLICATION, MEMBER) === undefined ? optOuts.load() : null);
  },
  "the home of direct messages": (scene) => {
    const home = createHome({
      ...scene,
      discord: () => scene.discord,
      settings: createSettings({ ...scene, ...HELD_BY_NOBODY }),
    });
    return () => home.find(APPLICATION, MEMBER);
  },
  "memberships of the dashboard": (scene) => {
    const memberships = createMemberships({ ...scene, discord: () => scene.discord });
    return () => memberships.confirm(row, MEMBER, "admin");
  },
  "what pages look at in Discord": (scene) => {
    const { directory, members, messages } = createGlances(() => scene.discord, scene.clock).discord(APPLICATION);
    return () =>
      Promise.all([
        ...[directory.self(), directory.about(), directory.guild(GUILD), directory.channels(GUILD)],
        ...[members.get(GUILD, MEMBER as UserId), messages.get(CHANNEL, "1" as never)],
      ]);
  },
  "the standing of an author": (scene) => {
    const standings = createStandings(scene.clock);
    const settings = { exemptRoles: [], exemptChannels: [] };
    return () => standings.see({ ...place, discord: scene.discord }, MEMBER, settings);
  },
  "a knowledge base's index": (scene) => {
    const knowledge = createKnowledge({ ...scene, store: scene.knowledge, bytesMax: 1e8 });
    return () => knowledge.retrieve(GUILD, "dry?", 3);
  },
  "an empty knowledge base": (scene) => {
    const knowledge = createKnowledge({ ...scene, store: scene.knowledge, bytesMax: 1e8 });
    return () => knowledge.empty(GUILD);
  },
  "a server's figures": (scene) => {
    const store = { ...(scene.store as object), knowledge: { sources: async () => [] } } as never;
    const overviews = createOverviews({ ...scene, store, knowledge: { empty: async () => true } });
    return () => overviews.of(GUILD);
  },
  "bots' public keys": (scene) => {
    const keys = createBotKeys(scene);
    return () => keys.find("500000000000000077");
  },
  "a guild that no gateway told of": (scene) => {
    const discovery = createDiscovery(scene, () => undefined);
    return () => discovery.meet(scene.bot, GUILD);
  },
  "who the bot is": (scene) => {
    let self: unknown = null;
    const setSelf = (told: unknown) => {
      self = told;
    };
    const bot = { discord: scene.discord, directory: { self: () => self, setSelf } } as never;
    const discovery = createDiscovery(scene, () => undefined);
    return () => discovery.introduce(bot);
  },
  "a guild that a command comes from": (scene) => {
    const services = { ...scene, discord: () => scene.discord } as never;
    const settings = { ...createSettings({ ...scene, ...HELD_BY_NOBODY }), load: async () => null };
    const guildOf = createGuildOf(services, { settings, home: { find: async () => null } });
    const interaction = { guildId: GUILD, guildName: "Lumen", guildLocale: null, user: { id: MEMBER } };
    return () => guildOf({ application: APPLICATION, interaction } as never);
  },
  "what agents hold": (scene) => {
    const team = createTeam({
      ...{ desk: scene.desk, agents: {}, recorder: {}, memory: {}, ownWords: {}, plans: {} },
      ...{ bus: scene.bus, clock: scene.clock, behind: (work: Promise<unknown>) => void work.catch(() => undefined) },
    } as never);
    return () => team.holds(GUILD, CHANNEL, scene.clock.now());
  },
};

describe("a thousand who ask within one turn", () => {
  for (const [name, cache] of Object.entries(CACHES)) {
    for (const away of [false, true]) {
      test(`make one read of ${name}${away ? ", also where it fails" : ""}`, async () => {
        const scene = open(away);
        const ask = cache(scene);
        const all = Array.from({ length: 1_000 }, async () => await ask());
        const done = Promise.allSettled(all);
        await settled();
        const atOnce = [...scene.asked];
        await scene.clock.advance(10 * 60_000);
        await done;
        expect(scene.asked.size).toBeGreaterThan(0);
        // What failed may be tried again later, once for all.
        expect((away ? atOnce : [...scene.asked]).filter(([, times]) => times > 1)).toEqual([]);
      });
    }
  }

  test("news of a guild's holds are read once for all that come meanwhile, and once more after them", async () => {
    const scene = open(false);
    CACHES["what agents hold"]?.(scene);
    for (let n = 0; n < 1_000; n++) void scene.bus.publish({ type: "takeover-changed", guild: GUILD } as never);
    await settled();
    expect([...scene.asked]).toEqual([[`desk.held ${GUILD} 0`, 2]]);
  });
});

test("a read gives its answer to all who ask meanwhile, and is made again for who asks later", async () => {
  const reads = createReads<GuildId, number>();
  let made = 0;
  const read = async () => ++made;
  expect(await Promise.all([reads.once(GUILD, read), reads.once(GUILD, read)])).toEqual([1, 1]);
  expect(await reads.once(GUILD, read)).toBe(2);
  const fails = () => {
    made++;
    throw new Error("at once");
  };
  const both = await Promise.allSettled([reads.once(GUILD, fails), reads.once(GUILD, fails)]);
  expect([both.map(({ status }) => status), made]).toEqual([["rejected", "rejected"], 3]);
});
