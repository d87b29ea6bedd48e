/** From a member's wish to the team's mailbox, on a real store and a real mail server. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { createServer } from "node:http";
import { join } from "node:path";
import { type SmtpSink, startSmtp } from "../../bench/simulator/smtp.ts";
import { createMemoryBus } from "../../src/bus/memory.ts";
import { systemClock } from "../../src/clock.ts";
import { createRecording } from "../../src/discord/recording.ts";
import { AppError } from "../../src/errors.ts";
import { teamHours } from "../../src/escalation/hours.ts";
import { letterOf } from "../../src/escalation/letter.ts";
import { createEscalationTeller, TELLING_KINDS, teamLine } from "../../src/escalation.ts";
import { BOT_LINES } from "../../src/i18n/bot-lines.ts";
import { botLines, words } from "../../src/i18n.ts";
import type { ChannelId, GuildId } from "../../src/ids.ts";
import { createGuardedFetch, type GuardedFetch } from "../../src/knowledge.ts";
import { createSmtp } from "../../src/mail.ts";
import { FEATURES } from "../../src/plans/plans.ts";
import type { Services } from "../../src/services.ts";
import { defaultSettings, type GuildSettings } from "../../src/settings/form.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import type { Store } from "../../src/store.ts";
import { ANSWERED, HOUR_MS, newExchange, newGuild, newWho } from "../contract/store/house.ts";
import { APPLICATION, BOT } from "../support/build.ts";
import { silentLogger } from "../support/doubles.ts";
import { temporaryFolder } from "../support/folder.ts";
import { openDatabase, type TestDatabase } from "../support/postgres.ts";

const PEOPLE = defaultSettings.people;

let database: TestDatabase;
let store: Store;
let sink: SmtpSink;
const folder = temporaryFolder("escalation");
beforeAll(async () => {
  database = await openDatabase();
  store = createSqlStore({ url: database.url, clock: systemClock, logger: silentLogger });
  await store.migrate();
});
afterAll(async () => {
  await store.close();
  await database.drop();
  folder.remove();
});
afterEach(() => sink?.stop());

async function open(people: Partial<GuildSettings["people"]> = {}, name = "Ada", fetch?: GuardedFetch) {
  sink = await startSmtp();
  const guild = newGuild();
  const discord = createRecording(APPLICATION, BOT, systemClock);
  await store.guilds.join(guild, APPLICATION, "Lumen", null);
  const settings = { ...defaultSettings, people: { ...PEOPLE, mails: ["team@lumen.example"], ...people } };
  await store.guilds.change(guild, settings, "test", "people");
  const services = {
    store,
    clock: systemClock,
    logger: silentLogger,
    llm: null,
    mailer: createSmtp({ url: sink.url, from: "bot@lumen.example", tls: "offered" }),
    discord: () => discord,
    config: { web: { publicUrl: "https://gatehouse.example" } },
    plans: { features: async () => new Set(["escalation"]) },
    bus: createMemoryBus({ logger: silentLogger }),
    secretFor: (label: string) => `secret of ${label}`,
  } as unknown as Services;
  const escalations = createEscalationTeller(services, fetch);
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
  }, 60_000);

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

/** A receiver as the README tells people to write one, on a real socket. */
async function receiver(answer: (delivery: number) => Response | "hang up") {
  const readme = await Bun.file(new URL("../../README.md", import.meta.url)).text();
  const [, recipe = ""] = /```js\n([\s\S]*?)```/.exec(readme) ?? [];
  const path = join(folder.path, `recipe-${systemClock.id()}.mjs`);
  await Bun.write(path, recipe);
  const { isFromGatehouse } = (await import(path)) as {
    isFromGatehouse(secret: string, headers: Headers, body: string, nowSeconds?: number): boolean;
  };
  const got: { readonly headers: Headers; readonly body: string; readonly genuine: boolean }[] = [];
  let secret = "";
  const listener = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const body = Buffer.concat(parts).toString();
      const headers = new Headers(request.headers as Record<string, string>);
      got.push({ headers, body, genuine: isFromGatehouse(secret, headers, body) });
      const said = answer(got.length);
      if (said === "hang up") return void request.socket.destroy();
      response.writeHead(said.status).end();
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as { port: number };
  const rules = { ports: [port], isPublic: () => true, resolve: async () => ["127.0.0.1"] };
  const url = `http://hooks.lumen.example:${port}/team`;
  const opened = await open({ webhook: url, mails: [] }, "Ada", createGuardedFetch(systemClock, rules));
  secret = `secret of webhook:${opened.guild}`;
  await opened.escalate();
  const key = `escalation-webhook:${(await opened.state())?.id}`;
  const again = async () => {
    await database.admin`update outbox set next_at = now() - interval '1 second' where key = ${key}`;
    await opened.run();
  };
  return {
    ...{ ...opened, got, key, again, isFromGatehouse, secret: () => secret },
    task: () => store.outbox.get(opened.guild, key),
    close: () => new Promise((resolve) => listener.close(resolve)),
  };
}

describe("a signed webhook, over real sockets", () => {
  test("is genuine to the README's check; another body, secret or hour is not", async () => {
    const at = await receiver(() => new Response(null, { status: 204 }));
    await at.run();
    await at.run();
    expect(at.got).toHaveLength(1);
    const [one] = at.got;
    if (one === undefined) throw new Error("nothing came");
    expect(one.genuine).toBe(true);
    expect(JSON.parse(one.body)).toMatchObject({ type: "escalation", guild: at.guild, conversation: at.talk.id });
    expect(one.headers.get("gatehouse-delivery")).toBe((await at.state())?.id ?? "");
    expect(await at.task()).toMatchObject({ state: "done" });
    const check = (secret: string, body: string, later = 0) =>
      at.isFromGatehouse(secret, one.headers, body, systemClock.now() / 1_000 + later);
    expect(check(at.secret(), one.body.replace("Ada", "Eve"))).toBe(false);
    expect(check("another", one.body)).toBe(false);
    expect([check(at.secret(), one.body, 290), check(at.secret(), one.body, 310)]).toEqual([true, false]);
    expect(check(at.secret(), one.body, -310)).toBe(false);
    await at.close();
  });

  test("comes again after 5xx and after a lost connection, signed anew under the same delivery id", async () => {
    const at = await receiver((n) =>
      n === 1 ? new Response(null, { status: 503 }) : n === 2 ? "hang up" : new Response(),
    );
    await at.run();
    expect(await at.task()).toMatchObject({ state: "planned", problem: "it answered 503" });
    await at.again();
    expect(await at.task()).toMatchObject({ state: "planned" });
    await at.again();
    expect(await at.task()).toMatchObject({ state: "done" });
    expect(at.got.map(({ genuine }) => genuine)).toEqual([true, true, true]);
    expect(new Set(at.got.map(({ headers }) => headers.get("gatehouse-delivery"))).size).toBe(1);
    await at.again();
    expect(at.got).toHaveLength(3);
    await at.close();
  });

  test("is failed for good by another 4xx, and after eight tries", async () => {
    const refuses = await receiver(() => new Response(null, { status: 410 }));
    await refuses.run();
    expect(await refuses.task()).toMatchObject({ state: "failed", problem: "it answered 410" });
    await refuses.close();
    await sink.stop();
    const down = await receiver(() => new Response(null, { status: 500 }));
    await down.run();
    for (let n = 0; n < 10; n++) await down.again();
    expect(await down.task()).toMatchObject({ state: "failed" });
    expect(down.got).toHaveLength(8);
    await down.close();
  });

  test("is unknown where a process died while it was sent, and nobody sends it again", async () => {
    const at = await receiver(() => new Response());
    const tasks = await store.outbox.claim(["escalation-webhook"], { limit: 50, leaseMs: 1 });
    const mine = tasks.find(({ key }) => key === at.key);
    await store.outbox.begin(at.guild, at.key, null, mine?.attempts);
    await at.again();
    expect(await at.task()).toMatchObject({ state: "unknown" });
    expect(at.got).toHaveLength(0);
    await at.close();
  });

  test("to what is no public address is failed at once, not tried again", async () => {
    const { escalate, run, state, guild } = await open({ webhook: "http://10.0.0.1/hook", mails: [] });
    await escalate();
    await run();
    const task = await store.outbox.get(guild, `escalation-webhook:${(await state())?.id}`);
    expect(task).toMatchObject({ state: "failed", problem: "the address is not public" });
  });
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
    const features = new Set(FEATURES);
    const saturdayMs = at("2026-11-28T12:00:00Z");
    expect(teamLine("marked", said, { people, features }, saturdayMs)).toContain("it is back <t:");
    expect(teamLine("marked", said, { people: PEOPLE, features }, 0)).toBe(said.marked);
  });

  test("where the plan has no escalation, the member is told in every language that nobody tells the team", () => {
    const features = new Set(FEATURES.filter((feature) => feature !== "escalation"));
    // `ms` is what the detector calls Indonesian.
    const languages = ["en", "tr", ...Object.keys(BOT_LINES).filter((language) => language !== "ms")];
    const lines = languages.map((language) => teamLine("marked", botLines(language), { people, features }, 0));
    expect(new Set(lines).size).toBe(languages.length);
    for (const line of lines) expect(line).not.toContain("<t:");
  });
});
