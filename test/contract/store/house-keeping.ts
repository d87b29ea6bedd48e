/** Bots, guilds, people, shards, inbox, migrations. */
import { describe, expect, test } from "bun:test";
import type { ChannelId, RoleId } from "../../../src/ids.ts";
import { defaultSettings } from "../../../src/settings/form.ts";
import type { ProcessReport } from "../../../src/store/ports/processes.ts";
import { until } from "../../support/until.ts";
import { HOUR_MS, type House, newApplication, newGuild, newMessage } from "./house.ts";
import { newDocument } from "./knowledge.ts";

export function houseKeepingSuite(house: () => House): void {
  describe("processes", () => {
    const report = (holder: string, startedAtMs: number): ProcessReport => ({
      ...{ holder, instance: `host:${holder}`, roles: ["gateway", "jobs"], version: "1.2.3", startedAtMs },
      ...{ memoryBytes: 3_000_000_000, shards: 8, shardsLive: 7, open: 2 },
    });

    test("each stands as it last said of itself, the eldest first, until it leaves", async () => {
      const { processes } = house().store;
      const [young, old] = [newMessage(), newMessage()];
      expect(await processes.report(report(young, 2_000))).toEqual({ drainAsked: false });
      await processes.report(report(old, 1_000));
      await processes.report({ ...report(young, 2_000), shardsLive: 8 });
      const ours = async () =>
        (await processes.list(60_000)).filter(({ holder }) => [young, old].includes(holder as never));
      expect(await ours()).toEqual([
        { ...report(old, 1_000), silentMs: expect.any(Number), drainAskedAtMs: null },
        { ...report(young, 2_000), shardsLive: 8, silentMs: expect.any(Number), drainAskedAtMs: null },
      ]);
      await processes.leave(old);
      expect((await ours()).map(({ holder }) => holder as string)).toEqual([young]);
      // What has been silent for longer than is asked for is left out.
      await until(async () => (await processes.list(1)).length === 0);
    });

    test("one is asked to drain once and for all, and hears of it with its next word; a stranger cannot be asked", async () => {
      const { processes } = house().store;
      const holder = newMessage();
      await processes.report(report(holder, 1_000));
      expect(await processes.askToDrain(holder)).toBe(true);
      const asked = async () => (await processes.list(60_000)).find((one) => one.holder === holder)?.drainAskedAtMs;
      const first = await asked();
      expect(await processes.askToDrain(holder)).toBe(true);
      expect(await processes.report(report(holder, 1_000))).toEqual({ drainAsked: true });
      expect(await asked()).toBe(first as number);
      expect(await processes.askToDrain(newMessage())).toBe(false);
    });
  });

  describe("bots and guilds", () => {
    test("a bot is saved, changed and listed", async () => {
      const { bots } = house().store;
      const application = newApplication();
      const bot = {
        application,
        shared: false,
        guild: newGuild(),
        publicKey: "ab".repeat(32),
        tokenSealed: "v1.k1.x.y",
        name: "Lumen Helper",
        commandsHash: null,
        commandsRefused: null,
      };
      await bots.save(bot);
      await bots.save({ ...bot, name: "Lumen" });
      await bots.setCommandsHash(application, "hash");
      expect(await bots.get(application)).toEqual({ ...bot, name: "Lumen", commandsHash: "hash" });
      expect(await bots.list()).toContainEqual({ ...bot, name: "Lumen", commandsHash: "hash" });
      await bots.setCommandsRefused(application, "too many");
      expect(await bots.get(application)).toMatchObject({ commandsHash: null, commandsRefused: "too many" });
      await bots.setCommandsHash(application, "hash");
      expect(await bots.get(application)).toMatchObject({ commandsHash: "hash", commandsRefused: null });
      expect(await bots.get(newApplication())).toBeNull();
    });

    test("a bot belongs to the guild that brought it: no other takes, changes or removes it", async () => {
      const { bots } = house().store;
      const [application, guild, other] = [newApplication(), newGuild(), newGuild()];
      const bot = {
        application,
        guild,
        shared: false,
        publicKey: "k",
        tokenSealed: "one",
        name: "L",
        commandsHash: null,
        commandsRefused: null,
      };
      expect(await bots.save(bot)).toBe(true);
      expect(await bots.save({ ...bot, guild: other, tokenSealed: "two" })).toBe(false);
      expect(await bots.ofGuild(guild)).toEqual(bot);
      expect(await bots.ofGuild(other)).toBeNull();
      expect(await bots.remove(other, application)).toBe(false);
      expect(await bots.remove(guild, application)).toBe(true);
      expect(await bots.get(application)).toBeNull();
    });

    test("a guild stays its own bot's while the shared one is in it too, and is handed over with all it has", async () => {
      const { bots, guilds } = house().store;
      const [guild, shared, own, strange] = [newGuild(), newApplication(), newApplication(), newApplication()];
      const bot = {
        shared: false,
        publicKey: "k",
        tokenSealed: "s",
        name: "L",
        commandsHash: null,
        commandsRefused: null,
      };
      await guilds.join(guild, shared, "Lumen", "tr");
      await bots.save({ ...bot, application: own, guild });
      await bots.save({ ...bot, application: strange, guild: newGuild() });
      const joined = await guilds.join(guild, own, "Lumen", "en-US");
      expect([joined.application, joined.settings.language]).toEqual([own, "tr"]);
      for (const other of [shared, strange]) {
        expect((await guilds.join(guild, other, "Lumen again", null)).application).toBe(own);
      }
      expect((await guilds.get(guild))?.name).toBe("Lumen");
      await bots.remove(guild, own);
      await guilds.handOver(guild, shared);
      expect(await guilds.get(guild)).toMatchObject({ application: shared, version: 1, settings: { language: "tr" } });
    });

    test("sealed tokens are walked in order, and sealed anew only where they are still the same", async () => {
      const { bots } = house().store;
      const made = [newApplication(), newApplication(), newApplication()];
      for (const [index, application] of made.entries()) {
        const tokenSealed = index === 1 ? null : "old";
        await bots.save({
          application,
          guild: newGuild(),
          shared: false,
          publicKey: "k",
          tokenSealed,
          name: "L",
          commandsHash: null,
          commandsRefused: null,
        });
      }
      const behind = String(BigInt(made[0] ?? "1") - 1n);
      expect((await bots.sealed(behind, 10)).map(({ application }) => application)).toEqual([
        made[0],
        made[2],
      ] as never);
      expect(await bots.sealed(behind, 1)).toHaveLength(1);
      const [first] = made as [(typeof made)[number]];
      expect(await bots.reseal(first, "another", "new")).toBe(false);
      expect(await bots.reseal(first, "old", "new")).toBe(true);
      expect((await bots.get(first))?.tokenSealed).toBe("new");
    });

    test("an interaction makes a guild known, and takes none from another application, not even one that was left", async () => {
      const { guilds } = house().store;
      const [guild, mine, other] = [newGuild(), newApplication(), newApplication()];
      expect(await guilds.meet(guild, mine, "Lumen", "tr")).toMatchObject({ application: mine, name: "Lumen" });
      expect(await guilds.meet(guild, other, "Stolen", null)).toMatchObject({ application: mine, name: "Lumen" });
      await guilds.leave(guild);
      expect((await guilds.meet(guild, other, "Stolen", null)).application).toBe(mine);
      expect((await guilds.get(guild))?.leftAtMs).toBeNumber();
      expect((await guilds.meet(guild, mine, "Lumen", null)).leftAtMs).toBeNull();
    });

    test("what a process holds of a guild is read at once: its row, its account's plan and its knowledge's version", async () => {
      const { accounts, guilds, knowledge, states } = house().store;
      const guild = newGuild();
      const stateOf = async () => (await states.of([guild])).get(guild) ?? null;
      expect(await stateOf()).toBeNull();
      await guilds.join(guild, newApplication(), "Lumen", null);
      const joined = { row: await guilds.get(guild), subscription: await accounts.of(guild), knowledge: 0 };
      expect(await stateOf()).toEqual(joined as never);

      const [plan, account] = [`plan-${guild}`, `account-${guild}`];
      await accounts.savePlan({ id: plan, name: "Small", priceUsd: 9, messages: 100, features: ["live"], position: 1 });
      await accounts.save({
        id: account,
        name: "Ada",
        plan,
        timeZone: "Europe/Istanbul",
        owner: "1",
        mail: "a@b.example",
      });
      await accounts.move(guild, account, "Ada");
      const { id } = await knowledge.saveSource(guild, { kind: "files", name: "Guide", config: {} });
      await knowledge.putDocument(guild, id, newDocument("a", ["one"]));
      const version = await knowledge.version(guild);
      expect(version).toBeGreaterThan(0);
      const state = await stateOf();
      expect(state).toEqual({
        row: await guilds.get(guild),
        subscription: await accounts.of(guild),
        knowledge: version,
      } as never);
      expect(state?.subscription).toMatchObject({ account: { id: account }, plan: { id: plan, messages: 100 } });
    });

    test("of many guilds those that are known are read at once", async () => {
      const { guilds, states } = house().store;
      const [one, two, unknown] = [newGuild(), newGuild(), newGuild()];
      const rows = [
        await guilds.join(one, newApplication(), "One", null),
        await guilds.join(two, newApplication(), "Two", "tr"),
      ];
      const found = await states.of([two, unknown, one]);
      expect([one, two, unknown].map((guild) => found.get(guild)?.row)).toEqual([...rows, undefined]);
      expect((await states.of([])).size).toBe(0);
    });

    test("a guild joins with defaults in its own language, and finds its settings when it returns", async () => {
      const { guilds } = house().store;
      const [guild, application] = [newGuild(), newApplication()];
      const joined = await guilds.join(guild, application, "Lumen Türkiye", "tr");
      expect(joined).toMatchObject({
        name: "Lumen Türkiye",
        settings: { ...defaultSettings, language: "tr" },
        version: 1,
      });
      await guilds.change(guild, { ...joined.settings, mode: "all" }, "Ada", "mode");
      await guilds.leave(guild);
      expect((await guilds.get(guild))?.leftAtMs).toBeNumber();
      const back = await guilds.join(guild, application, "Lumen", "en-US");
      expect(back).toMatchObject({
        name: "Lumen",
        leftAtMs: null,
        version: 2,
        settings: { mode: "all", language: "tr" },
      });
      expect((await guilds.list(application)).map((row) => row.guild)).toEqual([guild]);
      expect(await guilds.get(newGuild())).toBeNull();
    });

    test("guilds are found by a part of their name or their id, in pages, those the bot has left at the end", async () => {
      const { guilds, people } = house().store;
      const application = newApplication();
      const tag = newGuild();
      const names = ["delta", "Alpha", "bravo", "100% Çharlie_x", "echo"];
      const ids = names.map(newGuild);
      const ofName = (name: string) => ids[names.indexOf(name)] ?? tag;
      for (const name of names) await guilds.join(ofName(name), application, `${name} ${tag}`, null);
      await guilds.leave(ofName("Alpha"));

      const all: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await guilds.find({ text: tag }, 2, cursor);
        expect(page.items.length).toBeLessThanOrEqual(2);
        all.push(...page.items.map(({ guild }) => guild.name.split(" ")[0] ?? ""));
        cursor = page.cursor ?? undefined;
      } while (cursor !== undefined);
      expect(all).toEqual(["100%", "bravo", "delta", "echo", "Alpha"]);

      const found = async (text: string, person?: string) =>
        (await guilds.find({ text, ...(person === undefined ? {} : { person }) }, 10)).items.map(({ guild, role }) => ({
          guild: guild.guild,
          role,
        }));
      expect(await found(`BRAVO ${tag}`)).toEqual([{ guild: ofName("bravo"), role: "operator" }]);
      expect(await found(`0% çharlie_x ${tag}`)).toHaveLength(1);
      expect(await found(`_ravo ${tag}`)).toEqual([]);
      expect(await found(ofName("Alpha"))).toEqual([{ guild: ofName("Alpha"), role: "operator" }]);
      await people.setRole("finder", ofName("echo"), "agent");
      expect(await found(tag, "finder")).toEqual([{ guild: ofName("echo"), role: "agent" }]);
      expect(await found("", "finder")).toHaveLength(1);
      expect(await guilds.find({ text: tag }, 2, "no guild")).toEqual({ items: [], cursor: null });
    });

    test("how the bot is addressed is kept with the guild, and follows what changes", async () => {
      const { guilds } = house().store;
      const [guild, application, role] = [newGuild(), newApplication(), newMessage() as string as RoleId];
      const threads = [newMessage(), newMessage(), newMessage()] as string[] as ChannelId[];
      const [first, second, third] = threads as [ChannelId, ChannelId, ChannelId];
      const none = { botRole: null, ownThreads: [] };
      expect((await guilds.join(guild, application, "Lumen", null)).addressing).toEqual(none);
      const told = { botRole: role, ownThreads: [first] };
      expect((await guilds.join(guild, application, "Lumen", null, told)).addressing).toEqual(told);
      expect((await guilds.join(guild, application, "Lumen II", null)).addressing).toEqual(told);

      for (const opened of [second, third, second]) await guilds.address(guild, { opened });
      await guilds.address(guild, { closed: first });
      const renamed = newMessage() as string as RoleId;
      await guilds.address(guild, { botRole: renamed });
      await guilds.address(newGuild(), { botRole: role });
      expect((await guilds.get(guild))?.addressing).toEqual({ botRole: renamed, ownThreads: [third, second] });
    });

    test("of a guild's own threads the newest are kept", async () => {
      const { guilds } = house().store;
      const [guild, application] = [newGuild(), newApplication()];
      const threads = Array.from({ length: 205 }, newMessage) as string[] as ChannelId[];
      await guilds.join(guild, application, "Lumen", null, { botRole: null, ownThreads: threads });
      expect((await guilds.get(guild))?.addressing.ownThreads).toEqual(threads.slice(-200));
      const opened = newMessage() as string as ChannelId;
      await guilds.address(guild, { opened });
      expect((await guilds.get(guild))?.addressing.ownThreads).toEqual([...threads.slice(-199), opened]);
    });

    test("every change of settings has its audit row and its version", async () => {
      const { store, other } = house();
      const guild = newGuild();
      const { settings } = await store.guilds.join(guild, newApplication(), "Lumen", null);
      await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          (i % 2 ? store : other).guilds.change(guild, { ...settings, instructions: `say ${i}` }, "Ada", "tone"),
        ),
      );
      expect((await store.guilds.get(guild))?.version).toBe(11);
      const rows = await store.guilds.audit(guild, 100);
      expect(rows).toHaveLength(10);
      expect(rows.at(-1)).toMatchObject({ by: "Ada", what: "tone", before: settings });
      for (const [newer, older] of rows.map((row, i) => [row, rows[i + 1]] as const)) {
        if (older !== undefined) expect(newer?.before).toEqual(older.after);
      }
      await expect(store.guilds.change(newGuild(), settings, "Ada", "tone")).rejects.toMatchObject({
        kind: "not-found",
      });
    });

    test("of changes made on one version of the settings, one is written", async () => {
      const { store, other } = house();
      const guild = newGuild();
      const { settings, version } = await store.guilds.join(guild, newApplication(), "Lumen", null);
      const made = await Promise.all(
        Array.from({ length: 6 }, (_, i) =>
          (i % 2 ? store : other).guilds.change(guild, { ...settings, instructions: `${i}` }, "Ada", "tone", version),
        ),
      );
      const [written, ...more] = made.filter((row) => row !== null);
      expect([written?.version, more]).toEqual([version + 1, []]);
      expect((await store.guilds.get(guild))?.settings).toEqual(written?.settings as typeof settings);
      expect(await store.guilds.audit(guild, 10)).toHaveLength(1);
    });
  });

  describe("people", () => {
    test("a sign-in link works once, for whoever is first, and not after its time", async () => {
      const { store, other, time } = house();
      await store.people.issueLink("hash-1", "ada", HOUR_MS);
      const redeemed = await Promise.all([store, other, store].map((s) => s.people.redeemLink("hash-1")));
      expect(redeemed.filter((person) => person === "ada")).toHaveLength(1);
      await store.people.issueLink("hash-2", "ada", HOUR_MS);
      time.pass(HOUR_MS);
      expect(await store.people.redeemLink("hash-2")).toBeNull();
      expect(await store.people.redeemLink("never issued")).toBeNull();
    });

    test("a session is there until it ends or is closed", async () => {
      const { store, time } = house();
      await store.people.savePerson({ id: "grace", name: "Grace", operator: false });
      const opened = await store.people.openSession("session-1", "grace", HOUR_MS);
      expect(opened).toMatchObject({ person: "grace", name: "Grace", operator: false });
      expect(await store.people.session("session-1")).toEqual(opened);
      await store.people.closeSession("session-1");
      expect(await store.people.session("session-1")).toBeNull();
      await store.people.openSession("session-2", "grace", HOUR_MS);
      time.pass(HOUR_MS);
      expect(await store.people.session("session-2")).toBeNull();
      await expect(store.people.openSession("session-3", "nobody", HOUR_MS)).rejects.toMatchObject({
        kind: "not-found",
      });
    });

    test("roles are by guild, except an operator's", async () => {
      const { people } = house().store;
      const [guild, second] = [newGuild(), newGuild()].sort();
      if (guild === undefined || second === undefined) throw new Error("two guilds");
      await people.savePerson({ id: "alan", name: "Alan", operator: false });
      await people.savePerson({ id: "root", name: "Root", operator: true });
      await people.setRole("alan", guild, "viewer");
      await people.setRole("alan", guild, "agent");
      await people.setRole("alan", second, "admin");
      expect(await people.role("alan", guild)).toBe("agent");
      expect(await people.role("alan", newGuild())).toBeNull();
      expect(await people.role("root", guild)).toBe("operator");
      expect(await people.role("nobody", guild)).toBeNull();
      expect(await people.memberships("alan")).toEqual([
        { guild, role: "agent" },
        { guild: second, role: "admin" },
      ]);
      await people.setRole("alan", guild, null);
      expect(await people.role("alan", guild)).toBeNull();
    });
  });

  describe("a guild's team", () => {
    test("is given roles by somebody, which is written down; an admin's and an operator's are not theirs to give", async () => {
      const { people, guilds } = house().store;
      const guild = newGuild();
      await guilds.join(guild, newApplication(), "Lumen", null);
      await people.savePerson({ id: "boss", name: "Boss", operator: true });
      await people.setRole("chief", guild, "admin");
      const give = (person: string, role: "agent" | "viewer" | null, name: string | null = null) =>
        people.giveRole(guild, { person, name, role }, "Ada");
      expect(await give("mira", "viewer", "Mira")).toBe(true);
      expect(await give("mira", "agent", "Somebody else")).toBe(true);
      expect(await give("mira", "agent")).toBe(true);
      expect(await give("nameless", "viewer")).toBe(true);
      expect(await give("chief", null)).toBe(false);
      expect(await give("boss", "viewer")).toBe(false);
      expect(await people.team(guild, 10)).toEqual([
        { person: "chief", name: null, role: "admin" },
        { person: "mira", name: "Mira", role: "agent" },
        { person: "nameless", name: null, role: "viewer" },
      ]);
      expect(await give("mira", null)).toBe(true);
      expect(await people.role("mira", guild)).toBeNull();
      expect(await people.team(guild, 1)).toHaveLength(1);
      expect((await guilds.audit(guild, 10)).map(({ by, what, before, after }) => [by, what, before, after])).toEqual([
        ["Ada", "team", { person: "mira", name: "Mira", role: "agent" }, { person: "mira", name: "Mira", role: null }],
        [
          "Ada",
          "team",
          { person: "nameless", name: null, role: null },
          { person: "nameless", name: null, role: "viewer" },
        ],
        [
          "Ada",
          "team",
          { person: "mira", name: "Mira", role: "viewer" },
          { person: "mira", name: "Mira", role: "agent" },
        ],
        ["Ada", "team", { person: "mira", name: "Mira", role: null }, { person: "mira", name: "Mira", role: "viewer" }],
      ]);
    });
  });

  describe("shards", () => {
    test("a shard has one holder, and its fence grows with every other one", async () => {
      const { store, other } = house();
      const application = newApplication();
      const leases = await Promise.all(
        ["a", "b", "c"].map((holder, i) => (i % 2 ? store : other).shards.lease(application, 0, 1, holder, 60_000)),
      );
      const [mine] = leases.filter((lease) => lease !== null);
      expect(leases.filter((lease) => lease !== null)).toHaveLength(1);
      if (mine?.holder == null) throw new Error("somebody holds it");
      expect(mine).toMatchObject({ shard: 0, shards: 1, fence: 1, session: null });
      expect(await store.shards.lease(application, 0, 1, mine.holder, 60_000)).toMatchObject({ fence: 1 });
      await store.shards.release(application, 0, mine.holder, 99);
      expect(await store.shards.lease(application, 0, 1, "z", 60_000)).toBeNull();
      await store.shards.release(application, 0, mine.holder, 1);
      expect(await store.shards.lease(application, 0, 1, "z", 60_000)).toMatchObject({ holder: "z", fence: 2 });
    });

    test("an expired lease goes to who asks next, and the old holder writes no more", async () => {
      const { shards } = house().store;
      const application = newApplication();
      await shards.lease(application, 3, 8, "old", 20);
      const session = { id: "s1", resumeUrl: "wss://gateway.example", settled: 41, intents: 513 };
      expect(await shards.saveSession(application, 3, 1, session)).toBe(true);
      await until(async () => (await shards.lease(application, 3, 8, "new", 60_000)) !== null);
      expect(await shards.saveSession(application, 3, 1, { ...session, settled: 99 })).toBe(false);
      expect(await shards.list(application)).toEqual([
        expect.objectContaining({ shard: 3, shards: 8, holder: "new", fence: 2, session }),
      ]);
      expect(await shards.saveSession(application, 3, 2, null)).toBe(true);
      expect((await shards.list(application))[0]?.session).toBeNull();
    });

    test("one statement renews what is still the holder's, run out or not, and nothing else", async () => {
      const { store, other } = house();
      const { shards } = store;
      const [application, another] = [newApplication(), newApplication()];
      for (const shard of [0, 1, 2, 3]) await shards.lease(application, shard, 8, "a", 1);
      await shards.lease(another, 0, 8, "a", 1);
      await until(async () => (await other.shards.lease(application, 1, 8, "b", 60_000)) !== null);
      await shards.release(application, 2, "a", 1);
      const before = await shards.list(another);
      expect(await shards.renew(application, [0, 1, 2], 8, "a", 60_000)).toEqual(new Set([0]));
      // It is held again, and what was not named is not.
      expect(await other.shards.lease(application, 0, 8, "b", 60_000)).toBeNull();
      expect(await other.shards.lease(application, 3, 8, "b", 60_000)).toMatchObject({ fence: 2 });
      expect(await shards.renew(application, [0], 16, "a", 60_000)).toEqual(new Set());
      expect(await shards.list(another)).toEqual(before);
    });

    test("gateways are counted while they say that they are there", async () => {
      const { store, other } = house();
      const [application, another] = [newApplication(), newApplication()];
      expect(await store.shards.present(application, "a", 60_000)).toBe(1);
      expect(await other.shards.present(application, "b", 60_000)).toBe(2);
      expect(await store.shards.present(application, "a", 60_000)).toBe(2);
      expect(await store.shards.present(another, "a", 60_000)).toBe(1);
      await other.shards.absent(application, "b");
      expect(await store.shards.present(application, "a", 60_000)).toBe(1);
      await other.shards.present(application, "frozen", 1);
      await until(async () => (await store.shards.present(application, "a", 60_000)) === 1);
    });

    test("another number of shards forgets the session", async () => {
      const { shards } = house().store;
      const application = newApplication();
      await shards.lease(application, 0, 1, "a", 60_000);
      await shards.saveSession(application, 0, 1, {
        id: "s1",
        resumeUrl: "wss://gateway.example",
        settled: 1,
        intents: null,
      });
      expect(await shards.lease(application, 0, 2, "a", 60_000)).toMatchObject({ shards: 2, fence: 2, session: null });
    });

    test("identifies are counted by shard up to a bound; what is above it is told when the oldest of the last was, and not counted", async () => {
      const { store, time } = house();
      const application = newApplication();
      const start = time.now();
      const count = (shard: number, sinceMs: number) => store.shards.countIdentify(application, shard, sinceMs, 2);
      // The time goes on by itself too, but not by a minute.
      const minute = async (shard: number, sinceMs: number) =>
        Math.floor(((await count(shard, sinceMs)) ?? Number.NaN) / 60_000 - start / 60_000);
      expect(await count(0, start)).toBeNull();
      time.pass(60_000);
      expect(await count(0, start)).toBeNull();
      time.pass(60_000);
      for (let again = 0; again < 3; again++) expect(await minute(0, start)).toBe(0);
      expect(await count(1, start)).toBeNull();
      expect(await store.shards.countIdentify(newApplication(), 0, start, 2)).toBeNull();
      // Those that were refused are not there to refuse the next.
      expect(await count(0, start + 60_000)).toBeNull();
      expect(await minute(0, start)).toBe(1);
    });
  });

  describe("turns to identify", () => {
    test("two processes take turns of one key a pace apart, and of two keys at once", async () => {
      const { store, other } = house();
      const application = newApplication();
      const waits = await Promise.all(
        [store, other, store, other].map((s) => s.shards.takeIdentifyTurn(application, 0, 5_000)),
      );
      waits.sort((a, b) => a - b);
      expect(waits[0]).toBe(0);
      for (const [place, wait] of waits.entries()) {
        // From when its own statement began, which may have been before that of the turn in front of it.
        expect(Math.abs(wait - place * 5_000)).toBeLessThan(1_000);
      }
      expect(await store.shards.takeIdentifyTurn(application, 1, 5_000)).toBe(0);
      expect(await other.shards.takeIdentifyTurn(newApplication(), 0, 5_000)).toBe(0);
    });

    test("a turn that is over costs nobody time, and a clock that was set back stops nobody", async () => {
      const { store, other, database } = house();
      const application = newApplication();
      await store.shards.takeIdentifyTurn(application, 0, 20);
      // By the store's clock; asking meanwhile would take a turn each time.
      await database.admin`select pg_sleep(0.03)`;
      expect(await other.shards.takeIdentifyTurn(application, 0, 20)).toBe(0);
      await database.admin`update identify_turns set free_at = now() + interval '1 hour' where application_id = ${application}`;
      expect(await other.shards.takeIdentifyTurn(application, 0, 5_000)).toBe(0);
    });

    test("a bot whose Discord is a new one starts from nothing", async () => {
      const { shards } = house().store;
      const [application, neighbour] = [newApplication(), newApplication()];
      for (const bot of [application, neighbour]) {
        await shards.lease(bot, 0, 1, "a", 60_000);
        await shards.saveSession(bot, 0, 1, {
          id: "s1",
          resumeUrl: "wss://gateway.example",
          settled: 1,
          intents: null,
        });
        await shards.countIdentify(bot, 0, 0, 1);
        await shards.takeIdentifyTurn(bot, 0, 5_000);
      }
      await shards.forget(application);
      expect(await shards.list(application)).toEqual([]);
      expect(await shards.lease(application, 0, 1, "b", 60_000)).toMatchObject({ holder: "b", session: null });
      expect(await shards.countIdentify(application, 0, 0, 1)).toBeNull();
      expect(await shards.takeIdentifyTurn(application, 0, 5_000)).toBe(0);
      expect(await shards.list(neighbour)).toMatchObject([{ holder: "a", session: { id: "s1" } }]);
    });
  });

  describe("inbox", () => {
    const by = (holder: string, limit = 10, dead: readonly string[] = []) => ({ holder, dead, limit, ttlMs: 60_000 });
    /** As if whoever put them had ended long ago. */
    const abandon = () => house().database.admin`update inbox set until = now() - interval '1 second'`;

    test("what somebody works on is not taken; what was left is, once, oldest first", async () => {
      const { store, other, time } = house();
      const application = newApplication();
      const guild = newGuild();
      const messages = [newMessage(), newMessage(), newMessage()];
      for (const message of messages) {
        await store.inbox.put(application, message, guild, `{"id":"${message}"}`, "gone");
        time.pass(1);
      }
      expect(await other.inbox.take(application, by("other"))).toEqual([]);
      await abandon();
      const taken = await Promise.all([
        store.inbox.take(application, by("a", 2)),
        other.inbox.take(application, by("b", 2)),
      ]);
      expect(
        taken
          .flat()
          .map((row) => row.message)
          .sort(),
      ).toEqual([...messages].sort());
      expect(taken.flat()[0]).toMatchObject({ guild, payload: `{"id":"${taken.flat()[0]?.message}"}`, attempts: 1 });
      for (const rows of taken) expect(rows.map((row) => row.message)).toEqual(rows.map((row) => row.message).sort());
      expect(await store.inbox.take(application, by("a"))).toEqual([]);
    });

    test("each time that it is taken counts, and what is done is gone", async () => {
      const { inbox } = house().store;
      const [application, message] = [newApplication(), newMessage()];
      await inbox.put(application, message, null, "{}", "gone");
      await inbox.put(application, message, null, "{}", "gone");
      for (const [attempts, name] of [
        [1, "a"],
        [2, "b"],
      ] as const) {
        await abandon();
        expect(await inbox.take(application, by(name))).toEqual([
          { application, message, guild: null, payload: "{}", attempts },
        ]);
      }
      await inbox.remove(application, message);
      await abandon();
      expect(await inbox.take(application, by("c"))).toEqual([]);
    });

    test("what a dead process left is there at once; what is one's own never is", async () => {
      const { inbox } = house().store;
      const application = newApplication();
      const [dead, alive, own] = [newMessage(), newMessage(), newMessage()];
      await inbox.put(application, dead, null, "{}", "dead");
      await inbox.put(application, alive, null, "{}", "alive");
      await inbox.put(application, own, null, "{}", "own");
      expect([...(await inbox.holders(application))].sort()).toEqual(["alive", "dead", "own"]);
      const taken = await inbox.take(application, by("own", 10, ["dead", "dead too"]));
      expect(taken.map((row) => row.message)).toEqual([dead]);
      await abandon();
      const late = await inbox.take(application, by("own"));
      expect(late.map((row) => row.message)).toEqual([alive]);
      // Taken signs it too: whoever took it may die in turn.
      expect(await inbox.holders(application)).toEqual(["own"]);
    });

    test("interactions are there for any process, whosever bot they are for, and messages are not", async () => {
      const { inbox } = house().store;
      const application = newApplication();
      const [command, message] = [newMessage(), newMessage()];
      const payload = `{"t":"INTERACTION_CREATE","d":{"id":"${command}"}}`;
      const quoted = JSON.stringify({ t: "MESSAGE_CREATE", d: { content: payload } });
      await inbox.put(application, command, null, payload, "web");
      await inbox.put(application, message, null, quoted, "gateway");
      expect(await inbox.holders("interactions")).toContain("web");
      expect(await inbox.holders("interactions")).not.toContain("gateway");
      const taken = await inbox.take("interactions", by("other", 1_000, ["web", "gateway"]));
      expect(taken.filter((row) => row.application === application)).toEqual([
        { application, message: command, guild: null, payload, attempts: 1 },
      ]);
      await inbox.remove(application, command);
      await inbox.remove(application, message);
    });

    test("what was tried three times, or parked, is kept and left alone", async () => {
      const { store, database } = house();
      const { inbox } = store;
      const application = newApplication();
      const [tried, parked] = [newMessage(), newMessage()];
      await inbox.put(application, tried, null, "{}", "gone");
      for (const name of ["a", "b", "c"]) {
        await abandon();
        expect(await inbox.take(application, by(name))).toHaveLength(1);
      }
      await inbox.put(application, parked, null, "{}", "gone");
      await inbox.park(application, parked);
      await abandon();
      expect(await inbox.take(application, by("d", 10, ["gone", "c"]))).toEqual([]);
      const kept = await database.admin`select message_id from inbox where application_id = ${application}`;
      expect(kept.map((row) => row.message_id as string).sort()).toEqual([tried, parked].sort());
    });
  });

  describe("the store as a whole", () => {
    test("says that it is well, and by which server", async () => {
      expect(await house().store.health()).toEqual({ ok: true, version: expect.stringMatching(/^1[5-9]/) });
    });

    test("migrations are applied once, however many start together", async () => {
      const { store, other } = house();
      expect(await Promise.all([store.migrate(), other.migrate(), store.migrate()])).toEqual([[], [], []]);
    });
  });
}
