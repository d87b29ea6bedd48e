import { expect, test } from "bun:test";
import { HeldMessages } from "../../../shards/worker/held.ts";
import { directMessage, message, snowflake } from "../../support/build.ts";

const by = (id: string, guild = "1") => message({ author: { id, username: id }, guild_id: guild });

test("a person holds so many messages in a guild, and no more until one has ended; others hold their own", async () => {
  const held = new HeldMessages({ guild: 100, person: 2 });
  const work = Promise.withResolvers<void>();
  const [eve, ada] = [snowflake(), snowflake()];
  held.hold(by(eve), work.promise);
  held.hold(by(eve), new Promise(() => {}));
  expect([held.full(by(eve)), held.full(by(ada)), held.full(by(eve, "2"))]).toEqual(["member-busy", null, null]);
  work.reject(new Error("no"));
  await work.promise.catch(() => {});
  await Promise.resolve();
  expect(held.full(by(eve))).toBeNull();
});

test("a guild holds so many messages, whoever writes them; another guild and a direct message have their own", () => {
  const held = new HeldMessages({ guild: 2, person: 100 });
  for (const author of [snowflake(), snowflake()]) held.hold(by(author), new Promise(() => {}));
  const author = snowflake();
  expect([held.full(by(author)), held.full(by(author, "2")), held.full(directMessage("hi"))]).toEqual([
    "server-busy",
    null,
    null,
  ]);
});

test("that any message is held is known until the last has ended", async () => {
  const held = new HeldMessages({ guild: 2, person: 2 });
  expect(held.any).toBe(false);
  const work = Promise.withResolvers<void>();
  held.hold(message(), work.promise);
  expect(held.any).toBe(true);
  work.resolve();
  await work.promise;
  await Promise.resolve();
  expect(held.any).toBe(false);
});
