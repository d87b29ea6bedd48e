/** From a member's wish to the team's mailbox, on a real store and a real mail server. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { type SmtpSink, startSmtp } from "../../bench/simulator/smtp.ts";
import { createMemoryBus } from "../../src/bus/memory.ts";
import { systemClock } from "../../src/clock.ts";
import { createRecording } from "../../src/discord/recording.ts";
import { AppError } from "../../src/errors.ts";
import { teamHours } from "../../src/escalation/hours.ts";
import { letterOf } from "../../src/escalation/letter.ts";
import { createEscalationTeller, TELLING_KINDS, teamLine } from "../../src/escalation.ts";
import { words } from "../../src/i18n.ts";
import type { ChannelId, GuildId } from "../../src/ids.ts";
import { createSmtp } from "../../src/mail.ts";
import type { Services } from "../../src/services.ts";
import { defaultSettings, type GuildSettings } from "../../src/settings/form.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import type { Store } from "../../src/store.ts";
import { ANSWERED, HOUR_MS, newExchange, newGuild, newWho } from "../contract/store/house.ts";
import { APPLICATION, BOT } from "../support/build.ts";
import { silentLogger } from "../support/doubles.ts";
import { openDatabase, type TestDatabase } from "../support/postgres.ts";

const PEOPLE = defaultSettings.people;

let database: TestDatabase;
let store: Store;
let sink: SmtpSink;
beforeAll(async () => {
  database = await openDatabase();
  store = createSqlStore({ url: database.url, clock: systemClock, logger: silentLogger });
  await store.migrate();
});
afterAll(async () => {
  await store.close();
  await database.drop();
});
afterEach(() => sink?.stop());

async function open(people: Partial<GuildSettings["people"]> = {}, name = "Ada") {
  sink = await startSmtp();
  const guild = newGuild();
  const discord = createRecording(APPLICATION, BOT, systemClock);
  await store.guilds.join(guild, APPLICATION, "Lumen", null);
  const settings = { ...defaultSettings, people: { ...PEOPLE, mails: ["team@lumen.example"], ...people } };
  await store.guilds.change(guild, settings, "test", "people");
  const escalations = createEscalationTeller({
    store,
    clock: systemClock,
    logger: silentLogger,
    llm: null,
    mailer: createSmtp({ url: sink.url, from: "bot@lumen.example", tls: "offered" }),
    discord: () => discord,
    config: { web: { publicUrl: "https://gatehouse.example" } },
    plans: { features: async () => new Set(["escalation"]) },
    bus: createMemoryBus({ logger: silentLogger }),
    secretFor: () => "secret",
  } as unknown as Services);
  const talk = await store.conversations.open(guild, newWho({ memberName: name }), HOUR_MS);
  const escalate = () =>
    store.conversations.record(guild, newExchange(talk.id, { outcome: { ...ANSWERED, kind: "escalated" } }));
  const run = async () => {
    const tasks = await store.outbox.claim([...TELLING_KINDS], { limit: 50, leaseMs: 60_000 });
    for (const task of tasks.filter((one) => one.guild === guild)) await escalations.tell(task);
  };
  const state = async () => (await store.escalations.of(guild, talk.id))[0];
  return { guild, talk, escalate, run, state, escalations, discord };
}

describe("an escalation", () => {
  test("is mailed once with reason, summary, last turns and link", async () => {
    const { escalate, run, state, talk, guild } = await open();
    await escalate();
    await run();
    await run();
    expect(sink.mails).toHaveLength(1);
    const text = sink.mails[0]?.text ?? sink.mails[0]?.raw ?? "";
    expect(text).toContain("How do I reset my password?");
    expect(text.replaceAll("=\r\n", "")).toContain(`/guilds/${guild}/live/${talk.id}`);
    expect(await state()).toMatchObject({ mail: "sent", summary: "How do I reset my password?" });
  });

  test("a process that ends while it mails leaves it unknown, and nobody mails it again", async () => {
    const { escalate, run, state, guild } = await open();
    await escalate();
    const id = (await state())?.id;
    const key = `escalation-mail:${id}`;
    const [mine] = (await store.outbox.claim(["escalation-mail"], { limit: 50, leaseMs: 1 })).filter(
      (t) => t.key === key,
    );
    await store.outbox.begin(guild, key, null, mine?.attempts);
    await systemClock.sleep(5);
    await run();
    expect(sink.mails).toHaveLength(0);
    expect(await state()).toMatchObject({ mail: "unknown" });
  });

  test("a server that refuses for now is tried again, one that refuses for good is shown", async () => {
    const { escalate, run, state, guild } = await open();
    sink.fail({ at: "mail", reply: "451 4.3.0 later" });
    await escalate();
    await run();
    const id = (await state())?.id;
    expect(await state()).toMatchObject({ mail: "planned", mailProblem: expect.stringContaining("451") });
    expect(await store.outbox.get(guild, `escalation-mail:${id}`)).toMatchObject({ state: "planned" });
  });

  test("names with HTML and line ends come to nothing", async () => {
    const { escalate, run } = await open({}, '<img src=x onerror="alert(1)">\r\nBcc: x@y.example');
    await escalate();
    await run();
    const raw = sink.mails[0]?.raw ?? "";
    expect(raw.slice(raw.indexOf("text/html"))).not.toContain("<img");
    expect(raw.slice(0, raw.indexOf("\r\n\r\n"))).not.toMatch(/^bcc:/im);
    expect(sink.mails[0]?.to).toEqual(["team@lumen.example"]);
  });

  test("is told in Discord with a button, where the admin chose a channel", async () => {
    const { escalate, run, discord, talk } = await open({ channel: "200000000000000077" });
    await escalate();
    await run();
    expect(discord.sent).toHaveLength(1);
    expect(discord.sent[0]).toMatchObject({ channel: "200000000000000077" as ChannelId });
    expect(discord.sent[0]?.message.buttons?.[0]?.id).toBe(`takeover:${talk.id}`);
  });

  test("a message in Discord whose reply is lost is there once, and is unknown where nobody ever says", async () => {
    const { escalate, run, discord, guild, state } = await open({ channel: "200000000000000077" });
    discord.failNext(new AppError("unknown-outcome", "lost"), true);
    await escalate();
    await run();
    const key = `escalation-post:${(await state())?.id}`;
    expect(discord.sent).toHaveLength(1);
    expect(await store.outbox.get(guild, key)).toMatchObject({ state: "done" });
    await sink.stop();
    const other = await open({ channel: "200000000000000077" });
    const send = other.discord.messages.send;
    other.discord.messages.send = () => Promise.reject(new AppError("unknown-outcome", "lost"));
    await other.escalate();
    await other.run();
    other.discord.messages.send = send;
    const lost = await store.outbox.get(other.guild, `escalation-post:${(await other.state())?.id}`);
    expect(lost).toMatchObject({ state: "unknown", problem: "lost" });
  }, 20_000);

  test("a webhook to an address that is not public is refused by the guard", async () => {
    const { escalate, run, state, guild } = await open({ webhook: "http://127.0.0.1:9/hook" });
    await escalate();
    await run();
    const task = await store.outbox.get(guild, `escalation-webhook:${(await state())?.id}`);
    expect(task?.problem).toContain("port 9");
  });

  test("a second person is told when nobody took it in time", async () => {
    const { escalations, run, talk, guild } = await open({
      secondMail: "lead@lumen.example",
      remindMinutes: 5,
      mails: [],
    });
    const id = await store.escalations.open(guild, talk.id, { trigger: "1", reason: "asked" });
    const begun = new Date(systemClock.now() - 6 * 60_000).toISOString();
    await database.admin`update escalations set at = ${begun} where id = ${id}`;
    await escalations.remind();
    await escalations.remind();
    await run();
    expect(sink.mails.map((mail) => mail.to)).toEqual([["lead@lumen.example"]]);
  });

  test("a test mail tells what the server answered", async () => {
    const { escalations, guild } = await open();
    const row = await store.guilds.get(guild as GuildId);
    if (row === null) throw new Error("no guild");
    expect(await escalations.test(row, "team@lumen.example")).toMatchObject({ posted: "yes" });
    expect(await escalations.test(row, "no address")).toMatchObject({ posted: "no" });
    sink.fail({ at: "rcpt", reply: "550 5.1.1 no such user" });
    expect(await escalations.test(row, "team@lumen.example")).toMatchObject({ posted: "no" });
  });
});

test("a letter shows no marks of Discord's", () => {
  const said = {
    id: "1",
    role: "bot",
    author: "Gatehouse",
    atMs: 0,
    message: null,
    sources: [],
    outcome: null,
  } as const;
  const turns = [{ ...said, feedback: null, text: "<@123456789012345678> back <t:1796014800:F>" }];
  const escalation = { id: "a", memberName: "Ada", channelName: "", summary: "", reason: "asked" } as never;
  const about = { escalation, turns, guildName: "Lumen", link: "https://g.example/x", language: "en" } as const;
  expect(letterOf(about, ["a@b.example"], null).text).toContain("Bot (Gatehouse): back 2026-11-30 05:00 UTC");
});

describe("working hours", () => {
  const weekdays = { from: "09:00", to: "18:00" };
  const week = [weekdays, weekdays, weekdays, weekdays, weekdays, null, null];
  const people = { ...PEOPLE, zone: "Europe/Istanbul", week };
  const at = (iso: string) => Date.parse(iso);

  test("say until when the team is there, or when it is back, in its own time zone", () => {
    // Friday, 10:00 in Istanbul.
    expect(teamHours(people, at("2026-11-27T07:00:00Z"))).toEqual({
      there: "now",
      untilMs: at("2026-11-27T15:00:00Z"),
    });
    expect(teamHours(people, at("2026-11-27T15:00:00Z"))).toEqual({
      there: "later",
      fromMs: at("2026-11-30T06:00:00Z"),
    });
    expect(teamHours({ ...people, week: null }, 0)).toEqual({ there: "unknown" });
    expect(teamHours({ ...people, week: Array(7).fill(null) }, 0)).toEqual({ there: "never" });
  });

  test("a night shift ends on the next day", () => {
    const night = { ...people, week: Array(7).fill({ from: "22:00", to: "06:00" }) };
    expect(teamHours(night, at("2026-11-27T01:00:00Z"))).toEqual({ there: "now", untilMs: at("2026-11-27T03:00:00Z") });
  });

  test("the member reads when somebody is there", () => {
    const said = words("en").bot;
    expect(teamLine("marked", said, people, at("2026-11-28T12:00:00Z"))).toContain("it is back <t:");
    expect(teamLine("marked", said, PEOPLE, 0)).toBe(said.marked);
  });
});
