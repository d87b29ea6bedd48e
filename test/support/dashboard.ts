/** A dashboard over real stores with a small world in it: two guilds, conversations of every kind, a bot that records. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CustomBots, createCustomBots } from "../../src/bots/custom.ts";
import { createMemoryBus } from "../../src/bus/memory.ts";
import { systemClock } from "../../src/clock.ts";
import { loadConfig } from "../../src/config.ts";
import { createSealer } from "../../src/crypto.ts";
import { createRecording } from "../../src/discord/recording.ts";
import { createRefusals } from "../../src/discord/refusals.ts";
import { createMemoryHot } from "../../src/hot/memory.ts";
import type { ApplicationId, GuildId, MessageId, UserId } from "../../src/ids.ts";
import { createJobs, type Jobs } from "../../src/jobs.ts";
import { createCutter } from "../../src/knowledge/import/cutter.ts";
import { createKnowledge } from "../../src/knowledge/search/service.ts";
import { createExtractive } from "../../src/llm/extractive.ts";
import { createOptOuts } from "../../src/opt-outs.ts";
import { createPlans } from "../../src/plans/plans.ts";
import { createQuota } from "../../src/plans/quota.ts";
import type { Outcome } from "../../src/record.ts";
import type { Services } from "../../src/services.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import { hashOf, OPERATOR } from "../../web/auth.ts";
import { startWeb, type Web, type WebOptions } from "../../web/server.ts";
import { APPLICATION, BOT, CHANNEL, GUILD, MEMBER, snowflake } from "./build.ts";
import { openDatabase, quiet } from "./postgres.ts";

export const OTHER_GUILD = "100000000000000002" as GuildId;

export type Dashboard = {
  readonly services: Services;
  readonly web: Web;
  readonly jobs: Jobs;
  readonly customBots: CustomBots;
  /** Signs somebody in past the link; the `Cookie` header of their session. */
  signIn(person?: { readonly id: string; readonly name: string; readonly operator: boolean }): Promise<string>;
  get(path: string, cookie?: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  post(
    path: string,
    fields: Readonly<Record<string, string>> | FormData,
    cookie?: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Response>;
  stop(): Promise<void>;
};

export async function openDashboard(
  options: {
    readonly environment?: Readonly<Record<string, string>>;
    readonly overrides?: Partial<Services>;
    readonly web?: Omit<WebOptions, "host" | "port" | "jobs" | "customBots">;
    readonly discordBy?: Parameters<typeof createCustomBots>[0]["discordBy"];
    /** In place of one that is made for it and dropped at its end. */
    readonly databaseUrl?: string;
  } = {},
): Promise<Dashboard> {
  const database =
    options.databaseUrl === undefined ? await openDatabase() : { url: options.databaseUrl, drop: async () => {} };
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-dashboard-"));
  const config = loadConfig({
    DATABASE_URL: database.url,
    GATEHOUSE_KEY: "0".repeat(64),
    PORT: "0",
    LOG_LEVEL: "silent",
    GATEHOUSE_DATA_DIR: folder,
    ...options.environment,
  });
  const clock = systemClock;
  const store = createSqlStore({ url: database.url, clock, logger: quiet });
  const bus = createMemoryBus({ logger: quiet });
  const discord = createRecording(APPLICATION, BOT, clock);
  const hot = createMemoryHot({ clock });
  const plans = createPlans({ store, bus, clock });
  const cutter = createCutter(clock);
  const services: Services = {
    config,
    clock,
    logger: quiet,
    store,
    hot,
    bus,
    plans,
    optOuts: createOptOuts({ store, bus, clock, logger: quiet }),
    quota: createQuota({ store, hot, plans, clock, logger: quiet }),
    knowledge: createKnowledge({ store: store.knowledge, bus, logger: quiet, clock, bytesMax: 16 * 1024 * 1024 }),
    embedder: null,
    cutter,
    llm: null,
    extractive: createExtractive(),
    mailer: null,
    secretFor: (label) => `secret of ${label}`,
    refusals: createRefusals(clock),
    discord: () => discord,
    async close() {
      cutter.close();
      await bus.close();
      await store.close();
    },
    ...options.overrides,
  };
  /** Whoever signs in here is a member of every server that they have a role in. */
  const signedIn = new Map<UserId, string>();
  const given = services.discord;
  Object.assign(services, {
    discord: (application: ApplicationId) => {
      const own = given(application);
      const get: typeof own.members.get = async (guild, user) => {
        const found = await own.members.get(guild, user);
        const name = signedIn.get(user);
        if (found !== null || name === undefined) return found;
        return { id: user, name, roles: [], timedOutUntilMs: null, joinedAtMs: null };
      };
      return { ...own, members: { ...own.members, get } };
    },
  });
  await services.store.migrate();
  const jobs = createJobs(services);
  const customBots = createCustomBots({
    ...services,
    sealer: createSealer([{ id: "test", secret: new Uint8Array(32) }]),
    discordBy: options.discordBy ?? (() => Object.assign(createRecording(APPLICATION, BOT, clock), { close() {} })),
  });
  const web = await startWeb(services, { host: "127.0.0.1", port: 0, jobs, customBots, ...options.web });
  jobs.start();

  return {
    services,
    web,
    jobs,
    customBots,
    async signIn(person = { id: OPERATOR, name: "Operator", operator: true }) {
      const secret = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
      await services.store.people.savePerson(person);
      signedIn.set(person.id as UserId, person.name);
      await services.store.people.openSession(hashOf(secret), person.id, 3_600_000);
      return `gatehouse-session=${secret}`;
    },
    get: (path, cookie, headers = {}) =>
      fetch(`${web.url}${path}`, { redirect: "manual", headers: { ...(cookie ? { cookie } : {}), ...headers } }),
    post: (path, fields, cookie, headers = { "sec-fetch-site": "same-origin" }) =>
      fetch(`${web.url}${path}`, {
        method: "POST",
        redirect: "manual",
        headers: { ...(cookie ? { cookie } : {}), ...headers },
        body: fields instanceof FormData ? fields : new URLSearchParams(fields),
      }),
    async stop() {
      await web.stop();
      await jobs.stop();
      await services.close();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function outcome(fields: Partial<Outcome> = {}): Outcome {
  return {
    kind: "answered",
    reason: "known",
    ms: 842,
    model: "openai/gpt-oss-120b",
    tokensIn: 1_240,
    tokensOut: 96,
    costUsd: 0.00026,
    ...fields,
  };
}

/** One question and its answer, recorded as the pipeline does; the conversation's id. */
export async function converse(
  services: Services,
  exchange: {
    readonly guild?: GuildId;
    readonly member?: string;
    readonly name: string;
    readonly channel?: string;
    readonly question: string;
    readonly answer?: string;
    readonly sources?: readonly { readonly title: string; readonly url: string | null }[];
    readonly outcome?: Outcome;
  },
): Promise<string> {
  const guild = exchange.guild ?? GUILD;
  const conversation = await services.store.conversations.open(
    guild,
    {
      channel: CHANNEL,
      channelName: exchange.channel ?? "help",
      member: (exchange.member ?? MEMBER) as UserId,
      memberName: exchange.name,
    },
    600_000,
  );
  const atMs = services.clock.now();
  const result = exchange.outcome ?? outcome();
  await services.store.conversations.record(guild, {
    trigger: snowflake(),
    conversation: conversation.id,
    channel: CHANNEL,
    outcome: result,
    usage: {
      kind: "answer",
      count: 1,
      tokensIn: result.tokensIn,
      tokensOut: result.tokensOut,
      costUsd: result.costUsd,
    },
    turns: [
      {
        role: "member",
        author: exchange.name,
        text: exchange.question,
        atMs,
        message: snowflake() as MessageId,
        sources: [],
        outcome: exchange.answer === undefined ? result : null,
      },
      ...(exchange.answer === undefined
        ? []
        : [
            {
              role: "bot" as const,
              author: "Gatehouse",
              text: exchange.answer,
              atMs: atMs + 842,
              message: snowflake() as MessageId,
              sources: (exchange.sources ?? []).map((source, index) => ({ ...source, n: index + 1, passage: "p" })),
              outcome: result,
            },
          ]),
    ],
  });
  await services.bus.publish({ type: "conversation-changed", guild, conversation: conversation.id });
  return conversation.id;
}

/** Two guilds; in the first, conversations as a community has them. */
export async function fillWorld(services: Services): Promise<{ readonly conversations: readonly string[] }> {
  await services.store.guilds.join(GUILD, APPLICATION, "Lumen Community", "en-US");
  await services.store.guilds.join(OTHER_GUILD, APPLICATION, "Türkçe Topluluk", "tr");
  const docs = "https://docs.example";
  const conversations = [
    await converse(services, {
      name: "Ada",
      question: "How do I pair a sensor with the hub? The light just keeps blinking red.",
      answer:
        "Hold the hub's button for **3 seconds** until the light turns blue, then pull the tab out of the sensor. It chirps twice when it has been accepted [1]. A red light means the hub has no network [2].\n```\nlumen pair --window 120\n```",
      sources: [
        { title: "Pair sensors", url: `${docs}/pair` },
        { title: "What the light says", url: `${docs}/light` },
      ],
    }),
    await converse(services, {
      name: "Zeynep Yıldırım",
      member: "300000000000000002",
      channel: "yardım",
      question: "İade süresi kaç gün, ve kargo ücreti de geri ödeniyor mu?",
      answer: "İadeler satın almadan sonraki 14 gün içinde nedensiz ödenir [1].",
      sources: [{ title: "Faturalama ve iadeler", url: `${docs}/tr/iade` }],
    }),
    await converse(services, {
      name: "marcus_the_very_long_name_that_never_ends",
      member: "300000000000000003",
      channel: "general",
      question: "Does it work with Zigbee 4 coordinators from other vendors?",
      answer: "I couldn't find that in this server's knowledge base.",
      outcome: outcome({ reason: "not-in-knowledge", ms: 1_310, tokensOut: 20 }),
    }),
    await converse(services, {
      name: "Priya",
      member: "300000000000000004",
      channel: "billing",
      question: "I was charged twice and nobody answers my mails. Can I talk to a person please?",
      answer: "I've let the team know that you would like to talk to a person.",
      outcome: outcome({ kind: "escalated", reason: "wants-human", ms: 690 }),
    }),
    await converse(services, {
      name: "Jonas",
      member: "300000000000000005",
      question: "the app crashes when I open the energy graph",
      outcome: outcome({
        kind: "failed",
        reason: "timeout",
        ms: 12_004,
        model: null,
        tokensIn: 0,
        tokensOut: 0,
        costUsd: 0,
      }),
    }),
  ];
  const agent = { type: "claim", agent: "400000000000000001" as UserId } as const;
  await services.store.conversations.takeover(GUILD, conversations[3] ?? "", agent);
  return { conversations };
}
