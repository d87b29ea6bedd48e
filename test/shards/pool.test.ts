import { describe, expect, test } from "bun:test";
import type { Report } from "./support/scene.ts";

/** Plays a scene in a process of its own: under `bun test` a worker's uncaught exception is the runner's. */
async function play(name: string): Promise<Report & Record<string, unknown>> {
  const script = new URL("./support/scenes.ts", import.meta.url).pathname;
  const child = Bun.spawn([process.execPath, "run", script, name], { stdout: "pipe", stderr: "pipe" });
  const [out, error, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (code !== 0) throw new Error(`scene ${name} ended with ${code}: ${error}`);
  return JSON.parse(out);
}

/** Every message has one end, nothing is open, and the shard may forget everything. */
function expectAllSettled(report: Report): void {
  expect(report.total).toBe(report.messagesIn);
  expect(report.depth).toBe(0);
}

describe("the pool", () => {
  test("gives every message exactly one end, counted", async () => {
    const report = await play("ordinary");
    expectAllSettled(report);
    expect(report.outcomes).toEqual({
      "dropped/ring-full": 0,
      "silent/not-mentioned": 3_000,
      "answered/told": 2,
      "answered/slow": 1,
      "failed/timeout": 1,
    });
    expect(report.mark).toBe(3_008);
    expect(report.ignored).toBe(2);
    expect(report.interactionsIn).toBe(1);
    expect(report.deeds.filter((deed) => deed.includes("READY")).sort()).toEqual(["0 READY:ready", "1 READY:ready"]);
    expect(report.deeds.filter((deed) => deed.includes("INTERACTION_CREATE:77"))).toHaveLength(1);
  });

  test("keeps a channel's order, and hears everything where a conversation is going on", async () => {
    const report = await play("order");
    const told = report.deeds.map((deed) => deed.replace("0 tell:", ""));
    // Channels take turns; within one the order is kept.
    expect(told.filter((word) => word !== "heard")).toEqual(Array.from({ length: 50 }, (_, i) => String(i)));
    expect(told).toContain("heard");
  });

  test("proves silence in main where the worker told of the guild, but not behind what is on its way, nor past a change", async () => {
    const report = await play("quiet");
    expectAllSettled(report);
    expect(report.counts).toEqual([0, 50, 0]);
    expect(report.deeds).toEqual(["0 tell:first", "0 tell:second"]);
    expect(report.outcomes["silent/small-talk"]).toBe(3);
    expect(report.outcomes["silent/not-mentioned"]).toBe(report.messagesIn - 5);
  });

  test("keeps the place of frames that are too large for the ring", async () => {
    const report = await play("oversize");
    expect(report.deeds).toEqual(["0 GUILD_CREATE:1", "0 GUILD_UPDATE:2", "0 GUILD_CREATE:3", "0 GUILD_UPDATE:4"]);
  });

  test("tells every worker the bus's news", async () => {
    expect((await play("news")).deeds.toSorted()).toEqual(["0 news:guild-changed", "1 news:guild-changed"]);
  });

  test("puts a message held over two seconds into the inbox, so that its sequence settles", async () => {
    const report = await play("held");
    expect(report.meanwhile).toEqual({ depth: 1, inbox: 1 });
    expectAllSettled(report);
    expect(report.inbox).toBe(0);
  });

  test("asks a slow inbox for some rows at a time, not for all that is late", async () => {
    const report = await play("held-many");
    expect(report.most).toBe(64);
    expectAllSettled(report);
  }, 60_000);

  test("runs again what an ended process left, but not what was tried three times", async () => {
    const report = await play("recover");
    expect(report.again).toBe(1);
    expect(report.deeds).toEqual(["0 tell:again"]);
    expectAllSettled(report);
  });
});

describe("a worker that dies", () => {
  for (const how of ["die-exit", "die-throw", "die-reject", "die-timer"]) {
    test(`by ${how.slice(4)} is replaced; the message that did it three times is parked`, async () => {
      const report = await play(how);
      expectAllSettled(report);
      expect(report.restarts).toBe(3);
      expect(report.parked).toBe(1);
      expect(report.outcomes["failed/poison"]).toBe(1);
      // Proven silent, or looked at because something else waited in their channel.
      const { "silent/not-mentioned": proven = 0, "silent/small-talk": looked = 0 } = report.outcomes;
      expect(proven + looked).toBe(200);
      expect(report.outcomes["answered/slow"]).toBe(1);
      // Parked in the inbox, for a release that can take it.
      expect(report.inbox).toBe(1);
    }, 60_000);
  }

  test("by never coming back is found by its beat", async () => {
    const report = await play("hang");
    expectAllSettled(report);
    expect(report.parked).toBe(1);
  }, 40_000);
});

test("under overload memory stays bounded, interactions are answered in time, and all is well after", async () => {
  const report = await play("overload");
  expectAllSettled(report);
  expect(report.shed).toBeGreaterThan(1_000);
  // Discord waits for 3 s.
  expect(report.interactionMs).toBeLessThan(3_000);
  expect(report.grownMb).toBeLessThan(150);
  expect(report.shedAfter).toBe(0);
  expect(report.markedAfter).toBe(100);
}, 60_000);
