/**
 * What Discord, a crawler, a model or an admin says is text on every page: payloads go through every place that the dashboard
 * shows, in a real browser. Nothing may run, ask another host, open a dialog or become an element; names read as they were
 * written.
 */
import { expect, setDefaultTimeout } from "bun:test";
import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import type { ApplicationId, GuildId } from "../../src/ids.ts";
import { PAGES } from "../../web/pages.ts";
import { openBrowser } from "../support/browser.ts";
import { APPLICATION } from "../support/build.ts";
import { converse, type Dashboard, openDashboard } from "../support/dashboard.ts";
import { needing } from "../support/needing.ts";
import { shared } from "../support/shared.ts";

setDefaultTimeout(180_000);
const GUILD = "100000000000000009" as GuildId;
const BASE = `/guilds/${GUILD}`;
/** As many as a list shows; the browser tells what escaping does to each kind. */
const PAYLOADS = 24;

const browser: Browser | null = await openBrowser();
const { describe, test, beforeAll, afterAll } = needing(browser, "Chromium");
let dashboard: Dashboard;
let page: Page;
const complaints: string[] = [];
const conversations: string[] = [];
const cases: string[] = [];
const payloads = readPayloads();

function readPayloads(): readonly string[] {
  const own = [
    "<script>window.xss=1</script>",
    `"><img src=x onerror="window.xss=1">`,
    "'><svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    `<div hx-get="/sign-out" hx-trigger="load">x</div>`,
    `<a href="javascript:alert(1)">x</a>`,
    "[x](javascript:alert(1)) <javascript:alert(1)>",
    "data: <b>x</b>\n\nevent: hx:release",
    "```<script>alert(1)</script>```",
  ];
  const { file, there } = shared("security/xss.jsonl");
  if (!there) return own;
  const others = readFileSync(file, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { readonly payload: string }).payload);
  const every = Math.max(1, Math.floor(others.length / (PAYLOADS - own.length)));
  return [...own, ...others.filter((_, index) => index % every === 0)].slice(0, PAYLOADS);
}

beforeAll(async () => {
  if (browser === null) return;
  dashboard = await openDashboard();
  const { services } = dashboard;
  const { store } = services;
  await store.guilds.join(GUILD, APPLICATION as ApplicationId, payloads[1] ?? "", null);
  for (const [index, payload] of payloads.entries()) {
    const member = String(310_000_000_000_000_000n + BigInt(index));
    conversations.push(
      await converse(services, {
        ...{ guild: GUILD, name: payload.slice(0, 80), member, channel: payload.slice(0, 40) },
        ...{ question: payload, answer: payload, sources: [{ title: payload, url: payload }] },
      }),
    );
    const config = { text: payload, url: null };
    const kind = index % 2 === 0 ? "text" : "files";
    const { id } = await store.knowledge.saveSource(GUILD, { kind, name: payload.slice(0, 80), config });
    const failures = [{ what: payload, reason: payload }];
    await store.knowledge.setProgress(GUILD, id, index % 3 === 0 ? "failed" : "idle", { done: 1, total: 2, failures });
    await store.people.giveRole(GUILD, { person: member, name: payload.slice(0, 80), role: "agent" }, payload);
    const row = await store.guilds.get(GUILD);
    if (row !== null) {
      await store.guilds.change(
        GUILD,
        { ...row.settings, instructions: payload },
        payload.slice(0, 80),
        "instructions",
      );
    }
  }
  const made = await store.cases.plan(
    GUILD,
    payloads.map((payload, index) => ({
      ...{ key: `case-${index}`, channel: "200000000000000001", channelName: payload.slice(0, 40) },
      ...{ message: String(600_000_000_000_000_000n + BigInt(index)), author: "300000000000000098" },
      ...{ authorName: payload.slice(0, 80), atMs: services.clock.now(), evidence: payload },
      context: [{ author: payload, text: payload }],
      rule: { n: 1, text: payload },
      ...{ action: "warn", state: "review", problem: null, strike: null },
      verdict: {
        ...{ source: "model", signals: [{ name: "lure", saw: payload }], category: payload, severity: "low" },
        ...{ confidence: 0.9, reason: payload, model: null, costUsd: 0 },
      },
      plan: { acts: ["warn"], held: [{ action: "ban", why: payload }] },
    })) as never,
  );
  cases.push(...made.map((one) => one.case.id));
  const context = await browser.newContext({ locale: "en-US" });
  page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) complaints.push(message.text());
  });
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(dashboard.web.url)) complaints.push(`asked ${request.url()}`);
  });
  await page.goto(await dashboard.web.signInLink());
  await page.locator("form[action^='/sign-in/'] button").click();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await dashboard?.stop();
}, 30_000);

/** Opens a page, opens what is folded in it, and looks for what our own markup never has. */
async function harmless(path: string): Promise<void> {
  await page.goto(dashboard.web.url + path);
  const found = await page.evaluate(`(() => {
    for (const folded of document.querySelectorAll("details")) folded.open = true;
    const own = (element) => element.tagName === "SCRIPT" && element.src.startsWith(location.origin + "/assets/");
    return [...document.querySelectorAll("*")].flatMap((element) => [
      ...(["SCRIPT", "IFRAME", "OBJECT", "EMBED", "BASE", "IMG", "VIDEO", "AUDIO", "MATH", "MARQUEE", "STYLE"].includes(element.tagName) && !own(element) ? [element.outerHTML] : []),
      ...[...element.attributes].filter((a) => /^on/i.test(a.name) || (/^(href|src|action|formaction|xlink:href)$/i.test(a.name) && /^\\s*(javascript|data|vbscript):/i.test(a.value)) || (/^hx-(get|post|delete|put)$/.test(a.name) && a.value === "/sign-out")).map((a) => a.name + "=" + a.value),
    ]);
  })()`);
  expect([path, found]).toEqual([path, []]);
  expect(await page.evaluate("Object.keys(window).filter((key) => /xss|pwned/i.test(key))")).toEqual([]);
}

describe("in a browser", () => {
  test("every page of the navigation shows payloads as text", async () => {
    for (const { entry } of PAGES) {
      if (entry !== null) await harmless(entry.path.replace(":guild", GUILD));
    }
    expect(complaints).toEqual([]);
  });

  test("and so does every conversation and case, the settings' file, and a search for them", async () => {
    await harmless(`${BASE}/settings/file`);
    for (const id of conversations) await harmless(`${BASE}/conversations/${id}`);
    for (const id of cases) await harmless(`${BASE}/moderation/${id}`);
    for (const payload of payloads) await harmless(`${BASE}/search?q=${encodeURIComponent(payload.slice(0, 150))}`);
    expect(complaints).toEqual([]);
  });

  test("names and evidence read as they were written", async () => {
    const squeezed = (text: string) => text.replaceAll(/\s+/g, " ").trim();
    await page.goto(`${dashboard.web.url}${BASE}/conversations`);
    const names: string[] = await page.locator("td.cell-who a").allTextContents();
    const written = payloads.map((payload) => squeezed(payload.slice(0, 80)));
    expect(names.map(squeezed).filter((name) => !written.includes(name))).toEqual([]);
    expect(names.length).toBe(payloads.length);
    for (const [index, id] of cases.entries()) {
      await page.goto(`${dashboard.web.url}${BASE}/moderation/${id}`);
      const text = squeezed(String(await page.evaluate("document.querySelector('main').textContent")));
      expect([index, text.includes(squeezed(payloads[index] ?? ""))]).toEqual([index, true]);
    }
  });
});
