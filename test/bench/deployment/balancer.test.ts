import { expect, test } from "bun:test";
import { startBalancer } from "../../../bench/deployment/balancer.ts";
import { freePort } from "../../../bench/simulator/free-port.ts";

test("a request goes on to the next process where nobody listens, with its body; where none is left it is answered 502", async () => {
  const served = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) => new Response(await request.text()),
  });
  let targets = [`http://127.0.0.1:${freePort()}`, served.url.origin];
  const balancer = startBalancer(() => targets);
  try {
    for (let n = 0; n < 4; n++) {
      const answer = await fetch(`${balancer.origin}/x`, { method: "POST", body: `said ${n}` });
      expect([answer.status, await answer.text()]).toEqual([200, `said ${n}`]);
    }
    targets = targets.slice(0, 1);
    expect((await fetch(balancer.origin)).status).toBe(502);
  } finally {
    await balancer.stop();
    await served.stop(true);
  }
});
