import { expect, test } from "bun:test";
import { createMemoryBus } from "../../src/bus/memory.ts";
import { createOpenQuestions, groupAlike } from "../../src/open-questions.ts";
import { GUILD } from "../support/build.ts";
import { quiet } from "../support/postgres.ts";
import { simulatedClock } from "../support/simulated-clock.ts";

test("questions that ask the same are one group, most often asked first, as they were asked last", () => {
  const asked = (text: string, atMs: number) => ({ text, atMs, conversation: `c${atMs}` });
  const groups = groupAlike([
    asked("<@1> Does the hub support Zigbee coordinators?", 5),
    asked("Can I paint the sensor's housing?", 4),
    asked("does the hub support zigbee coordinator", 3),
    asked("?", 2),
  ]);
  expect(groups).toEqual([
    { question: "Does the hub support Zigbee coordinators?", times: 2, lastAtMs: 5, conversation: "c5" },
    { question: "Can I paint the sensor's housing?", times: 1, lastAtMs: 4, conversation: "c4" },
  ]);
});

test("a question goes to the group that it is most like", () => {
  const asked = (text: string, atMs: number) => ({ text, atMs, conversation: `c${atMs}` });
  const groups = groupAlike([
    asked("kettle battery water lid", 9),
    asked("kettle battery water", 8),
    asked("router password wifi", 7),
    asked("router password wifi reset", 6),
    asked("kettle router", 5),
  ]);
  expect(groups.map(({ question, times }) => [question, times])).toEqual([
    ["kettle battery water lid", 2],
    ["router password wifi", 2],
    ["kettle router", 1],
  ]);
});

/** One question that nobody could answer, a knowledge base of a version, and how often each was read. */
function world() {
  const clock = simulatedClock(1);
  const bus = createMemoryBus({ logger: quiet });
  const rows = [{ text: "Does the hub support Zigbee?", atMs: 1, conversation: "c1" }];
  const at = { version: 1, indexed: 1, answerable: 0, reads: 0, retrievals: 0 };
  const questions = createOpenQuestions({
    ...{ clock, bus },
    store: {
      checks: {
        unanswered: async () => {
          at.reads++;
          return [...rows];
        },
      },
      knowledge: { version: async () => at.version },
    },
    knowledge: {
      retrieve: async () => {
        at.retrievals++;
        return { passages: [], answerable: at.answerable, version: at.indexed };
      },
    },
  });
  const shown = async () => (await questions.of(GUILD)).map(({ question }) => question);
  return { clock, bus, rows, at, shown };
}

test("a second look reads nothing again, until somebody talks, the knowledge base changes, or a minute has gone", async () => {
  const { clock, bus, rows, at, shown } = world();
  expect([await shown(), await shown()]).toEqual([["Does the hub support Zigbee?"], ["Does the hub support Zigbee?"]]);
  expect([at.reads, at.retrievals]).toEqual([1, 1]);
  rows.unshift({ text: "Who painted it?", atMs: 2, conversation: "c2" });
  await bus.publish({ type: "conversation-changed", guild: GUILD, conversation: "c2" });
  await clock.advance(1);
  expect(await shown()).toHaveLength(2);
  // The first question's answer is known for this version.
  expect([at.reads, at.retrievals]).toEqual([2, 2]);
  [at.version, at.indexed, at.answerable] = [2, 2, 1];
  expect(await shown()).toEqual([]);
  expect([at.reads, at.retrievals]).toEqual([3, 4]);
  await clock.advance(60_000);
  await shown();
  expect([at.reads, at.retrievals]).toEqual([4, 6]);
});

test("what an index says that is behind the store is not kept", async () => {
  const { at, shown } = world();
  await shown();
  at.version = 2;
  expect(await shown()).toHaveLength(1);
  [at.indexed, at.answerable] = [2, 1];
  expect(await shown()).toEqual([]);
});
