/**
 * Text on pages that no language's words hold, looked for twice. Literal text in a template of web/ is found in the source, in
 * whatever state of a page it would be shown. What a Turkish page says word for word as the English one is data, a name, or a fault.
 */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import { GUILD } from "../support/build.ts";
import { type Dashboard, fillWorld, openDashboard } from "../support/dashboard.ts";

setDefaultTimeout(60_000);
const ROOT = join(import.meta.dir, "../..");
/** Where a value of the program stands in a template. */
const HOLE = "\0";

/** The html`…` templates of a source file, each with a hole for every value, also those inside of values. */
function templatesOf(source: string): string[] {
  const found: string[] = [];
  let at = 0;

  function template(isHtml: boolean): void {
    let text = "";
    for (at++; source[at] !== "`" && at < source.length; at++) {
      if (source[at] === "\\") text += source[++at];
      else if (source.startsWith("${", at)) {
        at += 2;
        code("}");
        text += HOLE;
      } else text += source[at];
    }
    if (isHtml) found.push(text);
  }

  /** To the end of a value, or of the file. */
  function code(end: string | null): void {
    let depth = 0;
    for (; at < source.length; at++) {
      const char = source[at];
      if (source.startsWith("//", at)) at = source.indexOf("\n", at);
      else if (source.startsWith("/*", at)) at = source.indexOf("*/", at) + 1;
      else if (char === "/" && /[(,=:[!&|?{};]\s*$/.test(source.slice(Math.max(0, at - 20), at))) {
        for (let inClass = false; source[++at] !== "/" || inClass; ) {
          if (source[at] === "\\") at++;
          else if (source[at] === "[") inClass = true;
          else if (source[at] === "]") inClass = false;
        }
      } else if (char === '"' || char === "'") {
        while (source[++at] !== char) if (source[at] === "\\") at++;
      } else if (char === "`") template(/\bhtml$/.test(source.slice(Math.max(0, at - 6), at)));
      else if (char === "{") depth++;
      else if (char === "}" && depth-- === 0 && end === "}") return;
    }
  }

  code(null);
  return found;
}

/** What a reader would read of it: text, and the attributes that are read out or shown. Code is nobody's language. */
function literalsIn(template: string): string[] {
  const visible = template.replace(/<(code|pre|script|style)\b[^>]*>.*?<\/\1>/gs, "");
  const attributes = [...visible.matchAll(/\b(?:placeholder|title|alt|aria-label|content)="([^"]*)"/g)].map(
    ([, text]) => text,
  );
  const texts = visible.replace(/<!doctype[^>]*>/gi, "").split(/<[^>]*>/);
  return [...texts, ...attributes]
    .flatMap((text = "") => text.split(HOLE))
    .map((text) => text.trim())
    .filter((text) => /\p{L}{2}/u.test(text));
}

/** Discord's own names for its fields, which it does not translate either; examples that are the same everywhere; what no reader sees. */
const SAME_EVERYWHERE: ReadonlySet<string> = new Set([
  ...["Discord Developer Portal", "Application ID", "Public Key", "Bot Token", "openapi.json"],
  ...["mode: mention", "Europe/Istanbul", "https://help.example", "https://docs.example.com", "lumen", "default"],
  ...["Gatehouse", "UTC"],
  ...["width=device-width, initial-scale=1", "light dark", "noindex, nofollow"],
]);

/** Names, and words that are the same in both languages; test/src/i18n.test.ts holds the wordings themselves against each other. */
const SAME_IN_BOTH: ReadonlySet<string> = new Set([
  ...[
    "EN",
    "TR",
    "English",
    "Türkçe",
    "CSV",
    "Plan",
    "Bot",
    "Token",
    "Discord",
    "Redis",
    "Model",
    "Interactions Endpoint URL",
  ],
  // Plans and accounts are the operator's data, in the words that they begin with.
  ...["Unlimited", "Free", "Starter", "Standard", "Pro"],
]);

test("no template of the dashboard holds text in one language", () => {
  const files = readdirSync(join(ROOT, "web"), { recursive: true })
    .map(String)
    .filter((path) => path.endsWith(".ts"));
  const templates = files.flatMap((path) =>
    templatesOf(readFileSync(join(ROOT, "web", path), "utf8")).map((text) => [path, text] as const),
  );
  expect(templates.length).toBeGreaterThan(400);
  const found = templates.flatMap(([path, text]) => literalsIn(text).map((literal) => ({ path, literal })));
  expect(found.filter(({ literal }) => !SAME_EVERYWHERE.has(literal))).toEqual([]);
  const seen = new Set(found.map(({ literal }) => literal));
  expect([...SAME_EVERYWHERE].filter((literal) => !seen.has(literal))).toEqual([]);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a source text.
  const planted = templatesOf('const x = html`<p title="${a}">${list.map((one) => html`<li>Hello ${one}</li>`)}</p>`;');
  expect(planted.flatMap(literalsIn)).toEqual(["Hello"]);
});

let dashboard: Dashboard;
let cookie = "";
beforeAll(async () => {
  dashboard = await openDashboard();
  await fillWorld(dashboard.services);
  cookie = await dashboard.signIn();
});
afterAll(() => dashboard.stop());

async function textsOf(path: string, language: string): Promise<ReadonlySet<string>> {
  const response = await dashboard.get(path, `${cookie}; gatehouse-language=${language}`);
  if (!response.headers.get("content-type")?.startsWith("text/html")) return new Set();
  const { document } = parseHTML(await response.text());
  // Code and moments are nobody's language; what people and pages said is marked by the direction it takes from itself.
  for (const one of document.querySelectorAll("code, pre, script, style, time, title, [dir=auto], .tag, .avatar, .ago"))
    one.remove();
  const texts = new Set<string>();
  const walk = (node: Node) => {
    if (node.nodeType === 3) texts.add((node.textContent ?? "").replace(/\s+/g, " ").trim());
    for (const child of node.childNodes) walk(child);
  };
  walk(document.documentElement as unknown as Node);
  for (const element of document.querySelectorAll("[placeholder], [title], [aria-label], [alt]")) {
    for (const name of ["placeholder", "title", "aria-label", "alt"]) texts.add(element.getAttribute(name) ?? "");
  }
  return texts;
}

test("what a Turkish page says as the English one does is data, or a name that is the same in both", async () => {
  const listed = dashboard.web.routes.filter(
    ({ method, path }) => method === "GET" && !path.replace("/:guild", "").includes(":"),
  );
  const paths = listed
    .map(({ path }) => path.replace(":guild", GUILD))
    .filter((path) => !/\/live$|\/events$/.test(path) || path === `/guilds/${GUILD}/live`);
  const world = readFileSync(join(ROOT, "test/support/dashboard.ts"), "utf8");
  const same: string[] = [];
  let pages = 0;
  for (const path of paths) {
    const [english, turkish] = await Promise.all([textsOf(path, "en"), textsOf(path, "tr")]);
    if (english.size > 0) pages++;
    for (const text of english) {
      if (!turkish.has(text) || !/\p{L}{2}/u.test(text)) continue;
      // Who signed in and the servers are the data of this test; a version and a measure are nobody's words.
      if (world.includes(`"${text.replace(/^#/, "")}"`) || /^(?:PostgreSQL )?[\d.,]+(?: (?:MB|ms|s))?$/.test(text))
        continue;
      if (!SAME_IN_BOTH.has(text) && !SAME_EVERYWHERE.has(text)) same.push(`${path}: ${text}`);
    }
  }
  expect(same).toEqual([]);
  expect(pages).toBeGreaterThan(25);
});
