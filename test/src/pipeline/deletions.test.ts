import { expect, test } from "bun:test";
import { AppError } from "../../../src/errors.ts";
import type { GuildId, MessageId } from "../../../src/ids.ts";
import { createDeletions } from "../../../src/pipeline/deletions.ts";
import { quiet } from "../../support/postgres.ts";
import { simulatedClock } from "../../support/simulated-clock.ts";

const [ONE, TWO] = ["1" as GuildId, "2" as GuildId];
const ids = (...texts: string[]) => texts as MessageId[];

function open(away = { is: false }) {
  const clock = simulatedClock(1);
  const asked: [GuildId, readonly MessageId[]][] = [];
  const deletions = createDeletions({
    clock,
    logger: quiet,
    retention: {
      async emptyMessages(guild, messages) {
        if (away.is) throw new AppError("unavailable", "away");
        asked.push([guild, messages]);
        return messages.length;
      },
    },
  });
  return { clock, asked, deletions };
}

test("deletions are gathered, and each guild is asked for once", async () => {
  const { clock, asked, deletions } = open();
  deletions.note(ONE, ids("10", "11"));
  deletions.note(TWO, ids("20"));
  deletions.note(ONE, ids("10", "12"));
  await clock.advance(1_000);
  expect(asked).toEqual([
    [ONE, ids("10", "11", "12")],
    [TWO, ids("20")],
  ]);
  await clock.advance(10_000);
  expect(asked).toHaveLength(2);
});

test("while the store is away they wait", async () => {
  const away = { is: true };
  const { clock, asked, deletions } = open(away);
  deletions.note(ONE, ids("10"));
  await clock.advance(12_000);
  expect(asked).toEqual([]);
  away.is = false;
  await clock.advance(12_000);
  expect(asked).toEqual([[ONE, ids("10")]]);
});
