/** The list of servers: a page at a time, found by name or id, and for each person only theirs. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { GuildId } from "../../src/ids.ts";
import { APPLICATION } from "../support/build.ts";
import { type Dashboard, openDashboard } from "../support/dashboard.ts";

const MANY = 130;
let dashboard: Dashboard;
let operator = "";

const idOf = (n: number) => String(200_000_000_000_000_000n + BigInt(n)) as GuildId;
const nameOf = (n: number) => `Server ${String(n).padStart(3, "0")}`;

beforeAll(async () => {
  dashboard = await openDashboard();
  const { guilds } = dashboard.services.store;
  for (let n = 0; n < MANY; n++) await guilds.join(idOf(n), APPLICATION, nameOf(n), null);
  operator = await dashboard.signIn();
});
afterAll(() => dashboard.stop());

const shown = (page: string) => [...page.matchAll(/card-title stretch" href="[^"]+">([^<]+)</g)].map((m) => m[1] ?? "");
const page = async (path: string, cookie = operator) => (await dashboard.get(path, cookie)).text();

test("more than a page holds is turned over, each server once", async () => {
  const seen: string[] = [];
  let path: string | undefined = "/guilds";
  while (path !== undefined) {
    const markup = await page(path);
    seen.push(...shown(markup));
    path = /rel="next" href="([^"]+)"/.exec(markup)?.[1]?.replaceAll("&amp;", "&");
  }
  expect(seen).toEqual(Array.from({ length: MANY }, (_, n) => nameOf(n)));
});

test("a server opens with its overview", async () => {
  expect(await page("/guilds")).toContain(`card-title stretch" href="/guilds/${idOf(0)}">`);
});

test("a server is found by a part of its name, and by its id", async () => {
  expect(shown(await page("/guilds?q=vER+07"))).toEqual(Array.from({ length: 10 }, (_, n) => nameOf(70 + n)));
  expect(shown(await page(`/guilds?q=${idOf(99)}`))).toEqual([nameOf(99)]);
  expect(await page("/guilds?q=%25")).toContain("No server has that name");
});

test("who has no role anywhere sees none, and who has one sees that one", async () => {
  const person = { id: "300000000000000777", name: "Mira", operator: false };
  const mira = await dashboard.signIn(person);
  expect(await page("/guilds", mira)).toContain("No servers yet");
  await dashboard.services.store.people.setRole(person.id, idOf(5), "viewer");
  expect(shown(await page("/guilds?q=server", mira))).toEqual([nameOf(5)]);
});
