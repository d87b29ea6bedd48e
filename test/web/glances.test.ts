/** Pages that show what Discord says: however often and by how many they are opened, Discord is asked once. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { systemClock } from "../../src/clock.ts";
import { createRecording } from "../../src/discord/recording.ts";
import type { Discord } from "../../src/discord.ts";
import { APPLICATION, BOT, GUILD } from "../support/build.ts";
import { type Dashboard, fillWorld, openDashboard } from "../support/dashboard.ts";

const asked: string[] = [];
let dashboard: Dashboard;
let cookie: string;

/** Every read is written down by its name and arguments. */
function listening<T extends object>(part: T, name: string): T {
  return Object.fromEntries(
    Object.entries(part).map(([method, run]) => [
      method,
      (...given: unknown[]) => {
        asked.push(`${name}.${method} ${given.join(" ")}`);
        return run(...given);
      },
    ]),
  ) as T;
}

beforeAll(async () => {
  const recording = createRecording(APPLICATION, BOT, systemClock);
  const discord: Discord = {
    ...recording,
    directory: listening(recording.directory, "directory"),
    members: listening(recording.members, "members"),
    messages: listening(recording.messages, "messages"),
  };
  dashboard = await openDashboard({ overrides: { discord: () => discord } });
  await fillWorld(dashboard.services);
  cookie = await dashboard.signIn();
}, 60_000);
afterAll(() => dashboard.stop(), 30_000);

test("settings, decisions, rules, the record, schedules, the overview and the doctor ask Discord once, opened 70 times", async () => {
  const base = `/guilds/${GUILD}`;
  const pages = ["", "/settings", "/decisions", "/moderation/rules", "/audit", "/proactive", "/doctor/findings"];
  const opened = Array.from({ length: 10 }, () => pages.map((page) => dashboard.get(`${base}${page}`, cookie)));
  for (const response of await Promise.all(opened.flat())) expect(response.status).toBe(200);
  expect(asked.length).toBeGreaterThan(3);
  expect(asked.toSorted()).toEqual([...new Set(asked)].toSorted());
  const page = await (await dashboard.get(`${base}/doctor/findings`, cookie)).text();
  expect(page).toContain(`href="${base}/doctor/findings?again=1"`);
});
