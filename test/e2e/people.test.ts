/**
 * People in the loop as the demo shows it, in a real browser and the simulated Discord: a member asks for a person, the mail
 * arrives, the operator takes over, both type and answer, the operator gives back, and the bot speaks again; in both languages.
 * And the button in the team's channel: who may press it is Discord's word at that moment.
 */
import { expect, setDefaultTimeout } from "bun:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { openBrowser } from "../support/browser.ts";
import { temporaryFolder } from "../support/folder.ts";
import { needing } from "../support/needing.ts";
import { type Started, startGatehouse } from "../support/process.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(120_000);

type Said = {
  readonly id: string;
  readonly content: string;
  readonly author: { readonly id: string; readonly bot?: boolean };
  readonly message_reference?: { readonly message_id: string };
  readonly components?: readonly { readonly components: readonly { readonly custom_id?: string }[] }[];
};
type Named = { readonly id: string; readonly name: string };
type World = {
  readonly applications: readonly { readonly botId: string }[];
  readonly guilds: readonly (Named & { readonly roles: readonly Named[]; readonly channels: readonly Named[] })[];
};

const folder = temporaryFolder("people");
const browser: Browser | null = await openBrowser();
const { describe, test, beforeAll, afterAll } = needing(browser, "Chromium");
let demo: Started;
let control = "";
let origin = "";
let world: World;
let context: BrowserContext;

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${control}${path}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
const guild = () => world.guilds[0] as World["guilds"][number];
const named = (all: readonly Named[], name: string) => all.find((one) => one.name === name)?.id ?? "";
const say = (channel: string, userId: string, content: string) =>
  call<Said>("POST", `/channels/${channel}/messages`, { userId, content });
const botsAfter = async (channel: string, after: string) =>
  (await call<readonly Said[]>("GET", `/channels/${channel}/messages`)).filter(
    (one) => one.author.bot === true && BigInt(one.id) > BigInt(after),
  );
const answered = (channel: string, said: Said) => until(async () => (await botsAfter(channel, said.id)).at(-1), 30_000);

/** A test's steps; where one fails or a wait runs out, the failure says what was there instead. */
async function witnessed(steps: () => Promise<void>): Promise<void> {
  try {
    await steps();
  } catch (cause) {
    throw new Error(`${cause instanceof Error ? cause.message : cause}\n${await scene()}`, { cause });
  }
}

/** What every open page and the lounge show, and the end of what the process printed. */
async function scene(): Promise<string> {
  const orWhy = (error: unknown) => `unreadable: ${error}`;
  const pages = context.pages().map(async (page) => {
    const shown = await page.locator("main").ariaSnapshot({ timeout: 2_000 }).catch(orWhy);
    return `--- ${page.url()}\n${shown}`;
  });
  const lounge = named(guild().channels, "lounge");
  const said = await call<readonly Said[]>("GET", `/channels/${lounge}/messages`).catch(orWhy);
  const lines =
    typeof said === "string"
      ? [said]
      : said.slice(-8).map(({ id, author, content }) => `${id} ${author.bot ? "bot" : author.id}: ${content}`);
  const printed = [demo.stdout(), demo.stderr()].map((text) => text.slice(-3_000));
  return [...(await Promise.all(pages)), "--- lounge", ...lines, "--- printed", ...printed].join("\n");
}

async function member(username: string, roles: readonly string[] = []): Promise<string> {
  const made = await call<{ user: { id: string } }>("POST", `/guilds/${guild().id}/members`, { username, roles });
  return made.user.id;
}

beforeAll(async () => {
  if (browser === null) return;
  demo = startGatehouse(["demo"], { GATEHOUSE_DATA_DIR: folder.path, PORT: "0" });
  await demo.printed(/Discord .*\/control\/page/, 100_000);
  control = /http\S+(?=\/page)/.exec(demo.stdout())?.[0] ?? "";
  origin = /Dashboard +(http\S+)/.exec(demo.stdout())?.[1] ?? "";
  world = await call<World>("GET", "/world");
  // The others are quiet, so that what is said here is what happens.
  await call("POST", "/community/stop");
  context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(/Sign in .*?(http\S+)/.exec(demo.stdout())?.[1] ?? "");
  await page.locator("form[action^='/sign-in/'] button").click();
  await page.waitForURL(/\/guilds/);
  await page.close();
});
afterAll(async () => {
  await browser?.close();
  demo?.kill("SIGKILL");
  await demo?.exited;
  folder.remove();
});

const WORDS = {
  en: {
    ...{ wish: "{bot} I want to talk to a human", takeOver: "Take over", release: "Give back to the bot" },
    ...{ send: "Send", typing: "is typing…", held: "has this conversation", botSpeaks: "The bot answers here" },
  },
  tr: {
    ...{ wish: "{bot} bir insanla konuşmak istiyorum", takeOver: "Devral", release: "Bota geri ver" },
    ...{ send: "Gönder", typing: "yazıyor…", held: "ilgileniyor", botSpeaks: "Burada bot yanıt veriyor" },
  },
} as const;

describe("a member who wants a person", () => {
  for (const language of ["en", "tr"] as const) {
    test(`is mailed about, taken, answered and given back, on pages in ${language}`, () =>
      witnessed(async () => {
        const words = WORDS[language];
        const lounge = named(guild().channels, "lounge");
        const nova = await member(`nova-${language}`);
        await context.addCookies([{ name: "gatehouse-language", value: language, url: origin }]);
        const page = await context.newPage();
        await page.goto(`${origin}/live`);

        const wish = await say(lounge, nova, words.wish);
        const told = await answered(lounge, wish);
        expect(told.content.length).toBeGreaterThan(20);
        const row = page.locator("li", { hasText: `nova-${language}` });
        await row.waitFor();
        await row.locator(".chip-amber").waitFor();

        // The mail is in the mailbox that the demo prints, and its link is the conversation.
        const mailbox = await context.newPage();
        const link = await until(async () => {
          await mailbox.goto(`${control}/mailbox`);
          const mail = await mailbox
            .locator("article", { hasText: `nova-${language}` })
            .first()
            .textContent({ timeout: 1_000 })
            .catch(() => null);
          return /http\S+\/live\/[0-9a-f]{32}/.exec(mail ?? "")?.[0];
        }, 60_000);
        await mailbox.close();

        await page.goto(link);
        await page.getByText(words.botSpeaks).waitFor();
        await page.getByRole("button", { name: words.takeOver, exact: true }).click();
        await page.getByText(words.held).first().waitFor();

        // What the member says comes by itself, with typing; the bot is silent.
        await until(async () => {
          await call("POST", `/channels/${lounge}/typing`, { userId: nova });
          return (await page.getByText(words.typing).count()) > 0;
        }, 60_000);
        const more = await say(lounge, nova, "{bot} how do I pair a sensor with the hub?");
        await page.locator(".turn-member", { hasText: "how do I pair a sensor" }).waitFor();

        // The operator types and answers; Discord sees both, from the bot, as a reply to the member.
        const typedAt = await ledgerEnd();
        await page.locator("textarea[name=text]").first().pressSequentially("Hello, I am a person.");
        await until(async () => (await call<unknown[]>("GET", typing(typedAt))).length > 0, 15_000);
        await page.getByRole("button", { name: words.send, exact: true }).click();
        const answer = await answered(lounge, more);
        expect(answer.content).toContain("Hello, I am a person.");
        expect(answer.message_reference?.message_id).toBe(more.id);
        expect(await botsAfter(lounge, more.id)).toHaveLength(1);
        await page.locator(".turn-agent", { hasText: "Hello, I am a person." }).waitFor();

        await page.getByRole("button", { name: words.release, exact: true }).click();
        await page.getByText(words.botSpeaks).waitFor();
        const next = await say(lounge, nova, "{bot} how do I pair a sensor with the hub?");
        expect((await answered(lounge, next)).content).not.toContain("I am a person");
        await page.locator(".turn-bot").last().waitFor();
        await page.close();
      }));
  }
});

const typing = (after: number) => `/ledger?kind=request&method=POST&route=/channels/:channel/typing&after=${after}`;
async function ledgerEnd(): Promise<number> {
  const all = await call<readonly { readonly n: number }[]>("GET", "/ledger");
  return all.at(-1)?.n ?? 0;
}

describe("the button in the team's channel", () => {
  test("takes over for whoever is of the team at that moment, once, and for nobody else", () =>
    witnessed(async () => {
      const [lounge, team] = [named(guild().channels, "lounge"), named(guild().channels, "show-and-tell")];
      await settings({ channel: team });
      const moderator = named(guild().roles, "Moderator");
      const [ivy, tess, tom] = [
        await member("ivy"),
        await member("tess", [moderator]),
        await member("tom", [moderator]),
      ];
      await answered(lounge, await say(lounge, ivy, "{bot} can I talk to a human please"));
      const post = await until(async () => {
        const all = await call<readonly Said[]>("GET", `/channels/${team}/messages`);
        return all.findLast((one) => one.content.includes("ivy"));
      }, 60_000);
      const customId = post.components?.[0]?.components.find((one) =>
        one.custom_id?.startsWith("takeover:"),
      )?.custom_id;
      const press = async (userId: string) => {
        const ran = await call<{ id: string }>("POST", "/interactions/component", {
          ...{ userId, channelId: team, messageId: post.id, customId },
        });
        const ended = await call<{ ephemeral: boolean; messages: readonly Said[] }>(
          "GET",
          `/interactions/${ran.id}?state=answered&ms=10000`,
        );
        expect(ended.ephemeral).toBe(true);
        return await until(async () => {
          const { messages } = await call<{ messages: readonly Said[] }>("GET", `/interactions/${ran.id}`);
          return messages.at(-1)?.content || undefined;
        }, 60_000);
      };

      expect(await press(ivy)).toContain("Only the team");
      expect(await press(tess)).toContain("/live/");
      expect(await press(tom)).toContain("Somebody else");
      // A second press of who has it is no second takeover.
      expect(await press(tess)).toContain("/live/");

      // The bot is silent while she has it.
      const asked = await say(lounge, ivy, "{bot} how do I pair a sensor?");
      // Who is of the team no longer is refused, however often they pressed it before.
      await call("PATCH", `/guilds/${guild().id}/members/${tess}`, { roles: [] });
      expect(await press(tess)).toContain("Only the team");
      expect(await botsAfter(lounge, asked.id)).toEqual([]);

      // Late: it was resolved, and the button of yesterday still leads to the member.
      await resolve((customId ?? "").slice("takeover:".length));
      expect(await press(tom)).toContain("/live/");
    }));

  /** The form of the team's settings, as an admin fills it in. */
  async function settings(fields: Readonly<Record<string, string>>): Promise<void> {
    const page = await context.newPage();
    await page.goto(`${origin}/guilds/${guild().id}/live/settings`);
    for (const [name, value] of Object.entries(fields)) await page.locator(`select[name=${name}]`).selectOption(value);
    await page.locator("form[action$='/live/settings'] button[type=submit]").click();
    await page.waitForURL(/saved=1/);
    await page.close();
  }

  /** Resolved by the operator: whoever holds it has it no more. */
  async function resolve(conversation: string): Promise<void> {
    const page: Page = await context.newPage();
    await page.goto(`${origin}/guilds/${guild().id}/live/${conversation}`);
    await page.locator("select[name=state]").selectOption("resolved");
    await page.locator("form[action$='/state'] button").click();
    await page.waitForLoadState();
    await page.close();
  }
});
