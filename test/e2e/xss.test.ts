/**
 * What Discord, a crawler, a model or an admin says is text on every page: payloads go through every place that the dashboard
 * shows, in a real browser. Nothing may run, ask another host, open a dialog or become an element; names read as they were
 * written.
 */
import { expect, setDefaultTimeout } from "bun:test";
import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { createAgents } from "../../src/agents.ts";
import { letterOf } from "../../src/escalation/letter.ts";
import type { ApplicationId, ChannelId, GuildId, UserId } from "../../src/ids.ts";
import { saveText } from "../../src/knowledge.ts";
import { createMemory } from "../../src/memory.ts";
import { scheduleSchema } from "../../src/proactive.ts";
import { html } from "../../web/html.ts";
import { PAGES } from "../../web/pages.ts";
import { messageText } from "../../web/parts/message-text.ts";
import { openBrowser } from "../support/browser.ts";
import { APPLICATION, CHANNEL } from "../support/build.ts";
import { converse, type Dashboard, openDashboard } from "../support/dashboard.ts";
import { needing } from "../support/needing.ts";
import { quiet } from "../support/postgres.ts";
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
const SCHEDULE = scheduleSchema.parse({ channel: CHANNEL, frequency: "daily", topics: ["x"] });
const complaints: string[] = [];
const conversations: string[] = [];
const cases: string[] = [];
const { some: payloads, all: allPayloads } = readPayloads();

/** All there are, and some for what is slow. */
function readPayloads(): { readonly some: readonly string[]; readonly all: readonly string[] } {
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
  if (!there) return { some: own, all: own };
  const others = readFileSync(file, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { readonly payload: string }).payload);
  const every = Math.max(1, Math.floor(others.length / (PAYLOADS - own.length)));
  const some = [...own, ...others.filter((_, index) => index % every === 0)].slice(0, PAYLOADS);
  return { some, all: [...own, ...others] };
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
      const rules = payloads.slice(0, index + 1).map((text, n) => ({
        ...{ n: n + 1, text: text.slice(0, 300), kind: null },
        ...{ action: "warn" as const, on: true },
      }));
      const { settings } = row;
      const moderation = { ...settings.moderation, on: true, rules };
      await store.guilds.change(
        GUILD,
        { ...settings, instructions: payload, moderation },
        payload.slice(0, 80),
        "rules",
      );
    }
    await said(payload, index, member);
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
  watch(page, [dashboard.web.url]);
  await page.goto(await dashboard.web.signInLink());
  await page.locator("form[action^='/sign-in/'] button").click();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await dashboard?.stop();
}, 60_000);

/** Complains of errors, dialogs, and requests to other addresses than these. */
function watch(page: Page, origins: readonly string[]): void {
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) complaints.push(message.text());
  });
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!origins.some((origin) => request.url().startsWith(origin))) complaints.push(`asked ${request.url()}`);
  });
}

/** One that no policy of ours guards. */
async function barePage(): Promise<Page> {
  const context = await (browser as Browser).newContext();
  const bare = await context.newPage();
  watch(bare, ["about:blank"]);
  return bare;
}

/** What the team, the operator and schedules say. */
async function said(payload: string, index: number, member: string): Promise<void> {
  const { store, clock } = dashboard.services;
  const conversation = conversations[index] ?? "";
  const byName = payload.slice(0, 80);
  await store.desk.note(GUILD, conversation, {
    kind: "note",
    by: { id: member, name: byName },
    text: payload,
  } as never);
  await store.desk.saveReply(GUILD, `${index}`.padStart(32, "0"), { title: byName, text: payload });
  await store.checks.add(GUILD, { question: payload, expected: payload, says: payload });
  await store.escalations.open(GUILD, conversation, { trigger: `t${index}`, reason: "asked" });
  const shown = { name: byName, hint: "gh_xss", scopes: ["answers"], origins: [], createdBy: byName } as const;
  await store.contact.makeKey(GUILD, { ...shown, secretHash: `hash ${index}` }, 100);
  const schedule = { ...SCHEDULE, topics: [payload.slice(0, 200)] };
  const made = await store.proactive.save(
    GUILD,
    { id: null, schedule, paused: false, nextAtMs: clock.now() + 1e9 },
    100,
  );
  const slot = { schedule: made?.id ?? "", slotMs: clock.now() - index * 60_000, channel: CHANNEL as ChannelId };
  await store.proactive.claim(GUILD, { ...slot, topic: payload.slice(0, 200), holder: "xss", ttlMs: 60_000 });
  const sources = [{ n: 1, title: payload, url: payload, passage: payload }];
  const draft = { text: payload, state: "draft" as const, sources };
  await store.proactive.write(GUILD, { schedule: slot.schedule, slotMs: slot.slotMs, holder: "xss" }, draft);
  const outcome = {
    kind: "silent",
    reason: payload,
    ms: 1,
    model: payload,
    tokensIn: 0,
    tokensOut: 0,
    costUsd: 0,
  } as const;
  const silence = {
    trigger: `why-${index}`,
    conversation: null,
    channel: CHANNEL as ChannelId,
    turns: [],
    usage: null,
  };
  await store.conversations.record(GUILD, { ...silence, outcome, why: payload } as never);
}

/** Opens a page, opens what is folded in it, and looks for what our own markup never has. */
async function harmless(path: string): Promise<void> {
  await page.goto(dashboard.web.url + path);
  expect([path, await foreignIn(page)]).toEqual([path, []]);
  expect(await page.evaluate("Object.keys(window).filter((key) => /xss|pwned/i.test(key))")).toEqual([]);
}

function foreignIn(page: Page): Promise<unknown> {
  return page.evaluate(`(() => {
    for (const folded of document.querySelectorAll("details")) folded.open = true;
    const own = (element) => element.tagName === "SCRIPT" && element.src.startsWith(location.origin + "/assets/");
    return [...document.querySelectorAll("*")].flatMap((element) => [
      ...(["SCRIPT", "IFRAME", "OBJECT", "EMBED", "BASE", "IMG", "VIDEO", "AUDIO", "MATH", "MARQUEE", "STYLE"].includes(element.tagName) && !own(element) ? [element.outerHTML] : []),
      ...[...element.attributes].filter((a) => /^on/i.test(a.name) || (/^(href|src|action|formaction|xlink:href)$/i.test(a.name) && /^\\s*(javascript|data|vbscript):/i.test(a.value)) || (/^hx-(get|post|delete|put)$/.test(a.name) && a.value === "/sign-out")).map((a) => a.name + "=" + a.value),
    ]);
  })()`);
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

  test("and so does what stands behind the navigation: notes, topics, rules, keys, silences, what changed", async () => {
    for (const path of [
      "proactive",
      "moderation/rules",
      "contact",
      "decisions?kind=any",
      "audit",
      "questions",
      "setup",
    ])
      await harmless(`${BASE}/${path}`);
    for (const id of conversations.slice(0, 12)) await harmless(`${BASE}/live/${id}`);
    await harmless(`${BASE}/live/settings`);
    const shown = async (path: string) => {
      await page.goto(`${dashboard.web.url}${BASE}/${path}`);
      return String(
        await page.evaluate(
          "document.body.textContent + [...document.querySelectorAll('input,textarea')].map((one) => one.value).join(' ')",
        ),
      );
    };
    for (const path of ["proactive", "moderation/rules", "contact"]) {
      const text = await shown(path);
      const missing = payloads
        .slice(0, 10)
        .filter((payload) => !text.includes(payload.slice(0, 80).split("\n")[0] ?? ""));
      expect([path, missing]).toEqual([path, []]);
    }
    expect(complaints).toEqual([]);
  });

  test("a letter to the team shows them as text", async () => {
    const mailbox = await barePage();
    for (const payload of payloads) {
      const at = { atMs: 1, message: null, sources: [], outcome: null, feedback: null, id: "1" };
      const escalation = { id: "1", memberName: payload, channelName: payload, summary: payload, reason: "asked" };
      const turns = [{ ...at, role: "member" as const, author: payload, text: payload }];
      const about = { escalation: escalation as never, turns, guildName: payload, link: dashboard.web.url };
      const { html } = letterOf({ ...about, language: "en" }, ["team@lumen.example"], null);
      await mailbox.setContent(html);
      expect([payload, await foreignIn(mailbox)]).toEqual([payload, []]);
      const text = String(await mailbox.evaluate("document.querySelector('dd:last-of-type').textContent"));
      expect(text).toBe(payload);
    }
    expect(complaints).toEqual([]);
    await mailbox.context().close();
  });

  test("every payload that is known reads as it was written, in a text and in an attribute", async () => {
    const nameOf = () => "somebody";
    const rows = allPayloads.map(
      (text) => html`<p title="${text}">${text}</p><div>${messageText(text, { nameOf, links: true })}</div>`,
    );
    const bare = await barePage();
    await bare.setContent(`<!doctype html><main>${html`${rows}`.toString()}</main>`);
    expect(await foreignIn(bare)).toEqual([]);
    // A browser reads every end of a line as one sign, and no NUL.
    const read = (text: string) => text.replaceAll(/\r\n?/g, "\n").replaceAll("\0", "\uFFFD").replaceAll("\uFFFD", "");
    const texts = (await bare.evaluate(
      "[...document.querySelectorAll('main > p')].map((p) => [p.textContent, p.title])",
    )) as [string, string][];
    const wrong = allPayloads.filter((text, n) => texts[n]?.some((one) => read(one) !== read(text)) !== false);
    expect([allPayloads.length === texts.length, wrong]).toEqual([true, []]);
    expect(complaints).toEqual([]);
    await bare.context().close();
  });

  test("the chat on another site shows an answer's titles and an agent's words as text", async () => {
    const { store, bus, cutter } = dashboard.services;
    const guild = "100000000000000010" as GuildId;
    await store.guilds.join(guild, APPLICATION as ApplicationId, payloads[1] ?? "", null);
    const title = (payloads[1] ?? "").slice(0, 80);
    const text = "Hold the hub's button for 3 seconds, then pull the tab out of the sensor to pair it.";
    await saveText(
      { guild, name: title, text, url: "https://docs.example/pair" },
      { store: store.knowledge, bus, cutter },
    );
    let key = "";
    const site = Bun.serve({
      ...{ hostname: "127.0.0.1", port: 0 },
      fetch: () =>
        new Response(
          `<!doctype html><title>x</title><script src="${dashboard.web.url}/widget.js" data-key="${key}" async></script>`,
          {
            headers: { "content-type": "text/html" },
          },
        ),
    });
    try {
      const origins = `http://127.0.0.1:${site.port}`;
      const made = await dashboard.post(
        `/guilds/${guild}/contact/keys`,
        { name: "Help", origins },
        await dashboard.signIn(),
      );
      key = /<code>(gh_[\w-]+)<\/code>/.exec(await made.text())?.[1] ?? "";
      const context = await (browser as Browser).newContext({ locale: "en-US" });
      const chat = await context.newPage();
      watch(chat, [dashboard.web.url, origins]);
      await chat.goto(origins);
      await chat.getByRole("button", { name: "Ask us" }).click();
      await chat.getByLabel("Your question").fill("How do I pair a sensor with the hub?");
      await chat.getByRole("button", { name: "Send" }).click();
      await chat.locator(".bot a", { hasText: title }).waitFor();
      const agents = createAgents({ ...dashboard.services, memory: createMemory(dashboard.services.hot, quiet) });
      const { items } = await store.conversations.list(guild, {}, 1);
      const agent = { id: "400000000000000001" as UserId, name: title };
      for (const [n, payload] of payloads.slice(0, 5).entries()) {
        await agents.say(guild, items[0]?.id ?? "", agent, { text: payload, file: null, form: String(n) });
        await chat
          .locator(".agent", { hasText: payload.split("\n")[0] ?? "" })
          .first()
          .waitFor();
      }
      expect(complaints).toEqual([]);
      await context.close();
    } finally {
      await site.stop(true);
    }
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
