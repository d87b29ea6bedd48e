/** What a parser can reach: tried by a program in its place, and looked at on the extractor's own child. */
import { expect } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { systemClock } from "../../../../src/clock.ts";
import { createExtractor } from "../../../../src/knowledge/extract.ts";
import { landlock } from "../../../support/landlock.ts";
import { needing } from "../../../support/needing.ts";

const { afterAll, test } = needing(landlock(), "Landlock");

const ROOT = resolve(import.meta.dir, "../../../..");
const CONFINE = join(ROOT, "src/knowledge/extract/confine.ts");
const PROBE = join(ROOT, "test/support/confined.ts");
const folder = mkdtempSync(join(tmpdir(), "gatehouse-key-"));
const secret = join(folder, "key");
writeFileSync(secret, "00".repeat(32));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function tried(command: readonly string[]) {
  using server = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const env = { SECRET: secret, PARENT: String(process.pid), PORT: String(server.port) };
  const { stdout } = Bun.spawn([process.execPath, ...command], { env, stdout: "pipe", stderr: "inherit" });
  return JSON.parse(await new Response(stdout).text()) as Record<string, boolean>;
}

test("nothing in the extractor's child opens a file of the data directory, another's environment or a connection", async () => {
  const nothing = { file: false, later: false, bun: false, worker: false, child: false };
  expect(await tried([CONFINE, PROBE])).toEqual({
    ...{ own: true, ...nothing, environment: false, write: false, connect: false },
  });
}, 60_000);

test("the same program can all of it where it is not confined", async () => {
  expect(Object.values(await tried([PROBE]))).not.toContain(false);
}, 60_000);

test("the extractor's own child is confined", async () => {
  const extractor = createExtractor(systemClock);
  const found = await extractor.extract(new TextEncoder().encode("# Pairing\n\nHold it."), { path: "a.md" });
  expect(found).toMatchObject({ text: "# Pairing\n\nHold it." });
  const children = readdirSync("/proc/self/task").flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, "utf8").split(" ").filter(Boolean),
  );
  // Other tests of this run may have children of their own, and one may end while it is looked at.
  const of = (pid: string, file: string) => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, "utf8");
    } catch {
      return "";
    }
  };
  const confined = children
    .filter((pid) => of(pid, "cmdline").includes("extract/child.ts"))
    .map((pid) => /NoNewPrivs:\s*(\d)/.exec(of(pid, "status"))?.[1] ?? "gone");
  expect([...new Set(confined)].filter((state) => state !== "gone")).toEqual(["1"]);
  extractor.close();
}, 60_000);
