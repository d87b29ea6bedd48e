import { expect, test } from "bun:test";
import { AppError } from "../../../src/errors.ts";
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
