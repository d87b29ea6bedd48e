/**
 * What a page is asked with is a stranger's word: cursors, filters and ids of every page, forged in every way, are a page or a
 * refusal and never a failure of ours. The names are read from the pages' own code, so that a new one is tried too.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { GUILD } from "../support/build.ts";
import { type Dashboard, fillWorld, openDashboard } from "../support/dashboard.ts";

const FORGED = [
  ...["", "0", "-1", "1.5", "NaN", "Infinity", "1e400", "0x10", "'; drop table turns; --", "%", "\0", "\ud800"],
  ...["9".repeat(30), "9223372036854775808", "2147483648", "99999999999999999999.1", "8640000000000001.1", "1."],
  ...[
    ".1",
    "1.2.3",
    `1.${"f".repeat(32)}`,
    `-1.${"0".repeat(32)}`,
    `${Date.now()}.${"z".repeat(32)}`,
    "9.99999999999999999",
  ],
  ...[
    "2026-13-45",
    "0000-00-00",
    "275760-09-14",
    "../../etc/passwd",
    "x".repeat(3_000),
    "[object Object]",
    "__proto__",
  ],
];

let dashboard: Dashboard;
let cookie: string;
let names: readonly string[];

beforeAll(async () => {
  dashboard = await openDashboard({ environment: { METRICS_TOKEN: "" } });
  await fillWorld(dashboard.services);
  cookie = await dashboard.signIn();
  const found = new Set<string>();
  for await (const file of new Bun.Glob("web/**/*.ts").scan(`${import.meta.dir}/../..`)) {
    const source = await Bun.file(`${import.meta.dir}/../../${file}`).text();
    const asked =
      /(?:field\(\s*(?:\w+\.)*(?:searchParams|search|query)\s*,\s*|(?:searchParams|search)\.(?:get|has)\(\s*)"(\w+)"/g;
    for (const [, name = ""] of source.matchAll(asked)) found.add(name);
  }
  names = [...found];
}, 60_000);
afterAll(() => dashboard.stop(), 30_000);

async function statusOf(path: string): Promise<number> {
  const response = await dashboard.get(path, cookie);
  await response.body?.cancel();
  return response.status;
}

const pages = () => dashboard.web.routes.filter(({ method, path }) => method === "GET" && path !== "/readyz");

test("queries: every name that a page reads, all at once and the cursor alone", async () => {
  expect(names).toEqual(expect.arrayContaining(["before", "kind", "channel", "q", "saved"]));
  const failed: string[] = [];
  for (const { path } of pages()) {
    const at = path.replace(":guild", GUILD).replace(/:\w+/g, "1");
    for (const value of FORGED) {
      const all = new URLSearchParams(names.map((name) => [name, value]));
      for (const query of [all, new URLSearchParams({ before: value })]) {
        const status = await statusOf(`${at}?${query}`);
        if (status >= 500) failed.push(`${path} ${status} ${value.slice(0, 40)}`);
      }
    }
  }
  expect(failed).toEqual([]);
}, 300_000);

test("ids in a path", async () => {
  const failed: string[] = [];
  for (const { path } of pages().filter((one) => one.path.includes(":"))) {
    for (const value of FORGED) {
      const id = encodeURIComponent(value.toWellFormed()).replaceAll(".", "%2E") || "%20";
      for (const at of [path.replace(/:\w+/g, id), path.replace(":guild", GUILD).replace(/:\w+/g, id)]) {
        const status = await statusOf(at);
        if (status >= 500) failed.push(`${path} ${status} ${value.slice(0, 40)}`);
      }
    }
  }
  expect(failed).toEqual([]);
}, 300_000);
