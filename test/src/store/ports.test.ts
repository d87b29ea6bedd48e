import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { newPort, portIfFree } from "../../../src/store/embedded/ports.ts";
import { seededRandom } from "../../support/simulated-clock.ts";

const LET_IN = 20;
/** Calls again and again; whoever is let in says so, and waits for an answer for as long as it takes. */
const CALLER = `
  const { connect } = require("node:net");
  const waiting = [];
  setInterval(() => {
    for (let n = 0; n < 8; n++) {
      const caller = connect(Number(process.argv[1]), "127.0.0.1", () => process.stdout.write("."));
      caller.on("error", () => {});
      waiting.push(caller);
    }
  }, 1);
`;

test("a port is found free beside callers who wait for an answer and never leave by themselves", async () => {
  const port = portIfFree(0) ?? 0;
  await using caller = Bun.spawn([process.execPath, "-e", CALLER, String(port)], { stdout: "pipe" });
  let letIn = 0;
  const reading = (async () => {
    for await (const dots of caller.stdout) letIn += dots.length;
  })();
  while (letIn < LET_IN) {
    for (let n = 0; n < 50; n++) expect(portIfFree(port)).toBe(port);
    await Bun.sleep(1);
  }
  caller.kill();
  await reading;
});

test("a port that somebody listens at is taken, and free when they have left", () => {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  expect(portIfFree(listener.port)).toBeNull();
  listener.stop(true);
  expect(portIfFree(listener.port)).toBe(listener.port);
});

test("a new port is none that an outgoing connection is given, and none that is taken", () => {
  const range = "/proc/sys/net/ipv4/ip_local_port_range";
  const [first = 32_768, last = 65_535] = existsSync(range) ? readFileSync(range, "utf8").split(/\s+/).map(Number) : [];
  const listeners = Array.from({ length: 20 }, () => {
    // Each draws the same ports again.
    const port = newPort({ chance: seededRandom(7) });
    expect(port < first || port > last).toBe(true);
    return Bun.listen({ hostname: "127.0.0.1", port, socket: { data() {} } });
  });
  expect(new Set(listeners.map(({ port }) => port)).size).toBe(20);
  for (const listener of listeners) listener.stop(true);
});
