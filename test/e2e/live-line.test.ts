/**
 * The line of a live page, in a real browser: a first connection that is refused or fails, a line that is cut while it is open. The page
 * says so, comes back by itself without being loaded again, and shows what was missed.
 */
import { expect, setDefaultTimeout } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { type FaultProxy, startFaultProxy } from "../../bench/simulator/fault-proxy.ts";
import { openBrowser } from "../support/browser.ts";
import { GUILD } from "../support/build.ts";
import { converse, type Dashboard, fillWorld, openDashboard } from "../support/dashboard.ts";
import { needing } from "../support/needing.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(60_000);

const STREAM = `/guilds/${GUILD}/live/stream`;
const STREAMS_A_PERSON = 20;

const browser: Browser | null = await openBrowser();
const { test, beforeAll, afterAll } = needing(browser, "Chromium");
let dashboard: Dashboard;
let proxy: FaultProxy;
let cookie = "";

beforeAll(async () => {
  dashboard = await openDashboard();
  await fillWorld(dashboard.services);
  cookie = await dashboard.signIn();
  proxy = await startFaultProxy({ target: { host: "127.0.0.1", port: dashboard.web.port } });
});
afterAll(async () => {
  await browser?.close();
  await proxy.stop();
  await dashboard.stop();
});

/** A page that counts how often it was loaded. */
async function openPage(language = "en"): Promise<{ readonly page: Page; readonly loads: () => number }> {
  if (browser === null) throw new Error("no browser");
  const context = await browser.newContext();
  const url = proxy.urlFor(dashboard.web.url);
  const [name = "", value = ""] = cookie.split("=");
  await context.addCookies([
    { name, value, url },
    { name: "gatehouse-language", value: language, url },
  ]);
  const page = await context.newPage();
  let loads = 0;
  page.on("load", () => loads++);
  return { page, loads: () => loads };
}
const livePage = () => `${proxy.urlFor(dashboard.web.url)}/guilds/${GUILD}/live`;
const cutOff = (page: Page) => page.locator("#cut-off");
let members = 0;
async function speaks(name: string): Promise<void> {
  await converse(dashboard.services, { name, member: `30000000000000020${members++}`, question: "is anybody there" });
}
const row = (page: Page, name: string) => page.locator("li", { hasText: name });

test("a first connection that the server refuses for now is tried again, and the page says so meanwhile", async () => {
  // Somebody's share of streams is taken: 503, until one of them ends. They end with this test, or none after it gets a stream.
  const others = await Promise.all(Array.from({ length: STREAMS_A_PERSON }, () => dashboard.get(STREAM, cookie)));
  const end = () => Promise.all(others.map(({ body }) => body?.cancel()));
  try {
    expect(others.map(({ status }) => status)).toEqual(others.map(() => 200));
    const { page, loads } = await openPage();
    // However late the page's scripts come, and in whatever order.
    let late = 0;
    await page.route("**/assets/*.js", async (route) => {
      await Bun.sleep(500 * late++);
      await route.continue();
    });
    const refused = page.waitForResponse((response) => response.url().endsWith("/stream"));
    await page.goto(livePage());
    expect((await refused).status()).toBe(503);
    await cutOff(page).getByText("Live updates are cut off").waitFor();
    expect(await page.locator(".toast.shown").count()).toBe(0);
    await speaks("Refused Rita");
    await end();
    await row(page, "Refused Rita").waitFor();
    await cutOff(page).waitFor({ state: "hidden" });
    // And it is live from then on.
    await speaks("Second Sam");
    await row(page, "Second Sam").waitFor();
    expect(loads()).toBe(1);
    await page.context().close();
  } finally {
    await end();
  }
});

test("a first connection that the network loses is tried again, later each time", async () => {
  const { page, loads } = await openPage("tr");
  const triedAtMs: number[] = [];
  // Until it was seen that the page says so, however slow the machine is.
  let loses = true;
  await page.route(`**${STREAM}`, async (route) => {
    triedAtMs.push(performance.now());
    if (loses) await route.abort("connectionreset");
    else await route.continue();
  });
  await page.goto(livePage());
  await cutOff(page).getByText("Canlı bağlantı koptu").waitFor();
  await until(() => triedAtMs.length > 3, 20_000);
  loses = false;
  await speaks("Lost Lena");
  await row(page, "Lost Lena").waitFor();
  await cutOff(page).waitFor({ state: "hidden" });
  const [first = 0, second = 0, third = 0, fourth = 0] = triedAtMs;
  expect(fourth - third).toBeGreaterThan(second - first);
  expect(loads()).toBe(1);
  await page.context().close();
});

test("a line that is cut while it is open comes back with what was missed", async () => {
  const { page, loads } = await openPage();
  await page.goto(livePage());
  await speaks("Before Bea");
  await row(page, "Before Bea").waitFor();
  await proxy.set({ kind: "reset", connections: "both" });
  await cutOff(page).getByText("Live updates are cut off").waitFor();
  await speaks("Missed Mia");
  expect(await row(page, "Missed Mia").count()).toBe(0);
  await proxy.clear();
  await row(page, "Missed Mia").waitFor();
  await cutOff(page).waitFor({ state: "hidden" });
  expect(loads()).toBe(1);
  await page.context().close();
});

test("whose session ended while the line was cut is led to sign in, and asks no further", async () => {
  const { page } = await openPage();
  await page.goto(livePage());
  await speaks("Leaving Leo");
  await row(page, "Leaving Leo").waitFor();
  const others = cookie;
  await dashboard.post("/sign-out", {}, others);
  await page.waitForURL(/\/sign-in/);
  await page.context().close();
});

test("a page without the net says so for as long as that lasts, in its language", async () => {
  const { page } = await openPage("tr");
  await page.goto(`${proxy.urlFor(dashboard.web.url)}/guilds/${GUILD}`);
  await page.context().setOffline(true);
  const told = page.locator("#toast.shown");
  await told.waitFor();
  expect(await told.textContent()).toStartWith("Çevrimdışısın.");
  await page.context().setOffline(false);
  await told.waitFor({ state: "detached" });
  await page.context().close();
});
