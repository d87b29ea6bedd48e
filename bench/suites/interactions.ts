/**
 * Does the interactions endpoint answer in time? 200 signed uses of /ask a second against `gatehouse web`, in extractive mode,
 * so that all the work behind a deferral (knowledge base, answer, database, edit) runs in the very process that must answer the
 * next one. Beside it, in turns, a bare Bun.serve that verifies and defers. `--set rate=N`, `--set seconds=N`.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readJsonLines } from "../data.ts";
import { answered, type House, openHouse } from "../interactions/house.ts";
import { makeKeys, type Responses, send, signAsks } from "../interactions/load.ts";
import { atMost, percentile, result, type Suite, type SuiteOptions } from "../suite.ts";

const APPLICATION = "500000000000000001";
const GUILD = "100000000000000001";
const RATE = 200;
const P99_MS_MAX = 500;
/** Past the deadline of an answer. */
const ANSWERS_MS_MAX = 20_000;

type Round = Responses & { readonly cpuMs: number };

export const suite: Suite = {
  name: "interactions",
  description:
    "200 signed /ask a second, answered without a model: first response and answer, beside a bare Bun.serve; --set rate=N seconds=N",
  async run(options) {
    const keys = makeKeys();
    const peer = await startPeer(keys.publicKey);
    const house = await openHouse(keys, APPLICATION, GUILD);
    try {
      const questions = await loadQuestions();
      const rate = Number(options.set.rate ?? RATE);
      const asks = (seconds: number) =>
        signAsks(Math.ceil(rate * seconds), keys, { application: APPLICATION, guild: GUILD, questions });
      // The first of everything is slow: connections, the index, code that was never run.
      await send(peer.url, asks(0.5), rate);
      const warm = await send(house.url, asks(0.5), rate);
      await answered(house, warm.sentAtMs.keys(), ANSWERS_MS_MAX);
      return await measure(options, rate, asks, house, peer);
    } finally {
      await house.stop();
      await peer.stop();
    }
  },
};

async function measure(
  options: SuiteOptions,
  rate: number,
  asks: (seconds: number) => ReturnType<typeof signAsks>,
  house: House,
  peer: Awaited<ReturnType<typeof startPeer>>,
) {
  const rounds = options.quick ? 2 : 5;
  const seconds = Number(options.set.seconds ?? (options.quick ? 3 : 10));
  const ours: Round[] = [];
  const theirs: Round[] = [];
  const answerMs: number[] = [];
  let unanswered = 0;
  for (let n = 0; n < rounds; n++) {
    options.progress("a bare endpoint", n / rounds);
    theirs.push(await round(peer.pid, () => send(peer.url, asks(seconds), rate)));
    options.progress("gatehouse web", (n + 0.5) / rounds);
    const mine = await round(house.pid, async () => {
      const sent = await send(house.url, asks(seconds), rate);
      unanswered += sent.sentAtMs.size - (await answered(house, sent.sentAtMs.keys(), ANSWERS_MS_MAX));
      return sent;
    });
    ours.push(mine);
    for (const [token, sentAtMs] of mine.sentAtMs) {
      const atMs = house.answeredAtMs.get(token);
      if (atMs !== undefined) answerMs.push(atMs - sentAtMs);
    }
  }
  const p = (of: readonly Round[], share: number) => of.map(({ tookMs }) => percentile(tookMs, share));
  const cpu = (of: readonly Round[]) => of.map(({ cpuMs, tookMs }) => cpuMs / tookMs.length);
  const wrong = (of: readonly Round[]) => of.flatMap((one) => [...one.wrong.values()]).reduce((a, b) => a + b, 0);
  return {
    results: [
      result("first response: p50", "ms", ...p(ours, 0.5)),
      result("first response: p99", "ms", ...p(ours, 0.99)),
      result("first response: slowest", "ms", ...p(ours, 1)),
      result("first response, bare: p50", "ms", ...p(theirs, 0.5)),
      result("first response, bare: p99", "ms", ...p(theirs, 0.99)),
      result("first response, bare: slowest", "ms", ...p(theirs, 1)),
      result("answer, without a model, edited in: p50", "ms", percentile(answerMs, 0.5)),
      result("answer, without a model, edited in: p99", "ms", percentile(answerMs, 0.99)),
      result("processor an interaction, its answer without a model included", "ms", ...cpu(ours)),
      result("processor an interaction, bare", "ms", ...cpu(theirs)),
      result("interactions a second", "count", rate),
      result(
        "interactions",
        "count",
        ours.reduce((sum, { tookMs }) => sum + tookMs.length, 0),
      ),
    ],
    goals: [
      atMost(`first response: p99 at ${rate} a second`, P99_MS_MAX, Math.max(...p(ours, 0.99)), "ms"),
      atMost("interactions that were not deferred", 0, wrong(ours)),
      atMost("deferred and not answered", 0, unanswered),
      atMost("interactions that the bare endpoint refused", 0, wrong(theirs)),
    ],
  };
}

async function round(pid: number, run: () => Promise<Responses>): Promise<Round> {
  const before = await cpuMsOf(pid);
  return { ...(await run()), cpuMs: (await cpuMsOf(pid)) - before };
}

/** User and system time of a process; NaN where there is no /proc. */
async function cpuMsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The fields after the name, which may hold spaces; ticks of 10 ms.
  const fields = stat.split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function startPeer(publicKey: string) {
  const program = join(import.meta.dir, "..", "interactions", "bare-endpoint.ts");
  const child = Bun.spawn([process.execPath, program, publicKey], { stdio: ["ignore", "pipe", "inherit"] });
  const { value } = await child.stdout.getReader().read();
  const port = Number(new TextDecoder().decode(value));
  if (!Number.isInteger(port) || port <= 0) throw new Error("the bare endpoint did not start");
  return {
    url: `http://127.0.0.1:${port}/`,
    pid: child.pid,
    async stop() {
      child.kill();
      await child.exited;
    },
  };
}

async function loadQuestions(): Promise<readonly string[]> {
  const lines = await readJsonLines<{ readonly question: string }>(
    join(import.meta.dir, "..", "demo", "questions.jsonl"),
  );
  return lines.map(({ question }) => question);
}
