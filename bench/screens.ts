/**
 * Pictures of every page of the dashboard, for people to look at: `bun run screens [FOLDER] [--only NAME…]`. The demo runs
 * for a while, then each entry of web/pages.ts (and the first conversation, source and document) is drawn in light and dark,
 * English and Turkish, 390 and 1280 pixels wide. Says which pages are wider than their window, since nobody should have to scroll sideways.
 * `bun run screens --readme` draws the two pictures of the README into bench/demo/pictures.
 */
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command } from "commander";
import type { Browser, Page } from "playwright-core";
import { openBrowser } from "../test/support/browser.ts";
import { temporaryFolder } from "../test/support/folder.ts";
import { startGatehouse } from "../test/support/process.ts";
import { PAGES } from "../web/pages.ts";

const WIDTHS = [390, 1280];
const HEIGHTS_MAX = 2_400;
const PICTURES = join(import.meta.dir, "demo/pictures");

type Look = { readonly language: "en" | "tr"; readonly theme: "light" | "dark"; readonly width: number };
const LOOKS: readonly Look[] = (["en", "tr"] as const).flatMap((language) =>
  (["light", "dark"] as const).flatMap((theme) => WIDTHS.map((width) => ({ language, theme, width }))),
);

await new Command("screens")
  .description("Draws every page of the dashboard with the demo's data.")
  .argument("[folder]", "where the pictures go", ".data/screens")
  .option("--only <section...>", "these sections alone")
  .option("--one-look", "only English, light, 1280 pixels, and Turkish, dark, 390 pixels")
  .option("--readme", "only the README's two pictures: a server's overview, and an answer in Discord")
  .option("--seconds <n>", "how long the community talks before the pictures", Number, 12)
  .action(draw)
  .parseAsync();

async function draw(
  folder: string,
  options: { readonly only?: string[]; readonly oneLook?: true; readonly readme?: true; readonly seconds: number },
): Promise<void> {
  const data = temporaryFolder("screens");
  const demo = startGatehouse(["demo"], { GATEHOUSE_DATA_DIR: data.path, PORT: "0" });
  const browser = await openBrowser();
  try {
    if (browser === null) return;
    const [, link = ""] = await demo.printed(/Sign in \(once\)\s+(http\S+)/, 120_000);
    process.stderr.write(`the demo's members talk for ${options.seconds} s …\n`);
    await Bun.sleep(options.seconds * 1_000);
    const answer = await fetch(link, {
      method: "POST",
      redirect: "manual",
      headers: { "sec-fetch-site": "same-origin" },
    });
    const session = /gatehouse-session=([\w-]+)/.exec(answer.headers.get("set-cookie") ?? "")?.[1] ?? "";
    const { origin } = new URL(link);
    if (options.readme === true) {
      await drawForReadme(browser, {
        origin,
        session,
        discord: /^ +Discord +(http\S+)/m.exec(demo.stdout())?.[1] ?? "",
      });
      return;
    }
    const paths = await pathsOf(origin, session);
    const wanted = paths.filter(({ section }) => options.only?.includes(section) ?? true);
    const looks = options.oneLook === undefined ? LOOKS : LOOKS.filter((_, place) => place === 1 || place === 6);
    const into = resolve(folder);
    await mkdir(into, { recursive: true });
    for (const look of looks) await drawAll(browser, { origin, session, into, look }, wanted);
    process.stdout.write(`${wanted.length * looks.length} pictures in ${into}\n`);
  } finally {
    await browser?.close();
    demo.kill("SIGTERM");
    await demo.exited;
    data.remove();
  }
}

async function drawForReadme(
  browser: Browser,
  { origin, session, discord }: { readonly origin: string; readonly session: string; readonly discord: string },
): Promise<void> {
  await mkdir(PICTURES, { recursive: true });
  const context = await browser.newContext({ viewport: { width: 1120, height: 700 } });
  await context.addCookies([{ name: "gatehouse-session", value: session, url: origin }]);
  const page = await context.newPage();
  const [home] = (await pathsOf(origin, session)).filter(({ section }) => section === "home");
  const draw = async (address: string, name: string) => {
    await page.goto(address);
    await page.waitForTimeout(1_500);
    await page.screenshot({ path: join(PICTURES, name), type: "jpeg", quality: 72 });
  };
  await draw(origin + (home?.path ?? "/guilds"), "dashboard.jpg");
  await draw(discord, "answer.jpg");
  await context.close();
  process.stdout.write(`2 pictures in ${PICTURES}\n`);
}

type Place = { readonly section: string; readonly path: string };

async function pathsOf(origin: string, session: string): Promise<readonly Place[]> {
  const text = async (path: string) =>
    await (await fetch(origin + path, { headers: { cookie: `gatehouse-session=${session}` } })).text();
  const guild = /href="\/guilds\/(\d+)/.exec(await text("/guilds"))?.[1] ?? "";
  const conversation = /conversations\/([0-9a-f]{32})/.exec(await text(`/guilds/${guild}/conversations`))?.[1];
  const source = /href="[^"]*knowledge\/([0-9a-f]{32})"/.exec(await text(`/guilds/${guild}/knowledge`))?.[1];
  const document = /href="[^"]*documents\/([\w-]+)"/.exec(await text(`/guilds/${guild}/knowledge/${source}`))?.[1];
  const entries = PAGES.flatMap(({ section, entry }) =>
    entry === null ? [] : [{ section, path: entry.path.replace(":guild", guild) }],
  );
  return [
    { section: "sign-in", path: "/sign-in" },
    ...entries,
    { section: "transcript", path: `/guilds/${guild}/conversations/${conversation}` },
    { section: "source", path: `/guilds/${guild}/knowledge/${source}` },
    { section: "document", path: `/guilds/${guild}/knowledge/${source}/documents/${document}` },
  ];
}

async function drawAll(
  browser: Browser,
  scene: { readonly origin: string; readonly session: string; readonly into: string; readonly look: Look },
  places: readonly Place[],
): Promise<void> {
  const { origin, session, into, look } = scene;
  const context = await browser.newContext({
    viewport: { width: look.width, height: 900 },
    colorScheme: look.theme,
    deviceScaleFactor: look.width < 600 ? 2 : 1,
  });
  await context.addCookies([{ name: "gatehouse-language", value: look.language, url: origin }]);
  const page = await context.newPage();
  for (const { section, path } of places) {
    if (section !== "sign-in") await context.addCookies([{ name: "gatehouse-session", value: session, url: origin }]);
    await page.goto(origin + path);
    // What asks Discord comes after the page.
    await page
      .locator("[aria-busy='true']")
      .waitFor({ state: "detached", timeout: 15_000 })
      .catch(() => undefined);
    await page.waitForTimeout(150);
    const name = `${section}-${look.width}-${look.language}-${look.theme}`;
    const wide = await widthOf(page);
    if (wide > look.width) process.stdout.write(`${name}: ${wide} px wide in a window of ${look.width} px\n`);
    const height = Math.min(HEIGHTS_MAX, Number(await page.evaluate("document.documentElement.scrollHeight")));
    await page.setViewportSize({ width: look.width, height: Math.max(900, height) });
    await page.screenshot({ path: join(into, `${name}.png`) });
    await page.setViewportSize({ width: look.width, height: 900 });
  }
  await context.close();
}

async function widthOf(page: Page): Promise<number> {
  return Number(await page.evaluate("document.documentElement.scrollWidth"));
}
