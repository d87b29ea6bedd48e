/** What a thread loads before anything is asked of it: each package costs memory in every worker, and processor at every start. */
import { describe, expect, test } from "bun:test";
import { join, relative } from "node:path";

const ROOT = join(import.meta.dir, "../..");

/** Of a process that imports these modules and nothing else. */
async function loadedWith(...modules: readonly string[]) {
  const imports = modules.map((module) => `await import(${JSON.stringify(join(ROOT, module))});`);
  const tell = "console.log(Object.keys(require.cache).join('\\n')); process.exit();";
  const child = Bun.spawn([process.execPath, "-e", `${imports.join(" ")} ${tell}`], { stdout: "pipe", cwd: ROOT });
  const paths = (await new Response(child.stdout).text()).split("\n").filter(Boolean);
  const files = paths.map((path) => relative(ROOT, path));
  const packages = files.flatMap((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
  return { files, packages: [...new Set(packages)].sort() };
}

/** pino with what it brings. */
const LOG = [
  ...["@pinojs/redact", "atomic-sleep", "on-exit-leak-free", "pino", "pino-std-serializers", "quick-format-unescaped"],
  ...["safe-stable-stringify", "sonic-boom", "thread-stream"],
];
const TEXT = ["@orama/stemmers", "eld", "opencc-js", "stopword"];
const STORE = ["drizzle-orm", "postgres"];
const ELSE = ["@opentelemetry/api", "cockatiel", "zod"];

describe("a worker", () => {
  test("loads packages that answers need, and no other", async () => {
    const { files, packages } = await loadedWith("shards/worker.ts");
    expect(packages).toEqual([...LOG, ...TEXT, ...STORE, ...ELSE, "re2js"].sort());
    expect(files.filter((file) => /^node_modules\/stopword\//.test(file))).toHaveLength(13);
    expect(files).not.toContain("src/store/embedded.ts");
    expect(files).not.toContain("src/store/sql/backup.ts");
  });
});

describe("the main thread of a gateway", () => {
  test("loads no page of the dashboard, and nothing that reads messages", async () => {
    const { files, packages } = await loadedWith("shards/cli/roles.ts", "shards/process.ts", "web/server.ts");
    const discord = ["@discordjs/collection", "@discordjs/util", "@discordjs/ws", "discord-api-types"];
    const broughtByDiscord = ["@sapphire/async-queue", "@vladfrangu/async_event_emitter"];
    const http = ["@sinclair/typebox", "cookie", "elysia", "exact-mirror", "fast-decode-uri-component", "memoirist"];
    const metrics = ["bintrees", "prom-client", "tdigest"];
    const own = [...discord, ...broughtByDiscord, ...http, ...metrics, "commander"];
    expect(packages).toEqual([...LOG, ...TEXT, ...STORE, ...ELSE, ...own].sort());
    expect(
      files.filter((file) => /^web\/.*\/page\.ts$|^src\/(?:prefilter|smart|pipeline)(?:\/|\.ts$)/.test(file)),
    ).toEqual([]);
  });
});

test("a role and `gatehouse ask` load nothing of their work before their options are read", async () => {
  const { packages, files } = await loadedWith("shards/cli/roles.ts", "shards/cli/ask.ts");
  expect(packages).toEqual(["commander"]);
  expect(files.filter((file) => /^(?:src|web)\//.test(file)).sort()).toEqual([
    ...["src/clock.ts", "src/config.ts", "src/errors.ts"],
  ]);
});
