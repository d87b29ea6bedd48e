import { expect, test } from "bun:test";
import { createLeftCommands, type LeftCommand } from "../../../src/ask/left-commands.ts";
import { AppError } from "../../../src/errors.ts";
import type { ApplicationId, MessageId } from "../../../src/ids.ts";
import type { InboxStore } from "../../../src/store/ports/inbox.ts";
import { APPLICATION } from "../../support/build.ts";
import { quiet } from "../../support/postgres.ts";
import { simulatedClock } from "../../support/simulated-clock.ts";

type Row = { readonly application: ApplicationId; readonly payload: string; holder: string };

/** `state.away`: calls fail; `state.slow`: they never end. */
function openInbox() {
  const rows = new Map<MessageId, Row>();
  const state = { away: false, slow: false };
  const answer = async (): Promise<void> => {
    if (state.away) throw new AppError("unavailable", "the database is away");
    if (state.slow) await new Promise(() => {});
  };
  const inbox: InboxStore = {
    async put(application, message, _guild, payload, holder) {
      await answer();
      rows.set(message, { application, payload, holder });
    },
    async remove(_application, message) {
      await answer();
      rows.delete(message);
    },
    async park() {},
    async holders() {
      await answer();
      return [...new Set([...rows.values()].map((row) => row.holder))];
    },
    async take(_whose, { holder, dead, limit }) {
      await answer();
      const left = [...rows].filter(([, row]) => dead.includes(row.holder)).slice(0, limit);
      for (const [, row] of left) row.holder = holder;
      return left.map(([message, { application, payload }]) => ({
        ...{ application, message, guild: null, payload, attempts: 1 },
      }));
    },
  };
  return { inbox, rows, state };
}

function open() {
  const clock = simulatedClock(1);
  const { inbox, rows, state } = openInbox();
  const as = (holder: string) =>
    createLeftCommands({ inbox, clock, logger: quiet }, { holder, isDead: (name) => name === "killed" });
  /** An id of so long ago. */
  const id = (agoMs: number) => String((BigInt(clock.now() - agoMs) - 1_420_070_400_000n) << 22n);
  return { clock, rows, state, as, id };
}

test("a command is written down until it is done", async () => {
  const { as, rows, id } = open();
  const done = await as("web").keep(APPLICATION, id(0), null, '{"token":"t"}');
  expect([...rows.values()]).toEqual([
    { application: APPLICATION, payload: '{"t":"INTERACTION_CREATE","d":{"token":"t"}}', holder: "web" },
  ]);
  await done();
  expect(rows.size).toBe(0);
});

test("a store that is away or slow is not waited for: the command is deferred in time", async () => {
  const { as, rows, state, clock, id } = open();
  state.away = true;
  await (await as("web").keep(APPLICATION, id(0), null, "{}"))();
  state.away = false;
  state.slow = true;
  const kept = as("web").keep(APPLICATION, id(0), null, "{}");
  await clock.advance(500);
  await kept;
  expect(rows.size).toBe(0);
});

test("what a killed process left is done by the next one, soon after it starts or later, and is crossed out", async () => {
  const { as, rows, clock, id } = open();
  const worked: LeftCommand[] = [];
  await as("killed").keep(APPLICATION, id(1_000), null, '{"n":1}');
  await as("alive").keep(APPLICATION, id(2_000), null, '{"n":2}');
  const web = as("web");
  web.start(async (left) => worked.push(left));
  await clock.advance(1);
  expect(worked).toEqual([{ application: APPLICATION, data: { n: 1 } }]);
  await as("killed").keep(APPLICATION, id(3_000), null, '{"n":3}');
  await clock.advance(5_000);
  expect(worked.map(({ data }) => data)).toEqual([{ n: 1 }, { n: 3 }]);
  expect([...rows.values()].map(({ holder }) => holder)).toEqual(["alive"]);
  web.stop();
  await as("killed").keep(APPLICATION, id(4_000), null, '{"n":4}');
  await clock.advance(20_000);
  expect(worked).toHaveLength(2);
});

test("what Discord takes no answer to any more is crossed out without an answer being paid for", async () => {
  const { as, rows, clock, id } = open();
  const worked: LeftCommand[] = [];
  await as("killed").keep(APPLICATION, id(14 * 60_000 + 1_000), null, "{}");
  as("web").start(async (left) => worked.push(left));
  await clock.advance(1);
  expect([worked.length, rows.size]).toEqual([0, 0]);
});

test("what cannot be read is crossed out and keeps nothing from being done", async () => {
  const { as, rows, clock, id } = open();
  const worked: LeftCommand[] = [];
  await as("killed").keep(APPLICATION, id(1_000), null, '{"n":');
  await as("killed").keep(APPLICATION, id(2_000), null, '{"n":2}');
  as("web").start(async (left) => worked.push(left));
  await clock.advance(1);
  expect([worked.map(({ data }) => data), rows.size]).toEqual([[null, { n: 2 }], 0]);
});

test("a store that was away at one look is looked at again", async () => {
  const { as, state, clock, id } = open();
  const worked: LeftCommand[] = [];
  await as("killed").keep(APPLICATION, id(0), null, "{}");
  state.away = true;
  as("web").start(async (left) => worked.push(left));
  await clock.advance(1);
  state.away = false;
  await clock.advance(5_000);
  expect(worked).toHaveLength(1);
});
