/** The web chat in a real browser, on another site's page with a strict CSP. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { createAgents } from "../../src/agents.ts";
import type { GuildId, UserId } from "../../src/ids.ts";
import { saveText } from "../../src/knowledge.ts";
import { createMemory } from "../../src/memory.ts";
import { openBrowser } from "../support/browser.ts";
import { GUILD } from "../support/build.ts";
import { type Dashboard, openDashboard } from "../support/dashboard.ts";
import { needing } from "../support/needing.ts";

const guild = GUILD as GuildId;
let dashboard: Dashboard;
let site: ReturnType<typeof Bun.serve>;
let key = "";

beforeAll(async () => {
  dashboard = await openDashboard();
  const { store, bus, cutter } = dashboard.services;
  await store.guilds.join(guild, "500000000000000001" as never, "Lumen", null);
  const text = "Hold the hub's button for 3 seconds, then pull the tab out of the sensor to pair it.";
  await saveText(
    { guild, name: "Docs", text, url: "https://docs.example/pair" },
    { store: store.knowledge, bus, cutter },
  );
  site = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      const { pathname } = new URL(request.url);
      const used = pathname === "/elsewhere" ? "gh_nobody-has-this-key-0000000" : key;
      const markup = `<!doctype html><html lang="${pathname === "/tr" ? "tr" : "en"}"><title>Help</title><h1>Help</h1><script src="${dashboard.web.url}/widget.js" data-key="${used}" async></script></html>`;
      const policy = `default-src 'none'; script-src ${dashboard.web.url}; connect-src ${dashboard.web.url}`;
      return new Response(markup, { headers: { "content-type": "text/html", "content-security-policy": policy } });
    },
  });
  const operator = await dashboard.signIn();
  const origins = `http://127.0.0.1:${site.port}`;
  const made = await dashboard.post(`/guilds/${GUILD}/contact/keys`, { name: "Help page", origins }, operator);
  const shown = await made.text();
  key = /<code>(gh_[\w-]+)<\/code>/.exec(shown)?.[1] ?? "";
  expect(shown).toContain('<script src="/widget.js"');
}, 60_000);

afterAll(async () => {
  await site?.stop(true);
  await dashboard.stop();
}, 60_000);

test("the script is at most 15 kB compressed and needs nothing else", async () => {
  const script = await (await fetch(`${dashboard.web.url}/widget.js`)).text();
  expect(gzipSync(script).length).toBeLessThan(15 * 1024);
  expect(script).not.toMatch(/\bimport\b|innerHTML|eval\(/);
});

test("its key counts only from the page's own address, whatever else is sent", async () => {
  const ask = async (origin: string | null) => {
    const headers: Record<string, string> = origin === null ? {} : { origin };
    const body = JSON.stringify({ question: "How do I pair a sensor?" });
    const answer = await fetch(`${dashboard.web.url}/widget/v1/answers?key=${key}`, { method: "POST", headers, body });
    return answer.status;
  };
  expect(await ask(`http://127.0.0.1:${site.port}`)).toBe(200);
  expect(await ask("https://evil.example")).toBe(403);
  expect(await ask(null)).toBe(403);
  const asProgram = await fetch(`${dashboard.web.url}/api/v1/answers`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ question: "x" }),
  });
  expect(asProgram.status).toBe(403);
});

const browser: Browser | null = await openBrowser();

const inBrowser = needing(browser, "Chromium");

inBrowser.describe("in a browser", () => {
  const { test, afterAll } = inBrowser;
  afterAll(() => browser?.close());

  async function openPage(path = "/"): Promise<{ page: Page; problems: string[] }> {
    if (browser === null) throw new Error("no browser");
    const page = await (await browser.newContext()).newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    await page.goto(`http://127.0.0.1:${site.port}${path}`);
    return { page, problems };
  }

  test("answers with its source, goes on after a reload, and shows an agent's words", async () => {
    const { page, problems } = await openPage();
    await page.getByRole("button", { name: "Ask us" }).press("Enter");
    await page.getByLabel("Your question").fill("How do I pair a sensor with the hub button?");
    await page.getByLabel("Your question").press("Enter");
    await page.locator(".bot").getByText("3 seconds").waitFor();
    expect(await page.locator(".bot a").getAttribute("href")).toBe("https://docs.example/pair");

    await page.reload();
    await page.locator(".bot").getByText("3 seconds").waitFor();

    const { services } = dashboard;
    const agents = createAgents({ ...services, memory: createMemory(services.hot, services.logger) });
    const { items } = await services.store.conversations.list(guild, { text: "with the hub button" }, 1);
    const agent = { id: "400000000000000001" as UserId, name: "Zeynep" };
    await agents.say(guild, items[0]?.id ?? "", agent, { text: "<b>I am here.</b>", file: null, form: "1" });
    // It is text: what an agent writes makes no markup.
    await page.locator(".agent").getByText("<b>I am here.</b>").waitFor();
    await page.getByText("Somebody from the team is with you.").waitFor();

    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Ask us" }).waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  }, 60_000);

  test("speaks the page's language, and says when its key is refused", async () => {
    const turkish = await openPage("/tr");
    await turkish.page.getByRole("button", { name: "Bize sor" }).waitFor();
    await turkish.page.context().close();
    const refused = await openPage("/elsewhere");
    await refused.page.getByRole("button", { name: "Ask us" }).click();
    await refused.page.getByLabel("Your question").fill("Hello?");
    await refused.page.getByRole("button", { name: "Send" }).click();
    await refused.page.getByText("revoked or replaced").waitFor();
    await refused.page.context().close();
  }, 60_000);
});
