/** Moderation's pages: an admin starts it in dry run, reads its log, works on a case; a viewer only reads. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { systemClock } from "../../src/clock.ts";
import { createRecording } from "../../src/discord/recording.ts";
import type { ChannelId, MessageId, UserId } from "../../src/ids.ts";
import type { CaseInput, CaseRow } from "../../src/store/ports/moderation.ts";
import { casesCsv } from "../../web/moderation/csv.ts";
import { filterOf, readLogQuery } from "../../web/moderation/query.ts";
import { APPLICATION, BOT, CHANNEL, GUILD, MEMBER, snowflake } from "../support/build.ts";
import { type Dashboard, fillWorld, OTHER_GUILD, openDashboard } from "../support/dashboard.ts";

const LOG = `/guilds/${GUILD}/moderation`;

let dashboard: Dashboard;
let chief = "";
let viewer = "";
const discord = createRecording(APPLICATION, BOT, systemClock);

beforeAll(async () => {
  dashboard = await openDashboard({ overrides: { discord: () => discord } });
  await fillWorld(dashboard.services);
  const { people } = dashboard.services.store;
  chief = await dashboard.signIn({ id: "300000000000000503", name: "Chief", operator: false });
  await people.setRole("300000000000000503", GUILD, "admin");
  viewer = await dashboard.signIn({ id: "300000000000000504", name: "Vi", operator: false });
  await people.setRole("300000000000000504", GUILD, "viewer");
  for (const id of ["300000000000000503", "300000000000000504"]) {
    discord.welcome({ id: id as UserId, name: id, roles: [], timedOutUntilMs: null, joinedAtMs: null });
  }
});
afterAll(() => dashboard.stop());

const page = async (path: string, cookie = chief) => await (await dashboard.get(path, cookie)).text();
const settings = async () => {
  const row = await dashboard.services.store.guilds.get(GUILD);
  if (row === null) throw new Error("no guild");
  return { version: String(row.version), moderation: row.settings.moderation };
};
async function planted(fields: Partial<CaseInput> = {}): Promise<CaseRow> {
  const message = snowflake() as MessageId;
  const [one] = await dashboard.services.store.cases.plan(GUILD, [
    {
      ...{ key: message, message, channel: CHANNEL as ChannelId, channelName: "help", author: MEMBER as UserId },
      ...{ authorName: "Ada <b>", atMs: Date.now(), evidence: "you <script>idiot</script>", context: [] },
      rule: { n: 2, text: "Be kind." },
      verdict: {
        ...{ source: "model", signals: [], category: "harassment", severity: "medium", confidence: 0.9 },
        ...{ reason: "an insult", model: "m", costUsd: 0.001 },
      },
      ...{ action: "warn", plan: { acts: ["delete", "warn"], held: [] }, state: "planned", problem: null },
      strike: { weight: 1, expiresAtMs: null },
      ...fields,
    },
  ]);
  if (one === undefined) throw new Error("no case");
  return one.case;
}

const FORM = {
  ...{ exemptRoles: "", exemptChannels: "", logChannel: "", capTimeout: "50", capKick: "5", capBan: "5" },
  ...{ confidence: "70", strikeDays: "30", warnSeconds: "60", keepDays: "30" },
};

test("without a model, without a rule and without a find it says what to do about each", async () => {
  const { store } = dashboard.services;
  const row = await store.guilds.get(GUILD);
  if (row === null) throw new Error("no guild");
  const on = { ...row.settings, moderation: { ...row.settings.moderation, on: true, rules: [] } };
  await store.guilds.change(GUILD, on, "test", "test");
  const [english, turkish] = [await page(LOG), await page(LOG, `${chief}; gatehouse-language=tr`)];
  for (const says of ["sets GROQ_API_KEY to have the rules judged", "Write one under Rules and settings"])
    expect(english).toContain(says);
  const none = await page(`${LOG}?text=xylophone`);
  for (const says of ["found by whole words", `<a href="${LOG}">Show all cases</a>`]) expect(none).toContain(says);
  for (const says of ["botu işleten kişi GROQ_API_KEY", "Kurallar ve ayarlar altında bir tane yaz"])
    expect(turkish).toContain(says);
  await store.guilds.change(GUILD, row.settings, "test", "test");
});

test("it begins in dry run, acts for real once an admin says so, and begins anew after it was off", async () => {
  const save = async (fields: Record<string, string>) =>
    await dashboard.post(`${LOG}/settings`, { ...FORM, ...fields, version: (await settings()).version }, chief);
  const none = await save({ on: "on" });
  expect([none.status, await none.text()]).toEqual([422, expect.stringContaining("at least one action")]);
  await save({ on: "on", "action-delete": "on", "action-warn": "on" });
  expect((await settings()).moderation).toMatchObject({
    on: true,
    live: false,
    actions: { delete: true, kick: false },
  });
  expect(await page(LOG)).toContain("Dry run");
  await dashboard.post(`${LOG}/live`, { live: "1", version: (await settings()).version }, chief);
  expect((await settings()).moderation.live).toBe(true);
  await save({ on: "on", "action-delete": "on" });
  expect((await settings()).moderation.live).toBe(true);
  await save({ "action-delete": "on" });
  await save({ on: "on", "action-delete": "on" });
  expect((await settings()).moderation.live).toBe(false);
});

test("the admin's own filter is saved; an entry that cannot be is refused with its line and reason, and nothing typed is lost", async () => {
  const save = async (fields: Record<string, string>) =>
    await dashboard.post(`${LOG}/settings`, { ...FORM, ...fields, version: (await settings()).version }, chief);
  const lists = { filterWords: "pineapple\r\n\r\nşeker*\r\npineapple", filterDomains: "https://Lumen.example/" };
  expect((await save({ ...lists, filterPatterns: "a{2,3}b", filterMentions: "4" })).status).toBe(303);
  const filter = {
    ...{ words: ["pineapple", "şeker*"], patterns: ["a{2,3}b"], mentionsMax: 4 },
    allowedDomains: ["https://Lumen.example/"],
  };
  expect((await settings()).moderation.filter).toEqual(filter);
  expect(await page(`${LOG}/rules`)).toContain("pineapple\nşeker*</textarea>");

  const bad = { filterWords: "kept <b>", filterPatterns: "fine\n\n(?=x)y", filterDomains: "no domain/at all" };
  const refused = await save({ ...bad, capKick: "3", thorough: "on" });
  const shown = await refused.text();
  expect(refused.status).toBe(422);
  for (const text of ["Patterns, line 3:", "It looks ahead or behind", "Allowed domains, line 1:", "It is no domain."])
    expect(shown).toContain(text);
  for (const text of ["kept &lt;b&gt;</textarea>", "fine\n\n(?=x)y</textarea>", 'max="100" value="3"'])
    expect(shown).toContain(text);
  expect(shown).toMatch(/name="thorough" checked/);
  const many = await save({ filterPatterns: Array.from({ length: 21 }, (_, n) => `p${n}`).join("\n") });
  expect([many.status, await many.text()]).toEqual([422, expect.stringContaining("20 patterns")]);
  expect((await save({ filterMentions: "0" })).status).toBe(422);
  expect((await settings()).moderation.filter).toEqual(filter);
  await save({});
  expect((await settings()).moderation.filter).toMatchObject({ words: [], mentionsMax: null });
});

test("rules are written in one's own words, start from ready-made ones, and keep their numbers", async () => {
  const { version } = await settings();
  await dashboard.post(`${LOG}/presets`, { version }, chief);
  const before = (await settings()).moderation.rules;
  expect(before.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  const form: Record<string, string> = { version: (await settings()).version };
  for (const [at, rule] of [before[2], { n: 0, text: "No <b>spoilers</b>.", action: "kick" }].entries()) {
    Object.assign(form, {
      [`n-${at}`]: String(rule?.n),
      [`text-${at}`]: rule?.text,
      [`action-${at}`]: rule?.action,
      [`on-${at}`]: "on",
    });
  }
  await dashboard.post(`${LOG}/rules`, form, chief);
  expect((await settings()).moderation.rules).toEqual([
    expect.objectContaining({ n: 3, kind: "harassment" }),
    expect.objectContaining({ n: 4, text: "No <b>spoilers</b>.", action: "kick", on: true }),
  ]);
  expect(await page(`${LOG}/rules`)).toContain("No &lt;b&gt;spoilers&lt;/b&gt;.");
  expect((await dashboard.post(`${LOG}/rules`, form, chief)).status).toBe(409);
});

test("the log shows cases as text, filters them, and never another server's", async () => {
  const one = await planted();
  const all = await page(LOG);
  expect(all).toContain("Ada &lt;b&gt;");
  expect(all).not.toContain("<script>idiot");
  expect(await page(`${LOG}?text=idiot&state=planned&rule=2&member=${MEMBER}`)).toContain(one.id);
  expect(await page(`${LOG}?state=undone`)).not.toContain(one.id);
  expect((await dashboard.get(`/guilds/${OTHER_GUILD}/moderation/${one.id}`, chief)).status).toBe(404);
});

test("a case whose acts wait for Discord says so, until they are done", async () => {
  const { id } = await planted();
  expect(await page(`${LOG}/${id}`)).toContain("waits in its turn until Discord takes it");
  await dashboard.services.store.cases.append(GUILD, [{ case: id, event: { kind: "applied", by: "bot" } }]);
  expect(await page(`${LOG}/${id}`)).not.toContain("waits in its turn");
});

test("a case is undone, noted and called wrong by an admin, and only read by a viewer", async () => {
  const one = await planted();
  await dashboard.services.store.cases.append(GUILD, [{ case: one.id, event: { kind: "applied", by: "bot" } }]);
  const step = (name: string, cookie: string, text = "") =>
    dashboard.post(`${LOG}/${one.id}`, { step: name, text }, cookie);
  expect((await step("undo", viewer)).status).toBe(404);
  expect((await dashboard.get(`${LOG}/${one.id}`, viewer)).status).toBe(200);
  expect((await step("undo", chief)).status).toBe(303);
  expect((await step("undo", chief)).status).toBe(409);
  expect((await step("note", chief, "talked to <them>")).status).toBe(303);
  expect((await step("wrong", chief)).status).toBe(303);
  const shown = await page(`${LOG}/${one.id}`);
  for (const text of ["undone", "talked to &lt;them&gt;", "was called wrong", "Be kind.", "an insult"])
    expect(shown).toContain(text);
  expect(discord.sent.at(-1)?.message.content).toContain("wrote (restored)");
});

test("whoever was kicked is invited back from the case, by an admin, once a press, with a link to copy", async () => {
  const one = await planted({ action: "kick", plan: { acts: ["kick"], held: [] } });
  const applied = { kind: "applied", by: "bot", detail: { done: [{ act: "kick", ok: true }] } } as const;
  await dashboard.services.store.cases.append(GUILD, [{ case: one.id, event: applied }]);
  const path = `${LOG}/${one.id}`;
  const press = (cookie: string, after: string) => dashboard.post(path, { step: "invite", after }, cookie);
  expect(await page(path)).toContain("A kick cannot be undone.");
  expect(await page(path, viewer)).not.toContain("Invite the member back");

  // This Discord knows no channel yet.
  const refused = await press(chief, "0");
  expect([refused.status, await refused.text()]).toEqual([
    409,
    expect.stringContaining("is not in the server any more"),
  ]);
  discord.name(GUILD, "Lumen");
  discord.welcome({ id: BOT.userId, name: BOT.name, roles: [], timedOutUntilMs: null, joinedAtMs: null });
  const { channels } = discord.directory;
  const help = { id: CHANNEL as ChannelId, name: "help", type: 0, parentId: null, ownerId: null, overwrites: [] };
  discord.directory.channels = async () => [help];

  expect((await press(viewer, "0")).status).toBe(404);
  for (const _ of [1, 2]) {
    const done = await press(chief, "0");
    expect([done.status, done.headers.get("location")]).toEqual([303, `${path}#invite`]);
  }
  expect(discord.acts.filter(({ act }) => act === "invite")).toHaveLength(1);
  const shown = await page(path);
  const link = /<input type="text" readonly value="(https:\/\/discord\.gg\/\w+)"/.exec(shown)?.[1] ?? "none";
  for (const text of ["data-copy", "The member was sent it.", "An invitation was created", "Chief", "Create another"])
    expect(shown).toContain(text);
  expect(await page(path, viewer)).not.toContain(link);
  const headers = { "accept-language": "tr" };
  const turkish = await dashboard.get(path, chief, headers);
  expect(await turkish.text()).toContain("Davet bağlantısı");
  expect((await dashboard.post(path, { step: "undo", text: "" }, chief)).status).toBe(200);
  expect(await page(path)).toContain("The kick stays: only an invitation brings the member back.");
  discord.directory.channels = channels;
});

test("a case says in a sentence of the reader's language why it was held back or failed", async () => {
  const held = await planted({
    ...{ state: "held", problem: "missing-permission" },
    plan: {
      acts: [],
      held: [
        { action: "delete", why: "missing-permission" },
        { action: "warn", why: "not-sure" },
      ],
    },
  });
  const failed = await planted();
  const event = { kind: "failed", by: "bot", problem: "delete: forbidden, warn: a-word-of-later" } as const;
  await dashboard.services.store.cases.append(GUILD, [{ case: failed.id, event }]);
  const both = async (language: string) => {
    const headers = { "accept-language": language };
    const pages = [held, failed].map(
      async ({ id }) => await (await dashboard.get(`${LOG}/${id}`, chief, headers)).text(),
    );
    return (await Promise.all(pages)).join("");
  };
  const english = await both("en");
  for (const text of [
    ...["Delete: held back. The bot lacks the permission", "Warn: held back. The verdict was not sure"],
    ...["Delete: failed. Discord refused it.", "Warn: failed. It could not be done."],
  ])
    expect(english).toContain(text);
  const turkish = await both("tr");
  for (const text of ["Sil: yapılmadı. Botun bunun için izni yok.", "Sil: başarısız. Discord reddetti."])
    expect(turkish).toContain(text);
  for (const raw of ["missing-permission", "not-sure", "forbidden", "a-word-of-later"])
    expect(english + turkish).not.toContain(raw);
});

test("what Discord refused of a case is not said to be done, in the log, on its page and in the spreadsheet", async () => {
  const evidence = `quokka ${snowflake()}`;
  const one = await planted({ evidence, action: "timeout", plan: { acts: ["delete", "timeout"], held: [] } });
  const event = { kind: "applied", by: "bot", problem: "timeout: forbidden" } as const;
  await dashboard.services.store.cases.append(GUILD, [{ case: one.id, event }]);
  const shown = await page(`${LOG}?text=quokka`);
  expect(shown).toContain("Time out: failed");
  expect(shown).not.toContain("Delete + Time out");
  expect(await page(`${LOG}/${one.id}`)).toContain("<dt>What was done</dt><dd>Delete</dd>");
  const row = (await page(`${LOG}/cases.csv`)).split("\r\n").find((line) => line.includes(evidence));
  expect(row).toContain('"applied","timeout","delete"');
});

test("a name where a member's id is asked for finds nobody, rather than everybody", async () => {
  const one = await planted();
  expect(await page(`${LOG}?member=${one.author}`)).toContain(one.id);
  expect(await page(`${LOG}?member=gruffbert`)).not.toContain(one.id);
});

test("a day is written as the page's language writes it, whatever the browser's, and what is none is said to be that", async () => {
  const asked = await dashboard.get(`${LOG}?from=31.02.2026`, chief, { "accept-language": "tr" });
  const turkish = await asked.text();
  expect(turkish).toContain('placeholder="GG.AA.YYYY"');
  expect(turkish).toContain("“31.02.2026” bir gün değil");
  expect(turkish).toMatch(/name="from" value="31\.02\.2026"[^>]* aria-invalid="true"/);
  expect(await page(`${LOG}?to=11/28/2026`)).toContain("“11/28/2026” is no day");

  const days = (from: string, to: string) => filterOf(readLogQuery(new URLSearchParams({ from, to })));
  const whole = { fromMs: Date.UTC(2026, 10, 28), toMs: Date.UTC(2026, 10, 29) - 1 };
  expect(days("2026-11-28", "28.11.2026")).toEqual(whole);
  expect(days("28.11.2026", "2026-11-28")).toEqual(whole);
  expect(days("2026-13-01", "0.1.2026")).toEqual({});
  const sheet = await dashboard.get(`${LOG}/cases.csv?from=28%2F11%2F2026`, chief);
  expect([sheet.status, sheet.headers.get("location")]).toEqual([303, `${LOG}?from=28%2F11%2F2026`]);
});

test("a reported message's page claims no verdict and nothing done, and names who appealed", async () => {
  const found = { kind: "report", by: "Bob" } as const;
  const one = await planted({
    ...{ rule: null, action: "delete", plan: { acts: ["delete"], held: [] }, state: "review", strike: null },
    verdict: {
      ...{ source: "report", signals: [], category: "none", severity: "none", confidence: 0 },
      ...{ reason: "", found, model: null, costUsd: 0 },
    },
  });
  const { cases } = dashboard.services.store;
  const appeal = { kind: "appeal", by: MEMBER, text: "No harm meant." } as const;
  await cases.append(GUILD, [{ case: one.id, event: appeal }]);
  const unsent = { kind: "answer-unsent", by: "bot", detail: { told: "closed" } } as const;
  await cases.append(GUILD, [{ case: one.id, event: { kind: "appeal-answer", by: "Chief", text: "Fine." } }]);
  await cases.append(GUILD, [{ case: one.id, event: unsent }]);
  const shown = await page(`${LOG}/${one.id}`);
  for (const text of [
    "reported by Bob",
    "<dt>Would be</dt><dd>Delete</dd>",
    "The appeal is answered.",
    "take no direct messages",
  ])
    expect(shown).toContain(text);
  for (const text of ["What was done", "Confidence", "Severity", `<span class="quiet">${MEMBER}</span>`])
    expect(shown).not.toContain(text);
});

test("the log shows the beginning of a long text and rule as one, what was held back beside what was done, and the filter's name", async () => {
  const rule = { n: 9, text: `No insults and no threats, of anybody and about anything ${"whatsoever ".repeat(9)}` };
  const held = [{ action: "kick", why: "cap" }] as const;
  const evidence = `zebra ${"x".repeat(300)}`;
  await planted({ rule, evidence, action: "kick", plan: { acts: ["delete"], held: [...held] } });
  const own = { source: "certain", signals: [], category: "own-filter", severity: "medium", confidence: 1 } as const;
  const verdict = { ...own, reason: "", model: null, costUsd: 0 };
  await planted({ rule: null, evidence: "zebra keygen", verdict });
  const shown = await page(`${LOG}?text=zebra`);
  for (const text of ["No insults and no threats, of…", "x…", "Kick: held back", "This server&#39;s word filter"])
    expect(shown).toContain(text);
});

test("what was held back may be done from its case, but not what Discord's AutoMod did, nor where nothing was due", async () => {
  const offered = async (fields: Partial<CaseInput>) => {
    const { id } = await planted({ state: "held", ...fields });
    return (await page(`${LOG}/${id}`)).includes('value="apply"');
  };
  const plan: CaseInput["plan"] = { acts: [], held: [{ action: "ban", why: "cap" }] };
  expect(await offered({ plan, problem: "cap" })).toBe(true);
  expect(await offered({ plan: { acts: [], held: [] }, problem: "no-action-on" })).toBe(false);
  const verdict: CaseInput["verdict"] = {
    ...{ source: "automod", signals: [], category: "automod", severity: "none", confidence: 1 },
    ...{ reason: "", found: { kind: "automod", did: ["blocked"], matched: "idiot" }, model: null, costUsd: 0 },
  };
  expect(await offered({ plan, problem: "automod", verdict })).toBe(false);
});

test("why raid mode or AutoMod did something is said in the reader's language, on the page and in the spreadsheet", async () => {
  const common = { signals: [], severity: "medium", confidence: 1, reason: "", model: null, costUsd: 0 } as const;
  const raid = await planted({
    verdict: {
      ...{ ...common, source: "raid", category: "raid" },
      found: { kind: "raid", cause: "joins", members: 5, seconds: 60 },
    },
  });
  const blocked = await planted({
    verdict: {
      ...{ ...common, source: "automod", category: "automod" },
      found: { kind: "automod", did: ["blocked", "timed-out"], matched: "idiot" },
    },
  });
  for (const [language, seen, did] of [
    ["en", "5 members joined within 60 s", "AutoMod blocked the message, timed the member out: idiot"],
    ["tr", "60 sn içinde 5 üye katıldı", "AutoMod mesajı engelledi, üyeyi susturdu: idiot"],
  ] as const) {
    const headers = { "accept-language": language };
    const read = async (path: string) => await (await dashboard.get(path, chief, headers)).text();
    expect(await read(`${LOG}/${raid.id}`)).toContain(seen);
    expect(await read(`${LOG}/${blocked.id}`)).toContain(did);
    const csv = await read(`${LOG}/cases.csv`);
    expect(csv).toContain(seen);
    expect(csv).toContain(did);
  }
});

test("a spreadsheet runs nothing that a member wrote", () => {
  const one = { number: 1, atMs: 0, state: "applied", action: "warn", plan: { acts: [] }, rule: null, author: "1" };
  const hostile = ['=HYPERLINK("http://evil")', "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1"];
  for (const evidence of hostile) {
    const verdict = { severity: "low", confidence: 1, reason: evidence, source: "model", model: null };
    const csv = casesCsv(
      [{ ...one, authorName: evidence, channelName: evidence, verdict, evidence } as unknown as CaseRow],
      "en",
    );
    const cells = [...csv.matchAll(/"((?:[^"]|"")*)"/g)].map((match) => match[1] ?? "");
    expect(cells.filter((cell) => /^\s*[=+\-@＝]/.test(cell))).toEqual([]);
  }
});

test("an alert is shown until it is seen to", async () => {
  await dashboard.services.store.alerts.raise(GUILD, { kind: "cap", detail: { action: "ban" }, untilMs: null });
  expect(await page(LOG)).toContain("limit is used up");
  await dashboard.post(`${LOG}/alerts/cap`, {}, chief);
  expect(await page(LOG)).not.toContain("limit is used up");
});

test("that nobody judged some messages is said with its reason, in both languages, until it is seen to", async () => {
  const detail = { why: "away", message: "1" };
  await dashboard.services.store.alerts.raise(GUILD, { kind: "unjudged", detail, untilMs: null });
  expect(await page(LOG)).toContain("the model could not be reached");
  const turkish = await dashboard.get(LOG, chief, { "accept-language": "tr" });
  expect(await turkish.text()).toContain("modele ulaşılamadı");
  await dashboard.post(`${LOG}/alerts/unjudged`, {}, chief);
  expect(await page(LOG)).not.toContain("the model could not be reached");
});

test("every setting of moderation is set on the page: the ladder, what needs no judgement, a ban's messages, who is exempt", async () => {
  const save = async (fields: Record<string, string>, roles: readonly string[] = []) => {
    const form = new FormData();
    const { exemptRoles: _, ...rest } = FORM;
    for (const [name, value] of Object.entries({ ...rest, ...fields, version: (await settings()).version }))
      form.append(name, value);
    for (const role of roles) form.append("exemptRoles", role);
    return await dashboard.post(`${LOG}/settings`, form, chief);
  };
  const ladder = {
    ...{ "ladder-0": "timeout", "ladder-minutes-0": "5", "ladder-1": "", "ladder-minutes-1": "7" },
    ...{ "ladder-2": "kick", "ladder-minutes-2": "", "ladder-3": "" },
  };
  const roles = ["500000000000000001", "500000000000000002"];
  expect((await save({ ...ladder, exemptChannels: `<#${CHANNEL}>, 5` })).status).toBe(422);
  expect((await save({ ...ladder, "ladder-0": "", "ladder-2": "" })).status).toBe(422);
  expect((await save({ ...ladder, "ladder-minutes-0": "40321" })).status).toBe(422);
  expect((await save({ ...ladder, banDelete: "604801" })).status).toBe(422);
  const typed = await (await save({ ...ladder, "ladder-minutes-0": "40321", certain: "kick" })).text();
  expect(typed).toContain('name="ladder-minutes-0" type="number" min="1" max="40320" value="40321"');
  expect(typed).toMatch(/value="kick" selected[\s\S]*name="exemptRoles"/);
  await save({ ...ladder, certain: "ban", banDelete: "86400", exemptChannels: CHANNEL }, roles);
  expect((await settings()).moderation).toMatchObject({
    ladder: [
      { action: "timeout", minutes: 5 },
      { action: "kick", minutes: 10 },
    ],
    ...{ certain: "ban", banDeleteSeconds: 86_400 },
    ...{ exemptRoles: roles, exemptChannels: [CHANNEL] },
  });
  expect(await page(`${LOG}/rules`)).toContain('<option value="86400" selected>the last 24 h</option>');
});

test("raid mode is switched on within its bounds, and a raid is ended from its alert", async () => {
  const save = async (fields: Record<string, string>) =>
    await dashboard.post(`${LOG}/settings`, { ...FORM, ...fields, version: (await settings()).version }, chief);
  const numbers = {
    ...{ raidMembers: "6", raidWindow: "20", raidSlow: "45", raidMinutes: "5", raidJoinsMin: "9" },
    ...{ raidJoinsWindow: "40", raidFloods: "on", raidSlows: "on" },
  };
  await save({ on: "on", "action-delete": "on", raid: "on", ...numbers });
  expect((await settings()).moderation.raid).toEqual({
    ...{ on: true, live: false, floods: true, membersMin: 6, windowS: 20, joins: false, joinsMin: 9, joinsWindowS: 40 },
    ...{ slow: true, timeout: false, slowS: 45, minutes: 5 },
  });
  const { raidSlows: _, ...idle } = numbers;
  const refused = await save({ raid: "on", ...idle });
  expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining("something to do")]);
  // Its own dry run: only once moderation acts can raid mode be told to act as well.
  await save({ on: "on", "action-delete": "on", raid: "on", ...numbers });
  await dashboard.post(`${LOG}/live`, { what: "raid", live: "1", version: (await settings()).version }, chief);
  expect((await settings()).moderation.raid.live).toBe(false);
  await dashboard.post(`${LOG}/live`, { live: "1", version: (await settings()).version }, chief);
  expect(await page(LOG)).toContain("Raid mode: a dry run");
  await dashboard.post(`${LOG}/live`, { what: "raid", live: "1", version: (await settings()).version }, chief);
  expect((await settings()).moderation).toMatchObject({ live: true, raid: { live: true } });
  expect(await page(LOG)).toContain("Raid mode acts for real");
  expect((await save({ raid: "on", ...numbers, raidSlow: "21601" })).status).toBe(422);
  expect(await page(`${LOG}/rules`)).toContain('name="raidSlow" type="number" required min="1" max="21600" value="45"');

  const beganAtMs = Date.now();
  const about = {
    ...{ cause: "flood", members: 7, seconds: 20, slowS: 45, timesOut: false, dryRun: false },
    ...{ beganAtMs, endsAtMs: beganAtMs + 300_000 },
  };
  const detail = { ...about, channels: [{ id: "200000000000000001", before: 5 }] };
  await discord.channels.slow("200000000000000001" as ChannelId, 45, "raid");
  await dashboard.services.store.alerts.raise(GUILD, { kind: "raid", detail, untilMs: null });
  expect(await page(LOG)).toContain("7 members wrote one text within 20 s: slow mode of 45 s in 1 channel.");
  await dashboard.post(`${LOG}/alerts/raid`, {}, chief);
  expect(await page(LOG)).not.toContain("7 members wrote one text");
  expect(discord.acts.at(-1)).toMatchObject({ act: "slow", seconds: 5 });
});

test("a rehearsal says its cost before it is run", async () => {
  const asked = await (await dashboard.post(`${LOG}/rehearsal`, { days: "7", step: "ask" }, chief)).text();
  expect(asked).toContain("Messages: 0.");
  expect(await (await dashboard.post(`${LOG}/rehearsal`, { days: "7", step: "run" }, chief)).text()).toContain(
    "Nothing would be acted on",
  );
});
