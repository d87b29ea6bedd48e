/**
 * discord.js, which nobody here wrote, logs in to the simulator and uses it: bench/peers/conformance.ts.
 * Runs where the peers are installed (`cd bench/peers && bun install`), so in CI; elsewhere it says that it did not run.
 */
import { expect, test } from "bun:test";
import { join, resolve } from "node:path";

const PEERS = resolve(import.meta.dir, "../../../bench/peers");

test("discord.js works against the simulator unchanged", async () => {
  if (!(await Bun.file(join(PEERS, "node_modules/discord.js/package.json")).exists())) {
    process.stdout.write("did not run: conformance (the peers are not installed: cd bench/peers && bun install)\n");
    if (Bun.env.CI === "true") throw new Error("CI needs the peers");
    return;
  }
  const run = Bun.spawn([process.execPath, "conformance.ts"], { cwd: PEERS, stdout: "pipe", stderr: "pipe" });
  const [output, errors, code] = await Promise.all([
    new Response(run.stdout).text(),
    new Response(run.stderr).text(),
    run.exited,
  ]);
  expect(`${output}${errors}`).not.toContain("FAIL");
  expect(output).toMatch(/\d{2} passed, 0 failed/);
  expect(code).toBe(0);
}, 120_000);
