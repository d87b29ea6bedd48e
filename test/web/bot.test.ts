/** A bot of one's own in the dashboard: checked, asked about, kept, tested, removed; its token is on no page. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { systemClock } from "../../src/clock.ts";
import { createRecording } from "../../src/discord/recording.ts";
import { AppError } from "../../src/errors.ts";
import { BOT, GUILD } from "../support/build.ts";
import { type Dashboard, fillWorld, OTHER_GUILD, openDashboard } from "../support/dashboard.ts";

setDefaultTimeout(60_000);
const BASE = `/guilds/${GUILD}/bot`;
const TOKEN = "NTAwMDAwMDAwMDAwMDAwMDAy.GhIjKl.canary-token-that-no-page-may-show-0123";
const APPLICATION = "500000000000000002";
const KEY = generateKeyPairSync("ed25519")
  .publicKey.export({ format: "der", type: "spki" })
  .subarray(-32)
  .toString("hex");
let dashboard: Dashboard;
let cookie = "";
const seen: string[] = [];

beforeAll(async () => {
  dashboard = await openDashboard({
    discordBy(application, token) {
      const discord = createRecording(application, BOT, systemClock);
      const about = async () => {
        if (token !== TOKEN) throw new AppError("unauthorized", "401");
        const intents = { messageContentIntent: false, guildMembersIntent: true, interactionsEndpointUrl: null };
        return { id: application, name: "Lumi <b>", publicKey: KEY, ...intents };
      };
      return { ...discord, directory: { ...discord.directory, about }, close() {} };
    },
  });
  await fillWorld(dashboard.services);
  cookie = await dashboard.signIn({ id: "300000000000000042", name: "Admin", operator: false });
  for (const guild of [GUILD, OTHER_GUILD]) {
    await dashboard.services.store.people.setRole("300000000000000042", guild, "admin");
  }
});
afterAll(() => dashboard.stop());

async function post(path: string, fields: Readonly<Record<string, string>>) {
  const response = await dashboard.post(path, fields, cookie);
  const text = await response.text();
  seen.push(text, JSON.stringify([...response.headers]));
  return { status: response.status, text };
}
const hidden = (text: string) =>
  Object.fromEntries(
    [...text.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );

test("a bot is looked up, asked about, kept and used by the endpoint; then removed", async () => {
  const form = { application: APPLICATION, publicKey: KEY, token: TOKEN };
  const question = await post(`${BASE}/check`, form);
  expect(question.text).toContain("Is this it?");
  expect(question.text).toContain("Lumi &lt;b&gt;");
  expect(question.text).toContain("Message Content Intent is off");
  expect(await dashboard.services.store.bots.ofGuild(GUILD)).toBeNull();

  const fields = { ...hidden(question.text), name: "Lumi <b>" } as Record<string, string>;
  expect((await post(`/guilds/${OTHER_GUILD}/bot`, fields)).status).toBe(422);
  expect((await post(BASE, fields)).status).toBe(303);
  const page = await (await dashboard.get(`${BASE}?saved=1`, cookie)).text();
  seen.push(page);
  expect(page).toContain(`${dashboard.web.url}/discord/webhook/${APPLICATION}`);
  expect((await dashboard.services.store.bots.ofGuild(GUILD))?.tokenSealed).toStartWith("v1.");

  expect((await post(`${BASE}/self-test`, {})).text.match(/finding-ok/g)).toHaveLength(2);
  expect((await post(`/guilds/${OTHER_GUILD}/bot/check`, form)).text).toContain("used by another server");
  expect((await post(`${BASE}/delete`, {})).status).toBe(303);
  expect(await dashboard.services.store.bots.ofGuild(GUILD)).toBeNull();
});

test("a refused token says what to do, and keeps what else was typed", async () => {
  const wrong = await post(`${BASE}/check`, { application: APPLICATION, publicKey: KEY, token: `${TOKEN}x` });
  expect([wrong.status, wrong.text.includes("Discord refuses this token")]).toEqual([422, true]);
  expect(wrong.text).toContain(`value="${APPLICATION}"`);
});

test("no answer held a token", () => {
  expect(seen.length).toBeGreaterThan(8);
  expect(seen.filter((text) => text.includes("canary-token"))).toEqual([]);
});
