/**
 * Two admins with the same form open: whoever saves second is told so, nothing of the first is written over, and nothing that the
 * second typed is lost. Every form that replaces what is kept is in the list; both at once, and one after the other.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { GUILD } from "../support/build.ts";
import { type Dashboard, fillWorld, openDashboard } from "../support/dashboard.ts";

let dashboard: Dashboard;
let cookie: string;
const base = `/guilds/${GUILD}`;

beforeAll(async () => {
  dashboard = await openDashboard();
  await fillWorld(dashboard.services);
  cookie = await dashboard.signIn();
  await post(`${base}/knowledge/pairs`, { name: "FAQ", question: "How?", answer: "Like this." });
  await post(`${base}/knowledge/texts`, { name: "Notes", text: "Some words." });
  await post(`${base}/proactive`, SCHEDULE);
  await post("/accounts", ACCOUNT);
  await post("/accounts/plans", PLAN);
});
afterAll(() => dashboard.stop());

const post = (path: string, fields: Readonly<Record<string, string>>) => dashboard.post(path, fields, cookie);
const SCHEDULE = {
  ...{ channel: "300000000000000009", frequency: "daily", at: "09:00", weekday: "1", timeZone: "UTC" },
  ...{ quietFrom: "", quietUntil: "", topics: "News" },
};
const ACCOUNT = { id: "lumen", name: "Lumen", plan: "free", timeZone: "UTC", owner: "", mail: "" };
const PLAN = { id: "team", name: "Team", priceUsd: "5", messages: "1000", position: "9" };

type Form = {
  readonly what: string;
  /** The page that holds it, and where its version is read from: the form that posts there. */
  page(): Promise<string>;
  action(): Promise<string>;
  readonly fields: Readonly<Record<string, string>>;
  /** The field that each of the two fills in with words of their own. */
  readonly own: string;
  word(of: string): string;
  kept(): Promise<string>;
};

const settings = async () => JSON.stringify((await dashboard.services.store.guilds.get(GUILD))?.settings);
const source = async (name: string) => {
  const found = (await dashboard.services.store.knowledge.sources(GUILD)).find((one) => one.name === name);
  if (found === undefined) throw new Error(`no source ${name}`);
  return found;
};
const schedule = async () => (await dashboard.services.store.proactive.schedules(GUILD))[0];
const at = (path: string) => async () => path;
const word = (of: string) => of;

const FORMS: readonly Form[] = [
  {
    what: "instructions",
    ...{ page: at(`${base}/settings`), action: at(`${base}/settings`), kept: settings },
    fields: { mode: "mention", language: "en" },
    ...{ own: "instructions", word },
  },
  {
    what: "moderation's rules",
    ...{ page: at(`${base}/moderation/rules`), action: at(`${base}/moderation/rules`), kept: settings },
    fields: { "n-0": "0", "action-0": "warn", "on-0": "on" },
    ...{ own: "text-0", word },
  },
  {
    what: "moderation's words",
    ...{ page: at(`${base}/moderation/rules`), action: at(`${base}/moderation/settings`), kept: settings },
    fields: {
      ...{ exemptRoles: "", exemptChannels: "", logChannel: "", capTimeout: "50", capKick: "5", capBan: "5" },
      ...{ confidence: "70", strikeDays: "30", warnSeconds: "60", keepDays: "30" },
    },
    ...{ own: "filterWords", word },
  },
  {
    what: "the team's settings",
    ...{ page: at(`${base}/live/settings`), action: at(`${base}/live/settings`), kept: settings },
    fields: { idleMinutes: "5", zone: "UTC", remindMinutes: "30", week: "" },
    ...{ own: "mails", word: (of) => `${of}@lumen.example` },
  },
  {
    what: "limits",
    ...{ page: at(`${base}/usage`), action: at(`${base}/usage/limits`), kept: settings },
    fields: { channelMinute: "9", moderationShare: "40", costDayUsd: "" },
    ...{ own: "memberHour", word: (of) => String(1_000 + (Number.parseInt(of, 36) % 8_000)) },
  },
  {
    what: "question-and-answer pairs",
    page: async () => `${base}/knowledge/${(await source("FAQ")).id}/edit`,
    action: at(`${base}/knowledge/pairs`),
    kept: async () => JSON.stringify((await source("FAQ")).config),
    fields: { name: "FAQ", whole: "1", question: "How?" },
    ...{ own: "answer", word },
  },
  {
    what: "a text",
    page: async () => `${base}/knowledge/${(await source("Notes")).id}/edit`,
    action: at(`${base}/knowledge/texts`),
    kept: async () => JSON.stringify((await source("Notes")).config),
    fields: { name: "Notes", whole: "1" },
    ...{ own: "text", word },
  },
  {
    what: "a schedule",
    page: at(`${base}/proactive`),
    action: async () => `${base}/proactive/${(await schedule())?.id}`,
    kept: async () => JSON.stringify((await schedule())?.schedule),
    fields: SCHEDULE,
    ...{ own: "topics", word },
  },
  {
    what: "an account",
    ...{ page: at("/accounts"), action: at("/accounts") },
    kept: async () => JSON.stringify(await dashboard.services.store.accounts.get("lumen")),
    fields: ACCOUNT,
    ...{ own: "name", word },
  },
  {
    what: "a plan",
    ...{ page: at("/accounts"), action: at("/accounts/plans") },
    kept: async () => JSON.stringify(await dashboard.services.store.accounts.plans()),
    fields: PLAN,
    ...{ own: "name", word },
  },
];

/** What the form on the page has hidden as its version; of several that post there, the one of this thing. */
async function versionIn(form: Form): Promise<string> {
  const page = await (await dashboard.get(await form.page(), cookie)).text();
  const action = (await form.action()).replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const forms = page.match(new RegExp(`<form[^>]*action="${action}"[\\s\\S]*?</form>`, "g")) ?? [];
  const id = form.fields.id;
  const mine = forms.find((one) => id === undefined || one.includes(`name="id" value="${id}"`)) ?? "";
  const version = /name="version" value="([^"]*)"/.exec(mine)?.[1];
  if (version === undefined) throw new Error(`the form of ${form.what} has no version`);
  return version;
}

describe.each(FORMS.map((form, place) => [form.what, form, place] as const))("%s", (_, form, place) => {
  const save = async (version: string, mine: string) =>
    post(await form.action(), { ...form.fields, version, [form.own]: form.word(mine) });

  test("saved second is refused, keeps what was typed, and is saved by saving once more", async () => {
    const version = await versionIn(form);
    expect((await save(version, "anchovy")).status).toBe(303);
    const late = await save(version, "broccoli");
    const page = await late.text();
    expect(late.status).toBe(409);
    expect(page).toContain(form.word("broccoli"));
    expect(page).toContain('role="alert"');
    expect(await form.kept()).toContain(form.word("anchovy"));
    expect(await form.kept()).not.toContain(form.word("broccoli"));
    expect((await save(await versionIn(form), "broccoli")).status).toBe(303);
    expect(await form.kept()).toContain(form.word("broccoli"));
  });

  test("saved by two at the same moment is saved once", async () => {
    const version = await versionIn(form);
    // No other form has kept these words.
    const words = ["cabbage", "dandelion", "eggplant"].map((one) => `${one}${place}`);
    const answers = await Promise.all(words.map((one) => save(version, one)));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409, 409]);
    const kept = await form.kept();
    const won = words.filter((one) => kept.includes(form.word(one)));
    expect(won).toEqual(words.filter((_, at) => answers[at]?.status === 303));
  });
});

test("pairs that several admins add at once are all kept", async () => {
  const words = ["fennel", "garlic", "horseradish", "iceberg"];
  const add = (one: string) =>
    post(`${base}/knowledge/pairs`, { name: "Added", question: `What is ${one}?`, answer: `It is ${one}.` });
  expect((await Promise.all(words.map(add))).map(({ status }) => status)).toEqual([303, 303, 303, 303]);
  const { config, documents } = await source("Added");
  for (const one of words) expect(JSON.stringify(config)).toContain(one);
  expect(documents).toBe(words.length);
});

test("a text under a name that is taken asks before it takes its place", async () => {
  const text = { name: "Taken", text: "the first words" };
  expect((await post(`${base}/knowledge/texts`, text)).status).toBe(303);
  const second = await post(`${base}/knowledge/texts`, { ...text, text: "other words" });
  const page = await second.text();
  expect([second.status, page.includes("other words"), page.includes("the first words")]).toEqual([409, true, true]);
  const version = /name="version" value="([^"]+)"/.exec(page)?.[1] ?? "";
  expect((await post(`${base}/knowledge/texts`, { ...text, text: "other words", version })).status).toBe(303);
  expect(JSON.stringify((await source("Taken")).config)).toContain("other words");
});

test("a source that was removed meanwhile comes back with what was typed", async () => {
  await post(`${base}/knowledge/texts`, { name: "Going", text: "words" });
  const page = await (await dashboard.get(`${base}/knowledge/${(await source("Going")).id}/edit`, cookie)).text();
  const version = /name="version" value="([^"]+)"/.exec(page)?.[1] ?? "";
  await post(`${base}/knowledge/${(await source("Going")).id}/remove`, {});
  const fields = { name: "Going", whole: "1", text: "words that were typed" };
  const refused = await post(`${base}/knowledge/texts`, { ...fields, version });
  expect([refused.status, (await refused.text()).includes("words that were typed")]).toEqual([409, true]);
  expect((await post(`${base}/knowledge/texts`, { ...fields, version: "" })).status).toBe(303);
});

test("a new account under an id that is taken writes nothing over", async () => {
  const kept = await dashboard.services.store.accounts.get("lumen");
  const refused = await post("/accounts", { ...ACCOUNT, name: "Somebody else" });
  expect([refused.status, (await refused.text()).includes("Somebody else")]).toEqual([409, true]);
  expect(await dashboard.services.store.accounts.get("lumen")).toEqual(kept);
});

test("going back to a dry run is heard whatever else was changed", async () => {
  const { guilds } = dashboard.services.store;
  const row = await guilds.get(GUILD);
  if (row === null) throw new Error("no guild");
  const moderation = { ...row.settings.moderation, on: true, live: true };
  await guilds.change(GUILD, { ...row.settings, moderation }, "test", "moderation");
  expect((await post(`${base}/moderation/live`, { version: "1" })).status).toBe(303);
  expect((await guilds.get(GUILD))?.settings.moderation.live).toBe(false);
  expect((await post(`${base}/moderation/live`, { live: "1", version: "1" })).status).toBe(409);
  expect((await guilds.get(GUILD))?.settings.moderation.live).toBe(false);
});
