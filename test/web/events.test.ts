/** Who looks at a live page and may not any more is shown nothing further: the stream ends with the session or the role. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { systemClock } from "../../src/clock.ts";
import { AppError } from "../../src/errors.ts";
import type { PersonRole } from "../../src/store/ports/people.ts";
import { hashOf } from "../../web/auth.ts";
import { createLive } from "../../web/events.ts";
import { GUILD } from "../support/build.ts";
import { converse, type Dashboard, fillWorld, openDashboard } from "../support/dashboard.ts";
import { hurriedClock } from "../support/hurried-clock.ts";

const STREAM = `/guilds/${GUILD}/live/stream`;

let dashboard: Dashboard;
beforeAll(async () => {
  // A minute is a second.
  dashboard = await openDashboard({ overrides: { clock: hurriedClock(60) } });
  await fillWorld(dashboard.services);
}, 60_000);
afterAll(() => dashboard.stop(), 30_000);

async function person(id: string, role: PersonRole) {
  const cookie = await dashboard.signIn({ id, name: id, operator: false });
  await dashboard.services.store.people.setRole(id, GUILD, role);
  return cookie;
}

/** Opens a stream and reads its first part. */
async function watch(path: string, cookie: string) {
  // The hurried clock hurries the deadline of requests too: a busy machine misses it now and then.
  let response = await dashboard.get(path, cookie);
  for (let again = 0; response.status === 503 && again < 20; again++) response = await dashboard.get(path, cookie);
  expect(response.status).toBe(200);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (reader === undefined) throw new Error("no stream");
  let text = "";
  while (!text.includes("data:")) text += (await reader.read()).value ?? "";
  return {
    /** Reads on until `wanted` came; leaves then. */
    async until(wanted: string) {
      let more = "";
      while (!more.includes(wanted)) {
        const { value, done } = await reader.read();
        if (done) throw new Error("the stream ended");
        more += value;
      }
      await reader.cancel();
    },
    /** What came until the end; it must end. */
    async ended() {
      let rest = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return rest;
        rest += value;
      }
    },
  };
}

test("a stream ends when its reader signs out", async () => {
  const cookie = await person("agent-out", "agent");
  const open = await watch(STREAM, cookie);
  const everywhere = await watch("/live/stream", cookie);
  await dashboard.post("/sign-out", {}, cookie);
  expect(await open.ended()).not.toContain("data:");
  expect(await everywhere.ended()).not.toContain("data:");
});

test("a stream ends when an admin takes the role away", async () => {
  const cookie = await person("300000000000000601", "agent");
  const admin = await person("chief", "admin");
  const open = await watch(STREAM, cookie);
  await dashboard.post(`/guilds/${GUILD}/team/300000000000000601/delete`, {}, admin);
  expect(await open.ended()).not.toContain("data:");
});

test("a stream ends by itself when a session or a role is gone and nobody says so", async () => {
  const cookies = [await person("agent-late", "agent"), await person("agent-gone", "agent")];
  const [late, gone] = [await watch(STREAM, cookies[0] ?? ""), await watch(STREAM, cookies[1] ?? "")];
  await dashboard.services.store.people.closeSession(hashOf((cookies[0] ?? "").replace("gatehouse-session=", "")));
  await dashboard.services.store.people.setRole("agent-gone", GUILD, null);
  expect(await late.ended()).not.toContain("data:");
  expect(await gone.ended()).not.toContain("data:");
});

test("a part that could not be read, and one whose news was lost, come by themselves", async () => {
  const cookie = await person("agent-patient", "agent");
  const { services } = dashboard;
  const { desk } = services.store;
  const { live } = desk;
  let failures = 2;
  // The hurried clock is ahead of the store's: whatever there is counts as live.
  const flaky: typeof live = async (guilds, _, max) => {
    if (failures-- > 0) throw new AppError("unavailable", "the store is away");
    return await live(guilds, 0, max);
  };
  Object.assign(desk, { live: flaky });
  try {
    const open = await watch(STREAM, cookie);
    expect(failures).toBeLessThan(0);
    await converse(services, { name: "Unheard", member: "300000000000000801", question: "is anybody there" });
    await open.until("is anybody there");
  } finally {
    Object.assign(desk, { live });
  }
});

test("no stream is counted before one is opened", () => {
  expect(createLive(systemClock).count()).toBe(0);
});
