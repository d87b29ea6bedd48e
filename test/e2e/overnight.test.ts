/**
 * A live page that is left open: thousands of changes later it has no more nodes, listeners or memory than after the first
 * hundreds, and the server holds one stream for it.
 */
import { expect, setDefaultTimeout } from "bun:test";
import type { Browser, Page } from "playwright-core";
import type { LiveRow } from "../../src/store/ports/desk.ts";
import { openBrowser } from "../support/browser.ts";
import { GUILD } from "../support/build.ts";
import { converse, type Dashboard, fillWorld, openDashboard } from "../support/dashboard.ts";
import { needing } from "../support/needing.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(120_000);

/** Of what the browser holds; a tenth comes and goes with its own caches. */
const SLACK = 1.1;
const HEAP_BYTES_MORE_MAX = 2 * 1024 * 1024;
/** A part is sent at most every 250 ms: news in between is one part. */
const PARTS = 20;
const NEWS_A_PART = 50;

const browser: Browser | null = await openBrowser();
const { test, beforeAll, afterAll } = needing(browser, "Chromium");
let dashboard: Dashboard;
let talk = "";

beforeAll(async () => {
  dashboard = await openDashboard();
  await fillWorld(dashboard.services);
  talk = await converse(dashboard.services, { name: "Ada", question: "is anybody there" });
});
afterAll(async () => {
  await browser?.close();
  await dashboard.stop();
});

async function openPage(): Promise<Page> {
  if (browser === null) throw new Error("no browser");
  const context = await browser.newContext();
  const [name = "", value = ""] = (await dashboard.signIn()).split("=");
  await context.addCookies([{ name, value, url: dashboard.web.url }]);
  return await context.newPage();
}

test("a page that is left open does not grow, nor does what the server holds for it", async () => {
  const page = await openPage();
  const { bus, store } = dashboard.services;
  const { desk } = store;
  const { live } = desk;
  let told = "";
  // Each part differs from the one before, in every row.
  const changing: typeof live = async (...asked) =>
    (await live(...asked)).map((row): LiveRow => ({ ...row, memberText: `${told} ${row.memberText}` }));
  Object.assign(desk, { live: changing });
  // Whatever the server holds for a page hears news, and leaves when the page does.
  const { subscribe } = bus;
  let hearing = 0;
  const counted: typeof subscribe = (listener) => {
    const leave = subscribe(listener);
    hearing++;
    return () => {
      hearing--;
      leave();
    };
  };
  Object.assign(bus, { subscribe: counted });
  await page.goto(`${dashboard.web.url}/guilds/${GUILD}/live`);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");

  async function tell(name: string): Promise<void> {
    for (let part = 0; part < PARTS; part++) {
      told = `${name}-${part}.`;
      for (let news = 0; news < NEWS_A_PART; news++) {
        await bus.publish({ type: "conversation-changed", guild: GUILD, conversation: talk });
      }
      await page.getByText(told).first().waitFor();
    }
  }
  async function weight() {
    await devtools.send("HeapProfiler.collectGarbage");
    const { metrics } = await devtools.send("Performance.getMetrics");
    const of = (wanted: string) => metrics.find((one) => one.name === wanted)?.value ?? 0;
    return { nodes: of("Nodes"), listeners: of("JSEventListeners"), heapBytes: of("JSHeapUsedSize") };
  }

  try {
    await tell("early");
    const early = await weight();
    await tell("late");
    const late = await weight();
    expect(early.nodes).toBeGreaterThan(50);
    expect(late.nodes).toBeLessThanOrEqual(early.nodes * SLACK);
    expect(late.listeners).toBeLessThanOrEqual(early.listeners * SLACK);
    expect(late.heapBytes).toBeLessThanOrEqual(early.heapBytes + HEAP_BYTES_MORE_MAX);
    expect(hearing).toBe(1);
    await page.context().close();
    await until(() => (hearing === 0 ? true : undefined));
  } finally {
    Object.assign(desk, { live });
    Object.assign(bus, { subscribe });
  }
});
