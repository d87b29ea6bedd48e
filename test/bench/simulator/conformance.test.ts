/**
 * discord.js, which nobody here wrote, logs in to the simulator and uses it: bench/peers/conformance.ts.
 * Runs where the peers are installed (`cd bench/peers && bun install`), so in CI.
 */
import { expect } from "bun:test";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { needing } from "../../support/needing.ts";
import { lacking } from "../../support/not-run.ts";

const PEERS = resolve(import.meta.dir, "../../../bench/peers");

const installed = existsSync(join(PEERS, "node_modules/discord.js/package.json")) || lacking("the bench's peers");

needing(installed, "the bench's peers").test(
  "discord.js works against the simulator unchanged",
  async () => {
    const run = Bun.spawn([process.execPath, "conformance.ts"], { cwd: PEERS, stdout: "pipe", stderr: "pipe" });
    const [output, errors, code] = await Promise.all([
      new Response(run.stdout).text(),
      new Response(run.stderr).text(),
      run.exited,
    ]);
    expect(`${output}${errors}`).not.toContain("FAIL");
    expect(output).toMatch(/\d{2} passed, 0 failed/);
    expect(code).toBe(0);
  },
  120_000,
);
