/** The pages about answers: the playground says what each stage made of a question, decisions say why, the doctor what is missing. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { CHANNEL, GUILD } from "../support/build.ts";
import { converse, type Dashboard, fillWorld, openDashboard, outcome } from "../support/dashboard.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(60_000);

let dashboard: Dashboard;
let cookie = "";
beforeAll(async () => {
  dashboard = await openDashboard();
  await fillWorld(dashboard.services);
  cookie = await dashboard.signIn();
});
afterAll(() => dashboard.stop());

describe("the playground", () => {
  const path = `/guilds/${GUILD}/playground`;
  const ask = async (question: string, headers = {}) =>
    (await dashboard.post(path, { question }, cookie, { "sec-fetch-site": "same-origin", ...headers })).text();

  test("says that there is nothing to answer from yet", async () => {
    expect(await ask("How do I pair a sensor?")).toContain("The knowledge base is empty");
  });

  test("answers from the knowledge base, with the passages and what each stage decided", async () => {
    const form = new FormData();
    const text = "# Pair sensors\n\nTo pair a sensor, hold the hub's button for 3 seconds until the light turns blue.";
    form.append("files", new File([text], "pairing.md"));
    form.set("base", "https://docs.example");
    await dashboard.post(`/guilds/${GUILD}/knowledge/files`, form, cookie);
    await until(async () => !(await dashboard.services.knowledge.empty(GUILD)), 20_000);

    const page = await ask("How do I pair a sensor?");
    for (const seen of ["hold the hub", "https://docs.example/pairing", "Answerable", "Answered", "English", "Used"]) {
      expect(page).toContain(seen);
    }
    const part = await ask("How do I pair a sensor?", { "hx-request": "true" });
    expect(part.trimStart()).toStartWith('<section class="stack" id="result"');
  });

  test("shows a question as text, whatever is in it", async () => {
    expect(await ask(`"><script>alert(1)</script>`)).not.toContain("<script>alert");
  });
});

describe("decisions", () => {
  const path = `/guilds/${GUILD}/decisions`;

  test("say why it was silent, and are narrowed down by outcome and channel", async () => {
    await converse(dashboard.services, {
      name: "Quiet",
      question: "nice weather",
      outcome: outcome({ kind: "silent", reason: "small-talk", tokensIn: 0, tokensOut: 0 }),
    });
    const all = await (await dashboard.get(`${path}?kind=any`, cookie)).text();
    expect(all).toContain("small talk");
    expect(all).toContain("the knowledge base holds it");
    // The page is called "Why was it silent?", so that is what it opens with.
    for (const asked of [path, `${path}?kind=silent&channel=${CHANNEL}`]) {
      const silent = await (await dashboard.get(asked, cookie)).text();
      expect(silent).toContain("small talk");
      expect(silent).not.toContain("the knowledge base holds it");
    }
    const grouped = await (await dashboard.get(path, cookie)).text();
    expect(grouped).toContain(`reason=small-talk">small talk <span class="number">1</span>`);
    expect(await (await dashboard.get(`${path}?reason=empty`, cookie)).text()).toContain("Nothing matches");
    const none = await (await dashboard.get(`${path}?kind=merged`, cookie)).text();
    expect(none).toContain("Nothing matches");
  });

  test("have pages", async () => {
    for (let n = 0; n < 55; n++) await converse(dashboard.services, { name: "Many", question: `question ${n}` });
    const first = await (await dashboard.get(`${path}?kind=any`, cookie)).text();
    const next = /rel="next" href="([^"]+)"/.exec(first)?.[1]?.replaceAll("&amp;", "&") ?? "";
    const second = await (await dashboard.get(next, cookie)).text();
    expect([first.match(/<tr>/g)?.length, second.match(/<tr>/g)?.length]).toEqual([51, 12]);
  });
});

describe("the doctor", () => {
  const path = `/guilds/${GUILD}/doctor`;

  test("says in sentences what is so, to admins about their server only", async () => {
    const all = await (await dashboard.get(`${path}/findings`, cookie)).text();
    expect(all).toContain('class="finding ');
    const admin = await dashboard.signIn({ id: "admin", name: "admin", operator: false });
    await dashboard.services.store.people.setRole("admin", GUILD, "admin");
    const mine = await (await dashboard.get(`${path}/findings`, admin, { "hx-request": "true" })).text();
    expect(mine.trimStart()).toStartWith('<section id="findings"');
    expect(mine).not.toContain("PostgreSQL");
  });
});
