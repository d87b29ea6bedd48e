/**
 * The whole way as a person goes it, in a real browser between whole processes: sign in, add the bot, set it up, import, ask in
 * Discord, look the conversation up, take it over and give it back, moderation in dry run, rehearse, act, undo, a proactive post,
 * the end of the quota, and being forgotten. In four combinations that hold every pair of language, width, and with or without JavaScript.
 */
import { expect, setDefaultTimeout } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import type { Channel, Guild } from "../../bench/simulator/world.ts";
import { openBrowser } from "../support/browser.ts";
import { temporaryFolder } from "../support/folder.ts";
import { KETTLE, SCAM } from "../support/moderated.ts";
import { needing } from "../support/needing.ts";
import type { Started } from "../support/process.ts";
import { live, openStage, type Stage } from "../support/stage.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(180_000);

const LOOKS = [
  { language: "en", locale: "en-US", width: 1280, scripted: true },
  { language: "en", locale: "en-US", width: 390, scripted: false },
  { language: "tr", locale: "tr-TR", width: 1280, scripted: false },
  { language: "tr", locale: "tr-TR", width: 390, scripted: true },
] as const;
type Look = (typeof LOOKS)[number];

const nameOf = ({ language, width }: Look) => `${language}-${width}`;

const browser: Browser | null = await openBrowser();
const { describe, test, beforeAll, afterAll } = needing(browser, "Chromium");
const folder = temporaryFolder("walk");
let stage: Stage;
let all: Started;
let origin = "";
let operatorLink = "";
/** What nobody may ever read, by name; and all that came out: pages and errors as browsers got them, and what processes printed. */
const secrets = new Map<string, string>([
  ["GATEHOUSE_KEY", "0f".repeat(32)],
  ["METRICS_TOKEN", "metrics-canary-7d1f0c52"],
  ["SMTP_URL", "mail-canary-91be22aa"],
  ["OTEL_EXPORTER_OTLP_HEADERS", "traces-canary-5520cd1e"],
]);
/** Pages that show secrets on purpose, to whoever may change them. */
const OWN_PAGE = /\/live\/settings/;
const ownPageSecrets = new Set<string>();
const came: { readonly from: string; readonly text: string }[] = [];

beforeAll(async () => {
  if (browser === null) return;
  stage = await openStage("walk");
  const bot = stage.simulator.bots[0];
  all = stage.gatehouse(["all"], {
    DISCORD_APPLICATION_ID: bot?.applicationId ?? "",
    DISCORD_CLIENT_SECRET: bot?.clientSecret ?? "",
    // Nobody listens there: what fails says so, and must not say with which password.
    SMTP_URL: `smtp://walk:${secrets.get("SMTP_URL")}@127.0.0.1:9`,
    SMTP_FROM: "walk@lumen.example",
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9",
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${secrets.get("OTEL_EXPORTER_OTLP_HEADERS")}`,
    METRICS_TOKEN: secrets.get("METRICS_TOKEN") ?? "",
    LOG_LEVEL: "debug",
  });
  secrets.set("DISCORD_TOKEN", bot?.token ?? "");
  secrets.set("DISCORD_CLIENT_SECRET", bot?.clientSecret ?? "");
  secrets.set("GROQ_API_KEY", stage.groq.key);
  ({ origin } = await live(all));
  [, operatorLink = ""] = await all.printed(/Sign in .*: (http\S+)/);
});
afterAll(async () => {
  await browser?.close();
  await stage?.close();
  folder.remove();
});

/** A new community without the bot, and who manages it. */
function community(look: Look): { guild: Guild; channel: Channel; admin: string } {
  const { actions } = stage.simulator;
  const { guild, channel } = actions.createGuild({ name: `Lumen ${nameOf(look)}`, bots: [] });
  const chief = actions.createRole(guild.id, { name: "Chief", permissions: 32n, position: 1 });
  const admin = actions.addMember(guild.id, { username: `chief-${nameOf(look)}`, roles: [chief.id] }).userId;
  return { guild, channel, admin };
}

async function open(look: Look): Promise<BrowserContext> {
  if (browser === null) throw new Error("no browser");
  const { locale, width, scripted } = look;
  const context = await browser.newContext({ locale, viewport: { width, height: 900 }, javaScriptEnabled: scripted });
  context.on("response", (response) => {
    const from = response.url();
    if (!from.startsWith(origin) || from.includes("/assets/") || response.request().resourceType() === "eventsource")
      return;
    // A redirect has no body, and one that the browser has left is gone.
    response.text().then(
      (text) => came.push({ from, text: from + text }),
      () => {},
    );
  });
  return context;
}

/** A browser that is done with: what its sessions are known by counts as a secret. */
async function leave(context: BrowserContext): Promise<void> {
  for (const { name, value } of await context.cookies(origin)) {
    if (name.endsWith("gatehouse-session")) secrets.set(`session ${secrets.size}`, value);
  }
  await context.close();
}

/** A walk's steps on a new page; where one fails, the failure says what was there instead. */
async function witnessed(look: Look, steps: (page: Page, complaints: string[]) => Promise<void>): Promise<void> {
  const context = await open(look);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  try {
    await steps(page, complaints);
  } catch (cause) {
    const shown = await page
      .locator("main")
      .ariaSnapshot({ timeout: 2_000 })
      .catch((error: unknown) => `unreadable: ${error}`);
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new Error([said, `--- ${page.url()}`, shown, "--- printed", all.stderr().slice(-2_000)].join("\n"), {
      cause,
    });
  } finally {
    await leave(context);
  }
}

/** Says yes on Discord's page. */
async function consent(page: Page, user: string, guild?: string): Promise<void> {
  await page.locator("select[name=user]").selectOption(user);
  if (guild !== undefined) await page.locator("select[name=guild]").selectOption(guild);
  await page.locator("button:not([name])").click();
}

/** Looks again until it is there: what comes by itself with JavaScript comes with a reload without it. */
async function seen(page: Page, path: string, locator: (page: Page) => Locator): Promise<Locator> {
  await until(async () => {
    await page.goto(origin + path);
    return (await locator(page).count()) > 0;
  }, 60_000);
  return locator(page).first();
}

/** Opens what this stands in, if that is folded. */
async function unfold(page: Page, within: Locator): Promise<void> {
  await within.first().waitFor({ state: "attached" });
  if (await within.first().isVisible()) return;
  await page.locator("details", { has: within }).last().locator("summary").first().click();
}

/** Opens what is folded and presses the button of the form that posts to `action`. */
async function press(page: Page, action: string): Promise<void> {
  const button = page.locator(`form[action$="${action}"] button[type=submit]`);
  await unfold(page, button);
  await button.first().click();
}

describe("the whole way", () => {
  for (const look of LOOKS) {
    const name = `${look.language}, ${look.width} px, ${look.scripted ? "with" : "without"} JavaScript`;
    test(`can be gone: ${name}`, () =>
      witnessed(look, async (page, complaints) => {
        const { simulator } = stage;
        const { guild, channel, admin } = community(look);
        const member = simulator.actions.addMember(guild.id, { username: `ada-${nameOf(look)}` }).userId;
        const ask = (content: string) => stage.ask({ channelId: channel.id, userId: member, content });
        const base = `/guilds/${guild.id}`;

        // Signing in, adding the bot, and back on its setup.
        await page.goto(`${origin}/sign-in`);
        await page.locator("a[href^='/sign-in/discord']").click();
        await consent(page, admin);
        await page.locator("a[href='/sign-in/discord/add']").click();
        await consent(page, admin, guild.id);
        await page.waitForURL(`**${base}/setup`);
        expect(await page.locator("html").getAttribute("lang")).toBe(look.language);
        expect(await page.locator("#step-added.step-done").count()).toBe(1);

        // A field saves itself, or its button does; it is undone; moderation begins in dry run and gets what it lacks.
        const field = async (name: string, change: () => Promise<unknown>) => {
          await change();
          if (!look.scripted) await page.locator(`form[action$="/fields/${name}"] .no-script`).click();
          await page.locator(`#said-${name} .said-line`).waitFor();
        };
        await field("mode", () => page.locator("input[name=mode][value=ask]").check());
        await page.locator("#said-mode button[formaction]").click();
        await page.locator("input[name=mode][value=mention]:checked").waitFor();
        if (look.language === "tr")
          await field("language", () => page.locator("select[name=language]").selectOption("tr"));
        await field("instructions", async () => {
          await page.locator("textarea[name=instructions]").fill("Be brief.");
          await page.locator("textarea[name=instructions]").blur();
        });
        await field("moderation", () => page.locator("input[name=moderation]").check());
        if (!look.scripted) await page.goto(`${origin}${base}/setup?look=1`);
        await page.locator("#access a").click();
        await consent(page, admin, guild.id);
        await page.waitForURL(`**${base}/setup`);

        // Knowledge, and the first hello.
        await page.goto(`${origin}${base}/knowledge`);
        await unfold(page, page.locator("input[name=files]"));
        const buffer = Buffer.from(KETTLE);
        await page.locator("input[name=files]").setInputFiles({ name: "kettle.md", mimeType: "text/markdown", buffer });
        await page.locator("form[action$='/knowledge/files'] button[type=submit]").click();
        await seen(page, `${base}/knowledge`, (page) => page.locator(".source .chip-green"));
        await page.goto(`${origin}${base}/setup`);
        await page.locator("#step-test select[name=channel]").selectOption(channel.id);
        await page.locator("#step-test form button[type=submit]").click();
        await page.locator("#step-test .said-line a").waitFor();

        // Asked in Discord, answered, and looked up.
        const [answer] = await ask("{bot} how do I reset the kettle?");
        expect(answer?.content).toContain("seven seconds");
        await (
          await seen(page, `${base}/conversations`, (page) => page.locator("main a[href*='/conversations/']"))
        ).click();
        await page.locator(".turn-bot", { hasText: "seven seconds" }).waitFor();

        // Taken over, answered by a person, given back.
        await (await seen(page, `${base}/live`, (page) => page.locator(".live-list a"))).click();
        await press(page, "/takeover");
        await page.locator("form[action$='/takeover/delete']").first().waitFor();
        const quiet = simulator.actions.say({
          channelId: channel.id,
          userId: member,
          content: "{bot} is anybody there?",
        });
        await page.locator("form[action$='/say'] textarea[name=text]").fill("I am a person.");
        await press(page, "/say");
        const said = await simulator.actions.messages({
          channelId: channel.id,
          after: quiet.id,
          author: "bot",
          count: 1,
          ms: 20_000,
        });
        expect(said.map(({ content }) => content)).toEqual([expect.stringContaining("I am a person.")]);
        await press(page, "/takeover/delete");
        await page.locator("form[action$='/takeover']").first().waitFor();
        expect((await ask("{bot} how do I reset the kettle?"))[0]?.content).toContain("seven seconds");

        // A scam in the dry run stays; it is rehearsed; for real it goes, and is brought back.
        const scammer = (n: number) =>
          simulator.actions.addMember(guild.id, { username: `s${n}-${nameOf(look)}` }).userId;
        const scam = (n: number) => simulator.actions.say({ channelId: channel.id, userId: scammer(n), content: SCAM });
        const isThere = (id: string) => simulator.world.channels.get(channel.id)?.messages.has(id) ?? false;
        const dry = scam(1);
        const cases = "main table a[href*='/moderation/']";
        await seen(page, `${base}/moderation`, (page) => page.locator(cases));
        expect(isThere(dry.id)).toBe(true);
        await page.goto(`${origin}${base}/moderation/rehearsal`);
        await page.locator("button[name=step][value=ask]").click();
        await page.locator("button[name=step][value=run]").click();
        await page.locator("main table", { hasText: "nitro" }).waitFor();
        await page.goto(`${origin}${base}/moderation`);
        await press(page, "/moderation/live");
        // It is in force within a second: whoever is quicker is judged by the dry run.
        let gone = scam(2);
        for (let n = 3; n < 8 && isThere(gone.id); n++) {
          const goes = until(() => !isThere(gone.id), 6_000);
          if (
            await goes.then(
              () => false,
              () => true,
            )
          )
            gone = scam(n);
        }
        await until(() => !isThere(gone.id), 10_000);
        await (await seen(page, `${base}/moderation?state=applied`, (page) => page.locator(cases))).click();
        const undo = page.locator("form", { has: page.locator("input[name=step][value=undo]") });
        await unfold(page, undo.locator("button[type=submit]"));
        await undo.locator("button[type=submit]").click();
        await undo.waitFor({ state: "detached" });
        expect(simulator.world.guilds.get(guild.id)?.members.has(gone.authorId)).toBe(true);

        // A post of the bot's own accord.
        await page.goto(`${origin}${base}/proactive`);
        const topics = page.locator(`form[action="${base}/proactive"] textarea[name=topics]`);
        await unfold(page, topics);
        await page.locator(`form[action="${base}/proactive"] select[name=channel]`).selectOption(channel.id);
        await topics.fill("Resetting the kettle");
        await page.locator(`form[action="${base}/proactive"] button[type=submit]`).click();
        const last = simulator.actions.say({ channelId: channel.id, userId: member, content: "quiet here today" });
        await press(page, "/post");
        const posts = await simulator.actions.messages({
          channelId: channel.id,
          after: last.id,
          author: "bot",
          count: 1,
          ms: 20_000,
        });
        expect(posts).toHaveLength(1);

        // The team is told by a webhook of its own; nobody answers there.
        await page.goto(`${origin}${base}/live/settings`);
        const path = `webhook-canary-${nameOf(look)}-40c1b7e9`;
        await page.locator("input[name=webhook]").fill(`https://hooks.lumen.example/${path}`);
        await page.locator(`form[action="${base}/live/settings"] button[type=submit]`).click();
        const signing = page.locator("label:has(input[name=webhook]) + .help code");
        secrets.set(`webhook's address ${nameOf(look)}`, path);
        secrets.set(`webhook's key ${nameOf(look)}`, (await signing.textContent()) ?? "");
        for (const name of ["address", "key"]) ownPageSecrets.add(`webhook's ${name} ${nameOf(look)}`);
        expect((await ask("{bot} I want to talk to a human"))[0]?.content.length ?? 0).toBeGreaterThan(10);
        await until(
          () => all.stdout().includes("escalation-webhook") || all.stderr().includes("escalation-webhook"),
          30_000,
        );

        await spend(look, guild.id);
        const [end] = await ask("{bot} how do I reset the kettle?");
        expect(end?.content ?? "").not.toContain("seven seconds");
        expect(end?.content.length ?? 0).toBeGreaterThan(10);

        // Forgotten means gone, from the logs too.
        const told = await simulator.actions.command({ userId: member, channelId: channel.id, name: "privacy" });
        expect(told.ephemeral).toBe(true);
        secrets.set(`interaction ${nameOf(look)}`, told.token);
        await forgotten(look, member);
        await page.goto(`${origin}${base}/conversations`);
        expect(await page.locator("main").textContent()).not.toContain("is anybody there?");
        expect(complaints).toEqual([]);
      }));
  }

  test("tells no secret: not on a page, in an error, in a log or on /metrics", async () => {
    const ask = async (path: string, more: RequestInit = {}) => {
      const response = await fetch(origin + path, { redirect: "manual", ...more });
      came.push({ from: `${path} ${response.status}`, text: await response.text() });
      return response.status;
    };
    const authorization = `Bearer ${secrets.get("METRICS_TOKEN")}`;
    const cookie = `gatehouse-session=${operator}`;
    expect(await ask("/metrics", { headers: { authorization } })).toBe(200);
    expect(await ask("/metrics", { headers: { authorization: "Bearer wrong" } })).toBe(404);
    expect(await ask("/guilds/1/nothing", { headers: { cookie } })).toBe(404);
    expect(await ask("/guilds", { method: "POST", headers: { cookie } })).toBeGreaterThan(400);
    for (const path of ["/healthz", "/readyz", "/overview", "/operator", "/setup", "/accounts"])
      expect([path, await ask(path, { headers: { cookie } })]).toEqual([path, 200]);
    came.push({ from: "stdout", text: all.stdout() }, { from: "stderr", text: all.stderr() });
    expect(came.length).toBeGreaterThan(100);
    expect(came.filter(({ text }) => text.includes("Lumen en")).length).toBeGreaterThan(10);
    expect([...secrets].filter(([, secret]) => secret.length < 16)).toEqual([]);
    expect([...secrets.keys()].filter((name) => name.startsWith("session")).length).toBeGreaterThan(2);
    const told = came.flatMap(({ from, text }) =>
      [...secrets]
        .filter(([name, secret]) => text.includes(secret) && !(ownPageSecrets.has(name) && OWN_PAGE.test(from)))
        .map(([name]) => `${name}: ${from}`),
    );
    for (const name of ownPageSecrets)
      expect([name, came.some(({ text }) => text.includes(secrets.get(name) ?? ""))]).toEqual([name, true]);
    expect([...new Set(told)]).toEqual([]);
  });
});

let operator: string | null = null;

/** The operator puts the server into an account whose month is over. */
async function spend(look: Look, guild: string): Promise<void> {
  const context = await open(look);
  const page = await context.newPage();
  if (operator === null) {
    await page.goto(operatorLink);
    await page.locator("form[action^='/sign-in/'] button").click();
    await page.waitForURL("**/guilds");
    operator = (await context.cookies()).find(({ name }) => name === "gatehouse-session")?.value ?? "";
  } else await context.addCookies([{ name: "gatehouse-session", value: operator, url: origin }]);
  const own = `walk-${nameOf(look)}`;
  const fill = async (action: string, fields: Readonly<Record<string, string>>, boxes: readonly string[] = []) => {
    await page.goto(`${origin}/accounts`);
    const form = page.locator(`form[action="${action}"]`).last();
    const first = form.locator("input:not([type=hidden])").first();
    await unfold(page, first);
    for (const [name, value] of Object.entries(fields)) {
      const field = form.locator(`[name=${name}]`);
      if ((await field.evaluate((one) => one.tagName)) === "SELECT") await field.selectOption(value);
      else await field.fill(value);
    }
    for (const box of boxes) await form.locator(`[name=${box}]`).check();
    await form.locator("button[type=submit]").first().click();
    await page.waitForLoadState();
  };
  await fill("/accounts/plans", { id: own, name: own, messages: "0" }, ["discord"]);
  await fill("/accounts", { id: own, name: own, plan: own });
  await fill("/accounts/move", { server: guild, account: own });
  await leave(context);
}

/** By the command line, and searched for afterwards in the database and in everything that the process printed. */
async function forgotten(look: Look, member: string): Promise<void> {
  const exported = await stage.finished(["privacy", "export", "--user", member]);
  expect(exported.stdout).toContain("is anybody there?");
  const texts = join(folder.path, `${nameOf(look)}.json`);
  writeFileSync(texts, exported.stdout);
  expect((await stage.finished(["privacy", "forget", "--user", member])).code).toBe(0);
  const log = join(folder.path, `${nameOf(look)}.log`);
  writeFileSync(log, all.stdout() + all.stderr());
  came.push({ from: "privacy export", text: exported.stderr });
  const proof = await stage.finished(["privacy", "prove", "--user", member, "--texts", texts, "--logs", log]);
  expect([proof.code, proof.stdout]).toEqual([0, expect.stringContaining("✓")]);
}
