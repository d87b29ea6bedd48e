import { expect, test } from "bun:test";
import { createMemoryBus } from "../../../src/bus/memory.ts";
import { AppError } from "../../../src/errors.ts";
import type { GuildId } from "../../../src/ids.ts";
import { createTyping } from "../../../src/pipeline/typing.ts";
import { settled, silentLogger } from "../../support/doubles.ts";
import { simulatedClock } from "../../support/simulated-clock.ts";

const GUILD = "100000000000000001" as GuildId;
const OTHER = "100000000000000002" as GuildId;
const types = (guild: GuildId | null, user = "7") => ({
  ...(guild === null ? {} : { guild_id: guild }),
  ...{ channel_id: "5", user_id: user, timestamp: 1 },
});

function open() {
  const clock = simulatedClock(1);
  const bus = createMemoryBus({ logger: silentLogger });
  const told: unknown[] = [];
  bus.subscribe((news) => void (news.type === "member-typing" && told.push([news.guild, news.channel, news.member])));
  const typing = createTyping({ bus, clock });
  const watch = async (guild: GuildId | null) => {
    await bus.publish({ type: "live-watched", guild });
    await settled();
  };
  const hear = async (data: unknown) => {
    await typing.hear(data);
    await settled();
  };
  return { clock, bus, typing, told, watch, hear };
}

test("who types is told of the servers that are looked at, while they are", async () => {
  const { clock, told, watch, hear, typing } = open();
  await hear(types(GUILD));
  await watch(GUILD);
  await hear(types(OTHER));
  await hear(types(GUILD));
  expect(told).toEqual([[GUILD, "5", "7"]]);
  await clock.advance(76_000);
  expect(typing.watched(GUILD)).toBe(false);
  await hear(types(GUILD));
  expect(told).toHaveLength(1);
});

test("who looks at every server is told of all, and of direct messages", async () => {
  const { told, watch, hear } = open();
  await watch(null);
  await hear(types(OTHER));
  await hear(types(null, "8"));
  expect(told).toEqual([
    [OTHER, "5", "7"],
    [null, "5", "8"],
  ]);
});

test("one member is told of at most every three seconds, and what is no event tells nothing", async () => {
  const { clock, told, watch, hear } = open();
  await watch(GUILD);
  for (const data of [types(GUILD), types(GUILD), null, [], { guild_id: GUILD, user_id: "x" }]) await hear(data);
  expect(told).toHaveLength(1);
  await clock.advance(3_000);
  await hear(types(GUILD));
  expect(told).toHaveLength(2);
});

test("a bus that is away costs nothing but the moment", async () => {
  const { bus, typing, watch } = open();
  await watch(GUILD);
  bus.publish = () => Promise.reject(new AppError("unavailable", "away"));
  expect(await typing.hear(types(GUILD))).toBeUndefined();
});
