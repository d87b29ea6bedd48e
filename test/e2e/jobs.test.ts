/**
 * Background work as processes of its own: a dashboard that only takes orders, a process of the role `jobs` that is killed in
 * the middle of an import, and the next one that goes on where it stopped.
 */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { systemClock } from "../../src/clock.ts";
import type { GuildId } from "../../src/ids.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import { quiet } from "../support/postgres.ts";
import { openStage, type Stage } from "../support/stage.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(120_000);
const GUILD = "100000000000000001" as GuildId;
const FILES = 150;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage("jobs");
});
afterAll(() => stage.close());

test("an import ordered in one process is done by another, also when that one is killed in the middle", async () => {
  const web = stage.gatehouse(["web", "--no-jobs"]);
  const [, link = ""] = await web.printed(/Sign in .*: (http\S+)/);
  const store = createSqlStore({ url: stage.database.url, clock: systemClock, logger: quiet });
  await store.guilds.join(GUILD, "200000000000000001" as never, "Lumen", null);
  const entered = await fetch(link, {
    method: "POST",
    redirect: "manual",
    headers: { "sec-fetch-site": "same-origin" },
  });
  const cookie = entered.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  const form = new FormData();
  form.set("name", "Handbook");
  for (let n = 0; n < FILES; n++) form.append("files", new File([`# Part ${n}\n\nText of part ${n}.`], `${n}.md`));
  const answer = await fetch(`${new URL(link).origin}/guilds/${GUILD}/knowledge/files`, {
    method: "POST",
    redirect: "manual",
    headers: { cookie, "sec-fetch-site": "same-origin" },
    body: form,
  });
  expect(answer.status).toBe(303);

  const source = async () => (await store.knowledge.sources(GUILD))[0];
  // The dashboard shows it and leaves it alone.
  expect(await source()).toMatchObject({ state: "running", documents: 0, progress: { done: 0, total: FILES } });

  const first = stage.gatehouse(["jobs"]);
  await until(async () => ((await source())?.documents ?? 0) > 5, 60_000);
  first.kill("SIGKILL");
  await first.exited;
  const atKill = (await source())?.documents ?? 0;
  expect(atKill).toBeLessThan(FILES);

  const second = stage.gatehouse(["jobs"]);
  await until(async () => (await source())?.state === "idle", 60_000);
  expect((await source())?.documents).toBe(FILES);
  second.kill("SIGTERM");
  expect(await second.exited).toBe(0);
  await store.close();
});
