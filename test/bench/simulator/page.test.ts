/** The page on which people watch the demo and write as members, in a real browser. */
import { expect, setDefaultTimeout } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { type Simulator, startSimulator } from "../../../bench/simulator/simulator.ts";
import { openBrowser } from "../../support/browser.ts";
import { needing } from "../../support/needing.ts";

setDefaultTimeout(60_000);

const browser: Browser | null = await openBrowser();
const { describe, test, beforeAll, afterAll } = needing(browser, "Chromium");
let simulator: Simulator;
let page: Page;
const complaints: string[] = [];

type Json = Readonly<Record<string, unknown>>;

async function control(path: string, body: Json): Promise<Json> {
  const response = await fetch(`${simulator.controlUrl}${path}`, { method: "POST", body: JSON.stringify(body) });
  return (await response.json()) as Json;
}

beforeAll(async () => {
  if (browser === null) return;
  simulator = startSimulator();
  const guild = await control("/guilds", { name: "Lumen", bots: [simulator.bots[0]?.applicationId] });
  const ada = await control("/users", { username: "ada", displayName: "Ada" });
  await control(`/guilds/${guild.id}/members`, { userId: ada.id });
  page = await browser.newPage();
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.goto(`${simulator.controlUrl}/page`);
  await page.getByLabel("Write as").selectOption({ label: "Ada" });
});

afterAll(async () => {
  await browser?.close();
  if (browser !== null) await simulator.stop();
});

async function say(text: string): Promise<void> {
  await page.getByLabel("Message").fill(text);
  await page.keyboard.press("Enter");
}

describe("in a browser", () => {
  test("shows what a member writes as Discord does, and a reply with what it replies to", async () => {
    await say("**bold** *leaning* `code` [docs](https://docs.example) @bot");
    const first = page.getByRole("article").filter({ hasText: "bold" });
    await first.locator("strong", { hasText: "bold" }).waitFor();
    expect(await first.locator("em").textContent()).toBe("leaning");
    expect(await first.locator("code").textContent()).toBe("code");
    expect(await first.getByRole("link", { name: "docs" }).getAttribute("href")).toBe("https://docs.example");
    expect(await first.locator(".mention").textContent()).toStartWith("@");

    await first.hover();
    await first.getByRole("button", { name: "Reply" }).click();
    await say("and this?");
    const reply = page.getByRole("article").filter({ hasText: "and this?" });
    expect(await reply.locator(".quote").textContent()).toContain("Ada: bold leaning code docs");
  });

  test("writes to the bot directly, apart from the server's channels", async () => {
    await page.getByRole("button", { name: "Direct message" }).click();
    await page.getByText("Nothing has been said here yet.").waitFor();
    await say("just between us");
    await page.getByRole("article").filter({ hasText: "just between us" }).waitFor();
    expect(await page.getByRole("article").count()).toBe(1);
    expect(complaints).toEqual([]);
  });

  test("says which commands there are to who tries another", async () => {
    await say("/nonsense");
    expect(await page.getByRole("alert").textContent()).toBe(
      "The commands are /ask QUESTION, /ask private QUESTION, /privacy and /forget.",
    );
  });
});
