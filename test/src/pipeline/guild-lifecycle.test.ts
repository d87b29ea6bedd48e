import { expect, test } from "bun:test";
import { AppError } from "../../../src/errors.ts";
import type { GuildId } from "../../../src/ids.ts";
import { createScripted } from "../../../src/llm/scripted.ts";
import { APPLICATION, GUILD, guildPayload, mention } from "../../support/build.ts";
import { openHouse } from "../../support/house.ts";

const ANSWER = { answer: "Hold the hub's button for 3 seconds [1].", used: [1], known: true, wantsHuman: false };

test("what a member said is forgotten when the guild is left, and remembered when it only is away for a while", async () => {
  const llm = createScripted(ANSWER, { question: "How do I pair a sensor again?" }, ANSWER, ANSWER);
  const { handle, pipeline } = await openHouse({ llm });
  const id = guildPayload().id;
  await handle(mention("How do I pair a sensor?"));
  await pipeline.observe(APPLICATION, "GUILD_DELETE", { id, unavailable: true });
  await handle(mention("and again?"));
  await pipeline.observe(APPLICATION, "GUILD_DELETE", { id });
  await pipeline.observe(APPLICATION, "GUILD_CREATE", guildPayload());
  await handle(mention("and sensor?"));
  expect(llm.asked.map(({ task }) => task)).toEqual(["answer", "rewrite", "answer", "answer"]);
});

test("a guild that is announced while the store is away is recorded once it is back", async () => {
  const { clock, store, pipeline } = await openHouse({ joined: [] });
  const { join } = store.guilds;
  let away = 3;
  store.guilds.join = async (...given) => {
    if (away-- > 0) throw new AppError("timeout", "PostgreSQL did not answer");
    return await join(...given);
  };
  const observed = pipeline.observe(APPLICATION, "GUILD_CREATE", guildPayload());
  await clock.advance(60_000);
  await observed;
  expect(await store.guilds.get(GUILD)).toMatchObject({ application: APPLICATION });
});

test("guilds that are on record as they are announced are looked up together, and only the others are written", async () => {
  const { store, pipeline } = await openHouse({ joined: [] });
  const ids = Array.from({ length: 100 }, (_, i) => `1000000000000000${100 + i}` as GuildId);
  const announce = (name: string) =>
    Promise.all(
      ids.map((id, i) =>
        pipeline.observe(APPLICATION, "GUILD_CREATE", guildPayload({ id, name: i === 7 ? name : "Lumen" })),
      ),
    );
  await announce("Lumen");
  const { join } = store.guilds;
  const { of } = store.states;
  const written: GuildId[] = [];
  let looks = 0;
  store.guilds.join = (guild, ...given) => {
    written.push(guild);
    return join(guild, ...given);
  };
  store.states.of = (guilds) => {
    looks++;
    return of(guilds);
  };
  await announce("Renamed");
  expect(written).toEqual([ids[7] as GuildId]);
  expect(looks).toBeLessThan(10);
  expect(await store.guilds.get(ids[7] as GuildId)).toMatchObject({ name: "Renamed" });
});

test("a guild that cannot be looked up is written all the same", async () => {
  const { store, pipeline } = await openHouse({ joined: [] });
  store.states.of = () => Promise.reject(new AppError("timeout", "PostgreSQL did not answer"));
  await pipeline.observe(APPLICATION, "GUILD_CREATE", guildPayload());
  expect(await store.guilds.get(GUILD)).toMatchObject({ application: APPLICATION });
});
