/**
 * The dashboard in a real browser, over real stores: the way from the one-time link to a transcript, without one console
 * error or CSP violation; in the dark, on a phone, in Turkish, without JavaScript; and what members write stays text.
 */
import { expect, setDefaultTimeout } from "bun:test";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { openBrowser } from "../support/browser.ts";
import { GUILD } from "../support/build.ts";
import { converse, type Dashboard, fillWorld, openDashboard } from "../support/dashboard.ts";
import { temporaryFolder } from "../support/folder.ts";
import { needing } from "../support/needing.ts";
import { shared } from "../support/shared.ts";

setDefaultTimeout(60_000);

const LIST = `/guilds/${GUILD}/conversations`;
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

const browser: Browser | null = await openBrowser();
const { describe, test, beforeAll, afterAll } = needing(browser, "Chromium");
let dashboard: Dashboard;
let conversations: readonly string[] = [];

beforeAll(async () => {
  if (browser === null) return;
  dashboard = await openDashboard();
  ({ conversations } = await fillWorld(dashboard.services));
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await dashboard?.stop();
}, 60_000);

/** A new browser profile. */
function open(options: BrowserContextOptions = {}): Promise<BrowserContext> {
  if (browser === null) throw new Error("no browser");
  return browser.newContext(options);
}

/** One that is signed in by a link; everything it complains about is collected. */
async function visit(
  options: BrowserContextOptions = {},
): Promise<{ page: Page; complaints: string[]; close(): Promise<void> }> {
  const context = await open({ locale: "en-US", ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(dashboard.web.url)) complaints.push(`asked ${request.url()}`);
  });
  await page.goto(await dashboard.web.signInLink());
  await page.locator("form[action^='/sign-in/'] button").click();
  return { page, complaints, close: () => context.close() };
}

/** Controls without a name for those who cannot see them. */
async function unnamed(page: Page): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll("button, a, input:not([type=hidden]), select, textarea")]
    .filter((element) => !(element.textContent.trim() || element.ariaLabel || element.labels?.length))
    .map((element) => element.outerHTML)`);
}

/** What axe finds on the page as it stands, everything that can be opened open: `color-contrast: <span …>`. */
async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
  await page.evaluate(axe.source);
  const options = JSON.stringify({ resultTypes: ["violations"], ...(rules && { runOnly: rules }) });
  return page.evaluate(`axe.run(document, ${options}).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html.slice(0, 200))))`);
}

/** How many pixels stick out of the window, or a list out of what holds it; with moments as long as they get. */
async function overflow(page: Page): Promise<number> {
  return page.evaluate(`(() => {
    for (const time of document.querySelectorAll("main time")) time.textContent = "59 minutes ago";
    const root = document.documentElement;
    const lists = [...document.querySelectorAll("table.list")].map(
      (list) => list.getBoundingClientRect().right - list.parentElement.getBoundingClientRect().right,
    );
    return Math.max(root.scrollWidth - root.clientWidth, ...lists.map(Math.round));
  })()`);
}

describe("in a browser", () => {
  describe("the first rooms", () => {
    test("lead from the link over the servers and the list to a transcript with its sources", async () => {
      const { page, complaints, close } = await visit();
      expect(new URL(page.url()).pathname).toBe("/guilds");
      await page.getByRole("link", { name: "Lumen Community" }).click();
      await page.getByRole("link", { name: "Ada" }).click();
      await page.getByRole("heading", { level: 1, name: "Ada" }).waitFor();
      expect(await page.getByRole("link", { name: "Pair sensors" }).getAttribute("href")).toBe(
        "https://docs.example/pair",
      );
      const answer = page.locator(".turn-bot");
      for (const seen of ["842 ms", "openai/gpt-oss-120b", "1,240 → 96 tokens", "Answered"]) {
        expect(await answer.textContent()).toContain(seen);
      }
      expect(await page.locator("pre").textContent()).toContain("lumen pair --window 120");
      expect(complaints).toEqual([]);
      await close();
    });

    test("hold no part in which axe finds a fault, in light or dark", async () => {
      const { page, close } = await visit();
      // Between them they hold every part that pages share: filters, charts, tables, differences, forms, code.
      const paths = [
        ...["", "/setup", "/audit", "/usage", "/questions", "/moderation", "/moderation/rules"],
        ...["/search?q=zigbee", "/search?q=nothingatall", "/conversations?q=zigbee", "/conversations?q=nothingatall"],
        ...["/moderation?text=nothingatall", `/conversations/${conversations[0]}`, "/nothing-here"],
      ];
      const faults: string[] = [];
      for (const path of [LIST, ...paths.map((path) => `/guilds/${GUILD}${path}`)]) {
        await page.emulateMedia({ colorScheme: "light" });
        await page.goto(dashboard.web.url + path);
        faults.push(...(await violations(page)).map((fault) => `${path}: ${fault}`));
        // The other theme changes colours alone.
        await page.emulateMedia({ colorScheme: "dark" });
        faults.push(...(await violations(page, ["color-contrast"])).map((fault) => `${path}, dark: ${fault}`));
      }
      expect(faults).toEqual([]);
      await close();
    }, 180_000);

    test("open once by a link, and never again", async () => {
      const link = await dashboard.web.signInLink();
      const first = await open();
      const second = await open();
      const one = await first.newPage();
      const press = "form[action^='/sign-in/'] button";
      await one.goto(link);
      await one.locator(press).click();
      expect(new URL(one.url()).pathname).toBe("/guilds");
      const two = await second.newPage();
      await two.goto(link);
      await two.locator(press).click();
      expect(await two.getByRole("alert").textContent()).toContain("has been used");
      await two.goto(dashboard.web.url + LIST);
      expect(new URL(two.url()).pathname).toBe("/sign-in");
      await Promise.all([first.close(), second.close()]);
    });

    test("narrow down while one types, and say so when nothing is left", async () => {
      const { page, complaints, close } = await visit();
      await page.goto(dashboard.web.url + LIST);
      expect(await page.locator("tbody tr").count()).toBe(5);
      await page.getByRole("main").getByRole("searchbox").pressSequentially("zigbee");
      await page.locator("tbody tr").nth(1).waitFor({ state: "detached" });
      expect(await page.locator("tbody tr").textContent()).toContain("marcus");
      await page.getByRole("main").getByRole("searchbox").fill("nobody said this");
      await page.getByRole("heading", { name: "Nothing matches" }).waitFor();
      await page.getByRole("main").getByRole("searchbox").fill("");
      await page.getByLabel("State").selectOption("agent");
      await page.getByRole("link", { name: "Priya" }).waitFor();
      expect(complaints).toEqual([]);
      await close();
    });

    test("show a new conversation without a reload, and a new turn in an open transcript", async () => {
      const { page, complaints, close } = await visit();
      await page.goto(dashboard.web.url + LIST);
      const streaming = page.waitForResponse((response) => response.url().includes("/live"));
      await streaming;
      const id = await converse(dashboard.services, {
        name: "Newcomer",
        member: "300000000000000099",
        question: "is it live?",
      });
      await page.locator("tbody tr").first().getByText("Newcomer").waitFor();

      const transcript = page.waitForResponse((response) => response.url().includes(`${id}/live`));
      await page.getByRole("link", { name: "Newcomer" }).click();
      await transcript;
      await converse(dashboard.services, {
        name: "Newcomer",
        member: "300000000000000099",
        question: "and this?",
        answer: "It is, to the second.",
      });
      await page.getByText("It is, to the second.").waitFor();
      expect(await page.locator(".turn").count()).toBe(3);
      expect(complaints).toEqual([]);
      await close();
    });
  });

  describe("the desk", () => {
    test("leaves what is opened and typed as it is when something new comes, and tells of a file that is too large", async () => {
      const { page, complaints, close } = await visit();
      const speaks = (question: string) =>
        converse(dashboard.services, { name: "Editing Ed", member: "300000000000000098", question });
      const id = await speaks("what does it cost?");
      const streaming = () => page.waitForResponse((response) => response.url().includes(`${id}/stream`));
      await page.goto(`${dashboard.web.url}/guilds/${GUILD}/live/${id}`);
      const box = page.locator("form[action$='/say'] textarea");
      const file = page.locator("input[name=file]");
      await box.fill("It costs 10.");
      // By its path: handed over as bytes, it took the browser's protocol a quarter of a minute.
      const folder = temporaryFolder("film");
      const film = join(folder.path, "film.mp4");
      writeFileSync(film, "");
      truncateSync(film, 10 * 1024 * 1024 + 1);
      await file.setInputFiles(film);
      const problem = () =>
        file.evaluate((input) => (input as unknown as { validationMessage: string }).validationMessage);
      expect(await problem()).toContain("larger than 10 MB");
      await page.getByRole("button", { name: "Send", exact: true }).click();
      expect(await box.inputValue()).toBe("It costs 10.");
      await file.setInputFiles([]);
      expect(await problem()).toBe("");
      const streamed = streaming();
      await page.getByRole("button", { name: "Send", exact: true }).click();
      await streamed;

      const mine = page.locator(".turn-agent", { hasText: "It costs 10." });
      await mine.locator("summary", { hasText: "Edit" }).click();
      await mine.locator("textarea").fill("It costs 12.");
      for (const question of ["and the shipping?", "are you there?"]) {
        await speaks(question);
        await page.locator(".turn-member", { hasText: question }).waitFor();
        expect(await mine.locator("textarea").isVisible()).toBe(true);
        expect(await mine.locator("textarea").inputValue()).toBe("It costs 12.");
        await box.focus();
      }
      expect(complaints).toEqual([]);
      folder.remove();
      await close();
    });
  });

  describe("every page", () => {
    const paths = () => [
      "/guilds",
      "/setup",
      "/operator",
      "/accounts",
      LIST,
      `${LIST}/${conversations[0]}`,
      `${LIST}/${conversations[3]}`,
      ...["decisions", "knowledge", "playground", "settings", "doctor"].map((room) => `/guilds/${GUILD}/${room}`),
    ];

    test("fits a phone, whose menu opens and leads on", async () => {
      const { page, complaints, close } = await visit(PHONE);
      for (const path of paths()) {
        await page.goto(dashboard.web.url + path);
        expect([path, await overflow(page)]).toEqual([path, 0]);
      }
      expect(await page.getByRole("navigation", { name: "Main" }).isVisible()).toBe(false);
      await page.getByRole("button", { name: "Open the menu" }).click();
      await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Conversations" }).click();
      await page.getByRole("heading", { level: 1, name: "Conversations" }).waitFor();
      expect(complaints).toEqual([]);
      await close();
    });

    test("fits a desk too, in both languages, and has one heading, one main part and nothing unnamed", async () => {
      for (const locale of ["en-US", "tr-TR"]) {
        const { page, complaints, close } = await visit({ locale });
        for (const path of paths()) {
          await page.goto(dashboard.web.url + path);
          await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
          expect([path, await overflow(page)]).toEqual([path, 0]);
          expect([path, await page.locator("h1").count(), await page.locator("main").count()]).toEqual([path, 1, 1]);
          expect([path, await unnamed(page)]).toEqual([path, []]);
        }
        expect(complaints).toEqual([]);
        await close();
      }
    });

    test("is dark when the system is, and light when its reader says so", async () => {
      const { page, close } = await visit({ colorScheme: "dark" });
      const brightness = async () => {
        const colour: string = await page.evaluate("getComputedStyle(document.body).backgroundColor");
        return Math.max(...(colour.match(/\d+/g) ?? []).slice(0, 3).map(Number));
      };
      expect(await brightness()).toBeLessThan(60);
      await page.getByRole("button", { name: "Light" }).click();
      await page.waitForLoadState();
      expect(await brightness()).toBeGreaterThan(200);
      await close();
    });

    test("speaks the browser's language, and the other one when asked", async () => {
      const { page, close } = await visit({ locale: "tr-TR" });
      await page.goto(dashboard.web.url + LIST);
      expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Konuşmalar");
      expect(await page.getAttribute("html", "lang")).toBe("tr");
      await page.getByRole("button", { name: "EN", exact: true }).click();
      await page.getByRole("heading", { level: 1, name: "Conversations" }).waitFor();
      await close();
    });

    test("works without JavaScript", async () => {
      const { page, close } = await visit({ javaScriptEnabled: false });
      await page.goto(dashboard.web.url + LIST);
      await page.getByRole("main").getByRole("searchbox").fill("zigbee");
      await page.getByRole("button", { name: "Filter" }).click();
      expect(await page.locator("tbody tr").count()).toBe(1);
      await page.getByRole("link", { name: /marcus/ }).click();
      expect(await page.getByRole("heading", { level: 1 }).textContent()).toContain("marcus");
      await page.getByRole("button", { name: "Sign out" }).click();
      expect(new URL(page.url()).pathname).toBe("/sign-in");
      await close();
    });

    test("is dark on light on paper, with exact times and nothing to press", async () => {
      const { page, close } = await visit({ colorScheme: "dark" });
      await page.goto(dashboard.web.url + LIST);
      await page.getByRole("link", { name: /Ada/ }).click();
      await page.locator(".turn").first().waitFor();
      const shade = () =>
        page.evaluate("parseInt(getComputedStyle(document.querySelector('.turn-text')).color.match(/\\d+/)[0])");
      expect(await shade()).toBeGreaterThan(200);
      await page.emulateMedia({ media: "print", colorScheme: "dark" });
      expect(await shade()).toBeLessThan(60);
      expect(await page.locator("nav:visible, form:visible, .crumb:visible").count()).toBe(0);
      const time = "getComputedStyle(document.querySelector('.turn time'), '::after').content";
      expect(await page.evaluate(time)).toContain("20");
      await close();
    });

    test("can be used by keyboard, names its parts, and marks where one is", async () => {
      const { page, close } = await visit();
      await page.goto(dashboard.web.url + LIST);
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to content");
      await page.keyboard.press("Enter");
      expect(await page.evaluate("document.activeElement.id")).toBe("main");
      expect(await page.getByRole("link", { name: "Conversations" }).getAttribute("aria-current")).toBe("page");
      await close();
    });
  });

  test("an admin fills the knowledge base, tries a question, sets the mode, and sees why it was silent", async () => {
    const { page, complaints, close } = await visit();
    const room = (name: string) => page.getByRole("navigation", { name: "Main" }).getByRole("link", { name }).click();
    await page.goto(dashboard.web.url + LIST);

    await room("Knowledge");
    await page.getByRole("heading", { name: "The knowledge base is empty" }).waitFor();
    const text = "# Pair sensors\n\nTo pair a sensor, hold the hub's button for 3 seconds until the light turns blue.";
    await page.locator('input[name="files"]').setInputFiles([
      { name: "pairing.md", mimeType: "text/markdown", buffer: Buffer.from(text) },
      { name: "setup.exe", mimeType: "application/octet-stream", buffer: Buffer.from("MZ") },
    ]);
    await page.getByRole("button", { name: "Upload and import" }).click();
    // The page follows the import by itself.
    await page.getByText("Partly imported").waitFor();
    await page.getByText("1 could not be imported").click();
    await page.getByText("setup.exe").waitFor();

    await room("Playground");
    await page.getByLabel("Question").fill("How do I pair a sensor?");
    await page.getByRole("button", { name: "Ask" }).click();
    await page.locator(".turn-bot").getByText("hold the hub's button").waitFor();
    expect(await page.locator(".stages").textContent()).toContain("Answered");

    await room("Settings");
    await page.getByRole("radio", { name: /Every message/ }).check();
    await page.getByLabel("Instructions").fill("Be kind.");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("status").getByText("Saved. It is in force now.").waitFor();
    expect(await page.getByRole("radio", { name: /Every message/ }).isChecked()).toBe(true);
    expect((await dashboard.services.store.guilds.get(GUILD))?.settings.mode).toBe("all");

    await room("Why was it silent?");
    await page.getByLabel("Outcome").selectOption("failed");
    await page.getByRole("cell", { name: "it took too long" }).waitFor();

    await room("Doctor");
    await page.locator(".finding").first().waitFor();

    await room("Knowledge");
    await page.getByRole("link", { name: "Remove Uploads" }).click();
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("heading", { name: "The knowledge base is empty" }).waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  test("what members write is text, wherever it is shown", async () => {
    const payloads = readPayloads();
    const ids: string[] = [];
    for (const [index, payload] of payloads.entries()) {
      ids.push(
        await converse(dashboard.services, {
          name: payload.slice(0, 80),
          member: String(310_000_000_000_000_000n + BigInt(index)),
          channel: payload.slice(0, 40),
          question: payload,
          answer: payload,
          sources: [
            { title: payload, url: payload },
            { title: "b", url: `javascript:alert(${index})` },
          ],
        }),
      );
    }
    const { page, complaints, close } = await visit();
    const harmless = async (where: string) => {
      const found: string[] = await page.evaluate(`[...document.querySelectorAll("*")].flatMap((element) => [
        ...(["SCRIPT"].includes(element.tagName) && !element.src.startsWith(location.origin + "/assets/") ? [element.outerHTML] : []),
        ...(["IFRAME", "OBJECT", "EMBED", "BASE", "IMG", "VIDEO", "AUDIO", "MATH", "MARQUEE", "STYLE"].includes(element.tagName) ? [element.outerHTML] : []),
        ...[...element.attributes].filter((a) => /^on/i.test(a.name) || /^\\s*(javascript|data|vbscript):/i.test(a.value) && /^(href|src|action|formaction|xlink:href)$/i.test(a.name)).map((a) => a.name + "=" + a.value),
      ])`);
      expect([where, found]).toEqual([where, []]);
      expect(await page.evaluate("Object.keys(window).filter((key) => /xss|pwned/i.test(key))")).toEqual([]);
    };
    let next: string | null = dashboard.web.url + LIST;
    while (next !== null) {
      await page.goto(next);
      await harmless(next);
      const older = page.locator('a[rel="next"]');
      next = (await older.count()) === 0 ? null : dashboard.web.url + (await older.getAttribute("href"));
    }
    // Every transcript would take minutes; one of a kind is looked at, the markup of all of them is compared by html.test.ts.
    for (const id of ids.slice(0, 25)) {
      await page.goto(`${dashboard.web.url}${LIST}/${id}`);
      await harmless(id);
    }
    expect(await page.locator(".turn-bot .turn-text").textContent()).not.toBe("");
    expect(complaints).toEqual([]);
    await close();
  }, 180_000);
});

/** Some of our own, and the shared list where it is there. */
function readPayloads(): string[] {
  const own = [
    "<script>window.xss=1</script>",
    `"><img src=x onerror="window.xss=1">`,
    "'><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "</textarea><script>alert(1)</script>",
    "<iframe srcdoc='<script>parent.xss=1</script>'>",
    `<div hx-get="/sign-out" hx-trigger="load">x</div>`,
    `<hx-partial hx-target="body"><b>x</b></hx-partial>`,
    `<a href="javascript:alert(1)">x</a>`,
    "$" + "{alert(1)} {{7*7}} `x`",
    "data: <b>x</b>\n\nevent: hx:release\ndata: x",
    "```<script>alert(1)</script>```",
    "**<img src=x onerror=alert(1)>** `<svg onload=alert(1)>`",
  ];
  const { file, there } = shared("security/xss.jsonl");
  if (!there) return own;
  // Every fifth: the browser shows what the escaping does to each kind, not to each spelling.
  const others = readFileSync(file, "utf8")
    .split("\n")
    .filter((line, index) => line !== "" && index % 5 === 0)
    .map((line) => (JSON.parse(line) as { readonly payload: string }).payload);
  return [...own, ...others].filter(Boolean);
}
