/**
 * A deploy, with the code as it was before the newest migration: it runs, this version migrates the database under it, both live side
 * by side, and the old one is the one that still answers.
 */
import { expect, setDefaultTimeout } from "bun:test";
import { INSULT, KETTLE, type Moderated, openModerated } from "../support/moderated.ts";
import { needing } from "../support/needing.ts";
import { openPreviousVersion } from "../support/previous-version.ts";
import type { Started } from "../support/process.ts";
import { live, openStage, type Stage } from "../support/stage.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(120_000);

const previous = await openPreviousVersion();
const { test, beforeAll, afterAll } = needing(previous, "the project's history");
let stage: Stage;
let house: Moderated;
let old: Started;

beforeAll(async () => {
  stage = await openStage("previous-version");
  old = stage.gatehouse(["all"], {}, previous?.main);
  await live(old);
});
afterAll(async () => {
  await house?.store.close();
  await stage.close();
  previous?.remove();
});

const applied = async () => (await stage.database.admin`select tag from gatehouse_migrations`).length;

test("its gateway answers and moderates on the schema of this version, which a process of this version made beside it", async () => {
  expect(await applied()).toBe(previous?.migrations ?? 0);
  // This version's dashboard comes first: it migrates. The gateways are the last to go.
  const web = stage.gatehouse(["web"]);
  await web.printed(/Dashboard: (http\S+)/);
  expect(await applied()).toBeGreaterThan(previous?.migrations ?? 0);
  house = await openModerated(stage);
  await stage.teach(house.guild.id, { "kettle.md": KETTLE });

  const [userId = "", rude = ""] = house.members(2);
  const [answer] = await stage.ask({
    channelId: house.channel.id,
    userId,
    content: "{bot} how do I reset the kettle?",
  });
  expect(answer?.content).toContain("seven seconds");
  // What was changed in no process that it hears of, it knows within half a minute.
  let insults = 0;
  await until(async () => {
    const { id } = stage.simulator.actions.say({
      channelId: house.channel.id,
      userId: rude,
      content: INSULT(++insults),
    });
    return await until(() => !house.isThere(id), 5_000).catch(() => false);
  }, 60_000);

  // Its end gives the shards over, and this version goes on where it stopped.
  const next = stage.gatehouse(["gateway"]);
  old.kill("SIGTERM");
  expect(await old.exited).toBe(0);
  await until(() => next.stderr().includes("session-resumed"), 30_000);
  const [again] = await stage.ask({
    channelId: house.channel.id,
    userId,
    content: "{bot} and how long must I hold the button?",
  });
  expect(again?.content).toContain("seven seconds");
});
