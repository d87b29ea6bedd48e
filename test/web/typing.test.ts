import { expect, test } from "bun:test";
import { createMemoryBus } from "../../src/bus/memory.ts";
import type { ChannelId, GuildId, UserId } from "../../src/ids.ts";
import { createTypingBoard, typesIn } from "../../web/typing.ts";
import { settled, silentLogger } from "../support/doubles.ts";
import { simulatedClock } from "../support/simulated-clock.ts";

const ADA = { channel: "5" as ChannelId, member: "7" as UserId };
const types = { type: "member-typing", guild: "1" as GuildId, ...ADA } as const;

function open() {
  const clock = simulatedClock(1);
  const bus = createMemoryBus({ logger: silentLogger });
  return { clock, bus, board: createTypingBoard({ bus, clock, logger: silentLogger } as never) };
}

test("a member is shown as typing for ten seconds, and not beyond their own line", async () => {
  const { clock, bus, board } = open();
  const startMs = clock.now();
  await clock.advance(1_000);
  await bus.publish(types);
  await settled();
  expect(board.until(ADA, startMs, clock.now())).toBe(startMs + 11_000);
  expect(board.until({ ...ADA, member: "8" as UserId }, startMs, clock.now())).toBeNull();
  expect(board.until(ADA, startMs + 1_000, clock.now())).toBeNull();
  expect(board.until(ADA, startMs, clock.now() + 10_000)).toBeNull();
});

test("pages that look at one server say so once in thirty seconds", async () => {
  const { clock, bus, board } = open();
  const told: unknown[] = [];
  bus.subscribe((news) => void (news.type === "live-watched" && told.push(news.guild)));
  for (const guild of ["1", "1", "2", null, null] as (GuildId | null)[]) board.watch(guild);
  await settled();
  expect(told).toEqual(["1", "2", null]);
  await clock.advance(30_000);
  board.watch("1" as GuildId);
  await settled();
  expect(told).toHaveLength(4);
});

test("somebody types in a talk when channel and member are its own", () => {
  expect(typesIn(types, [ADA])).toBe(true);
  expect(typesIn(types, [{ ...ADA, channel: "6" as ChannelId }])).toBe(false);
  expect(typesIn({ type: "guild-changed", guild: "1" as GuildId }, [ADA])).toBe(false);
});
