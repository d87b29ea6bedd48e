/** A guild's own questions, looked up and asked of a model over real HTTP, also while that fails: judged once, paid for once. */
import { afterEach, describe, expect, test } from "bun:test";
import type { GroqFault } from "../../bench/simulator/groq/faults.ts";
import { type GroqStandIn, startGroq } from "../../bench/simulator/groq.ts";
import { addCheck, type CheckPorts, judgeChecks, runChecks } from "../../src/checks.ts";
import { createGroq } from "../../src/llm/groq.ts";
import type { CheckInput, CheckRow, ChecksStore } from "../../src/store/ports/checks.ts";
import { GUILD } from "../support/build.ts";
import { silentLogger } from "../support/doubles.ts";
import { openHouse } from "../support/house.ts";
import { hurriedClock } from "../support/hurried-clock.ts";

const PAIRING = "Pair sensors";
const WINDOW: CheckInput = { question: "How long is the pairing window open?", expected: PAIRING, says: "120 seconds" };
const REFUND: CheckInput = { question: "When are refunds paid?", expected: "Billing and refunds", says: null };
const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

async function open(...wanted: readonly CheckInput[]) {
  const server = await startGroq();
  opened.push(() => server.stop());
  const { services } = await openHouse();
  const clock = hurriedClock(4);
  const llm = createGroq({
    ...{ key: server.key, baseUrl: server.url, clock, logger: silentLogger },
    ...{ answerModel: "openai/gpt-oss-120b", judgeModel: "openai/gpt-oss-20b", moderationModel: "openai/gpt-oss-20b" },
  });
  const checks = keptChecks();
  for (const one of wanted) await checks.add(GUILD, one);
  const ports: CheckPorts = { ...services, clock, llm, store: { ...services.store, checks } };
  const judge = async () => await judgeChecks(GUILD, await checks.list(GUILD), ports, () => {});
  return { server, ports, checks, judge };
}

function keptChecks(): ChecksStore {
  let rows: readonly CheckRow[] = [];
  const change = (id: string, of: (row: CheckRow) => Partial<CheckRow>) => {
    rows = rows.map((row) => (row.id === id ? { ...row, ...of(row) } : row));
  };
  const fresh = { passed: null, passedBefore: null, found: null, ranAtMs: null, judged: null };
  return {
    unanswered: async () => [],
    list: async () => rows,
    async add(_, check) {
      rows = [...rows, { ...fresh, ...check, id: String(rows.length + 1) }];
      return true;
    },
    remove: async () => true,
    result: async (_, id, { passed, found }) => change(id, (row) => ({ passed, found, passedBefore: row.passed })),
    judged: async (_, id, judged) => change(id, () => ({ judged: { ...judged, atMs: 0 } })),
  };
}

/** What the model says, whatever it is asked. */
function says(server: GroqStandIn, answer: string, used: readonly number[], known = true): void {
  server.script(() => ({ known, answer, used, wants_human: false }));
}

describe("asked of a model", () => {
  test("a check passes with its fact from its source, and model, prompts and tokens are told and kept", async () => {
    const { server, checks, judge } = await open(WINDOW, REFUND);
    const [window, refund] = await judge();
    expect(window).toMatchObject({ fault: null, unjudged: null, cited: [PAIRING], dropped: 0 });
    expect(refund).toMatchObject({ fault: null, unjudged: null, cited: ["Billing and refunds"] });
    expect(window?.spent.tokensIn).toBeGreaterThan(0);
    expect(server.requests).toHaveLength(2);
    const kept = (await checks.list(GUILD)).map(({ judged }) => judged);
    expect(kept).toMatchObject([
      { fault: null, model: "openai/gpt-oss-120b", prompts: 1 },
      { fault: null, model: "openai/gpt-oss-120b", prompts: 1 },
    ]);
  });

  test("an answer without the fact, from another page, or none at all fails, each for its own reason", async () => {
    const { server, judge } = await open(WINDOW);
    says(server, "The pairing window is open for a while [1].", [1]);
    expect(await judge()).toMatchObject([{ fault: "fact-missing" }]);
    says(server, "Refunds are paid within 14 days of the purchase [2].", [2]);
    expect(await judge()).toMatchObject([{ fault: "another-source", cited: ["Billing and refunds"] }]);
    says(server, "", [], false);
    expect(await judge()).toMatchObject([{ fault: "not-answered", cited: [] }]);
  });

  test("sentences that the check of facts left out are counted, and a fact among them is not said", async () => {
    const { server, judge } = await open({ ...WINDOW, says: "90" });
    says(
      server,
      "Hold the hub's button for 3 seconds until the light blinks blue [1]. It is open for 90 seconds [1].",
      [1],
    );
    expect(await judge()).toMatchObject([{ fault: "fact-missing", dropped: 1 }]);
  });

  test("a question that no page may answer passes where the bot says so, and fails where it answers", async () => {
    const { server, judge } = await open({ ...WINDOW, expected: null, says: null });
    expect(await judge()).toMatchObject([{ fault: "answered", cited: [PAIRING] }]);
    says(server, "", [], false);
    expect(await judge()).toMatchObject([{ fault: null }]);
  });

  test("a refused call was not paid for, so it waits and is made again", async () => {
    const { server, judge } = await open(WINDOW);
    server.faults.next({ kind: "rate-limit", of: "tokensPerMinute", retryAfterS: 5 }, 2);
    expect(await judge()).toMatchObject([{ fault: null, unjudged: null }]);
    expect(server.requests.map(({ outcome }) => outcome)).toEqual(["rate-limit", "rate-limit", "answered"]);
  });

  const faults: readonly (readonly [GroqFault, string])[] = [
    [{ kind: "status", status: 503 }, "unavailable"],
    [{ kind: "stall", at: "mid-body" }, "timeout"],
    [{ kind: "off-schema" }, "invalid"],
    [{ kind: "reset" }, "unavailable"],
  ];
  test.each(faults)("after %j nothing is judged or kept, and the call is not made again", async (fault, unjudged) => {
    const { server, checks, judge } = await open(WINDOW);
    server.faults.next(fault, 10);
    expect(await judge()).toMatchObject([{ fault: null, unjudged, spent: { tokensIn: 0 } }]);
    expect(server.requests).toHaveLength(1);
    expect((await checks.list(GUILD))[0]?.judged).toBeNull();
  });

  test("where the model gives no answer several times in a row, the rest are not asked", async () => {
    const { server, judge } = await open(...Array.from({ length: 12 }, () => REFUND));
    server.faults.add({ fault: { kind: "status", status: 503 } });
    const judged = await judge();
    expect(judged).toHaveLength(12);
    expect(judged.filter(({ unjudged }) => unjudged === "not-asked").length).toBeGreaterThanOrEqual(8);
    expect(server.requests.length).toBeLessThanOrEqual(4);
  });

  test("a refused key ends it at once", async () => {
    const { server, judge } = await open(...Array.from({ length: 6 }, () => REFUND));
    server.faults.add({ fault: { kind: "status", status: 401 } });
    expect((await judge()).map(({ unjudged }) => unjudged)).toContain("unauthorized");
    expect(server.requests.length).toBeLessThanOrEqual(2);
  });
});

describe("looked up without a model", () => {
  test("a check passes with its page among the first, or with none where none may be, and no model is asked", async () => {
    const foreign = { question: "Who won the chess final in Reykjavik?", expected: null, says: null };
    const { ports, server } = await open(WINDOW, { ...REFUND, expected: "Elsewhere" }, foreign, {
      ...WINDOW,
      expected: null,
    });
    const results = await runChecks(GUILD, ports);
    expect(results.map(({ passed }) => passed)).toEqual([true, false, true, false]);
    expect(server.requests).toEqual([]);
    expect((await runChecks(GUILD, ports, 1)).map(({ question }) => question)).toEqual([WINDOW.question]);
  });

  test("a new check is made of the page that answers it today, or of its absence", async () => {
    const { ports, checks } = await open();
    const { question } = WINDOW;
    expect(await addCheck(GUILD, { question, says: "120 seconds", absent: false }, ports)).toBe(true);
    expect(await addCheck(GUILD, { question: "Is there a shop on Mars?", says: "x", absent: true }, ports)).toBe(true);
    expect(await checks.list(GUILD)).toMatchObject([
      { expected: PAIRING, says: "120 seconds" },
      { expected: null, says: null },
    ]);
  });
});
