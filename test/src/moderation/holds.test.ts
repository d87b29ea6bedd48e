/** Cases that somebody is at are marked as long as they are. */
import { expect, test } from "bun:test";
import { AppError } from "../../../src/errors.ts";
import type { GuildId } from "../../../src/ids.ts";
import { createHolds } from "../../../src/moderation/holds.ts";
import type { Store } from "../../../src/store.ts";
import { GUILD } from "../../support/build.ts";
import { createClock, silentLogger } from "../../support/doubles.ts";

const OTHER = "100000000000000099" as GuildId;

test("are marked every few seconds, each in its guild, until their work has ended or failed; a store that is away is asked again", async () => {
  const clock = createClock();
  const marks: string[] = [];
  let away = false;
  const unsettled = {
    async hold(guild: GuildId, ids: readonly string[]) {
      if (away) throw new AppError("unavailable", "away");
      marks.push(`${guild === GUILD ? "" : "other "}${ids.join(" ")}`);
    },
  } as unknown as Store["unsettled"];
  const holds = createHolds({ store: { unsettled }, clock, logger: silentLogger });
  const ends: ((error?: Error) => void)[] = [];
  const begin = (id: string, guild: GuildId) =>
    holds.during(
      { id, guild },
      () => new Promise<void>((resolve, reject) => ends.push((error) => (error ? reject(error) : resolve()))),
    );
  const all = [begin("a", GUILD), begin("b", GUILD), begin("c", OTHER)];
  all[2]?.catch(() => undefined);
  expect(marks).toEqual([]);
  await clock.advance(6_000);
  expect(marks.splice(0)).toEqual(["a b", "other c"]);
  ends[0]?.();
  ends[2]?.(new Error("failed"));
  await clock.advance(6_000);
  expect(marks.splice(0)).toEqual(["b"]);
  away = true;
  await clock.advance(6_000);
  away = false;
  await clock.advance(6_000);
  expect(marks.splice(0)).toEqual(["b"]);
  ends[1]?.();
  await clock.advance(60_000);
  expect(marks).toEqual([]);
  void begin("d", GUILD);
  await clock.advance(6_000);
  expect(marks).toEqual(["d"]);
  expect(await Promise.allSettled(all)).toMatchObject([
    { status: "fulfilled" },
    { status: "fulfilled" },
    { status: "rejected" },
  ]);
});
