/** Whatever bench/simulator/README.md tells a reader to type does what it says: every line of it, by bash and curl. */
import { afterAll, beforeAll, expect, setDefaultTimeout } from "bun:test";
import { resolve } from "node:path";
import { type GroqStandIn, startGroq } from "../../../bench/simulator/groq.ts";
import { type Simulator, startSimulator } from "../../../bench/simulator/simulator.ts";
import { type TemporaryFolder, temporaryFolder } from "../../support/folder.ts";
import { needing } from "../../support/needing.ts";
import { lacking } from "../../support/not-run.ts";

setDefaultTimeout(60_000);

const README = resolve(import.meta.dir, "../../../bench/simulator/README.md");
/** The one line whose answer is an error there: nobody answered the command with a modal. */
const REFUSED = "/interactions/modal";

let simulator: Simulator;
let groq: GroqStandIn;
let folder: TemporaryFolder;

beforeAll(async () => {
  folder = temporaryFolder("readme");
  simulator = startSimulator({
    interactions: { ackMs: 20 },
    community: { guild: { name: "Small town" }, channels: [], members: [], roles: [], script: [], loop: false },
  });
  groq = await startGroq();
  const { api, controlUrl, bots } = simulator;
  await Bun.write(`${folder.path}/sim.json`, JSON.stringify({ api, control: controlUrl, bots, groq: groq.url }));
});
afterAll(async () => {
  await Promise.all([simulator.stop(), groq.stop()]);
  folder.remove();
});

/** The lines of the README's shell blocks, but for those that start the simulator. */
async function script(): Promise<string> {
  const text = await Bun.file(README).text();
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) => block);
  return blocks.filter((block) => !block.includes("bun run sim")).join("\n");
}

const shell = (Bun.which("curl") && Bun.which("bash")) ?? lacking("curl and bash");

needing(shell, "curl and bash").test("every line works as it is written, and its answers are no errors", async () => {
  const lines = await script();
  expect(lines.match(/\bcurl /g)?.length).toBeGreaterThan(60);
  // Every request with its status on stderr, so that an error names its line.
  const counted = `bun() { "${process.execPath}" "$@"; }
curl() { command curl -w '%{stderr}%{http_code} %{method} %{url}\\n' "$@"; }
${lines}`;
  const run = Bun.spawn(["bash", "-u", "-c", counted], { cwd: folder.path, stdout: "pipe", stderr: "pipe" });
  const [output, errors] = await Promise.all([new Response(run.stdout).text(), new Response(run.stderr).text()]);
  await run.exited;
  const requests = errors.trim().split("\n");
  expect(requests.filter((line) => !/^2\d\d /.test(line) && !line.includes(REFUSED))).toEqual([]);
  expect(requests.length).toBe(lines.match(/\bcurl /g)?.length ?? 0);
  expect(output).toContain("Hold the button.");
  expect(output).toContain("how do I reset it?");
});
