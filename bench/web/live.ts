/**
 * Two hundred live pages open at once on one server while its members talk: processor time and memory of the dashboard, with the two
 * hundred readers in a process of their own (readers.ts). Each second a conversation changes, and every page that shows it is told.
 */
import { join } from "node:path";
import { GUILD } from "../../test/support/build.ts";
import { converse, fillWorld, openDashboard } from "../../test/support/dashboard.ts";
import { atMost, result, type SuiteOptions, type SuiteReport } from "../suite.ts";

const PAGES = 200;
/** A person's share of streams. */
const PAGES_A_PERSON = 20;
const SECONDS = 20;
const SECONDS_QUICK = 8;
const MEMORY_BYTES_MAX = 100 * 1024 * 1024;
const PAGE_BYTES_MAX = 200_000;

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
    const stream = `${dashboard.web.url}/guilds/${GUILD}/live/stream`;
    const readers = Bun.spawn(
      [process.execPath, join(import.meta.dir, "readers.ts"), stream, String(PAGES), ...cookies],
      { stdout: "pipe", stderr: "inherit" },
    );
    let events = 0;
    const told = (async () => {
      const decoder = new TextDecoder();
      for await (const bytes of readers.stdout) events = Number(decoder.decode(bytes).trim().split("\n").at(-1));
      throw new Error("the readers ended");
    })();
    told.catch(() => {});
    while (events < PAGES) await Promise.race([told, Bun.sleep(20)]);
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
    readers.kill();
    await readers.exited;
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
        atMost("one more open page", PAGE_BYTES_MAX, grownBytes / PAGES, "bytes"),
      ],
    };
  } finally {
    await dashboard.stop();
  }
}
