/**
 * A deploy runs old and new processes side by side, and the first new one migrates the database under the old ones. A newer schema
 * only adds (test/contract/upgrade.test.ts); here one adds all that it may, and this version answers, moderates and starts as before.
 */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { INSULT, KETTLE, type Moderated, openModerated } from "../support/moderated.ts";
import type { Started } from "../support/process.ts";
import { live, openStage, type Stage, signIn } from "../support/stage.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(60_000);

let stage: Stage;
let house: Moderated;
let old: Started;

beforeAll(async () => {
  stage = await openStage("newer-schema");
  house = await openModerated(stage);
  old = stage.gatehouse(["all"]);
  await live(old);
  await migrateFurther();
});
afterAll(async () => {
  await house.store.close();
  await stage.close();
});

/** What the next version's migration may do to every table, done to all of them while the process runs. */
async function migrateFurther(): Promise<void> {
  const { admin } = stage.database;
  const tables = await admin<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = current_schema()`;
  for (const { name } of tables) {
    await admin.unsafe(`alter table "${name}" add column "later" text`);
    await admin.unsafe(`alter table "${name}" add column "later_counts" integer default 0 not null`);
    await admin.unsafe(`create index "${name}_later" on "${name}" ("later")`);
  }
  await admin.unsafe(`create table "later" ("id" text primary key)`);
  await admin`insert into gatehouse_migrations (tag, hash) values ('9999_later', 'of a version that is not here')`;
}

async function answersAndModerates(): Promise<void> {
  const [userId = "", rude = ""] = house.members(2);
  const [answer] = await stage.ask({
    channelId: house.channel.id,
    userId,
    content: "{bot} how do I reset the kettle?",
  });
  expect(answer?.content).toContain("seven seconds");
  const insult = stage.simulator.actions.say({ channelId: house.channel.id, userId: rude, content: INSULT(1) });
  await until(() => !house.isThere(insult.id), 20_000);
}

test("a process that runs goes on: it imports, answers, moderates and shows its pages", async () => {
  await stage.teach(house.guild.id, { "kettle.md": KETTLE });
  await answersAndModerates();
  const admin = await signIn(old);
  for (const page of ["conversations", "moderation", "knowledge", "usage", "audit", "settings"])
    expect(await admin.page(`/guilds/${house.guild.id}/${page}`)).toContain("</main>");
});

test("a process that starts takes it as it is, and says that it is newer", async () => {
  old.kill("SIGTERM");
  expect(await old.exited).toBe(0);
  old = stage.gatehouse(["all"]);
  await live(old);
  expect(old.stderr()).toContain("database-newer");
  await answersAndModerates();
});
