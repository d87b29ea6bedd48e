/**
 * Two hundred live pages open at once on one server while its members talk: processor time and memory, with the two hundred
 * readers in the same process, so that the figures are an upper bound. Each second a conversation changes, and every page that
 * shows it is told.
 */

import { GUILD } from "../../test/support/build.ts";
import { converse, fillWorld, openDashboard } from "../../test/support/dashboard.ts";
import { result, type SuiteOptions, type SuiteReport } from "../suite.ts";

const PAGES = 200;
/** A person's share of streams. */
const PAGES_A_PERSON = 20;
const SECONDS = 20;
const SECONDS_QUICK = 8;
const MEMORY_BYTES_MAX = 100 * 1024 * 1024;

export async function measureLive(options: SuiteOptions): Promise<SuiteReport> {
  const dashboard = await openDashboard();
  try {
    await fillWorld(dashboard.services);
    const cookies: string[] = [];
    for (let agent = 0; agent < PAGES / PAGES_A_PERSON; agent++) {
      const id = `agent-${agent}`;
      cookies.push(await dashboard.signIn({ id, name: id, operator: false }));
      await dashboard.services.store.people.setRole(id, GUILD, "agent");
    }
    const seconds = options.quick ? SECONDS_QUICK : SECONDS;
    options.progress("opening pages", 0);
    Bun.gc(true);
    const startBytes = process.memoryUsage().rss;
    const abort = new AbortController();
    let events = 0;
    const readers = Array.from({ length: PAGES }, async (_, page) => {
      const cookie = cookies[page % cookies.length] ?? "";
      const stream = await fetch(`${dashboard.web.url}/guilds/${GUILD}/live/stream`, {
        ...{ headers: { cookie }, signal: abort.signal },
      });
      if (!stream.ok) throw new Error(`a page was refused with ${stream.status}`);
      for await (const bytes of stream.body ?? []) {
        if (new TextDecoder().decode(bytes).includes("data:")) events++;
      }
    });
    const running = Promise.all(readers);
    while (events < PAGES) await Promise.race([running, Bun.sleep(20)]);
    const before = process.cpuUsage();
    const beganAtMs = performance.now();
    for (let second = 0; second < seconds; second++) {
      options.progress(`${events} parts told`, second / seconds);
      await converse(dashboard.services, { name: "Ada", question: `question ${second}`, answer: `answer ${second}` });
      await Bun.sleep(1_000);
    }
    const { user, system } = process.cpuUsage(before);
    const tookMs = performance.now() - beganAtMs;
    Bun.gc(true);
    const grownBytes = process.memoryUsage().rss - startBytes;
    abort.abort();
    await Promise.allSettled(readers);
    const cores = (user + system) / 1_000 / tookMs;
    return {
      results: [
        result("processor cores for 200 pages", "cores", cores),
        result("memory for 200 pages", "bytes", grownBytes),
        result("one more open page", "bytes", grownBytes / PAGES),
        result("parts told", "count", events),
      ],
      goals: [
        { name: "200 pages: less than one core", goal: "< 1", value: cores, met: cores < 1 },
        {
          ...{ name: "200 pages: memory", goal: "≤ 100 MB" },
          ...{ value: grownBytes, met: grownBytes <= MEMORY_BYTES_MAX },
        },
      ],
    };
  } finally {
    await dashboard.stop();
  }
}
