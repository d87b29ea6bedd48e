/** What is to be done survives a kill, and is done by one process at a time. */
import { describe, expect, test } from "bun:test";
import type { GuildId, MessageId } from "../../../src/ids.ts";
import { inRequest } from "../../../src/request.ts";
import type { OutboxStore } from "../../../src/store/ports/outbox.ts";
import { newGuild, newMember } from "./house.ts";

export type OutboxHouse = {
  readonly outbox: OutboxStore;
  /** The same outbox, as another process sees it. */
  readonly other: OutboxStore;
  readonly time: { now(): number; pass(ms: number): void };
};

const LEASE_MS = 60_000;
const message = "800000000000000001" as MessageId;

export function outboxSuite(house: () => OutboxHouse): void {
  describe("the outbox", () => {
    const newKind = () => `kind-${newMember()}`;
    const planIn = async (guild: GuildId | null, kind: string, atMs?: number): Promise<string> => {
      const key = `${kind}:${newMember()}`;
      const task = { key, kind, payload: { text: "hello" }, ...(atMs === undefined ? {} : { atMs }) };
      expect(await house().outbox.plan(guild, task)).toBe(true);
      return key;
    };
    const by = (limit = 10) => ({ limit, leaseMs: LEASE_MS });

    test("a task knows the request that it was planned in", async () => {
      const { other } = house();
      const [guild, kind] = [newGuild(), newKind()];
      const planned = await inRequest("request-1", () => planIn(guild, kind));
      const alone = await planIn(guild, kind);
      expect(await other.get(guild, planned)).toMatchObject({ request: "request-1" });
      expect(await other.get(guild, alone)).toMatchObject({ request: null });
      const claimed = await other.claim([kind], by());
      expect(new Map(claimed.map(({ key, request }) => [key, request]))).toEqual(
        new Map([
          [planned, "request-1"],
          [alone, null],
        ]),
      );
    });

    test("a task is planned once a key, claimed by one of two processes, begun and done", async () => {
      const { outbox, other } = house();
      const [guild, kind] = [newGuild(), newKind()];
      const key = await planIn(guild, kind);
      expect(await other.plan(guild, { key, kind, payload: { text: "another" } })).toBe(false);
      const claims = (await Promise.all([outbox.claim([kind], by()), other.claim([kind], by())])).flat();
      expect(claims).toHaveLength(1);
      const [task] = claims;
      expect(task).toMatchObject({ key, guild, kind, payload: { text: "hello" }, state: "planned", attempts: 1 });
      expect(await outbox.begin(guild, key, null, task?.attempts)).toEqual({ state: "begun" });
      expect(await outbox.finish(guild, key, { message }, task?.attempts)).toBe(true);
      expect(await other.get(guild, key)).toMatchObject({ state: "done", message, payload: null });
      expect(await other.begin(guild, key, null)).toEqual({ state: "done", message });
    });

    test("whoever claimed it and was killed before it began leaves it to the next", async () => {
      const { outbox, other, time } = house();
      const [guild, kind] = [newGuild(), newKind()];
      const key = await planIn(guild, kind);
      expect(await outbox.claim([kind], by())).toHaveLength(1);
      expect(await other.claim([kind], by())).toEqual([]);
      time.pass(LEASE_MS);
      expect(await other.claim([kind], by())).toMatchObject([{ key, state: "planned", attempts: 2 }]);
    });

    test("whoever began it and was killed leaves it as sent: the next one looks before it does it again", async () => {
      const { outbox, other, time } = house();
      const [guild, kind] = [newGuild(), newKind()];
      const key = await planIn(guild, kind);
      const [task] = await outbox.claim([kind], by());
      await outbox.begin(guild, key, null, task?.attempts);
      time.pass(LEASE_MS);
      const [again] = await other.claim([kind], by());
      expect(again).toMatchObject({ key, state: "sent", attempts: 2 });
      expect(await other.begin(guild, key, null, again?.attempts)).toMatchObject({ state: "in-flight" });
      expect(await other.finish(guild, key, { unknown: "the process was killed" }, again?.attempts)).toBe(true);
      time.pass(LEASE_MS);
      expect(await other.claim([kind], by())).toEqual([]);
      expect(await other.begin(guild, key, null)).toEqual({ state: "closed", why: "unknown" });
    });

    test("a process that froze past its time can neither begin nor finish what another claimed", async () => {
      const { outbox, other, time } = house();
      const [guild, kind] = [newGuild(), newKind()];
      const key = await planIn(guild, kind);
      const [frozen] = await outbox.claim([kind], by());
      time.pass(LEASE_MS);
      const [next] = await other.claim([kind], by());
      expect(await outbox.begin(guild, key, null, frozen?.attempts)).toEqual({ state: "closed", why: "taken" });
      expect(await other.begin(guild, key, null, next?.attempts)).toEqual({ state: "begun" });
      expect(await outbox.finish(guild, key, { failed: "late" }, frozen?.attempts)).toBe(false);
      expect(await other.finish(guild, key, { message }, next?.attempts)).toBe(true);
    });

    test("it is due when it says so, and again when a try says when", async () => {
      const { outbox, time } = house();
      const [guild, kind] = [newGuild(), newKind()];
      const key = await planIn(guild, kind, time.now() + 5_000);
      expect(await outbox.claim([kind], by())).toEqual([]);
      time.pass(5_000);
      const [task] = await outbox.claim([kind], by());
      await outbox.begin(guild, key, null, task?.attempts);
      await outbox.finish(guild, key, { again: "mail server away", atMs: time.now() + 30_000 }, task?.attempts);
      expect(await outbox.claim([kind], by())).toEqual([]);
      time.pass(30_000);
      const problem = "mail server away";
      expect(await outbox.claim([kind], by())).toMatchObject([{ key, state: "planned", attempts: 2, problem }]);
    });

    test("what was refused or has failed is claimed no more; what failed may be begun again, what was refused not", async () => {
      const { outbox, time } = house();
      const [guild, kind] = [newGuild(), newKind()];
      const [failed, refused] = [await planIn(guild, kind), await planIn(guild, kind)];
      await outbox.finish(guild, failed, { failed: "missing permission" });
      await outbox.finish(guild, refused, { refused: "undone before it was done" });
      time.pass(LEASE_MS);
      expect(await outbox.claim([kind], by())).toEqual([]);
      expect(await outbox.begin(guild, refused, null)).toEqual({ state: "closed", why: "refused" });
      expect(await outbox.begin(guild, failed, null)).toEqual({ state: "begun" });
    });

    test("what another process claims is begun by nobody else, and nothing is begun by a claim of what was never planned", async () => {
      const { outbox } = house();
      const [guild, kind] = [newGuild(), newKind()];
      const key = await planIn(guild, kind);
      const [task] = await outbox.claim([kind], by());
      const taken = { state: "closed", why: "taken" } as const;
      expect(await outbox.begin(guild, key, null, (task?.attempts ?? 0) + 1)).toEqual(taken);
      expect(await outbox.begin(guild, `none:${key}`, null, 1)).toEqual(taken);
      expect(await outbox.get(guild, `none:${key}`)).toBeNull();
      expect(await outbox.begin(guild, key, null, task?.attempts)).toEqual({ state: "begun" });
      expect(await outbox.get(guild, key)).toMatchObject({ state: "sent", attempts: task?.attempts as number });
    });

    test("guilds take turns: one that planned much does not starve one that planned little", async () => {
      const { outbox, time } = house();
      const [loud, quiet, kind] = [newGuild(), newGuild(), newKind()];
      for (let i = 0; i < 5; i++) {
        await planIn(loud, kind, time.now());
        time.pass(1);
      }
      const small = await planIn(quiet, kind, time.now());
      const claimed = await outbox.claim([kind], by(2));
      expect(claimed.map((task) => task.guild).sort()).toEqual([loud, quiet].sort());
      expect(claimed.map((task) => task.key)).toContain(small);
    });

    test("another guild neither sees it nor ends it", async () => {
      const { outbox } = house();
      const [guild, stranger, kind] = [newGuild(), newGuild(), newKind()];
      const key = await planIn(guild, kind);
      expect(await outbox.get(stranger, key)).toBeNull();
      expect(await outbox.get(null, key)).toBeNull();
      expect(await outbox.finish(stranger, key, { message })).toBe(false);
      await expect(outbox.begin(stranger, key, null)).rejects.toThrow("another guild");
      expect(await outbox.get(guild, key)).toMatchObject({ state: "planned" });
    });

    test("the backlog counts what is due and says how old the oldest is", async () => {
      const { outbox, time } = house();
      const [guild, kind] = [newGuild(), newKind()];
      await planIn(guild, kind);
      time.pass(1_000);
      await planIn(guild, kind);
      await planIn(guild, kind, time.now() + 60_000);
      const mine = (await outbox.backlog()).find((entry) => entry.kind === kind);
      expect(mine?.tasks).toBe(2);
      expect(mine?.oldestMs).toBeGreaterThanOrEqual(1_000);
    });
  });
}
