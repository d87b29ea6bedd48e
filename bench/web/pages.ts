/**
 * Every page of the navigation, one transcript, one case and the searches over a deployment with a past (fill.ts), 50 requests a
 * second in turns, for an operator of all its servers. Measured from the request to the last byte, with the reader in the same
 * process; sizes as they cross the wire, gzipped. `--set database=URL` fills that database where it is empty, and keeps it for the next run.
 */
import postgres from "postgres";
import { GUILD } from "../../test/support/build.ts";
import { fillWorld, openDashboard } from "../../test/support/dashboard.ts";
import { PAGES } from "../../web/pages.ts";
import { ownWordOf, wordOf } from "../moderation-log/fill.ts";
import { atMost, type Goal, percentile, type Result, result, type SuiteOptions, type SuiteReport } from "../suite.ts";
import { conversationOf, fillDeployment, type Size, TURNS_A_CONVERSATION } from "./fill.ts";

const SIZE: Size = { turns: 1_000_000, cases: 1_000_000, guilds: 2_000 };
const SIZE_QUICK: Size = { turns: 100_000, cases: 100_000, guilds: 200 };
const EVERY_MS = 20;
/** Requests of each kind that count, after the first few. */
const TIMES = 100;
const TIMES_QUICK = 20;
const WARM_UP = 5;
const PAGE_MS_MAX = 30;
const SEARCH_MS_MAX = 100;
const FIRST_BYTE_MS_MAX = 100;
const PAGE_BYTES_MAX = 30_000;
const ALL_BYTES_MAX = 60_000;

type Kind = { readonly name: string; readonly search: boolean; readonly path: (n: number) => string };
type Asked = { readonly kind: Kind; readonly firstMs: number; readonly lastMs: number; readonly bytes: number };

export async function measurePages(options: SuiteOptions): Promise<SuiteReport> {
  const size = options.quick ? SIZE_QUICK : SIZE;
  const kept = options.set.database;
  const dashboard = await openDashboard(kept === undefined ? {} : { databaseUrl: kept });
  const sql = postgres(dashboard.services.config.databaseUrl ?? "", { max: 1, onnotice: () => {} });
  try {
    const filling: Result[] = [];
    if ((await dashboard.services.store.guilds.get(GUILD)) === null) {
      await fillWorld(dashboard.services);
      options.progress(`writing ${size.turns} turns, ${size.cases} cases, ${size.guilds} servers`);
      const beganAtMs = performance.now();
      await fillDeployment(sql, GUILD, size, dashboard.services.clock.now());
      filling.push(result("writing the past", "s", (performance.now() - beganAtMs) / 1_000));
    }
    // Afterwards: a session ends after an hour.
    const cookie = await dashboard.signIn();
    const kinds = kindsOf(size);
    const times = options.quick ? TIMES_QUICK : TIMES;
    const asked: Asked[] = [];
    let late = 0;

    const ask = async (kind: Kind, n: number) => {
      const beganAtMs = performance.now();
      const headers = { cookie, "accept-encoding": "gzip" };
      const response = await fetch(dashboard.web.url + kind.path(n), {
        headers,
        redirect: "manual",
        decompress: false,
      });
      const firstMs = performance.now() - beganAtMs;
      const bytes = (await response.arrayBuffer()).byteLength;
      // Past the store's deadline the page says so with 503: the goal is missed then, and the time counts.
      if (response.status !== 200 && response.status !== 503)
        throw new Error(`${kind.path(n)} answered ${response.status} ${response.headers.get("location") ?? ""}`);
      if (response.status === 503) late++;
      if (n >= WARM_UP) asked.push({ kind, firstMs, lastMs: performance.now() - beganAtMs, bytes });
    };
    const rounds = times + WARM_UP;
    const waiting: Promise<void>[] = [];
    for (let n = 0; n < rounds; n++) {
      options.progress("asking", n / rounds);
      for (const kind of kinds) {
        waiting.push(ask(kind, n));
        await Bun.sleep(EVERY_MS);
      }
    }
    await Promise.all(waiting);
    const assets = await assetBytes(dashboard.web.url, cookie);
    const report = reportOf(kinds, asked, late, assets);
    return { ...report, results: [...filling, ...report.results] };
  } finally {
    await sql.end();
    await dashboard.stop();
  }
}

function kindsOf(size: Size): readonly Kind[] {
  const talks = size.turns / TURNS_A_CONVERSATION;
  const base = `/guilds/${GUILD}`;
  const page = (name: string, path: Kind["path"]): Kind => ({ name, search: false, path });
  const search = (name: string, path: Kind["path"]): Kind => ({ name, search: true, path });
  return [
    ...PAGES.flatMap(({ section, entry }) =>
      entry === null ? [] : [page(section, () => entry.path.replace(":guild", GUILD))],
    ),
    page("a transcript", (n) => `${base}/conversations/${conversationOf(1 + spread(n, talks))}`),
    page("a case", (n) => `${base}/moderation/case${1 + spread(n, size.cases)}`),
    page("cases, any place", (n) => `${base}/moderation?before=${1 + spread(n, size.cases)}`),
    page("answers and silences", () => `${base}/decisions?kind=any`),
    search("conversations with one text", (n) => `${base}/conversations?q=${ownWordOf(1 + spread(n, size.turns))}`),
    search("conversations with a word", (n) => `${base}/conversations?q=${wordOf(n)}`),
    search("cases with one text", (n) => `${base}/moderation?text=${ownWordOf(1 + spread(n, size.cases))}`),
    search("the whole server, one text", (n) => `${base}/search?q=${ownWordOf(1 + spread(n, size.turns))}`),
    search("the whole server, a word", (n) => `${base}/search?q=${wordOf(n)}`),
  ];
}

/** Numbers all over the past, the same in every run. Case ids of multiples of 20 are other servers'. */
function spread(n: number, below: number): number {
  const at = (Math.imul(n + 1, 0x9e3779b1) >>> 0) % below;
  return at % 20 === 19 ? Math.max(0, at - 1) : at;
}

/** Everything that a page brings along, once, gzipped. */
async function assetBytes(url: string, cookie: string): Promise<number> {
  const text = await (await fetch(`${url}/guilds/${GUILD}`, { headers: { cookie } })).text();
  const paths = new Set([...text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path));
  let bytes = 0;
  for (const path of paths) {
    const response = await fetch(url + path, { headers: { "accept-encoding": "gzip" }, decompress: false });
    bytes += (await response.arrayBuffer()).byteLength;
  }
  return bytes;
}

function reportOf(kinds: readonly Kind[], asked: readonly Asked[], late: number, assets: number): SuiteReport {
  const results: Result[] = [];
  const goals: Goal[] = [];
  for (const kind of kinds) {
    const own = asked.filter((one) => one.kind === kind);
    const times = own.map(({ lastMs }) => lastMs);
    const p99 = percentile(times, 0.99);
    results.push(result(`${kind.name}: middle`, "ms", ...times), result(`${kind.name}: p99`, "ms", p99));
    goals.push(atMost(`${kind.name}: p99`, kind.search ? SEARCH_MS_MAX : PAGE_MS_MAX, p99, "ms"));
  }
  const largest = Math.max(...asked.map(({ bytes }) => bytes));
  const first = percentile(
    asked.map(({ firstMs }) => firstMs),
    0.99,
  );
  results.push(
    result("first byte, all pages: p99", "ms", first),
    result("largest page, gzipped", "bytes", largest),
    result("largest page with all assets, gzipped", "bytes", largest + assets),
    result("pages past the store's deadline", "count", late),
  );
  goals.push(
    atMost("first byte: p99", FIRST_BYTE_MS_MAX, first, "ms"),
    atMost("a page, gzipped", PAGE_BYTES_MAX, largest, "bytes"),
    atMost("a page with all assets, gzipped", ALL_BYTES_MAX, largest + assets, "bytes"),
  );
  return { results, goals };
}
