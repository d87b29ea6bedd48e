/** The report as a person makes it: files in, one page out that needs nothing else. */
import { afterAll, expect, test } from "bun:test";
import { join } from "node:path";
import { timesMet } from "../../../bench/report/chart.ts";
import { atLeast, atMost, result } from "../../../bench/suite.ts";
import { openBrowser } from "../../support/browser.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { needing } from "../../support/needing.ts";

const MAIN = join(import.meta.dir, "../../../bench/run.ts");
const folder = temporaryFolder("report");
afterAll(() => folder.remove());

async function write(name: string, content: unknown): Promise<string> {
  const path = join(folder.path, name);
  await Bun.write(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

async function report(...args: readonly string[]) {
  const child = Bun.spawn([process.execPath, MAIN, "report", ...args], { stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { code: await child.exited, stdout, stderr };
}

const RUN = {
  suite: "gateway",
  commit: "0123456789ab",
  machine: "2 × <b>CPU</b>",
  results: [
    result("mention & silence", "frames/s", 500_000, 510_000, 520_000),
    result("verdict p99", "ms", 1.2, 1.4, 1.9),
    result("a <script>alert(1)</script>", "count", 3),
    { ...result("never measured", "ms", 1), value: null, min: null, max: null },
    result("the smallest", "frames/s", 12),
  ],
  goals: [atLeast("mention & silence", 400_000, 510_000), atMost("verdict p99", 1, 1.4, "ms"), atMost("lost", 0, 0)],
};
const EARLIER = {
  ...RUN,
  commit: "ba9876543210",
  results: [result("mention & silence", "frames/s", 700_000, 720_000)],
};

test("is one page with charts and the same figures in tables, that asks for nothing", async () => {
  const out = join(folder.path, "deep/report.html");
  const now = await write("now.json", [RUN, { ...RUN, suite: "memory" }]);
  const { code, stdout } = await report(now, "--against", await write("before.json", EARLIER), "--out", out);
  expect(code).toBe(0);
  expect(stdout).toContain("gateway: mention & silence: 720,000 frames/s → 510,000 frames/s (−29 % slower)");
  expect(stdout).toContain("goals: 4 of 6 met");
  const text = await Bun.file(out).text();
  expect(text).not.toMatch(/<script|<link|src=|url\(|@import|https?:\/\//);
  for (const told of [
    "0123456789ab",
    "ba9876543210",
    "2 × &lt;b&gt;CPU",
    "510,000 frames/s",
    "not measured",
    "−29 % slower",
  ]) {
    expect(text).toContain(told);
  }
}, 60_000);

const browser = await openBrowser();

needing(browser, "Chromium").test(
  "shows in a browser what it holds, in the dark too, within its window",
  async () => {
    if (browser === null) throw new Error("no browser");
    const out = join(folder.path, "shown/report.html");
    const now = await write("shown.json", [RUN, { ...RUN, suite: "memory" }]);
    const { code } = await report(now, "--against", await write("earlier.json", EARLIER), "--out", out);
    expect(code).toBe(0);
    const page = await browser.newPage({ colorScheme: "dark", viewport: { width: 1_000, height: 800 } });
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("request", (request) => {
      if (!request.url().startsWith("file:")) complaints.push(request.url());
    });
    await page.goto(`file://${out}`);
    expect(await page.getByRole("heading", { name: "Goals: 4 of 6 met" }).isVisible()).toBe(true);
    expect(await page.locator("svg .bar").count()).toBeGreaterThan(5);
    expect(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")).toBe(0);
    expect(complaints).toEqual([]);
    await browser.close();
  },
  60_000,
);

test("names the file that is not what bench writes, and why", async () => {
  for (const [name, content, why] of [
    ["broken.json", "{", "cannot be read as JSON"],
    ["other.json", { hello: 1 }, "is not what"],
  ] as const) {
    const { code, stderr } = await report(await write(name, content));
    expect(code).toBe(1);
    expect(stderr).toContain(name);
    expect(stderr).toContain(why);
  }
  expect((await report(join(folder.path, "absent.json"))).stderr).toContain("absent.json");
});

test("a goal is met by so many times, whichever way it points", () => {
  expect(timesMet(atLeast("x", 2, 4))).toBe(2);
  expect(timesMet(atMost("x", 10, 5, "ms"))).toBe(2);
  expect(timesMet(atMost("x", 10, 20, "ms"))).toBe(0.5);
  expect(timesMet(atMost("x", 0, 0))).toBe(1);
  expect(timesMet(atMost("x", 0, 3))).toBe(0);
});
