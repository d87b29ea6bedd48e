import { expect, test } from "bun:test";
import { systemClock } from "../../src/clock.ts";
import { createKept } from "../../src/kept.ts";

test("only the first look waits, and whoever comes after a long time; others have the last while the next is made", async () => {
  let nowMs = 0;
  const readings: PromiseWithResolvers<string>[] = [];
  const read = () => {
    const reading = Promise.withResolvers<string>();
    readings.push(reading);
    return reading.promise;
  };
  const kept = createKept(read, { freshMs: 60, usedMsMax: 600 }, { ...systemClock, now: () => nowMs });

  const together = [kept(), kept()];
  readings[0]?.resolve("first");
  expect(await Promise.all(together)).toEqual(["first", "first"]);
  nowMs = 59;
  expect(await kept()).toBe("first");
  expect(readings).toHaveLength(1);

  nowMs = 60;
  expect([await kept(), await kept()]).toEqual(["first", "first"]);
  expect(readings).toHaveLength(2);
  readings[1]?.reject(new Error("away"));
  await Bun.sleep(0);
  expect(await kept()).toBe("first");
  readings[2]?.resolve("third");
  await Bun.sleep(0);
  expect(await kept()).toBe("third");

  nowMs += 600;
  const late = kept();
  readings[3]?.reject(new Error("away"));
  await expect(late).rejects.toThrow("away");
  const again = kept();
  readings[4]?.resolve("fifth");
  expect(await again).toBe("fifth");
});
