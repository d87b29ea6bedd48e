/** The registry of pages: each has its place in the navigation, and a way for browsers that know only forms. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { PAGES } from "../../web/pages.ts";
import { GUILD } from "../support/build.ts";
import { type Dashboard, fillWorld, openDashboard } from "../support/dashboard.ts";

let dashboard: Dashboard;
let operator = "";

beforeAll(async () => {
  dashboard = await openDashboard();
  await fillWorld(dashboard.services);
  operator = await dashboard.signIn();
}, 60_000);
afterAll(() => dashboard.stop(), 30_000);

test("an entry of the navigation leads to a route with the same guard, and that page marks it as the current one", async () => {
  for (const { section, entry, words } of PAGES) {
    if (entry === null) continue;
    const route = dashboard.web.routes.find(({ method, path }) => method === "GET" && path === entry.path);
    expect([section, route?.guard]).toEqual([section, entry.guard]);
    const path = entry.path.replace(":guild", GUILD);
    const text = await (await dashboard.get(path, operator)).text();
    expect([section, text.includes(`<a href="${path}" aria-current="page">`)]).toEqual([section, true]);
    expect(text).toContain(Bun.escapeHTML(words.en.section));
  }
});

test("no two pages share a name", () => {
  const names = PAGES.map((page) => page.section);
  expect(names).toEqual([...new Set(names)]);
});

test("whatever htmx can PUT or DELETE, a plain form can POST", () => {
  const posts = new Set(dashboard.web.routes.filter(({ method }) => method === "POST").map(({ path }) => path));
  const forms = dashboard.web.routes.flatMap(({ method, path }) =>
    method === "PUT" ? [path] : method === "DELETE" ? [`${path}/delete`] : [],
  );
  expect(forms.length).toBeGreaterThan(0);
  expect(forms.filter((path) => !posts.has(path))).toEqual([]);
});

test("every link on a page of the navigation leads somewhere", async () => {
  const pages = PAGES.flatMap(({ entry }) => (entry === null ? [] : [entry.path.replace(":guild", GUILD)]));
  const linked = new Map<string, string>();
  for (const path of pages) {
    const text = await (await dashboard.get(path, operator)).text();
    for (const [, href = ""] of text.matchAll(/<a\b[^>]*? href="(\/[^"#]*)/g))
      linked.set(href.replaceAll("&amp;", "&"), path);
  }
  expect(linked.size).toBeGreaterThan(40);
  const lost: string[] = [];
  for (const [href, from] of linked) {
    const { status } = await dashboard.get(href, operator);
    if (status !== 200 && status !== 303) lost.push(`${from} → ${href}: ${status}`);
  }
  expect(lost).toEqual([]);
}, 60_000);
